// Bytes to values, by their meta. The bytes may come from anyone: nothing is believed that was not checked.
#include "codec_bytes.hpp"
#include "codec_rules.hpp"
#include "place_check.hpp"
#include "value_functions.hpp"

#include <hgvalue/core/error.hpp>
#include <hgvalue/core/time.hpp>
#include <hgvalue/value/codec.hpp>
#include <hgvalue/value/format.hpp>
#include <hgvalue/value/ring.hpp>
#include <hgvalue/value/row_store.hpp>

#include "scratch_value.hpp"

#include <limits>
#include <vector>

namespace hgvalue {
namespace detail {
namespace {

using Part = codec_place::Part;

class decoder {
  public:
    decoder(std::string_view bytes, std::size_t begin)
        : begin_(bytes.data()), next_(begin_ + begin), end_(begin_ + bytes.size()) {}

    std::size_t position() const noexcept { return static_cast<std::size_t>(next_ - begin_); }

    /// One value, assigned to `to`. `place_` says where it stands.
    void one(const TypeMeta& m, void* to) {
        check_place(m, to);
        switch (m.kind) {
        case TypeKind::Scalar: return scalars(m, to, 1);
        case TypeKind::Tuple:
        case TypeKind::Bundle: return fields(m, static_cast<std::byte*>(to));
        case TypeKind::List: return list(m, to);
        case TypeKind::Set:
        case TypeKind::Map: return rows(m, *static_cast<row_store*>(to));
        case TypeKind::CyclicBuffer:
        case TypeKind::Queue: return buffer(m, *static_cast<ring*>(to));
        case TypeKind::Window: return window(m, *static_cast<window_storage*>(to));
        case TypeKind::Optional: return optional(m, to);
        case TypeKind::Variant: return variant(m, to);
        case TypeKind::Ref: return; // no such type gets here
        }
    }

  private:
    struct inside : codec_place {
        inside(decoder& d, const TypeMeta& m, Part part) : codec_place(d.place_, m, part) {
            if (depth > max_encoded_depth)
                d.refuse("values lie in each other more than " + std::to_string(max_encoded_depth) + " deep");
        }
    };

    std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - next_); }

    /// `back` bytes before the next one.
    [[noreturn]] void refuse(const std::string& what, std::size_t back = 0) const {
        throw DecodeError("byte " + std::to_string(position() - back) + ": " + place_prefix(place_) + what);
    }
    /// Of elements side by side, the one with index `i`.
    [[noreturn]] void refuse_at(std::size_t i, const std::string& what, std::size_t back = 0) const {
        if (i != 0) place_->index = i;
        refuse(what, back);
    }

    // -- numbers ----------------------------------------------------------------------------------------------------

    /// The next `n` bytes, which the element with index `i` needs.
    const char* take(std::size_t n, std::size_t i = 0) {
        if (left() < n)
            refuse_at(i, "the end comes too early: " + std::to_string(n) + " bytes expected, " +
                             std::to_string(left()) + " left");
        const char* p = next_;
        next_ += n;
        return p;
    }
    std::uint8_t byte(std::size_t i = 0) { return static_cast<std::uint8_t>(*take(1, i)); }

    std::uint64_t leb(std::size_t i = 0) {
        const std::uint8_t first = byte(i);
        if (first < 0x80) [[likely]]
            return first;
        std::uint64_t v = first & 0x7f;
        for (unsigned shift = 7; shift < 64; shift += 7) {
            const std::uint8_t b = byte(i);
            if (shift == 63 && b > 1) break;
            v |= std::uint64_t{b & 0x7fU} << shift;
            if (b >= 0x80) continue;
            if (b == 0) refuse_at(i, "the number is longer than it need be", 1);
            return v;
        }
        refuse_at(i, "the number has more than 64 bits", 1);
    }

    /// The number of things that follow and take at least `least` bytes each.
    std::size_t count(std::uint64_t least, std::uint64_t limit, const char* what) {
        const std::uint64_t n = leb();
        if (n > limit)
            refuse("no more than " + std::to_string(limit) + " " + what + " fit, given " + std::to_string(n));
        if (n > left() / std::max<std::uint64_t>(least, 1))
            refuse(std::to_string(n) + " " + what + " cannot be in the " + std::to_string(left()) + " bytes left");
        return static_cast<std::size_t>(n);
    }

