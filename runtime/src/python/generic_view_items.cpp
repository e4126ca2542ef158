#include "generic_view_items.hpp"

#include "generic_class.hpp"
#include "node_access.hpp"
#include "short_repr.hpp"

#include <hgvalue/value/format.hpp>
#include <hgvalue/value/ring.hpp>

#include <cstring>

namespace hgvalue::python {

namespace {

const char* name_of_kind(const TypeMeta& type) {
    switch (type.kind) {
    case TypeKind::Scalar: return "a scalar has no elements";
    case TypeKind::Ref: return "a reference has no elements; look at its target";
    default: return "a set has no positions";
    }
}

bool is_keyed(const ViewObject* v) noexcept { return v->type->kind == TypeKind::Map || v->type->kind == TypeKind::Set; }

nb::object index_object(std::size_t i) { return owned(PyLong_FromSize_t(i)); }

/// Where an iterator stands.
struct Position {
    std::size_t index = 0;
    std::uint32_t row = no_row; ///< of sets and maps
};

Position first_position(ViewObject* v) {
    return {0, is_keyed(v) && rows_of(v).size() != 0 ? *rows_of(v).rows().begin() : no_row};
}

/// Entries may have come and gone in equal numbers since: `next` may be no row any more.
void require_row(ViewObject* v, const Position& at) {
    if (is_keyed(v) && at.row >= rows_of(v).size()) throw StateError(place_text(v) + " changed during iteration");
}

nb::object key_part(ViewObject* v, const Position& at) {
    if (v->type->kind == TypeKind::Bundle) return owned(PyUnicode_FromString(v->type->fields[at.index].name));
    if (!is_keyed(v)) return index_object(at.index);
    const TypeMeta& type = *v->type;
    return owned(to_python(key_meta(type), rows_of(v).keys() + std::size_t{at.row} * key_meta(type).size));
}

nb::object view_part(ViewObject* v, const Position& at) {
    switch (v->type->kind) {
    case TypeKind::Bundle:
    case TypeKind::Tuple: return owned(field_view(v, at.index));
    case TypeKind::Map: return owned(entry_view(v, at.row));
    default: return owned(element_view(v, at.index));
    }
}

PyObject* part_at(ViewObject* v, Part part, const Position& at) {
    switch (part) {
    case Part::Key: return key_part(v, at).release().ptr();
    case Part::View: return view_part(v, at).release().ptr();
    case Part::Pair: break;
    }
    const nb::object below = view_part(v, at);
    // Making it may have run a finaliser, so the row may be another: the view has a copy of its key.
    const nb::object key = v->type->kind == TypeKind::Map
                               ? owned(to_python(*v->type->key, std::as_const(*as_view(below.ptr())->key).data()))
                               : key_part(v, at);
    return owned(PyTuple_Pack(2, key.ptr(), below.ptr())).release().ptr();
}

// -- iterators --------------------------------------------------------------------------------------------------------

struct IteratorObject {
    PyObject_HEAD ViewObject* view; ///< strong; null at the end
    std::size_t size;               ///< when the iteration began
    Position next;
    Part part;
};
IteratorObject* as_iterator(PyObject* o) noexcept { return reinterpret_cast<IteratorObject*>(o); }
PyTypeObject* iterator_class = nullptr;

PyObject* next_part(PyObject* self) {
    return guarded([&]() -> PyObject* {
        IteratorObject* it = as_iterator(self);
        if (!it->view) return nullptr;
        const nb::object held = nb::borrow(as_object(it->view));
        ViewObject* v = it->view;
        if (view_size(v) != it->size) throw StateError(place_text(v) + " changed its size during iteration");
        if (it->next.index >= it->size) {
            it->view = nullptr;
            Py_DECREF(as_object(v));
            return nullptr;
        }
        require_row(v, it->next);
        nb::object part = nb::steal(part_at(v, it->part, it->next));
        ++it->next.index;
        if (is_keyed(v) && it->next.row < rows_of(v).size()) it->next.row = rows_of(v).next_row(it->next.row);
        return part.release().ptr();
    });
}

void drop_iterator(PyObject* self) {
    PyObject_GC_UnTrack(self);
    Py_XDECREF(reinterpret_cast<PyObject*>(as_iterator(self)->view));
    PyTypeObject* cls = Py_TYPE(self);
    PyObject_GC_Del(self);
    Py_DECREF(reinterpret_cast<PyObject*>(cls));
}

int visit_iterator(PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(reinterpret_cast<PyObject*>(Py_TYPE(self)));
    Py_VISIT(reinterpret_cast<PyObject*>(as_iterator(self)->view));
    return 0;
}

// -- ranges -----------------------------------------------------------------------------------------------------------

struct RangeObject {
    PyObject_HEAD ViewObject* view; ///< strong
    PyObject* weak_references;
    Part part;
};
RangeObject* as_range(PyObject* o) noexcept { return reinterpret_cast<RangeObject*>(o); }
PyTypeObject* range_classes[3] = {}; // by Part

void drop_range(PyObject* self) {
    PyObject_GC_UnTrack(self);
    if (as_range(self)->weak_references) PyObject_ClearWeakRefs(self);
    auto* view = reinterpret_cast<PyObject*>(as_range(self)->view);
    PyTypeObject* cls = Py_TYPE(self);
    PyObject_GC_Del(self);
    Py_XDECREF(view);
    Py_DECREF(reinterpret_cast<PyObject*>(cls));
}

int visit_range(PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(reinterpret_cast<PyObject*>(Py_TYPE(self)));
    Py_VISIT(reinterpret_cast<PyObject*>(as_range(self)->view));
    return 0;
}

Py_ssize_t range_length(PyObject* self) { return view_length(as_object(as_range(self)->view)); }

PyObject* range_item(PyObject* self, PyObject* key) {
    return guarded([&] {
        ViewObject* v = as_range(self)->view;
        Position at;
        at.index = position_of(v, key);
        if (is_keyed(v)) {
            auto row = rows_of(v).rows().begin();
            for (std::size_t i = 0; i < at.index; ++i) ++row;
            at.row = *row;
        }
        return part_at(v, as_range(self)->part, at);
    });
}

PyObject* iterate_range(PyObject* self) {
    return guarded([&] { return iterate_parts(as_range(self)->view, as_range(self)->part); });
}

/// Whether a map has a key. What cannot be one is not there, as in any set.
int has_key(ViewObject* v, PyObject* key) {
    locate(v); // its errors are of the view, not of the key
    try {
        return find_row_of(v, key) != no_row;
    } catch (const Error& e) {
        if (e.kind() != ErrorKind::Type && e.kind() != ErrorKind::Overflow && e.kind() != ErrorKind::Value) throw;
        return 0;
    }
}

int range_contains(PyObject* self, PyObject* wanted) {
    return guarded([&]() -> int {
        ViewObject* v = as_range(self)->view;
        // A set is asked for each of its elements when it is compared, so keys are looked up.
        if (as_range(self)->part == Part::Key && v->type->kind == TypeKind::Map) return has_key(v, wanted);
        const nb::object parts = owned(iterate_range(self));
        while (const nb::object part = nb::steal(PyIter_Next(parts.ptr())))
            if (checked(PyObject_RichCompareBool(part.ptr(), wanted, Py_EQ))) return 1;
        if (PyErr_Occurred()) throw_python_error();
        return 0;
    });
}

PyObject* represent_range(PyObject* self) {
    return guarded([&] {
        const nb::object name = owned(PyType_GetName(Py_TYPE(self)));
        ShortText out{std::string(PyUnicode_AsUTF8AndSize(name.ptr(), nullptr)) + '(', longest_repr};
        add_items_repr(out, self, '[', ']');
        out.text += ')';
        return text_object(out.text);
    });
}

PyObject* refuse_new(PyTypeObject*, PyObject*, PyObject*) {
    return set_error(ErrorKind::Type, "ranges are made by keys(), values() and items() of a view");
}

PyMemberDef range_members[] = {weak_references_at(offsetof(RangeObject, weak_references)), end_of_members};

PyTypeObject* add_range(PyObject* module, const char* name, const char* doc, PyTypeObject* base = nullptr) {
    return add_class(module, name, sizeof(RangeObject), Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,
                     {{Py_tp_doc, const_cast<char*>(doc)},
                      {Py_tp_new, slot(refuse_new)},
                      {Py_tp_dealloc, slot(drop_range)},
                      {Py_tp_traverse, slot(visit_range)},
                      {Py_tp_members, range_members},
                      {Py_tp_iter, slot(iterate_range)},
                      {Py_tp_repr, slot(represent_range)},
                      {Py_sq_contains, slot(range_contains)},
                      {Py_mp_length, slot(range_length)},
                      {Py_mp_subscript, slot(range_item)}},
                     base);
}

} // namespace

// -- steps ------------------------------------------------------------------------------------------------------------

std::size_t view_size(ViewObject* v) {
    const TypeMeta& type = *v->type;
    const void* data = locate(v);
    switch (type.kind) {
    case TypeKind::Tuple:
    case TypeKind::Bundle: return type.field_count;
    case TypeKind::List:
        return type.ops->list_size ? type.ops->list_size(type, data) : static_cast<std::size_t>(type.fixed_size);
    case TypeKind::Set:
    case TypeKind::Map: return static_cast<const row_store*>(data)->size();
    case TypeKind::CyclicBuffer:
    case TypeKind::Queue: return static_cast<const ring*>(data)->size();
    case TypeKind::Window: {
        const std::size_t stored = static_cast<const ring*>(data)->size();
        return v->standing == Standing::Node ? stored - engine::window_first(node_of(v)) : stored;
    }
    case TypeKind::Optional: return type.ops->optional_get(type, const_cast<void*>(data)) ? 1 : 0;
    case TypeKind::Variant: return 1;
    case TypeKind::Scalar:
    case TypeKind::Ref: break;
    }
    throw TypeError(place_text(v) + ": " + name_of_kind(type));
}

namespace {

/// The position that a key means among `size()`, which is asked last: an __index__ may change it.
template <class Size> std::size_t position_among(ViewObject* v, PyObject* key, const Size& size) {
    const PathStep where = here(v);
    const Py_ssize_t given = index_from_python(key, &where);
    const auto count = static_cast<Py_ssize_t>(size());
    const Py_ssize_t i = given < 0 ? given + count : given;
    if (i < 0 || i >= count)
        throw IndexError(place_text(v) + ": index " + std::to_string(given) + " is out of range for " +
                         std::to_string(count) + " elements");
    return static_cast<std::size_t>(i);
}

} // namespace

std::size_t position_of(ViewObject* v, PyObject* key) {
    view_size(v); // what is stale, or has no positions, says so before anything is said of the key
    return position_among(v, key, [v] { return view_size(v); });
}

std::ptrdiff_t find_field(const TypeMeta& type, PyObject* name) {
    if (!PyUnicode_Check(name)) return -1;
    const char* text = PyUnicode_AsUTF8AndSize(name, nullptr);
    if (!text) clear_error(PyExc_UnicodeEncodeError); // lone surrogates
    for (std::uint32_t i = 0; text && i < type.field_count; ++i)
        if (std::strcmp(type.fields[i].name, text) == 0) return i;
    return -1;
}

std::size_t field_index(ViewObject* v, PyObject* key) {
    const TypeMeta& type = *v->type;
    if (type.kind != TypeKind::Bundle || !PyUnicode_Check(key))
        return position_among(v, key, [&] { return type.field_count; });
    if (const std::ptrdiff_t i = find_field(type, key); i >= 0) return static_cast<std::size_t>(i);
    std::string known;
    for (std::size_t i = 0; i < type.field_count; ++i) known += (i ? ", " : "") + std::string(type.fields[i].name);
    throw KeyError(place_text(v) + ": no field " + short_repr(key) + "; the fields are " + known);
}

row_store& rows_of(ViewObject* v) { return *static_cast<row_store*>(locate(v)); }

std::uint32_t find_row_of(ViewObject* v, PyObject* key) {
    const PathStep where = here(v);
    const row_store& rows = rows_of(v); // a view that is stale says so before anything is said of the key
    const TypeMeta& type = *v->type;
    const TypeMeta& key_type = key_meta(type);
    if (is_direct_key(key_type, key)) return find_row_direct(type, rows, key, &where);
    Temporary made(key_type);
    from_python(key_type, made.get(), key, &where);
    return find_row(type, rows_of(v), made.get(), key_type.ops->hash(key_type, made.get()));
}

std::size_t count_from_python(ViewObject* v, PyObject* o) {
    const PathStep where = here(v);
    const Py_ssize_t n = index_from_python(o, &where);
    if (n < 0) throw ValueError(place_text(v) + ": there cannot be " + std::to_string(n) + " elements");
    return static_cast<std::size_t>(n);
}

PyObject* call_node(ViewObject* v, const char* method, PyObject* argument) {
    if (!argument) return owned(PyObject_CallMethod(v->subject, method, nullptr)).release().ptr();
    const nb::object plain = is_view(argument) ? owned(python_form(as_view(argument))) : nb::borrow(argument);
    const nb::object name = owned(PyUnicode_FromString(method));
    return owned(PyObject_CallMethodObjArgs(v->subject, name.ptr(), plain.ptr(), nullptr)).release().ptr();
}

void throw_no_key(ViewObject* v, PyObject* key) { throw KeyError(place_text(v) + ": no such key: " + short_repr(key)); }

PyObject* item_view(ViewObject* v, PyObject* key) {
    switch (v->type->kind) {
    case TypeKind::Bundle:
    case TypeKind::Tuple: locate(v); return field_view(v, field_index(v, key));
    case TypeKind::Map: {
        const std::uint32_t row = find_row_of(v, key);
        if (row == no_row) throw_no_key(v, key);
        return entry_view(v, row);
    }
    case TypeKind::Optional:
    case TypeKind::Variant: {
        const nb::object held = nb::steal(held_view(v));
        if (!held) throw NullValueError(place_text(v) + " is empty");
        return item_view(as_view(held.ptr()), key);
    }
    case TypeKind::Set:
    case TypeKind::Scalar:
    case TypeKind::Ref: throw TypeError(place_text(v) + ": " + name_of_kind(*v->type));
    default: return element_view(v, position_of(v, key));
    }
}

int view_contains(PyObject* self, PyObject* wanted) {
    return guarded([&]() -> int {
        ViewObject* v = as_view(self);
        const nb::object views = owned(iterate_parts(v, Part::View));
        while (const nb::object view = nb::steal(PyIter_Next(views.ptr())))
            if (checked(PyObject_RichCompareBool(view.ptr(), wanted, Py_EQ))) return 1;
        if (PyErr_Occurred()) throw_python_error();
        return 0;
    });
}

Py_ssize_t view_length(PyObject* self) {
    return guarded_hot([&] { return static_cast<Py_ssize_t>(view_size(as_view(self))); });
}

PyObject* view_subscript(PyObject* self, PyObject* key) {
    return guarded([&] { return item_view(as_view(self), key); });
}

PyObject* iterate_views(PyObject* self) {
    return guarded([&] { return iterate_parts(as_view(self), Part::View); });
}
PyObject* iterate_keys(PyObject* self) {
    return guarded([&] { return iterate_parts(as_view(self), Part::Key); });
}

PyObject* iterate_parts(ViewObject* v, Part part) {
    const std::size_t size = view_size(v);
    const Position first = first_position(v);
    IteratorObject* it = PyObject_GC_New(IteratorObject, iterator_class);
    if (!it) throw_python_error();
    it->view = as_view(Py_NewRef(as_object(v)));
    it->size = size;
    it->next = first;
    it->part = part;
    PyObject_GC_Track(reinterpret_cast<PyObject*>(it));
    return reinterpret_cast<PyObject*>(it);
}

PyObject* range_of(ViewObject* v, Part part) {
    locate(v);
    RangeObject* r = PyObject_GC_New(RangeObject, range_classes[static_cast<std::size_t>(part)]);
    if (!r) throw_python_error();
    r->view = as_view(Py_NewRef(as_object(v)));
    r->weak_references = nullptr;
    r->part = part;
    PyObject_GC_Track(reinterpret_cast<PyObject*>(r));
    return reinterpret_cast<PyObject*>(r);
}

void init_ranges(PyObject* module) {
    iterator_class = add_class(module, "hgvalue.ViewIterator", sizeof(IteratorObject), Py_TPFLAGS_HAVE_GC,
                               {{Py_tp_doc, const_cast<char*>("ViewIterator()\n--\n\nGoes through a view or a range.")},
                                {Py_tp_new, slot(refuse_new)},
                                {Py_tp_dealloc, slot(drop_iterator)},
                                {Py_tp_traverse, slot(visit_iterator)},
                                {Py_tp_iter, slot(PyObject_SelfIter)},
                                {Py_tp_iternext, slot(next_part)}});
    PyTypeObject* base =
        add_range(module, "hgvalue.ViewRange",
                  "ViewRange()\n--\n\nWhat is below a view, as it is at the time of use: its keys or its values.");
    const auto set = [](Part part, PyTypeObject* cls) { range_classes[static_cast<std::size_t>(part)] = cls; };
    set(Part::Key,
        add_range(module, "hgvalue.ViewKeys", "ViewKeys()\n--\n\nThe keys below a view: a set, with positions.", base));
    set(Part::View,
        add_range(module, "hgvalue.ViewValues", "ViewValues()\n--\n\nThe views below a view, with positions.", base));
    set(Part::Pair, add_range(module, "hgvalue.ViewPairRange",
                              "ViewPairRange()\n--\n\n(key, view) of what is below a view: a set, with positions. "
                              "What operators make of it has plain values."));
}

} // namespace hgvalue::python
