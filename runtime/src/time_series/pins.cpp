#include "pins.hpp"

#include <algorithm>
#include <mutex>
#include <vector>

namespace hgvalue::engine {

std::atomic<std::uint32_t> pin_count{0};

namespace {

// Roots are used by one thread each, but these are of all of them.
std::mutex mutex;
std::vector<const keyed_state*>& pinned() {
    static auto& states = *new std::vector<const keyed_state*>;
    return states;
}

/// Throws if `is_in_the_way` says so of a pinned dict.
template <class F> void refuse_if(const F& is_in_the_way) {
    if (!any_pins()) return;
    const std::lock_guard lock(mutex);
    for (const keyed_state* s : pinned())
        if (is_in_the_way(s)) throw PinnedError();
}

} // namespace

RowPin::RowPin(const node_ref& dict) : state_(&dict.keyed()) {
    const std::lock_guard lock(mutex);
    pinned().push_back(state_);
    ++pin_count;
}

RowPin::~RowPin() {
    const std::lock_guard lock(mutex);
    const auto found = std::find(pinned().rbegin(), pinned().rend(), state_);
    pinned().erase(std::next(found).base());
    --pin_count;
}

void refuse_inserting(const keyed_state& dict) {
    refuse_if([&](const keyed_state* s) { return s == &dict; });
}

void refuse_removing(const keyed_state& parent, std::uint32_t id) {
    refuse_if([&](const node_overlay* s) {
        if (s == &parent) return true;
        for (; s->parent; s = s->parent)
            if (s->parent == &parent && s->slot == id) return true;
        return false;
    });
}

void refuse_removing_below(const node_ref& n) {
    if (n.type->is_leaf()) return;
    refuse_if([&](const node_overlay* s) {
        for (; s; s = s->parent)
            if (s == &n.node()) return true;
        return false;
    });
}

} // namespace hgvalue::engine
