#include <hgvalue/delta/delta_view.hpp>

#include "content.hpp"

#include <hgvalue/core/error.hpp>
#include <hgvalue/value/format.hpp>

#include <string>

namespace hgvalue {

namespace part = detail::part;

std::uint8_t ConstDeltaView::marks() const {
    return content_ && !is_atomic(*value_type_) ? detail::marks_at(*content_type_, content_) : marks_;
}
bool ConstDeltaView::empty() const {
    return marks_ == 0 && (!content_ || detail::content_empty(*value_type_, *content_type_, content_));
}
std::size_t ConstDeltaView::change_count() const {
    const std::size_t lost = invalidates() && value_type_->kind != TypeKind::Optional ? 1 : 0;
    return lost + (content_ ? detail::count_changes(*value_type_, *content_type_, content_) : 0);
}

void ConstDeltaView::refuse(const char* wanted) const {
    throw TypeError(std::string("expected a delta of a ") + wanted + ", got one of " + type_name(*value_type_));
}

ViewRange ConstDeltaView::column(std::uint32_t field) const {
    if (!content_) return {};
    const FieldInfo& f = content_type_->fields[field];
    return ViewRange::list(ConstValueView(detail::field_place(f, content_), f.type));
}
std::uint64_t ConstDeltaView::count(std::uint32_t field) const {
    return content_ ? detail::count_at(*content_type_, content_, field) : 0;
}
ConstDeltaView ConstDeltaView::nested(std::uint32_t field, std::size_t i) const {
    const ConstValueView v = column(field)[i];
    return {*value_type_->element, *v.schema(), v.data()};
}

ConstAtomicDeltaView ConstDeltaView::as_atomic_delta() const {
    if (!is_atomic(*value_type_)) refuse("scalar, variant or reference");
    return ConstAtomicDeltaView(*this);
}
ConstOptionalDeltaView ConstDeltaView::as_optional_delta() const {
    if (kind() != TypeKind::Optional) refuse("optional");
    return ConstOptionalDeltaView(*this);
}
ConstBundleDeltaView ConstDeltaView::as_bundle_delta() const {
    if (kind() != TypeKind::Bundle && kind() != TypeKind::Tuple) refuse("bundle or tuple");
    return ConstBundleDeltaView(*this);
}
ConstListDeltaView ConstDeltaView::as_list_delta() const {
    if (kind() != TypeKind::List) refuse("list");
    return ConstListDeltaView(*this);
}
ConstSetDeltaView ConstDeltaView::as_set_delta() const {
    if (kind() != TypeKind::Set) refuse("set");
    return ConstSetDeltaView(*this);
}
ConstMapDeltaView ConstDeltaView::as_map_delta() const {
    if (kind() != TypeKind::Map) refuse("dict");
    return ConstMapDeltaView(*this);
}
ConstWindowDeltaView ConstDeltaView::as_window_delta() const {
    if (kind() != TypeKind::Window && kind() != TypeKind::Queue && kind() != TypeKind::CyclicBuffer)
        refuse("window, queue or cyclic buffer");
    return ConstWindowDeltaView(*this);
}

// -- optional
// -------------------------------------------------------------------------------------------------------------

OptionalChange ConstOptionalDeltaView::state() const {
    if (!content_) return OptionalChange::None;
    return *static_cast<const OptionalChange*>(detail::field_at(*content_type_, content_, part::optional::state));
}
ConstValueView ConstOptionalDeltaView::new_value() const {
    if (!content_) return {};
    return {detail::payload_at(*content_type_, content_, part::optional::value),
            content_type_->fields[part::optional::value].type->element};
}
bool ConstOptionalDeltaView::has_inside() const {
    if (!content_ || content_type_->field_count <= part::optional::inside) return false;
    return detail::payload_at(*content_type_, content_, part::optional::inside) != nullptr;
}
ConstDeltaView ConstOptionalDeltaView::inside() const {
    if (!has_inside()) throw StateError("the optional did not change inside");
    return {*value_type_->element, *content_type_->fields[part::optional::inside].type->element,
            detail::payload_at(*content_type_, content_, part::optional::inside)};
}

// -- bundle and tuple
// -------------------------------------------------------------------------------------------------------

std::vector<std::uint32_t> ConstBundleDeltaView::changed_fields() const {
    std::vector<std::uint32_t> fields;
    for (std::uint32_t i = 0; i < value_type_->field_count; ++i)
        if (is_changed(i)) fields.push_back(i);
    return fields;
}
bool ConstBundleDeltaView::is_changed(std::size_t i) const {
    if (i >= value_type_->field_count)
        throw IndexError("field " + std::to_string(i) + " is out of range for the " +
                         std::to_string(value_type_->field_count) + " fields of " + type_name(*value_type_));
    return content_ && detail::field_mask(*content_type_, content_)[static_cast<std::uint32_t>(i)];
}
ConstDeltaView ConstBundleDeltaView::field(std::size_t i) const {
    const bool changed = is_changed(i);
    const auto n = static_cast<std::uint32_t>(i);
    return {*value_type_->fields[n].type, detail::change_type(*content_type_, n),
            changed ? detail::change_at(*content_type_, content_, n) : nullptr};
}
ConstDeltaView ConstBundleDeltaView::field(std::string_view name) const {
    for (std::uint32_t i = 0; i < value_type_->field_count; ++i)
        if (value_type_->fields[i].name && value_type_->fields[i].name == name) return field(i);
    throw KeyError(type_name(*value_type_) + " has no field '" + std::string(name) + "'");
}

// -- list and array
// -----------------------------------------------------------------------------------------------------------

std::uint32_t ConstListDeltaView::indices_field() const noexcept {
    return detail::is_fixed_list(*value_type_) ? part::array::indices : part::list::indices;
}
std::size_t ConstListDeltaView::kept() const {
    return detail::is_fixed_list(*value_type_) ? 0 : count(part::list::kept);
}
std::size_t ConstListDeltaView::dropped() const {
    return detail::is_fixed_list(*value_type_) ? 0 : count(part::list::dropped);
}
ViewRange ConstListDeltaView::updated_indices() const { return column(indices_field()); }
ViewPairRange ConstListDeltaView::updated_items() const { return {updated_indices(), column(indices_field() + 1)}; }
ConstDeltaView ConstListDeltaView::updated(std::size_t i) const { return nested(indices_field() + 1, i); }
ViewRange ConstListDeltaView::appended() const {
    return detail::is_fixed_list(*value_type_) ? ViewRange() : column(part::list::appended);
}

// -- set and map
// --------------------------------------------------------------------------------------------------------------

ViewRange ConstSetDeltaView::added() const { return column(part::set::added); }
ViewRange ConstSetDeltaView::removed() const { return column(part::set::removed); }

ViewRange ConstMapDeltaView::added_keys() const { return column(part::map::added); }
ViewPairRange ConstMapDeltaView::added_items() const { return {added_keys(), column(part::map::added_values)}; }
ViewRange ConstMapDeltaView::updated_keys() const { return column(part::map::updated_keys); }
ViewPairRange ConstMapDeltaView::updated_items() const { return {updated_keys(), column(part::map::updated)}; }
ConstDeltaView ConstMapDeltaView::updated(std::size_t i) const { return nested(part::map::updated, i); }
ViewRange ConstMapDeltaView::removed_keys() const { return column(part::map::removed); }

// -- window, queue, cyclic buffer
// -----------------------------------------------------------------------------------------------

std::size_t ConstWindowDeltaView::dropped() const { return count(part::ring::dropped); }
std::size_t ConstWindowDeltaView::kept() const { return count(part::ring::kept); }
ViewRange ConstWindowDeltaView::appended() const { return column(part::ring::appended); }
ViewRange ConstWindowDeltaView::appended_times() const {
    if (kind() != TypeKind::Window) refuse("window");
    return column(part::ring::times);
}
ViewPairRange ConstWindowDeltaView::appended_items() const { return {appended_times(), appended()}; }

} // namespace hgvalue
