// Taking the steps of a path.
#include <hgvalue/value/navigate.hpp>

#include "format_scalars.hpp"
#include "suggest.hpp"

#include <hgvalue/core/scalar_kinds.hpp>
#include <hgvalue/value/format.hpp>
#include <hgvalue/value/ring.hpp>
#include <hgvalue/value/row_store.hpp>

#include <limits>
#include <span>
#include <type_traits>
#include <utility>

namespace hgvalue {
namespace {

/// Why a step cannot be taken. The message is made only when somebody will read it.
class refusal {
  public:
    explicit refusal(bool quiet) noexcept : quiet_(quiet) {}

    template <class Error, class Message> bool refuse(const Message& message) {
        if (!quiet_) {
            message_ = message();
            throw_ = [](const std::string& text) { throw Error(text); };
        }
        return false;
    }
    [[noreturn]] void raise(const std::string& place) const {
        throw_(place + ": " + message_);
        std::abort(); // throw_ does not return
    }
    bool quiet() const noexcept { return quiet_; }

  private:
    bool quiet_;
    std::string message_;
    void (*throw_)(const std::string&) = nullptr;
};

std::string quoted(std::string_view text) {
    std::string out;
    detail::add_quoted(out, text);
    return out;
}

/// Walks from part to part. Each `step` takes one, or says why it cannot.
class walker {
  public:
    walker(const ConstValueView& root, refusal& why)
        : data_(root.data()), type_(root.schema()), path_(root.path()), why_(why) {}

    bool step(const ParsedStep& s) {
        if (!open()) return false;
        switch (type_->kind) {
        case TypeKind::Bundle:
            if (s.kind == ParsedStep::Kind::Integer) return field(position(s));
            if (s.kind == ParsedStep::Kind::Boolean) return no_such_step("has fields");
            return named_field(s.text);
        case TypeKind::Map: return entry(s);
        default:
            if (s.kind == ParsedStep::Kind::Integer) return element(position(s));
            return no_such_step(nullptr);
        }
    }

    bool step(const PathElement& e) {
        if (!open()) return false;
        if (e.is_key()) {
            if (type_->kind != TypeKind::Map || !same_type(*type_->key, *e.container().key))
                return why_.refuse<TypeError>([&] { return described() + " has no keys of that type"; });
            return row(find(e.key()), [&] { return short_string(*type_->key, e.key()); });
        }
        if (type_->kind == TypeKind::Bundle) return e.is_field() ? named_field(e.name()) : field(e.index());
        return type_->kind == TypeKind::Map ? no_such_step("has keys") : element(e.index());
    }

    ConstValueView part(const ConstValueView& root) && { return {data_, type_, root.owner(), std::move(path_)}; }

  private:
    static constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();

    std::string described() const { return type_name(*type_); }
    const std::byte* bytes() const noexcept { return static_cast<const std::byte*>(data_); }

    bool move_to(const void* data, const TypeMeta& type, const PathElement& e) {
        path_.push_back(e);
        data_ = data;
        type_ = &type;
        return true;
    }

    /// Goes into what optionals and variants hold.
    bool open() {
        for (;;) {
            void* place = const_cast<void*>(data_); // asked for what it holds only
            if (!place) return why_.refuse<NullValueError>([] { return std::string("the value is None"); });
            if (type_->kind == TypeKind::Optional) {
                data_ = type_->ops->optional_get(*type_, place);
                type_ = type_->element;
            } else if (type_->kind == TypeKind::Variant) {
                data_ = type_->ops->variant_get(*type_, place);
                type_ = type_->fields[type_->ops->variant_index(*type_, place)].type;
            } else
                return true;
        }
    }

    bool no_such_step(const char* instead) {
        return why_.refuse<TypeError>([&] {
            if (instead) return described() + ' ' + instead + ", so this step leads nowhere";
            return described() + (has_positions() ? " has positions only" : " has no parts");
        });
    }
    bool has_positions() const noexcept {
        return type_->kind != TypeKind::Scalar && type_->kind != TypeKind::Ref && type_->kind != TypeKind::Map;
    }

    // -- positions ----------------------------------------------------------------------------------------------------

    std::size_t position(const ParsedStep& s) const noexcept {
        return (s.negative && s.magnitude != 0) || s.magnitude > nowhere ? nowhere
                                                                         : static_cast<std::size_t>(s.magnitude);
    }
    bool in_range(std::size_t i, std::size_t size) {
        if (i < size) return true;
        return why_.refuse<IndexError>([&] {
            return "the position is out of range for " + std::to_string(size) +
                   (type_->kind == TypeKind::Bundle ? " fields" : " elements");
        });
    }
    bool field(std::size_t i) {
        if (!in_range(i, type_->field_count)) return false;
        const FieldInfo& f = type_->fields[i];
        return move_to(bytes() + f.offset, *f.type, PathElement::at(*type_, i));
    }
    bool element(std::size_t i) {
        const TypeMeta& m = *type_;
        const auto at = [&](const void* place, const TypeMeta& type) {
            return move_to(place, type, PathElement::at(m, i));
        };
        switch (m.kind) {
        case TypeKind::Tuple: return field(i);
        case TypeKind::List: {
            const bool grows = m.ops->list_size != nullptr;
            if (!in_range(i, grows ? m.ops->list_size(m, data_) : static_cast<std::size_t>(m.fixed_size))) return false;
            const void* first = grows ? m.ops->list_data(m, const_cast<void*>(data_)) : data_; // its place only
            return at(static_cast<const std::byte*>(first) + i * m.element->size, *m.element);
        }
        case TypeKind::Set: {
            const auto& s = *static_cast<const row_store*>(data_);
            return in_range(i, s.size()) && at(s.key(m, static_cast<std::uint32_t>(i)), *m.element);
        }
        case TypeKind::CyclicBuffer:
        case TypeKind::Queue:
        case TypeKind::Window: {
            const auto& r = *static_cast<const ring*>(data_);
            return in_range(i, r.size()) && at(r.element(m.element->size, static_cast<std::uint32_t>(i)), *m.element);
        }
        default: return no_such_step(nullptr);
        }
    }

