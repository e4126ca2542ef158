// Paths as text.
#include <hgvalue/value/path.hpp>

#include "identifier.hpp"

#include <hgvalue/value/format.hpp>

#include <string_view>

namespace hgvalue {
namespace {

void add_field(std::string& out, std::string_view name) {
    if (!detail::is_identifier(name)) {
        out += '[';
        detail::add_quoted(out, name);
        out += ']';
        return;
    }
    if (!out.empty()) out += '.';
    out += name;
}

/// Numbers, truth values and text stand as they are; everything else as text, for navigate compares the texts.
void add_key(std::string& out, const TypeMeta& type, const void* key, std::size_t longest_key) {
    const std::string text = short_string(type, key, longest_key);
    const bool plain =
        type.kind == TypeKind::Scalar &&
        ((type.scalar >= ScalarKind::Bool && type.scalar <= ScalarKind::UInt64) || type.scalar == ScalarKind::Str);
    out += '[';
    if (plain)
        out += text;
    else
        detail::add_quoted(out, text);
    out += ']';
}

} // namespace

void ValuePath::spill(PathElement e) {
    if (!overflow_) {
        auto all = std::make_unique<std::vector<PathElement>>();
        all->reserve(2 * inline_steps);
        all->assign(inline_.begin(), inline_.end());
        all->push_back(e);
        overflow_ = std::move(all);
    } else
        overflow_->push_back(e);
}

std::string ValuePath::to_string(std::size_t longest_key) const {
    std::string out;
    for (const PathElement& e : *this) {
        if (e.is_key())
            add_key(out, *e.container().key, e.key(), longest_key);
        else if (e.is_field())
            add_field(out, e.name());
        else
            out += '[' + std::to_string(e.index()) + ']';
    }
    return out;
}

} // namespace hgvalue
