// TypeRegistry: the types of a process. Makes types at run time, finds them by name, and says which are the same.
//
// A type has one identity and may have several layouts. `list[int]` of two compiled modules, and of the registry, is
// one type: `intern` maps each to the same TypeMeta, whose address is the type's identity. The TypeMeta that a value
// carries is also its layout, the offsets and functions with which its bytes are read; two layouts of one type hold
// equal values in different bytes (std::vector in a compiled struct, an element array in one built here). Code that
// copies between them asks `same_layout` first and converts where it must: see value/assign.hpp.
//
// Anonymous types are the same if their shapes are (`list[int]`, `tuple[A, B]`, `{x: int}`). Named types are nominal:
// the same name, module and content.
//
// Types are immutable and never destroyed. All functions are thread-safe.
#pragma once

#include <hgvalue/core/error.hpp>
#include <hgvalue/core/type_meta.hpp>
#include <hgvalue/core/type_of.hpp>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hgvalue {

/// Order in which a set or map shows its content.
enum class RowOrder : bool {
    Any,      ///< as the rows lie: insertion order until the first erase
    Insertion ///< always insertion order, for 8 bytes more an element
};

/// A member of an enum.
struct EnumMember {
    std::string name;
    std::int64_t value;
};

class TypeRegistry;

/// Collects the fields of a bundle.
class BundleTypeBuilder {
  public:
    /// Adds a field. `default_value`, if given, points to a value of `type` that is copied; a field that has one may be
    /// left out when a value is made from Python. ValueError for a name that is there already or empty.
    BundleTypeBuilder& field(std::string_view name, const TypeMeta& type, const void* default_value = nullptr,
                             std::string_view doc = {}, bool item_only = false);
    template <class T> BundleTypeBuilder& field(std::string_view name);

    BundleTypeBuilder& doc(std::string_view text);

    /// Marks a bundle whose fields are optionals and whose Python form is a dict of those that are there.
    BundleTypeBuilder& partial();

    /// The type; the same address for the same content.
    const TypeMeta& build();

    ~BundleTypeBuilder();
    BundleTypeBuilder(BundleTypeBuilder&&) noexcept;

  private:
    friend class TypeRegistry;
    BundleTypeBuilder(TypeRegistry&, std::string_view name, std::string_view module);

    struct draft;
    std::unique_ptr<draft> draft_;
};

class TypeRegistry {
  public:
    /// The registry of this process: in Python, the one in `hgvalue._hgvalue`, whichever module asks.
    static TypeRegistry& instance();
    TypeRegistry(const TypeRegistry&) = delete;

    // -- types by name ----------------------------------------------------------------------------------------------

    /// The type of this name or spelling, as type_name() writes them: a scalar or one of its aliases (`int64`, `long`,
    /// `double`), a named type, bare or with its module (`Quote`, `market.common.Quote`), or a composite
    /// (`dict[str, list[int]]`). Null if there is none; AmbiguousTypeError if a bare name stands for several types.
    const TypeMeta* get(std::string_view name) const;
    /// As get; KeyError, which names the nearest known name, instead of null.
    const TypeMeta& require(std::string_view name) const;
    bool has(std::string_view name) const { return get(name) != nullptr; }
    /// As get, but of scalars, aliases and named types only: no spelling is parsed.
    const TypeMeta* get_named(std::string_view name) const;
    /// All names that get_named knows, sorted.
    std::vector<std::string> names() const;
    /// A named type by module-qualified name and fingerprint, or null.
    const TypeMeta* find(std::string_view qualified_name, std::uint64_t fingerprint) const;
    /// Any type that was interned, by its fingerprint, or null: how an encoded value finds its type.
    const TypeMeta* find(std::uint64_t fingerprint) const;
    /// Makes `name` another name of `type`. ValueError if it already stands for another type.
    void add_alias(std::string_view name, const TypeMeta& type);

    // -- types made at run time -------------------------------------------------------------------------------------
    // The same arguments give the same address. Parts are kept in the layout they have, and the result is the identity
    // of its type if its parts are of theirs; `intern` gives it in any case.

