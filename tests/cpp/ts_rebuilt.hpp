// Types of nodes made at run time of those that the compiler made.
#pragma once

#include <hgvalue/core/type_registry.hpp>
#include <hgvalue/time_series/built_node.hpp>
#include <hgvalue/time_series/engine.hpp>

#include <cstddef>
#include <memory>
#include <new>
#include <vector>

namespace ts_test {

using namespace hgvalue;

inline TypeRegistry& registry() { return TypeRegistry::instance(); }

inline const NodeType& rebuilt(const NodeType& t);

inline const NodeType& rebuilt_bundle(const NodeType& t) {
    BundleTypeBuilder data = registry().bundle();
    std::vector<built::NodeChild> children;
    for (std::uint32_t i = 0; i < t.field_count; ++i) {
        const NodeField& f = t.fields[i];
        children.push_back({&rebuilt(*f.type), f.doc ? f.doc : "", f.item_only});
        data.field(f.name, *children.back().type->value);
    }
    return built::bundle({t.module, t.name, t.doc ? t.doc : ""}, data.build(), children);
}

inline const NodeType& rebuilt_window(const NodeType& t, const TypeMeta& element) {
    if (t.by_time)
        return built::window(registry().window(element, timedelta{t.window_size}, timedelta{t.window_minimum}));
    return built::window(registry().window(element, static_cast<std::size_t>(t.window_size),
                                           static_cast<std::size_t>(t.window_minimum)));
}

/// What a compiled type describes, made at run time over data that the registry laid out.
inline const NodeType& rebuilt(const NodeType& t) {
    const TypeMeta* scalar = t.scalar ? &registry().intern(*t.scalar) : nullptr;
    switch (t.kind) {
    case NodeKind::TSB: return rebuilt_bundle(t);
    case NodeKind::TSL: {
        const NodeType& child = rebuilt(*t.child);
        return built::list(
            t.list_size ? registry().fixed_list(*child.value, t.list_size) : registry().list(*child.value), child);
    }
    case NodeKind::TSS: return built::set(registry().set(*scalar));
    case NodeKind::TSD: {
        const NodeType& child = rebuilt(*t.child);
        return built::dict(registry().map(*scalar, *child.value), child);
    }
    case NodeKind::TSW: return rebuilt_window(t, *scalar);
    case NodeKind::REF: return built::reference(rebuilt(*t.child));
    case NodeKind::SIGNAL: return built::signal();
    default: return built::leaf(*scalar);
    }
}

/// A root whose type is known at run time only.
class BuiltRoot {
  public:
    explicit BuiltRoot(const NodeType& type) : type_(type) {
        runtime().root_construct(type_, value_.get(), overlay_.get(), context_);
    }
    BuiltRoot(const BuiltRoot&) = delete;
    ~BuiltRoot() { runtime().root_destroy(type_, value_.get(), overlay_.get()); }

    void tick(engine_time_t at) { context_.advance(at); }
    node_ref ref() { return {&type_, value_.get(), overlay_.get(), &context_.record, 0, &context_}; }

  private:
    using memory = std::unique_ptr<void, void (*)(void*)>;
    static memory allocate(std::size_t size) {
        return {::operator new(size), [](void* p) { ::operator delete(p); }};
    }

    const NodeType& type_;
    memory value_ = allocate(type_.value->size), overlay_ = allocate(type_.overlay_size);
    EvaluationClock clock_;
    root_context context_{&clock_, false, {}};
};

} // namespace ts_test
