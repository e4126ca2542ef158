// Views of maps.
#include "generic_view_keyed.hpp"

#include "collections.hpp"
#include "node_access.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace hgvalue::python {

namespace {

/// One entry of a write: a key, and the value it is to have, or none for the default.
struct NewEntry {
    NewEntry(ViewObject* v, PyObject* k, PyObject* from, const PathStep* start)
        : NewEntry(v, k, from, PathStep::at_key(start, k)) {}

    NewKey key;
    Temporary value;

    /// The row is there or made; the value is moved in.
    void put(const TypeMeta& type, row_store& to) {
        std::uint32_t row = key.row_in(type, to);
        if (row == no_row) row = key.add_to(type, to);
        type.element->ops->move_assign(*type.element, to.value(type, row), value.get());
    }

  private:
    NewEntry(ViewObject* v, PyObject* k, PyObject* from, const PathStep& where)
        : key(v, k, &where), value(*v->type->element) {
        if (from) from_python(value.type(), value.get(), from, &where);
    }
};

void assign_entry(ViewObject* v, PyObject* key, PyObject* value) {
    if (is_composite_node(v)) {
        checked(PyObject_SetItem(v->subject, plain_object(key).ptr(), plain_object(value).ptr()));
        return;
    }
    require_writable(v);
    const PathStep start = here(v);
    NewEntry entry(v, key, value, &start);
    if (const std::uint32_t row = entry.key.row_in(*v->type, rows_of(v)); row != no_row) {
        const nb::object there = owned(entry_view(v, row)); // tells those that look into it
        change_view(as_view(there.ptr()), Effect::Replaces,
                    [&](const TypeMeta& type, void* data) { type.ops->move_assign(type, data, entry.value.get()); });
        return;
    }
    change_view(v, Effect::Rows, [&](const TypeMeta& type, void* data) { entry.put(type, rows(data)); });
}

int set_item(PyObject* self, PyObject* key, PyObject* value) {
    return guarded_status([&] {
        ViewObject* v = as_view(self);
        if (value)
            assign_entry(v, key, value);
        else if (!erase(v, key))
            throw_no_key(v, key);
    });
}

PyObject* get(PyObject* self, PyObject* args) {
    return guarded([&] {
        PyObject *key = nullptr, *otherwise = Py_None;
        if (!PyArg_UnpackTuple(args, "get", 1, 2, &key, &otherwise)) throw_python_error();
        const std::uint32_t row = find_row_of(as_view(self), key);
        return row == no_row ? Py_NewRef(otherwise) : entry_view(as_view(self), row);
    });
}

/// The view of the entry of a key, which is made of `value`, or with the default if that is null, if it is not there.
PyObject* entry_or_new(ViewObject* v, PyObject* key, PyObject* value) {
    if (is_composite_node(v)) {
        if (find_row_of(v, key) == no_row) {
            if (value)
                assign_entry(v, key, value);
            else
                owned(call_node(v, "get_or_create", key));
        }
        return item_view(v, key);
    }
    const PathStep start = here(v);
    locate(v);
    const NewKey wanted(v, key, &start);
    std::uint32_t row = wanted.row_in(*v->type, rows_of(v));
    if (row == no_row) {
        require_writable(v);
        Temporary made(*v->type->element);
        const PathStep where = PathStep::at_key(&start, key);
        if (value) from_python(made.type(), made.get(), value, &where);
        change_view(v, Effect::Rows, [&](const TypeMeta& type, void* data) {
            if (wanted.row_in(type, rows(data)) != no_row) return; // converting the value made it
            const std::uint32_t added = wanted.add_to(type, rows(data));
            made.move_to(rows(data).value(type, added));
        });
        row = wanted.row_in(*v->type, rows_of(v));
        if (row == no_row) throw_no_key(v, key); // an observer removed it
    }
    return entry_view(v, row);
}

PyObject* get_or_create(PyObject* self, PyObject* key) {
    return guarded([&] { return entry_or_new(as_view(self), key, nullptr); });
}

PyObject* setdefault(PyObject* self, PyObject* args) {
    return guarded([&] {
        PyObject *key = nullptr, *value = nullptr;
        if (!PyArg_UnpackTuple(args, "setdefault", 1, 2, &key, &value)) throw_python_error();
        return entry_or_new(as_view(self), key, value);
    });
}

/// Removes an entry and returns the Python form of its value; empty if there is none. The key is converted once, so
/// that what is returned is what is removed.
nb::object take_entry(ViewObject* v, PyObject* key) {
    require_writable(v);
    if (is_composite_node(v)) {
        const std::uint32_t row = find_row_of(v, key);
        if (row == no_row) return {};
        const nb::object entry = owned(entry_view(v, row));
        const nb::object own_key = owned(to_python(*v->type->key, std::as_const(*as_view(entry.ptr())->key).data()));
        nb::object last = owned(python_form(as_view(entry.ptr())));
        checked(PyObject_DelItem(v->subject, own_key.ptr()));
        return last;
    }
    const PathStep where = here(v);
    const NewKey wanted(v, key, &where);
    const std::uint32_t row = wanted.row_in(*v->type, rows_of(v));
    if (row == no_row) return {};
    nb::object last = owned(python_form(as_view(owned(entry_view(v, row)).ptr())));
    erase_key(v, wanted);
    return last;
}

PyObject* pop(PyObject* self, PyObject* args) {
    return guarded([&] {
        PyObject *key = nullptr, *otherwise = nullptr;
        if (!PyArg_UnpackTuple(args, "pop", 1, 2, &key, &otherwise)) throw_python_error();
        nb::object last = take_entry(as_view(self), key);
        if (last) return last.release().ptr();
        if (!otherwise) throw_no_key(as_view(self), key);
        return Py_NewRef(otherwise);
    });
}

PyObject* popitem(PyObject* self, PyObject*) {
    return guarded([&] {
        ViewObject* v = as_view(self);
        require_writable(v);
        const nb::object keys = owned(iterate_parts(v, Part::Key));
        const nb::object key = nb::steal(PyIter_Next(keys.ptr()));
        if (!key) {
            if (PyErr_Occurred()) throw_python_error();
            throw KeyError(place_text(v) + ": popitem from an empty map");
        }
        const nb::object value = take_entry(v, key.ptr());
        if (!value) throw StateError(place_text(v) + " changed while an entry was taken out");
        return owned(PyTuple_Pack(2, key.ptr(), value.ptr())).release().ptr();
    });
}

PyObject* update_map(PyObject* self, PyObject* entries) {
    return guarded([&] {
        ViewObject* v = as_view(self);
        require_writable(v);
        const nb::object given = plain_object(entries);
        nb::object dict = dict_of_mapping(given.ptr());
        if (!dict) {
            dict = owned(PyDict_New());
            checked(PyDict_MergeFromSeq2(dict.ptr(), given.ptr(), 1));
        }
        if (is_composite_node(v)) {
            write_node(v->subject, dict.ptr(), NoneMeans::Nothing);
            return py_none();
        }
        const PathStep start = here(v);
        std::vector<std::unique_ptr<NewEntry>> made;
        PyObject *key = nullptr, *value = nullptr;
        const nb::object items = owned(PyDict_Items(dict.ptr()));
        for (Py_ssize_t i = 0; i < PyList_Size(items.ptr()); ++i) {
            const nb::object item = nb::borrow(PyList_GetItem(items.ptr(), i));
            key = PyTuple_GetItem(item.ptr(), 0);
            value = PyTuple_GetItem(item.ptr(), 1);
            made.push_back(std::make_unique<NewEntry>(v, key, value, &start));
        }
        // Entries that are assigned over tell those that look into them.
        change_view(v, Effect::Replaces, [&](const TypeMeta& type, void* data) {
            runtime().row_store_reserve(type, rows(data), rows(data).size() + made.size());
            for (const auto& entry : made) entry->put(type, rows(data));
        });
        return py_none();
    });
}

PyMethodDef map_methods[] = {
    {"keys", range_method<Part::Key>, METH_NOARGS, "keys($self, /)\n--\n\nThe keys, as they are at the time of use."},
    {"values", range_method<Part::View>, METH_NOARGS, "values($self, /)\n--\n\nThe views of the values."},
    {"items", range_method<Part::Pair>, METH_NOARGS, "items($self, /)\n--\n\n(key, view) of all entries."},
    {"get", get, METH_VARARGS, "get($self, key, default=None, /)\n--\n\nThe view of an entry, or the default."},
    {"get_or_create", get_or_create, METH_O,
     "get_or_create($self, key, /)\n--\n\nThe view of an entry, made with the default value if it is not there."},
    {"setdefault", setdefault, METH_VARARGS,
     "setdefault($self, key, value=..., /)\n--\n\nThe view of an entry, made if it is not there."},
    {"pop", pop, METH_VARARGS,
     "pop($self, key, default=..., /)\n--\n\nRemoves an entry and returns its Python form. KeyError."},
    {"popitem", popitem, METH_NOARGS,
     "popitem($self, /)\n--\n\nRemoves some entry and returns (key, Python form). KeyError if there is none."},
    {"update", update_map, METH_O,
     "update($self, entries, /)\n--\n\nSets the entries of a mapping: all, or on an error none. Views of entries go "
     "stale."},
    {"clear", clear_rows, METH_NOARGS, "clear($self, /)\n--\n\nRemoves all entries."},
    {"reserve", reserve_rows, METH_O, "reserve($self, size, /)\n--\n\nMakes room for so many entries in all."},
    {"compact", compact_rows, METH_NOARGS, "compact($self, /)\n--\n\nGives unused memory back."},
    {"fragmentation_ratio", fragmentation_ratio, METH_NOARGS,
     "fragmentation_ratio($self, /)\n--\n\nThe share of the room that is not in use."},
    {nullptr, nullptr, 0, nullptr}};

} // namespace

PyType_Slot map_view_slots[] = {
    {Py_tp_doc,
     const_cast<char*>("A map: view[key] is a view of the entry's value; iteration gives the keys.\n\nThe view "
                       "of an entry reads its own key's value whatever happens to others; it is stale once its "
                       "key was removed, even if the key comes back.")},
    {Py_tp_methods, map_methods},
    {Py_tp_getset, keyed_getset},
    {Py_tp_iter, slot(iterate_keys)},
    {Py_sq_contains, slot(contains_key)},
    {Py_mp_length, slot(view_length)},
    {Py_mp_subscript, slot(view_subscript)},
    {Py_mp_ass_subscript, slot(set_item)},
    {0, nullptr}};

} // namespace hgvalue::python
