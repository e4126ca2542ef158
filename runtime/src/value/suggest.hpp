// "Did you mean": the nearest of some names to one that is not among them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace hgvalue::detail {

/// How many letters to insert, delete, replace or swap with their neighbour it takes to make one of the other; names
/// are compared up to their 64th byte, and `most + 1` stands for everything above `most`.
inline std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t most) {
    constexpr std::size_t longest = 64;
    a = a.substr(0, longest);
    b = b.substr(0, longest);
    if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > most) return most + 1;
    std::array<std::size_t, longest + 1> before{}, last{}, row{};
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before = last;
        last = row;
    }
    return std::min(last[b.size()], most + 1);
}

/// "; did you mean 'bid'?" with the nearest of `names` to `wanted`, or nothing if none is near. `name_of` makes a
/// std::string_view of an element of `names`.
template <class Names, class NameOf>
std::string suggestion(std::string_view wanted, const Names& names, const NameOf& name_of) {
    std::size_t nearest = std::max<std::size_t>(1, wanted.size() / 3) + 1; // a name with more errors is another name
    std::string_view best;
    for (const auto& entry : names) {
        const std::string_view name = name_of(entry);
        const std::size_t distance = edit_distance(wanted, name, nearest);
        if (distance >= nearest) continue;
        nearest = distance;
        best = name;
    }
    return best.empty() ? std::string() : "; did you mean '" + std::string(best) + "'?";
}

} // namespace hgvalue::detail
