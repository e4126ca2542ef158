// Where the walk over a delta and its target is, for messages.
#pragma once

#include <hgvalue/core/error.hpp>
#include <hgvalue/value/path.hpp>

#include <string>
#include <vector>

namespace hgvalue::detail {

struct place {
    const place* above; ///< null of what is right below the target
    PathElement step;
};

inline std::string path_of(const place* p) {
    std::vector<PathElement> steps;
    for (; p; p = p->above) steps.push_back(p->step);
    ValuePath path;
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) path.push_back(*step);
    return path.to_string(longest_shown_key);
}

[[noreturn]] inline void refuse(const place* p, const std::string& what) {
    throw ValueError("the delta does not fit" + (p ? " at '" + path_of(p) + "'" : std::string()) + ": " + what);
}

} // namespace hgvalue::detail
