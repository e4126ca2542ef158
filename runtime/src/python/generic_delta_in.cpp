// Deltas from their Python form and its JSON.
#include "generic_delta_forms.hpp"

#include "../delta/content.hpp"

#include <hgvalue/core/type_of.hpp>
#include <hgvalue/value/format.hpp>

#include <algorithm>
#include <initializer_list>
#include <vector>

namespace hgvalue::python {

namespace {

namespace part = detail::part;

void read_content(const TypeMeta& v, const TypeMeta& m, void* p, PyObject* from, const PathStep* where, Form form);

// -- columns ----------------------------------------------------------------------------------------------------------

/// Reads a value into its place, in the layout that the place has: a content is laid out by the registry, the type
/// whose change it is may be laid out by a compiler.
void read_value(detail::typed_ptr to, PyObject* from, const PathStep* where, Form form) {
    from_python(*to.type, to.data, from, where, form);
}

/// Reads a change of a part; false if it changes nothing, whose place is to stay as it was.
bool read_change(const TypeMeta& v, const TypeMeta& m, void* p, PyObject* from, const PathStep* where, Form form) {
    if (is_atomic(v)) {
        from_python(m, p, from, where, form);
        return true;
    }
    Value made(m);
    read_content(v, m, made.data(), from, where, form);
    if (detail::content_empty(v, m, made.data())) return false;
    m.ops->move_assign(m, p, made.data());
    return true;
}

const TypeMeta& element_of(const TypeMeta& m, std::uint32_t field) { return *m.fields[field].type->element; }

/// Fills a column with the items of a list, tuple or set.
void read_column(const TypeMeta& m, void* p, std::uint32_t field, const nb::object& from, const char* name,
                 const PathStep* where, Form form) {
    const PathStep inside = PathStep::field(where, name);
    const nb::object items = items_of(from, &inside);
    const auto size = static_cast<std::size_t>(PyList_Size(items.ptr()));
    std::byte* data = detail::resize_column(m, p, field, size);
    const TypeMeta& element = element_of(m, field);
    for (std::size_t i = 0; i < size; ++i) {
        const PathStep step = PathStep::at(&inside, i);
        const nb::object item = nb::borrow(PyList_GetItem(items.ptr(), static_cast<Py_ssize_t>(i)));
        from_python(element, data + i * element.size, item.ptr(), &step, form);
    }
}

void permute(const TypeMeta& m, void* p, std::uint32_t field, const std::vector<std::uint32_t>& order) {
    const TypeMeta& list = *m.fields[field].type;
    const TypeMeta& element = *list.element;
    Value sorted(list);
    list.ops->list_resize(list, sorted.data(), order.size());
    auto* to = static_cast<std::byte*>(list.ops->list_data(list, sorted.data()));
    auto* from = static_cast<std::byte*>(list.ops->list_data(list, detail::field_at(m, p, field)));
    for (std::size_t i = 0; i < order.size(); ++i)
        element.ops->move_assign(element, to + i * element.size, from + order[i] * element.size);
    list.ops->move_assign(list, detail::field_at(m, p, field), sorted.data());
}

/// Puts keys into ascending order, and what stands beside them along.
void sort_keys(const TypeMeta& m, void* p, std::initializer_list<std::uint32_t> fields) {
    const auto order = detail::sorted_positions(detail::column_at(m, p, *fields.begin()));
    if (std::is_sorted(order.begin(), order.end())) return;
    for (const std::uint32_t field : fields) permute(m, p, field, order);
}

/// Keys and what becomes of them; `read_key(place, object, where)` makes a key, `read(place, object, where)` is false
/// for what is to be left out.
template <class ReadKey, class Read>
void read_entries(const TypeMeta& m, void* p, std::uint32_t keys, std::uint32_t values, const nb::object& pairs,
                  const PathStep* where, const ReadKey& read_key, const Read& read) {
    const auto size = static_cast<std::size_t>(PyList_Size(pairs.ptr()));
    std::byte* key_data = detail::resize_column(m, p, keys, size);
    std::byte* value_data = detail::resize_column(m, p, values, size);
    const TypeMeta &key = element_of(m, keys), &value = element_of(m, values);
    std::size_t used = 0;
    for (std::size_t i = 0; i < size; ++i) {
        const Pair pair(pairs, static_cast<Py_ssize_t>(i));
        const PathStep step = PathStep::at_key(where, pair.first.ptr());
        read_key(detail::typed_ptr{&key, key_data + used * key.size}, pair.first.ptr(), &step);
        if (read(detail::typed_ptr{&value, value_data + used * value.size}, pair.second.ptr(), &step)) ++used;
    }
    detail::resize_column(m, p, keys, used);
    detail::resize_column(m, p, values, used);
}

/// {index: change}.
void read_updates(const TypeMeta& v, const TypeMeta& m, void* p, std::uint32_t indices, const nb::object& pairs,
                  const PathStep* where, Form form) {
    read_entries(
        m, p, indices, indices + 1, pairs, where,
        [&](detail::typed_ptr to, PyObject* key, const PathStep* step) {
            *static_cast<std::uint64_t*>(to.data) = index_of(key, step, form);
        },
        [&](detail::typed_ptr to, PyObject* from, const PathStep* step) {
            return read_change(*v.element, *to.type, to.data, from, step, form);
        });
    sort_keys(m, p, {indices, indices + 1});
}

// -- kinds ------------------------------------------------------------------------------------------------------------

/// The pairs of a dict without its marks, which are stored.
nb::object marked_pairs(const TypeMeta& m, void* p, PyObject* from, const PathStep* where, Form form) {
    nb::object dict = dict_of_mapping(from);
    if (!dict) throw_unexpected("the dict of a delta", from, where);
    for (const auto& [name, bit] : mark_keys) {
        const nb::object key = owned(PyUnicode_FromString(name));
        PyObject* mark = PyDict_GetItemWithError(dict.ptr(), key.ptr());
        if (!mark && PyErr_Occurred()) throw_python_error();
        if (!mark) continue;
        detail::set_mark(m, p, bit, truth_of(nb::borrow(mark), name, where));
        dict = owned(PyDict_Copy(dict.ptr()));
        checked(PyDict_DelItem(dict.ptr(), key.ptr()));
    }
    return pairs_of(dict, true, where, form);
}

std::uint32_t field_index(const TypeMeta& v, PyObject* key, const PathStep* where, Form form) {
    if (v.kind == TypeKind::Tuple) {
        const std::uint64_t i = index_of(key, where, form);
        if (i < v.field_count) return static_cast<std::uint32_t>(i);
    } else {
        for (std::uint32_t i = 0; i < v.field_count; ++i)
            if (PyUnicode_Check(key) && PyUnicode_CompareWithASCIIString(key, v.fields[i].name) == 0) return i;
    }
    throw TypeError(prefix(where) + type_name(v) + " has no field " + short_repr(key));
}

void read_fields(const TypeMeta& v, const TypeMeta& m, void* p, PyObject* from, const PathStep* where, Form form) {
    const nb::object pairs = marked_pairs(m, p, from, where, form);
    for (Py_ssize_t n = 0; n < PyList_Size(pairs.ptr()); ++n) {
        const Pair pair(pairs, n);
        const std::uint32_t i = field_index(v, pair.first.ptr(), where, form);
        const PathStep step = v.fields[i].name ? PathStep::field(where, v.fields[i].name) : PathStep::at(where, i);
        if (read_change(*v.fields[i].type, detail::change_type(m, i), detail::change_at(m, p, i), pair.second.ptr(),
                        &step, form))
            detail::field_mask::mark(m, p, i);
    }
}

void read_optional(const TypeMeta& v, const TypeMeta& m, void* p, PyObject* from, const PathStep* where, Form form) {
    const Entries entries(v, from, where, {"reset", "value", "inside"});
    read_marks(entries, m, p, where);
    const nb::object value = entries.get("value"), inside = entries.get("inside");
    const bool invalid = detail::invalidates(m, p);
    const bool reset = truth_of(entries.get("reset"), "reset", where) || invalid;
    if (int{reset} + int{bool(value)} + int{inside && !invalid} > 1)
        throw ValueError(prefix(where) + "one of reset, value and inside can happen, not several");
    auto& state = *static_cast<OptionalChange*>(detail::field_at(m, p, part::optional::state));
    if (reset) state = OptionalChange::Reset;
    if (value) {
        const PathStep step = PathStep::field(where, "value");
        read_value(detail::emplace_typed(m, p, part::optional::value), value.ptr(), &step, form);
        state = OptionalChange::Replaced;
    }
    if (!inside) return;
    const PathStep step = PathStep::field(where, "inside");
    if (m.field_count <= part::optional::inside)
        throw TypeError(render(&step) + ": nothing changes inside a " + type_name(*v.element) + "; give its new value");
    const TypeMeta& content = element_of(m, part::optional::inside);
    Value made(content);
    read_content(*v.element, content, made.data(), inside.ptr(), &step, form);
    if (detail::content_empty(*v.element, content, made.data())) return;
    content.ops->move_assign(content, detail::emplace_at(m, p, part::optional::inside), made.data());
    if (!invalid) state = OptionalChange::Inside;
}

void read_list(const TypeMeta& v, const TypeMeta& m, void* p, PyObject* from, const PathStep* where, Form form) {
    if (v.fixed_size > 0)
        return read_updates(v, m, p, part::array::indices, marked_pairs(m, p, from, where, form), where, form);
    const Entries entries(v, from, where, {"kept", "dropped", "updated", "appended"});
    read_marks(entries, m, p, where);
    detail::set_count(m, p, part::list::dropped, count_of(entries.get("dropped"), "dropped", where));
    const PathStep updated = PathStep::field(where, "updated");
    read_updates(v, m, p, part::list::indices, pairs_of(entries.get("updated"), true, &updated, form), &updated, form);
    read_column(m, p, part::list::appended, entries.get("appended"), "appended", where, form);
    const std::uint64_t kept = count_of(entries.get("kept"), "kept", where);
    if (!detail::changes_nothing(v, m, p) || detail::is_ticked(m, p)) detail::set_count(m, p, part::list::kept, kept);
}

void read_set(const TypeMeta& v, const TypeMeta& m, void* p, PyObject* from, const PathStep* where, Form form) {
    nb::object added, removed;
    if (form == Form::Json || !set_delta_parts(from, added, removed)) {
        const Entries entries(v, from, where, {"removed", "added"});
        read_marks(entries, m, p, where);
        added = entries.get("added");
        removed = entries.get("removed");
    }
    read_column(m, p, part::set::added, added, "added", where, form);
    read_column(m, p, part::set::removed, removed, "removed", where, form);
    sort_keys(m, p, {part::set::removed});
    if (!v.is(TypeFlags::Ordered)) sort_keys(m, p, {part::set::added});
}

void read_map(const TypeMeta& v, const TypeMeta& m, void* p, PyObject* from, const PathStep* where, Form form) {
    const Entries entries(v, from, where, {"removed", "added", "updated"});
    read_marks(entries, m, p, where);
    read_column(m, p, part::map::removed, entries.get("removed"), "removed", where, form);
    sort_keys(m, p, {part::map::removed});
    const bool text = v.key->scalar == ScalarKind::Str;
    const auto read_key = [&](detail::typed_ptr to, PyObject* key, const PathStep* step) {
        read_value(to, key, step, form);
    };
    const PathStep added = PathStep::field(where, "added"), updated = PathStep::field(where, "updated");
    read_entries(m, p, part::map::added, part::map::added_values, pairs_of(entries.get("added"), text, &added, form),
                 &added, read_key, [&](detail::typed_ptr to, PyObject* value, const PathStep* step) {
                     read_value(to, value, step, form);
                     return true;
                 });
    if (!v.is(TypeFlags::Ordered)) sort_keys(m, p, {part::map::added, part::map::added_values});
    read_entries(
        m, p, part::map::updated_keys, part::map::updated, pairs_of(entries.get("updated"), text, &updated, form),
        &updated, read_key, [&](detail::typed_ptr to, PyObject* change, const PathStep* step) {
            return read_change(*v.element, *to.type, to.data, change, step, form) || detail::lists_keys(v, m, p);
        });
    sort_keys(m, p, {part::map::updated_keys, part::map::updated});
}

void read_ring(const TypeMeta& v, const TypeMeta& m, void* p, PyObject* from, const PathStep* where, Form form) {
    const Entries entries(v, from, where, {"kept", "dropped", "appended"});
    read_marks(entries, m, p, where);
    detail::set_count(m, p, part::ring::dropped, count_of(entries.get("dropped"), "dropped", where));
    if (v.kind != TypeKind::Window) {
        read_column(m, p, part::ring::appended, entries.get("appended"), "appended", where, form);
    } else {
        const PathStep inside = PathStep::field(where, "appended");
        const nb::object pairs = items_of(entries.get("appended"), &inside);
        for (Py_ssize_t i = 0; i < PyList_Size(pairs.ptr()); ++i) {
            PyObject* pair = PyList_GetItem(pairs.ptr(), i);
            const nb::object both = items_of_sequence(pair);
            if (!both || PySequence_Size(both.ptr()) != 2) throw_unexpected("a (datetime, value) pair", pair, &inside);
        }
        read_entries(
            m, p, part::ring::times, part::ring::appended, pairs, &inside,
            [&](detail::typed_ptr to, PyObject* time, const PathStep* step) { read_value(to, time, step, form); },
            [&](detail::typed_ptr to, PyObject* value, const PathStep* step) {
                read_value(to, value, step, form);
                return true;
            });
    }
    const std::uint64_t kept = count_of(entries.get("kept"), "kept", where);
    if (!detail::changes_nothing(v, m, p)) detail::set_count(m, p, part::ring::kept, kept);
}

void read_kind(const TypeMeta& v, const TypeMeta& m, void* p, PyObject* from, const PathStep* where, Form form) {
    switch (v.kind) {
    case TypeKind::Optional: return read_optional(v, m, p, from, where, form);
    case TypeKind::Bundle:
    case TypeKind::Tuple: return read_fields(v, m, p, from, where, form);
    case TypeKind::List: return read_list(v, m, p, from, where, form);
    case TypeKind::Set: return read_set(v, m, p, from, where, form);
    case TypeKind::Map: return read_map(v, m, p, from, where, form);
    case TypeKind::CyclicBuffer:
    case TypeKind::Queue:
    case TypeKind::Window: return read_ring(v, m, p, from, where, form);
    case TypeKind::Scalar:
    case TypeKind::Variant:
    case TypeKind::Ref: break;
    }
    const Entries entries(v, from, where, {"value"}); // a root: inside others its value alone stands
    read_marks(entries, m, p, where);
    const nb::object value = entries.get("value");
    const PathStep step = PathStep::field(where, "value");
    if (value) read_value(detail::emplace_typed(m, p, part::atomic_root::value), value.ptr(), &step, form);
}

void read_content(const TypeMeta& v, const TypeMeta& m, void* p, PyObject* from, const PathStep* where, Form form) {
    // A type may hold its own kind, so input decides how deep this goes.
    if (Py_EnterRecursiveCall(" while reading a delta") != 0) throw_python_error();
    struct Leave {
        ~Leave() { Py_LeaveRecursiveCall(); }
    } leave;
    if (form == Form::Object && is_delta(from)) { // where a form is expected, a delta will do
        UsedDelta given(from);
        if (!same_type(given.value_type(), v)) throw_unexpected(("a delta of " + type_name(v)).c_str(), from, where);
        const ConstValueView content = given.place();
        return detail::copy_value(m, p, *content.schema(), content.data());
    }
    read_kind(v, m, p, from, where, form);
}

/// The time that the form of a whole delta may have; `from` becomes the rest of it.
engine_time_t read_time(nb::object& from, const PathStep* where, Form form) {
    if (form == Form::Object && is_delta(from.ptr())) return UsedDelta(from.ptr()).time();
    const nb::object key = owned(PyUnicode_FromString(time_key));
    const nb::object dict = dict_of_mapping(from.ptr());
    PyObject* found = dict ? PyDict_GetItemWithError(dict.ptr(), key.ptr()) : nullptr;
    if (!found) {
        if (PyErr_Occurred()) throw_python_error();
        return MIN_DT;
    }
    const PathStep step = PathStep::field(where, time_key);
    const nb::object given = nb::borrow(found);
    from = owned(PyDict_Copy(dict.ptr()));
    checked(PyDict_DelItem(from.ptr(), key.ptr()));
    datetime time{};
    from_python(type_of<datetime>(), &time, given.ptr(), &step, form);
    return time.us;
}

} // namespace

DeltaValue delta_from_form(const TypeMeta& value_type, PyObject* form_object, Form form) {
    const TypeMeta& v = TypeRegistry::instance().intern(value_type);
    const TypeMeta& m = delta_type(v);
    const std::string name = type_name(v);
    const PathStep where = PathStep::root(name.c_str());
    Value content(m);
    nb::object rest = nb::borrow(form_object);
    const engine_time_t time = read_time(rest, &where, form);
    read_content(v, m, content.data(), rest.ptr(), &where, form);
    DeltaValue delta = DeltaValue::from_storage(v, std::move(content));
    delta.set_time(time);
    return delta;
}

} // namespace hgvalue::python
