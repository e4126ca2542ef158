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

namespace {

/// One update, row by row.
class ColumnWriter {
  public:
    ColumnWriter(const node_ref& dict, std::span<const ColumnCells> columns)
        : context_(*dict.context), child_(*dict.type->child), state_(dict.keyed()), values_(dict.rows().values()),
          now_(context_.writing_time()), columns_(columns) {}

    void write(std::span<const std::uint32_t> rows) {
        if (!is_plain()) {
            for (std::size_t i = 0; i < rows.size(); ++i)
                if (rows[i] != no_row) write_any(rows[i], i);
            return;
        }
        std::vector<PlainColumn> columns;
        bool words = true; // the commonest case: numbers of eight bytes, and all of them given
        for (const ColumnCells& c : columns_) {
            const TypeMeta& type = *c.column->type->scalar;
            words = words && type.size == 8 && type.is(TypeFlags::TriviallyCopyable) && !c.given;
            columns.push_back({c, &type, c.column->value_offset, c.column->overlay_offset, 1U << c.column->slot});
        }
        if (words)
            write_plain<true>(columns, rows);
        else
            write_plain<false>(columns, rows);
        if (written_) stamp(state_, now_);
    }

  private:
    static constexpr std::size_t ahead = 8;

    std::byte* value(std::uint32_t row) const noexcept { return values_ + std::size_t{row} * child_.value->size; }
    std::byte* overlay(std::uint32_t row) const noexcept {
        return state_.overlays + std::size_t{row} * child_.overlay_size;
    }

    /// Whether nobody is to be told, and a row is one bundle, so that it can be stamped once for all its cells.
    bool is_plain() const noexcept {
        if (context_.observers || state_.is_watched() || child_.kind != NodeKind::TSB || child_.field_count > 32)
            return false;
        for (const ColumnCells& c : columns_)
            if (c.column->parent_offset != 0 || c.column->type != child_.fields[c.column->slot].type) return false;
        return true;
    }

    /// What write_plain needs of a column, in one place.
    struct PlainColumn {
        ColumnCells cells;
        const TypeMeta* type;
        std::uint32_t value_offset;
        std::uint32_t overlay_offset;
        std::uint32_t bit;
    };

    template <bool words> void write_plain(std::span<const PlainColumn> columns, std::span<const std::uint32_t> rows) {
        for (std::size_t i = 0; i < rows.size(); ++i) {
#if defined(__GNUC__)
            if (i + ahead < rows.size() && rows[i + ahead] != no_row) {
                __builtin_prefetch(overlay(rows[i + ahead]), 1);
                __builtin_prefetch(value(rows[i + ahead]), 1);
            }
#endif
            const std::uint32_t row = rows[i];
            if (row == no_row) continue;
            std::byte* const to = value(row);
            std::byte* const times = overlay(row);
            auto& bundle = *reinterpret_cast<node_overlay*>(times);
            if (!bundle.is_plain_mask()) { // references to something below it are to be told
                write_any(row, i);
                continue;
            }
            std::uint32_t mask = 0;
            for (const PlainColumn& c : columns) {
                if (words) {
                    std::memcpy(to + c.value_offset, c.cells.cell(i), 8);
                } else {
                    if (!c.cells.is_given(i)) continue;
                    store_cell(*c.type, to + c.value_offset, c.cells.cell(i));
                }
                reinterpret_cast<leaf_overlay*>(times + c.overlay_offset)->last_modified = now_;
                mask |= c.bit;
            }
            if (mask) note_row(bundle, row, mask);
        }
    }

    void note_row(node_overlay& bundle, std::uint32_t row, std::uint32_t mask) {
        bundle.mask = mask | (bundle.touched == now_ ? bundle.mask : 0);
        bundle.touched = now_;
        if (bundle.last_modified == now_) return;
        bundle.last_modified = now_;
        if (state_.touched != now_) begin_tick(state_, now_);
        // As keyed_state::note, which would have to look for the row.
        std::uint8_t& flags = state_.flags[row];
        if (!(flags & RowFlag::Touched)) state_.changed.push_back(bundle.slot);
        flags |= RowFlag::Touched | RowFlag::Written | RowFlag::EverValid;
        written_ = true;
    }

    void write_any(std::uint32_t row, std::size_t i) {
        const bool in_bundle = child_.kind == NodeKind::TSB;
        for (const ColumnCells& c : columns_) {
            if (!c.is_given(i)) continue;
            const DictColumn& column = *c.column;
            node_overlay* parent = &state_;
            if (in_bundle) parent = reinterpret_cast<node_overlay*>(overlay(row) + column.parent_offset);
            const std::uint32_t slot = in_bundle ? column.slot : state_.id_of_row[row];
            store_cell(*column.type->scalar, value(row) + column.value_offset, c.cell(i));
            stamp(*reinterpret_cast<leaf_overlay*>(overlay(row) + column.overlay_offset), parent, slot, now_);
            announce(context_, parent, slot);
        }
    }

    root_context& context_;
    const NodeType& child_;
    keyed_state& state_;
    std::byte* values_;
    engine_time_t now_;
    std::span<const ColumnCells> columns_;
    bool written_ = false; ///< rows were noted for which the dict is still to be stamped
};

} // namespace

void write_columns(const node_ref& dict, std::span<const std::uint32_t> rows, std::span<const ColumnCells> columns) {
    mutation_scope scope(*dict.context);
    ColumnWriter(dict, columns).write(rows);
    scope.finish();
}

} // namespace engine

} // namespace hgvalue
