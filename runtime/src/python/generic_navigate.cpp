#include "generic_navigate.hpp"

#include "generic_view_items.hpp"

#include <hgvalue/value/format.hpp>
#include <hgvalue/value/navigate.hpp>

namespace hgvalue::python {

namespace {

/// What a step is an item of: an optional or variant stands for what it holds.
nb::object within_holders(const nb::object& view) {
    nb::object at = view;
    while (as_view(at.ptr())->type->kind == TypeKind::Optional || as_view(at.ptr())->type->kind == TypeKind::Variant) {
        ViewObject* v = as_view(at.ptr());
        at = nb::steal(held_view(v));
        if (!at) throw NullValueError(place_text(v) + " is empty");
    }
    return at;
}

/// Keys that are neither text nor integers stand in a path as they are written.
PyObject* entry_by_text(ViewObject* map, const std::string& text) {
    const TypeMeta& key = *map->type->key;
    const row_store& rows = rows_of(map);
    for (const std::uint32_t row : rows.rows())
        if (to_string(key, rows.key(*map->type, row)) == text) return entry_view(map, row);
    throw KeyError(place_text(map) + ": no such key: " + text);
}

nb::object object_of(const ParsedStep& step) {
    switch (step.kind) {
    case ParsedStep::Kind::Integer: {
        nb::object n = owned(PyLong_FromUnsignedLongLong(step.magnitude));
        return step.negative ? owned(PyNumber_Negative(n.ptr())) : n;
    }
    case ParsedStep::Kind::Boolean: return nb::borrow(step.magnitude ? Py_True : Py_False);
    default: return owned(PyUnicode_FromStringAndSize(step.text.data(), static_cast<Py_ssize_t>(step.text.size())));
    }
}

nb::object take_step(const nb::object& from, const ParsedStep& step) {
    const nb::object container = within_holders(from);
    ViewObject* v = as_view(container.ptr());
    const TypeMeta& type = *v->type;
    if (step.kind == ParsedStep::Kind::Name && type.kind != TypeKind::Bundle)
        throw TypeError(place_text(v) + ": a " + type_name(type) + " has no fields");
    if (step.kind == ParsedStep::Kind::Boolean && !(type.kind == TypeKind::Map && type.key->scalar == ScalarKind::Bool))
        throw TypeError(place_text(v) + ": true and false are keys of a map of bool only");
    if (step.kind == ParsedStep::Kind::Text && type.kind == TypeKind::Map && type.key->scalar != ScalarKind::Str)
        return owned(entry_by_text(v, step.text));
    return owned(item_view(v, object_of(step).ptr()));
}

} // namespace

PyObject* navigate_from(ViewObject* v, PyObject* path) {
    if (!PyUnicode_Check(path)) throw TypeError("a path is a str, not " + describe(path));
    Py_ssize_t size = 0;
    const char* text = PyUnicode_AsUTF8AndSize(path, &size);
    if (!text) throw_python_error();
    const ParsedPath parsed = parse_path({text, static_cast<std::size_t>(size)});
    locate(v);
    nb::object at = nb::borrow(as_object(v));
    for (std::size_t i = 0; i < parsed.size(); ++i) {
        try {
            at = take_step(at, parsed[i]);
        } catch (const Error& e) {
            throw Error(e.kind(), "'" + std::string(parsed.text_to(i)) + "': " + e.what());
        }
    }
    return at.release().ptr();
}

} // namespace hgvalue::python