    BundleTypeBuilder bundle();                                                    ///< anonymous
    BundleTypeBuilder bundle(std::string_view name, std::string_view module = {}); ///< named
    const TypeMeta& tuple(std::span<const TypeMeta* const> elements);              ///< tuple[A, B]
    const TypeMeta& tuple(std::initializer_list<const TypeMeta*> elements) {
        return tuple(std::span(elements.begin(), elements.size()));
    }
    const TypeMeta& list(const TypeMeta& element);                          ///< list[T]
    const TypeMeta& tuple_of(const TypeMeta& element);                      ///< tuple[T, ...]
    const TypeMeta& fixed_list(const TypeMeta& element, std::size_t size);  ///< Array[T, Size[n]]
    const TypeMeta& set(const TypeMeta& element, RowOrder = RowOrder::Any); ///< TypeError unless Hashable
    const TypeMeta& map(const TypeMeta& key, const TypeMeta& value, RowOrder = RowOrder::Any); ///< likewise the key
    const TypeMeta& cyclic_buffer(const TypeMeta& element, std::size_t capacity);
    const TypeMeta& queue(const TypeMeta& element, std::size_t capacity = 0); ///< 0: without limit
    /// The last `size` values with their times. ValueError unless 0 <= minimum <= size and 0 < size.
    const TypeMeta& window(const TypeMeta& element, std::size_t size, std::size_t minimum = 0);
    /// The values of the last `duration`; likewise.
    const TypeMeta& window(const TypeMeta& element, timedelta duration, timedelta minimum = {});
    const TypeMeta& optional(const TypeMeta& element); ///< T | None; of an optional, itself
    /// A | B. ValueError for fewer than two alternatives or one given twice.
    const TypeMeta& variant(std::span<const TypeMeta* const> alternatives);
    const TypeMeta& variant(std::initializer_list<const TypeMeta*> alternatives) {
        return variant(std::span(alternatives.begin(), alternatives.size()));
    }
    /// A reference to a value of type `target`; with `items`, one that may instead hold as many references.
    const TypeMeta& ref(const TypeMeta& target, std::size_t items = 0);
    /// ValueError for no member, or a name or value given twice.
    const TypeMeta& enumeration(std::string_view name, std::string_view module, std::span<const EnumMember> members,
                                std::string_view doc = {});

    // -- identity ---------------------------------------------------------------------------------------------------

    /// The type's identity: the same address for every layout of one type. Registers a named type that was not known.
    const TypeMeta& intern(const TypeMeta& type);

    /// A copy of the text that lives as long as the process; the same address for the same text.
    const char* store_name(std::string_view text);

    // -- types of other worlds --------------------------------------------------------------------------------------

    /// Notes that `python_type`, a PyTypeObject*, stands for `type`. The caller holds the GIL, and a reference for
    /// ever.
    void register_python_type(void* python_type, const TypeMeta& type);
    const TypeMeta* from_python_type(void* python_type) const;

  private:
    struct state;
    friend class BundleTypeBuilder;

    TypeRegistry();
    ~TypeRegistry();
    const TypeMeta& intern_named(const TypeMeta& type);
    const TypeMeta& rebuild(const TypeMeta& type);
    const TypeMeta& build(TypeKind kind, const TypeMeta* key, const TypeMeta* element, std::int64_t size = 0,
                          std::int64_t minimum = 0, bool by_time = false, TypeFlags flags = TypeFlags::None);
    const TypeMeta& build_parts(TypeKind kind, std::span<const TypeMeta* const> parts);

    std::unique_ptr<state> state_;
};

/// The interned type of a C++ type.
template <class T> const TypeMeta& interned_type_of() {
    static const TypeMeta& type = TypeRegistry::instance().intern(type_of<T>());
    return type;
}
/// The interned type of a scalar, as a pointer.
template <class T> const TypeMeta* scalar_type_meta() { return &interned_type_of<T>(); }

template <class T> BundleTypeBuilder& BundleTypeBuilder::field(std::string_view name) {
    return field(name, interned_type_of<T>());
}

/// Whether two metas are one type.
inline bool same_type(const TypeMeta& a, const TypeMeta& b) {
    return &a == &b || &TypeRegistry::instance().intern(a) == &TypeRegistry::instance().intern(b);
}

/// Whether the bytes of a value of `a` are also those of a value of `b`: the same type, kinds, offsets and containers.
bool same_layout(const TypeMeta& a, const TypeMeta& b);

/// Whether values of `b` can be assigned to values of `a` by structure alone: the same kinds and sizes all through, the
/// same field names in the same order, whatever the types are called; a tuple and a bundle are not the same kind.
bool structurally_compatible(const TypeMeta& a, const TypeMeta& b);

/// A hash of the type's whole content: names, modules, fields, sizes, members of enums, to any depth; not of docstrings
/// and defaults. The same in every process and on every platform, so it goes into encoded values.
std::uint64_t type_fingerprint(const TypeMeta& type);

} // namespace hgvalue
