// Noting what changed, and calling who is to hear of it.
#include "observer_registry.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace hgvalue {

void observer_registry::Queue::push(std::shared_ptr<observer_record> record) noexcept {
    observer_record* added = record.get();
    (last ? last->next : first) = std::move(record);
    last = added;
    ++size;
}

std::shared_ptr<observer_record> observer_registry::Queue::pop() noexcept {
    if (!first) return nullptr;
    std::shared_ptr<observer_record> record = std::move(first);
    first = std::move(record->next);
    if (!first) last = nullptr;
    --size;
    record->waiting = false;
    return record;
}

// -- noting ----------------------------------------------------------------------------------------------------------

void observer_registry::push(const std::shared_ptr<observer_record>& record, observer_entry& e, News news) noexcept {
    const engine_time_t now = clock_->now();
    if (record->waiting || (record->told_at == now && news == News::Change)) return;
    if (e.changed_at != now) {
        e.changed_at = now;
        e.order = ++changes_;
    }
    record->waiting = true;
    record->depth = e.depth;
    record->node_order = e.order;
    (record->when == When::Write ? write_ : end_).push(record);
    wait();
}

void observer_registry::queue(observer_entry& e, Scope scope) noexcept {
    observer_list& l = e.list(scope);
    if (l.records.empty() || l.noted == clock_->now()) return;
    l.noted = clock_->now();
    for (const auto& r : l.records) push(r, e, News::Change);
}

observer_entry* observer_registry::note_change(const node_overlay* parent, std::uint32_t slot) noexcept {
    observer_entry* e = &root_;
    if (parent != &context_->record) {
        // Where only the root is observed, the way up to it need not be gone.
        observer_entry* above = root_.children.empty() ? nullptr : note_change(parent->parent, parent->slot);
        if (!above) {
            if (root_.children.empty()) queue(root_, Scope::Elements), queue(root_, Scope::Node);
            return nullptr;
        }
        queue(*above, Scope::Elements);
        e = above->child(slot);
        if (!e) return nullptr;
    }
    queue(*e, Scope::Key);
    queue(*e, Scope::Node);
    return e;
}

void observer_registry::note_structure(observer_entry& e) noexcept {
    queue(e, Scope::Structure);
    queue(e, Scope::Elements);
}

void observer_registry::key_came_or_went(observer_entry& e) noexcept {
    observer_list& l = e.list(Scope::Key);
    l.noted = MIN_DT;
    for (const auto& r : l.records) push(r, e, News::Anyway);
}

void observer_registry::note_insertion(const node_ref& n, std::uint32_t id, const void* key,
                                       std::size_t hash) noexcept {
    observer_entry* e = note_change(n.parent, n.slot);
    if (!e) return;
    note_structure(*e);
    observer_entry* waited_for = e->absent.empty() ? nullptr : e->absent_key(key, hash);
    if (!waited_for) return;
    std::unique_ptr<observer_entry> taken = e->take(*waited_for);
    taken->present = true;
    taken->slot = id;
    e->adopt(std::move(taken));
    key_came_or_went(*waited_for);
}

/// The subscriptions to what is gone end, and are told so. Those to the key of `e` stay without `with_key`.
void observer_registry::end(observer_entry& e, bool with_key) noexcept {
    for (observer_list& l : e.lists) {
        if (&l == &e.list(Scope::Key) && !with_key) continue;
        for (const auto& r : l.records) {
            r->at = nullptr;
            r->removed = true;
            push(r, e, News::Anyway);
        }
        l.records.clear();
    }
    for (const auto& c : e.children) end(*c, true);
    for (const auto& c : e.absent) end(*c, true);
    e.children.clear();
    e.absent.clear();
}

void observer_registry::note_removal(const node_ref& n, std::uint32_t slot) noexcept {
    observer_entry* e = note_change(n.parent, n.slot);
    if (!e) return;
    note_structure(*e);
    observer_entry* gone = e->child(slot);
    if (!gone) return;
    std::unique_ptr<observer_entry> taken = e->take(*gone);
    end(*gone, false);
    if (gone->list(Scope::Key).records.empty()) {
        taken.reset();
        prune(e);
        return;
    }
    gone->present = false;
    e->adopt(std::move(taken));
    key_came_or_went(*gone);
}

// -- telling ---------------------------------------------------------------------------------------------------------

