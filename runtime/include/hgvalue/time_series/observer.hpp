// Observers: who is told when a node changes.
//
// A subscription is to a node, to any element of a collection, to its structure (keys added or removed), or to a key,
// which need not be there. A change is heard at the node and by everyone above it, never below. A subscription is told
// once a tick: with When::Write after the outermost mutating call that first changed the node, with When::End when the
// tick ends, that is at end_tick() or when the clock moves on. It hears of changes that are made after it subscribed.
//
// Order: of what is to be told at one moment, deeper nodes come first; nodes of one depth in the order in which they
// changed; subscriptions to one node in the order in which they were made. An observer may do anything but move the
// clock: what it changes belongs to the same tick and is told after what is being told now, to subscriptions not told
// in this tick yet. One that it adds hears of what comes later, one that it ends before its turn is not called.
//
// A subscription to an element follows it wherever it moves and ends with it: it is told that the element was removed,
// even if it was told of a change in the same tick. One to a key stays, and is told when the key goes and comes. When
// an observer throws, the others are called all the same; then the error leaves the mutating call, or ObserverErrors
// does if there are several. What was written stands. Once a root is destroyed nobody is called.
#pragma once

#include <hgvalue/time_series/node_type.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace hgvalue {

enum class When : std::uint8_t { Write, End };

/// What a subscription hears of.
enum class Scope : std::uint8_t {
    Node,      ///< any change of the node or below it
    Elements,  ///< a change of, or below, any child; children that come or go
    Structure, ///< TSS, TSD, dynamic TSL: elements come or go
    Key        ///< TSS, TSD: the element of one key changes, comes or goes
};

enum class ChangeKind : std::uint8_t {
    Modified,    ///< it ticked; of a key: it changed, or is there again
    Invalidated, ///< it, or something below it, became invalid, and it did not tick
    Removed      ///< the element is gone, or no more there under its key
};

struct NodeChange {
    engine_time_t at;
    ChangeKind kind;
    /// The node subscribed to: of a key of a TSD its child, of one of a TSS the set. Null when it was removed.
    const node_ref* node;
};

/// Receives changes. An object of one's own kind derives from it, and must outlive its subscriptions.
class Observer {
  public:
    virtual ~Observer() = default;
    virtual void notify(engine_time_t at) = 0;
    /// The element, or the key, subscribed to is gone.
    virtual void removed(engine_time_t at) { static_cast<void>(at); }
};

/// What a subscription calls; owned by it.
class Listener {
  public:
    virtual ~Listener() = default;
    virtual void changed(const NodeChange& change) = 0;
};

/// Where and of what a subscription is to hear.
struct SubscriptionRequest {
    Scope scope = Scope::Node;
    When when = When::End;
    const void* key = nullptr; ///< Scope::Key: a value of the key type, copied
    std::size_t hash = 0;      ///< of the key
};

/// Several observers threw. `errors` are in the order of the calls.
class HGVALUE_EXCEPTION ObserverErrors : public StateError {
  public:
    explicit ObserverErrors(std::vector<std::exception_ptr> all)
        : StateError(std::to_string(all.size()) + " observers failed"),
          errors(std::make_shared<const std::vector<std::exception_ptr>>(std::move(all))) {}
    std::shared_ptr<const std::vector<std::exception_ptr>> errors;
};

/// Ends its subscription when it is destroyed; it may outlive the root.
class Subscription {
  public:
    Subscription() = default;
    explicit Subscription(std::shared_ptr<observer_record> record) noexcept : record_(std::move(record)) {}
    Subscription(Subscription&&) = default;
    Subscription& operator=(Subscription&& o) noexcept {
        if (this != &o) {
            unsubscribe();
            record_ = std::move(o.record_);
        }
        return *this;
    }
    ~Subscription() { unsubscribe(); }

    void unsubscribe() noexcept {
        if (const auto record = std::move(record_)) runtime().unsubscribe(*record);
    }
    /// False once it was ended, its element was removed, or the root destroyed.
    bool active() const noexcept { return record_ && runtime().is_subscribed(*record_); }