    // -- names and keys -----------------------------------------------------------------------------------------------

    bool named_field(std::string_view name) {
        if (const std::uint32_t i = field_index(*type_, name); i != type_->field_count) return field(i);
        return why_.refuse<KeyError>([&] {
            const auto name_of = [](const FieldInfo& f) { return std::string_view(f.name); };
            const std::span<const FieldInfo> fields(type_->fields, type_->field_count);
            return described() + " has no field '" + std::string(name) + '\'' +
                   detail::suggestion(name, fields, name_of);
        });
    }

    const row_store& store() const noexcept { return *static_cast<const row_store*>(data_); }
    std::uint32_t find(const void* key) const {
        const TypeMeta& k = *type_->key;
        return find_row(*type_, store(), key, k.ops->hash(k, key));
    }
    template <class KeyText> bool row(std::uint32_t row, const KeyText& key) {
        if (row == no_row) return why_.refuse<KeyError>([&] { return described() + " has no key " + key(); });
        const TypeMeta& m = *type_;
        return move_to(store().value(m, row), *m.element, PathElement::at_key(m, store().key(m, row)));
    }

    bool entry(const ParsedStep& s) {
        const TypeMeta& k = *type_->key;
        const bool scalar = k.kind == TypeKind::Scalar;
        switch (s.kind) {
        case ParsedStep::Kind::Name:
            return why_.refuse<TypeError>(
                [&] { return described() + " has keys, not fields; write [" + quoted(s.text) + ']'; });
        case ParsedStep::Kind::Text:
            if (scalar && k.scalar == ScalarKind::Str) return row(find(&s.text), [&] { return quoted(s.text); });
            return row(find_text(s.text), [&] { return quoted(s.text); });
        case ParsedStep::Kind::Boolean: {
            const bool key = s.magnitude != 0;
            if (scalar && k.scalar == ScalarKind::Bool) return row(find(&key), [&] { return key ? "true" : "false"; });
            return wrong_key("a truth value");
        }
        case ParsedStep::Kind::Integer: break;
        }
        if (!scalar || k.scalar < ScalarKind::Int8 || k.scalar > ScalarKind::UInt64) return wrong_key("an integer");
        return row(find_integer(s), [&] { return (s.negative ? "-" : "") + std::to_string(s.magnitude); });
    }
    bool wrong_key(const char* given) {
        return why_.refuse<TypeError>(
            [&] { return "the keys of " + described() + " are " + type_name(*type_->key) + ", not " + given; });
    }

    /// The row of an integer key; no_row for a number that the key's type cannot hold.
    std::uint32_t find_integer(const ParsedStep& s) const {
        return with_scalar_type(type_->key->scalar, [&]<class T>(std::type_identity<T>) -> std::uint32_t {
            if constexpr (std::is_integral_v<T>) {
                using limits = std::numeric_limits<T>;
                const auto largest = static_cast<std::uint64_t>(limits::max());
                // The smallest signed number is one further from 0 than the largest.
                const std::uint64_t most = !s.negative ? largest : std::is_signed_v<T> ? largest + 1 : 0;
                if (s.magnitude > most) return no_row;
                const auto key = static_cast<T>(s.negative ? 0 - s.magnitude : s.magnitude);
                return find(&key);
            } else
                return no_row;
        });
    }
    /// The row whose key has this text form. Each is looked at: keys of such types cannot be made of text.
    std::uint32_t find_text(const std::string& text) const {
        for (std::uint32_t r = 0; r < store().size(); ++r)
            if (to_string(*type_->key, store().key(*type_, r)) == text) return r;
        return no_row;
    }

    const void* data_;
    const TypeMeta* type_;
    ValuePath path_;
    refusal& why_;
};

std::string text_to(const ParsedPath& path, std::size_t i) { return std::string(path.text_to(i)); }
std::string text_to(const ValuePath& path, std::size_t i) {
    ValuePath part;
    for (std::size_t k = 0; k <= i; ++k) part.push_back(path[k]);
    return part.to_string(longest_shown_key);
}

template <class Path> std::optional<ConstValueView> walk(const ConstValueView& root, const Path& path, bool quiet) {
    refusal why(quiet);
    walker at(root, why);
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (at.step(path[i])) continue;
        if (quiet) return std::nullopt;
        const std::string above = root.path_string(), below = text_to(path, i);
        why.raise(above + (above.empty() || below.starts_with('[') ? "" : ".") + below);
    }
    return std::move(at).part(root);
}

} // namespace

namespace detail {

std::optional<ConstValueView> find_part(const ConstValueView& root, const ParsedPath& path, bool quiet) {
    return walk(root, path, quiet);
}
std::optional<ConstValueView> find_part(const ConstValueView& root, const ValuePath& path, bool quiet) {
    return walk(root, path, quiet);
}

} // namespace detail

} // namespace hgvalue
