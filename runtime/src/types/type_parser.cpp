// Types from text: a parser by recursive descent, which runs twice. The first run only checks text and names, so that
// nothing is registered for half a type; the second makes the types.
#include <hgvalue/core/type_parser.hpp>

#include "duration_parser.hpp"
#include "type_words.hpp"

#include "../value/identifier.hpp"
#include "../value/text_scanner.hpp"

#include <hgvalue/core/type_registry.hpp>

#include <string>
#include <utility>
#include <vector>

namespace hgvalue {
namespace {

using namespace detail;

constexpr int deepest = 64;

/// What stands between the brackets after a name.
struct argument {
    enum class Kind { Type, None, Size, Duration, Ellipsis, Empty } kind = Kind::Type;
    const TypeMeta* type = nullptr;
    std::int64_t size = 0; ///< a number, or microseconds
    std::size_t at = 0;    ///< where it starts in the text
};
using Kind = argument::Kind;

constexpr const char* kind_name(Kind kind) {
    switch (kind) {
    case Kind::Type: return "a type";
    case Kind::None: return "None";
    case Kind::Size: return "a size";
    case Kind::Duration: return "a duration";
    case Kind::Ellipsis: return "'...'";
    case Kind::Empty: return "'()'";
    }
    return "";
}

class type_parser {
  public:
    type_parser(TypeRegistry& registry, std::string_view text, bool build)
        : registry_(registry), scan_("type", text), build_(build) {}

    /// The type; null if a name is not known. Without `build` only whether it is null counts.
    const TypeMeta* parse() {
        scan_.skip_blanks();
        const TypeMeta* type = this->type();
        if (!scan_.at_end()) scan_.fail("the end");
        return unknown_ ? nullptr : type;
    }

  private:
    /// The next character, which is not a blank.
    bool take(char c) {
        if (!scan_.take(c)) return false;
        scan_.skip_blanks();
        return true;
    }
    void expect(char c) {
        scan_.expect(c);
        scan_.skip_blanks();
    }
    /// Items up to `close`, with commas between and perhaps one after the last.
    template <class Item> void items(char close, const char* expected, const Item& item) {
        while (!take(close)) {
            item();
            if (take(close)) return;
            if (!take(',')) scan_.fail(expected);
        }
    }

    /// What `make` gives, when types are to be made. Its errors get the place.
    template <class Make> const TypeMeta* make(std::size_t at, const Make& make) {
        if (!build_) return &type_of<std::int64_t>();
        try {
            return &make();
        } catch (const ValueError& e) {
            throw ValueError(scan_.place(at) + e.what());
        } catch (const TypeError& e) {
            throw TypeError(scan_.place(at) + e.what());
        }
    }

    const TypeMeta* type() {
        const std::size_t at = scan_.position();
        const TypeMeta* type = union_or_none();
        if (!type) scan_.fail_at(at, "a type other than None");
        return type;
    }

    /// `A`, `A | B`, `A | None`; null for None alone.
    const TypeMeta* union_or_none() {
        const std::size_t at = scan_.position();
        if (++depth_ > deepest) throw ValueError(scan_.place(at) + "types nest at most 64 levels deep");
        std::vector<const TypeMeta*> members;
        bool optional = false;
        do {
            if (const TypeMeta* member = primary())
                members.push_back(member);
            else
                optional = true;
        } while (take('|'));
        --depth_;
        return join(at, members, optional);
    }

    const TypeMeta* join(std::size_t at, const std::vector<const TypeMeta*>& members, bool optional) {
        if (members.empty()) return nullptr;
        const TypeMeta* type = members.front();
        if (members.size() > 1)
            type = make(at, [&]() -> const TypeMeta& { return registry_.variant(std::span(members)); });
        return optional ? make(at, [&]() -> const TypeMeta& { return registry_.optional(*type); }) : type;
    }

    /// A type that is no union, or null for None.
    const TypeMeta* primary() {
        const std::size_t at = scan_.position();
        if (take('(')) {
            const TypeMeta* inner = type();
            expect(')');
            return inner;
        }
        if (take('{')) return bundle(at);
        const std::string_view name = dotted_name();
        if (name.empty()) scan_.fail("a type");
        if (name == "None") return nullptr;
        if (take('[')) return composite(at, without_module(name), arguments());
        return named(name);
    }

    /// `a.b.c`; empty if there is no name.
    std::string_view dotted_name() {
        const std::size_t start = scan_.position();
        if (scan_.identifier().empty()) return {};
        while (scan_.take('.'))
            if (scan_.identifier().empty()) scan_.fail("a name");
        const std::string_view name = scan_.since(start);
        scan_.skip_blanks();
        return name;
    }

