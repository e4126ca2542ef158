// TSB: what generated bundles share.
#pragma once

#include <hgvalue/time_series/ts.hpp>

namespace hgvalue {

/// Base of the handle of a generated bundle.
template <class Shape> class bundle_handle : public node_handle<Shape> {
  public:
    using node_handle<Shape>::node_handle;

    /// Calls `f(index, name)` for each field written in this tick and valid, in schema order.
    template <class F> void for_each_modified(F&& f) const {
        const node_ref self = this->ref();
        for (std::uint32_t i = 0; i < Shape::type.field_count; ++i)
            if (field_ref(self, i).modified()) f(i, Shape::type.fields[i].name);
    }

    /// Told once a tick in which any field, or something below one, changed.
    template <class F> [[nodiscard]] Subscription subscribe_elements(F&& observer, When when = When::End) const {
        return detail::subscribe(this->ref(), {Scope::Elements, when}, std::forward<F>(observer));
    }

  protected:
    /// The handle of the field in `slot`.
    template <class Child, class Value>
    typename Child::handle child(Value& value, typename Child::overlay_type& overlay,
                                 std::uint32_t slot) const noexcept {
        return make_handle<Child>(&value, &overlay, this->context_, this->overlay_, slot);
    }
    /// Stores into the leaf in `slot` and stamps it and its ancestors.
    template <class T> void set_leaf(T& value, leaf_overlay& overlay, std::uint32_t slot, T v) const {
        const engine_time_t now = this->context_->writing_time();
        value = std::move(v);
        stamp(overlay, this->overlay_, slot, now);
        announce(*this->context_, this->overlay_, slot);
    }
};

/// The NodeType of a generated bundle.
template <class Shape>
constexpr NodeType bundle_type(const char* module, const char* name, const char* doc, const NodeField* fields,
                               std::uint32_t count) {
    NodeType t{};
    t.kind = NodeKind::TSB;
    t.name = name;
    t.module = module;
    t.doc = doc;
    t.value = &meta_for<typename Shape::value_type>::value;
    t.fields = fields;
    t.field_count = count;
    t.overlay_size = sizeof(typename Shape::overlay_type);
    t.overlay_alignment = alignof(typename Shape::overlay_type);
    t.flat = Shape::flat;
    t.references = refers<Shape>;
    return t;
}

/// The NodeType of a root: the node it names, with the root's name.
template <class Shape> constexpr NodeType root_type(const char* module, const char* name, const char* doc) {
    NodeType t = Shape::type;
    t.name = name;
    t.module = module;
    t.doc = doc;
    t.base = &Shape::type;
    return t;
}

} // namespace hgvalue
