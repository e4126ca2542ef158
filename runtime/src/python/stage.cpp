#include "stage.hpp"

#include "collections.hpp"
#include "node_access.hpp"
#include "node_classes.hpp"
#include "sentinels.hpp"

#include <hgvalue/time_series/describe.hpp>
#include <hgvalue/time_series/engine.hpp>
#include <hgvalue/value/format.hpp>

#include <nanobind/nanobind.h>

#include <algorithm>
#include <cstring>
#include <functional>

namespace nb = nanobind;

namespace hgvalue::python {

namespace {

/// Converts one write and everything under it.
class Converter {
  public:
    Converter(Arena& arena, const node_ref* n)
        : arena_(arena), context_(n ? n->context : nullptr), version_(context_ ? context_->structure_version : 0) {}

    Write* convert(const NodeType& t, const node_ref* n, PyObject* v, const PathStep* where) {
        if (v == Py_None) return arena_.make<Write>();
        switch (t.kind) {
        case NodeKind::TS:
        case NodeKind::TSW: return store(t, v, where);
        case NodeKind::SIGNAL: return tick(t);
        case NodeKind::REF: return bind(t, v, where);
        case NodeKind::TSB: return bundle(t, n, v, where);
        case NodeKind::TSL: return t.list_size ? fixed_list(t, n, v, where) : dynamic_list(t, n, v, where);
        case NodeKind::TSS: return set(t, v, where);
        case NodeKind::TSD: return dict(t, n, v, where);
        }
        throw TypeError(prefix(where) + "this kind of time series cannot be written");
    }

    /// What a reference's bind() takes: a time series, or of one to a bundle or fixed list those for its parts.
    Write* convert_target(const NodeType& t, const node_ref& n, PyObject* v, const PathStep* where) {
        if (!has_parts(t, v)) return convert(t, &n, v, where);
        const NodeType& parts = engine::reference_items_type(*t.child);
        parts_of_ = &n;
        Write* w =
            parts.kind == NodeKind::TSB ? bundle(parts, nullptr, v, where) : fixed_list(parts, nullptr, v, where);
        w->action = Action::BindParts;
        return w;
    }

  private:
    static bool has_parts(const NodeType& t, PyObject* v) {
        if (t.child->kind == NodeKind::TSB) return is_mapping(v);
        return t.child->list_size && (PyTuple_Check(v) || PyList_Check(v) || is_mapping(v));
    }

    Write* store(const NodeType& t, PyObject* v, const PathStep* where) {
        // An `object` would take the sentinel for a value, and a removal would be lost in silence.
        if (t.scalar->scalar == ScalarKind::Object && (is_remove(v) || is_remove_if_exists(v)))
            throw_wrong_type("a value", v, where);
        Write* w = arena_.make<Write>();
        w->data = arena_.make_value(*t.scalar);
        from_python(*t.scalar, w->data, v, where);
        w->action = Action::Store;
        return w;
    }

    /// A reference takes another time series.
    Write* bind(const NodeType& t, PyObject* v, const PathStep* where) {
        if (!PyObject_TypeCheck(v, reinterpret_cast<PyTypeObject*>(time_series_class())))
            throw_wrong_type("a time series to refer to", v, where);
        NodeObject* target = as_node(v);
        const node_ref& n = resolve_for_reference(target);
        if (match_schemas(*t.child, *n.type) == SchemaMatch::Mismatch)
            throw TypeError(prefix(where) + "a " + schema_text(t) + " cannot refer to a " + schema_text(*n.type));
        if (context_ && context_->clock != n.context->clock)
            throw ValueError(prefix(where) + "a reference and its target must be on one clock");
        if (parts_of_ && engine::is_item_of(n, *parts_of_))
            throw ValueError(prefix(where) + "a reference cannot refer to its own items");
        Write* w = arena_.make<Write>();
        w->data = arena_.hold(v);
        w->action = Action::Bind;
        return w;
    }

    /// Whatever is written to a SIGNAL, it ticks.
    Write* tick(const NodeType& t) {
        Write* w = arena_.make<Write>();
        w->data = arena_.make_value(*t.scalar);
        *static_cast<bool*>(w->data) = true;
        w->action = Action::Store;
        return w;
    }

    Item* append(Write* w, Item::Kind kind) {
        Item* item = arena_.make<Item>();
        item->kind = kind;
        (w->last ? w->last->next : w->first) = item;
        w->last = item;
        ++w->count;
        return item;
    }

