// The versioned function table through which compiled schema code reaches the runtime.
//
// A generated Python module does not link the runtime: at import it takes this table from a capsule of
// `hgvalue._hgvalue`, so one process has one runtime however many modules it loads. A C++-only program links
// libhgvalue, which defines the same table. Everything that is not on a hot path goes through it, which also keeps
// generated code small: a container's growth, erase or copy is compiled once, here.
#pragma once

#include <hgvalue/fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>

namespace hgvalue {

/// Raised whenever a struct of these headers changes its layout or a function of the table its meaning.
inline constexpr std::uint32_t abi_version = 1;

struct RuntimeApi {
    std::uint32_t abi;    ///< `abi_version` of the runtime
    std::uint32_t size;   ///< sizeof(RuntimeApi) in the runtime
    std::uint64_t layout; ///< `layout_signature()` of the runtime; see python/attach.hpp
    const char* platform; ///< compiler family, standard library and its ABI; null in libhgvalue

    // -- containers of the value layer: see value/row_ops.hpp, value/ring.hpp
    void (*row_store_copy)(const TypeMeta&, row_store& to, const row_store& from);
    void (*row_store_clear)(const TypeMeta&, row_store&) noexcept; ///< and frees the memory
    std::uint32_t (*row_store_insert)(const TypeMeta&, row_store&, const void* key, std::size_t hash);
    void (*row_store_erase)(const TypeMeta&, row_store&, std::uint32_t row) noexcept;
    void (*row_store_reserve)(const TypeMeta&, row_store&, std::size_t rows);
    void (*row_store_compact)(const TypeMeta&, row_store&);
    InsertResult (*row_store_set)(const TypeMeta&, row_store&, const void* key, std::size_t hash, const void* value);
    SlotHandle (*row_store_handle)(const TypeMeta&, row_store&, std::uint32_t row);
    void (*row_store_attach_observer)(const TypeMeta&, row_store&, SlotObserver&);
    void (*row_store_detach_observer)(row_store&, SlotObserver&) noexcept;
    void (*row_store_attach_hooks)(const TypeMeta&, row_store&, const ContainerHooks&);
    void (*row_store_detach_hooks)(row_store&, const ContainerHooks&) noexcept;
    void (*ring_copy)(const TypeMeta&, ring& to, const ring& from);
    void (*ring_clear)(const TypeMeta&, ring&) noexcept;
    void* (*ring_push)(const TypeMeta&, ring&);        ///< a new, default element at the back
    void (*ring_pop)(const TypeMeta&, ring&) noexcept; ///< drops the oldest
    void (*window_value_push)(const TypeMeta&, window_storage&, engine_time_us at, const void* value);

    // -- shared operations of composite values
    const TypeOps* composite_ops; ///< equals, less and hash of bundles, tuples and every container, by their meta

    // -- the `object` scalar: reference counting and comparison belong to the Python side
    void (*object_incref)(void*) noexcept;
    void (*object_decref)(void*) noexcept;
    bool (*object_equals)(void*, void*);
    std::size_t (*object_hash)(void*);

    // -- time series: see time_series/engine.hpp, whose functions these are
    void (*root_construct)(const NodeType&, void* value, void* overlay, root_context& context);
    void (*root_destroy)(const NodeType&, void* value, void* overlay) noexcept;
    void (*start_record)(node_overlay&, engine_time_us now);
    void (*invalidate)(const node_ref&);
    void (*clear)(const node_ref&);
    void (*mark_modified)(const node_ref&);
    bool (*all_valid)(const node_ref&);
    std::uint32_t (*insert_row)(const node_ref&, const void* key, std::size_t hash);
    void (*erase_row)(const node_ref&, std::uint32_t row);
    void (*touch_empty)(const node_ref&);
    void (*list_resize)(const node_ref&, std::size_t size);
    void (*window_push)(const node_ref&, const void* value);
    std::uint32_t (*window_first)(const node_ref&);
    // what following takes besides, see engine.hpp
    void (*tick_key_set)(const node_ref&);
    void (*window_push_at)(const node_ref&, const void* value, engine_time_us at);
    void (*window_drop_oldest)(const node_ref&, std::uint32_t count);
    std::uint32_t (*window_older)(const node_ref&) noexcept;
    const window_storage* (*window_passed)(const window_state&) noexcept;

    // -- references: see time_series/reference.hpp
    void (*reference_bind)(const node_ref& reference, const node_ref& target);
    bool (*reference_target)(const node_ref& reference, node_ref& target);
    void (*tell_references)(node_overlay& parent, std::uint32_t slot, engine_time_us now) noexcept;
    void (*unlink)(node_link&) noexcept;
    void (*release_references)(root_context&) noexcept; ///< those to a root that is going to be destroyed
    // -- observers: see time_series/observer.hpp
    std::shared_ptr<observer_record> (*subscribe)(const node_ref&, const SubscriptionRequest&,
                                                  std::unique_ptr<Listener>);
    void (*unsubscribe)(observer_record&) noexcept;
    bool (*is_subscribed)(const observer_record&) noexcept;
    bool (*has_observers)(const node_ref&, bool below) noexcept;
    void (*announce_change)(root_context&, node_overlay* parent, std::uint32_t slot); ///< notes it, then tells
    void (*tell_observers)(root_context&);
    void (*release_observers)(root_context&) noexcept;   ///< of a root that is going to be destroyed
    bool (*has_root)(const observer_registry&) noexcept; ///< false once it was
    bool (*end_tick)(EvaluationClock&, bool moving);     ///< false if an observer destroyed the clock with its root

    // -- Python; null in libhgvalue
    void* (*to_python)(const TypeMeta&, const void* value); ///< new reference; throws what Python raised
    /// Assigns from a PyObject; throws, and may leave a composite value partly filled.
    void (*from_python)(const TypeMeta&, void* to, void* from);
    void* python_none;                                      ///< None
    bool (*module_create)(void* module, const ModuleInfo&); ///< false with a Python error set
};

#if defined(HGVALUE_MODULE)
/// Set by `attach()` when the module is imported, before anything else runs.
inline const RuntimeApi* attached_runtime = nullptr;
inline const RuntimeApi& runtime() noexcept { return *attached_runtime; }
#else
/// Constant but for the functions on `object` and modules, which the Python module fills in when it is imported.
extern RuntimeApi runtime_table;
inline const RuntimeApi& runtime() noexcept { return runtime_table; }
#endif

} // namespace hgvalue
