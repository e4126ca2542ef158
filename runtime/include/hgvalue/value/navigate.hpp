// Going from a view to a part of it by a path: `navigate(book, "levels[0].price")`.
//
// A path is steps one after another: `.name` or `["name"]` into a bundle, `[2]` into anything that has positions, and
// `["AAPL"]`, `[3]` or `[true]` to an entry of a map. Keys of other types than text, integers and bool stand as quoted
// text, in the form to_string gives them: `["2020-01-01"]`. The dot before a first name is left out. Text may stand in
// either quotes, with the escapes of Python and JSON. It takes no step to get at what an optional or a variant holds.
#pragma once

#include <hgvalue/value/path.hpp>
#include <hgvalue/value/view.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace hgvalue {

/// One step as it is written. What it means depends on the value it is taken from.
struct ParsedStep {
    enum class Kind : std::uint8_t {
        Name,    ///< `.name`
        Text,    ///< `["text"]`
        Integer, ///< `[3]`, `[-1]`
        Boolean  ///< `[true]`, `[false]`
    };
    Kind kind;
    bool negative;           ///< of an integer
    std::uint64_t magnitude; ///< of an integer; 1 for true
    std::string text;        ///< of a name or text, without escapes
    std::size_t end;         ///< where the step ends in the path's text
};

/// A path that owns its steps, and the text it came from.
class ParsedPath {
  public:
    ParsedPath() = default;

    /// As it was written.
    const std::string& text() const noexcept { return text_; }
    std::size_t size() const noexcept { return steps_.size(); }
    bool empty() const noexcept { return steps_.empty(); }
    const ParsedStep& operator[](std::size_t i) const noexcept { return steps_[i]; }
    const ParsedStep* begin() const noexcept { return steps_.data(); }
    const ParsedStep* end() const noexcept { return steps_.data() + steps_.size(); }
    /// The text up to and including step `i`.
    std::string_view text_to(std::size_t i) const noexcept { return std::string_view(text_).substr(0, steps_[i].end); }

  private:
    friend ParsedPath parse_path(std::string_view);

    std::string text_;
    std::vector<ParsedStep> steps_;
};

/// Empty text is the path to the value itself. ValueError, with the column, for text that is no path.
ParsedPath parse_path(std::string_view text);

template <class T>
concept AnyPath = std::same_as<T, ParsedPath> || std::same_as<T, ValuePath> || std::convertible_to<T, std::string_view>;
/// A view through which the value can be changed.
template <class T>
concept MutableView =
    std::derived_from<std::remove_reference_t<T>, ValueView> && !std::is_const_v<std::remove_reference_t<T>>;

namespace detail {

/// The part, or nullopt if a step fails and `quiet`; else that throws.
std::optional<ConstValueView> find_part(const ConstValueView& root, const ParsedPath& path, bool quiet);
std::optional<ConstValueView> find_part(const ConstValueView& root, const ValuePath& path, bool quiet);
inline std::optional<ConstValueView> find_part(const ConstValueView& root, std::string_view path, bool quiet) {
    return find_part(root, parse_path(path), quiet);
}

inline ValueView mutable_part(const ConstValueView& part) noexcept { // of a mutable view
    return {const_cast<void*>(part.data()), part.schema(), part.owner(), part.path()};
}

} // namespace detail

/// The part of `root` that the path leads to; its own path is root's and these steps. The error names the step that
/// failed, and its kind says why: KeyError for a name or key that is not there, IndexError for a position beyond the
/// end, NullValueError for a step into an empty optional, TypeError for a step that such a value does not have.
/// Text that is no path is a ValueError.
template <AnyPath Path> ConstValueView navigate(const ConstValueView& root, const Path& path) {
    return *detail::find_part(root, path, false);
}
template <MutableView View, AnyPath Path> ValueView navigate(View&& root, const Path& path) {
    return detail::mutable_part(*detail::find_part(root, path, false));
}

/// As navigate, but nullopt if a step fails. Text that is no path still is a ValueError.
template <AnyPath Path> std::optional<ConstValueView> try_navigate(const ConstValueView& root, const Path& path) {
    return detail::find_part(root, path, true);
}
template <MutableView View, AnyPath Path> std::optional<ValueView> try_navigate(View&& root, const Path& path) {
    const std::optional<ConstValueView> part = detail::find_part(root, path, true);
    return part ? std::optional(detail::mutable_part(*part)) : std::nullopt;
}

} // namespace hgvalue
