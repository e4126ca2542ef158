// Columns from Arrow's PyCapsule interface.
#include "../value/codec_rules.hpp"
#include "arrow_abi.hpp"
#include "columns_cells.hpp"
#include "imported.hpp"

#include <cerrno>
#include <cstring>
#include <string>

namespace hgvalue::python {

namespace {

using OwnedSchema = arrow::Owned<arrow::Schema>;
using OwnedArray = arrow::Owned<arrow::Array>;

/// Elements of an array that are asked for: all of it, or those of a child that its parent has.
struct Extent {
    std::size_t offset;
    std::size_t length;
};

bool has_bit(const void* bits, std::size_t i) noexcept {
    return (static_cast<const std::uint8_t*>(bits)[i / 8] >> i % 8 & 1) != 0;
}

/// By element: 0 for null. Null if none is.
std::uint8_t* read_validity(GivenColumn& to, const arrow::Array& a, Extent e) {
    if (a.null_count == 0 || a.n_buffers == 0 || !a.buffers[0]) return nullptr;
    auto* given = to.allocate<std::uint8_t>(e.length);
    for (std::size_t i = 0; i < e.length; ++i) given[i] = has_bit(a.buffers[0], e.offset + i);
    return given;
}

std::string_view* make_texts(GivenColumn& to, Cells& cells) {
    auto* texts = to.allocate<std::string_view>(cells.count);
    cells.first = reinterpret_cast<const std::byte*>(texts);
    cells.stride = sizeof(std::string_view);
    return texts;
}

/// Text or bytes with offsets of 32 or 64 bits.
template <class Offset> void read_texts(GivenColumn& to, Cells& cells, const arrow::Array& a, Extent e) {
    std::string_view* texts = make_texts(to, cells);
    const auto* offsets = static_cast<const Offset*>(a.buffers[1]) + e.offset;
    const auto* bytes = static_cast<const char*>(a.buffers[2]);
    for (std::size_t i = 0; i < e.length; ++i)
        texts[i] = {bytes + offsets[i], static_cast<std::size_t>(offsets[i + 1] - offsets[i])};
}

/// Text or bytes in views: short ones lie in the view itself.
void read_text_views(GivenColumn& to, Cells& cells, const arrow::Array& a, Extent e) {
    constexpr std::size_t view_size = 16, longest_inside = 12;
    std::string_view* texts = make_texts(to, cells);
    const char* view = static_cast<const char*>(a.buffers[1]) + e.offset * view_size;
    for (std::size_t i = 0; i < e.length; ++i, view += view_size) {
        std::int32_t parts[4]; // length, prefix, number of the buffer, offset in it
        std::memcpy(parts, view, sizeof parts);
        const auto length = static_cast<std::size_t>(parts[0]);
        if (!cells.is_given(i)) continue;
        texts[i] = length <= longest_inside
                       ? std::string_view(view + 4, length)
                       : std::string_view(static_cast<const char*>(a.buffers[2 + parts[2]]) + parts[3], length);
    }
}

/// Our strs are UTF-8 throughout; libraries promise it of Arrow's text, but not all look.
void require_utf8(const Cells& cells, const PathStep* where) {
    for (std::size_t i = 0; i < cells.count; ++i)
        if (cells.is_given(i) && !detail::is_utf8(cells.text(i))) {
            const PathStep step = PathStep::at(where, i);
            throw ValueError(prefix(&step) + "the Arrow text is not UTF-8");
        }
}

void read_bits(GivenColumn& to, Cells& cells, const arrow::Array& a, Extent e) {
    auto* bools = to.allocate<std::uint8_t>(e.length);
    for (std::size_t i = 0; i < e.length; ++i) bools[i] = has_bit(a.buffers[1], e.offset + i);
    cells.first = reinterpret_cast<const std::byte*>(bools);
    cells.stride = 1;
}

/// Elements of fixed size, as they lie.
void read_fixed(Cells& cells, const arrow::Array& a, Extent e, std::size_t size) {
    cells.first = static_cast<const std::byte*>(a.buffers[1]) + e.offset * size;
    cells.stride = static_cast<std::ptrdiff_t>(size);
}

Cells widened(GivenColumn& to, const Cells& from) {
    Cells made = from;
    auto* wide = to.allocate<std::int64_t>(from.count);
    for (std::size_t i = 0; i < from.count; ++i) {
        std::int32_t v = 0;
        std::memcpy(&v, from.cell(i), sizeof v);
        wide[i] = v;
    }
    made.first = reinterpret_cast<const std::byte*>(wide);
    made.stride = sizeof(std::int64_t);
    return made;
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

/// Formats that start with t: dates, times of day, timestamps (in UTC if they have a time zone) and durations.
bool read_time(GivenColumn& to, Cells cells, std::string_view format, const arrow::Array& a, Extent e,
               const PathStep* where) {
    if (format == "tdD") {
        cells.kind = ScalarKind::Date;
        read_fixed(cells, a, e, 4);
        to.add(std::move(cells));
        return true;
    }
    TimeScale scale;
    ScalarKind kind = ScalarKind::None;
    std::size_t size = 8;
    if (format == "tdm") {
        kind = ScalarKind::Date;
        scale = {1, 86'400'000};
    } else if (format.size() < 3 || !find_scale(format[2], scale)) {
        return false;
    } else if (format[1] == 't') {
        kind = ScalarKind::Time;
        if (format[2] == 's' || format[2] == 'm') size = 4;
    } else if (format[1] == 's') {
        kind = ScalarKind::DateTime;
    } else if (format[1] == 'D') {
        kind = ScalarKind::TimeDelta;
    } else {
        return false;
    }
    read_fixed(cells, a, e, size);
    cells.kind = kind;
    if (size == 4) cells = widened(to, cells);
    if (scale.multiply == 1 && scale.divide == 1)
        to.add(std::move(cells));
    else
        to.add(scaled_times(to, kind, cells, scale, where));
    return true;
}

bool read_array(GivenColumn& to, const arrow::Schema& schema, const arrow::Array& a, Extent e, const PathStep* where);

/// Indices into a dictionary of values.
bool read_dictionary(GivenColumn& to, Cells&& cells, const arrow::Schema& schema, const arrow::Array& a,
                     const PathStep* where) {
    GivenColumn values;
    if (!a.dictionary) throw ValueError(prefix(where) + "Arrow data without its dictionary");
    const Extent all{static_cast<std::size_t>(a.dictionary->offset), static_cast<std::size_t>(a.dictionary->length)};
    if (!read_array(values, *schema.dictionary, *a.dictionary, all, where)) return false;
    const Cells& from = values.pieces[0];
    if (from.kind == ScalarKind::None) {
        Cells nothing;
        nothing.count = cells.count;
        to.add(std::move(nothing));
        return true;
    }
    const auto width = static_cast<std::size_t>(from.stride);
    Cells made;
    made.kind = from.kind;
    made.count = cells.count;
    made.stride = from.stride;
    auto* data =
        reinterpret_cast<std::byte*>(to.allocate<std::max_align_t>(cells.count * width / sizeof(std::max_align_t) + 1));
    auto* given = to.allocate<std::uint8_t>(cells.count);
    for (std::size_t i = 0; i < cells.count; ++i) {
        if (!cells.is_given(i)) continue;
        const nb::object index = owned(cells.object(i));
        const Py_ssize_t at = PyNumber_AsSsize_t(index.ptr(), nullptr);
        if (at < 0 || static_cast<std::size_t>(at) >= from.count)
            throw ValueError(prefix(where) + "Arrow data with an index outside its dictionary");
        given[i] = from.is_given(static_cast<std::size_t>(at));
        std::memcpy(data + i * width, from.cell(static_cast<std::size_t>(at)), width);
    }
    made.first = data;
    made.given = given;
    to.kept.insert(to.kept.end(), values.kept.begin(), values.kept.end());
    to.add(std::move(made));
    return true;
}

ScalarKind fixed_kind(char format, std::size_t& size) noexcept {
    constexpr std::string_view formats = "cCsSiIlLfg";
    constexpr char letters[] = "bBhHiIqQfd"; // those of the struct module
    constexpr std::size_t sizes[] = {1, 1, 2, 2, 4, 4, 8, 8, 4, 8};
    const std::size_t at = formats.find(format);
    if (at == formats.npos) return ScalarKind::None;
    size = sizes[at];
    return number_kind(letters[at], size);
}

/// One array; false if its type is none that we know the cells of.
bool read_array(GivenColumn& to, const arrow::Schema& schema, const arrow::Array& a, Extent e, const PathStep* where) {
    const std::string_view format = schema.format;
    if (format.empty()) return false;
    Cells cells;
    cells.count = e.length;
    if (e.length == 0 || format == "n") { // buffers may be missing
        to.add(std::move(cells));
        return true;
    }
    cells.given = read_validity(to, a, e);
    std::size_t size = 0;
    if (format[0] == 't') return !schema.dictionary && read_time(to, std::move(cells), format, a, e, where);
    if (format == "b") {
        cells.kind = ScalarKind::Bool;
        read_bits(to, cells, a, e);
    } else if (format == "u" || format == "z") {
        cells.kind = format == "u" ? ScalarKind::Str : ScalarKind::Bytes;
        read_texts<std::int32_t>(to, cells, a, e);
    } else if (format == "U" || format == "Z") {
        cells.kind = format == "U" ? ScalarKind::Str : ScalarKind::Bytes;
        read_texts<std::int64_t>(to, cells, a, e);
    } else if (format == "vu" || format == "vz") {
        cells.kind = format == "vu" ? ScalarKind::Str : ScalarKind::Bytes;
        read_text_views(to, cells, a, e);
    } else if (format.size() == 1 && (cells.kind = fixed_kind(format[0], size)) != ScalarKind::None) {
        read_fixed(cells, a, e, size);
        if (schema.dictionary) return read_dictionary(to, std::move(cells), schema, a, where);
    } else {
        return false;
    }
    if (cells.kind == ScalarKind::Str) require_utf8(cells, where);
    to.add(std::move(cells));
    return true;
}

Extent whole(const arrow::Array& a) { return {static_cast<std::size_t>(a.offset), static_cast<std::size_t>(a.length)}; }

/// What a capsule holds. ValueError if somebody took it before: all that is left then is a struct without release.
template <class T> T* opened(PyObject* capsule, const char* name, const PathStep* where) {
    auto* p = static_cast<T*>(PyCapsule_GetPointer(capsule, name));
    if (!p) throw_python_error();
    if (!p->release) throw ValueError(prefix(where) + "the " + name + " was consumed already");
    return p;
}

/// Calls `begin(schema)`, then `f(schema, array)` for each array that an object gives, until it returns false; false if
/// it speaks no Arrow. Arrays and schema live as long as `kept` does.
template <class Begin, class F>
bool for_each_array(PyObject* from, std::vector<std::shared_ptr<void>>& kept, const PathStep* where, Begin&& begin,
                    F&& f) {
    if (const nb::object method = find_attribute(from, "__arrow_c_array__")) {
        const nb::object pair = owned(PyObject_CallNoArgs(method.ptr()));
        if (!PyTuple_Check(pair.ptr()) || PyTuple_Size(pair.ptr()) != 2)
            throw TypeError(prefix(where) + "__arrow_c_array__ must give a pair of capsules");
        auto schema = std::make_shared<OwnedSchema>(
            *opened<arrow::Schema>(PyTuple_GetItem(pair.ptr(), 0), arrow::schema_capsule, where));
        auto array = std::make_shared<OwnedArray>(
            *opened<arrow::Array>(PyTuple_GetItem(pair.ptr(), 1), arrow::array_capsule, where));
        kept.push_back(schema);
        kept.push_back(array);
        begin(**schema);
        f(**schema, **array);
        return true;
    }
    const nb::object method = find_attribute(from, "__arrow_c_stream__");
    if (!method) return false;
    const nb::object capsule = owned(PyObject_CallNoArgs(method.ptr()));
    arrow::Owned<arrow::Stream> stream(*opened<arrow::Stream>(capsule.ptr(), arrow::stream_capsule, where));
    const auto require = [&](int status) {
        if (PyErr_Occurred()) throw_python_error();
        if (status == 0) return;
        const char* what = stream->get_last_error(stream.get());
        throw ValueError(prefix(where) + "the Arrow stream cannot be read: " + (what ? what : std::strerror(status)));
    };
    auto schema = std::make_shared<OwnedSchema>();
    require(stream->get_schema(stream.get(), schema->get()));
    if (!*schema) throw ValueError(prefix(where) + "the Arrow stream has no schema");
    kept.push_back(schema);
    begin(**schema);
    while (true) {
        auto array = std::make_shared<OwnedArray>();
        require(stream->get_next(stream.get(), array->get()));
        if (!*array) return true;
        kept.push_back(array);
        if (!f(**schema, **array)) return true;
    }
}

/// Nulls of the struct that a column is part of are nulls of the column.
void add_nulls_of_rows(GivenColumn& column, const arrow::Array& rows) {
    Cells& cells = column.pieces.back();
    std::uint8_t* given = read_validity(column, rows, whole(rows));
    if (!given) return;
    for (std::size_t i = 0; i < cells.count; ++i) given[i] = given[i] && cells.is_given(i);
    cells.given = given;
}

} // namespace

bool read_arrow(GivenColumn& to, PyObject* from, const PathStep* where) {
    GivenColumn read;
    bool known = true;
    const bool is_arrow = for_each_array(
        from, read.kept, where, [](const arrow::Schema&) {},
        [&](const arrow::Schema& schema, const arrow::Array& a) {
            return known = read_array(read, schema, a, whole(a), where);
        });
    if (!is_arrow) return false;
    if (!known) return false;
    read.from_arrow = true;
    to = std::move(read);
    return true;
}

bool read_arrow_table(std::vector<std::pair<std::string, GivenColumn>>& to, PyObject* from, const PathStep* where) {
    std::vector<std::shared_ptr<void>> kept;
    const auto begin = [&](const arrow::Schema& schema) { // a table may have columns and no batch of them
        if (std::string_view(schema.format) != "+s")
            throw TypeError(prefix(where) + "expected an Arrow table, got one column of format " + schema.format);
        for (std::int64_t c = 0; c < schema.n_children; ++c) {
            to.emplace_back(schema.children[c]->name ? schema.children[c]->name : "", GivenColumn{});
            to.back().second.from_arrow = true;
        }
    };
    const bool is_arrow =
        for_each_array(from, kept, where, begin, [&](const arrow::Schema& schema, const arrow::Array& a) {
            for (std::int64_t c = 0; c < schema.n_children; ++c) {
                auto& [name, column] = to[static_cast<std::size_t>(c)];
                const arrow::Array& child = *a.children[c];
                const Extent e{static_cast<std::size_t>(child.offset + a.offset), static_cast<std::size_t>(a.length)};
                const PathStep step = PathStep::field(where, name.c_str());
                if (!read_array(column, *schema.children[c], child, e, &step))
                    throw TypeError(prefix(&step) + "a column of Arrow format " + schema.children[c]->format +
                                    " holds no scalars");
                add_nulls_of_rows(column, a);
            }
            return true;
        });
    for (auto& [name, column] : to) column.kept.insert(column.kept.end(), kept.begin(), kept.end());
    return is_arrow;
}

} // namespace hgvalue::python
