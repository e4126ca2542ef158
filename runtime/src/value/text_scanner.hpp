// Reads a short text, a path or a type, from left to right. What it cannot read is a ValueError that names the column
// and what was expected there.
#pragma once

#include <hgvalue/core/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hgvalue::detail {

class text_scanner {
  public:
    /// `what` names the kind of text in errors: "path", "type". Both must outlive the scanner.
    text_scanner(std::string_view what, std::string_view text) noexcept : what_(what), text_(text) {}

    std::size_t position() const noexcept { return position_; }
    bool at_end() const noexcept { return position_ == text_.size(); }
    /// The next character; NUL at the end, which a text may also contain, so ask at_end() to tell.
    char peek() const noexcept { return at_end() ? '\0' : text_[position_]; }
    /// Takes the next character; there must be one.
    char next() noexcept { return text_[position_++]; }
    std::string_view rest() const noexcept { return text_.substr(position_); }
    std::string_view since(std::size_t start) const noexcept { return text_.substr(start, position_ - start); }

    void rewind(std::size_t position) noexcept { position_ = position; }
    void skip_blanks() noexcept;
    /// Takes `c` if it is next.
    bool take(char c) noexcept;
    bool take(std::string_view text) noexcept;
    void expect(char c);
    /// The identifier that is next; empty if there is none.
    std::string_view identifier() noexcept;
    /// The decimal number that is next, with `_` between digits. ValueError beyond 64 bits.
    std::uint64_t number();
    /// The content of the quoted text that is next, in either quotes, with the escapes of Python and JSON.
    std::string quoted();

    [[noreturn]] void fail(const std::string& expected) const { fail_at(position_, expected); }
    /// ValueError: "type 'list[', column 6: expected a type, not the end".
    [[noreturn]] void fail_at(std::size_t position, const std::string& expected) const;
    /// The start of such a message, up to the colon and the blank after it.
    std::string place(std::size_t position) const;

  private:
    char32_t hexadecimal(int digits);
    void escape(std::string& out);

    std::string_view what_;
    std::string_view text_;
    std::size_t position_ = 0;
};

} // namespace hgvalue::detail