    /// Calls `f(key, value)` for each item of a mapping, in its order.
    template <class F> void for_each_item(PyObject* mapping, F&& f) {
        if (PyDict_CheckExact(mapping)) return for_each_entry(mapping, f);
        nb::object items = nb::steal(PyMapping_Items(mapping));
        if (!items.is_valid()) throw nb::python_error();
        nb::object iterator = nb::steal(PyObject_GetIter(items.ptr()));
        if (!iterator.is_valid()) throw nb::python_error();
        while (PyObject* next = PyIter_Next(iterator.ptr())) {
            nb::object pair = nb::steal(PySequence_Tuple(next));
            Py_DECREF(next);
            if (!pair.is_valid()) throw nb::python_error();
            if (PyTuple_Size(pair.ptr()) != 2) throw TypeError("items() of a mapping must give pairs");
            f(PyTuple_GetItem(pair.ptr(), 0), PyTuple_GetItem(pair.ptr(), 1));
        }
        if (PyErr_Occurred()) throw nb::python_error();
    }

    Write* bundle(const NodeType& t, const node_ref* n, PyObject* v, const PathStep* where) {
        if (!is_mapping(v)) throw_wrong_type("a dict of its fields", v, where);
        Write* w = arena_.make<Write>();
        for_each_item(v, [&](PyObject* key, PyObject* value) {
            const std::uint32_t slot = field_slot(t, key, where);
            const PathStep step = PathStep::field(where, t.fields[slot].name);
            const node_ref child = n ? field_ref(*n, slot) : node_ref{};
            add_child(w, slot, convert(*t.fields[slot].type, n ? &child : nullptr, value, &step));
        });
        return w;
    }

    static std::uint32_t field_slot(const NodeType& t, PyObject* key, const PathStep* where) {
        if (!PyUnicode_Check(key)) throw_wrong_type("a field name", key, where);
        for (std::uint32_t i = 0; i < t.field_count; ++i)
            if (field_name(t, i) == key) return i;
        Py_ssize_t size = 0;
        const char* name = PyUnicode_AsUTF8AndSize(key, &size);
        if (!name) throw nb::python_error();
        for (std::uint32_t i = 0; i < t.field_count; ++i)
            if (std::strlen(t.fields[i].name) == static_cast<std::size_t>(size) &&
                std::memcmp(t.fields[i].name, name, static_cast<std::size_t>(size)) == 0)
                return i;
        throw_unknown_field(t, key, where);
    }

    void add_child(Write* w, std::uint32_t slot, Write* child) {
        if (child->action == Action::Nothing && !child->empty) return;
        append(w, Item::Set)->slot = slot;
        w->last->write = child;
        w->action = Action::Children;
    }

    Write* fixed_list(const NodeType& t, const node_ref* n, PyObject* v, const PathStep* where) {
        Write* w = arena_.make<Write>();
        const auto element = [&](std::uint32_t i, PyObject* value) {
            const PathStep step = PathStep::at(where, i);
            const node_ref child = n ? element_ref(*n, i) : node_ref{};
            add_child(w, i, convert(*t.child, n ? &child : nullptr, value, &step));
        };
        if (PyTuple_Check(v) || PyList_Check(v)) {
            const nb::object items = sequence(v);
            if (PyTuple_Size(items.ptr()) != static_cast<Py_ssize_t>(t.list_size))
                throw ValueError(prefix(where) + "expected " + std::to_string(t.list_size) + " elements, got " +
                                 std::to_string(PyTuple_Size(items.ptr())));
            for (std::uint32_t i = 0; i < t.list_size; ++i) element(i, PyTuple_GetItem(items.ptr(), i));
        } else if (is_mapping(v)) {
            for_each_item(v,
                          [&](PyObject* key, PyObject* value) { element(list_index(key, t.list_size, where), value); });
        } else {
            throw_wrong_type("a tuple, a list or a dict of index to value", v, where);
        }
        return w;
    }

    /// A tuple of the elements, which Python code that runs in between cannot change.
    static nb::object sequence(PyObject* v) {
        nb::object items = nb::steal(PySequence_Tuple(v));
        if (!items.is_valid()) throw nb::python_error();
        return items;
    }

    /// An index below `size`, or equal to it if `may_append`; counted from the end if negative.
    static std::uint32_t list_index(PyObject* key, std::int64_t size, const PathStep* where, bool may_append = false) {
        std::int64_t i = index_from_python(key, where);
        if (i < 0) i += size;
        if (i < 0 || i >= size + (may_append ? 1 : 0))
            throw IndexError(prefix(where) + "index " + std::to_string(i) + " is outside a list of " +
                             std::to_string(size));
        return static_cast<std::uint32_t>(i);
    }

