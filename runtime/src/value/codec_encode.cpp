// Values to bytes, by their meta.
#include "codec_bytes.hpp"
#include "codec_rules.hpp"

#include <hgvalue/core/error.hpp>
#include <hgvalue/core/time.hpp>
#include <hgvalue/value/codec.hpp>
#include <hgvalue/value/format.hpp>
#include <hgvalue/value/ring.hpp>
#include <hgvalue/value/row_store.hpp>

#include <algorithm>
#include <vector>

namespace hgvalue {
namespace detail {
namespace {

using Part = codec_place::Part;

/// A key that was encoded and waits for its turn.
struct sort_key {
    std::uint64_t prefix; ///< the first 8 bytes, which decide most comparisons
    std::size_t begin, end;
    std::uint32_t row;
};

std::uint64_t prefix_of(std::string_view bytes) noexcept {
    std::uint64_t prefix = 0;
    for (std::size_t i = 0; i < 8 && i < bytes.size(); ++i)
        prefix |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (56 - 8 * i);
    return prefix;
}

class encoder {
  public:
    explicit encoder(byte_writer& out, codec_place* place = nullptr, bool in_key = false)
        : out_(out), place_(place), in_key_(in_key) {}

    /// One value. `place_` says where it stands.
    void one(const TypeMeta& m, const void* v) {
        switch (m.kind) {
        case TypeKind::Scalar: return scalars(m, v, 1);
        case TypeKind::Tuple:
        case TypeKind::Bundle: return fields(m, static_cast<const std::byte*>(v));
        case TypeKind::List: return list(m, v);
        case TypeKind::Set:
        case TypeKind::Map: return rows(m, *static_cast<const row_store*>(v));
        case TypeKind::CyclicBuffer:
        case TypeKind::Queue: return buffer(m, *static_cast<const ring*>(v));
        case TypeKind::Window: return window(m, *static_cast<const window_storage*>(v));
        case TypeKind::Optional: return optional(m, v);
        case TypeKind::Variant: return variant(m, v);
        case TypeKind::Ref: return; // no such type gets here
        }
    }

  private:
    struct inside : codec_place {
        inside(encoder& e, const TypeMeta& m, Part part) : codec_place(e.place_, m, part) {
            if (depth > max_encoded_depth)
                e.refuse("values lie in each other more than " + std::to_string(max_encoded_depth) + " deep");
        }
    };

    [[noreturn]] void refuse(const std::string& what) const { throw ValueError(place_prefix(place_) + what); }
    /// Of elements side by side, the one with index `i`.
    [[noreturn]] void refuse_at(std::size_t i, const std::string& what) const {
        if (i != 0) place_->index = i;
        refuse(what);
    }

    /// Elements side by side. The innermost place is that of their container.
    void many(const TypeMeta& m, const std::byte* first, std::size_t n) {
        if (m.kind == TypeKind::Scalar) return scalars(m, first, n);
        for (std::size_t i = 0; i < n; ++i) {
            place_->index = i;
            one(m, first + i * m.size);
        }
    }
    /// As `many`, in a container that can have any number of them.
    void counted(const TypeMeta& m, const std::byte* first, std::size_t n) {
        if (n == 0) return;
        many(m, first, n);
        if (least_size(m) != 0) return;
        for (; n != 0; --n) out_.byte(0);
    }

    // -- scalars ----------------------------------------------------------------------------------------------------

    void scalars(const TypeMeta& m, const void* v, std::size_t n) {
        switch (m.scalar) {
        case ScalarKind::Bool:
        case ScalarKind::Int8:
        case ScalarKind::UInt8: return out_.raw(v, n);
        case ScalarKind::Int16: return numbers<std::int16_t>(v, n);
        case ScalarKind::Int32: return numbers<std::int32_t>(v, n);
        case ScalarKind::Int64: return numbers<std::int64_t>(v, n);
        case ScalarKind::UInt16: return numbers<std::uint16_t>(v, n);
        case ScalarKind::UInt32: return numbers<std::uint32_t>(v, n);
        case ScalarKind::UInt64: return numbers<std::uint64_t>(v, n);
        case ScalarKind::Float32: return floats<float>(v, n);
        case ScalarKind::Float64: return floats<double>(v, n);
        case ScalarKind::Str: return texts(v, n, m.size, true);
        case ScalarKind::Bytes: return texts(v, n, m.size, false);
        case ScalarKind::Date: return calendar<date>(v, n, "the day is not in the years 1 to 9999");
        case ScalarKind::Time: return calendar<time_of_day>(v, n, "the time is not within a day");
        case ScalarKind::DateTime: return calendar<datetime>(v, n, "the time is not in the years 1 to 9999");
        case ScalarKind::TimeDelta: return numbers<std::int64_t>(v, n);
        case ScalarKind::Enum: return enums(m, v, n);
        case ScalarKind::None:
        case ScalarKind::Object: return; // no such type gets here
        }
    }

