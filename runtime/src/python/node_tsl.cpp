// TSL: lists, fixed and dynamic.
#include "node_access.hpp"
#include "node_classes.hpp"
#include "observers.hpp"

namespace nb = nanobind;

namespace hgvalue::python {

namespace {

std::uint32_t index_of(PyObject* self, PyObject* key) {
    const PathStep start = here(self);
    const Py_ssize_t given = index_from_python(key, &start);
    const auto size = static_cast<Py_ssize_t>(list_length(resolve(as_node(self))));
    const Py_ssize_t i = given < 0 ? given + size : given;
    if (i < 0 || i >= size)
        throw IndexError(path_of(as_node(self)) + ": index " + std::to_string(given) + " is outside a list of " +
                         std::to_string(size));
    return static_cast<std::uint32_t>(i);
}

PyObject* get_item(PyObject* self, PyObject* key) {
    return guarded([&]() -> PyObject* { return element_handle(as_node(self), index_of(self, key)); });
}

int set_item(PyObject* self, PyObject* key, PyObject* value) {
    return guarded([&]() -> int {
        const std::uint32_t i = index_of(self, key);
        if (!value) throw TypeError(path_of(as_node(self)) + ": an element cannot be deleted; invalidate() it");
        const nb::object child = owned(element_handle(as_node(self), i));
        write_node(child.ptr(), value, NoneMeans::Invalidate);
        return 0;
    });
}

Py_ssize_t length(PyObject* self) {
    return guarded_hot([&]() -> Py_ssize_t { return static_cast<Py_ssize_t>(list_length(resolve(as_node(self)))); });
}

enum class Which : std::uint8_t { All, Modified, Valid };

template <Which which, Show show> PyObject* listing(PyObject* self, PyObject*) {
    return guarded([&]() -> PyObject* {
        const node_ref n = resolve(as_node(self));
        return build_list([&](auto append) {
            for (std::uint32_t i = 0; i < list_length(n); ++i) {
                if (which == Which::Modified && !element_ref(n, i).modified()) continue;
                if (which == Which::Valid && !element_ref(n, i).valid()) continue;
                if constexpr (show == Show::Keys)
                    append(PyLong_FromUnsignedLong(i));
                else if constexpr (show == Show::Values)
                    append(element_handle(as_node(self), i));
                else
                    append(pair(PyLong_FromUnsignedLong(i), element_handle(as_node(self), i)));
            }
        });
    });
}

PyObject* iterate(PyObject* self) {
    return guarded([&]() -> PyObject* {
        const nb::object elements = owned(listing<Which::All, Show::Values>(self, nullptr));
        return PyObject_GetIter(elements.ptr());
    });
}

/// The write of a list that adds element `i`.
Write& appending(Arena& arena, std::uint32_t i, Write* element) {
    Write& w = *arena.make<Write>();
    w.action = Action::Elements;
    w.first = w.last = arena.make<Item>();
    w.first->slot = i;
    w.first->write = element;
    w.count = 1;
    return w;
}

PyObject* append_value(PyObject* self, PyObject* value) {
    return guarded([&]() -> PyObject* {
        const ObjectGuard guard;
        const PathStep start = here(self);
        node_ref n = resolve_for_write(as_node(self));
        n.context->writing_time();
        const PathStep step = PathStep::at(&start, list_length(n));
        Arena arena;
        Write* w = convert_write(arena, *n.type->child, nullptr, value, NoneMeans::Nothing, &step);
        n = resolve_for_write(as_node(self)); // converting may have run Python code
        const std::uint32_t i = list_length(n);
        check_write(arena, n, appending(arena, i, w));
        mutation_scope scope(*n.context);
        engine::list_resize(n, std::size_t{i} + 1);
        apply_write(element_ref(resolve(as_node(self)), i), *w);
        scope.finish();
        return py_none();
    });
}

PyObject* resize(PyObject* self, PyObject* size) {
    return guarded([&]() -> PyObject* {
        const ObjectGuard guard;
        const PathStep start = here(self);
        const Py_ssize_t n = index_from_python(size, &start);
        if (n < 0) throw ValueError(path_of(as_node(self)) + ": a list cannot have " + std::to_string(n) + " elements");
        if (n > static_cast<Py_ssize_t>(max_slots))
            throw ValueError(path_of(as_node(self)) + ": a list holds at most " + std::to_string(max_slots) +
                             " elements, not " + std::to_string(n));
        const node_ref& node = resolve_for_write(as_node(self));
        engine::list_resize(node, static_cast<std::size_t>(n));
        return py_none();
    });
}

PyMethodDef methods[] = {
    HGVALUE_SUBSCRIBE_ELEMENTS,
    {"keys", listing<Which::All, Show::Keys>, METH_NOARGS, "keys($self, /)\n--\n\nAll indices."},
    {"values", listing<Which::All, Show::Values>, METH_NOARGS, "values($self, /)\n--\n\nAll elements."},
    {"items", listing<Which::All, Show::Items>, METH_NOARGS,
     "items($self, /)\n--\n\n(index, element) of all elements."},
    {"modified_keys", listing<Which::Modified, Show::Keys>, METH_NOARGS,
     "modified_keys($self, /)\n--\n\nThe indices of the elements that ticked."},
    {"modified_values", listing<Which::Modified, Show::Values>, METH_NOARGS,
     "modified_values($self, /)\n--\n\nThe elements that ticked."},
    {"modified_items", listing<Which::Modified, Show::Items>, METH_NOARGS,
     "modified_items($self, /)\n--\n\n(index, element) of those that ticked."},
    {"valid_keys", listing<Which::Valid, Show::Keys>, METH_NOARGS,
     "valid_keys($self, /)\n--\n\nThe indices of the valid elements."},
    {"valid_values", listing<Which::Valid, Show::Values>, METH_NOARGS,
     "valid_values($self, /)\n--\n\nThe valid elements."},
    {"valid_items", listing<Which::Valid, Show::Items>, METH_NOARGS,
     "valid_items($self, /)\n--\n\n(index, element) of the valid elements."},
    {nullptr, nullptr, 0, nullptr}};

PyMethodDef dynamic_methods[] = {
    HGVALUE_SUBSCRIBE_STRUCTURE,
    {"append", append_value, METH_O, "append($self, value, /)\n--\n\nAdds an element to a dynamic list."},
    {"resize", resize, METH_O,
     "resize($self, size, /)\n--\n\nGrows a dynamic list with elements that are not valid, or drops its last ones."},
    {nullptr, nullptr, 0, nullptr}};

} // namespace

PyType_Slot tsl_slots[] = {{Py_tp_doc, const_cast<char*>("A list of time series: TSL[T, size], or TSL[T].")},
                           {Py_tp_methods, methods},
                           {Py_tp_iter, reinterpret_cast<void*>(iterate)},
                           {Py_mp_subscript, reinterpret_cast<void*>(get_item)},
                           {Py_mp_ass_subscript, reinterpret_cast<void*>(set_item)},
                           {Py_mp_length, reinterpret_cast<void*>(length)},
                           {0, nullptr}};

PyType_Slot dynamic_tsl_slots[] = {{Py_tp_doc, const_cast<char*>("A list of time series that can grow: TSL[T].")},
                                   {Py_tp_methods, dynamic_methods},
                                   {0, nullptr}};

} // namespace hgvalue::python
