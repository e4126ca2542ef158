// Views of any kind: navigation, errors with places, and what is done to whole values.
#include <hgvalue/value/assign.hpp>
#include <hgvalue/value/format.hpp>
#include <hgvalue/value/operator_context.hpp>
#include <hgvalue/value/value.hpp>
#include <hgvalue/value/view.hpp>

namespace hgvalue {

// -- errors ---------------------------------------------------------------------------------------------------------

namespace {

/// "book.bids: ", or nothing at the root.
std::string place_of(const ValuePath& path) {
    return path.empty() ? std::string() : path.to_string(longest_shown_key) + ": ";
}

} // namespace

void ConstValueView::refuse_null() const { throw NullValueError("a view of nothing has no value"); }

void ConstValueView::refuse_type(const TypeMeta& wanted) const {
    require_valid();
    throw TypeError(place_of(path_) + "expected " + type_name(wanted) + ", got " + type_name(*schema_));
}

void ConstValueView::refuse_kind(const char* wanted) const {
    require_valid();
    throw TypeError(place_of(path_) + "expected a " + wanted + ", got " + type_name(*schema_));
}

void ConstValueView::refuse_index(std::size_t i) const {
    throw IndexError(place_of(path_) + "index " + std::to_string(i) + " is out of range for " + std::to_string(size()) +
                     " elements of " + type_name(*schema_));
}

void ConstValueView::refuse_name(std::string_view name) const {
    throw KeyError(place_of(path_) + type_name(*schema_) + (is_bundle() ? " has no field '" : " has no key '") +
                   std::string(name) + "'");
}

void ConstValueView::refuse_key(ValueArgument key) const {
    throw KeyError(place_of(path_) + type_name(*schema_) + " has no key " + hgvalue::short_string(*key.type, key.data));
}

void ConstValueView::refuse_here(const Error& e) const {
    if (path_.empty()) throw; // as it is
    const std::string message = place_of(path_) + e.what();
    switch (e.kind()) {
    case ErrorKind::Value: throw ValueError(message);
    case ErrorKind::Type: throw TypeError(message);
    case ErrorKind::Key: throw KeyError(message);
    case ErrorKind::Index: throw IndexError(message);
    case ErrorKind::Overflow: throw OverflowError(message);
    case ErrorKind::Null: throw NullValueError(message);
    default: throw;
    }
}

// -- navigation -----------------------------------------------------------------------------------------------------

std::size_t ConstValueView::size() const { return need(&KindOps::size, "size")(*schema_, data_); }

ConstValueView::located_part ConstValueView::entry(std::uint32_t row) const {
    const auto& rows = *static_cast<const row_store*>(data_);
    return {rows.value(*schema_, row), schema_->element, PathElement::at_key(*schema_, rows.key(*schema_, row))};
}

std::uint32_t ConstValueView::row_of(std::string_view key) const {
    const auto find = need(&KindOps::find_text, "parts by name");
    const std::uint32_t row = here([&] { return find(*schema_, data_, key); });
    if (row == no_row) [[unlikely]]
        refuse_name(key);
    return row;
}

std::uint32_t ConstValueView::row_of(ValueArgument key) const {
    if (!key.data) throw NullValueError("a view of nothing is no key");
    need(&KindOps::get, "parts by key");
    const std::uint32_t row = here([&] { return kind_ops(schema_->kind).find(*schema_, data_, key); });
    if (row == no_row) [[unlikely]]
        refuse_key(key);
    return row;
}

// -- whole values ---------------------------------------------------------------------------------------------------

bool ConstValueView::equals(const ConstValueView& other) const {
    if (!valid() || !other.valid()) return valid() == other.valid();
    return here([&] { return values_equal(*schema_, data_, *other.schema_, other.data_); });
}

bool ConstValueView::less_than(const ConstValueView& other) const {
    require_valid();
    other.require_valid();
    if (!is_type(other.schema_)) other.refuse_type(*schema_);
    if (!schema_->is(TypeFlags::Comparable) || !schema_->ops->less)
        throw TypeError(place_of(path_) + "values of type " + type_name(*schema_) + " have no order");
    if (same_layout(*schema_, *other.schema_)) return schema_->ops->less(*schema_, data_, other.data_);
    Value converted(*schema_);
    converted.view().copy_from(other);
    return schema_->ops->less(*schema_, data_, converted.const_view().data());
}

std::size_t ConstValueView::hash() const {
    require_valid();
    if (!schema_->is(TypeFlags::Hashable) || !schema_->ops->hash)
        throw TypeError(place_of(path_) + "values of type " + type_name(*schema_) + " cannot be hashed");
    return schema_->ops->hash(*schema_, data_);
}

std::string ConstValueView::to_string() const {
    require_valid();
    return kind_ops(schema_->kind).to_string(*schema_, data_);
}

Value ConstValueView::clone() const { return Value(*this); }

void ValueView::store(ValueArgument from) {
    require_valid();
    if (!from.data) throw NullValueError("a view of nothing has no value to give");
    store_value(*schema_, data(), *from.type, from.data);
}

// -- Python ---------------------------------------------------------------------------------------------------------

void* ConstValueView::to_python() const {
    require_valid();
    return kind_ops(schema_->kind).to_python(*schema_, data_);
}

void ValueView::from_python(void* object) {
    require_valid();
    kind_ops(schema_->kind).from_python(*schema_, data(), object);
}

} // namespace hgvalue
