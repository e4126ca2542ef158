// Views of lists.
#include "generic_class.hpp"
#include "generic_view_items.hpp"
#include "node_access.hpp"

#include <hgvalue/value/format.hpp>

namespace hgvalue::python {

namespace {

bool is_fixed(const ViewObject* v) noexcept { return !v->type->ops->list_size; }

void require_growing(ViewObject* v) {
    if (is_fixed(v)) throw TypeError(place_text(v) + ": a " + type_name(*v->type) + " cannot change its length");
}

void require_plain(ViewObject* v) {
    if (is_composite_node(v))
        throw TypeError(place_text(v) + ": a list of time series changes its length by append and resize only");
}

void* at(const TypeMeta& type, void* data, std::size_t i) {
    void* first = type.ops->list_data ? type.ops->list_data(type, data) : data;
    return at_offset(first, i * type.element->size);
}

std::size_t length_of(const TypeMeta& type, const void* data) {
    return type.ops->list_size ? type.ops->list_size(type, data) : static_cast<std::size_t>(type.fixed_size);
}

/// Elements converted from an iterable, in a list of their own.
class NewElements {
  public:
    NewElements(ViewObject* v, PyObject* from, std::size_t first) : element_(*v->type->element) {
        const nb::object items = owned(PySequence_List(from));
        const PathStep start = here(v);
        for (Py_ssize_t i = 0; i < PyList_Size(items.ptr()); ++i) {
            made_.push_back(std::make_unique<Temporary>(element_));
            const PathStep where = PathStep::at(&start, first + static_cast<std::size_t>(i));
            from_python(element_, made_.back()->get(), nb::borrow(PyList_GetItem(items.ptr(), i)).ptr(), &where);
        }
    }
    std::size_t size() const noexcept { return made_.size(); }
    void move_to(void* place, std::size_t i) const { element_.ops->move_assign(element_, place, made_[i]->get()); }

  private:
    const TypeMeta& element_;
    std::vector<std::unique_ptr<Temporary>> made_;
};

/// Puts the new elements where `count` from `start` on were. Can only fail before anything changed.
void splice(const TypeMeta& type, void* data, std::size_t start, std::size_t count, const NewElements* made) {
    const TypeMeta& e = *type.element;
    const std::size_t size = type.ops->list_size(type, data), added = made ? made->size() : 0;
    if (added > count) {
        type.ops->list_resize(type, data, size + added - count);
        for (std::size_t i = size; i-- > start + count;)
            e.ops->move_assign(e, at(type, data, i + added - count), at(type, data, i));
    }
    for (std::size_t i = 0; i < added; ++i) made->move_to(at(type, data, start + i), i);
    if (added < count) {
        for (std::size_t i = start + count; i < size; ++i)
            e.ops->move_assign(e, at(type, data, i + added - count), at(type, data, i));
        type.ops->list_resize(type, data, size + added - count);
    }
}

void splice_view(ViewObject* v, std::size_t start, std::size_t count, const NewElements* made) {
    change_view(v, Effect::Reorders, [&](const TypeMeta& type, void* data) { splice(type, data, start, count, made); });
}

// -- slices -----------------------------------------------------------------------------------------------------------

struct Slice {
    Py_ssize_t start = 0, stop = 0, step = 1, count = 0;

