// What an Arrow format string says of the arrays of its type, and the checks of the structs that need no buffer.
#pragma once

#include "arrow_abi.hpp"
#include "columns_cells.hpp"

#include <string_view>
#include <vector>

namespace hgvalue::python::arrow {

/// How the cells of an array lie in its buffers and children.
enum class Shape : std::uint8_t {
    Unknown, ///< a type that we do not read
    Null,
    Bits,
    Fixed, ///< numbers and times, as we store them
    Half,
    Decimal,
    FixedBytes,
    Text32, ///< text or bytes, with offsets of 32 bits
    Text64,
    TextView,
    List32,
    List64,
    ListView32,
    ListView64,
    FixedList,
    Map,
    Struct,
    SparseUnion,
    DenseUnion,
    RunEnds
};

struct Layout {
    Shape shape = Shape::Unknown;
    ScalarKind kind = ScalarKind::None; ///< of Bits, Fixed and the texts
    std::size_t width = 0;              ///< bytes of a cell of Fixed, Half, Decimal and FixedBytes
    TimeScale scale{};                  ///< of times, to days or microseconds
    std::int64_t size = 0;              ///< of FixedList: cells in each
    int digits = 0;                     ///< of Decimal: those after the point
    std::vector<int> type_ids{};        ///< of unions: by child

    bool is_text() const noexcept {
        return shape == Shape::Text32 || shape == Shape::Text64 || shape == Shape::TextView;
    }
    bool is_index() const noexcept;
};

/// Elements of an array that are asked for: all of it, or those of a child that its parent has. Counted from the start
/// of the buffers.
struct Extent {
    std::size_t offset;
    std::size_t length;
};

/// ValueError for a format that is malformed.
Layout layout_of(const Schema& schema, const PathStep* where);

/// Checks a schema and all below it; with `array` that this, and all below it, fits the schema: numbers of buffers and
/// children, null pointers, released structs, lengths and offsets. No buffer is read. Throws ValueError.
void check(const Schema& schema, const Array* array, const PathStep* where);

/// What is left to check where buffers are read: throws ValueError that begins with the place and "broken Arrow data".
[[noreturn]] void throw_broken(const char* what, const PathStep* where);

inline Extent whole(const Array& a) noexcept {
    return {static_cast<std::size_t>(a.offset), static_cast<std::size_t>(a.length)};
}
/// Elements of a child, counted from its first; ValueError if it is shorter.
Extent extent_of(const Array& child, std::size_t first, std::size_t count, const PathStep* where);

/// Buffer `i`, which must be there.
const std::byte* buffer(const Array& a, std::size_t i, const PathStep* where);

/// By element: 0 for null. Null if none is. ValueError if the array has another number of nulls than it says.
std::uint8_t* read_validity(GivenColumn& to, const Array& a, Extent e, const PathStep* where);

} // namespace hgvalue::python::arrow
