// CRC-32C: the polynomial of Castagnoli, as iSCSI and ext4 use it.
#include <hgvalue/value/codec.hpp>

#include "codec_bytes.hpp"

#include <array>

namespace hgvalue {
namespace {

constexpr std::uint32_t polynomial = 0x82f63b78; // reflected: the lowest bit is the highest power

/// `tables[k][b]`: what byte `b` contributes when `k` more bytes follow in the same word.
using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr Tables make_tables() {
    Tables t{};
    for (std::uint32_t b = 0; b < 256; ++b) {
        std::uint32_t crc = b;
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? polynomial : 0);
        t[0][b] = crc;
    }
    for (std::size_t k = 1; k < t.size(); ++k)
        for (std::size_t b = 0; b < 256; ++b) t[k][b] = (t[k - 1][b] >> 8) ^ t[0][t[k - 1][b] & 0xff];
    return t;
}

constexpr Tables tables = make_tables();

std::uint32_t by_tables(std::uint32_t crc, const char* p, std::size_t n) {
    for (; n >= 8; n -= 8, p += 8) {
        const std::uint64_t word = detail::load_le<std::uint64_t>(p) ^ crc;
        crc = 0;
        for (std::size_t k = 0; k < 8; ++k) crc ^= tables[7 - k][(word >> (8 * k)) & 0xff];
    }
    for (; n != 0; --n, ++p) crc = (crc >> 8) ^ tables[0][(crc ^ static_cast<unsigned char>(*p)) & 0xff];
    return crc;
}

#if defined(__x86_64__) && defined(__GNUC__)
__attribute__((target("sse4.2"))) std::uint32_t by_instruction(std::uint32_t crc, const char* p, std::size_t n) {
    std::uint64_t wide = crc;
    for (; n >= 8; n -= 8, p += 8) wide = __builtin_ia32_crc32di(wide, detail::load_le<std::uint64_t>(p));
    return by_tables(static_cast<std::uint32_t>(wide), p, n);
}

std::uint32_t update(std::uint32_t crc, const char* p, std::size_t n) {
    static const bool has_instruction = __builtin_cpu_supports("sse4.2") != 0;
    return has_instruction ? by_instruction(crc, p, n) : by_tables(crc, p, n);
}
#else
std::uint32_t update(std::uint32_t crc, const char* p, std::size_t n) { return by_tables(crc, p, n); }
#endif

} // namespace

std::uint32_t crc32c(std::string_view bytes) noexcept { return ~update(0xffffffff, bytes.data(), bytes.size()); }

} // namespace hgvalue
