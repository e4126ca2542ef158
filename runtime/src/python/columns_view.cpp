// view_columns(): the columns of numbers as they lie. A view shows what is written later; as long as there is one, no
// key can come or go.
#include "../time_series/pins.hpp"
#include "columns.hpp"
#include "columns_out.hpp"
#include "generic_class.hpp"
#include "node_access.hpp"
#include "numpy.hpp"

namespace hgvalue::python {

namespace {

PyTypeObject* column_view_class = nullptr;

/// What lends the buffer of a column.
struct ColumnViewObject {
    PyObject_HEAD PyObject* dict; ///< the handle of the dict, which keeps its root
    engine::RowPin* pin;
    const void* first;
    const char* format;
    Py_ssize_t width;
    Py_ssize_t count;
    Py_ssize_t stride;
};

ColumnViewObject* as_column(PyObject* o) noexcept { return reinterpret_cast<ColumnViewObject*>(o); }

void destroy(PyObject* self) {
    delete as_column(self)->pin;
    Py_XDECREF(as_column(self)->dict);
    free_instance(self);
}

int get_buffer(PyObject* self, Py_buffer* buffer, int flags) {
    ColumnViewObject* c = as_column(self);
    buffer->obj = nullptr;
    const bool strided = (flags & PyBUF_STRIDES) == PyBUF_STRIDES;
    if (flags & PyBUF_WRITABLE || (!strided && c->stride != c->width))
        return guarded_status([&] {
            throw_buffer_error(flags & PyBUF_WRITABLE ? "views of columns are read-only"
                                                      : "the column is not contiguous");
        });
    buffer->buf = const_cast<void*>(c->first);
    buffer->obj = Py_NewRef(self);
    buffer->len = c->count * c->width;
    buffer->itemsize = c->width;
    buffer->readonly = 1;
    buffer->ndim = 1;
    buffer->format = flags & PyBUF_FORMAT ? const_cast<char*>(c->format) : nullptr;
    buffer->shape = flags & PyBUF_ND ? &c->count : nullptr;
    buffer->strides = strided ? &c->stride : nullptr;
    buffer->suboffsets = nullptr;
    buffer->internal = nullptr;
    return 0;
}

nb::object make_view(PyObject* dict, const node_ref& n, const DictColumn& column) {
    static constexpr std::int64_t nothing = 0; // an address for a column of no rows
    nb::object made = owned(PyType_GenericAlloc(column_view_class, 0));
    ColumnViewObject* c = as_column(made.ptr());
    c->dict = Py_NewRef(dict);
    c->pin = new engine::RowPin(n);
    c->count = static_cast<Py_ssize_t>(n.rows().size());
    c->first = c->count ? n.rows().values() + column.value_offset : reinterpret_cast<const std::byte*>(&nothing);
    c->format = buffer_format(*column.type->scalar);
    c->width = column.type->scalar->size;
    c->stride = n.type->child->value->size;
    return made;
}

} // namespace

PyObject* tsd_view_columns(PyObject* self, PyObject*) {
    return guarded([&]() -> PyObject* {
        const std::vector<DictColumn> columns = require_columns(self);
        // Not through a reference, which does not keep what it refers to, nor of what was removed.
        const node_ref n = resolve_for_write(as_node(self));
        nb::object made = owned(PyDict_New());
        std::vector<std::pair<const DictColumn*, nb::object>> views;
        for (const DictColumn& column : columns) // all are pinned before Python code runs
            if (column.type->scalar->kind == TypeKind::Scalar && buffer_format(*column.type->scalar))
                views.emplace_back(&column, make_view(self, n, column));
        if (views.empty()) {
            const PathStep start = here(self);
            throw TypeError(prefix(&start) + "none of the columns holds numbers or times");
        }
        for (const auto& [column, view] : views) {
            nb::object array = numpy_over(*column->type->scalar, view.ptr());
            if (!array) array = owned(PyMemoryView_FromObject(view.ptr()));
            checked(PyDict_SetItemString(made.ptr(), column->name.c_str(), array.ptr()));
        }
        return give(std::move(made));
    });
}

void init_column_views(PyObject* module) {
    column_view_class = add_class(module, "hgvalue._ColumnView", sizeof(ColumnViewObject),
                                  static_cast<unsigned>(Py_TPFLAGS_DISALLOW_INSTANTIATION),
                                  {{Py_tp_dealloc, slot(destroy)}, {Py_bf_getbuffer, slot(get_buffer)}});
}

} // namespace hgvalue::python
