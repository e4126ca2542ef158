#include <hgvalue/time_series/match.hpp>

#include <hgvalue/core/type_registry.hpp>

#include <cstring>

namespace hgvalue {

namespace {

/// What matching parts make of the whole.
SchemaMatch of_whole(bool every_part_is_peer) {
    return every_part_is_peer ? SchemaMatch::Peer : SchemaMatch::Composite;
}

SchemaMatch match_fields(const NodeType& wanted, const NodeType& given) {
    if (wanted.field_count != given.field_count) return SchemaMatch::Mismatch;
    bool peer = true;
    for (std::uint32_t i = 0; i < wanted.field_count; ++i) {
        if (std::strcmp(wanted.fields[i].name, given.fields[i].name) != 0) return SchemaMatch::Mismatch;
        const SchemaMatch field = match_schemas(*wanted.fields[i].type, *given.fields[i].type);
        if (field == SchemaMatch::Mismatch) return field;
        peer = peer && field == SchemaMatch::Peer;
    }
    return of_whole(peer);
}

SchemaMatch match_children(const NodeType& wanted, const NodeType& given) {
    const SchemaMatch child = match_schemas(*wanted.child, *given.child);
    return child == SchemaMatch::Mismatch ? child : of_whole(child == SchemaMatch::Peer);
}

} // namespace

SchemaMatch match_schemas(const NodeType& wanted, const NodeType& given) {
    if (&wanted == &given) return SchemaMatch::Peer;
    if (wanted.kind == NodeKind::REF)
        return match_schemas(*wanted.child, given.kind == NodeKind::REF ? *given.child : given);
    if (given.kind == NodeKind::REF)
        return match_schemas(wanted, *given.child) == SchemaMatch::Mismatch ? SchemaMatch::Mismatch
                                                                            : SchemaMatch::Deref;
    if (wanted.kind != given.kind || wanted.list_size != given.list_size || wanted.by_time != given.by_time ||
        wanted.window_size != given.window_size || wanted.window_minimum != given.window_minimum)
        return SchemaMatch::Mismatch;
    if (wanted.scalar && !same_type(*wanted.scalar, *given.scalar)) return SchemaMatch::Mismatch;
    if (wanted.kind == NodeKind::TSB) return match_fields(wanted, given);
    return wanted.child ? match_children(wanted, given) : SchemaMatch::Peer;
}

} // namespace hgvalue
