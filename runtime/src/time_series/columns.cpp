#include <hgvalue/time_series/columns.hpp>
#include <hgvalue/time_series/observer.hpp>

#include <cstring>

namespace hgvalue {

namespace {

/// Where a bundle lies in a child.
struct Place {
    const NodeType* bundle;
    std::uint32_t value_offset = 0;
    std::uint32_t overlay_offset = 0;
};

void add_columns(std::vector<DictColumn>& to, const std::string& prefix, const Place& in) {
    for (std::uint32_t i = 0; i < in.bundle->field_count; ++i) {
        const NodeField& f = in.bundle->fields[i];
        const std::uint32_t value = in.value_offset + f.value_offset, overlay = in.overlay_offset + f.overlay_offset;
        if (f.type->kind == NodeKind::TS)
            to.push_back({prefix + f.name, f.type, value, overlay, in.overlay_offset, i});
        else if (f.type->kind == NodeKind::TSB)
            add_columns(to, prefix + f.name + ".", {f.type, value, overlay});
    }
}

/// Copies or moves a cell; the sizes of numbers are told apart so that each is one load and one store.
void store_cell(const TypeMeta& type, std::byte* to, std::byte* from) noexcept {
    if (!type.is(TypeFlags::TriviallyCopyable)) return type.ops->move_assign(type, to, from);
    switch (type.size) {
    case 8: std::memcpy(to, from, 8); return;
    case 4: std::memcpy(to, from, 4); return;
    case 2: std::memcpy(to, from, 2); return;
    case 1: std::memcpy(to, from, 1); return;
    default: std::memcpy(to, from, type.size);
    }
}

} // namespace

std::vector<DictColumn> columns_of(const NodeType& dict) {
    std::vector<DictColumn> columns;
    if (dict.child->kind == NodeKind::TS) columns.push_back({"value", dict.child, 0, 0, 0, 0});
    if (dict.child->kind == NodeKind::TSB) add_columns(columns, "", {dict.child});
    return columns;
}

namespace engine {

void write_columns(const node_ref& dict, std::span<const std::uint32_t> rows, std::span<const ColumnCells> columns) {
    const engine_time_t now = dict.context->writing_time();
    const NodeType& child = *dict.type->child;
    keyed_state& s = dict.keyed();
    mutation_scope scope(*dict.context);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::uint32_t row = rows[i];
        if (row == no_row) continue;
        std::byte* value = dict.rows().values() + std::size_t{row} * child.value->size;
        std::byte* overlay = s.overlays + std::size_t{row} * child.overlay_size;
        for (const ColumnCells& c : columns) {
            if (!c.is_given(i)) continue;
            const DictColumn& column = *c.column;
            const bool in_bundle = child.kind == NodeKind::TSB;
            node_overlay* parent = in_bundle ? reinterpret_cast<node_overlay*>(overlay + column.parent_offset) : &s;
            const std::uint32_t slot = in_bundle ? column.slot : s.id_of_row[row];
            store_cell(*column.type->scalar, value + column.value_offset, c.cell(i));
            stamp(*reinterpret_cast<leaf_overlay*>(overlay + column.overlay_offset), parent, slot, now);
            announce(*dict.context, parent, slot);
        }
    }
    scope.finish();
}

} // namespace engine

} // namespace hgvalue
