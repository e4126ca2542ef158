// Writing plain values of any layout to nodes: all that may not fit is found first, then it is written.
#include <hgvalue/time_series/ts_mutable_view.hpp>

#include "../value/layouts.hpp"
#include "../value/own_key.hpp"
#include "../value/temporary.hpp"
#include "pins.hpp"

#include <hgvalue/time_series/describe.hpp>
#include <hgvalue/time_series/engine.hpp>
#include <hgvalue/value/format.hpp>

#include <cstring>
#include <memory>
#include <optional>
#include <vector>

namespace hgvalue::detail {

namespace {

constexpr std::uint32_t no_slot = static_cast<std::uint32_t>(-1);

std::uint32_t field_slot(const NodeType& t, const char* name) noexcept {
    for (std::uint32_t i = 0; i < t.field_count; ++i)
        if (std::strcmp(t.fields[i].name, name) == 0) return i;
    return no_slot;
}

/// What is given, out of the optionals it lies in; no data for None.
ValueArgument given(ValueArgument v) {
    while (v.data && v.type->kind == TypeKind::Optional) v = {optional_payload(*v.type, v.data), v.type->element};
    return v;
}

ValueArgument field_of(ValueArgument bundle, std::uint32_t i) {
    const FieldInfo& f = bundle.type->fields[i];
    return {field_place(f, bundle.data), f.type};
}

const row_store& rows_of(ValueArgument v) { return *static_cast<const row_store*>(v.data); }
ValueArgument key_of(ValueArgument v, std::uint32_t row) { return {rows_of(v).key(*v.type, row), &key_meta(*v.type)}; }
ValueArgument entry_of(ValueArgument map, std::uint32_t row) {
    return {rows_of(map).value(*map.type, row), map.type->element};
}

/// Whether store_value would take it.
bool can_store(const TypeMeta& to, const TypeMeta& from) {
    if (from.kind == to.kind) return structurally_compatible(to, from);
    if (to.kind == TypeKind::Optional) return can_store(*to.element, from);
    if (to.kind != TypeKind::Variant) return false;
    for (std::uint32_t i = 0; i < to.field_count; ++i)
        if (structurally_compatible(*to.fields[i].type, from)) return true;
    return false;
}

/// Finds what does not fit. It knows the place as steps, of which text is made when somebody is to read it.
class Checker {
  public:
    explicit Checker(const node_ref& top) : top_(top) {}

    void check(const NodeType& t, ValueArgument v) {
        v = given(v);
        if (!v.data) return;
        switch (t.kind) {
        case NodeKind::SIGNAL: return;
        case NodeKind::TS:
        case NodeKind::TSW: return scalar(*t.scalar, *v.type);
        case NodeKind::TSB: return bundle(t, v);
        case NodeKind::TSL: return list(t, v);
        case NodeKind::TSS: require(v.type->kind == TypeKind::Set, t, v); return scalar(*t.scalar, *v.type->element);
        case NodeKind::TSD: return dict(t, v);
        case NodeKind::REF: refuse<TypeError>("a reference takes no value; bind() it to a time series");
        }
    }

