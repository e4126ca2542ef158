// What views of sets and of maps have in common.
#include "generic_view_keyed.hpp"

#include "node_access.hpp"

namespace hgvalue::python {

namespace {

void require_plain(ViewObject* v, const char* what) {
    if (is_composite_node(v)) throw TypeError(place_text(v) + ": " + what + " is not for time series");
}

PyObject* get_capacity(PyObject* self, void*) {
    return guarded([&] { return PyLong_FromUnsignedLong(rows_of(as_view(self)).capacity()); });
}

} // namespace

nb::object plain_object(PyObject* o) { return is_view(o) ? nb::object(owned(python_form(as_view(o)))) : nb::borrow(o); }

void erase_key(ViewObject* v, const NewKey& key) {
    change_view(v, Effect::Rows, [&](const TypeMeta& type, void* data) {
        if (const std::uint32_t row = key.row_in(type, rows(data)); row != no_row)
            runtime().row_store_erase(type, rows(data), row);
    });
}

bool erase(ViewObject* v, PyObject* key) {
    require_writable(v);
    if (is_composite_node(v)) {
        if (find_row_of(v, key) == no_row) return false;
        if (v->type->kind == TypeKind::Set)
            owned(call_node(v, "remove", key));
        else
            checked(PyObject_DelItem(v->subject, plain_object(key).ptr()));
        return true;
    }
    const PathStep where = here(v);
    const NewKey wanted(v, key, &where);
    if (wanted.row_in(*v->type, rows_of(v)) == no_row) return false;
    erase_key(v, wanted);
    return true;
}

int contains_key(PyObject* self, PyObject* key) {
    return guarded([&]() -> int { return find_row_of(as_view(self), key) != no_row; });
}

/// Lets every entry that is looked at notice, then empties the container.
PyObject* clear_rows(PyObject* self, PyObject*) {
    return guarded([&]() -> PyObject* {
        ViewObject* v = as_view(self);
        if (is_composite_node(v)) return call_node(v, "clear");
        change_view(v, Effect::Reorders,
                    [&](const TypeMeta& type, void* data) { runtime().row_store_clear(type, rows(data)); });
        return py_none();
    });
}

PyObject* reserve_rows(PyObject* self, PyObject* count) {
    return guarded([&]() -> PyObject* {
        ViewObject* v = as_view(self);
        require_plain(v, "reserve");
        const std::size_t n = count_from_python(v, count);
        change_view(v, Effect::Rows,
                    [&](const TypeMeta& type, void* data) { runtime().row_store_reserve(type, rows(data), n); });
        return py_none();
    });
}

PyObject* compact_rows(PyObject* self, PyObject*) {
    return guarded([&]() -> PyObject* {
        ViewObject* v = as_view(self);
        require_plain(v, "compact");
        change_view(v, Effect::Rows, [&](const TypeMeta& type, void* data) { hgvalue::compact(type, rows(data)); });
        return py_none();
    });
}

PyObject* fragmentation_ratio(PyObject* self, PyObject*) {
    return guarded([&] { return PyFloat_FromDouble(rows_of(as_view(self)).fragmentation_ratio()); });
}

PyGetSetDef keyed_getset[] = {{"capacity", get_capacity, nullptr, "How many there is room for.", nullptr},
                              {nullptr, nullptr, nullptr, nullptr, nullptr}};

} // namespace hgvalue::python