    template <class T> void numbers(const void* v, std::size_t n) {
        constexpr std::size_t chunk = 512; // so many at a time, that not ten bytes for each are set aside
        const auto* p = static_cast<const T*>(v);
        while (n != 0) {
            const std::size_t now = std::min(n, chunk);
            char* to = out_.room(now * max_leb);
            for (const T* const end = p + now; p != end; ++p)
                if constexpr (std::is_signed_v<T>)
                    to = put_leb(to, zig_zag(*p));
                else
                    to = put_leb(to, *p);
            out_.taken(to);
            n -= now;
        }
    }

    template <class F> void floats(const void* v, std::size_t n) {
        using bits = bits_of<F>;
        if (n == 0) return;
        char* const to = out_.room(n * sizeof(F));
        const auto* p = static_cast<const char*>(v);
        for (std::size_t i = 0; i < n * sizeof(F); i += sizeof(F)) {
            bits b;
            std::memcpy(&b, p + i, sizeof b);
            if (is_nan<F>(b)) b = canonical_nan<F>;
            if (in_key_ && b == sign_bit<F>) b = 0; // -0.0 is the same key as 0.0
            store_le(to + i, b);
        }
        out_.taken(to + n * sizeof(F));
    }

    void texts(const void* v, std::size_t n, std::size_t stride, bool utf8) {
        for (std::size_t i = 0; i < n; ++i) {
            // bytes is a std::string too
            const auto& text = *reinterpret_cast<const std::string*>(static_cast<const std::byte*>(v) + i * stride);
            if (utf8 && !is_utf8(text)) refuse_at(i, "the text is not UTF-8");
            out_.leb(text.size());
            out_.raw(text.data(), text.size());
        }
    }

    template <class T> void calendar(const void* v, std::size_t n, const char* problem) {
        const auto* p = static_cast<const T*>(v);
        for (std::size_t i = 0; i < n; ++i) {
            if (!is_in_calendar(p[i])) refuse_at(i, problem);
            if constexpr (std::is_same_v<T, date>)
                out_.leb(zig_zag(p[i].days));
            else if constexpr (std::is_same_v<T, datetime>)
                out_.fixed(static_cast<std::uint64_t>(p[i].us));
            else
                out_.leb(static_cast<std::uint64_t>(p[i].us));
        }
    }

    void enums(const TypeMeta& m, const void* v, std::size_t n) {
        const auto* p = static_cast<const std::int64_t*>(v);
        for (std::size_t i = 0; i < n; ++i) {
            if (!m.enumeration->has(p[i]))
                refuse_at(i, "'" + type_name(m) + "' has no member of value " + std::to_string(p[i]));
            out_.leb(zig_zag(p[i]));
        }
    }

    // -- composites -------------------------------------------------------------------------------------------------

    void fields(const TypeMeta& m, const std::byte* v) {
        inside here(*this, m, Part::Field);
        for (std::uint32_t i = 0; i < m.field_count; ++i) {
            here.index = i;
            one(*m.fields[i].type, v + m.fields[i].offset);
        }
    }

    void list(const TypeMeta& m, const void* v) {
        inside here(*this, m, Part::Element);
        if (!grows(m))
            return many(*m.element, static_cast<const std::byte*>(v), static_cast<std::size_t>(m.fixed_size));
        const std::size_t n = m.ops->list_size(m, v);
        out_.leb(n);
        // asked for its place only
        counted(*m.element, static_cast<const std::byte*>(m.ops->list_data(m, const_cast<void*>(v))), n);
    }

    void optional(const TypeMeta& m, const void* v) {
        inside here(*this, m, Part::Content);
        const void* content = m.ops->optional_get(m, const_cast<void*>(v)); // asked for its place only
        out_.byte(content != nullptr);
        if (content) one(*m.element, content);
    }

    void variant(const TypeMeta& m, const void* v) {
        inside here(*this, m, Part::Content);
        const std::size_t index = m.ops->variant_index(m, v);
        out_.leb(index);
        one(*m.fields[index].type, m.ops->variant_get(m, const_cast<void*>(v))); // asked for its place only
    }

    void buffer(const TypeMeta& m, const ring& r) {
        inside here(*this, m, Part::Element);
        out_.leb(r.size());
        ring_elements(m, r, 0);
    }

