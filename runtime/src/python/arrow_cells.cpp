#include "arrow_cells.hpp"

#include <bit>
#include <cstring>
#include <limits>
#include <string>

namespace hgvalue::python::arrow {

namespace {

using Slice = NestedCells::Slice;

/// What is read of an array: where from, and what keeps it.
struct Reader {
    GivenColumn& owner;
    const PathStep* where;

    template <class T> T load(const std::byte* at, std::size_t i) const noexcept {
        T v;
        std::memcpy(&v, at + i * sizeof(T), sizeof v); // the buffers of others may have any alignment
        return v;
    }
    [[noreturn]] void broken(const char* what) const { throw_broken(what, where); }

    std::string_view* texts(Cells& cells) const {
        auto* made = owner.allocate<std::string_view>(cells.count);
        cells.first = reinterpret_cast<const std::byte*>(made);
        cells.stride = sizeof(std::string_view);
        return made;
    }

    /// Pairs of neighbours among offsets, which must not decrease nor lie beyond `limit`.
    template <class Offset>
    std::vector<Slice> slices(const Array& a, Extent e, std::uint64_t limit = ~std::uint64_t{0}) const {
        std::vector<Slice> made(e.length);
        const std::byte* offsets = buffer(a, 1, where);
        auto last = load<Offset>(offsets, e.offset);
        if (last < 0) broken("an offset that is negative");
        for (std::size_t i = 0; i < e.length; ++i) {
            const auto next = load<Offset>(offsets, e.offset + i + 1);
            if (next < last) broken("offsets that decrease");
            made[i] = {static_cast<std::size_t>(last), static_cast<std::size_t>(next - last)};
            last = next;
        }
        if (static_cast<std::uint64_t>(last) > limit) broken("an offset beyond the end of the data");
        return made;
    }

    template <class Offset> std::vector<Slice> view_slices(const Cells& cells, const Array& a, Extent e) const {
        std::vector<Slice> made(e.length);
        const std::byte *offsets = buffer(a, 1, where), *sizes = buffer(a, 2, where);
        const std::int64_t limit = a.children[0]->length;
        for (std::size_t i = 0; i < e.length; ++i) {
            const std::int64_t first = load<Offset>(offsets, e.offset + i), count = load<Offset>(sizes, e.offset + i);
            if (!cells.is_given(i)) continue;
            if (first < 0 || count < 0 || first > limit || count > limit - first)
                broken("an offset beyond the end of the data");
            made[i] = {static_cast<std::size_t>(first), static_cast<std::size_t>(count)};
        }
        return made;
    }

    template <class Offset> void read_texts(Cells& cells, const Array& a, Extent e) const {
        const std::vector<Slice> lie = slices<Offset>(a, e);
        const auto* bytes = static_cast<const char*>(a.buffers[2]);
        if (!bytes && lie.back().first + lie.back().count > lie.front().first) broken("a buffer is missing");
        std::string_view* to = texts(cells);
        for (std::size_t i = 0; i < e.length; ++i)
            if (lie[i].count) to[i] = {bytes + lie[i].first, lie[i].count};
    }

    /// Text or bytes in views: short ones lie in the view itself.
    void read_text_views(Cells& cells, const Array& a, Extent e) const {
        constexpr std::size_t view_size = 16, longest_inside = 12;
        const std::byte* views = buffer(a, 1, where);
        const std::size_t buffers = static_cast<std::size_t>(a.n_buffers) - 3;
        const auto* sizes = static_cast<const std::byte*>(a.buffers[a.n_buffers - 1]);
        if (buffers && !sizes) broken("a buffer is missing");
        std::string_view* to = texts(cells);
        for (std::size_t i = 0; i < e.length; ++i) {
            if (!cells.is_given(i)) continue;
            const std::byte* view = views + (e.offset + i) * view_size;
            std::int32_t parts[4]; // length, prefix, number of the buffer, offset in it
            std::memcpy(parts, view, sizeof parts);
            if (parts[0] < 0) broken("a text of negative length");
            const auto length = static_cast<std::size_t>(parts[0]);
            if (length <= longest_inside) {
                to[i] = {reinterpret_cast<const char*>(view) + 4, length};
                continue;
            }
            if (parts[2] < 0 || static_cast<std::size_t>(parts[2]) >= buffers || parts[3] < 0)
                broken("a text outside of all buffers");
            const auto size = load<std::int64_t>(sizes, static_cast<std::size_t>(parts[2]));
            if (size < 0 || std::int64_t{parts[3]} + parts[0] > size) broken("a text beyond the end of its buffer");
            const auto* text = reinterpret_cast<const char*>(buffer(a, 2 + static_cast<std::size_t>(parts[2]), where));
            to[i] = {text + parts[3], length};
            if (std::memcmp(to[i].data(), &parts[1], sizeof parts[1]) != 0) broken("a text with another beginning");
        }
    }

