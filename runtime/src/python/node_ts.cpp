// TS, SIGNAL and TSW: nodes without children.
#include "node_access.hpp"
#include "node_classes.hpp"
#include "node_value.hpp"

#include <hgvalue/core/type_of.hpp>

namespace nb = nanobind;

namespace hgvalue::python {

namespace {

int ts_bool(PyObject* self) {
    return guarded([&]() -> int {
        throw TypeError(path_of(as_node(self)) + ": the truth of a time series is ambiguous; use .value or .valid");
    });
}

const window_storage& storage(const node_ref& n) { return *static_cast<const window_storage*>(n.value); }

PyObject* get_value_times(PyObject* self, void*) {
    return guarded([&]() -> PyObject* { return window_times(resolve(as_node(self))); });
}

PyObject* size_object(const NodeType& t, std::int64_t size) {
    if (!t.by_time) return PyLong_FromLongLong(size);
    const timedelta d{size};
    return to_python(type_of<timedelta>(), &d);
}

PyObject* get_size(PyObject* self, void*) {
    const NodeType& t = *as_node(self)->ref.type;
    return guarded([&]() -> PyObject* { return size_object(t, t.window_size); });
}

PyObject* get_min_size(PyObject* self, void*) {
    const NodeType& t = *as_node(self)->ref.type;
    return guarded([&]() -> PyObject* { return size_object(t, t.window_minimum); });
}

PyObject* get_first_modified_time(PyObject* self, void*) {
    return guarded([&]() -> PyObject* {
        const node_ref& n = resolve(as_node(self));
        const std::uint32_t first = engine::window_first(n);
        if (first >= storage(n).size()) return py_none();
        return time_to_python(storage(n).time(first));
    });
}

PyObject* get_has_removed_value(PyObject* self, void*) {
    return guarded([&]() -> PyObject* { return py_bool(engine::window_evicted(resolve(as_node(self))) != nullptr); });
}

PyObject* get_removed_value(PyObject* self, void*) {
    return guarded([&]() -> PyObject* {
        const node_ref& n = resolve(as_node(self));
        const void* evicted = engine::window_evicted(n);
        return evicted ? to_python(*n.type->scalar, evicted) : py_none();
    });
}

Py_ssize_t window_length(PyObject* self) {
    return guarded([&]() -> Py_ssize_t {
        const node_ref& n = resolve(as_node(self));
        return static_cast<Py_ssize_t>(storage(n).size() - engine::window_first(n));
    });
}

PyGetSetDef window_getset[] = {
    {"value_times", get_value_times, nullptr, "When each element of value was appended.", nullptr},
    {"size", get_size, nullptr, "How many elements, or how long a time, the window holds.", nullptr},
    {"min_size", get_min_size, nullptr, "How much of the window must be filled for value to be given.", nullptr},
    {"first_modified_time", get_first_modified_time, nullptr, "When the oldest element was appended.", nullptr},
    {"has_removed_value", get_has_removed_value, nullptr, "Whether an element left the window in this tick.", nullptr},
    {"removed_value", get_removed_value, nullptr, "The last element that left in this tick, or None.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

} // namespace

PyType_Slot ts_slots[] = {{Py_tp_doc, const_cast<char*>("A time series of one value: TS[T].")},
                          {Py_nb_bool, reinterpret_cast<void*>(ts_bool)},
                          {0, nullptr}};

PyType_Slot signal_slots[] = {{Py_tp_doc, const_cast<char*>("What ticks and has no value but True: SIGNAL.")},
                              {Py_nb_bool, reinterpret_cast<void*>(ts_bool)},
                              {0, nullptr}};

PyType_Slot tsw_slots[] = {{Py_tp_doc, const_cast<char*>("A window over the last values: TSW[T, size, minimum].")},
                           {Py_tp_getset, window_getset},
                           {Py_sq_length, reinterpret_cast<void*>(window_length)},
                           {0, nullptr}};

} // namespace hgvalue::python