  private:
    std::shared_ptr<observer_record> record_;
};

/// Several changes that are one call: observers of kind When::Write are told at finish(), not in between. Without
/// finish(), because of an exception, what did change is told with the next change or at the end of the tick.
class mutation_scope {
  public:
    explicit mutation_scope(root_context& context) noexcept : context_(&context) { ++context.open_changes; }
    mutation_scope(const mutation_scope&) = delete;
    ~mutation_scope() {
        if (context_) --context_->open_changes;
    }
    /// Throws what observers throw. The root may be gone afterwards, if one of them destroyed it.
    void finish() {
        root_context& context = *std::exchange(context_, nullptr);
        if (--context.open_changes == 0 && context.observers) [[unlikely]]
            runtime().tell_observers(context);
    }

  private:
    root_context* context_;
};

/// To be called when the node in `slot` of `parent` was written, unless the engine did it.
inline void announce(root_context& context, node_overlay* parent, std::uint32_t slot) {
    if (context.observers) [[unlikely]]
        runtime().announce_change(context, parent, slot);
}

/// Stamps a leaf whose value was stored, and tells observers. The leaf may be gone afterwards.
inline void stamp_leaf(const node_ref& n, engine_time_t now) {
    stamp(n.leaf(), n.parent, n.slot, now);
    announce(*n.context, n.parent, n.slot);
}

namespace detail {

template <class F> class callback final : public Listener {
  public:
    template <class G> explicit callback(G&& f) : f_(std::forward<G>(f)) {}
    void changed(const NodeChange& change) override {
        if constexpr (std::is_invocable_v<F&, const NodeChange&>)
            f_(change);
        else
            f_();
    }

  private:
    F f_;
};

class observer_call final : public Listener {
  public:
    explicit observer_call(Observer& o) noexcept : observer_(o) {}
    void changed(const NodeChange& change) override {
        if (change.kind == ChangeKind::Removed)
            observer_.removed(change.at);
        else
            observer_.notify(change.at);
    }

  private:
    Observer& observer_;
};

/// `f` is an Observer, or is called with a NodeChange or without arguments.
template <class F> Subscription subscribe(const node_ref& n, const SubscriptionRequest& request, F&& f) {
    std::unique_ptr<Listener> listener;
    if constexpr (std::is_base_of_v<Observer, std::remove_cvref_t<F>>) {
        static_assert(std::is_lvalue_reference_v<F>, "an observer must outlive its subscription");
        listener = std::make_unique<observer_call>(f);
    } else {
        listener = std::make_unique<callback<std::decay_t<F>>>(std::forward<F>(f));
    }
    return Subscription(runtime().subscribe(n, request, std::move(listener)));
}

/// What every handle offers to observers; `Handle` has ref().
template <class Handle> class observable_node {
  public:
    /// `observer` is an Observer, which must outlive the subscription, or is called with a NodeChange or nothing.
    template <class F> [[nodiscard]] Subscription subscribe(F&& observer, When when = When::End) const {
        return detail::subscribe(static_cast<const Handle&>(*this).ref(), {Scope::Node, when},
                                 std::forward<F>(observer));
    }
    /// Whether someone subscribed to this node, its elements, structure or keys.
    bool has_observers() const noexcept {
        return runtime().has_observers(static_cast<const Handle&>(*this).ref(), false);
    }
    /// As has_observers, or to anything below. Costs the depth of the node, whatever lies below it.
    bool has_observers_in_subtree() const noexcept {
        return runtime().has_observers(static_cast<const Handle&>(*this).ref(), true);
    }
};

} // namespace detail

/// The node that a header belongs to.
node_ref node_of(root_context& context, node_overlay& header) noexcept;
/// The node that this one is part of; of a root, the root itself.
node_ref owner_of(const node_ref& node) noexcept;
/// The root of a node.
node_ref root_of(const node_ref& node) noexcept;

} // namespace hgvalue
