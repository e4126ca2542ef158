// Random types of the registry, for properties that hold of every type.
#pragma once

#include "value_samples.hpp"

#include <hgvalue/core/type_registry.hpp>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

/// Makes types that nest at most `depth` levels.
class random_types {
  public:
    explicit random_types(std::uint32_t seed) : random_(seed) {}

    const hgvalue::TypeMeta& type(int depth) {
        using namespace hgvalue;
        if (depth == 0 || below(4) == 0) return scalar();
        switch (below(13)) {
        case 0: return registry_.list(type(depth - 1));
        case 1: return registry_.tuple_of(type(depth - 1));
        case 2: return registry_.fixed_list(type(depth - 1), 1 + below(3));
        case 3: return registry_.set(key(depth - 1), order());
        case 4: return registry_.map(key(depth - 1), type(depth - 1), order());
        case 5: return registry_.cyclic_buffer(type(depth - 1), 1 + below(4));
        case 6: return registry_.queue(type(depth - 1), below(4));
        case 7: {
            const std::size_t size = 1 + below(5);
            return registry_.window(type(depth - 1), size, below(size + 1));
        }
        case 8:
            return registry_.window(type(depth - 1), timedelta{1'500'000 * static_cast<std::int64_t>(1 + below(2))});
        case 9: return registry_.optional(type(depth - 1));
        case 10: return variant(depth);
        case 11: return bundle(depth);
        default: return tuple(depth);
        }
    }
    /// A type that can be hashed.
    const hgvalue::TypeMeta& key(int depth) {
        for (;;) {
            const hgvalue::TypeMeta& t = depth > 0 ? type(depth) : scalar();
            if (t.is(hgvalue::TypeFlags::Hashable | hgvalue::TypeFlags::Equatable)) return t;
        }
    }
    std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }

  private:
    const hgvalue::TypeMeta& scalar() {
        static constexpr const char* names[] = {"bool",   "int8",   "int16",  "int32",    "int",      "uint8",
                                                "uint16", "uint32", "uint64", "float32",  "float",    "str",
                                                "bytes",  "date",   "time",   "datetime", "timedelta"};
        const std::size_t i = below(std::size(names) + 2);
        if (i == std::size(names)) return registry_.intern(hgvalue::type_of<color>());
        return i > std::size(names) ? registry_.intern(hgvalue::type_of<point>()) : registry_.require(names[i]);
    }
    hgvalue::RowOrder order() { return below(2) == 0 ? hgvalue::RowOrder::Any : hgvalue::RowOrder::Insertion; }

    const hgvalue::TypeMeta& variant(int depth) {
        std::vector<const hgvalue::TypeMeta*> parts;
        while (parts.size() < 2 || below(2) == 0) {
            const hgvalue::TypeMeta* t = &type(depth - 1);
            bool known = false;
            for (const hgvalue::TypeMeta* p : parts) known |= hgvalue::same_type(*p, *t);
            if (!known) parts.push_back(t);
        }
        return registry_.variant(parts);
    }
    const hgvalue::TypeMeta& bundle(int depth) {
        static constexpr const char* names[] = {"a", "_b1", "a name", "quo\"te", "\xc3\xa9t\xc3\xa9", "3"};
        auto builder = registry_.bundle();
        const std::size_t first = below(std::size(names)), count = below(std::size(names) + 1);
        for (std::size_t i = 0; i < count; ++i) builder.field(names[(first + i) % std::size(names)], type(depth - 1));
        return builder.build();
    }
    const hgvalue::TypeMeta& tuple(int depth) {
        std::vector<const hgvalue::TypeMeta*> parts;
        while (below(3) != 0) parts.push_back(&type(depth - 1));
        return registry_.tuple(parts);
    }

    hgvalue::TypeRegistry& registry_ = hgvalue::TypeRegistry::instance();
    std::mt19937 random_;
};
