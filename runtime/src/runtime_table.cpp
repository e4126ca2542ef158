// The RuntimeApi of this library. The Python module adds what needs Python.
#include "value/value_functions.hpp"

#include <hgvalue/core/runtime_api.hpp>
#include <hgvalue/time_series/engine.hpp>
#include <hgvalue/time_series/reference.hpp>

#include "time_series/links.hpp"

#include "time_series/observe.hpp"

namespace hgvalue {

RuntimeApi runtime_table = [] {
    RuntimeApi t{};
    t.abi = abi_version;
    t.size = sizeof(RuntimeApi);
    t.row_store_copy = detail::row_store_copy;
    t.row_store_clear = detail::row_store_clear;
    t.row_store_insert = detail::row_store_insert;
    t.row_store_erase = detail::row_store_erase;
    t.row_store_reserve = detail::row_store_reserve;
    t.row_store_compact = detail::row_store_compact;
    t.row_store_set = detail::row_store_set;
    t.row_store_handle = detail::row_store_handle;
    t.row_store_attach_observer = detail::row_store_attach_observer;
    t.row_store_detach_observer = detail::row_store_detach_observer;
    t.row_store_attach_hooks = detail::row_store_attach_hooks;
    t.row_store_detach_hooks = detail::row_store_detach_hooks;
    t.ring_copy = detail::ring_copy;
    t.ring_clear = detail::ring_clear;
    t.ring_push = detail::ring_push;
    t.ring_pop = detail::ring_pop;
    t.window_value_push = detail::window_value_push;
    t.composite_ops = &detail::composite_table;
    // Without Python there is nothing an `object` could refer to: it stays empty.
    t.object_incref = [](void*) noexcept {};
    t.object_decref = [](void*) noexcept {};
    t.object_equals = [](void* a, void* b) { return a == b; };
    t.object_hash = [](void* p) { return reinterpret_cast<std::size_t>(p); };
    t.root_construct = engine::root_construct;
    t.root_destroy = engine::root_destroy;
    t.start_record = engine::start_record;
    t.invalidate = engine::invalidate;
    t.clear = engine::clear;
    t.mark_modified = engine::mark_modified;
    t.all_valid = engine::all_valid;
    t.insert_row = engine::insert_row;
    t.erase_row = engine::erase_row;
    t.touch_empty = engine::touch_empty;
    t.list_resize = engine::list_resize;
    t.window_push = engine::window_push;
    t.window_first = engine::window_first;
    t.tick_key_set = engine::tick_key_set;
    t.window_push_at = engine::window_push_at;
    t.window_drop_oldest = engine::window_drop_oldest;
    t.window_older = engine::window_older;
    t.window_passed = engine::window_passed;
    t.reference_bind = engine::reference_bind;
    t.reference_target = engine::reference_target;
    t.tell_references = engine::tell_references;
    t.unlink = engine::unlink;
    t.release_references = engine::release_references;
    t.subscribe = observe::subscribe;
    t.unsubscribe = observe::unsubscribe;
    t.is_subscribed = observe::is_subscribed;
    t.has_observers = observe::has_observers;
    t.announce_change = observe::announce_change;
    t.tell_observers = observe::tell;
    t.release_observers = observe::release;
    t.has_root = observe::has_root;
    t.end_tick = observe::end_tick;
    return t;
}();

} // namespace hgvalue
