// Forward declarations of the runtime's types.
#pragma once

#include <cstdint>

namespace hgvalue {

using engine_time_us = std::int64_t; ///< engine_time_t, nameable without core/time.hpp

struct TypeMeta;
struct TypeOps;
struct FieldInfo;
struct EnumInfo;
class row_store;
struct SlotObserver;
struct ContainerHooks;
struct SlotHandle;
struct InsertResult;
class ring;
class window_storage;
class object;
class TypeRegistry;
class ConstValueView;
class ValueView;
class ValuePath;
class PathElement;

struct NodeType;
struct NodeField;
struct node_ref;
struct node_overlay;
struct leaf_overlay;
struct keyed_state;
struct list_state;
struct window_state;
struct ref_state;
struct node_link;
class link_table;
struct root_context;
class EvaluationClock;
struct ModuleInfo;
struct observer_record;
class observer_registry;
class Listener;
struct SubscriptionRequest;

struct RuntimeApi;

} // namespace hgvalue