void observer_registry::update(EvaluationClock& clock) noexcept {
    clock.observed_ = clock.waiting_ || clock.notifying_;
}

void observer_registry::wait() noexcept {
    if (in_clock_) return;
    in_clock_ = true;
    next_ = nullptr;
    previous_ = clock_->last_waiting_;
    (previous_ ? previous_->next_ : clock_->waiting_) = this;
    clock_->last_waiting_ = this;
    update(*clock_);
}

void observer_registry::stop_waiting() noexcept {
    if (!in_clock_) return;
    in_clock_ = false;
    (previous_ ? previous_->next_ : clock_->waiting_) = next_;
    (next_ ? next_->previous_ : clock_->last_waiting_) = previous_;
    update(*clock_);
}

node_ref observer_registry::node(const observer_entry& e) const noexcept {
    if (!e.parent) return root_of({nullptr, nullptr, nullptr, nullptr, 0, context_});
    return child_ref(node(*e.parent), e.slot);
}

void observer_registry::call(observer_record& r) {
    NodeChange change{clock_->now(), ChangeKind::Removed, nullptr};
    if (r.removed) {
        r.removed = false;
        r.listener->changed(change);
        return;
    }
    if (!r.at) return;
    const bool of_key = r.scope == Scope::Key;
    const bool present = !of_key || r.at->present;
    const bool came_or_went = of_key && present != r.told_present;
    if (!came_or_went && (!present || r.told_at == change.at)) return;
    r.told_present = present;
    if (!present) {
        r.told_at = change.at;
        r.listener->changed(change);
        return;
    }
    // The elements of a set are not nodes of their own.
    const node_ref above = of_key ? node(*r.at->parent) : node_ref{};
    const bool member = of_key && above.type->kind == NodeKind::TSS;
    if (member && !came_or_went) return; // it went and came back
    const node_ref n = member ? above : of_key ? child_ref(above, r.at->slot) : node(*r.at);
    change.kind = came_or_went || n.modified() ? ChangeKind::Modified : ChangeKind::Invalidated;
    change.node = &n;
    r.told_at = change.at;
    r.listener->changed(change);
}

std::vector<std::shared_ptr<observer_record>> observer_registry::take_waiting(bool end) {
    std::vector<std::shared_ptr<observer_record>> taken;
    taken.reserve(write_.size + (end ? end_.size : 0));
    while (auto r = write_.pop()) taken.push_back(std::move(r));
    while (end && end_.first) taken.push_back(end_.pop());
    std::sort(taken.begin(), taken.end(), [](const auto& a, const auto& b) {
        return std::tuple(b->depth, a->node_order, a->order) < std::tuple(a->depth, b->node_order, b->order);
    });
    return taken;
}

void observer_registry::tell(bool end, Errors& errors) {
    if (telling_ || !context_) return;
    const std::shared_ptr<observer_registry> self = shared_from_this(); // an observer may destroy the root
    errors.reserve(errors.size() + 1);                                  // for that there is no memory for more
    telling_ = true;
    ++clock_->notifying_;
    update(*clock_);
    try {
        while (context_ && (write_.first || (end && end_.first))) {
            errors.reserve(errors.size() + write_.size + end_.size + 1); // what they throw is not lost, nor are they
            for (const auto& record : take_waiting(end)) {
                if (!context_) break;
                try {
                    call(*record);
                } catch (...) {
                    errors.push_back(std::current_exception());
                }
            }
        }
    } catch (...) { // no memory for the list of them: they wait on
        errors.push_back(std::current_exception());
    }
    telling_ = false;
    if (!context_) return;
    --clock_->notifying_;
    if (!write_.first && !end_.first) stop_waiting();
    update(*clock_);
}

bool observer_registry::end_tick(EvaluationClock& clock, bool moving, Errors& errors) {
    if (clock.notifying_) {
        if (moving) throw StateError("an observer cannot move the time of the tick it is told of");
        return true;
    }
    bool destroyed = false;
    clock.destroyed_ = &destroyed;
    try {
        while (observer_registry* r = clock.waiting_) {
            const std::shared_ptr<observer_registry> held = r->shared_from_this();
            const std::size_t failed = errors.size();
            errors.reserve(failed + 1); // then none of them stops waiting without being told
            r->stop_waiting();
            r->tell(true, errors);
            if (destroyed) return false;
            if (errors.size() != failed && r->in_clock_) break; // it could not tell them all
        }
    } catch (...) {
        if (!destroyed) clock.destroyed_ = nullptr;
        throw;
    }
    clock.destroyed_ = nullptr;
    return true;
}

