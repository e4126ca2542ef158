// The TypeMeta of every C++ type that a schema can name, made by the compiler.
//
// `flags_of<T>` is a constant expression, so flags propagate through composition before any meta exists; generated
// code specialises it, and `meta_for`, for its structs and enums.
#pragma once

#include <hgvalue/core/default_value.hpp>
#include <hgvalue/core/hash.hpp>
#include <hgvalue/core/type_flags.hpp>
#include <hgvalue/value/containers.hpp>
#include <hgvalue/value/ring.hpp>
#include <hgvalue/value/scalars.hpp>

#include <array>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace hgvalue {

// -- flags ----------------------------------------------------------------------------------------------------------

template <class T> inline constexpr TypeFlags flags_of = TypeFlags::None;

template <class T>
    requires std::is_arithmetic_v<T>
inline constexpr TypeFlags flags_of<T> = ordered_pod_flags;
template <class T>
    requires std::is_enum_v<T>
inline constexpr TypeFlags flags_of<T> = enum_flags(starts_as_made<T>);
template <CalendarScalar T> inline constexpr TypeFlags flags_of<T> = ordered_pod_flags;
template <> inline constexpr TypeFlags flags_of<bool8> = ordered_pod_flags;
template <> inline constexpr TypeFlags flags_of<std::string> = ordered_flags;
template <> inline constexpr TypeFlags flags_of<bytes> = ordered_flags;
template <> inline constexpr TypeFlags flags_of<object> = TypeFlags::Equatable | TypeFlags::HoldsObjects;
template <class T> inline constexpr TypeFlags flags_of<std::optional<T>> = optional_flags(flags_of<T>);
template <class T> inline constexpr TypeFlags flags_of<std::vector<T>> = list_flags(flags_of<T>);
template <class T> inline constexpr TypeFlags flags_of<tuple_of<T>> = tuple_list_flags(flags_of<T>);
template <class... Ts> inline constexpr TypeFlags flags_of<std::tuple<Ts...>> = compose_flags(flags_of<Ts>...);
template <class T, std::size_t N> inline constexpr TypeFlags flags_of<std::array<T, N>> = array_flags(flags_of<T>);
template <class K, bool O>
inline constexpr TypeFlags flags_of<set<K, O>> = set_flags | (O ? TypeFlags::Ordered : TypeFlags::None);
template <class K, class V, bool O>
inline constexpr TypeFlags flags_of<map<K, V, O>> = map_flags(flags_of<V>) | (O ? TypeFlags::Ordered : TypeFlags::None);
template <class... Ts>
inline constexpr TypeFlags flags_of<std::variant<Ts...>> = variant_flags(compose_flags(flags_of<Ts>...));
template <class T, std::int64_t N> inline constexpr TypeFlags flags_of<cyclic_buffer<T, N>> = ring_flags(flags_of<T>);
template <class T, std::int64_t N> inline constexpr TypeFlags flags_of<queue<T, N>> = ring_flags(flags_of<T>);
template <class T, bool B, std::int64_t S, std::int64_t M>
inline constexpr TypeFlags flags_of<window<T, B, S, M>> = ring_flags(flags_of<T>);

// -- operations -----------------------------------------------------------------------------------------------------

