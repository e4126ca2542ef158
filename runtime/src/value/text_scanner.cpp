#include "text_scanner.hpp"

#include "identifier.hpp"

#include <limits>

namespace hgvalue::detail {
namespace {

constexpr bool continues_character(char c) noexcept { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

/// The UTF-8 character at `position`.
std::string_view character_at(std::string_view text, std::size_t position) noexcept {
    std::size_t end = position + 1;
    while (end < text.size() && continues_character(text[end])) ++end;
    return text.substr(position, end - position);
}

/// The text as messages can bear it: without NUL, which would end them.
std::string without_nul(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c == '\0')
            out += "\\0";
        else
            out += c;
    return out;
}

/// The text, or its beginning if it is long.
std::string shown(std::string_view text) {
    constexpr std::size_t most = 100;
    if (text.size() <= most) return without_nul(text);
    std::size_t end = most;
    while (end > 0 && continues_character(text[end])) --end;
    return without_nul(text.substr(0, end)) + "...";
}

void add_utf8(std::string& out, char32_t c) {
    const auto add = [&out](char32_t byte) { out += static_cast<char>(byte); };
    const auto rest = [&](int shift) { add(0x80 | ((c >> shift) & 0x3f)); };
    if (c < 0x80) {
        add(c);
    } else if (c < 0x800) {
        add(0xc0 | (c >> 6));
        rest(0);
    } else if (c < 0x10000) {
        add(0xe0 | (c >> 12));
        rest(6);
        rest(0);
    } else {
        add(0xf0 | (c >> 18));
        rest(12);
        rest(6);
        rest(0);
    }
}

constexpr bool is_high_surrogate(char32_t c) noexcept { return c >= 0xd800 && c < 0xdc00; }
constexpr bool is_low_surrogate(char32_t c) noexcept { return c >= 0xdc00 && c < 0xe000; }

/// What a backslash before `c` stands for, or -1.
constexpr int simple_escape(char c) noexcept {
    switch (c) {
    case '"':
    case '\'':
    case '\\':
    case '/': return c;
    case 'n': return '\n';
    case 't': return '\t';
    case 'r': return '\r';
    case 'a': return '\a';
    case 'b': return '\b';
    case 'f': return '\f';
    case 'v': return '\v';
    case '0': return '\0';
    default: return -1;
    }
}

constexpr int hexadecimal_value(char c) noexcept {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

} // namespace

void text_scanner::skip_blanks() noexcept {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++position_;
}

bool text_scanner::take(char c) noexcept {
    if (at_end() || text_[position_] != c) return false;
    ++position_;
    return true;
}

bool text_scanner::take(std::string_view text) noexcept {
    if (!rest().starts_with(text)) return false;
    position_ += text.size();
    return true;
}

void text_scanner::expect(char c) {
    if (!take(c)) fail(std::string("'") + c + '\'');
}

std::string_view text_scanner::identifier() noexcept {
    const std::size_t start = position_;
    if (at_end() || !is_identifier_start(text_[position_])) return {};
    while (!at_end() && is_identifier_part(text_[position_])) ++position_;
    return since(start);
}

std::uint64_t text_scanner::number() {
    const std::size_t start = position_;
    std::uint64_t value = 0;
    if (!is_digit(peek())) fail("a number");
    while (is_digit(peek())) {
        const auto digit = static_cast<unsigned>(next() - '0');
        if (value > (std::numeric_limits<std::uint64_t>::max() - digit) / 10) fail_at(start, "a number of 64 bits");
        value = value * 10 + digit;
        if (peek() == '_' && position_ + 1 < text_.size() && is_digit(text_[position_ + 1])) ++position_;
    }
    return value;
}

std::string text_scanner::quoted() {
    const char quote = peek();
    if (quote != '"' && quote != '\'') fail("a quoted text");
    ++position_;
    std::string out;
    while (!take(quote)) {
        if (at_end()) fail(std::string("the closing ") + quote);
        if (take('\\'))
            escape(out);
        else
            out += text_[position_++];
    }
    return out;
}

void text_scanner::escape(std::string& out) {
    const std::size_t start = position_ - 1;
    const char kind = peek();
    if (const int c = simple_escape(kind); c >= 0 && !at_end()) {
        ++position_;
        out += static_cast<char>(c);
        return;
    }
    if (kind != 'x' && kind != 'u' && kind != 'U') fail_at(start, "an escape that Python or JSON knows");
    ++position_;
    char32_t c = hexadecimal(kind == 'x' ? 2 : kind == 'u' ? 4 : 8);
    if (is_high_surrogate(c) && take("\\u")) { // JSON writes what is beyond 16 bits in two pieces
        const char32_t low = hexadecimal(4);
        if (!is_low_surrogate(low)) fail_at(start, "a pair of surrogates");
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }
    if (c > 0x10ffff || is_high_surrogate(c) || is_low_surrogate(c)) fail_at(start, "the code of a character");
    add_utf8(out, c);
}

char32_t text_scanner::hexadecimal(int digits) {
    char32_t value = 0;
    for (int i = 0; i < digits; ++i) {
        const int digit = hexadecimal_value(peek());
        if (digit < 0) fail("a hexadecimal digit");
        value = value * 16 + static_cast<char32_t>(digit);
        ++position_;
    }
    return value;
}

std::string text_scanner::place(std::size_t position) const {
    std::size_t column = 1;
    for (const char c : text_.substr(0, position)) column += continues_character(c) ? 0 : 1;
    return std::string(what_) + " '" + shown(text_) + "', column " + std::to_string(column) + ": ";
}

void text_scanner::fail_at(std::size_t position, const std::string& expected) const {
    std::string message = place(position) + "expected " + expected + ", not ";
    if (position == text_.size())
        message += "the end";
    else
        ((message += '\'') += without_nul(character_at(text_, position))) += '\'';
    throw ValueError(message);
}

} // namespace hgvalue::detail