    void read_fixed_bytes(Cells& cells, const Array& a, Extent e, std::size_t width) const {
        std::string_view* to = texts(cells);
        if (width == 0) return;
        if (e.offset + e.length > std::numeric_limits<std::size_t>::max() / 2 / width) broken("an impossible length");
        const auto* bytes = reinterpret_cast<const char*>(buffer(a, 1, where));
        for (std::size_t i = 0; i < e.length; ++i) to[i] = {bytes + (e.offset + i) * width, width};
    }

    void read_bits(Cells& cells, const Array& a, Extent e) const {
        auto* bools = owner.allocate<std::uint8_t>(e.length);
        const std::byte* bits = buffer(a, 1, where);
        for (std::size_t i = 0; i < e.length; ++i)
            bools[i] = static_cast<unsigned>(bits[(e.offset + i) / 8]) >> (e.offset + i) % 8 & 1;
        cells.first = reinterpret_cast<const std::byte*>(bools);
        cells.stride = 1;
    }

    void read_halves(Cells& cells, const Array& a, Extent e) const {
        auto* to = owner.allocate<float>(e.length);
        const std::byte* from = buffer(a, 1, where);
        for (std::size_t i = 0; i < e.length; ++i) {
            const auto half = load<std::uint16_t>(from, e.offset + i);
            const std::uint32_t sign = (half & 0x8000U) << 16, exponent = half >> 10 & 31U, digits = half & 0x3FFU;
            float v = static_cast<float>(digits) * 0x1p-24F; // of the smallest, whose exponent is 0
            if (exponent == 31)
                v = std::bit_cast<float>(0x7F800000U | digits << 13);
            else if (exponent != 0)
                v = std::bit_cast<float>((exponent + 112) << 23 | digits << 13);
            to[i] = std::bit_cast<float>(std::bit_cast<std::uint32_t>(v) | sign);
        }
        cells.first = reinterpret_cast<const std::byte*>(to);
        cells.stride = sizeof(float);
    }

    /// Numbers and times as they lie; times of other units, or of 32 bits, are converted.
    void read_fixed(Cells& cells, const Array& a, Extent e, const Layout& layout) const {
        cells.first = buffer(a, 1, where) + e.offset * layout.width;
        cells.stride = static_cast<std::ptrdiff_t>(layout.width);
        const bool scaled = layout.scale.multiply != 1 || layout.scale.divide != 1;
        if (scaled && layout.width == 4) {
            auto* wide = owner.allocate<std::int64_t>(e.length);
            for (std::size_t i = 0; i < e.length; ++i) wide[i] = load<std::int32_t>(cells.first, i);
            cells.first = reinterpret_cast<const std::byte*>(wide);
            cells.stride = sizeof(std::int64_t);
        }
        if (scaled) cells = scaled_times(owner, layout.kind, cells, layout.scale, where);
    }

    static std::shared_ptr<NestedCells> nest(Cells& cells, NestedCells::Form form) {
        auto made = std::make_shared<NestedCells>();
        made->form = form;
        cells.kind = ScalarKind::Object;
        cells.nested = made;
        return made;
    }

    void read_decimals(Cells& cells, const Array& a, Extent e, const Layout& layout) const {
        const auto made = nest(cells, NestedCells::Form::Decimal);
        const std::byte* from = buffer(a, 1, where) + e.offset * layout.width;
        made->bytes.assign(from, from + e.length * layout.width);
        made->width = layout.width;
        made->digits = layout.digits;
    }

    bool read_child(NestedCells& to, const Schema& s, const Array& a, std::size_t child, Extent e) const {
        return read_cells(to.children.emplace_back(), owner, *s.children[child], *a.children[child], e, where);
    }
    Extent child_extent(const Array& a, std::size_t child, std::size_t first, std::size_t count) const {
        return extent_of(*a.children[child], first, count, where);
    }