namespace detail {

template <class T> T& as(void* p) noexcept { return *static_cast<T*>(p); }
template <class T> const T& as(const void* p) noexcept { return *static_cast<const T*>(p); }

inline bool composite_equals(const TypeMeta& m, const void* a, const void* b) {
    return runtime().composite_ops->equals(m, a, b);
}
inline bool composite_less(const TypeMeta& m, const void* a, const void* b) {
    return runtime().composite_ops->less(m, a, b);
}
inline std::size_t composite_hash(const TypeMeta& m, const void* v) { return runtime().composite_ops->hash(m, v); }
inline bool object_equals(const TypeMeta&, const void* a, const void* b) {
    return runtime().object_equals(as<object>(a).get(), as<object>(b).get());
}

/// Scalars compare by themselves, everything else by its meta.
template <class T>
inline constexpr bool is_scalar = std::is_arithmetic_v<T> || std::is_enum_v<T> || CalendarScalar<T> ||
                                  std::is_same_v<T, bool8> || std::is_base_of_v<std::string, T>;

template <class T> constexpr TypeOps lifetime_ops() {
    TypeOps ops{};
    ops.construct = [](const TypeMeta&, void* to) {
        if constexpr (starts_as_made<T>)
            new (to) T();
        else
            new (to) T(default_value<T>());
    };
    ops.destroy = [](const TypeMeta&, void* v) noexcept { std::destroy_at(&as<T>(v)); };
    ops.copy_construct = [](const TypeMeta&, void* to, const void* from) { new (to) T(as<T>(from)); };
    ops.relocate = [](const TypeMeta&, void* to, void* from) noexcept {
        new (to) T(std::move(as<T>(from)));
        std::destroy_at(&as<T>(from));
    };
    ops.copy_assign = [](const TypeMeta&, void* to, const void* from) { as<T>(to) = as<T>(from); };
    ops.move_assign = [](const TypeMeta&, void* to, void* from) noexcept { as<T>(to) = std::move(as<T>(from)); };
    return ops;
}

template <class T> constexpr TypeOps scalar_ops() {
    TypeOps ops = lifetime_ops<T>();
    ops.equals = [](const TypeMeta&, const void* a, const void* b) { return equal(as<T>(a), as<T>(b)); };
    ops.less = [](const TypeMeta&, const void* a, const void* b) { return as<T>(a) < as<T>(b); };
    ops.hash = [](const TypeMeta&, const void* v) { return hash_of(as<T>(v)); };
    return ops;
}

template <class T> constexpr TypeOps composite_ops(TypeFlags flags) {
    TypeOps ops = lifetime_ops<T>();
    if (has(flags, TypeFlags::Equatable)) ops.equals = composite_equals;
    if (has(flags, TypeFlags::Comparable)) ops.less = composite_less;
    if (has(flags, TypeFlags::Hashable)) ops.hash = composite_hash;
    return ops;
}

template <class T> constexpr TypeOps list_ops(TypeFlags flags) {
    TypeOps ops = composite_ops<T>(flags);
    ops.list_size = [](const TypeMeta&, const void* v) { return as<T>(v).size(); };
    ops.list_data = [](const TypeMeta&, void* v) -> void* { return as<T>(v).data(); };
    ops.list_resize = [](const TypeMeta&, void* v, std::size_t n) { detail::resize(as<T>(v), n); };
    ops.list_reserve = [](const TypeMeta&, void* v, std::size_t n) { as<T>(v).reserve(n); };
    return ops;
}

template <class T> constexpr TypeOps optional_ops(TypeFlags flags) {
    TypeOps ops = composite_ops<T>(flags);
    ops.optional_get = [](const TypeMeta&, void* v) -> void* { return as<T>(v) ? &*as<T>(v) : nullptr; };
    ops.optional_emplace = [](const TypeMeta&, void* v) -> void* {
        using payload = typename T::value_type;
        if constexpr (starts_as_made<payload>)
            return &as<T>(v).emplace();
        else
            return &as<T>(v).emplace(default_value<payload>());
    };
    ops.optional_reset = [](const TypeMeta&, void* v) noexcept { as<T>(v).reset(); };
    return ops;
}

template <class T, std::size_t I> T make_alternative() {
    using payload = std::variant_alternative_t<I, T>;
    if constexpr (starts_as_made<payload>)
        return T(std::in_place_index<I>);
    else
        return T(std::in_place_index<I>, default_value<payload>());
}
template <class T, std::size_t... I> constexpr TypeOps variant_ops(TypeFlags flags, std::index_sequence<I...>) {
    TypeOps ops = composite_ops<T>(flags);
    ops.variant_index = [](const TypeMeta&, const void* v) { return as<T>(v).index(); };
    ops.variant_get = [](const TypeMeta&, void* v) -> void* {
        return std::visit([](auto& held) -> void* { return &held; }, as<T>(v));
    };
    ops.variant_emplace = [](const TypeMeta&, void* v, std::size_t to) -> void* {
        // Made first and then moved in, which does not fail: the variant is never without a value.
        (void)((to == I && (as<T>(v) = make_alternative<T, I>(), true)) || ...);
        return std::visit([](auto& held) -> void* { return &held; }, as<T>(v));
    };
    return ops;
}

template <class T> inline constexpr TypeOps scalar_ops_v = scalar_ops<T>();
template <class T> inline constexpr TypeOps composite_ops_v = composite_ops<T>(flags_of<T>);
template <class T> inline constexpr TypeOps list_ops_v = list_ops<T>(flags_of<T>);
template <class T> inline constexpr TypeOps optional_ops_v = optional_ops<T>(flags_of<T>);

template <class T> constexpr TypeMeta anonymous(TypeKind kind, const TypeOps& ops) {
    static_assert(sizeof(T) <= 0xffffffffU, "a value takes less than 4 GiB in place; use a list or dict that grows");
    TypeMeta m{};
    m.kind = kind;
    m.flags = flags_of<T>;
    m.size = sizeof(T);
    m.alignment = alignof(T);
    m.ops = &ops;
    return m;
}

template <class T> constexpr TypeMeta scalar(ScalarKind kind) {
    TypeMeta m = anonymous<T>(TypeKind::Scalar, scalar_ops_v<T>);
    m.scalar = kind;
    return m;
}

template <class T> constexpr TypeMeta container(TypeKind kind, const TypeOps& ops, const TypeMeta& element) {
    TypeMeta m = anonymous<T>(kind, ops);
    m.element = &element;
    return m;
}

template <class T> constexpr TypeMeta sized(TypeKind kind, const TypeMeta& element, std::int64_t size) {
    TypeMeta m = container<T>(kind, composite_ops_v<T>, element);
    m.fixed_size = size;
    return m;
}

} // namespace detail