    Write* dynamic_list(const NodeType& t, const node_ref* n, PyObject* v, const PathStep* where) {
        Write* w = arena_.make<Write>();
        require_unmoved();
        const std::uint32_t before = n ? list_length(*n) : 0;
        std::uint32_t length = before;
        w->action = Action::Elements;
        w->empty = true;
        const auto element = [&](std::uint32_t i, PyObject* value) {
            const PathStep step = PathStep::at(where, i);
            const bool there = n && i < before && i < length;
            require_unmoved();
            const node_ref child = there ? element_ref(*n, i) : node_ref{};
            append(w, Item::Set)->slot = i;
            Item* item = w->last;
            item->write = convert(*t.child, there ? &child : nullptr, value, &step);
            if (i == length) ++length;
        };
        if (PyTuple_Check(v) || PyList_Check(v)) {
            const nb::object items = sequence(v);
            const Py_ssize_t size = PyTuple_Size(items.ptr());
            for (Py_ssize_t i = 0; i < size; ++i)
                element(static_cast<std::uint32_t>(i), PyTuple_GetItem(items.ptr(), i));
        } else if (is_mapping(v)) {
            list_items(w, length, v, where, element);
        } else {
            throw_wrong_type("a tuple, a list or a dict of index to value", v, where);
        }
        return w;
    }

    template <class F>
    void list_items(Write* w, std::uint32_t& length, PyObject* v, const PathStep* where, const F& element) {
        std::vector<std::uint32_t> removals;
        bool any = false, effective = false;
        for_each_item(v, [&](PyObject* key, PyObject* value) {
            any = true;
            if (is_remove(value) || is_remove_if_exists(value)) {
                removals.push_back(list_index(key, length, where));
                return;
            }
            const std::uint32_t i = list_index(key, length, where, true);
            if (value == Py_None) return;
            effective = effective || i == length;
            element(i, value);
            const Write& child = *w->last->write;
            effective = effective || child.action != Action::Nothing || child.empty;
        });
        w->empty = !any || effective;
        if (removals.empty()) return;
        std::sort(removals.begin(), removals.end(), std::greater<>());
        for (const std::uint32_t i : removals) {
            if (i + 1 != length)
                throw ValueError(prefix(where) + "only the last elements of a list can be removed, not index " +
                                 std::to_string(i) + " of " + std::to_string(length));
            append(w, Item::Remove)->slot = i;
            --length;
        }
    }

    Item* add_key(Write* w, const NodeType& t, PyObject* key, Item::Kind kind, const PathStep* where) {
        void* k = arena_.make_value(*t.scalar);
        from_python(*t.scalar, k, key, where);
        Item* item = append(w, kind);
        item->key = k;
        item->hash = t.scalar->ops->hash(*t.scalar, k);
        return item;
    }

    Write* set(const NodeType& t, PyObject* v, const PathStep* where) {
        Write* w = arena_.make<Write>();
        w->empty = true;
        nb::object added, removed;
        if (set_delta_parts(v, added, removed)) {
            w->action = Action::Members;
            members(w, t, added.ptr(), Item::Set, where);
            members(w, t, removed.ptr(), Item::RemoveIfExists, where);
            refuse_contradiction(w, t, where);
        } else if ((is_frozen_set(v) || is_elements(v))) {
            const bool whole = is_frozen_set(v);
            w->action = whole ? Action::Content : Action::Members;
            members(w, t, v, Item::Set, where);
            if (!whole) refuse_contradiction(w, t, where);
        } else {
            throw_wrong_type("a set, a frozenset or a set delta", v, where);
        }
        return w;
    }

    void members(Write* w, const NodeType& t, PyObject* elements, Item::Kind kind, const PathStep* where) {
        const nb::object items = sequence(elements);
        const Py_ssize_t size = PyTuple_Size(items.ptr());
        for (Py_ssize_t i = 0; i < size; ++i) {
            PyObject* element = PyTuple_GetItem(items.ptr(), i);
            const nb::object gone = w->action == Action::Members ? removed_item(element) : nb::object();
            if (gone.is_valid())
                add_key(w, t, gone.ptr(), Item::RemoveIfExists, where);
            else
                add_key(w, t, element, kind, where);
        }
    }

    /// A set delta that both adds and removes an element has no meaning.
    static void refuse_contradiction(const Write* w, const NodeType& t, const PathStep* where) {
        bool adds = false, removes = false;
        for (const Item* i = w->first; i; i = i->next) (i->kind == Item::Set ? adds : removes) = true;
        if (!adds || !removes) return;
        const auto contradict = [](const Item* a, const Item* b) { return a->kind != b->kind; };
        if (const Item* i = find_same_key(w, t, contradict))
            throw ValueError(prefix(where) + "a set delta both adds and removes " + short_string(*t.scalar, i->key));
    }

