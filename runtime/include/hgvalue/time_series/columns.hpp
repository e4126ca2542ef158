// A dict of bundles as a table: each TS below its children is a column, each key a row.
//
// Rows are those of the dict's row_store, in which row i of every column lies at a fixed distance from row i + 1.
#pragma once

#include <hgvalue/time_series/node_type.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace hgvalue {

/// One TS below every child of a TSD.
struct DictColumn {
    std::string name; ///< the field's, with dots for one of a bundle in the bundle; `value` if the child itself is a TS
    const NodeType* type;         ///< the TS
    std::uint32_t value_offset;   ///< in the value of a child
    std::uint32_t overlay_offset; ///< in its overlay
    std::uint32_t parent_offset;  ///< of the bundle that it is a field of, in the child's overlay
    std::uint32_t slot;           ///< in that bundle
};

/// The columns of a TSD, in schema order: its child if that is a TS, else the TS among the fields of its child and of
/// the bundles in that. Empty where there are none.
std::vector<DictColumn> columns_of(const NodeType& dict);

/// New cells for a column. A cell lies where `first + i * stride` points to and may have any alignment, unless the type
/// is not trivially copyable: then it is a value of it, and moved from.
struct ColumnCells {
    const DictColumn* column;
    std::byte* first;
    std::ptrdiff_t stride;
    const std::uint8_t* given; ///< by cell: 0 for one that is not written; null if all are

    bool is_given(std::size_t i) const noexcept { return !given || given[i]; }
    std::byte* cell(std::size_t i) const noexcept { return first + static_cast<std::ptrdiff_t>(i) * stride; }
};

namespace engine {

/// Writes cell i of each column to the child in row `rows[i]`, one i after the other; nothing for one that is no_row.
/// Each cell stamps and notifies as a write of its TS does. StateError before the first tick. Once writing has begun
/// nothing fails but observers, which are told at the end.
void write_columns(const node_ref& dict, std::span<const std::uint32_t> rows, std::span<const ColumnCells> columns);

} // namespace engine

} // namespace hgvalue
