// Values to Python objects.
#include "calendar.hpp"
#include "convert.hpp"
#include "convert_union.hpp"
#include "enum_class.hpp"
#include "numpy.hpp"
#include "scalars.hpp"
#include "struct_class.hpp"

#include <hgvalue/core/type_of.hpp>
#include <hgvalue/value/format.hpp>
#include <hgvalue/value/ring.hpp>

#include <cmath>

namespace hgvalue::python {

namespace {

nb::object convert(const TypeMeta& type, const void* value, Form form);

const std::byte* bytes_at(const void* p) noexcept { return static_cast<const std::byte*>(p); }

/// Fills a new list or tuple of `count` items, item i made by `make(i)`.
template <class Make> nb::object make_list(std::size_t count, const Make& make) {
    nb::object list = owned(PyList_New(static_cast<Py_ssize_t>(count)));
    for (std::size_t i = 0; i < count; ++i)
        checked(PyList_SetItem(list.ptr(), static_cast<Py_ssize_t>(i), make(i).release().ptr()));
    return list;
}
template <class Make> nb::object make_tuple(std::size_t count, const Make& make) {
    nb::object tuple = owned(PyTuple_New(static_cast<Py_ssize_t>(count)));
    for (std::size_t i = 0; i < count; ++i)
        checked(PyTuple_SetItem(tuple.ptr(), static_cast<Py_ssize_t>(i), make(i).release().ptr()));
    return tuple;
}

// -- scalars in JSON: what json.dumps takes, and convert_in.cpp reads back --------------------------------------------

/// JSON has no NaN or infinity: they are the strings that float() reads.
nb::object json_float(double v) {
    if (std::isnan(v)) return owned(PyUnicode_FromString("NaN"));
    if (std::isinf(v)) return owned(PyUnicode_FromString(v > 0 ? "Infinity" : "-Infinity"));
    return owned(PyFloat_FromDouble(v));
}

nb::object json_scalar(const TypeMeta& type, const void* value) {
    const auto plain = [&] { return owned(scalar_to_python(type, value)); };
    switch (type.scalar) {
    case ScalarKind::Float32: return json_float(static_cast<double>(*static_cast<const float*>(value)));
    case ScalarKind::Float64: return json_float(*static_cast<const double*>(value));
    case ScalarKind::Bytes: return owned(PyObject_CallMethod(plain().ptr(), "hex", nullptr));
    case ScalarKind::Date:
    case ScalarKind::Time:
    case ScalarKind::DateTime: return owned(PyObject_CallMethod(plain().ptr(), "isoformat", nullptr));
    case ScalarKind::TimeDelta: return owned(PyLong_FromLongLong(static_cast<const timedelta*>(value)->us));
    case ScalarKind::Enum: return owned(enum_name(type, *static_cast<const std::int64_t*>(value)));
    default: return plain();
    }
}

nb::object scalar(const TypeMeta& type, const void* value, Form form) {
    return form == Form::Json ? json_scalar(type, value) : owned(scalar_to_python(type, value));
}

// -- structs ----------------------------------------------------------------------------------------------------------

nb::object field(const FieldInfo& f, const void* value, Form form) {
    return convert(*f.type, bytes_at(value) + f.offset, form);
}

/// Whether a field is part of the dict of a struct: of a partial one, unless it is None.
bool is_there(const TypeMeta& type, const FieldInfo& f, const void* value) {
    if (!type.is(TypeFlags::Partial)) return true;
    void* place = const_cast<std::byte*>(bytes_at(value) + f.offset); // only asked where the payload is
    return f.type->ops->optional_get(*f.type, place) != nullptr;
}

nb::object fields_as_dict(const TypeMeta& type, const void* value, Form form) {
    nb::object dict = owned(PyDict_New());
    if (const StructClass* cls = StructClass::of(type)) { // has the names as Python objects
        for (const FieldSlot& f : cls->fields())
            if (is_there(type, *f.info, value))
                checked(PyDict_SetItem(dict.ptr(), f.name, field(*f.info, value, form).ptr()));
        return dict;
    }
    for (std::uint32_t i = 0; i < type.field_count; ++i) {
        const FieldInfo& f = type.fields[i];
        if (!is_there(type, f, value)) continue;
        checked(PyDict_SetItemString(dict.ptr(), f.name, field(f, value, form).ptr()));
    }
    return dict;
}

nb::object bundle(const TypeMeta& type, const void* value, Form form) {
    if (form == Form::Object || (form == Form::Series && !type.is(TypeFlags::Partial)))
        if (const StructClass* cls = StructClass::of(type)) return cls->copy_of(value);
    if (Py_EnterRecursiveCall(" while converting a value") != 0) throw_python_error();
    struct Leave {
        ~Leave() { Py_LeaveRecursiveCall(); }
    } leave;
    return fields_as_dict(type, value, form);
}

nb::object tuple(const TypeMeta& type, const void* value, Form form) {
    const auto item = [&](std::size_t i) { return field(type.fields[i], value, form); };
    return form == Form::Json ? make_list(type.field_count, item) : make_tuple(type.field_count, item);
}

// -- sequences --------------------------------------------------------------------------------------------------------

const void* element_at(const TypeMeta& element, Elements a, Elements b, std::size_t i) {
    return i < a.count ? bytes_at(a.first) + i * element.size : bytes_at(b.first) + (i - a.count) * element.size;
}

/// A numpy array or a tuple; in JSON a list.
nb::object array(const TypeMeta& element, Elements a, Elements b, Form form) {
    const auto item = [&](std::size_t i) { return convert(element, element_at(element, a, b, i), form); };
    if (form == Form::Json) return make_list(a.count + b.count, item);
    nb::object made = numpy_array(element, a, b);
    return made ? made : make_tuple(a.count + b.count, item);
}

nb::object list(const TypeMeta& type, const void* value, Form form) {
    const TypeMeta& element = *type.element;
    if (!type.ops->list_size) return array(element, {value, static_cast<std::size_t>(type.fixed_size)}, {}, form);
    const std::size_t count = type.ops->list_size(type, value);
    const auto* data = bytes_at(type.ops->list_data(type, const_cast<void*>(value))); // only asked where it is
    const auto item = [&](std::size_t i) { return convert(element, data + i * element.size, form); };
    return type.is(TypeFlags::IsTuple) && form != Form::Json ? make_tuple(count, item) : make_list(count, item);
}

/// The two pieces of a ring, oldest element first.
std::pair<Elements, Elements> pieces(const TypeMeta& element, const ring& r) {
    if (r.empty()) return {};
    const std::uint32_t head = r.position(0);
    const std::uint32_t until_end = std::min(r.size(), r.capacity() - head);
    const auto* start = bytes_at(r.element(element.size, 0));
    return {{start, until_end}, {start - std::size_t{head} * element.size, r.size() - until_end}};
}

nb::object buffer(const TypeMeta& type, const ring& r, Form form) {
    const auto [a, b] = pieces(*type.element, r);
    return array(*type.element, a, b, form);
}

nb::object queue(const TypeMeta& type, const ring& r, Form form) {
    const TypeMeta& element = *type.element;
    return make_list(r.size(), [&](std::size_t i) {
        return convert(element, r.element(element.size, static_cast<std::uint32_t>(i)), form);
    });
}

nb::object window(const TypeMeta& type, const window_storage& w, Form form) {
    return make_list(w.size(), [&](std::size_t i) {
        const auto at = static_cast<std::uint32_t>(i);
        const datetime time{w.time(at)};
        const nb::object parts[] = {scalar(type_of<datetime>(), &time, form),
                                    convert(*type.element, w.element(type.element->size, at), form)};
        const auto part = [&](std::size_t p) { return parts[p]; };
        return form == Form::Json ? make_list(2, part) : make_tuple(2, part);
    });
}

// -- sets and dicts -----------------------------------------------------------------------------------------------

nb::object set(const TypeMeta& type, const row_store& s, Form form) {
    auto next = s.rows().begin();
    const auto key = [&](std::size_t) { return convert(*type.element, s.key(type, *next++), form); };
    if (form == Form::Json) return make_list(s.size(), key);
    // A struct as element must stay one: a dict could not be in a set.
    nb::object made = owned(PyFrozenSet_New(nullptr));
    for (const std::uint32_t row : s.rows())
        checked(PySet_Add(made.ptr(), convert(*type.element, s.key(type, row), Form::Object).ptr()));
    return made;
}

nb::object map(const TypeMeta& type, const row_store& s, Form form) {
    const auto value = [&](std::uint32_t row) { return convert(*type.element, s.value(type, row), form); };
    // JSON objects have strings as keys; other dicts are lists of pairs.
    auto next = s.rows().begin();
    if (form == Form::Json && type.key->scalar != ScalarKind::Str)
        return make_list(s.size(), [&](std::size_t) {
            const std::uint32_t row = *next++;
            const nb::object pair[] = {convert(*type.key, s.key(type, row), form), value(row)};
            return make_list(2, [&](std::size_t p) { return pair[p]; });
        });
    nb::object dict = owned(PyDict_New());
    for (const std::uint32_t row : s.rows())
        checked(PyDict_SetItem(dict.ptr(), convert(*type.key, s.key(type, row), Form::Object).ptr(), value(row).ptr()));
    return dict;
}

nb::object convert(const TypeMeta& type, const void* value, Form form) {
    detail::check_place(type, value);
    switch (type.kind) {
    case TypeKind::Scalar: return scalar(type, value, form);
    case TypeKind::Tuple: return tuple(type, value, form);
    case TypeKind::Bundle: return bundle(type, value, form);
    case TypeKind::List: return list(type, value, form);
    case TypeKind::Set: return set(type, *static_cast<const row_store*>(value), form);
    case TypeKind::Map: return map(type, *static_cast<const row_store*>(value), form);
    case TypeKind::CyclicBuffer: return buffer(type, *static_cast<const ring*>(value), form);
    case TypeKind::Queue: return queue(type, *static_cast<const ring*>(value), form);
    case TypeKind::Window: return window(type, *static_cast<const window_storage*>(value), form);
    case TypeKind::Optional: {
        const void* payload = type.ops->optional_get(type, const_cast<void*>(value)); // only asked where it is
        return payload ? convert(*type.element, payload, form) : nb::none();
    }
    case TypeKind::Variant: return variant_form(type, value, form);
    case TypeKind::Ref: break;
    }
    throw TypeError(type_name(type) + " has no Python form");
}

/// On its own, so that scalars do not pay for it.
[[gnu::noinline]] PyObject* guarded_convert(const TypeMeta& type, const void* value, Form form) noexcept {
    return guarded([&] { return convert(type, value, form).release().ptr(); });
}

} // namespace

PyObject* to_python(const TypeMeta& type, const void* value, Form form) noexcept {
    if (type.kind == TypeKind::Scalar && form != Form::Json) return scalar_to_python(type, value);
    return guarded_convert(type, value, form);
}

PyObject* array_to_python(const TypeMeta& element, Elements a, Elements b) noexcept {
    return guarded([&] { return array(element, a, b, Form::Object).release().ptr(); });
}

} // namespace hgvalue::python
