// What a delta does to the views below the place that it changes: those of parts that stay, stay good.
#include "generic_delta.hpp"
#include "generic_view.hpp"

#include "../delta/content.hpp"

#include <utility>

namespace hgvalue::python {

namespace {

/// Calls `f` with each living view one step below.
template <class F> void for_children(ViewObject* v, const F& f) {
    if (!v->children) return;
    for (const auto& [hash, child] : *v->children) f(child);
}

void lose_all(ViewObject* v) noexcept {
    for_children(v, [](ViewObject* child) { child->gone = true; });
}

/// A part that changed: of an atomic one all below it is something new.
void part_changed(ViewObject* child, const ConstDeltaView& change) {
    if (is_atomic(*change.value_schema()))
        lose_all(child);
    else
        lose_changed(child, change);
}

/// Of a range that has elements.
detail::column column_of(const ViewRange& range) {
    return {*range[0].schema(), static_cast<const std::byte*>(range[0].data()), range.size()};
}

void lose_in_list(ViewObject* v, const ConstListDeltaView& change) {
    const bool grows = change.value_schema()->fixed_size == 0;
    if (grows && change.dropped() + change.appended().size() != 0) return lose_all(v);
    if (change.updated_indices().empty()) return;
    const detail::column indices = column_of(change.updated_indices());
    for_children(v, [&](ViewObject* child) {
        const std::uint64_t index = child->index;
        const std::size_t i = detail::find_sorted(indices, &index);
        if (i != indices.size) part_changed(child, change.updated(i));
    });
}

void lose_in_map(ViewObject* v, const ConstMapDeltaView& change) { // its SlotHandle tells of a key that was removed
    if (change.updated_keys().empty()) return;
    const detail::column keys = column_of(change.updated_keys());
    for_children(v, [&](ViewObject* child) {
        const std::size_t i = detail::find_sorted(keys, std::as_const(*child->key).data());
        if (i != keys.size) part_changed(child, change.updated(i));
    });
}

void lose_in_optional(ViewObject* v, const ConstOptionalDeltaView& change) {
    if (change.state() == OptionalChange::None) return;
    if (change.state() != OptionalChange::Inside) return lose_all(v);
    for_children(v, [&](ViewObject* child) { part_changed(child, change.inside()); });
}

} // namespace

void lose_changed(ViewObject* v, const ConstDeltaView& change) {
    switch (change.kind()) {
    case TypeKind::Bundle:
    case TypeKind::Tuple: {
        const ConstBundleDeltaView fields = change.as_bundle_delta();
        return for_children(v, [&](ViewObject* child) {
            if (fields.is_changed(child->index)) part_changed(child, fields.field(child->index));
        });
    }
    case TypeKind::List: return lose_in_list(v, change.as_list_delta());
    case TypeKind::Map: return lose_in_map(v, change.as_map_delta());
    case TypeKind::Optional: return lose_in_optional(v, change.as_optional_delta());
    case TypeKind::Set:
    case TypeKind::Scalar:
    case TypeKind::Ref: return;
    case TypeKind::Variant:
    case TypeKind::CyclicBuffer:
    case TypeKind::Queue:
    case TypeKind::Window: return lose_all(v);
    }
}

} // namespace hgvalue::python
