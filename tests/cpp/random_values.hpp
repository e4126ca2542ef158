// Types and values of every kind, by seed.
#pragma once

#include <hgvalue/core/type_registry.hpp>
#include <hgvalue/value/ring.hpp>
#include <hgvalue/value/row_store.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace random_values {

using namespace hgvalue;

/// A value of any type, owned.
class any_value {
  public:
    explicit any_value(const TypeMeta& m) : type_(&m), data_(allocate(m)) { m.ops->construct(m, data_); }
    any_value(const TypeMeta& m, const void* from) : type_(&m), data_(allocate(m)) {
        m.ops->copy_construct(m, data_, from);
    }
    any_value(any_value&& o) noexcept : type_(o.type_), data_(std::exchange(o.data_, nullptr)) {}
    any_value& operator=(any_value&& o) noexcept {
        std::swap(type_, o.type_);
        std::swap(data_, o.data_);
        return *this;
    }
    ~any_value() {
        if (!data_) return;
        type_->ops->destroy(*type_, data_);
        ::operator delete(data_, std::align_val_t{type_->alignment});
    }

    const TypeMeta& type() const { return *type_; }
    void* data() { return data_; }
    const void* data() const { return data_; }
    any_value copy() const { return {*type_, data_}; }
    friend bool operator==(const any_value& a, const any_value& b) {
        return a.type_->ops->equals(*a.type_, a.data_, b.data_);
    }

  private:
    static void* allocate(const TypeMeta& m) { return ::operator new(m.size, std::align_val_t{m.alignment}); }

    const TypeMeta* type_;
    void* data_;
};

class generator {
  public:
    explicit generator(unsigned seed) : random_(seed) {}

