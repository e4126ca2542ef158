// Subscribing and unsubscribing: the tree of entries.
#include "observer_registry.hpp"

#include "overlay_storage.hpp"
#include "records.hpp"

#include <hgvalue/time_series/describe.hpp>
#include <hgvalue/time_series/reference.hpp>

#include <algorithm>
#include <utility>

namespace hgvalue {

observer_entry::~observer_entry() {
    if (key) engine::delete_default(*key_type, key);
}

bool observer_entry::observed() const noexcept {
    for (const observer_list& l : lists)
        if (!l.records.empty()) return true;
    return !children.empty() || !absent.empty();
}

namespace {

auto slot_place(std::vector<std::unique_ptr<observer_entry>>& children, std::uint32_t slot) noexcept {
    return std::lower_bound(children.begin(), children.end(), slot,
                            [](const auto& e, std::uint32_t s) { return e->slot < s; });
}

auto hash_place(std::vector<std::unique_ptr<observer_entry>>& absent, std::size_t hash) noexcept {
    return std::lower_bound(absent.begin(), absent.end(), hash,
                            [](const auto& e, std::size_t h) { return e->hash < h; });
}

} // namespace

observer_entry* observer_entry::child(std::uint32_t wanted) const noexcept {
    auto& all = const_cast<std::vector<std::unique_ptr<observer_entry>>&>(children);
    const auto at = slot_place(all, wanted);
    return at != all.end() && (*at)->slot == wanted ? at->get() : nullptr;
}

observer_entry* observer_entry::absent_key(const void* wanted, std::size_t wanted_hash) const noexcept {
    auto& all = const_cast<std::vector<std::unique_ptr<observer_entry>>&>(absent);
    for (auto at = hash_place(all, wanted_hash); at != all.end() && (*at)->hash == wanted_hash; ++at)
        if ((*at)->key_type->ops->equals(*(*at)->key_type, (*at)->key, wanted)) return at->get();
    return nullptr;
}

void observer_entry::adopt(std::unique_ptr<observer_entry> made) noexcept {
    if (made->present)
        children.insert(slot_place(children, made->slot), std::move(made));
    else
        absent.insert(hash_place(absent, made->hash), std::move(made));
}

std::unique_ptr<observer_entry> observer_entry::take(observer_entry& e) noexcept {
    auto& from = e.present ? children : absent;
    auto at = e.present ? slot_place(from, e.slot) : hash_place(from, e.hash);
    while (at->get() != &e) ++at;
    std::unique_ptr<observer_entry> taken = std::move(*at);
    from.erase(at);
    return taken;
}

observer_entry& observer_entry::make_child(std::uint32_t wanted) {
    if (observer_entry* there = child(wanted)) return *there;
    engine::make_room(children, absent.size() + 1);
    engine::make_room(absent, children.size() + 1);
    auto made = std::make_unique<observer_entry>();
    observer_entry& e = *made;
    e.parent = this;
    e.slot = wanted;
    e.depth = depth + 1;
    adopt(std::move(made));
    return e;
}

observer_entry& observer_entry::make_absent(const TypeMeta& type, const void* wanted, std::size_t wanted_hash) {
    if (observer_entry* there = absent_key(wanted, wanted_hash)) return *there;
    engine::make_room(children, absent.size() + 1);
    engine::make_room(absent, children.size() + 1);
    auto made = std::make_unique<observer_entry>();
    observer_entry& e = *made;
    e.parent = this;
    e.depth = depth + 1;
    e.present = false;
    e.set_key(type, wanted, wanted_hash);
    adopt(std::move(made));
    return e;
}

void observer_entry::set_key(const TypeMeta& type, const void* wanted, std::size_t wanted_hash) {
    if (key) return;
    void* copy = engine::new_default(type);
    try {
        type.ops->copy_assign(type, copy, wanted);
    } catch (...) {
        engine::delete_default(type, copy);
        throw;
    }
    key_type = &type;
    key = copy;
    hash = wanted_hash;
}

observer_registry::~observer_registry() {
    while (write_.pop()) {
    }
    while (end_.pop()) {
    }
}

observer_entry* observer_registry::find(const node_overlay* parent, std::uint32_t slot) noexcept {
    if (parent == &context_->record) return &root_;
    observer_entry* above = find(parent->parent, parent->slot);
    return above ? above->child(slot) : nullptr;
}

observer_entry& observer_registry::entry_of(const node_overlay* parent, std::uint32_t slot) {
    if (parent == &context_->record) return root_;
    return entry_of(parent->parent, parent->slot).make_child(slot);
}

observer_entry* observer_registry::find_key(const observer_entry& e, const node_ref& n, const void* key,
                                            std::size_t hash) noexcept {
    const std::uint32_t row = find_row(*n.type->value, n.rows(), key, hash);
    return row != no_row ? e.child(n.keyed().id_of_row[row]) : e.absent_key(key, hash);
}

observer_entry& observer_registry::key_entry_of(const node_ref& n, const SubscriptionRequest& request) {
    observer_entry& above = entry_of(n.parent, n.slot);
    const std::uint32_t row = find_row(*n.type->value, n.rows(), request.key, request.hash);
    if (row == no_row) return above.make_absent(*n.type->scalar, request.key, request.hash);
    observer_entry& e = above.make_child(n.keyed().id_of_row[row]);
    e.set_key(*n.type->scalar, request.key, request.hash);
    return e;
}

void observer_registry::prune(observer_entry* e) noexcept {
    while (e != &root_ && !e->observed()) {
        observer_entry* above = e->parent;
        above->take(*e);
        e = above;
    }
}

std::shared_ptr<observer_record> observer_registry::subscribe(const node_ref& n, const SubscriptionRequest& request,
                                                              std::unique_ptr<Listener> listener) {
    auto record = std::make_shared<observer_record>();
    record->listener = std::move(listener);
    record->registry = this;
    record->scope = request.scope;
    record->when = request.when;
    observer_entry* e = nullptr;
    try {
        e = request.scope == Scope::Key ? &key_entry_of(n, request) : &entry_of(n.parent, n.slot);
        e->list(request.scope).records.push_back(record);
    } catch (...) {
        // What was made on the way is of no use to anyone.
        if (e) {
            prune(e);
        } else {
            const node_overlay* parent = n.parent;
            std::uint32_t slot = n.slot;
            for (; !(e = find(parent, slot)); parent = parent->parent) slot = parent->slot;
            prune(e);
        }
        throw;
    }
    record->at = e;
    record->order = ++subscriptions_;
    record->told_present = request.scope == Scope::Key && e->present;
    e->list(request.scope).noted = MIN_DT; // a change later in this tick is news to this one
    return record;
}

void observer_registry::unsubscribe(observer_record& record) noexcept {
    observer_entry* e = std::exchange(record.at, nullptr);
    auto& records = e->list(record.scope).records;
    const auto at = std::find_if(records.begin(), records.end(), [&](const auto& r) { return r.get() == &record; });
    const std::shared_ptr<observer_record> held = std::move(*at); // its end may be that of the caller's last reference
    records.erase(at);
    prune(e);
}

namespace observe {

namespace {

const char* missing_scope(const NodeType& t, Scope scope) noexcept {
    const bool keyed = t.kind == NodeKind::TSS || t.kind == NodeKind::TSD;
    switch (scope) {
    case Scope::Key: return keyed ? nullptr : "keys";
    case Scope::Structure: return keyed || t.is_dynamic_list() ? nullptr : "elements that come and go";
    case Scope::Elements:
        return keyed || t.kind == NodeKind::TSB || t.kind == NodeKind::TSL ? nullptr : "elements to observe";
    case Scope::Node: break;
    }
    return nullptr;
}

} // namespace

std::shared_ptr<observer_record> subscribe(const node_ref& n, const SubscriptionRequest& request,
                                           std::unique_ptr<Listener> listener) {
    if (const char* what = missing_scope(*n.type, request.scope))
        throw TypeError(schema_text(*n.type) + " has no " + what);
    if (engine::is_unwritten(n))
        throw StateError(
            "a " + schema_text(*n.type) +
            " is read through an empty reference: there is nothing to observe; subscribe to the reference");
    auto& observers = n.context->observers;
    if (!observers) observers = std::make_shared<observer_registry>(*n.context);
    return observers->subscribe(n, request, std::move(listener));
}

void unsubscribe(observer_record& record) noexcept {
    record.removed = false; // it need not be told any more
    if (record.at) record.registry->unsubscribe(record);
}

bool is_subscribed(const observer_record& record) noexcept { return record.at != nullptr; }

bool has_observers(const node_ref& n, bool below) noexcept {
    if (!n.context->observers) return false;
    observer_registry& all = *n.context->observers;
    const observer_entry* e = all.find(n.parent, n.slot);
    if (!e) return false;
    const auto any = [](const observer_entry& entry, Scope scope) {
        return !entry.lists[static_cast<std::size_t>(scope)].records.empty();
    };
    // Who subscribed to the key of this element observes the dict above it.
    if (any(*e, Scope::Node) || any(*e, Scope::Elements) || any(*e, Scope::Structure) || !e->absent.empty())
        return true;
    if (below) return !e->children.empty();
    return std::any_of(e->children.begin(), e->children.end(), [&](const auto& c) { return any(*c, Scope::Key); });
}

void visit(const node_ref& n, const void* key, std::size_t hash, const Visit& f) {
    if (!n.context->observers) return;
    observer_registry& all = *n.context->observers;
    observer_entry* e = all.find(n.parent, n.slot);
    if (!e) return;
    std::vector<std::shared_ptr<observer_record>> records; // copies: `f` may unsubscribe
    const auto add = [&](observer_entry& entry, Scope scope) {
        const auto& all_of = entry.list(scope).records;
        records.insert(records.end(), all_of.begin(), all_of.end());
    };
    if (key) {
        if (observer_entry* found = observer_registry::find_key(*e, n, key, hash)) add(*found, Scope::Key);
    } else {
        for (const Scope scope : {Scope::Node, Scope::Elements, Scope::Structure}) add(*e, scope);
        for (const auto* entries : {&e->children, &e->absent})
            for (const auto& c : *entries) add(*c, Scope::Key);
    }
    for (const auto& r : records)
        if (f(*r->listener, r->scope, r->when, r)) return;
}

} // namespace observe

} // namespace hgvalue