    void window(const TypeMeta& m, const window_storage& w) {
        inside here(*this, m, Part::Element);
        const std::uint32_t first = first_kept(m, w);
        out_.leb(w.size() - first);
        if (first == w.size()) return;
        for (std::uint32_t i = first; i < w.size(); ++i) {
            if (!is_in_calendar(datetime{w.time(i)})) refuse_at(i, "its time is not in the years 1 to 9999");
            if (i == first)
                out_.fixed(static_cast<std::uint64_t>(w.time(i)));
            else
                out_.leb(static_cast<std::uint64_t>(w.time(i)) - static_cast<std::uint64_t>(w.time(i - 1)));
        }
        ring_elements(m, w, first);
    }

    /// The oldest element that belongs to the window. In a tick, that of a time series may hold what fell out of it.
    static std::uint32_t first_kept(const TypeMeta& m, const window_storage& w) {
        const auto size = static_cast<std::uint64_t>(m.fixed_size);
        if (!m.by_time) return w.size() > size ? w.size() - static_cast<std::uint32_t>(size) : 0;
        std::uint32_t first = 0;
        const auto newest = static_cast<std::uint64_t>(w.empty() ? 0 : w.time(w.size() - 1));
        while (first < w.size() && newest - static_cast<std::uint64_t>(w.time(first)) > size) ++first;
        return first;
    }

    void ring_elements(const TypeMeta& m, const ring& r, std::uint32_t first) {
        const std::size_t size = m.element->size;
        for (std::uint32_t i = first; i < r.size();) { // in at most two parts
            const std::uint32_t run = std::min(r.size() - i, r.capacity() - r.position(i));
            place_->base = i;
            counted(*m.element, static_cast<const std::byte*>(r.element(size, i)), run);
            i += run;
        }
    }

    // -- sets and maps ----------------------------------------------------------------------------------------------

    void rows(const TypeMeta& m, const row_store& s) {
        inside here(*this, m, Part::Key);
        out_.leb(s.size());
        if (s.empty()) return;
        if (keeps_order(m, in_key_)) {
            std::vector<std::uint32_t> order;
            order.reserve(s.size());
            for (const std::uint32_t row : hgvalue::rows(m, s)) order.push_back(row);
            encoder keys(out_, place_, true);
            for (const std::uint32_t row : order) keys.key(here, m, s, row);
            values(here, m, s, order);
        } else {
            values(here, m, s, sorted_keys(here, m, s));
        }
    }

    void key(codec_place& here, const TypeMeta& m, const row_store& s, std::uint32_t row) {
        const TypeMeta& type = key_meta(m);
        here.index = row;
        const std::size_t before = out_.size();
        one(type, s.key(m, row));
        if (out_.size() == before) out_.byte(0); // a unit
    }

    /// Writes the keys in the order of their bytes; returns their rows in that order, nothing if that is as they lie.
    std::vector<std::uint32_t> sorted_keys(codec_place& here, const TypeMeta& m, const row_store& s) {
        std::string text;
        byte_writer writer(text);
        encoder keys(writer, place_, true);
        std::vector<sort_key> order;
        order.reserve(s.size());
        for (std::uint32_t row = 0; row < s.size(); ++row) {
            const std::size_t begin = writer.size();
            keys.key(here, m, s, row);
            order.push_back({prefix_of(writer.written().substr(begin)), begin, writer.size(), row});
        }
        const std::string_view all = writer.written();
        const auto before = [all](const sort_key& a, const sort_key& b) {
            if (a.prefix != b.prefix) return a.prefix < b.prefix;
            return all.substr(a.begin, a.end - a.begin) < all.substr(b.begin, b.end - b.begin);
        };
        if (std::is_sorted(order.begin(), order.end(), before)) {
            out_.raw(all.data(), all.size());
            return {};
        }
        std::sort(order.begin(), order.end(), before);
        std::vector<std::uint32_t> rows;
        rows.reserve(order.size());
        for (const sort_key& k : order) {
            out_.raw(all.data() + k.begin, k.end - k.begin);
            rows.push_back(k.row);
        }
        return rows;
    }

    void values(codec_place& here, const TypeMeta& m, const row_store& s, const std::vector<std::uint32_t>& order) {
        if (m.kind != TypeKind::Map) return;
        here.part = Part::Entry;
        here.rows = &s;
        here.index = 0;
        if (order.empty()) return many(*m.element, s.values(), s.size());
        for (const std::uint32_t row : order) {
            here.index = row;
            one(*m.element, s.value(m, row));
        }
    }

    byte_writer& out_;
    codec_place* place_;
    const bool in_key_;
};

} // namespace
} // namespace detail

void encode_payload(const TypeMeta& type, const void* value, std::string& out) {
    detail::require_encodable(type);
    const std::size_t size = out.size();
    try {
        detail::byte_writer writer(out);
        detail::encoder(writer).one(type, value);
        writer.finish();
    } catch (...) {
        out.resize(size);
        throw;
    }
}

} // namespace hgvalue
