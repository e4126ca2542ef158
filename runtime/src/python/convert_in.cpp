// Python objects to values.
#include "collections.hpp"
#include "convert.hpp"
#include "convert_union.hpp"
#include "enum_class.hpp"
#include "fidelity.hpp"
#include "left_out.hpp"
#include "numpy.hpp"
#include "scalars.hpp"
#include "struct_class.hpp"

#include <hgvalue/core/type_of.hpp>
#include <hgvalue/value/format.hpp>
#include <hgvalue/value/ring.hpp>

#include <algorithm>
#include <cstring>
#include <vector>

namespace hgvalue::python {

namespace {

std::byte* bytes_at(void* p) noexcept { return static_cast<std::byte*>(p); }

std::size_t size_of(const nb::object& list_or_tuple) {
    PyObject* o = list_or_tuple.ptr();
    return static_cast<std::size_t>(PyList_Check(o) ? PyList_Size(o) : PyTuple_Size(o));
}

/// Item `i`, held: converting one may run Python code that changes the list.
nb::object item(const nb::object& list_or_tuple, std::size_t i) {
    PyObject* o = list_or_tuple.ptr();
    const auto at = static_cast<Py_ssize_t>(i);
    PyObject* found = PyList_Check(o) ? PyList_GetItem(o, at) : PyTuple_GetItem(o, at);
    if (!found) throw_python_error(); // the list has become shorter
    return nb::borrow(found);
}

/// Converts items 0 to count-1 into `place(i)`.
template <class Place>
void assign_items(const TypeMeta& element, const nb::object& items, std::size_t count, const PathStep* where, Form form,
                  const Place& place) {
    for (std::size_t i = 0; i < count; ++i) {
        const nb::object from = item(items, i);
        const PathStep step = PathStep::at(where, i);
        from_python(element, place(i), from.ptr(), &step, form);
    }
}

[[noreturn]] void throw_wrong_length(std::size_t expected, std::size_t given, const PathStep* where) {
    throw ValueError(prefix(where) + "expected " + std::to_string(expected) + " elements, got " +
                     std::to_string(given));
}

/// The items of what JSON or Python has for a sequence of the given kind: exactly a list or exactly a tuple.
nb::object strict_items(const TypeMeta& type, bool tuple, PyObject* from, const PathStep* where, Form form) {
    if (form == Form::Json) tuple = false;
    if (!(tuple ? PyTuple_Check(from) : PyList_Check(from))) throw_wrong_type(type, from, where);
    return nb::borrow(from);
}

// -- lists, tuples and arrays -----------------------------------------------------------------------------------------

/// Elements for an array or a buffer, from any sequence: `resize(n)` is asked for room before `place(i)` is written.
template <class Resize, class Place>
void assign_array(const TypeMeta& type, PyObject* from, const PathStep* where, Form form, const Resize& resize,
                  const Place& place) {
    const TypeMeta& element = *type.element;
    if (const NumericBuffer buffer(element, from); buffer) {
        note_converted_unless(is_numpy(from, "ndarray"));
        resize(buffer.size());
        for (std::size_t i = 0; i < buffer.size(); ++i) std::memcpy(place(i), buffer[i], element.size);
        return;
    }
    const nb::object items = is_numpy(from, "ndarray") ? numpy_items(from, where) : items_of_sequence(from);
    if (!items) throw_wrong_type(type, from, where);
    const bool shown_as_list = form == Form::Json || type.kind == TypeKind::Queue;
    note_converted_unless(shown_as_list ? PyList_Check(from) : !PyList_Check(from));
    const std::size_t count = size_of(items);
    resize(count);
    assign_items(element, items, count, where, form, place);
}

void assign_list(const TypeMeta& type, void* to, PyObject* from, const PathStep* where, Form form) {
    const std::size_t width = type.element->size;
    if (!type.ops->list_size) {
        const auto size = static_cast<std::size_t>(type.fixed_size);
        const auto require = [&](std::size_t n) {
            if (n != size) throw_wrong_length(size, n, where);
        };
        return assign_array(type, from, where, form, require, [&](std::size_t i) { return bytes_at(to) + i * width; });
    }
    const nb::object items = strict_items(type, type.is(TypeFlags::IsTuple), from, where, form);
    const std::size_t count = size_of(items);
    type.ops->list_resize(type, to, count);
    std::byte* data = bytes_at(type.ops->list_data(type, to));
    assign_items(*type.element, items, count, where, form, [&](std::size_t i) { return data + i * width; });
}

void assign_tuple(const TypeMeta& type, void* to, PyObject* from, const PathStep* where, Form form) {
    const nb::object items = strict_items(type, true, from, where, form);
    if (size_of(items) != type.field_count) throw_wrong_length(type.field_count, size_of(items), where);
    for (std::uint32_t i = 0; i < type.field_count; ++i) {
        const nb::object from_item = item(items, i);
        const PathStep step = PathStep::at(where, i);
        from_python(*type.fields[i].type, bytes_at(to) + type.fields[i].offset, from_item.ptr(), &step, form);
    }
}

// -- buffers, queues and windows --------------------------------------------------------------------------------------

void assign_ring(const TypeMeta& type, ring& to, PyObject* from, const PathStep* where, Form form) {
    runtime().ring_clear(type, to);
    const bool bounded = type.fixed_size > 0;
    const bool drops_oldest = type.kind == TypeKind::CyclicBuffer; // as collections.deque(maxlen=n) does
    const auto require = [&](std::size_t n) {
        if (bounded && !drops_oldest && n > static_cast<std::size_t>(type.fixed_size))
            throw ValueError(prefix(where) + type_name(type) + " holds at most " + std::to_string(type.fixed_size) +
                             " elements, got " + std::to_string(n));
    };
    assign_array(type, from, where, form, require, [&](std::size_t) {
        if (drops_oldest && to.size() == static_cast<std::uint64_t>(type.fixed_size)) {
            note(Fidelity::Changed);
            runtime().ring_pop(type, to);
        }
        return runtime().ring_push(type, to);
    });
}

void assign_window(const TypeMeta& type, window_storage& to, PyObject* from, const PathStep* where, Form form) {
    const nb::object pairs = items_of_sequence(from);
    if (!pairs) throw_wrong_type(type, from, where);
    runtime().ring_clear(type, to);
    Temporary value(*type.element);
    const std::size_t count = size_of(pairs);
    for (std::size_t i = 0; i < count; ++i) {
        const PathStep step = PathStep::at(where, i);
        const nb::object pair = item(pairs, i);
        const nb::object parts = items_of_sequence(pair.ptr());
        if (!parts || size_of(parts) != 2)
            throw TypeError(render(&step) + ": expected a (datetime, value) pair, got " + describe(pair.ptr()));
        datetime time;
        const PathStep time_step = PathStep::at(&step, 0), value_step = PathStep::at(&step, 1);
        from_python(type_of<datetime>(), &time, item(parts, 0).ptr(), &time_step, form);
        from_python(*type.element, value.get(), item(parts, 1).ptr(), &value_step, form);
        if (i != 0 && time.us < to.time(to.size() - 1))
            throw ValueError(render(&time_step) + ": the times of a window must not decrease");
        runtime().window_value_push(type, to, time.us, value.get());
        if (to.size() != i + 1) throw ValueError(render(&step) + ": the elements do not all fit in " + type_name(type));
    }
}

// -- sets and dicts ---------------------------------------------------------------------------------------------------

/// The row of a key, added if it is not there.
std::uint32_t row_of(const TypeMeta& type, row_store& to, Temporary& key, PyObject* from, const PathStep* where,
                     Form form) {
    const TypeMeta& key_type = key.type();
    from_python(key_type, key.get(), from, where, form);
    const std::size_t hash = key_type.ops->hash(key_type, key.get());
    const std::uint32_t row = find_row(type, to, key.get(), hash);
    if (row != no_row) note(Fidelity::Changed); // JSON may give a key twice, or two keys that convert to one
    return row != no_row ? row : runtime().row_store_insert(type, to, key.get(), hash);
}

void assign_set(const TypeMeta& type, row_store& to, PyObject* from, const PathStep* where, Form form) {
    if (!(form == Form::Json ? PyList_Check(from) : is_set(from))) throw_wrong_type(type, from, where);
    runtime().row_store_clear(type, to);
    Temporary key(*type.element);
    const nb::object iterator = owned(PyObject_GetIter(from));
    while (const nb::object element = nb::steal(PyIter_Next(iterator.ptr()))) {
        const PathStep step = PathStep::at_key(where, element.ptr());
        row_of(type, to, key, element.ptr(), &step, form);
    }
    if (PyErr_Occurred()) throw_python_error();
}

void assign_entry(const TypeMeta& type, row_store& to, Temporary& key, PyObject* from_key, PyObject* from_value,
                  const PathStep* where, Form form) {
    const PathStep step = PathStep::at_key(where, from_key);
    const std::uint32_t row = row_of(type, to, key, from_key, &step, form);
    from_python(*type.element, to.value(type, row), from_value, &step, form);
}

/// JSON has a list of [key, value] pairs where keys are not strings.
void assign_pairs(const TypeMeta& type, row_store& to, PyObject* from, const PathStep* where, Form form) {
    if (!PyList_Check(from)) throw_wrong_type(type, from, where);
    Temporary key(*type.key);
    const nb::object pairs = nb::borrow(from);
    for (std::size_t i = 0, count = size_of(pairs); i < count; ++i) {
        const nb::object pair = item(pairs, i);
        if (!PyList_Check(pair.ptr()) || size_of(pair) != 2) throw_wrong_type(type, from, where);
        assign_entry(type, to, key, item(pair, 0).ptr(), item(pair, 1).ptr(), where, form);
    }
}

void assign_map(const TypeMeta& type, row_store& to, PyObject* from, const PathStep* where, Form form) {
    runtime().row_store_clear(type, to);
    if (form == Form::Json && type.key->scalar != ScalarKind::Str) return assign_pairs(type, to, from, where, form);
    const nb::object dict = dict_of_mapping(from);
    if (!dict) throw_wrong_type(type, from, where);
    note_converted_unless(dict.ptr() == from);
    Temporary key(*type.key);
    for_each_entry(dict.ptr(), [&](PyObject* k, PyObject* v) { assign_entry(type, to, key, k, v, where, form); });
}

// -- structs ----------------------------------------------------------------------------------------------------------

/// The names of the dataclass fields of `o`, in any order, are exactly those of `type`.
bool has_our_fields(const TypeMeta& type, PyObject* o) {
    const nb::object fields = find_attribute(reinterpret_cast<PyObject*>(Py_TYPE(o)), "__dataclass_fields__");
    if (!fields || !PyDict_Check(fields.ptr())) return false;
    if (PyDict_Size(fields.ptr()) != static_cast<Py_ssize_t>(type.field_count)) return false;
    for (std::uint32_t i = 0; i < type.field_count; ++i)
        if (!find_item(fields.ptr(), type.fields[i].name)) return false;
    return true;
}

/// Whether `o` is of a struct class of another origin (hgraph's, a dataclass, another generated module's) that has the
/// name of ours and the same fields.
bool is_look_alike(const TypeMeta& type, PyObject* o) {
    const nb::object name = owned(PyType_GetName(Py_TYPE(o)));
    return PyUnicode_CompareWithASCIIString(name.ptr(), type.name) == 0 && has_our_fields(type, o);
}

void assign_attributes(const TypeMeta& type, void* to, PyObject* from, const PathStep* where) {
    note(Fidelity::Converted);
    for (std::uint32_t i = 0; i < type.field_count; ++i) {
        const FieldInfo& f = type.fields[i];
        const nb::object value = owned(PyObject_GetAttrString(from, f.name));
        const PathStep step = PathStep::field(where, f.name);
        from_python(*f.type, bytes_at(to) + f.offset, value.ptr(), &step);
    }
}

[[noreturn]] void throw_unknown_field(const TypeMeta& type, PyObject* dict, const PathStep* where) {
    std::string known;
    for (std::uint32_t i = 0; i < type.field_count; ++i) known += (i ? ", " : "") + std::string(type.fields[i].name);
    const nb::object names = owned(PyDict_Keys(dict));
    for (Py_ssize_t i = 0; i < PyList_Size(names.ptr()); ++i) {
        PyObject* name = PyList_GetItem(names.ptr(), i);
        bool is_known = false;
        for (std::uint32_t f = 0; f < type.field_count && !is_known; ++f)
            is_known = PyUnicode_Check(name) && PyUnicode_CompareWithASCIIString(name, type.fields[f].name) == 0;
        if (!is_known)
            throw TypeError(prefix(where) + type_name(type) + " has no field " + short_repr(name) +
                            "; the fields are " + known);
    }
    throw TypeError(prefix(where) + "expected the fields " + known + ", got " + describe(dict));
}

/// A struct made at run time, which has no class: from a dict of all fields without a default.
void assign_by_name(const TypeMeta& type, void* to, PyObject* dict, const PathStep* where, Form form) {
    Py_ssize_t used = 0;
    std::string missing;
    std::vector<std::size_t> left_out;
    for (std::uint32_t i = 0; i < type.field_count; ++i) {
        const FieldInfo& f = type.fields[i];
        const nb::object held = find_item(dict, f.name);
        if (!held) {
            note(Fidelity::Converted); // it reads back with its default
            left_out.push_back(i);
            if (!f.has_default) missing += (missing.empty() ? "" : ", ") + std::string(f.name);
            continue;
        }
        ++used;
        const PathStep step = PathStep::field(where, f.name);
        from_python(*f.type, bytes_at(to) + f.offset, held.ptr(), &step, form);
    }
    if (used != PyDict_Size(dict)) throw_unknown_field(type, dict, where);
    if (!missing.empty()) throw TypeError(prefix(where) + "missing fields of " + type_name(type) + ": " + missing);
    if (left_out.empty()) return;
    reset_fields(type, to, [&](std::size_t i) { return std::binary_search(left_out.begin(), left_out.end(), i); });
}

void assign_fields(const TypeMeta& type, void* to, PyObject* from, const PathStep* where, Form form) {
    const StructClass* cls = StructClass::of(type);
    if (!cls) {
        const nb::object fields = dict_of_mapping(from);
        if (fields) return assign_by_name(type, to, fields.ptr(), where, form);
        if (has_our_fields(type, from)) return assign_attributes(type, to, from, where);
        throw_wrong_type(type, from, where);
    }
    if (cls->is_instance(from)) return type.ops->copy_assign(type, to, cls->value_of(from));
    // What a bundle of time series holds is a dict in Python, as its `value` is.
    const bool takes_dict = form != Form::Object || type.is(TypeFlags::Partial);
    const nb::object dict = takes_dict ? dict_of_mapping(from) : nb::object();
    if (dict) return assign_dict(*cls, to, dict.ptr(), where, form);
    if (is_look_alike(type, from)) return assign_attributes(type, to, from, where);
    if (dict_of_mapping(from))
        throw TypeError(prefix(where) + "expected " + type.name + ", got " + describe(from) + "; " + type.name +
                        ".from_dict makes one");
    throw_wrong_type(type, from, where);
}

void assign_struct(const TypeMeta& type, void* to, PyObject* from, const PathStep* where, Form form) {
    // A struct may hold its own kind, so input decides how deep this goes.
    if (Py_EnterRecursiveCall(" while converting a value") != 0) throw_python_error();
    struct Leave {
        ~Leave() { Py_LeaveRecursiveCall(); }
    } leave;
    assign_fields(type, to, from, where, form);
}

void assign_optional(const TypeMeta& type, void* to, PyObject* from, const PathStep* where, Form form) {
    if (from == Py_None) return type.ops->optional_reset(type, to);
    void* payload = type.ops->optional_get(type, to);
    from_python(*type.element, payload ? payload : type.ops->optional_emplace(type, to), from, where, form);
}

// -- scalars ----------------------------------------------------------------------------------------------------------

void assign_scalar(const TypeMeta& type, void* to, PyObject* from, const PathStep* where, Form form) {
    try {
        if (form == Form::Json)
            json_scalar_from_python(type, to, from, where);
        else
            scalar_from_python(type, to, from, where);
    } catch (const TypeError&) { // asked last, since scalars are what is converted most
        if (!assign_operand(type, to, from, where)) throw;
    }
}

} // namespace

void from_python(const TypeMeta& type, void* to, PyObject* from, const PathStep* where, Form form) {
    detail::check_place(type, to);
    if (type.kind == TypeKind::Scalar) return assign_scalar(type, to, from, where, form);
    if (assign_operand(type, to, from, where)) return;
    switch (type.kind) {
    case TypeKind::Tuple: return assign_tuple(type, to, from, where, form);
    case TypeKind::Bundle: return assign_struct(type, to, from, where, form);
    case TypeKind::List: return assign_list(type, to, from, where, form);
    case TypeKind::Set: return assign_set(type, *static_cast<row_store*>(to), from, where, form);
    case TypeKind::Map: return assign_map(type, *static_cast<row_store*>(to), from, where, form);
    case TypeKind::CyclicBuffer:
    case TypeKind::Queue: return assign_ring(type, *static_cast<ring*>(to), from, where, form);
    case TypeKind::Window: return assign_window(type, *static_cast<window_storage*>(to), from, where, form);
    case TypeKind::Optional: return assign_optional(type, to, from, where, form);
    case TypeKind::Variant: return assign_variant(type, to, from, where, form);
    case TypeKind::Scalar:
    case TypeKind::Ref: break;
    }
    throw_wrong_type(type, from, where);
}

void throw_wrong_type(const TypeMeta& expected, PyObject* given, const PathStep* where) {
    throw TypeError(prefix(where) + "expected " + type_name(expected) + ", got " + describe(given));
}

void throw_out_of_range(const TypeMeta& expected, PyObject* given, const PathStep* where) {
    throw OverflowError(prefix(where) + short_repr(given) + " is beyond the range of " + type_name(expected));
}

} // namespace hgvalue::python
