// Views of bundles and tuples.
#include "generic_class.hpp"
#include "generic_view_items.hpp"

namespace hgvalue::python {

namespace {

int assign_field(PyObject* self, PyObject* key, PyObject* value) {
    return guarded_status([&] {
        ViewObject* v = as_view(self);
        const std::size_t i = field_index(v, key);
        if (!value) throw TypeError(place_text(v) + ": a field cannot be deleted");
        const nb::object field = owned(field_view(v, i));
        assign_view(as_view(field.ptr()), value);
    });
}

int has_name(PyObject* self, PyObject* key) {
    return guarded([&]() -> int {
        ViewObject* v = as_view(self);
        locate(v);
        return find_field(*v->type, key) >= 0;
    });
}

PyMethodDef bundle_methods[] = {
    {"keys", range_method<Part::Key>, METH_NOARGS, "keys($self, /)\n--\n\nThe names of the fields."},
    {"values", range_method<Part::View>, METH_NOARGS, "values($self, /)\n--\n\nThe views of the fields."},
    {"items", range_method<Part::Pair>, METH_NOARGS, "items($self, /)\n--\n\n(name, view) of the fields."},
    {nullptr, nullptr, 0, nullptr}};

} // namespace

PyType_Slot bundle_view_slots[] = {
    {Py_tp_doc, const_cast<char*>("A struct or bundle: view['name'], view[0]; iteration gives the names.")},
    {Py_tp_methods, bundle_methods},
    {Py_tp_iter, slot(iterate_keys)},
    {Py_sq_contains, slot(has_name)},
    {Py_mp_length, slot(view_length)},
    {Py_mp_subscript, slot(view_subscript)},
    {Py_mp_ass_subscript, slot(assign_field)},
    {0, nullptr}};

PyType_Slot tuple_view_slots[] = {{Py_tp_doc, const_cast<char*>("A tuple of fixed size: view[0].")},
                                  {Py_tp_iter, slot(iterate_views)},
                                  {Py_sq_contains, slot(view_contains)},
                                  {Py_mp_length, slot(view_length)},
                                  {Py_mp_subscript, slot(view_subscript)},
                                  {Py_mp_ass_subscript, slot(assign_field)},
                                  {0, nullptr}};

} // namespace hgvalue::python
