#include "links.hpp"

#include <algorithm>

namespace hgvalue {

void link_table::add(node_link& link) {
    std::size_t done = 0;
    try {
        for (; done < link.path.size(); ++done)
            if (const link_step& s = link.path[done]; s.anchor) links_[{s.anchor, s.slot}].push_back(&link);
    } catch (...) {
        remove_until(link, done);
        throw;
    }
}

void link_table::remove(node_link& link) noexcept { remove_until(link, link.path.size()); }

void link_table::remove_until(node_link& link, std::size_t steps) noexcept {
    for (std::size_t i = 0; i < steps; ++i) {
        const link_step& s = link.path[i];
        const auto found = s.anchor ? links_.find({s.anchor, s.slot}) : links_.end();
        if (found == links_.end()) continue;
        std::vector<node_link*>& all = found->second;
        // Those made last are the likeliest to go first.
        if (const auto at = std::find(all.rbegin(), all.rend(), &link); at != all.rend()) {
            *at = all.back();
            all.pop_back();
        }
        if (all.empty()) links_.erase(found);
    }
}

const std::vector<node_link*>* link_table::find(node_overlay& anchor, std::uint32_t slot) const noexcept {
    const auto found = links_.find({&anchor, slot});
    return found == links_.end() ? nullptr : &found->second;
}

} // namespace hgvalue