    const TypeMeta* named(std::string_view name) {
        const TypeMeta* type = registry_.get_named(name);
        if (!type) type = registry_.get_named(without_module(name));
        unknown_ |= !type;
        return type ? type : &type_of<std::int64_t>();
    }

    const TypeMeta* bundle(std::size_t at) {
        std::vector<std::pair<std::string, const TypeMeta*>> fields;
        items('}', "',' or '}'", [&] {
            std::string name;
            if (scan_.peek() == '"' || scan_.peek() == '\'')
                name = scan_.quoted();
            else
                name = scan_.identifier();
            if (name.empty()) scan_.fail("the name of a field");
            scan_.skip_blanks();
            expect(':');
            const TypeMeta* field = type();
            fields.emplace_back(std::move(name), field);
        });
        return make(at, [&]() -> const TypeMeta& {
            BundleTypeBuilder builder = registry_.bundle();
            for (const auto& [name, type] : fields) builder.field(name, *type);
            return builder.build();
        });
    }

    // -- arguments ----------------------------------------------------------------------------------------------------

    std::vector<argument> arguments() {
        std::vector<argument> all;
        items(']', "',' or ']'", [&] { all.push_back(one_argument()); });
        return all;
    }

    argument one_argument() {
        argument a;
        a.at = scan_.position();
        if (scan_.take("...")) {
            a.kind = Kind::Ellipsis;
            scan_.skip_blanks();
        } else if (is_digit(scan_.peek())) {
            a.kind = Kind::Size;
            a.size = parse_size(scan_);
        } else if (empty_tuple()) {
            a.kind = Kind::Empty;
        } else if (!extent(a)) {
            a.type = union_or_none();
            if (!a.type) a.kind = Kind::None;
        }
        return a;
    }

    bool empty_tuple() {
        const std::size_t start = scan_.position();
        if (take('(') && take(')')) return true;
        scan_.rewind(start);
        return false;
    }

    /// `Size[n]`, `WindowSize[n]`, `WindowSize[timedelta(…)]` or a duration; else nothing is taken.
    bool extent(argument& a) {
        const std::size_t start = scan_.position();
        const std::string_view name = without_module(dotted_name());
        if ((name != "Size" && name != "WindowSize") || !take('[')) {
            scan_.rewind(start);
            return duration(a);
        }
        if (!duration(a)) {
            a.kind = Kind::Size;
            a.size = parse_size(scan_);
        }
        expect(']');
        return true;
    }

    /// `timedelta(…)` or `timedelta[…]`; without brackets it is a type, and nothing is taken.
    bool duration(argument& a) {
        const std::size_t start = scan_.position();
        if (without_module(dotted_name()) == "timedelta") {
            const char close = scan_.peek() == '(' ? ')' : ']';
            if (take('(') || take('[')) {
                a.kind = Kind::Duration;
                a.size = parse_duration(scan_, close);
                return true;
            }
        }
        scan_.rewind(start);
        return false;
    }

    // -- composites ---------------------------------------------------------------------------------------------------

    using arguments_t = std::vector<argument>;

    /// Refuses arguments that are not of these kinds, of which the last may be left out as often as `optional` says.
    void require(std::size_t at, const arguments_t& given, std::initializer_list<Kind> kinds,
                 std::size_t optional = 0) {
        if (given.size() > kinds.size() || given.size() + optional < kinds.size()) {
            std::string expected = "[";
            std::size_t i = 0;
            for (const Kind kind : kinds) {
                expected += i++ == 0 ? "" : ", ";
                expected += kind_name(kind);
                if (i + optional > kinds.size()) expected += " or nothing";
            }
            throw ValueError(scan_.place(at) + "expected " + expected + "], not " + std::to_string(given.size()) +
                             (given.size() == 1 ? " argument" : " arguments"));
        }
        for (std::size_t i = 0; i < given.size(); ++i)
            if (given[i].kind != *(kinds.begin() + i)) scan_.fail_at(given[i].at, kind_name(*(kinds.begin() + i)));
    }