  private:
    template <class Error> [[noreturn]] void refuse(const std::string& message) const {
        const std::string top = node_path(top_);
        ValuePath below;
        for (const PathElement& step : steps_) below.push_back(step);
        const std::string path = below.to_string(longest_shown_key);
        const std::string joined = top + (!top.empty() && !path.empty() && path.front() != '[' ? "." : "") + path;
        throw Error(joined.empty() ? message : joined + ": " + message);
    }
    void require(bool fits, const NodeType& t, ValueArgument v) const {
        if (!fits) refuse<TypeError>("a " + schema_text(t) + " does not take a " + type_name(*v.type));
    }
    void scalar(const TypeMeta& to, const TypeMeta& from) const {
        if (!can_store(to, from)) refuse<TypeError>("expected " + type_name(to) + ", got " + type_name(from));
    }
    void below(const NodeType& child, ValueArgument v, const PathElement& step) {
        steps_.push_back(step);
        check(child, v);
        steps_.pop_back();
    }
    void bundle(const NodeType& t, ValueArgument v) {
        require(v.type->kind == TypeKind::Bundle, t, v);
        for (std::uint32_t i = 0; i < v.type->field_count; ++i) {
            const std::uint32_t slot = field_slot(t, v.type->fields[i].name);
            if (slot == no_slot)
                refuse<KeyError>("a " + schema_text(t) + " has no field '" + v.type->fields[i].name + '\'');
            below(*t.fields[slot].type, field_of(v, i), PathElement::at(*t.value, slot));
        }
    }
    void list(const NodeType& t, ValueArgument v) {
        require(v.type->kind == TypeKind::List, t, v);
        const list_elements elements(*v.type, v.data);
        if (t.list_size && elements.size != t.list_size)
            refuse<ValueError>("expected " + std::to_string(t.list_size) + " elements, got " +
                               std::to_string(elements.size));
        for (std::size_t i = 0; i < elements.size; ++i)
            below(*t.child, {elements[i], v.type->element}, PathElement::at(*t.value, i));
    }
    void dict(const NodeType& t, ValueArgument v) {
        require(v.type->kind == TypeKind::Map, t, v);
        scalar(*t.scalar, *v.type->key);
        for (const std::uint32_t row : rows_of(v).rows())
            below(*t.child, entry_of(v, row), PathElement::at_key(*v.type, key_of(v, row).data));
    }

    const node_ref& top_;
    std::vector<PathElement> steps_;
};

void write(const node_ref& n, ValueArgument v);

void write_scalar(const node_ref& n, ValueArgument v) {
    temporary made(*n.type->scalar, *v.type, v.data);
    made.move_to(n.value);
    stamp_leaf(n, n.context->writing_time());
}

void write_bundle(const node_ref& n, ValueArgument v) {
    for (std::uint32_t i = 0; i < v.type->field_count; ++i)
        write(field_ref(n, field_slot(*n.type, v.type->fields[i].name)), field_of(v, i));
}

void write_list(const node_ref& n, ValueArgument v) {
    const list_elements elements(*v.type, v.data);
    if (n.type->is_dynamic_list() && elements.size > list_length(n)) engine::list_resize(n, elements.size);
    for (std::uint32_t i = 0; i < elements.size; ++i) write(element_ref(n, i), {elements[i], v.type->element});
    if (n.type->is_dynamic_list()) engine::touch_empty(n);
}

void write_set(const node_ref& n, ValueArgument v) {
    const TypeMeta& m = *n.type->value;
    for (std::uint32_t row = n.rows().size(); row-- > 0;) {
        const own_key key(*v.type, {n.rows().key(m, row), n.type->scalar});
        if (find_row(*v.type, rows_of(v), key.data(), key.hash()) == no_row) engine::erase_row(n, row);
    }
    for (const std::uint32_t row : rows_of(v).rows()) {
        const own_key key(m, key_of(v, row));
        if (find_row(m, n.rows(), key.data(), key.hash()) == no_row) engine::insert_row(n, key.data(), key.hash());
    }
    engine::touch_empty(n);
}

void write_dict(const node_ref& n, ValueArgument v) {
    const TypeMeta& m = *n.type->value;
    if (rows_of(v).empty()) return engine::touch_empty(n);
    for (const std::uint32_t source : rows_of(v).rows()) {
        const ValueArgument entry = given(entry_of(v, source));
        if (!entry.data) continue;
        const own_key key(m, key_of(v, source));
        std::uint32_t row = find_row(m, n.rows(), key.data(), key.hash());
        if (row == no_row) row = engine::insert_row(n, key.data(), key.hash());
        write(row_ref(n, row), entry);
    }
}

void write(const node_ref& n, ValueArgument v) {
    v = given(v);
    if (!v.data) return;
    switch (n.type->kind) {
    case NodeKind::SIGNAL: return engine::mark_modified(n);
    case NodeKind::TS: return write_scalar(n, v);
    case NodeKind::TSW: {
        const temporary made(*n.type->scalar, *v.type, v.data);
        return engine::window_push(n, made.get());
    }
    case NodeKind::TSB: return write_bundle(n, v);
    case NodeKind::TSL: return write_list(n, v);
    case NodeKind::TSS: return write_set(n, v);
    case NodeKind::TSD: return write_dict(n, v);
    case NodeKind::REF: return;
    }
}

void write_checked(const node_ref& n, ValueArgument v) {
    n.context->writing_time();
    engine::refuse_removing_below(n); // writing may stop half-way at it
    write(n, v);
}

} // namespace

void require_writable(const node_place& place, bool reference) {
    if (place.read_only)
        throw TypeError("a " + schema_text(*place.node.type) +
                        " that is read through a reference cannot be written; write to the target itself");
    if (!reference && place.node.type->kind == NodeKind::REF)
        throw TypeError("a reference cannot be written through; write to its target, or bind() it to another");
}

void require_operation(const node_ref& n, bool has_it, const char* operation) {
    if (!has_it) throw TypeError(std::string(operation) + "() of a " + schema_text(*n.type));
}

void check_write(const NodeType& t, ValueArgument value, const node_ref& where) { Checker(where).check(t, value); }

void write_value(const node_ref& n, ValueArgument value) {
    n.context->writing_time();
    check_write(*n.type, value, n);
    write_checked(n, value);
}

namespace {

/// A copy of a key in the layout of the keys of `n`: the given one may be in a row that moves.
class copied_key {
  public:
    copied_key(const node_ref& n, ValueArgument key)
        : key_(*n.type->scalar, *key.type, key.data), hash_(key_.type().ops->hash(key_.type(), key_.get())) {}

