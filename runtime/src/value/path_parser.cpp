// Paths from text.
#include "text_scanner.hpp"

#include "identifier.hpp"

#include <hgvalue/value/navigate.hpp>

namespace hgvalue {
namespace {

using detail::text_scanner;
using Kind = ParsedStep::Kind;

/// What stands in the brackets.
ParsedStep bracketed(text_scanner& scan) {
    ParsedStep step{};
    if (scan.peek() == '"' || scan.peek() == '\'') {
        step.kind = Kind::Text;
        step.text = scan.quoted();
    } else if (scan.peek() == '-' || detail::is_digit(scan.peek())) {
        step.kind = Kind::Integer;
        step.negative = scan.take('-');
        step.magnitude = scan.number();
    } else {
        const std::size_t start = scan.position();
        const std::string_view word = scan.identifier();
        step.kind = Kind::Boolean;
        step.magnitude = word == "true" || word == "True" ? 1 : 0;
        if (step.magnitude == 0 && word != "false" && word != "False")
            scan.fail_at(start, "a number, true, false or a quoted text");
    }
    scan.expect(']');
    return step;
}

ParsedStep named(text_scanner& scan) {
    ParsedStep step{};
    step.kind = Kind::Name;
    step.text = scan.identifier();
    if (step.text.empty()) scan.fail("a name");
    return step;
}

} // namespace

ParsedPath parse_path(std::string_view text) {
    ParsedPath path;
    path.text_ = text;
    text_scanner scan("path", text);
    while (!scan.at_end()) {
        if (scan.take('['))
            path.steps_.push_back(bracketed(scan));
        else if (path.empty() || scan.take('.'))
            path.steps_.push_back(named(scan));
        else
            scan.fail("'.', '[' or the end");
        path.steps_.back().end = scan.position();
    }
    return path;
}

} // namespace hgvalue