    const TypeMeta* composite(std::size_t at, std::string_view name, const arguments_t& args) {
        const auto part = [&](std::size_t i) -> const TypeMeta& { return *args[i].type; };
        const auto number = [&](std::size_t i) { return static_cast<std::size_t>(args[i].size); };
        const auto order = [](bool kept) { return kept ? RowOrder::Insertion : RowOrder::Any; };
        const Constructor c = constructor_of(name);
        switch (c) {
        case Constructor::Tuple: return tuple(at, args);
        case Constructor::List:
            require(at, args, {Kind::Type});
            return make(at, [&]() -> const TypeMeta& { return registry_.list(part(0)); });
        case Constructor::Set:
        case Constructor::OrderedSet:
            require(at, args, {Kind::Type});
            return make(
                at, [&]() -> const TypeMeta& { return registry_.set(part(0), order(c == Constructor::OrderedSet)); });
        case Constructor::Dict:
        case Constructor::OrderedDict:
            require(at, args, {Kind::Type, Kind::Type});
            return make(at, [&]() -> const TypeMeta& {
                return registry_.map(part(0), part(1), order(c == Constructor::OrderedDict));
            });
        case Constructor::Array:
            require(at, args, {Kind::Type, Kind::Size});
            return make(at, [&]() -> const TypeMeta& { return registry_.fixed_list(part(0), number(1)); });
        case Constructor::CyclicBuffer:
            require(at, args, {Kind::Type, Kind::Size});
            return make(at, [&]() -> const TypeMeta& { return registry_.cyclic_buffer(part(0), number(1)); });
        case Constructor::Queue:
            require(at, args, {Kind::Type, Kind::Size}, 1);
            if (args.size() == 2 && args[1].size == 0) scan_.fail_at(args[1].at, "a size above 0");
            return make(
                at, [&]() -> const TypeMeta& { return registry_.queue(part(0), args.size() == 2 ? number(1) : 0); });
        case Constructor::Window: return window(at, args);
        case Constructor::Optional:
            require(at, args, {Kind::Type});
            return make(at, [&]() -> const TypeMeta& { return registry_.optional(part(0)); });
        case Constructor::Union: return union_of(at, args);
        case Constructor::Ref:
            require(at, args, {Kind::Type, Kind::Size}, 1);
            return make(at,
                        [&]() -> const TypeMeta& { return registry_.ref(part(0), args.size() == 2 ? number(1) : 0); });
        case Constructor::Unknown: break;
        }
        unknown_ = true;
        return &type_of<std::int64_t>();
    }

    const TypeMeta* tuple(std::size_t at, const arguments_t& args) {
        if (args.size() == 2 && args[0].kind == Kind::Type) {
            const TypeMeta& element = *args[0].type;
            if (args[1].kind == Kind::Ellipsis)
                return make(at, [&]() -> const TypeMeta& { return registry_.tuple_of(element); });
            if (args[1].kind == Kind::Size)
                return make(at, [&]() -> const TypeMeta& {
                    return registry_.fixed_list(element, static_cast<std::size_t>(args[1].size));
                });
        }
        std::vector<const TypeMeta*> parts;
        if (!(args.size() == 1 && args[0].kind == Kind::Empty)) {
            if (args.empty()) scan_.fail_at(at, "tuple[()] or the types of a tuple");
            for (const argument& a : args) {
                if (a.kind != Kind::Type) scan_.fail_at(a.at, "a type");
                parts.push_back(a.type);
            }
        }
        return make(at, [&]() -> const TypeMeta& { return registry_.tuple(std::span(std::as_const(parts))); });
    }

    const TypeMeta* window(std::size_t at, arguments_t args) {
        const bool by_time = args.size() > 1 && args[1].kind == Kind::Duration;
        const Kind kind = by_time ? Kind::Duration : Kind::Size;
        // A minimum of 0 is none, in either unit.
        if (args.size() == 3 && args[2].kind == Kind::Size && args[2].size == 0) args[2].kind = kind;
        require(at, args, {Kind::Type, kind, kind}, 1);
        const std::int64_t size = args[1].size, minimum = args.size() == 3 ? args[2].size : 0;
        return make(at, [&]() -> const TypeMeta& {
            if (by_time) return registry_.window(*args[0].type, timedelta{size}, timedelta{minimum});
            return registry_.window(*args[0].type, static_cast<std::size_t>(size), static_cast<std::size_t>(minimum));
        });
    }

    const TypeMeta* union_of(std::size_t at, const arguments_t& args) {
        std::vector<const TypeMeta*> members;
        bool optional = false;
        for (const argument& a : args) {
            if (a.kind == Kind::None)
                optional = true;
            else if (a.kind == Kind::Type)
                members.push_back(a.type);
            else
                scan_.fail_at(a.at, "a type");
        }
        const TypeMeta* type = join(at, members, optional);
        if (!type) scan_.fail_at(at, "a union of at least one type");
        return type;
    }

    TypeRegistry& registry_;
    text_scanner scan_;
    bool build_;
    bool unknown_ = false;
    int depth_ = 0;
};

} // namespace

const TypeMeta* parse_type(TypeRegistry& registry, std::string_view text) {
    if (!type_parser(registry, text, false).parse()) return nullptr;
    return type_parser(registry, text, true).parse();
}

} // namespace hgvalue