    /// Reads what the slices need of child 0, of which they then are slices.
    bool read_sliced(Cells& cells, std::vector<Slice>&& slices, const Schema& s, const Array& a, bool map) const {
        std::size_t first = ~std::size_t{0}, end = 0;
        for (std::size_t i = 0; i < slices.size(); ++i) {
            if (!cells.is_given(i)) slices[i] = {0, 0};
            if (slices[i].count == 0) continue;
            first = std::min(first, slices[i].first);
            end = std::max(end, slices[i].first + slices[i].count);
        }
        if (end == 0) first = 0;
        for (Slice& slice : slices) slice.first = slice.count ? slice.first - first : 0;
        const auto made = nest(cells, map ? NestedCells::Form::Map : NestedCells::Form::List);
        made->slices = std::move(slices);
        const Extent e = child_extent(a, 0, first, end - first);
        if (!map) return read_child(*made, s, a, 0, e);
        const Schema& pair = *s.children[0];
        const Array& pairs = *a.children[0];
        if (read_validity(owner, pairs, e, where)) broken("a map with an entry that is null");
        for (std::size_t i = 0; i < 2; ++i)
            if (!read_child(*made, pair, pairs, i, child_extent(pairs, i, e.offset, e.length))) return false;
        for (std::size_t i = 0; i < e.length; ++i)
            if (!made->children[0].is_given(i)) broken("a map with a key that is null");
        return true;
    }

    bool read_fixed_lists(Cells& cells, const Schema& s, const Array& a, Extent e, std::size_t size) const {
        if (size && e.offset + e.length > std::numeric_limits<std::size_t>::max() / 2 / size)
            broken("an impossible length");
        child_extent(a, 0, e.offset * size, e.length * size);
        std::vector<Slice> slices(e.length);
        for (std::size_t i = 0; i < e.length; ++i) slices[i] = {(e.offset + i) * size, size};
        return read_sliced(cells, std::move(slices), s, a, false);
    }

    bool read_structs(Cells& cells, const Schema& s, const Array& a, Extent e) const {
        const auto made = nest(cells, NestedCells::Form::Struct);
        for (std::int64_t i = 0; i < s.n_children; ++i) {
            const auto child = static_cast<std::size_t>(i);
            made->names.emplace_back(s.children[i]->name ? s.children[i]->name : "");
            if (!read_child(*made, s, a, child, child_extent(a, child, e.offset, e.length))) return false;
        }
        return true;
    }

    bool read_unions(Cells& cells, const Schema& s, const Array& a, Extent e, const Layout& layout) const {
        const bool dense = layout.shape == Shape::DenseUnion;
        const auto made = nest(cells, NestedCells::Form::Union);
        for (std::size_t i = 0; i < layout.type_ids.size(); ++i) {
            const auto length = static_cast<std::size_t>(a.children[i]->length);
            const Extent part = dense ? child_extent(a, i, 0, length) : child_extent(a, i, e.offset, e.length);
            if (!read_child(*made, s, a, i, part)) return false;
        }
        auto* given = owner.allocate<std::uint8_t>(e.length); // a union has no nulls of its own
        const std::byte *ids = buffer(a, 0, where), *offsets = dense ? buffer(a, 1, where) : nullptr;
        for (std::size_t i = 0; i < e.length; ++i) {
            const auto id = load<std::int8_t>(ids, e.offset + i);
            std::size_t child = 0;
            while (child < layout.type_ids.size() && layout.type_ids[child] != id) ++child;
            if (child == layout.type_ids.size()) broken("a union of a type that it has not");
            const std::int64_t at = dense ? load<std::int32_t>(offsets, e.offset + i) : static_cast<std::int64_t>(i);
            if (at < 0 || static_cast<std::size_t>(at) >= made->children[child].count)
                broken("an offset beyond the end of the data");
            made->which.push_back(static_cast<std::uint8_t>(child));
            made->slices.push_back({static_cast<std::size_t>(at), 1});
            given[i] = made->children[child].is_given(static_cast<std::size_t>(at));
        }
        cells.given = given;
        return true;
    }

    template <class End> std::vector<std::size_t> read_run_ends(const Array& ends, Extent in, Extent e) const {
        const std::byte* from = buffer(ends, 1, where);
        std::vector<std::size_t> positions;
        positions.reserve(e.length);
        std::int64_t last = 0;
        const auto stop = static_cast<std::int64_t>(e.offset + e.length);
        for (std::size_t run = 0; run < in.length && last < stop; ++run) {
            const std::int64_t end = load<End>(from, in.offset + run);
            if (end <= last) broken("run ends that do not grow");
            for (std::int64_t i = std::max(last, static_cast<std::int64_t>(e.offset)); i < std::min(end, stop); ++i)
                positions.push_back(run);
            last = end;
        }
        if (last < stop) broken("runs that end too early");
        return positions;
    }