    /// Below `n`, each as likely.
    std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }
    bool chance(std::uint32_t in) { return below(in) == 0; }
    std::uint64_t bits() { return random_() << 32 ^ random_(); }

    // -- types ------------------------------------------------------------------------------------------------------

    /// Any type without objects and references, nested up to `depth` deep.
    const TypeMeta& type(int depth = 4) {
        if (depth <= 0 || chance(4)) return scalar();
        const auto part = [&]() -> const TypeMeta& { return type(depth - 1); };
        switch (below(13)) {
        case 0: return registry_.list(part());
        case 1: return registry_.tuple_of(part());
        case 2: return registry_.fixed_list(part(), 1 + below(4));
        case 3: return registry_.set(key_type(depth - 1), order());
        case 4: return registry_.map(key_type(depth - 1), part(), order());
        case 5: return registry_.cyclic_buffer(part(), 1 + below(6));
        case 6: return registry_.queue(part(), chance(2) ? 0 : 1 + below(6));
        case 7: return registry_.window(part(), 1 + below(6));
        case 8: return registry_.window(part(), timedelta{1 + below(50)});
        case 9: return registry_.optional(part());
        case 10: return variant(&generator::type, depth);
        case 11: return tuple(&generator::type, depth);
        default: return bundle(depth);
        }
    }

    /// A type that can be the key of a set or map.
    const TypeMeta& key_type(int depth = 2) {
        if (depth <= 0 || chance(2)) return scalar();
        switch (below(6)) {
        case 0: return registry_.tuple_of(key_type(depth - 1));
        case 1: return registry_.set(key_type(depth - 1), order());
        case 2: return registry_.optional(key_type(depth - 1));
        case 3: return variant(&generator::key_type, depth);
        case 4: return registry_.map(key_type(depth - 1), key_type(depth - 1), order());
        default: return tuple(&generator::key_type, depth);
        }
    }

    const TypeMeta& scalar() {
        static const TypeMeta* const scalars[] = {
            &type_of<bool>(),          &type_of<std::int8_t>(),  &type_of<std::int16_t>(),  &type_of<std::int32_t>(),
            &type_of<std::int64_t>(),  &type_of<std::uint8_t>(), &type_of<std::uint16_t>(), &type_of<std::uint32_t>(),
            &type_of<std::uint64_t>(), &type_of<float>(),        &type_of<double>(),        &type_of<std::string>(),
            &type_of<bytes>(),         &type_of<date>(),         &type_of<time_of_day>(),   &type_of<datetime>(),
            &type_of<timedelta>(),     &random_enum(),
        };
        return *scalars[below(std::size(scalars))];
    }

    // -- values -----------------------------------------------------------------------------------------------------

    any_value value(const TypeMeta& m) {
        any_value made(m);
        fill(m, made.data());
        return made;
    }

    /// Gives a value new content.
    void fill(const TypeMeta& m, void* to) {
        switch (m.kind) {
        case TypeKind::Scalar: return fill_scalar(m, to);
        case TypeKind::Tuple:
        case TypeKind::Bundle:
            for (std::uint32_t i = 0; i < m.field_count; ++i)
                fill(*m.fields[i].type, static_cast<std::byte*>(to) + m.fields[i].offset);
            return;
        case TypeKind::List: return fill_list(m, to);
        case TypeKind::Set:
        case TypeKind::Map: return fill_rows(m, *static_cast<row_store*>(to));
        case TypeKind::CyclicBuffer:
        case TypeKind::Queue: return fill_buffer(m, *static_cast<ring*>(to));
        case TypeKind::Window: return fill_window(m, *static_cast<window_storage*>(to));
        case TypeKind::Optional:
            if (chance(3)) return m.ops->optional_reset(m, to);
            return fill(*m.element, m.ops->optional_emplace(m, to));
        case TypeKind::Variant: {
            const std::uint32_t i = below(m.field_count);
            return fill(*m.fields[i].type, m.ops->variant_emplace(m, to, i));
        }
        case TypeKind::Ref: return;
        }
    }

    /// Moves the rows of all sets and maps in the value to other places, which changes nothing that anyone may see.
    void shuffle(const TypeMeta& m, void* v) {
        switch (m.kind) {
        case TypeKind::Tuple:
        case TypeKind::Bundle:
            for (std::uint32_t i = 0; i < m.field_count; ++i)
                shuffle(*m.fields[i].type, static_cast<std::byte*>(v) + m.fields[i].offset);
            return;
        case TypeKind::Set:
        case TypeKind::Map:
            if (!m.is(TypeFlags::Ordered)) shuffle_rows(m, *static_cast<row_store*>(v));
            return;
        default: return;
        }
    }

  private:
    using type_maker = const TypeMeta& (generator::*)(int depth);

    RowOrder order() { return chance(3) ? RowOrder::Insertion : RowOrder::Any; }

    const TypeMeta& tuple(type_maker part, int depth) {
        std::vector<const TypeMeta*> parts;
        for (std::uint32_t n = below(4) + 1; n != 0; --n) parts.push_back(&(this->*part)(depth - 1));
        return registry_.tuple(parts);
    }
    const TypeMeta& variant(type_maker part, int depth) {
        std::vector<const TypeMeta*> parts;
        while (parts.size() < 2 + below(2)) {
            const TypeMeta* p = &(this->*part)(depth - 1);
            bool known = false;
            for (const TypeMeta* q : parts) known |= same_type(*p, *q);
            if (!known) parts.push_back(p);
        }
        return registry_.variant(parts);
    }
    const TypeMeta& bundle(int depth) {
        auto builder = registry_.bundle();
        for (std::uint32_t i = 0, n = below(5); i < n; ++i) builder.field(std::string(1, 'a' + i), type(depth - 1));
        return builder.build();
    }
    static const TypeMeta& random_enum() {
        static const std::array<EnumMember, 3> members{{{"Low", -1}, {"None", 0}, {"High", 1 << 20}}};
        return TypeRegistry::instance().enumeration("RandomEnum", "random_values", members);
    }

    // -- scalars ----------------------------------------------------------------------------------------------------

    /// Small, of any size, or at an end of the range.
    template <class T> T number() {
        switch (below(4)) {
        case 0: return static_cast<T>(below(3));
        case 1: return static_cast<T>(bits() >> below(64));
        case 2: return chance(2) ? std::numeric_limits<T>::min() : std::numeric_limits<T>::max();
        default: return static_cast<T>(0 - (bits() >> below(64)));
        }
    }
    template <class F> F floating() {
        switch (below(5)) {
        case 0: return F(below(3)) - F(0.5);
        case 1: return -F(0);
        case 2: return std::numeric_limits<F>::quiet_NaN();
        case 3: return chance(2) ? std::numeric_limits<F>::infinity() : -std::numeric_limits<F>::max();
        default:
            return std::bit_cast<F>(static_cast<std::conditional_t<sizeof(F) == 4, std::uint32_t, std::uint64_t>>(
                bits())); // NaNs in many forms among them
        }
    }
    std::string text() {
        static const char* const pieces[] = {"a", "Z", " ", "\n", "é", "ß", "€", "한", "😀", "\x7f", "0123456789"};
        std::string s;
        for (std::uint32_t n = below(chance(5) ? 20 : 4); n != 0; --n) s += pieces[below(std::size(pieces))];
        if (chance(20)) s += '\0';
        return s;
    }
    template <class T> T between(std::int64_t low, std::int64_t high) {
        const auto range = static_cast<std::uint64_t>(high - low) + 1;
        const std::uint64_t step = chance(4) ? (chance(2) ? 0 : range - 1) : bits() % range;
        return static_cast<T>(low + static_cast<std::int64_t>(step));
    }
    template <class T> static void put(void* to, T v) { *static_cast<T*>(to) = std::move(v); }

    void fill_scalar(const TypeMeta& m, void* to) {
        switch (m.scalar) {
        case ScalarKind::Bool: return put<bool8>(to, chance(2));
        case ScalarKind::Int8: return put(to, number<std::int8_t>());
        case ScalarKind::Int16: return put(to, number<std::int16_t>());
        case ScalarKind::Int32: return put(to, number<std::int32_t>());
        case ScalarKind::Int64: return put(to, number<std::int64_t>());
        case ScalarKind::UInt8: return put(to, number<std::uint8_t>());
        case ScalarKind::UInt16: return put(to, number<std::uint16_t>());
        case ScalarKind::UInt32: return put(to, number<std::uint32_t>());
        case ScalarKind::UInt64: return put(to, number<std::uint64_t>());
        case ScalarKind::Float32: return put(to, floating<float>());
        case ScalarKind::Float64: return put(to, floating<double>());
        case ScalarKind::Str: return put(to, text());
        case ScalarKind::Bytes: {
            static_cast<std::string*>(static_cast<bytes*>(to))->assign(below(20), static_cast<char>(below(256)));
            return;
        }
        case ScalarKind::Date: return put(to, date{between<std::int32_t>(first_calendar_day, last_calendar_day)});
        case ScalarKind::Time: return put(to, time_of_day{between<std::int64_t>(0, microseconds_per_day - 1)});
        case ScalarKind::DateTime:
            return put(to, datetime{between<std::int64_t>(first_calendar_day * microseconds_per_day, MAX_DT)});
        case ScalarKind::TimeDelta: return put(to, timedelta{number<std::int64_t>()});
        case ScalarKind::Enum: return put(to, m.enumeration->values[below(m.enumeration->count)]);
        case ScalarKind::Object:
        case ScalarKind::None: return;
        }
    }

    // -- containers -------------------------------------------------------------------------------------------------

    std::uint32_t some() { return chance(6) ? 8 + below(12) : below(4); }

    void fill_list(const TypeMeta& m, void* to) {
        auto n = static_cast<std::size_t>(m.fixed_size);
        auto* data = static_cast<std::byte*>(to);
        if (m.ops->list_size) {
            n = some();
            m.ops->list_resize(m, to, n);
            data = static_cast<std::byte*>(m.ops->list_data(m, to));
        }
        for (std::size_t i = 0; i < n; ++i) fill(*m.element, data + i * m.element->size);
    }

    void insert(const TypeMeta& m, row_store& s, const any_value& key) {
        const TypeMeta& k = key.type();
        const std::size_t hash = k.ops->hash(k, key.data());
        if (find_row(m, s, key.data(), hash) != no_row) return;
        const std::uint32_t row = runtime().row_store_insert(m, s, key.data(), hash);
        if (m.kind == TypeKind::Map) fill(*m.element, s.value(m, row));
    }
    void fill_rows(const TypeMeta& m, row_store& s) {
        runtime().row_store_clear(m, s);
        for (std::uint32_t n = some(); n != 0; --n) {
            insert(m, s, value(key_meta(m)));
            if (chance(5)) runtime().row_store_erase(m, s, below(s.size()));
        }
    }
    void shuffle_rows(const TypeMeta& m, row_store& s) {
        for (std::uint32_t n = s.size(); n != 0; --n) {
            const std::uint32_t row = below(s.size());
            const any_value key(key_meta(m), s.key(m, row));
            any_value mapped(m.kind == TypeKind::Map ? *m.element : type_of<bool>());
            if (m.kind == TypeKind::Map) m.element->ops->move_assign(*m.element, mapped.data(), s.value(m, row));
            runtime().row_store_erase(m, s, row);
            const std::uint32_t to =
                runtime().row_store_insert(m, s, key.data(), key.type().ops->hash(key.type(), key.data()));
            if (m.kind == TypeKind::Map) m.element->ops->move_assign(*m.element, s.value(m, to), mapped.data());
        }
    }

    void fill_buffer(const TypeMeta& m, ring& r) {
        runtime().ring_clear(m, r);
        for (std::uint32_t n = some(); n != 0; --n) {
            if (m.fixed_size > 0 && r.size() == m.fixed_size) runtime().ring_pop(m, r); // so that it wraps around
            fill(*m.element, runtime().ring_push(m, r));
        }
    }
    void fill_window(const TypeMeta& m, window_storage& w) {
        runtime().ring_clear(m, w);
        std::int64_t at = 1'577'836'800'000'000; // 2020
        for (std::uint32_t n = some(); n != 0; --n, at += below(20))
            runtime().window_value_push(m, w, at, value(*m.element).data());
    }

    TypeRegistry& registry_ = TypeRegistry::instance();
    std::mt19937_64 random_;
};

} // namespace random_values
