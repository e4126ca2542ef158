// The subscriptions of one root: a tree of the nodes that have any, beside the tree of nodes.
//
// Entries are named as nodes name their children: by field, index, or element id. A row moves and an id does not, so
// entries need not follow. The engine tells when an id ends, before it can be used again. Only nodes that are observed
// and those above them have an entry; one that is not needed any more is dropped, so that its being there is the answer
// to has_observers_in_subtree.
#pragma once

#include "observe.hpp"

#include <array>
#include <cstdint>
#include <exception>
#include <memory>
#include <vector>

namespace hgvalue {

struct observer_entry;

/// One subscription. Held by the list of its entry, by its Subscription, and while it waits to be told by the queue.
struct observer_record {
    std::unique_ptr<Listener> listener;
    observer_registry* registry; ///< good while `at` is not null
    observer_entry* at;          ///< null once it has ended
    Scope scope;
    When when;
    bool waiting = false;      ///< in a queue
    bool removed = false;      ///< its element is gone, and it has not been told so
    bool told_present = false; ///< Scope::Key: whether the key was there when it was last told, or when it subscribed
    engine_time_t told_at = MIN_DT;
    std::uint64_t order; ///< by subscription
    std::uint32_t depth = 0;
    std::uint64_t node_order = 0;          ///< by the first change of its node in the tick
    std::shared_ptr<observer_record> next; ///< in the queue
};

/// The subscriptions to one scope of one node.
struct observer_list {
    std::vector<std::shared_ptr<observer_record>> records;
    engine_time_t noted = MIN_DT; ///< in that tick all of them were put into the queue, or had been told
};

/// A node with subscriptions, or above one.
struct observer_entry {
    observer_entry* parent = nullptr;
    std::uint32_t slot = 0;
    std::uint32_t depth = 0;
    bool present = true; ///< false: a key that is waited for
    engine_time_t changed_at = MIN_DT;
    std::uint64_t order = 0;            ///< of its first change in the tick `changed_at`
    std::array<observer_list, 4> lists; ///< by Scope; that of Key has those who subscribed to this element's key
    std::vector<std::unique_ptr<observer_entry>> children; ///< by slot; there is room for those absent, too
    std::vector<std::unique_ptr<observer_entry>> absent;   ///< by hash; there is room for the children, too
    const TypeMeta* key_type = nullptr;
    void* key = nullptr; ///< if anyone subscribed to it
    std::size_t hash = 0;

    observer_entry() = default;
    observer_entry(const observer_entry&) = delete;
    ~observer_entry();

    observer_list& list(Scope s) noexcept { return lists[static_cast<std::size_t>(s)]; }
    bool observed() const noexcept;
    observer_entry* child(std::uint32_t wanted) const noexcept;
    observer_entry* absent_key(const void* wanted, std::size_t wanted_hash) const noexcept;
    observer_entry& make_child(std::uint32_t wanted);
    observer_entry& make_absent(const TypeMeta& type, const void* wanted, std::size_t wanted_hash);
    void set_key(const TypeMeta& type, const void* wanted, std::size_t wanted_hash);
    /// Puts a child where it belongs, for which there is room.
    void adopt(std::unique_ptr<observer_entry> made) noexcept;
    std::unique_ptr<observer_entry> take(observer_entry& child) noexcept;
};

class observer_registry : public std::enable_shared_from_this<observer_registry> {
  public:
    explicit observer_registry(root_context& context) noexcept : context_(&context), clock_(context.clock) {}
    observer_registry(const observer_registry&) = delete;
    ~observer_registry();

    std::shared_ptr<observer_record> subscribe(const node_ref& n, const SubscriptionRequest& request,
                                               std::unique_ptr<Listener> listener);
    void unsubscribe(observer_record& record) noexcept;
    /// The entry of the node in `slot` of `parent`, or null.
    observer_entry* find(const node_overlay* parent, std::uint32_t slot) noexcept;
    /// The entry of a key of `n`, there or not, or null.
    static observer_entry* find_key(const observer_entry& e, const node_ref& n, const void* key,
                                    std::size_t hash) noexcept;

    /// As in observe.hpp. The entry of the node, or null.
    observer_entry* note_change(const node_overlay* parent, std::uint32_t slot) noexcept;
    void note_insertion(const node_ref& n, std::uint32_t id, const void* key, std::size_t hash) noexcept;
    void note_removal(const node_ref& n, std::uint32_t slot) noexcept;
    void note_structure(observer_entry& e) noexcept;
    void queue(observer_entry& e, Scope scope) noexcept; ///< those of one scope have something to hear

    using Errors = std::vector<std::exception_ptr>;
    /// Calls who has something to hear, with `end` those who wait for the end of the tick, too.
    void tell(bool end, Errors& errors);
    static bool end_tick(EvaluationClock& clock, bool moving, Errors& errors); ///< as observe::end_tick
    int for_each_listener(int (*f)(Listener&, void*), void* state) const;
    void release() noexcept;
    bool has_root() const noexcept { return context_ != nullptr; }

    observer_entry& root() noexcept { return root_; }

  private:
    struct Queue {
        std::shared_ptr<observer_record> first;
        observer_record* last = nullptr;
        std::size_t size = 0;
        void push(std::shared_ptr<observer_record> record) noexcept;
        std::shared_ptr<observer_record> pop() noexcept;
    };

    observer_entry& entry_of(const node_overlay* parent, std::uint32_t slot);
    observer_entry& key_entry_of(const node_ref& n, const SubscriptionRequest& request);
    void prune(observer_entry* e) noexcept;
    enum class News : bool { Change, Anyway }; ///< Anyway: to be told even if it was told in this tick
    void push(const std::shared_ptr<observer_record>& record, observer_entry& e, News news) noexcept;
    void key_came_or_went(observer_entry& e) noexcept;
    void end(observer_entry& e, bool with_key) noexcept;
    node_ref node(const observer_entry& e) const noexcept;
    void call(observer_record& record);
    void wait() noexcept;
    void stop_waiting() noexcept;
    static void update(EvaluationClock& clock) noexcept;
    std::vector<std::shared_ptr<observer_record>> take_waiting(bool end);

    root_context* context_;  ///< null once the root is gone
    EvaluationClock* clock_; ///< likewise
    observer_entry root_;
    Queue write_, end_;
    std::uint64_t subscriptions_ = 0;
    std::uint64_t changes_ = 0;
    bool telling_ = false;
    bool in_clock_ = false; ///< among the clock's waiting ones
    observer_registry* next_ = nullptr;
    observer_registry* previous_ = nullptr;
};

} // namespace hgvalue
