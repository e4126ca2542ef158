#include "arrow_layout.hpp"

#include "../value/codec_rules.hpp"

#include <charconv>
#include <limits>
#include <string>

namespace hgvalue::python::arrow {

namespace {

constexpr int deepest = 64; ///< as pyarrow has it
/// Structs may wrongly share children, and then have more parts than memory could hold: two at each of 64 levels.
constexpr std::size_t most_parts = 1'000'000;

[[noreturn]] void throw_format(const Schema& s, const PathStep* where) {
    throw_broken(("malformed format " + std::string(s.format)).c_str(), where);
}

/// A number at the start of `text`, which is taken off.
bool take_number(std::string_view& text, std::int64_t& to) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), to);
    if (error != std::errc{}) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}
bool take(std::string_view& text, char letter) {
    if (text.empty() || text[0] != letter) return false;
    text.remove_prefix(1);
    return true;
}

/// Seconds to nanoseconds, as microseconds.
bool find_scale(char unit, TimeScale& scale) noexcept {
    switch (unit) {
    case 's': scale = {1'000'000, 1}; return true;
    case 'm': scale = {1'000, 1}; return true;
    case 'u': scale = {}; return true;
    case 'n': scale = {1, 1'000}; return true;
    default: return false;
    }
}

/// Dates, times of day, timestamps (in UTC if they have a time zone) and durations.
Layout time_layout(std::string_view format) {
    Layout made{Shape::Fixed};
    made.width = 8;
    if (format == "tdD") {
        made.kind = ScalarKind::Date;
        made.width = 4;
    } else if (format == "tdm") {
        made.kind = ScalarKind::Date;
        made.scale = {1, 86'400'000};
    } else if (format.size() < 3 || !find_scale(format[2], made.scale)) {
        return {};
    } else if (format[1] == 't' && format.size() == 3) {
        made.kind = ScalarKind::Time;
        if (format[2] == 's' || format[2] == 'm') made.width = 4;
    } else if (format[1] == 's' && format.size() > 3 && format[3] == ':') {
        made.kind = ScalarKind::DateTime;
    } else if (format[1] == 'D' && format.size() == 3) {
        made.kind = ScalarKind::TimeDelta;
    } else {
        return {};
    }
    return made;
}

/// `d:precision,scale` or `d:precision,scale,bits`.
Layout decimal_layout(const Schema& s, const PathStep* where) {
    std::string_view rest = s.format + 2;
    std::int64_t precision = 0, scale = 0, bits = 128;
    if (!take_number(rest, precision) || !take(rest, ',') || !take_number(rest, scale)) throw_format(s, where);
    if (take(rest, ',') && !take_number(rest, bits)) throw_format(s, where);
    const bool known = bits == 32 || bits == 64 || bits == 128 || bits == 256;
    if (!rest.empty() || !known || precision < 1 || precision > 76 || scale < -1000 || scale > 1000)
        throw_format(s, where);
    Layout made{Shape::Decimal};
    made.width = static_cast<std::size_t>(bits / 8);
    made.digits = static_cast<int>(scale);
    return made;
}

Layout union_layout(const Schema& s, Shape shape, const PathStep* where) {
    Layout made{shape};
    std::string_view rest = s.format + 4;
    std::vector<bool> seen(128);
    while (!rest.empty()) {
        std::int64_t id = 0;
        if (!made.type_ids.empty() && !take(rest, ',')) throw_format(s, where);
        if (!take_number(rest, id) || id < 0 || id > 127 || seen[static_cast<std::size_t>(id)]) throw_format(s, where);
        seen[static_cast<std::size_t>(id)] = true;
        made.type_ids.push_back(static_cast<int>(id));
    }
    return made;
}

Layout nested_layout(const Schema& s, const PathStep* where) {
    const std::string_view format = s.format;
    if (format == "+l") return {Shape::List32};
    if (format == "+L") return {Shape::List64};
    if (format == "+vl") return {Shape::ListView32};
    if (format == "+vL") return {Shape::ListView64};
    if (format == "+m") return {Shape::Map};
    if (format == "+s") return {Shape::Struct};
    if (format == "+r") return {Shape::RunEnds};
    if (format.starts_with("+us:")) return union_layout(s, Shape::SparseUnion, where);
    if (format.starts_with("+ud:")) return union_layout(s, Shape::DenseUnion, where);
    if (!format.starts_with("+w:")) return {};
    Layout made{Shape::FixedList};
    std::string_view rest = format.substr(3);
    if (!take_number(rest, made.size) || !rest.empty() || made.size < 0) throw_format(s, where);
    return made;
}

Layout one_letter(char format) {
    constexpr std::string_view formats = "cCsSiIlLfg";
    constexpr char letters[] = "bBhHiIqQfd"; // those of the struct module
    constexpr std::size_t sizes[] = {1, 1, 2, 2, 4, 4, 8, 8, 4, 8};
    if (const std::size_t at = formats.find(format); at != formats.npos)
        return {Shape::Fixed, number_kind(letters[at], sizes[at]), sizes[at]};
    switch (format) {
    case 'n': return {Shape::Null};
    case 'b': return {Shape::Bits, ScalarKind::Bool};
    case 'e': return {Shape::Half, ScalarKind::Float32, 2};
    case 'u': return {Shape::Text32, ScalarKind::Str};
    case 'z': return {Shape::Text32, ScalarKind::Bytes};
    case 'U': return {Shape::Text64, ScalarKind::Str};
    case 'Z': return {Shape::Text64, ScalarKind::Bytes};
    default: return {};
    }
}

std::size_t buffers_of(Shape shape) noexcept {
    switch (shape) {
    case Shape::Null:
    case Shape::RunEnds: return 0;
    case Shape::FixedList:
    case Shape::Struct:
    case Shape::SparseUnion: return 1;
    case Shape::Text32:
    case Shape::Text64:
    case Shape::TextView: // and those that the views are into
    case Shape::ListView32:
    case Shape::ListView64: return 3;
    default: return 2;
    }
}

/// How many children a type has; -1 for any number.
std::int64_t children_of(const Layout& layout) noexcept {
    switch (layout.shape) {
    case Shape::Unknown:
    case Shape::Struct: return -1;
    case Shape::List32:
    case Shape::List64:
    case Shape::ListView32:
    case Shape::ListView64:
    case Shape::FixedList:
    case Shape::Map: return 1;
    case Shape::RunEnds: return 2;
    case Shape::SparseUnion:
    case Shape::DenseUnion: return static_cast<std::int64_t>(layout.type_ids.size());
    default: return 0;
    }
}

template <class T> void require_pointer(const T* p, const char* what, const PathStep* where) {
    if (!p || reinterpret_cast<std::uintptr_t>(p) % alignof(T) != 0) throw_broken(what, where);
}

template <class T> void require_struct(const T* p, const char* what, const PathStep* where) {
    require_pointer(p, what, where);
    if (!p->release) throw_broken("a struct that was released", where);
}

void check_array(const Array& a, const Layout& layout, const PathStep* where) {
    // So that neither the end of an array nor the place of an element in a buffer overflows.
    constexpr std::int64_t longest = std::numeric_limits<std::int64_t>::max() / 64;
    if (a.length < 0 || a.length > longest) throw_broken("an impossible length", where);
    if (a.offset < 0 || a.offset > longest) throw_broken("an impossible offset", where);
    if (a.null_count < -1 || a.null_count > a.length) throw_broken("an impossible number of nulls", where);
    const auto buffers = static_cast<std::int64_t>(buffers_of(layout.shape));
    const bool more = layout.shape == Shape::TextView && a.n_buffers > 3;
    const bool validity_of_null = layout.shape == Shape::Null && a.n_buffers == 1; // some say so
    if (a.n_buffers != buffers && !more && !validity_of_null)
        throw_broken("another number of buffers than its format has", where);
    if (a.n_buffers > 0) require_pointer(a.buffers, "no buffers", where);
    const bool has_validity = buffers > 0 && layout.shape != Shape::SparseUnion && layout.shape != Shape::DenseUnion;
    if (has_validity ? a.null_count > 0 && !a.buffers[0] : a.null_count > 0 && layout.shape != Shape::Null)
        throw_broken("nulls, but no buffer that says which", where);
}

void check(const Schema& s, const Array* a, const PathStep* where, int depth, std::size_t& parts) {
    if (depth > deepest) throw_broken("a type that is nested too deep", where);
    if (++parts > most_parts) throw_broken("a type of more than a million parts", where);
    require_pointer(s.format, "no format", where);
    if (s.name && !detail::is_utf8(s.name)) throw_broken("a name that is not UTF-8", where);
    const Layout layout = layout_of(s, where);
    if (s.n_children < 0 || (a && s.n_children != a->n_children))
        throw_broken("another number of children than its schema has", where);
    if (const std::int64_t n = children_of(layout); n != -1 && n != s.n_children)
        throw_broken("another number of children than its format has", where);
    if (a && !s.dictionary != !a->dictionary) throw_broken("a dictionary missing, or one too many", where);
    if (s.dictionary && !layout.is_index()) throw_broken("a dictionary without indices", where);
    // Whose arrays we do not read we do not know: their library is asked.
    if (layout.shape == Shape::Unknown) return;
    if (a) check_array(*a, layout, where);
    if (s.n_children > 0) require_pointer(s.children, "no children", where);
    if (a && s.n_children > 0) require_pointer(a->children, "no children", where);
    const auto below = [&](const Schema* schema, const Array* array) {
        require_struct(schema, "a child without schema", where);
        if (a) require_struct(array, "a child without data", where);
        check(*schema, array, where, depth + 1, parts);
    };
    for (std::int64_t i = 0; i < s.n_children; ++i) below(s.children[i], a ? a->children[i] : nullptr);
    if (s.dictionary) below(s.dictionary, a ? a->dictionary : nullptr);
    if (layout.shape == Shape::Map) {
        const Schema& entries = *s.children[0];
        if (std::string_view(entries.format) != "+s" || entries.n_children != 2)
            throw_broken("a map of other than pairs", where);
    }
    if (layout.shape == Shape::RunEnds) {
        const std::string_view ends = s.children[0]->format;
        if ((ends != "s" && ends != "i" && ends != "l") || s.children[0]->dictionary)
            throw_broken("run ends that are no ints", where);
        if (a && a->children[0]->null_count > 0) throw_broken("run ends that are null", where);
    }
}

bool has_bit(const std::byte* bits, std::size_t i) noexcept {
    return (static_cast<unsigned>(bits[i / 8]) >> i % 8 & 1) != 0;
}

} // namespace

bool Layout::is_index() const noexcept {
    return shape == Shape::Fixed && kind >= ScalarKind::Int8 && kind <= ScalarKind::UInt64;
}

void throw_broken(const char* what, const PathStep* where) {
    throw ValueError(prefix(where) + "broken Arrow data: " + what);
}

Layout layout_of(const Schema& s, const PathStep* where) {
    const std::string_view format = s.format;
    if (format.size() == 1) return one_letter(format[0]);
    if (format == "vu") return {Shape::TextView, ScalarKind::Str};
    if (format == "vz") return {Shape::TextView, ScalarKind::Bytes};
    if (format.starts_with("t")) return time_layout(format);
    if (format.starts_with("d:")) return decimal_layout(s, where);
    if (format.starts_with("+")) return nested_layout(s, where);
    if (!format.starts_with("w:")) {
        if (format.empty()) throw_format(s, where);
        return {};
    }
    std::string_view rest = format.substr(2);
    std::int64_t width = 0;
    if (!take_number(rest, width) || !rest.empty() || width < 0 || width > std::numeric_limits<std::int32_t>::max())
        throw_format(s, where);
    return {Shape::FixedBytes, ScalarKind::Bytes, static_cast<std::size_t>(width)};
}

void check(const Schema& schema, const Array* array, const PathStep* where) {
    std::size_t parts = 0;
    check(schema, array, where, 0, parts);
}

Extent extent_of(const Array& child, std::size_t first, std::size_t count, const PathStep* where) {
    const auto length = static_cast<std::size_t>(child.length);
    if (first > length || count > length - first) throw_broken("a child that is shorter than its parent needs", where);
    return {static_cast<std::size_t>(child.offset) + first, count};
}

const std::byte* buffer(const Array& a, std::size_t i, const PathStep* where) {
    if (!a.buffers[i]) throw_broken("a buffer is missing", where);
    return static_cast<const std::byte*>(a.buffers[i]);
}

std::uint8_t* read_validity(GivenColumn& to, const Array& a, Extent e, const PathStep* where) {
    const auto* bits = static_cast<const std::byte*>(a.buffers[0]);
    if (!bits || e.length == 0) return nullptr;
    auto* given = to.allocate<std::uint8_t>(e.length);
    std::size_t nulls = 0;
    for (std::size_t i = 0; i < e.length; ++i) {
        given[i] = has_bit(bits, e.offset + i);
        nulls += given[i] == 0;
    }
    const bool all = e.length == static_cast<std::size_t>(a.length);
    if (a.null_count >= 0 &&
        (all ? nulls != static_cast<std::size_t>(a.null_count) : nulls > static_cast<std::size_t>(a.null_count)))
        throw_broken("another number of nulls than it says", where);
    return nulls ? given : nullptr;
}

} // namespace hgvalue::python::arrow