    // -- scalars ----------------------------------------------------------------------------------------------------

    /// Elements side by side. The innermost place is that of their container.
    void many(const TypeMeta& m, std::byte* first, std::size_t n) {
        if (m.kind == TypeKind::Scalar) return scalars(m, first, n);
        for (std::size_t i = 0; i < n; ++i) {
            place_->index = i;
            one(m, first + i * m.size);
        }
    }
    /// As `many`, in a container that can have any number of them.
    void counted(const TypeMeta& m, std::byte* first, std::size_t n) {
        if (n == 0) return;
        many(m, first, n);
        if (least_size(m) == 0)
            for (std::size_t i = 0; i < n; ++i) unit(i);
    }
    void unit(std::size_t i) {
        if (byte(i) != 0) refuse_at(i, "a 0 expected", 1);
    }

    void scalars(const TypeMeta& m, void* to, std::size_t n) {
        switch (m.scalar) {
        case ScalarKind::Bool: return bools(static_cast<char*>(to), n);
        case ScalarKind::Int8:
        case ScalarKind::UInt8: return raw(to, n);
        case ScalarKind::Int16: return numbers<std::int16_t>(to, n);
        case ScalarKind::Int32: return numbers<std::int32_t>(to, n);
        case ScalarKind::Int64:
        case ScalarKind::TimeDelta: return numbers<std::int64_t>(to, n);
        case ScalarKind::UInt16: return numbers<std::uint16_t>(to, n);
        case ScalarKind::UInt32: return numbers<std::uint32_t>(to, n);
        case ScalarKind::UInt64: return numbers<std::uint64_t>(to, n);
        case ScalarKind::Float32: return floats<float>(to, n);
        case ScalarKind::Float64: return floats<double>(to, n);
        case ScalarKind::Str: return texts(to, n, m.size, true);
        case ScalarKind::Bytes: return texts(to, n, m.size, false);
        case ScalarKind::Date: return calendar<date>(to, n, "the day is not in the years 1 to 9999");
        case ScalarKind::Time: return calendar<time_of_day>(to, n, "the time is not within a day");
        case ScalarKind::DateTime: return calendar<datetime>(to, n, "the time is not in the years 1 to 9999");
        case ScalarKind::Enum: return enums(m, to, n);
        case ScalarKind::None:
        case ScalarKind::Object: return; // no such type gets here
        }
    }

    void raw(void* to, std::size_t n) {
        if (n != 0) std::memcpy(to, take(n), n);
    }

    void bools(char* to, std::size_t n) {
        const char* p = take(n);
        for (std::size_t i = 0; i < n; ++i) {
            if (static_cast<unsigned char>(p[i]) > 1)
                refuse_at(i, "a bool is 0 or 1, given " + std::to_string(static_cast<unsigned char>(p[i])), n - i);
            to[i] = p[i];
        }
    }

    template <class T> T number(std::size_t i) {
        using wide = std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>;
        const char* const start = next_;
        wide v;
        if constexpr (std::is_signed_v<T>)
            v = zag_zig(leb(i));
        else
            v = leb(i);
        if (v < std::numeric_limits<T>::min() || v > std::numeric_limits<T>::max())
            refuse_at(i, std::to_string(v) + " does not fit in " + std::to_string(8 * sizeof(T)) + " bits",
                      static_cast<std::size_t>(next_ - start));
        return static_cast<T>(v);
    }

    template <class T> void numbers(void* to, std::size_t n) {
        auto* p = static_cast<T*>(to);
        for (std::size_t i = 0; i < n; ++i) p[i] = number<T>(i);
    }

    template <class F> void floats(void* to, std::size_t n) {
        if (n == 0) return;
        const char* p = take(n * sizeof(F)); // no overflow: elements take as many bytes in memory
        bool strange = false;
        for (std::size_t i = 0; i < n; ++i) {
            const auto b = load_le<bits_of<F>>(p + i * sizeof(F));
            std::memcpy(static_cast<char*>(to) + i * sizeof(F), &b, sizeof b);
            strange |= is_strange<F>(b);
        }
        if (!strange) return;
        for (std::size_t i = 0; i < n; ++i)
            if (is_strange<F>(load_le<bits_of<F>>(p + i * sizeof(F))))
                refuse_at(i,
                          in_key_ ? "a NaN or zero in another form than its own" : "a NaN in another form than its own",
                          (n - i) * sizeof(F));
    }
    /// Whether the bits stand for a number that has others.
    template <class F> bool is_strange(bits_of<F> b) const noexcept {
        return (is_nan<F>(b) && b != canonical_nan<F>) || (in_key_ && b == sign_bit<F>);
    }

