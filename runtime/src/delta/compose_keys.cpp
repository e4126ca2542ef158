// One delta for two that follow each other: sets and dicts.
#include "../value/temporary.hpp"
#include "content.hpp"

#include <hgvalue/value/format.hpp>

#include <algorithm>
#include <array>
#include <string>

namespace hgvalue::detail {
namespace {

inline constexpr std::size_t absent = static_cast<std::size_t>(-1);

/// What two deltas say of one key: its position in each column that has it.
struct key_story {
    struct chapter {
        std::size_t removed = absent, added = absent, updated = absent;
        bool is_silent() const { return removed == absent && added == absent && updated == absent; }
    };
    const void* key = nullptr;
    std::array<chapter, 2> told{}; ///< by the first delta, by the second
};

/// The columns of one delta; a set has no `updated`.
struct key_columns {
    column removed, added, updated;
};

/// The stories of all keys, by ascending key. `ordered` if the keys added do not ascend.
std::vector<key_story> collect(const TypeMeta& key_type, bool ordered, const std::array<key_columns, 2>& deltas) {
    struct mention {
        const void* key;
        std::size_t index;
        std::size_t key_story::chapter::* column;
        std::size_t delta;
    };
    const auto ascending = [&](const mention& a, const mention& b) {
        return canonical_order(key_type, a.key, b.key) < 0;
    };
    std::vector<mention> mentions;
    for (std::size_t delta = 0; delta < 2; ++delta) {
        const auto add = [&](const column& keys, std::size_t key_story::chapter::* member, bool sorted = true) {
            const auto size = static_cast<std::ptrdiff_t>(mentions.size());
            for (std::size_t i = 0; i < keys.size; ++i) mentions.push_back({keys[i], i, member, delta});
            const auto middle = mentions.begin() + size;
            if (!sorted) std::sort(middle, mentions.end(), ascending);
            // Stable, so that of equal keys (0.0 and -0.0) the one that was there first is taken.
            std::inplace_merge(mentions.begin(), middle, mentions.end(), ascending);
        };
        add(deltas[delta].removed, &key_story::chapter::removed);
        add(deltas[delta].added, &key_story::chapter::added, !ordered);
        add(deltas[delta].updated, &key_story::chapter::updated);
    }
    std::vector<key_story> stories;
    for (const mention& m : mentions) {
        if (stories.empty() || canonical_order(key_type, stories.back().key, m.key) != 0)
            stories.push_back({m.key, {}});
        stories.back().told[m.delta].*m.column = m.index;
    }
    return stories;
}

/// The second delta must fit what the first leaves of the key, as far as the first says.
void require_sequel(const TypeMeta& v, const TypeMeta& key_type, const key_story& s) {
    const auto& [a, b] = s.told;
    if (a.is_silent() || b.is_silent()) return;
    const bool there = a.removed == absent || a.added != absent;
    const bool wanted = b.removed != absent || (b.updated != absent && b.added == absent);
    if (there == wanted) return;
    refuse_sequel(v, short_string(key_type, s.key) + (there ? " would be there already" : " would not be there"));
}

bool is_removed(const key_story& s) {
    const auto& [a, b] = s.told;
    return a.removed != absent || (b.removed != absent && a.added == absent);
}

/// A key that is there in the end and was not, or was anew.
struct addition {
    const void* key;
    bool by_second;         ///< which delta's value it has
    std::size_t position;   ///< in that delta's added keys
    const key_story* story; ///< which may tell of changes besides
};

std::vector<addition> find_additions(const TypeMeta& v, const std::vector<key_story>& stories) {
    std::vector<addition> result;
    for (const key_story& s : stories) {
        const auto& [a, b] = s.told;
        if (b.added != absent)
            result.push_back({s.key, true, b.added, &s});
        else if (a.added != absent && b.removed == absent)
            result.push_back({s.key, false, a.added, &s});
    }
    if (v.is(TypeFlags::Ordered))
        std::sort(result.begin(), result.end(), [](const addition& x, const addition& y) {
            return x.by_second != y.by_second ? y.by_second : x.position < y.position;
        });
    return result;
}

/// Writes the keys of `items` to column `i`.
template <class Items> void write_keys(const TypeMeta& m, void* out, std::uint32_t i, const Items& items) {
    if (items.empty()) return;
    std::byte* place = resize_column(m, out, i, items.size());
    const TypeMeta& type = *m.fields[i].type->element;
    for (const auto& item : items) {
        type.ops->copy_assign(type, place, item.key);
        place += type.size;
    }
}

struct named {
    const void* key;
};

} // namespace

void compose_set(const TypeMeta& v, const TypeMeta& m, const void* a, const void* b, void* out) {
    const auto columns = [&](const void* p) {
        const column removed = column_at(m, p, part::set::removed);
        return key_columns{removed, column_at(m, p, part::set::added), removed.first(0)};
    };
    const TypeMeta& key_type = *m.fields[part::set::added].type->element;
    auto stories = collect(key_type, v.is(TypeFlags::Ordered), {columns(a), columns(b)});
    for (const key_story& s : stories) require_sequel(v, key_type, s);
    // What was removed and added again, or the other way round, is as it was.
    std::erase_if(stories, [](const key_story& s) { return !s.told[0].is_silent() && !s.told[1].is_silent(); });
    std::vector<named> removed;
    for (const key_story& s : stories)
        if (is_removed(s)) removed.push_back({s.key});
    write_keys(m, out, part::set::removed, removed);
    write_keys(m, out, part::set::added, find_additions(v, stories));
}

void compose_map(const TypeMeta& v, const TypeMeta& m, const void* a, const void* b, void* out) {
    const auto columns = [&](const void* p) {
        return key_columns{column_at(m, p, part::map::removed), column_at(m, p, part::map::added),
                           column_at(m, p, part::map::updated_keys)};
    };
    const TypeMeta& key_type = *m.fields[part::map::added].type->element;
    const auto stories = collect(key_type, v.is(TypeFlags::Ordered), {columns(a), columns(b)});
    std::vector<named> removed;
    for (const key_story& s : stories) {
        require_sequel(v, key_type, s);
        if (is_removed(s)) removed.push_back({s.key});
    }
    write_keys(m, out, part::map::removed, removed);

    const auto additions = find_additions(v, stories);
    write_keys(m, out, part::map::added, additions);
    std::vector<std::byte*> new_values(stories.size(), nullptr);
    const column values[] = {column_at(m, a, part::map::added_values), column_at(m, b, part::map::added_values)};
    const TypeMeta& type = *values[0].element;
    std::byte* value = resize_column(m, out, part::map::added_values, additions.size());
    for (const addition& s : additions) {
        type.ops->copy_assign(type, value, values[s.by_second][s.position]);
        new_values[static_cast<std::size_t>(s.story - stories.data())] = value;
        value += type.size;
    }

    const column changes[] = {column_at(m, a, part::map::updated), column_at(m, b, part::map::updated)};
    const TypeMeta& change = *changes[0].element;
    const bool lists = lists_keys(v, m, a) || lists_keys(v, m, b);
    std::vector<named> updated;
    std::byte* place = resize_column(m, out, part::map::updated, changes[0].size + changes[1].size);
    for (std::size_t i = 0; i < stories.size(); ++i) {
        const auto& [x, y] = stories[i].told;
        if (y.removed != absent && y.added == absent) continue;
        const void* before = x.updated != absent && y.added == absent ? changes[0][x.updated] : nullptr;
        const void* after = y.updated != absent ? changes[1][y.updated] : nullptr;
        if (!before && !after) continue;
        temporary both(change);
        const bool any = compose_row(*v.element, change, new_values[i], before, after, both.get());
        if (new_values[i] && any && !hides_children(*v.element, change, both.get())) {
            apply_content(type, new_values[i], change,
                          both.get()); // in the layout of the column, which `v` need not have
        } else if (any || (lists && !new_values[i])) {
            both.move_to(place);
            updated.push_back({stories[i].key});
            place += change.size;
        }
    }
    resize_column(m, out, part::map::updated, updated.size());
    write_keys(m, out, part::map::updated_keys, updated);
}

} // namespace hgvalue::detail
