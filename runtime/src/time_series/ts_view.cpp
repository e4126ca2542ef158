// Where views of time series stand, and the steps from one to another.
#include <hgvalue/time_series/ts_view.hpp>

#include "../value/suggest.hpp"

#include <hgvalue/time_series/engine.hpp>
#include <hgvalue/value/format.hpp>
#include <hgvalue/value/kind_ops.hpp>

#include <span>

namespace hgvalue::detail {

namespace {

/// Whether what is below the node can move or go.
bool moves_children(const node_overlay& n) noexcept {
    return n.form() == RecordForm::Keyed || n.form() == RecordForm::List || n.form() == RecordForm::Reference;
}

std::string place_of(const node_ref& n) {
    const std::string path = node_path(n);
    const char* root = n.context->type->name;
    return path.empty() ? root ? root : "time series" : path;
}

template <class Error> [[noreturn]] void refuse_at(const node_ref& n, const std::string& message) {
    throw Error(place_of(n) + ": " + message);
}

const KindOps& ops_of(const node_ref& n) noexcept { return kind_ops(n.type->value->kind); }

/// The place of an error before its message.
template <class F> decltype(auto) here(const node_ref& n, const F& f) {
    try {
        return f();
    } catch (const TypeError& e) {
        refuse_at<TypeError>(n, e.what());
    }
}

node_ref child_in_row(const node_ref& n, std::uint32_t row, const TypeMeta& key_type, const void* key) {
    if (row == no_row) refuse_at<KeyError>(n, "no key " + short_string(key_type, key));
    return row_ref(n, row);
}

void require_dict(const node_ref& n) {
    if (n.type->kind != NodeKind::TSD) refuse_at<TypeError>(n, "a " + schema_text(*n.type) + " has no entries by key");
}

node_ref field_named(const node_ref& n, std::string_view name) {
    const std::span<const NodeField> fields(n.type->fields, n.type->field_count);
    for (std::uint32_t i = 0; i < fields.size(); ++i)
        if (fields[i].name == name) return field_ref(n, i);
    const auto name_of = [](const NodeField& f) { return std::string_view(f.name); };
    refuse_at<KeyError>(n, "no field '" + std::string(name) + '\'' + suggestion(name, fields, name_of));
}

/// The child that a step of the path of its data leads to.
node_ref child_by_step(const node_ref& n, const PathElement& step) {
    if (!step.is_key()) return step.is_field() ? child_named(n, step.name()) : child_at(n, step.index());
    require_dict(n);
    return child_of_key(n, {step.key(), step.container().key});
}

/// How the data of a node name one part of it, as text does.
PathElement data_step(const node_ref& n, std::string_view step) {
    return navigate(ConstValueView(n.value, n.type->value), step).path()[0];
}

bool has_children(NodeKind k) noexcept { return k == NodeKind::TSB || k == NodeKind::TSL || k == NodeKind::TSD; }

} // namespace

// -- places ----------------------------------------------------------------------------------------------------------

node_place::node_place(const node_ref& n) noexcept : node(n) {
    for (const node_overlay* above = n.parent; above && above->parent; above = above->parent)
        if (moves_children(*above)) version = n.context->structure_version;
}

node_place::node_place(const node_place& parent, const node_ref& child) noexcept
    : node(child), version(parent.version), read_only(parent.read_only) {
    const NodeType& t = *parent.node.type;
    if (t.kind == NodeKind::TSD || t.is_dynamic_list()) version = child.context->structure_version;
}

void node_place::refuse() const {
    if (!node.type) throw NullValueError("a view of nothing has no time series");
    throw StaleReferenceError("a view of a " + schema_text(*node.type) +
                              " is out of date: elements of its root have come, moved or gone; look it up again");
}

node_place node_place::read_reference() const {
    node_place target(engine::reference_read(node).node);
    target.read_only = true;
    return target;
}

void refuse_change_in_loop(const node_ref& n) {
    throw StaleReferenceError("elements of a root came, moved or went in a loop over a " + schema_text(*n.type) +
                              " in it");
}

// -- steps -----------------------------------------------------------------------------------------------------------

std::size_t node_size(const node_ref& n) {
    switch (n.type->kind) {
    case NodeKind::TSB: return n.type->field_count;
    case NodeKind::TSL: return list_length(n);
    case NodeKind::TSS:
    case NodeKind::TSD: return n.rows().size();
    case NodeKind::TSW: return static_cast<const ring*>(n.value)->size() - engine::window_first(n);
    default: refuse_at<TypeError>(n, "a " + schema_text(*n.type) + " has no size");
    }
}

node_ref child_at(const node_ref& n, std::size_t i) {
    if (n.type->kind != NodeKind::TSB && n.type->kind != NodeKind::TSL)
        refuse_at<TypeError>(n, "a " + schema_text(*n.type) + " has no fields or elements by position");
    const std::size_t size = node_size(n);
    if (i >= size)
        refuse_at<IndexError>(n, "position " + std::to_string(i) + " is out of range for " + std::to_string(size) +
                                     (n.type->kind == NodeKind::TSB ? " fields" : " elements"));
    const auto slot = static_cast<std::uint32_t>(i);
    return n.type->kind == NodeKind::TSB ? field_ref(n, slot) : element_ref(n, slot);
}

node_ref child_named(const node_ref& n, std::string_view name) {
    if (n.type->kind == NodeKind::TSB) return field_named(n, name);
    require_dict(n);
    const std::uint32_t row = row_of_text(n, name);
    if (row != no_row) return row_ref(n, row);
    const std::string key(name);
    return child_in_row(n, no_row, type_of<std::string>(), &key);
}

node_ref child_of_key(const node_ref& n, ValueArgument key) {
    require_dict(n);
    return child_in_row(n, row_of_key(n, key), *key.type, key.data);
}

const TypeMeta& key_type_of(const node_ref& n) {
    if (n.type->kind != NodeKind::TSD && n.type->kind != NodeKind::TSS)
        refuse_at<TypeError>(n, "a " + schema_text(*n.type) + " has no keys");
    return *n.type->scalar;
}

std::uint32_t row_of_key(const node_ref& n, ValueArgument key) {
    key_type_of(n);
    return here(n, [&] { return ops_of(n).find(*n.type->value, n.value, key); });
}

std::uint32_t row_of_text(const node_ref& n, std::string_view key) {
    if (key_type_of(n).scalar == ScalarKind::Str && n.type->kind == NodeKind::TSD)
        return ops_of(n).find_text(*n.type->value, n.value, key);
    const std::string text(key);
    return row_of_key(n, {&text, &type_of<std::string>()});
}

PathElement step_to(const node_ref& n, const node_ref& c) noexcept {
    const TypeMeta& container = *n.type->value;
    if (n.type->kind != NodeKind::TSD) return PathElement::at(container, c.slot);
    return PathElement::at_key(container, n.rows().key(container, n.keyed().places[c.slot].row));
}

// -- paths -----------------------------------------------------------------------------------------------------------

node_place follow_path(node_place from, const ValuePath& path) {
    for (const PathElement& step : path) {
        from = from.read();
        from = node_place(from, child_by_step(from.node, step));
    }
    return from;
}

node_place follow_path(node_place from, const ParsedPath& path) {
    for (std::size_t i = 0, begin = 0; i < path.size(); begin = path[i++].end) {
        from = from.read();
        const node_ref& n = from.node;
        if (!has_children(n.type->kind))
            refuse_at<TypeError>(n, "a " + schema_text(*n.type) + " has no time series below it");
        std::string_view step = std::string_view(path.text()).substr(begin, path[i].end - begin);
        if (!step.empty() && step.front() == '.') step.remove_prefix(1);
        from = node_place(from, child_by_step(n, data_step(n, step)));
    }
    return from;
}

std::optional<node_place> node_holding(const node_place& from, const ConstValueView& part) {
    node_place found = from;
    for (const PathElement& step : part.path()) {
        const node_ref& n = found.node;
        if (!has_children(n.type->kind) || step.is_key() != (n.type->kind == NodeKind::TSD)) return std::nullopt;
        found = node_place(found, child_by_step(n, step));
    }
    if (found.node.value != part.data()) return std::nullopt;
    return found;
}

} // namespace hgvalue::detail