    void texts(void* to, std::size_t n, std::size_t stride, bool utf8) {
        for (std::size_t i = 0; i < n; ++i) {
            const std::uint64_t length = leb(i);
            if (length > left())
                refuse_at(i, "a text of " + std::to_string(length) + " bytes cannot be in the " +
                                 std::to_string(left()) + " left");
            const std::string_view text(take(static_cast<std::size_t>(length)), static_cast<std::size_t>(length));
            if (utf8 && !is_utf8(text)) refuse_at(i, "the text is not UTF-8", text.size());
            // bytes is a std::string too
            reinterpret_cast<std::string*>(static_cast<std::byte*>(to) + i * stride)->assign(text);
        }
    }

    template <class T> void calendar(void* to, std::size_t n, const char* problem) {
        auto* p = static_cast<T*>(to);
        for (std::size_t i = 0; i < n; ++i) {
            const char* const start = next_;
            T v;
            if constexpr (std::is_same_v<T, date>)
                v = {number<std::int32_t>(i)};
            else if constexpr (std::is_same_v<T, datetime>)
                v = {static_cast<std::int64_t>(load_le<std::uint64_t>(take(8, i)))};
            else
                v = {static_cast<std::int64_t>(leb(i))}; // what was beyond is negative now
            if (!is_in_calendar(v)) refuse_at(i, problem, static_cast<std::size_t>(next_ - start));
            p[i] = v;
        }
    }

    void enums(const TypeMeta& m, void* to, std::size_t n) {
        auto* p = static_cast<std::int64_t*>(to);
        for (std::size_t i = 0; i < n; ++i) {
            const char* const start = next_;
            const auto v = number<std::int64_t>(i);
            if (!m.enumeration->has(v))
                refuse_at(i, "'" + type_name(m) + "' has no member of value " + std::to_string(v),
                          static_cast<std::size_t>(next_ - start));
            p[i] = v;
        }
    }

    // -- composites -------------------------------------------------------------------------------------------------

    void fields(const TypeMeta& m, std::byte* to) {
        inside here(*this, m, Part::Field);
        for (std::uint32_t i = 0; i < m.field_count; ++i) {
            here.index = i;
            one(*m.fields[i].type, to + m.fields[i].offset);
        }
    }

    void list(const TypeMeta& m, void* to) {
        const TypeMeta& element = *m.element;
        if (!grows(m)) {
            inside here(*this, m, Part::Element);
            return many(element, static_cast<std::byte*>(to), static_cast<std::size_t>(m.fixed_size));
        }
        const std::size_t n = count(least_size(element), no_limit, "elements");
        m.ops->list_resize(m, to, n);
        inside here(*this, m, Part::Element);
        counted(element, static_cast<std::byte*>(m.ops->list_data(m, to)), n);
    }

    void optional(const TypeMeta& m, void* to) {
        inside here(*this, m, Part::Content);
        const std::uint8_t present = byte();
        if (present > 1) refuse("presence is 0 or 1, given " + std::to_string(present), 1);
        if (present)
            one(*m.element, m.ops->optional_emplace(m, to));
        else
            m.ops->optional_reset(m, to);
    }

    void variant(const TypeMeta& m, void* to) {
        inside here(*this, m, Part::Content);
        const char* const start = next_;
        const std::uint64_t index = leb();
        if (index >= m.field_count)
            refuse("there are " + std::to_string(m.field_count) + " alternatives, given number " +
                       std::to_string(index),
                   static_cast<std::size_t>(next_ - start));
        const auto i = static_cast<std::size_t>(index);
        one(*m.fields[i].type, m.ops->variant_emplace(m, to, i));
    }

    void buffer(const TypeMeta& m, ring& r) {
        const std::size_t n =
            count(least_size(*m.element), std::min<std::uint64_t>(ring_limit(m), max_ring_size), "elements");
        ring_clear(m, r);
        ring_reserve(m, r, n);
        for (std::size_t i = 0; i < n; ++i) ring_push(m, r);
        ring_elements(m, r);
    }

