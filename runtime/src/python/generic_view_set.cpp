// Views of sets.
#include "generic_view_keyed.hpp"

#include "node_access.hpp"

#include <memory>
#include <vector>

namespace hgvalue::python {

namespace {

void add_element(ViewObject* v, PyObject* element) {
    require_writable(v);
    if (is_composite_node(v)) {
        owned(call_node(v, "add", element));
        return;
    }
    const PathStep where = here(v);
    const NewKey made(v, element, &where);
    if (made.row_in(*v->type, rows_of(v)) != no_row) return;
    change_view(v, Effect::Rows, [&](const TypeMeta& type, void* data) {
        if (made.row_in(type, rows(data)) == no_row) made.add_to(type, rows(data));
    });
}

PyObject* add(PyObject* self, PyObject* element) {
    return guarded([&] {
        add_element(as_view(self), element);
        return py_none();
    });
}

PyObject* discard(PyObject* self, PyObject* element) {
    return guarded([&] {
        erase(as_view(self), element);
        return py_none();
    });
}

PyObject* remove(PyObject* self, PyObject* element) {
    return guarded([&] {
        if (!erase(as_view(self), element)) throw_no_key(as_view(self), element);
        return py_none();
    });
}

PyObject* pop_element(PyObject* self, PyObject*) {
    return guarded([&] {
        ViewObject* v = as_view(self);
        require_writable(v);
        const nb::object keys = owned(iterate_parts(v, Part::Key));
        nb::object first = nb::steal(PyIter_Next(keys.ptr()));
        if (!first) {
            if (PyErr_Occurred()) throw_python_error();
            throw KeyError(place_text(v) + ": pop from an empty set");
        }
        erase(v, first.ptr());
        return first.release().ptr();
    });
}

PyObject* update_set(PyObject* self, PyObject* elements) {
    return guarded([&] {
        ViewObject* v = as_view(self);
        require_writable(v);
        const nb::object items = owned(PySequence_List(elements));
        if (is_composite_node(v)) {
            const nb::object set = owned(PySet_New(items.ptr()));
            write_node(v->subject, set.ptr(), NoneMeans::Nothing);
            return py_none();
        }
        const PathStep where = here(v);
        std::vector<std::unique_ptr<NewKey>> made;
        for (Py_ssize_t i = 0; i < PyList_Size(items.ptr()); ++i)
            made.push_back(std::make_unique<NewKey>(v, nb::borrow(PyList_GetItem(items.ptr(), i)).ptr(), &where));
        change_view(v, Effect::Rows, [&](const TypeMeta& type, void* data) {
            runtime().row_store_reserve(type, rows(data),
                                        rows(data).size() + made.size()); // may fail: nothing yet done
            for (const auto& key : made)
                if (key->row_in(type, rows(data)) == no_row) key->add_to(type, rows(data));
        });
        return py_none();
    });
}

PyMethodDef set_methods[] = {
    {"add", add, METH_O, "add($self, element, /)\n--\n\nAdds an element; nothing happens if it is there."},
    {"discard", discard, METH_O,
     "discard($self, element, /)\n--\n\nRemoves an element; nothing happens if it is not there."},
    {"remove", remove, METH_O, "remove($self, element, /)\n--\n\nRemoves an element. KeyError if it is not there."},
    {"pop", pop_element, METH_NOARGS,
     "pop($self, /)\n--\n\nRemoves and returns some element. KeyError if there is none."},
    {"update", update_set, METH_O,
     "update($self, elements, /)\n--\n\nAdds the elements of an iterable: all, or on an error none."},
    {"clear", clear_rows, METH_NOARGS, "clear($self, /)\n--\n\nRemoves all elements."},
    {"reserve", reserve_rows, METH_O, "reserve($self, size, /)\n--\n\nMakes room for so many elements in all."},
    {"compact", compact_rows, METH_NOARGS, "compact($self, /)\n--\n\nGives unused memory back."},
    {"fragmentation_ratio", fragmentation_ratio, METH_NOARGS,
     "fragmentation_ratio($self, /)\n--\n\nThe share of the room that is not in use."},
    {nullptr, nullptr, 0, nullptr}};

} // namespace

PyType_Slot set_view_slots[] = {
    {Py_tp_doc, const_cast<char*>("A set; iteration gives the elements themselves, as Python sees them.")},
    {Py_tp_methods, set_methods},
    {Py_tp_getset, keyed_getset},
    {Py_tp_iter, slot(iterate_keys)},
    {Py_sq_contains, slot(contains_key)},
    {Py_mp_length, slot(view_length)},
    {0, nullptr}};

} // namespace hgvalue::python
