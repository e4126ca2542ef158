// Views of optionals and variants. What they hold has their own path: it takes no step to get there.
#pragma once

#include <hgvalue/value/indexed_view.hpp>

#include <cstddef>

namespace hgvalue {

namespace detail {

template <class Base> class optional_access : public Base {
  public:
    using Base::Base;
    explicit optional_access(const Base& v) : Base(v) {}

    const TypeMeta* element_type() const noexcept { return this->schema()->element; }
    bool has_value() const { return payload() != nullptr; }
    /// NullValueError if it is empty.
    ConstValueView value() const { return {require_payload(), element_type(), this->owner_, this->path_}; }

  protected:
    void* payload() const {
        this->require_valid();
        return this->schema_->ops->optional_get(*this->schema_, const_cast<void*>(this->data_)); // its place only
    }
    void* require_payload() const {
        void* p = payload();
        if (!p) [[unlikely]]
            this->here([] { throw NullValueError("the value is None"); });
        return p;
    }
};

template <class Base> class variant_access : public Base {
  public:
    using Base::Base;
    explicit variant_access(const Base& v) : Base(v) {}

    std::size_t alternative_count() const noexcept { return this->schema()->field_count; }
    /// Null beyond the end.
    const TypeMeta* alternative(std::size_t i) const noexcept {
        return i < alternative_count() ? this->schema()->fields[i].type : nullptr;
    }
    /// Which alternative it holds.
    std::size_t index() const {
        this->require_valid();
        return this->schema_->ops->variant_index(*this->schema_, this->data_);
    }
    const TypeMeta* held_type() const { return alternative(index()); }
    template <class T> bool holds_alternative() const { return holds<T>(*held_type()); }
    /// What it holds.
    ConstValueView value() const { return {held(), held_type(), this->owner_, this->path_}; }
    /// Null unless it holds a T.
    template <class T> const T* get_if() const { return value().template try_as<T>(); }

  protected:
    void* held() const {
        this->require_valid();
        return this->schema_->ops->variant_get(*this->schema_, const_cast<void*>(this->data_)); // its place only
    }
};

} // namespace detail

class ConstOptionalView : public detail::optional_access<ConstValueView> {
  public:
    using optional_access::optional_access;
};

class OptionalView : public detail::optional_access<ValueView> {
  public:
    using optional_access::optional_access;
    operator ConstOptionalView() const { return as_optional(); }

    using optional_access::value;
    ValueView value() { return {require_payload(), element_type(), owner_, path_}; }
    /// The value, default-made if it is empty.
    ValueView emplace() {
        void* p = payload();
        if (!p) p = schema_->ops->optional_emplace(*schema_, data());
        return {p, element_type(), owner_, path_};
    }
    /// Assigns a value of its own type or of the element's.
    template <AnyValue T> void set(const T& v) { assign(v); }
    void reset() {
        require_valid();
        schema_->ops->optional_reset(*schema_, data());
    }
};

class ConstVariantView : public detail::variant_access<ConstValueView> {
  public:
    using variant_access::variant_access;
};

class VariantView : public detail::variant_access<ValueView> {
  public:
    using variant_access::variant_access;
    operator ConstVariantView() const { return as_variant(); }

    using variant_access::value;
    ValueView value() { return {held(), held_type(), owner_, path_}; }
    template <class T> T* get_if() { return value().template try_as<T>(); }
    /// Makes it hold the default value of an alternative, even if it holds that one. IndexError beyond the end.
    ValueView emplace(std::size_t i) {
        require_valid();
        if (i >= alternative_count()) here([&] { throw IndexError("there is no alternative " + std::to_string(i)); });
        void* p = schema_->ops->variant_emplace(*schema_, data(), i);
        return {p, alternative(i), owner_, path_};
    }
    /// Assigns a value of its own type or of an alternative's.
    template <AnyValue T> void set(const T& v) { assign(v); }
};

HGVALUE_VIEWS_OF_KIND(optional, Optional, "optional")
HGVALUE_VIEWS_OF_KIND(variant, Variant, "variant")

} // namespace hgvalue