    /// Keys that differ in Python may be one key here: an aware datetime and the same time in UTC, two NaNs. Which
    /// value is meant is then nobody's guess.
    static void refuse_repetition(const Write* w, const NodeType& t, const PathStep* where) {
        if (const Item* i = find_same_key(w, t, [](const Item*, const Item*) { return true; }))
            throw ValueError(prefix(where) +
                             "two keys of the dict are the same key here: " + short_string(*t.scalar, i->key));
    }

    /// An item for which there is another with an equal key such that `matters(one, other)`, or null.
    template <class F> static const Item* find_same_key(const Write* w, const NodeType& t, const F& matters) {
        // Few enough in practice, but they may be many: compare hashes before values.
        std::vector<const Item*> items;
        items.reserve(w->count);
        for (const Item* i = w->first; i; i = i->next) items.push_back(i);
        std::sort(items.begin(), items.end(), [](const Item* a, const Item* b) { return a->hash < b->hash; });
        for (std::size_t i = 0; i < items.size(); ++i)
            for (std::size_t j = i + 1; j < items.size() && items[j]->hash == items[i]->hash; ++j)
                if (matters(items[i], items[j]) && t.scalar->ops->equals(*t.scalar, items[i]->key, items[j]->key))
                    return items[i];
        return nullptr;
    }

    /// Whether different keys of a Python dict always convert to different keys of this type.
    static bool keys_stay_different(const TypeMeta& key, PyObject* mapping) {
        if (!PyDict_CheckExact(mapping)) return false;
        switch (key.scalar) {
        case ScalarKind::Bool:
        case ScalarKind::Int8:
        case ScalarKind::Int16:
        case ScalarKind::Int32:
        case ScalarKind::Int64:
        case ScalarKind::UInt8:
        case ScalarKind::UInt16:
        case ScalarKind::UInt32:
        case ScalarKind::UInt64:
        case ScalarKind::Str:
        case ScalarKind::Bytes:
        case ScalarKind::Date: return true;
        default: return false;
        }
    }

    Write* dict(const NodeType& t, const node_ref* n, PyObject* v, const PathStep* where) {
        if (!is_mapping(v)) throw_wrong_type("a dict", v, where);
        Write* w = arena_.make<Write>();
        w->empty = true;
        for_each_item(v, [&](PyObject* key, PyObject* value) {
            w->empty = false;
            const PathStep step = PathStep::at_key(where, key);
            if (is_remove_if_exists(value)) {
                add_key(w, t, key, Item::RemoveIfExists, &step);
            } else if (is_remove(value)) {
                Item* item = add_key(w, t, key, Item::Remove, &step);
                require_unmoved();
                if (!n || find_row(*t.value, n->rows(), item->key, item->hash) == no_row)
                    throw KeyError(prefix(&step) + "no such key to remove");
            } else {
                entry(w, t, n, key, value, &step);
            }
        });
        if (w->count > 1 && !keys_stay_different(*t.scalar, v)) refuse_repetition(w, t, where);
        if (w->first) w->action = Action::Entries;
        return w;
    }

    void entry(Write* w, const NodeType& t, const node_ref* n, PyObject* key, PyObject* value, const PathStep* where) {
        if (value == Py_None) { // nothing for this child; unlike an empty value it does not create the key
            from_python(*t.scalar, arena_.make_value(*t.scalar), key, where);
            return;
        }
        Item* item = add_key(w, t, key, Item::Set, where);
        require_unmoved();
        const std::uint32_t row = n ? find_row(*t.value, n->rows(), item->key, item->hash) : no_row;
        node_ref child{};
        if (row != no_row) child = row_ref(*n, row);
        item->write = convert(*t.child, row != no_row ? &child : nullptr, value, where);
    }

    /// To be called before a node's memory is read: converting runs Python code, and that may have moved it.
    void require_unmoved() const {
        if (context_ && context_->structure_version != version_)
            throw StateError("the time series changed while a value was being assigned to it");
    }

    Arena& arena_;
    const root_context* context_;
    std::uint64_t version_;
    const node_ref* parts_of_ = nullptr; ///< the reference whose parts are being converted
};

} // namespace

Write* convert_write(Arena& arena, const NodeType& t, const node_ref* n, PyObject* v, NoneMeans none,
                     const PathStep* where) {
    if (v == Py_None) {
        Write* w = arena.make<Write>();
        if (none == NoneMeans::Invalidate) w->action = Action::Invalidate;
        return w;
    }
    return Converter(arena, n).convert(t, n, v, where);
}

Write* convert_target(Arena& arena, const node_ref& reference, PyObject* v, const PathStep* where) {
    if (v == Py_None) return convert_write(arena, *reference.type, &reference, v, NoneMeans::Invalidate, where);
    return Converter(arena, &reference).convert_target(*reference.type, reference, v, where);
}

} // namespace hgvalue::python