    bool read_runs(Cells& cells, const Schema& s, const Array& a, Extent e) const {
        const Array &ends = *a.children[0], &values = *a.children[1];
        const Extent in = whole(ends);
        if (values.length < ends.length) broken("runs without values");
        std::vector<std::size_t> positions;
        switch (s.children[0]->format[0]) {
        case 's': positions = read_run_ends<std::int16_t>(ends, in, e); break;
        case 'i': positions = read_run_ends<std::int32_t>(ends, in, e); break;
        default: positions = read_run_ends<std::int64_t>(ends, in, e); break;
        }
        Cells of_runs;
        if (!read_cells(of_runs, owner, *s.children[1], values, child_extent(a, 1, 0, in.length), where)) return false;
        cells = pick(owner, of_runs, positions, nullptr);
        return true;
    }

    /// Indices into a dictionary of values.
    bool read_dictionary(Cells& cells, const Schema& s, const Array& a) const {
        Cells values;
        if (!read_cells(values, owner, *s.dictionary, *a.dictionary, whole(*a.dictionary), where)) return false;
        std::vector<std::size_t> positions(cells.count);
        for (std::size_t i = 0; i < cells.count; ++i) {
            if (!cells.is_given(i)) continue;
            const std::int64_t at = index(cells, i);
            if (at < 0 || static_cast<std::size_t>(at) >= values.count)
                throw ValueError(prefix(where) + "Arrow data with an index outside its dictionary");
            positions[i] = static_cast<std::size_t>(at);
        }
        cells = pick(owner, values, positions, cells.given);
        return true;
    }

    /// An index; -1 for one that is too great.
    std::int64_t index(const Cells& cells, std::size_t i) const noexcept {
        const std::byte* at = cells.cell(i);
        switch (cells.kind) {
        case ScalarKind::Int8: return load<std::int8_t>(at, 0);
        case ScalarKind::Int16: return load<std::int16_t>(at, 0);
        case ScalarKind::Int32: return load<std::int32_t>(at, 0);
        case ScalarKind::UInt8: return load<std::uint8_t>(at, 0);
        case ScalarKind::UInt16: return load<std::uint16_t>(at, 0);
        case ScalarKind::UInt32: return load<std::uint32_t>(at, 0);
        default: return load<std::int64_t>(at, 0); // of 64 bits without sign, those that are too great are negative
        }
    }
};

} // namespace

bool read_cells(Cells& to, GivenColumn& owner, const Schema& s, const Array& a, Extent e, const PathStep* where) {
    const Layout layout = layout_of(s, where);
    if (layout.shape == Shape::Unknown) return false;
    const Reader read{owner, where};
    to.count = e.length;
    if (layout.shape == Shape::Null) return true;
    const bool has_validity =
        layout.shape != Shape::SparseUnion && layout.shape != Shape::DenseUnion && layout.shape != Shape::RunEnds;
    if (has_validity) to.given = read_validity(owner, a, e, where);
    to.kind = layout.kind;
    if (e.length == 0) { // buffers may be missing
        to.kind = ScalarKind::None;
        return true;
    }
    switch (layout.shape) {
    case Shape::Bits: read.read_bits(to, a, e); return true;
    case Shape::Half: read.read_halves(to, a, e); return true;
    case Shape::Text32: read.read_texts<std::int32_t>(to, a, e); return true;
    case Shape::Text64: read.read_texts<std::int64_t>(to, a, e); return true;
    case Shape::TextView: read.read_text_views(to, a, e); return true;
    case Shape::FixedBytes: read.read_fixed_bytes(to, a, e, layout.width); return true;
    case Shape::Fixed: read.read_fixed(to, a, e, layout); return !s.dictionary || read.read_dictionary(to, s, a);
    default: break;
    }
    to.kind = ScalarKind::Object;
    const auto limit = [&] { return static_cast<std::uint64_t>(a.children[0]->length); };
    switch (layout.shape) {
    case Shape::Decimal: read.read_decimals(to, a, e, layout); return true;
    case Shape::List32:
    case Shape::Map:
        return read.read_sliced(to, read.slices<std::int32_t>(a, e, limit()), s, a, layout.shape == Shape::Map);
    case Shape::List64: return read.read_sliced(to, read.slices<std::int64_t>(a, e, limit()), s, a, false);
    case Shape::ListView32: return read.read_sliced(to, read.view_slices<std::int32_t>(to, a, e), s, a, false);
    case Shape::ListView64: return read.read_sliced(to, read.view_slices<std::int64_t>(to, a, e), s, a, false);
    case Shape::FixedList: return read.read_fixed_lists(to, s, a, e, static_cast<std::size_t>(layout.size));
    case Shape::Struct: return read.read_structs(to, s, a, e);
    case Shape::RunEnds: return read.read_runs(to, s, a, e);
    default: return read.read_unions(to, s, a, e, layout);
    }
}

} // namespace hgvalue::python::arrow
