// Time series of one schema, as the compiler laid them out and as they are made at run time.
#pragma once

#include "catch.hpp"

#include <generated_samples.h>

#include <hgvalue/core/type_registry.hpp>
#include <hgvalue/time_series/built_node.hpp>
#include <hgvalue/time_series/ts_value.hpp>

#include <string>
#include <vector>

namespace ts_test {

/// The type `t`, made at run time over data that the registry lays out.
inline const hgvalue::NodeType& rebuilt(const hgvalue::NodeType& t) {
    using namespace hgvalue;
    TypeRegistry& registry = TypeRegistry::instance();
    switch (t.kind) {
    case NodeKind::TSB: {
        BundleTypeBuilder data = registry.bundle();
        std::vector<built::NodeChild> children;
        for (std::uint32_t i = 0; i < t.field_count; ++i) {
            children.push_back({&rebuilt(*t.fields[i].type), "", false});
            data.field(t.fields[i].name, *children.back().type->value);
        }
        return built::bundle({t.module, t.name, ""}, data.build(), children);
    }
    case NodeKind::TSL: {
        const NodeType& child = rebuilt(*t.child);
        return built::list(t.list_size ? registry.fixed_list(*child.value, t.list_size) : registry.list(*child.value),
                           child);
    }
    case NodeKind::TSS: return built::set(registry.set(registry.intern(*t.scalar)));
    case NodeKind::TSD: {
        const NodeType& child = rebuilt(*t.child);
        return built::dict(registry.map(registry.intern(*t.scalar), *child.value), child);
    }
    case NodeKind::TSW:
        return built::window(registry.window(registry.intern(*t.scalar), static_cast<std::size_t>(t.window_size),
                                             static_cast<std::size_t>(t.window_minimum)));
    case NodeKind::REF: return built::reference(rebuilt(*t.child));
    case NodeKind::SIGNAL: return built::signal();
    default: return built::leaf(registry.intern(*t.scalar));
    }
}

/// A root of the type, whose classes the compiler knows.
template <class Root> struct generated_root {
    explicit generated_root(hgvalue::EvaluationClock& clock) : root(&clock) {}
    hgvalue::TSMutableView view() { return hgvalue::ts_view(root); }
    Root root;
};
/// A TSValue of a generated type.
template <class Root> struct generated_value {
    explicit generated_value(hgvalue::EvaluationClock& clock) : root(Root::shape::type, &clock) {}
    hgvalue::TSMutableView view() { return root.view(); }
    hgvalue::TSValue root;
};
/// A TSValue of a type made at run time.
template <class Root> struct built_value {
    explicit built_value(hgvalue::EvaluationClock& clock) : root(rebuilt(Root::shape::type), &clock) {}
    hgvalue::TSMutableView view() { return root.view(); }
    hgvalue::TSValue root;
};

} // namespace ts_test