    Slice(ViewObject* v, PyObject* slice) {
        checked(PySlice_Unpack(slice, &start, &stop, &step)); // may run Python code
        count = PySlice_AdjustIndices(static_cast<Py_ssize_t>(view_size(v)), &start, &stop, step);
    }
    std::size_t index(std::size_t i) const noexcept {
        return static_cast<std::size_t>(start + static_cast<Py_ssize_t>(i) * step);
    }
    std::size_t size() const noexcept { return static_cast<std::size_t>(count); }
};

PyObject* slice_of(ViewObject* v, PyObject* key) {
    const Slice slice(v, key);
    nb::object views = owned(PyList_New(0));
    for (std::size_t i = 0; i < slice.size() && slice.index(i) < view_size(v); ++i)
        checked(PyList_Append(views.ptr(), owned(element_view(v, slice.index(i))).ptr()));
    return views.release().ptr();
}

void assign_slice(ViewObject* v, PyObject* key, PyObject* from) {
    require_plain(v);
    const NewElements made(v, from, 0);
    const Slice slice(v, key); // now: the conversion may have changed the list
    if (slice.step == 1 && !is_fixed(v)) return splice_view(v, slice.index(0), slice.size(), &made);
    if (made.size() != slice.size())
        throw ValueError(place_text(v) + ": " + std::to_string(slice.size()) + " elements are to be assigned, got " +
                         std::to_string(made.size()));
    change_view(v, Effect::Replaces, [&](const TypeMeta& type, void* data) {
        for (std::size_t i = 0; i < made.size(); ++i) made.move_to(at(type, data, slice.index(i)), i);
    });
}

void delete_slice(ViewObject* v, PyObject* key) {
    require_plain(v);
    require_growing(v);
    Slice slice(v, key);
    if (slice.step < 0 && slice.count > 0) { // the same elements, from the front
        slice.start += (slice.count - 1) * slice.step;
        slice.step = -slice.step;
    }
    change_view(v, Effect::Reorders, [&](const TypeMeta& type, void* data) {
        const TypeMeta& e = *type.element;
        std::size_t to = slice.index(0), next = 0;
        const std::size_t size = type.ops->list_size(type, data);
        if (slice.count == 0) return;
        for (std::size_t i = to; i < size; ++i)
            if (next < slice.size() && i == slice.index(next))
                ++next;
            else
                e.ops->move_assign(e, at(type, data, to++), at(type, data, i));
        type.ops->list_resize(type, data, to);
    });
}

// -- slots ------------------------------------------------------------------------------------------------------------

PyObject* get_item(PyObject* self, PyObject* key) {
    return guarded([&] { return PySlice_Check(key) ? slice_of(as_view(self), key) : item_view(as_view(self), key); });
}

int set_item(PyObject* self, PyObject* key, PyObject* value) {
    return guarded_status([&] {
        ViewObject* v = as_view(self);
        if (PySlice_Check(key)) return value ? assign_slice(v, key, value) : delete_slice(v, key);
        const std::size_t i = position_of(v, key);
        if (value) return assign_view(as_view(owned(element_view(v, i)).ptr()), value);
        require_plain(v);
        require_growing(v);
        splice_view(v, i, 1, nullptr);
    });
}

PyObject* insert_at(ViewObject* v, Py_ssize_t index, PyObject* value) {
    require_plain(v);
    require_growing(v);
    require_writable(v);
    const nb::object one = owned(PyTuple_Pack(1, value));
    const NewElements made(v, one.ptr(), static_cast<std::size_t>(std::max<Py_ssize_t>(index, 0)));
    const auto size = static_cast<Py_ssize_t>(view_size(v));
    if (index < 0) index = std::max<Py_ssize_t>(index + size, 0);
    splice_view(v, static_cast<std::size_t>(std::min(index, size)), 0, &made);
    return py_none();
}

PyObject* append(PyObject* self, PyObject* value) {
    return guarded([&] {
        ViewObject* v = as_view(self);
        if (is_composite_node(v) && !is_fixed(v)) return call_node(v, "append", value);
        require_growing(v);
        return insert_at(v, static_cast<Py_ssize_t>(view_size(v)), value);
    });
}

PyObject* insert(PyObject* self, PyObject* args) {
    return guarded([&] {
        Py_ssize_t index = 0;
        PyObject* value = nullptr;
        if (!PyArg_ParseTuple(args, "nO:insert", &index, &value)) throw_python_error();
        return insert_at(as_view(self), index, value);
    });
}

PyObject* extend(PyObject* self, PyObject* values) {
    return guarded([&] {
        ViewObject* v = as_view(self);
        require_plain(v);
        require_growing(v);
        require_writable(v);
        const NewElements made(v, values, view_size(v));
        splice_view(v, view_size(v), 0, &made);
        return py_none();
    });
}

PyObject* pop(PyObject* self, PyObject* args) {
    return guarded([&] {
        PyObject* index = nullptr;
        if (!PyArg_UnpackTuple(args, "pop", 0, 1, &index)) throw_python_error();
        ViewObject* v = as_view(self);
        require_plain(v);
        require_growing(v);
        require_writable(v);
        const nb::object last = index ? nb::borrow(index) : owned(PyLong_FromLong(-1));
        const std::size_t i = position_of(v, last.ptr());
        nb::object popped = owned(python_form(as_view(owned(element_view(v, i)).ptr())));
        splice_view(v, i, 1, nullptr);
        return popped.release().ptr();
    });
}

void resize_to(ViewObject* v, std::size_t size) {
    require_growing(v);
    change_view(v, Effect::Reorders,
                [&](const TypeMeta& type, void* data) { type.ops->list_resize(type, data, size); });
}

PyObject* resize(PyObject* self, PyObject* size) {
    return guarded([&]() -> PyObject* {
        ViewObject* v = as_view(self);
        if (is_composite_node(v) && !is_fixed(v)) return call_node(v, "resize", size);
        require_plain(v);
        resize_to(v, count_from_python(v, size));
        return py_none();
    });
}

PyObject* clear(PyObject* self, PyObject*) {
    return guarded([&]() -> PyObject* {
        ViewObject* v = as_view(self);
        if (is_composite_node(v)) return call_node(v, "clear");
        resize_to(v, 0);
        return py_none();
    });
}

PyObject* reserve(PyObject* self, PyObject* size) {
    return guarded([&]() -> PyObject* {
        ViewObject* v = as_view(self);
        require_plain(v);
        require_growing(v);
        const std::size_t n = count_from_python(v, size);
        change_view(v, Effect::Rows, [&](const TypeMeta& type, void* data) { type.ops->list_reserve(type, data, n); });
        return py_none();
    });
}

PyObject* reset(PyObject* self, PyObject* sentinel) {
    return guarded([&]() -> PyObject* {
        ViewObject* v = as_view(self);
        require_plain(v);
        require_writable(v);
        const TypeMeta& e = *v->type->element;
        Temporary value(e);
        const PathStep where = here(v);
        from_python(e, value.get(), sentinel, &where);
        std::vector<std::unique_ptr<Temporary>> copies; // copied first: moving them in cannot fail
        for (std::size_t i = view_size(v); i-- > 0;) {
            copies.push_back(std::make_unique<Temporary>(e));
            e.ops->copy_assign(e, copies.back()->get(), value.get());
        }
        change_view(v, Effect::Replaces, [&](const TypeMeta& type, void* data) {
            for (std::size_t i = 0; i < copies.size(); ++i) e.ops->move_assign(e, at(type, data, i), copies[i]->get());
        });
        return py_none();
    });
}

PyObject* reverse(PyObject* self, PyObject*) {
    return guarded([&]() -> PyObject* {
        ViewObject* v = as_view(self);
        require_plain(v);
        const TypeMeta& e = *v->type->element;
        Temporary spare(e);
        change_view(v, Effect::Replaces, [&](const TypeMeta& type, void* data) {
            const std::size_t size = length_of(type, data);
            for (std::size_t i = 0; i < size / 2; ++i) {
                void *a = at(type, data, i), *b = at(type, data, size - 1 - i);
                e.ops->move_assign(e, spare.get(), a);
                e.ops->move_assign(e, a, b);
                e.ops->move_assign(e, b, spare.get());
            }
        });
        return py_none();
    });
}

PyMethodDef methods[] = {
    {"append", append, METH_O,
     "append($self, value, /)\n--\n\nAdds an element at the end. TypeError for a fixed list."},
    {"extend", extend, METH_O,
     "extend($self, values, /)\n--\n\nAdds the elements of an iterable at the end: all, or on an error none."},
    {"insert", insert, METH_VARARGS, "insert($self, index, value, /)\n--\n\nPuts an element before the one at index."},
    {"pop", pop, METH_VARARGS,
     "pop($self, index=-1, /)\n--\n\nRemoves an element and returns its Python form. IndexError."},
    {"clear", clear, METH_NOARGS, "clear($self, /)\n--\n\nRemoves all elements."},
    {"resize", resize, METH_O,
     "resize($self, size, /)\n--\n\nGrows the list with default elements, or drops its last ones."},
    {"reserve", reserve, METH_O, "reserve($self, size, /)\n--\n\nMakes room for so many elements in all."},
    {"reset", reset, METH_O, "reset($self, value, /)\n--\n\nSets every element to the given value."},
    {"reverse", reverse, METH_NOARGS, "reverse($self, /)\n--\n\nTurns the order around."},
    {"__array__", with_keywords(view_array), METH_VARARGS | METH_KEYWORDS, nullptr},
    {nullptr, nullptr, 0, nullptr}};

} // namespace

PyType_Slot list_view_slots[] = {
    {Py_tp_doc, const_cast<char*>(
                    "A list: view[0], view[-1], view[1:3]; elements are views, slices are lists of views.\n\nA change "
                    "of its length makes the views of its elements stale. A fixed list refuses one.")},
    {Py_tp_methods, methods},
    {Py_tp_iter, slot(iterate_views)},
    {Py_sq_contains, slot(view_contains)},
    {Py_mp_length, slot(view_length)},
    {Py_mp_subscript, slot(get_item)},
    {Py_mp_ass_subscript, slot(set_item)},
    {Py_bf_getbuffer, slot(view_get_buffer)},
    {Py_bf_releasebuffer, slot(view_release_buffer)},
    {0, nullptr}};

} // namespace hgvalue::python
