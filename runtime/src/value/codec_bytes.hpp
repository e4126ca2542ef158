// The bytes of an encoding: fixed little-endian numbers, LEB128 numbers, and a buffer to write them to.
#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

namespace hgvalue::detail {

/// The order of the bytes reversed on a big-endian machine.
template <std::unsigned_integral T> constexpr T little_endian(T v) noexcept {
    if constexpr (std::endian::native == std::endian::little) return v;
    T out = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) out = static_cast<T>(out << 8 | (v >> (8 * i) & 0xff));
    return out;
}
template <std::unsigned_integral T> T load_le(const char* p) noexcept {
    T v;
    std::memcpy(&v, p, sizeof v);
    return little_endian(v);
}
template <std::unsigned_integral T> void store_le(char* p, T v) noexcept {
    v = little_endian(v);
    std::memcpy(p, &v, sizeof v);
}

/// Small numbers of either sign become small unsigned ones: 0, -1, 1, -2 … become 0, 1, 2, 3 …
constexpr std::uint64_t zig_zag(std::int64_t v) noexcept {
    return static_cast<std::uint64_t>(v) << 1 ^ static_cast<std::uint64_t>(v >> 63);
}
constexpr std::int64_t zag_zig(std::uint64_t v) noexcept { return static_cast<std::int64_t>(v >> 1 ^ (0 - (v & 1))); }

/// The most bytes that a LEB128 number of 64 bits takes.
inline constexpr std::size_t max_leb = 10;

inline char* put_leb(char* p, std::uint64_t v) noexcept {
    for (; v >= 0x80; v >>= 7) *p++ = static_cast<char>(v | 0x80);
    *p++ = static_cast<char>(v);
    return p;
}

// -- floats: one form of NaN ----------------------------------------------------------------------------------------

template <class F> using bits_of = std::conditional_t<sizeof(F) == 4, std::uint32_t, std::uint64_t>;
template <class F>
inline constexpr bits_of<F> canonical_nan = std::bit_cast<bits_of<F>>(std::numeric_limits<F>::quiet_NaN());
static_assert(canonical_nan<float> == 0x7fc00000 && canonical_nan<double> == 0x7ff8000000000000);
template <class F> inline constexpr bits_of<F> sign_bit = bits_of<F>{1} << (8 * sizeof(F) - 1);

template <class F> bool is_nan(bits_of<F> bits) noexcept {
    return (bits & ~sign_bit<F>) > std::bit_cast<bits_of<F>>(std::numeric_limits<F>::infinity());
}

// -- the buffer -----------------------------------------------------------------------------------------------------

/// Appends to a string, which is longer than its content until `finish`.
class byte_writer {
  public:
    explicit byte_writer(std::string& to) : text_(to), size_(to.size()) {}
    byte_writer(const byte_writer&) = delete;
    byte_writer& operator=(const byte_writer&) = delete;

    std::size_t size() const noexcept { return size_; }
    std::string_view written() const noexcept { return {text_.data(), size_}; }
    void finish() { text_.resize(size_); }

    /// Room for `n` bytes; `taken` says up to where it was used.
    char* room(std::size_t n) {
        if (text_.size() - size_ < n) [[unlikely]]
            text_.resize(std::max(size_ + n, text_.size() + text_.size() / 2 + 64));
        return text_.data() + size_;
    }
    void taken(const char* end) noexcept { size_ = static_cast<std::size_t>(end - text_.data()); }

    void byte(std::uint8_t v) {
        char* p = room(1);
        *p = static_cast<char>(v);
        taken(p + 1);
    }
    template <std::unsigned_integral T> void fixed(T v) {
        char* p = room(sizeof v);
        store_le(p, v);
        taken(p + sizeof v);
    }
    void leb(std::uint64_t v) { taken(put_leb(room(max_leb), v)); }
    void raw(const void* from, std::size_t n) {
        if (n == 0) return; // memcpy must not see the null of an empty list
        char* p = room(n);
        std::memcpy(p, from, n);
        taken(p + n);
    }

  private:
    std::string& text_;
    std::size_t size_;
};

} // namespace hgvalue::detail
