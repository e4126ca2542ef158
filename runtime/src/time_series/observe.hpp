// What the engine tells of its changes, and how observers are reached from type-erased code.
//
// Noting a change cannot fail and calls nobody: subscriptions made room for it. Observers are called by settle(), at
// the end of an operation, and by end_tick().
#pragma once

#include <hgvalue/time_series/observer.hpp>

#include <cstddef>
#include <functional>
#include <memory>

namespace hgvalue::observe {

// -- noting; only where someone observes the root --------------------------------------------------------------------

void note_change(root_context& context, node_overlay* parent, std::uint32_t slot) noexcept;
void note_insertion(const node_ref& n, std::uint32_t id, const void* key, std::size_t hash) noexcept;
void note_removal(const node_ref& n, std::uint32_t slot) noexcept;
void note_structure(const node_ref& n) noexcept;
void note_key_set(const node_ref& n) noexcept;

/// `n` was written or invalidated.
inline void changed(const node_ref& n) noexcept {
    if (n.context->observers) [[unlikely]]
        note_change(*n.context, n.parent, n.slot);
}
/// Element `id` of a TSS or TSD is new, with this key.
inline void inserted(const node_ref& n, std::uint32_t id, const void* key, std::size_t hash) noexcept {
    if (n.context->observers) [[unlikely]]
        note_insertion(n, id, key, hash);
}
/// The element that `n` named by `slot` is gone.
inline void removed(const node_ref& n, std::uint32_t slot) noexcept {
    if (n.context->observers) [[unlikely]]
        note_removal(n, slot);
}
/// Elements came to a dynamic TSL.
inline void structure_changed(const node_ref& n) noexcept {
    if (n.context->observers) [[unlikely]]
        note_structure(n);
}
/// The key set of a TSD became valid, though no key came or went.
inline void key_set_changed(const node_ref& n) noexcept {
    if (n.context->observers) [[unlikely]]
        note_key_set(n);
}

// -- telling ---------------------------------------------------------------------------------------------------------

/// Calls the observers of kind When::Write who have something to hear, unless a mutation_scope is open or others are
/// being called. Throws what they throw.
void tell(root_context& context);
inline void settle(root_context& context) {
    if (context.observers) [[unlikely]]
        tell(context);
}
/// note_change and settle.
void announce_change(root_context& context, node_overlay* parent, std::uint32_t slot);
/// Calls all observers of a clock who have something to hear. False if one of them destroyed the clock with its root.
/// From within one of them nothing happens, or StateError if the time is to move.
bool end_tick(EvaluationClock& clock, bool moving);

// -- subscriptions ---------------------------------------------------------------------------------------------------

/// TypeError where the node has no such scope.
std::shared_ptr<observer_record> subscribe(const node_ref& n, const SubscriptionRequest& request,
                                           std::unique_ptr<Listener> listener);
void unsubscribe(observer_record& record) noexcept;
bool is_subscribed(const observer_record& record) noexcept;
bool has_observers(const node_ref& n, bool below) noexcept;

/// Calls `f` for the listeners of a node (`key` null: of all its scopes, with those of its keys; else of that key's
/// subscriptions) with when they are told, until it returns true.
using Visit = std::function<bool(Listener&, Scope, When, const std::shared_ptr<observer_record>&)>;
void visit(const node_ref& n, const void* key, std::size_t hash, const Visit& f);

/// Calls `f` for every listener of a root until it returns something else than 0, and returns that.
int for_each_listener(const root_context& context, int (*f)(Listener&, void*), void* state);

/// Ends all subscriptions of a root that is going to be destroyed.
void release(root_context& context) noexcept;
bool has_root(const observer_registry& registry) noexcept;

} // namespace hgvalue::observe
