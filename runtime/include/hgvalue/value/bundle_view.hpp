// Views of bundles: fields by position and by name.
#pragma once

#include <hgvalue/value/indexed_view.hpp>

#include <cstddef>
#include <string_view>

namespace hgvalue {

namespace detail {

template <class Base> class bundle_access : public Base {
  public:
    using Base::Base;

    std::size_t field_count() const noexcept { return this->schema()->field_count; }
    /// Null if there is none.
    const FieldInfo* field_info(std::size_t i) const noexcept {
        return i < field_count() ? &this->schema()->fields[i] : nullptr;
    }
    const FieldInfo* field_info(std::string_view name) const noexcept { return field_info(field_index(name)); }
    bool has_field(std::string_view name) const noexcept { return field_index(name) != field_count(); }
    /// field_count() if there is none.
    std::size_t field_index(std::string_view name) const noexcept {
        return hgvalue::field_index(*this->schema(), name);
    }
};

} // namespace detail

class ConstBundleView : public detail::bundle_access<ConstIndexedView> {
  public:
    using bundle_access::bundle_access;
};

class BundleView : public detail::bundle_access<IndexedView> {
  public:
    using bundle_access::bundle_access;
    operator ConstBundleView() const { return as_bundle(); }

    using bundle_access::set;
    /// Assigns field `name`; KeyError if there is none.
    template <AnyValue T> void set(std::string_view name, const T& v) { at(name).assign(v); }
};

HGVALUE_VIEWS_OF_KIND(bundle, Bundle, "bundle")

} // namespace hgvalue
