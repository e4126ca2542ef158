#include <hgvalue/time_series/bound_value.hpp>

#include "links.hpp"
#include "observe.hpp"

#include <hgvalue/time_series/built_node.hpp>
#include <hgvalue/time_series/describe.hpp>

namespace hgvalue {

// -- what was read before ---------------------------------------------------------------------------------------------

bool earlier_child(const node_ref& before, const void* key, node_ref& found) {
    const TypeMeta& dict = *before.type->value;
    const std::size_t hash = before.type->scalar->ops->hash(*before.type->scalar, key);
    const keyed_state& k = before.keyed();
    const bool current = engine::record_is_current(before);
    if (current && k.removed)
        if (const std::uint32_t row = find_row(dict, k.removed->store, key, hash); row != no_row) {
            found = removed_ref(before, row); // another may have its key by now
            return true;
        }
    const std::uint32_t row = find_row(dict, before.rows(), key, hash);
    if (row == no_row || (current && k.flags[row] & RowFlag::Added)) return false;
    found = row_ref(before, row);
    return true;
}

bool EarlierKeys::contains(const void* key) const {
    if (!any_) return false;
    const TypeMeta& type = *before_.type->scalar;
    const std::size_t hash = type.ops->hash(type, key);
    const std::uint32_t row = find_row(*before_.type->value, before_.rows(), key, hash);
    if (row == no_row) return engine::find_removed(before_, key, hash) != no_row;
    return !(engine::record_is_current(before_) && before_.keyed().flags[row] & RowFlag::Added);
}

bool EarlierKeys::is_missing(const row_store& store, std::uint32_t row) const {
    const TypeMeta& type = *now_.type->scalar;
    const void* key = store.key(*before_.type->value, row);
    return find_row(*now_.type->value, now_.rows(), key, type.ops->hash(type, key)) == no_row;
}

// -- inputs -----------------------------------------------------------------------------------------------------------

namespace engine {

const NodeType& input_type(const NodeType& wanted) {
    return wanted.kind == NodeKind::REF ? input_type(*wanted.child) : wanted;
}

SchemaMatch input_connect(const node_ref& input, const node_ref& output) {
    const SchemaMatch match = match_schemas(*input.type->child, *output.type);
    if (match == SchemaMatch::Mismatch)
        throw TypeError("an input of " + schema_text(*input.type->child) + " cannot be bound to a " +
                        schema_text(*output.type));
    reference_wire(input, output);
    return match;
}

void input_set_active(const node_ref& input, bool active) {
    ref_state& s = input.reference();
    const bool was_active = !std::exchange(s.passive, !active);
    if (!active || was_active || !input.modified()) return;
    observe_reference(s);
    observe::settle(*input.context);
}

bool input_is_active(const node_ref& input) noexcept { return !input.reference().passive; }

void require_evaluation_time(const node_ref& n, engine_time_t at) {
    if (at == MIN_DT || at != n.now())
        throw StateError("an evaluation at " + std::to_string(at) + " µs in a tick at " + std::to_string(n.now()) +
                         " µs");
}

} // namespace engine

DerefTSValue::DerefTSValue(const TSView& reference) : reference_(reference) {
    detail::require_operation(reference.ref(), reference.kind() == NodeKind::REF, "DerefTSValue");
}

DerefTSValue::DerefTSValue(const TSView& reference, const NodeType& wanted) : DerefTSValue(reference) {
    const NodeType& given = *reference.type().child;
    if (match_schemas(wanted, given) == SchemaMatch::Mismatch)
        throw TypeError("a " + schema_text(reference.type()) + " cannot be read as a " + schema_text(wanted));
}

BoundValue::BoundValue(const NodeType& wanted, const TSView& output)
    : input_(built::reference(engine::input_type(wanted)), *output.ref().context->clock, true),
      kind_(engine::input_connect(input_.ref(), output.ref())) {}

} // namespace hgvalue