    void window(const TypeMeta& m, window_storage& w) {
        ring_clear(m, w);
        const std::size_t n =
            count(least_size(*m.element) + 1, std::min<std::uint64_t>(ring_limit(m), max_ring_size), "elements");
        if (n == 0) return;
        const std::vector<engine_time_t> times = window_times(m, n);
        const scratch_value blank(*m.element);
        ring_reserve(m, w, n);
        for (const engine_time_t at : times) window_append(m, w, at, blank.data());
        ring_elements(m, w);
    }

    /// The times of so many elements, which are in order and not too far apart.
    std::vector<engine_time_t> window_times(const TypeMeta& m, std::size_t n) {
        inside here(*this, m, Part::Element);
        std::vector<engine_time_t> times;
        times.reserve(n);
        for (std::size_t i = 0; i < n; ++i) {
            here.index = i;
            const char* const start = next_;
            if (i == 0) {
                times.push_back(static_cast<std::int64_t>(load_le<std::uint64_t>(take(8))));
            } else {
                const std::uint64_t step = leb();
                // Unsigned: a step too far is beyond the calendar however it wraps, unless it is more than all of it.
                const auto at = static_cast<std::uint64_t>(times.back()) + step;
                times.push_back(step > all_of_calendar ? std::numeric_limits<std::int64_t>::max()
                                                       : static_cast<std::int64_t>(at));
            }
            if (!is_in_calendar(datetime{times.back()}))
                refuse("its time is not in the years 1 to 9999", static_cast<std::size_t>(next_ - start));
        }
        if (m.by_time && times.back() - times.front() > m.fixed_size)
            refuse("the window's times are further apart than its duration");
        return times;
    }

    void ring_elements(const TypeMeta& m, ring& r) {
        if (r.empty()) return;
        inside here(*this, m, Part::Element);
        // New in a ring that was empty, so they lie side by side.
        counted(*m.element, static_cast<std::byte*>(r.element(m.element->size, 0)), r.size());
    }

    // -- sets and maps ----------------------------------------------------------------------------------------------

    void rows(const TypeMeta& m, row_store& s) {
        const TypeMeta& key_type = key_meta(m);
        const std::uint64_t least =
            std::max<std::uint64_t>(least_size(key_type), 1) + (m.kind == TypeKind::Map ? least_size(*m.element) : 0);
        const std::size_t n = count(least, max_rows, "keys");
        row_store_clear(m, s);
        if (n == 0) return;
        row_store_reserve(m, s, n);
        keys(m, s, n);
        if (m.kind != TypeKind::Map) return;
        inside here(*this, m, Part::Entry);
        here.rows = &s;
        many(*m.element, s.values(), n); // rows in the order in which they were inserted
    }

    void keys(const TypeMeta& m, row_store& s, std::size_t n) {
        const TypeMeta& type = key_meta(m);
        const bool ordered = keeps_order(m, in_key_), in_key = std::exchange(in_key_, true);
        inside here(*this, m, Part::Key);
        scratch_value key(type);
        const bool is_unit = least_size(type) == 0;
        std::string_view last;
        for (std::size_t i = 0; i < n; ++i) {
            here.index = i;
            const char* const start = next_;
            one(type, key.data());
            if (is_unit) unit(0);
            const std::string_view bytes(start, static_cast<std::size_t>(next_ - start));
            if (i != 0 && !ordered && bytes <= last)
                refuse(bytes == last ? "the key is there already" : "the keys are not in order", bytes.size());
            last = bytes;
            const std::size_t hash = type.ops->hash(type, key.data());
            if (ordered && find_row(m, s, key.data(), hash) != no_row) refuse("the key is there already", bytes.size());
            row_store_insert(m, s, key.data(), hash);
        }
        in_key_ = in_key;
    }

    static constexpr std::uint64_t no_limit = ~std::uint64_t{0};
    static constexpr auto all_of_calendar =
        static_cast<std::uint64_t>((last_calendar_day - first_calendar_day + 1) * microseconds_per_day);

    const char* const begin_;
    const char* next_;
    const char* const end_;
    codec_place* place_ = nullptr;
    bool in_key_ = false;
};

} // namespace
} // namespace detail

std::size_t decode_payload(const TypeMeta& type, void* to, std::string_view bytes, std::size_t begin) {
    detail::require_encodable(type);
    detail::decoder from(bytes, begin);
    from.one(type, to);
    return from.position();
}

} // namespace hgvalue