    std::uint32_t insert_into(const node_ref& n) const { return engine::insert_row(n, key_.get(), hash_); }
    std::uint32_t find_in(const node_ref& n) const { return find_row(*n.type->value, n.rows(), key_.get(), hash_); }

  private:
    temporary key_;
    std::size_t hash_;
};

} // namespace

void append_element(node_place& place, ValueArgument value) {
    std::optional<temporary> copy;
    if (value.data) {
        check_write(*place.node.type->child, value, place.node);
        copy.emplace(*value.type, *value.type, value.data);
    }
    change_node(place, [&](const node_ref& n) {
        const std::uint32_t size = list_length(n);
        engine::list_resize(n, std::size_t{size} + 1);
        if (copy) write(element_ref(n, size), {copy->get(), value.type});
    });
}

void insert_entry(node_place& place, ValueArgument key, ValueArgument value) {
    if (value.data) check_write(*place.node.type->child, value, place.node);
    const std::uint32_t row = row_of_key(place.node, key);
    if (row != no_row) {
        node_place child(place, row_ref(place.node, row));
        return change_node(child,
                           [&](const node_ref& n) { value.data ? write_checked(n, value) : engine::invalidate(n); });
    }
    const copied_key made(place.node, key);
    std::optional<temporary> copy;
    if (value.data) copy.emplace(*value.type, *value.type, value.data);
    change_node(place, [&](const node_ref& n) {
        const node_ref child = row_ref(n, made.insert_into(n));
        if (copy) write(child, {copy->get(), value.type});
    });
}

bool insert_key(node_place& place, ValueArgument key) {
    if (row_of_key(place.node, key) != no_row) return false;
    const copied_key made(place.node, key);
    change_node(place, [&](const node_ref& n) { made.insert_into(n); });
    return true;
}

bool erase_key(node_place& place, ValueArgument key) {
    const std::uint32_t row = row_of_key(place.node, key);
    if (row == no_row) return false;
    change_node(place, [&](const node_ref& n) { engine::erase_row(n, row); });
    return true;
}

node_place get_or_create(node_place& place, ValueArgument key) {
    require_operation(place.node, place.node.type->kind == NodeKind::TSD, "get_or_create");
    std::uint32_t row = row_of_key(place.node, key);
    if (row == no_row) {
        const std::shared_ptr<observer_registry> told = place.node.context->observers;
        const copied_key made(place.node, key);
        change_node(place, [&](const node_ref& n) { made.insert_into(n); });
        if (told && !runtime_table.has_root(*told))
            throw StateError("an observer destroyed the time series while a key was being created");
        place.require_good(); // an observer may have changed what is above
        row = made.find_in(place.node);
        if (row == no_row) throw StateError("an observer removed the key while it was being created");
    }
    return {place, row_ref(place.node, row)};
}

} // namespace hgvalue::detail