// -- metas ----------------------------------------------------------------------------------------------------------

#define HGVALUE_SCALAR(TYPE, KIND)                                                                                     \
    template <> struct meta_for<TYPE> {                                                                                \
        static constexpr TypeMeta value = detail::scalar<TYPE>(ScalarKind::KIND);                                      \
    }
HGVALUE_SCALAR(bool, Bool);
HGVALUE_SCALAR(bool8, Bool);
HGVALUE_SCALAR(std::int8_t, Int8);
HGVALUE_SCALAR(std::int16_t, Int16);
HGVALUE_SCALAR(std::int32_t, Int32);
HGVALUE_SCALAR(std::int64_t, Int64);
HGVALUE_SCALAR(std::uint8_t, UInt8);
HGVALUE_SCALAR(std::uint16_t, UInt16);
HGVALUE_SCALAR(std::uint32_t, UInt32);
HGVALUE_SCALAR(std::uint64_t, UInt64);
HGVALUE_SCALAR(float, Float32);
HGVALUE_SCALAR(double, Float64);
HGVALUE_SCALAR(std::string, Str);
HGVALUE_SCALAR(bytes, Bytes);
HGVALUE_SCALAR(date, Date);
HGVALUE_SCALAR(time_of_day, Time);
HGVALUE_SCALAR(datetime, DateTime);
HGVALUE_SCALAR(timedelta, TimeDelta);
#undef HGVALUE_SCALAR

template <> struct meta_for<object> {
    static constexpr TypeOps ops = [] {
        TypeOps o = detail::lifetime_ops<object>();
        o.equals = detail::object_equals;
        return o;
    }();
    static constexpr TypeMeta value = [] {
        TypeMeta m = detail::anonymous<object>(TypeKind::Scalar, ops);
        m.scalar = ScalarKind::Object;
        return m;
    }();
};