void observer_registry::release() noexcept {
    if (telling_) --clock_->notifying_;
    stop_waiting();
    update(*clock_);
    context_ = nullptr;
    clock_ = nullptr;
    const auto end_all = [](auto& self, observer_entry& e) -> void {
        for (observer_list& l : e.lists)
            for (const auto& r : l.records) r->at = nullptr;
        for (const auto* entries : {&e.children, &e.absent})
            for (const auto& c : *entries) self(self, *c);
    };
    end_all(end_all, root_);
    for (Queue* q : {&write_, &end_})
        for (auto r = q->pop(); r; r = q->pop()) r->removed = false;
}

int observer_registry::for_each_listener(int (*f)(Listener&, void*), void* state) const {
    int result = 0;
    const auto below = [&](auto& self, const observer_entry& e) -> void {
        for (const observer_list& l : e.lists)
            for (const auto& r : l.records)
                if (result == 0) result = f(*r->listener, state);
        for (const auto* entries : {&e.children, &e.absent})
            for (const auto& c : *entries) self(self, *c);
    };
    below(below, root_);
    for (const Queue* q : {&write_, &end_})
        for (const observer_record* r = q->first.get(); r && result == 0; r = r->next.get())
            if (!r->at) result = f(*r->listener, state); // else it is in the list of its entry
    return result;
}

// -- from the engine -------------------------------------------------------------------------------------------------

namespace observe {

namespace {

void raise(observer_registry::Errors&& errors) {
    if (errors.size() == 1) std::rethrow_exception(errors.front());
    if (!errors.empty()) throw ObserverErrors(std::move(errors));
}

} // namespace

void note_change(root_context& context, node_overlay* parent, std::uint32_t slot) noexcept {
    context.observers->note_change(parent, slot);
}

void note_insertion(const node_ref& n, std::uint32_t id, const void* key, std::size_t hash) noexcept {
    n.context->observers->note_insertion(n, id, key, hash);
}

void note_removal(const node_ref& n, std::uint32_t slot) noexcept { n.context->observers->note_removal(n, slot); }

void note_structure(const node_ref& n) noexcept {
    observer_registry& all = *n.context->observers;
    if (observer_entry* e = all.note_change(n.parent, n.slot)) all.note_structure(*e);
}

void note_key_set(const node_ref& n) noexcept {
    observer_registry& all = *n.context->observers;
    if (observer_entry* e = all.note_change(n.parent, n.slot)) all.queue(*e, Scope::Structure);
}

void tell(root_context& context) {
    if (context.open_changes) return;
    observer_registry::Errors errors;
    context.observers->tell(false, errors);
    raise(std::move(errors));
}

void announce_change(root_context& context, node_overlay* parent, std::uint32_t slot) {
    context.observers->note_change(parent, slot);
    tell(context);
}

bool end_tick(EvaluationClock& clock, bool moving) {
    observer_registry::Errors errors;
    const bool there = observer_registry::end_tick(clock, moving, errors);
    raise(std::move(errors));
    return there;
}

int for_each_listener(const root_context& context, int (*f)(Listener&, void*), void* state) {
    return context.observers ? context.observers->for_each_listener(f, state) : 0;
}

void release(root_context& context) noexcept {
    if (const auto observers = std::move(context.observers)) observers->release();
}

bool has_root(const observer_registry& registry) noexcept { return registry.has_root(); }

} // namespace observe

// -- owners ----------------------------------------------------------------------------------------------------------

node_ref root_of(const node_ref& n) noexcept {
    root_context& c = *n.context;
    return {c.type, c.value, c.overlay, &c.record, 0, &c};
}

node_ref node_of(root_context& context, node_overlay& header) noexcept {
    const node_ref root = root_of({nullptr, nullptr, nullptr, nullptr, 0, &context});
    return header.parent == &context.record ? root : child_ref(node_of(context, *header.parent), header.slot);
}

node_ref owner_of(const node_ref& n) noexcept {
    return n.parent == &n.context->record ? n : node_of(*n.context, *n.parent);
}

} // namespace hgvalue
