#include "columns_out.hpp"

#include "columns.hpp"
#include "generic_class.hpp"
#include "node_access.hpp"
#include "short_repr.hpp"

#include <algorithm>

namespace hgvalue::python {

namespace {

PyTypeObject* table_class = nullptr;

struct TableObject {
    PyObject_HEAD PyObject* weak_references;
    std::shared_ptr<const ArrowTable> table;
};

const std::shared_ptr<const ArrowTable>& table_of(PyObject* o) noexcept {
    return reinterpret_cast<TableObject*>(o)->table;
}

PyObject* make_table(ArrowTable&& table) {
    auto shared = std::make_shared<const ArrowTable>(std::move(table));
    PyObject* made = owned(PyType_GenericAlloc(table_class, 0)).release().ptr();
    new (&reinterpret_cast<TableObject*>(made)->table) std::shared_ptr<const ArrowTable>(std::move(shared));
    return made;
}

void table_destroy(PyObject* self) {
    if (reinterpret_cast<TableObject*>(self)->weak_references) PyObject_ClearWeakRefs(self);
    reinterpret_cast<TableObject*>(self)->table.~shared_ptr();
    free_instance(self);
}

std::size_t length_of(const ArrowTable& table) noexcept { return table.empty() ? 0 : table.front().size(); }

Py_ssize_t table_length(PyObject* self) { return static_cast<Py_ssize_t>(length_of(*table_of(self))); }

PyObject* table_names(PyObject* self, void*) {
    return guarded([&]() -> PyObject* {
        return build_list([&](auto append) {
            for (const ArrowColumn& c : *table_of(self)) append(text_object(c.name()));
        });
    });
}

PyObject* table_repr(PyObject* self) {
    return guarded([&]() -> PyObject* {
        ShortText names{{}, longest_repr};
        std::size_t left = table_of(self)->size();
        for (const ArrowColumn& c : *table_of(self)) {
            if (!names.text.empty()) names.text += ", ";
            if (names.full()) {
                names.leave_out(left);
                break;
            }
            names.add_clipped(c.name());
            --left;
        }
        return text_object("<ArrowTable of " + std::to_string(length_of(*table_of(self))) + " rows: " + names.text +
                           ">");
    });
}

PyObject* table_stream(PyObject* self, PyObject* args, PyObject* kwargs) {
    return guarded([&]() -> PyObject* {
        accept_request(args, kwargs);
        return stream_capsule(table_of(self));
    });
}

PyObject* table_schema(PyObject* self, PyObject*) {
    return guarded([&]() -> PyObject* { return schema_capsule(table_of(self)); });
}

PyObject* table_array(PyObject* self, PyObject* args, PyObject* kwargs) {
    return guarded([&]() -> PyObject* {
        accept_request(args, kwargs);
        return pair(schema_capsule(table_of(self)), array_capsule(table_of(self)));
    });
}

PyGetSetDef table_getset[] = {{"column_names", table_names, nullptr, "The names of the columns.", nullptr},
                              {nullptr, nullptr, nullptr, nullptr, nullptr}};
PyMethodDef table_methods[] = {
    {"__arrow_c_stream__", with_keywords(table_stream), METH_VARARGS | METH_KEYWORDS, nullptr},
    {"__arrow_c_array__", with_keywords(table_array), METH_VARARGS | METH_KEYWORDS, nullptr},
    {"__arrow_c_schema__", table_schema, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr}};

/// The columns that are asked for by name, or all that Arrow has a type for.
std::vector<DictColumn> choose(PyObject* self, const nb::object& names) {
    std::vector<DictColumn> all = require_columns(self);
    if (names.is_none()) {
        std::erase_if(all, [](const DictColumn& c) { return !has_arrow_form(*c.type->scalar); });
        return all;
    }
    return choose_columns(all, names, path_of(as_node(self)) + ": ",
                          [](const DictColumn& c) -> const TypeMeta& { return *c.type->scalar; });
}

/// The table of a dict as it is now.
ArrowTable make_table_of(PyObject* self, const TableRequest& request) {
    const std::vector<DictColumn> chosen = choose(self, request.columns);
    const node_ref n = resolve(as_node(self)); // nothing below runs Python code
    const row_store& rows = n.rows();
    const std::size_t size = rows.size();
    ArrowTable table;
    table.reserve(chosen.size() + 1);
    for (const DictColumn& c : chosen) table.emplace_back(c.name, *c.type->scalar, size);
    if (!request.key.is_none()) {
        const TypeMeta& key = *n.type->scalar;
        if (!has_arrow_form(key)) {
            const PathStep start = here(self);
            throw TypeError(prefix(&start) + "Arrow has no type for the keys; ask for no key column with key=None");
        }
        ArrowColumn keys(request.key_name(table), key, size);
        keys.append(rows.keys(), key.size, size);
        table.insert(table.begin(), std::move(keys));
    }
    const std::size_t first = table.size() - chosen.size();
    const std::size_t value_size = n.type->child->value->size, overlay_size = n.type->child->overlay_size;
    constexpr std::size_t block = 512; // rows that all columns are taken from while the cache has them
    for (std::size_t row = 0; row < size; row += block)
        for (std::size_t c = 0; c < chosen.size(); ++c)
            table[first + c].append(rows.values() + row * value_size + chosen[c].value_offset, value_size,
                                    std::min(block, size - row),
                                    {n.keyed().overlays + row * overlay_size + chosen[c].overlay_offset, overlay_size});
    for (ArrowColumn& column : table) column.finish();
    return table;
}

} // namespace

void accept_request(PyObject* args, PyObject* kwargs) {
    static const char* names[] = {"requested_schema", nullptr};
    PyObject* requested = nullptr;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O", const_cast<char**>(names), &requested)) throw_python_error();
}

TableRequest::TableRequest() : key(owned(PyUnicode_FromString("key"))), columns(nb::borrow(Py_None)) {}

TableRequest::TableRequest(PyObject* args, PyObject* kwargs) : key(nb::borrow(Py_None)), columns(nb::borrow(Py_None)) {
    static const char* names[] = {"key", "columns", nullptr};
    PyObject *given_key = nullptr, *given_columns = Py_None;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|$OO", const_cast<char**>(names), &given_key, &given_columns))
        throw_python_error();
    columns = nb::borrow(given_columns);
    key = given_key ? nb::borrow(given_key) : owned(PyUnicode_FromString("key"));
    if (!key.is_none() && !PyUnicode_Check(key.ptr()))
        throw TypeError("the name of the key column must be a str or None, not " + describe(key.ptr()));
    if (PyUnicode_Check(columns.ptr()))
        throw TypeError("columns must be a list of names, not " + describe(columns.ptr()));
}

std::string TableRequest::key_name(const ArrowTable& others) const {
    const char* text = PyUnicode_AsUTF8AndSize(key.ptr(), nullptr);
    if (!text) throw_python_error();
    for (const ArrowColumn& c : others)
        if (c.name() == text)
            throw ValueError("there is a column " + c.name() + "; give the key column another name with key=…");
    return text;
}

PyObject* table_to_python(ArrowTable&& table) {
    nb::object made = owned(make_table(std::move(table)));
    const nb::object pyarrow = nb::steal(PyImport_ImportModule("pyarrow"));
    if (pyarrow) return owned(PyObject_CallMethod(pyarrow.ptr(), "table", "O", made.ptr())).release().ptr();
    clear_error(PyExc_ImportError);
    return give(std::move(made));
}

PyObject* tsd_to_arrow(PyObject* self, PyObject* args, PyObject* kwargs) {
    return guarded([&]() -> PyObject* { return table_to_python(make_table_of(self, TableRequest(args, kwargs))); });
}

PyObject* tsd_arrow_stream(PyObject* self, PyObject* args, PyObject* kwargs) {
    return guarded([&]() -> PyObject* {
        return stream_of(args, kwargs, [&](const TableRequest& r) { return make_table_of(self, r); });
    });
}

void init_arrow_table(PyObject* module) {
    static PyMemberDef members[] = {weak_references_at(offsetof(TableObject, weak_references)), end_of_members};
    table_class = add_class(
        module, "hgvalue.ArrowTable", sizeof(TableObject), static_cast<unsigned>(Py_TPFLAGS_DISALLOW_INSTANTIATION),
        {{Py_tp_doc,
          const_cast<char*>("Columns in Arrow's format, for any library that reads its PyCapsule interface.")},
         {Py_tp_members, members},
         {Py_tp_repr, slot(table_repr)},
         {Py_tp_getset, table_getset},
         {Py_tp_methods, table_methods},
         {Py_tp_dealloc, slot(table_destroy)},
         {Py_sq_length, slot(table_length)}});
}

} // namespace hgvalue::python