template <class T> struct meta_for<std::vector<T>> {
    static constexpr TypeMeta value =
        detail::container<std::vector<T>>(TypeKind::List, detail::list_ops_v<std::vector<T>>, meta_for<T>::value);
};
template <class T> struct meta_for<tuple_of<T>> {
    static constexpr TypeMeta value =
        detail::container<tuple_of<T>>(TypeKind::List, detail::list_ops_v<tuple_of<T>>, meta_for<element_t<T>>::value);
};
template <class T, std::size_t N> struct meta_for<std::array<T, N>> {
    static constexpr TypeMeta value =
        detail::sized<std::array<T, N>>(TypeKind::List, meta_for<T>::value, static_cast<std::int64_t>(N));
};
template <class T> struct meta_for<std::optional<T>> {
    static constexpr TypeMeta value = detail::container<std::optional<T>>(
        TypeKind::Optional, detail::optional_ops_v<std::optional<T>>, meta_for<T>::value);
};
/// A | B. The first alternative is the default.
template <class... Ts> struct meta_for<std::variant<Ts...>> {
    using T = std::variant<Ts...>;
    static constexpr FieldInfo alternatives[] = {{nullptr, &meta_for<Ts>::value, 0, false, false, nullptr}...};
    static constexpr TypeOps ops = detail::variant_ops<T>(flags_of<T>, std::index_sequence_for<Ts...>{});
    static constexpr TypeMeta value = [] {
        TypeMeta m = detail::anonymous<T>(TypeKind::Variant, ops);
        m.fields = alternatives;
        m.field_count = sizeof...(Ts);
        return m;
    }();
};
template <class K, bool O> struct meta_for<set<K, O>> {
    static constexpr TypeMeta value =
        detail::container<set<K, O>>(TypeKind::Set, detail::composite_ops_v<set<K, O>>, meta_for<K>::value);
};
template <class K, class V, bool O> struct meta_for<map<K, V, O>> {
    static constexpr TypeMeta value = [] {
        TypeMeta m = detail::container<map<K, V, O>>(TypeKind::Map, detail::composite_ops_v<map<K, V, O>>,
                                                     meta_for<element_t<V>>::value);
        m.key = &meta_for<K>::value;
        return m;
    }();
};
template <class T, std::int64_t N> struct meta_for<cyclic_buffer<T, N>> {
    static constexpr TypeMeta value =
        detail::sized<cyclic_buffer<T, N>>(TypeKind::CyclicBuffer, meta_for<element_t<T>>::value, N);
};
template <class T, std::int64_t N> struct meta_for<queue<T, N>> {
    static constexpr TypeMeta value = detail::sized<queue<T, N>>(TypeKind::Queue, meta_for<element_t<T>>::value, N);
};
template <class T, bool ByTime, std::int64_t Size, std::int64_t Minimum>
struct meta_for<window<T, ByTime, Size, Minimum>> {
    static constexpr TypeMeta value = [] {
        TypeMeta m =
            detail::sized<window<T, ByTime, Size, Minimum>>(TypeKind::Window, meta_for<element_t<T>>::value, Size);
        m.min_size = Minimum;
        m.by_time = ByTime;
        return m;
    }();
};

namespace detail {
template <class Tuple, std::size_t... I> std::array<FieldInfo, sizeof...(I)> tuple_fields(std::index_sequence<I...>) {
    // The standard does not lay tuples out in order and offsetof does not reach into them: ask where the parts of one
    // would be. None is made, as this runs when a module is loaded, before its containers can find the runtime.
    alignas(Tuple) static std::byte base[sizeof(Tuple)];
    const auto& probe = *reinterpret_cast<const Tuple*>(base);
    return {FieldInfo{nullptr, &type_of<std::tuple_element_t<I, Tuple>>(),
                      static_cast<std::uint32_t>(reinterpret_cast<const std::byte*>(&std::get<I>(probe)) - base), false,
                      false, nullptr}...};
}
} // namespace detail

template <class... Ts> struct meta_for<std::tuple<Ts...>> {
    using T = std::tuple<Ts...>;
    static inline const std::array<FieldInfo, sizeof...(Ts)> fields =
        detail::tuple_fields<T>(std::index_sequence_for<Ts...>{});
    static inline const TypeMeta value = [] {
        TypeMeta m = detail::anonymous<T>(TypeKind::Tuple, detail::composite_ops_v<T>);
        m.fields = fields.data();
        m.field_count = sizeof...(Ts);
        return m;
    }();
};

/// The meta of a generated struct. `flags` are those of its fields, composed.
template <class T>
constexpr TypeMeta struct_meta(const char* module, const char* name, const char* doc, const FieldInfo* fields,
                               std::uint32_t count) {
    TypeMeta m = detail::anonymous<T>(TypeKind::Bundle, detail::composite_ops_v<T>);
    m.name = name;
    m.module = module;
    m.doc = doc;
    m.fields = fields;
    m.field_count = count;
    return m;
}

/// The meta of a generated enum, an `enum class : std::int64_t`.
template <class T>
constexpr TypeMeta enum_meta(const char* module, const char* name, const char* doc, const EnumInfo& members) {
    static_assert(sizeof(T) == sizeof(std::int64_t));
    TypeMeta m = detail::scalar<T>(ScalarKind::Enum);
    m.name = name;
    m.module = module;
    m.doc = doc;
    m.enumeration = &members;
    return m;
}

} // namespace hgvalue
