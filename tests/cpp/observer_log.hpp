// A record of what observers were told.
#pragma once

#include "ts_bundle.hpp"

#include <string>
#include <utility>
#include <vector>

namespace ts_test {

using words = std::vector<std::string>;

/// `log("bid")` is an observer that notes "bid modified 3" and the like.
struct Log {
    words all;

    auto operator()(std::string name) {
        return [this, name = std::move(name)](const hgvalue::NodeChange& change) { note(name, change); };
    }
    void note(const std::string& name, const hgvalue::NodeChange& change) {
        static constexpr const char* kinds[] = {" modified ", " invalidated ", " removed "};
        all.push_back(name + kinds[static_cast<std::size_t>(change.kind)] + std::to_string(change.at));
    }
    words take() { return std::exchange(all, {}); }
};

} // namespace ts_test
