// Views of cyclic buffers, queues and windows.
#include "generic_class.hpp"
#include "generic_view_items.hpp"
#include "node_access.hpp"
#include "node_value.hpp"

#include <hgvalue/value.hpp>
#include <hgvalue/value/format.hpp>

namespace hgvalue::python {

namespace {

/// An element converted from Python, and a view to push it by.
struct NewElement {
    NewElement(ViewObject* v, PyObject* from) : made(*v->type->element) {
        require_writable(v);
        const PathStep start = here(v);
        const PathStep where = PathStep::at(&start, view_size(v));
        from_python(made.type(), made.get(), from, &where);
    }
    ConstValueView view() const { return {made.get(), &made.type()}; }
    Temporary made;
};

PyObject* push(PyObject* self, PyObject* element) {
    return guarded([&] {
        ViewObject* v = as_view(self);
        const NewElement made(v, element);
        change_view(v, Effect::Reorders, [&](const TypeMeta& type, void* data) {
            ValueView to(data, &type);
            if (type.kind == TypeKind::Queue)
                to.as_queue().push(made.view());
            else
                to.as_cyclic_buffer().push(made.view());
        });
        return py_none();
    });
}

PyObject* pop(PyObject* self, PyObject*) {
    return guarded([&] {
        ViewObject* v = as_view(self);
        require_writable(v);
        if (view_size(v) == 0) throw IndexError(place_text(v) + ": pop from an empty " + type_name(*v->type));
        nb::object oldest = owned(python_form(as_view(owned(element_view(v, 0)).ptr())));
        change_view(v, Effect::Reorders, [&](const TypeMeta& type, void* data) {
            if (auto& r = *static_cast<ring*>(data); !r.empty()) runtime().ring_pop(type, r);
        });
        return oldest.release().ptr();
    });
}

PyObject* clear(PyObject* self, PyObject*) {
    return guarded([&]() -> PyObject* {
        ViewObject* v = as_view(self);
        if (is_composite_node(v)) return call_node(v, "clear");
        change_view(v, Effect::Reorders,
                    [&](const TypeMeta& type, void* data) { runtime().ring_clear(type, *static_cast<ring*>(data)); });
        return py_none();
    });
}

int set_element(PyObject* self, PyObject* key, PyObject* value) {
    return guarded_status([&] {
        ViewObject* v = as_view(self);
        const std::size_t i = position_of(v, key);
        if (!value) throw TypeError(place_text(v) + ": an element leaves by pop() only");
        assign_view(as_view(owned(element_view(v, i)).ptr()), value);
    });
}

PyObject* get_capacity(PyObject* self, void*) { return PyLong_FromLongLong(as_view(self)->type->fixed_size); }

// -- windows ----------------------------------------------------------------------------------------------------------

PyObject* push_at(PyObject* self, PyObject* args) {
    return guarded([&]() -> PyObject* {
        PyObject *time = nullptr, *element = nullptr;
        if (!PyArg_UnpackTuple(args, "push", 2, 2, &time, &element)) throw_python_error();
        ViewObject* v = as_view(self);
        const engine_time_t at = time_from_python(time);
        if (is_composite_node(v)) {
            if (const engine_time_t now = node_of(v).now(); at != now)
                throw ValueError(place_text(v) + ": a time series takes elements at its current time only");
            return call_node(v, "apply_result", element);
        }
        const NewElement made(v, element);
        change_view(v, Effect::Reorders, [&](const TypeMeta& type, void* data) {
            ValueView(data, &type).as_window().push(at, made.view());
        });
        return py_none();
    });
}

PyObject* get_times(PyObject* self, void*) {
    return guarded([&] {
        ViewObject* v = as_view(self);
        const std::size_t size = view_size(v);
        const auto& w = *static_cast<const window_storage*>(locate(v));
        nb::object times = owned(PyList_New(0));
        for (std::size_t i = w.size() - size; i < w.size(); ++i)
            checked(PyList_Append(times.ptr(), owned(time_to_python(w.time(static_cast<std::uint32_t>(i)))).ptr()));
        return times.release().ptr();
    });
}

/// A count, or a duration.
PyObject* extent(const TypeMeta& type, std::int64_t size) {
    if (!type.by_time) return PyLong_FromLongLong(size);
    const timedelta duration{size};
    return to_python(type_of<timedelta>(), &duration);
}
PyObject* get_size(PyObject* self, void*) { return extent(*as_view(self)->type, as_view(self)->type->fixed_size); }
PyObject* get_min_size(PyObject* self, void*) { return extent(*as_view(self)->type, as_view(self)->type->min_size); }

PyMethodDef ring_methods[] = {
    {"push", push, METH_O,
     "push($self, value, /)\n--\n\nAdds an element. A full buffer drops its oldest; a full queue is a ValueError."},
    {"append", push, METH_O, "append($self, value, /)\n--\n\nThe same as push."},
    {"pop", pop, METH_NOARGS,
     "pop($self, /)\n--\n\nRemoves the oldest element and returns its Python form. IndexError if there is none."},
    {"clear", clear, METH_NOARGS, "clear($self, /)\n--\n\nRemoves all elements."},
    {"__array__", with_keywords(view_array), METH_VARARGS | METH_KEYWORDS, nullptr},
    {nullptr, nullptr, 0, nullptr}};
PyGetSetDef ring_getset[] = {
    {"capacity", get_capacity, nullptr, "The most elements it holds; 0 for no limit.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

PyMethodDef window_methods[] = {{"push", push_at, METH_VARARGS,
                                 "push($self, time, value, /)\n--\n\nAdds an element and drops what no longer belongs "
                                 "to the window. ValueError for a time before "
                                 "the last."},
                                {"clear", clear, METH_NOARGS, "clear($self, /)\n--\n\nRemoves all elements."},
                                {"__array__", with_keywords(view_array), METH_VARARGS | METH_KEYWORDS, nullptr},
                                {nullptr, nullptr, 0, nullptr}};
PyGetSetDef window_getset[] = {
    {"times", get_times, nullptr, "When each element was added, a list of datetimes.", nullptr},
    {"size", get_size, nullptr, "How many elements it holds at most, or for how long.", nullptr},
    {"min_size", get_min_size, nullptr, "With how many, or how long, it is filled.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

} // namespace

#define HGVALUE_RING_SLOTS(DOC, METHODS, GETSET)                                                                       \
    {Py_tp_doc, const_cast<char*>(DOC)}, {Py_tp_methods, METHODS}, {Py_tp_getset, GETSET},                             \
        {Py_tp_iter, slot(iterate_views)}, {Py_sq_contains, slot(view_contains)}, {Py_mp_length, slot(view_length)},   \
        {Py_mp_subscript, slot(view_subscript)}, {Py_mp_ass_subscript, slot(set_element)},                             \
        {Py_bf_getbuffer, slot(view_get_buffer)}, {Py_bf_releasebuffer, slot(view_release_buffer)}, {                  \
        0, nullptr                                                                                                     \
    }

PyType_Slot cyclic_buffer_view_slots[] = {
    HGVALUE_RING_SLOTS("The last few elements, oldest first: view[0], view[-1].", ring_methods, ring_getset)};
PyType_Slot queue_view_slots[] = {
    HGVALUE_RING_SLOTS("First in, first out; the oldest element is view[0].", ring_methods, ring_getset)};
PyType_Slot window_view_slots[] = {
    HGVALUE_RING_SLOTS("Elements with the times they came at, oldest first.", window_methods, window_getset)};

#undef HGVALUE_RING_SLOTS

} // namespace hgvalue::python
