// Views of references.
#pragma once

#include <hgvalue/core/type_registry.hpp>
#include <hgvalue/value/indexed_view.hpp>
#include <hgvalue/value/ref.hpp>

#include <cstddef>

namespace hgvalue {

namespace detail {

template <class Base> class ref_access : public Base {
  public:
    using Base::Base;
    explicit ref_access(const Base& v) : Base(v) {}

    ref_storage::State state() const { return storage().state(); }
    bool is_empty() const { return storage().is_empty(); }
    bool is_bound() const { return storage().is_bound(); }
    bool is_unbound() const { return storage().is_unbound(); }

    /// The type it may refer to.
    const TypeMeta* target_type() const noexcept { return this->schema()->element; }
    /// How many items it may have instead; 0 for none.
    std::size_t max_items() const noexcept { return static_cast<std::size_t>(this->schema()->fixed_size); }
    /// Null unless it is bound.
    const ValueRef* target() const { return storage().target(); }
    /// How many items it has; 0 unless it is unbound.
    std::size_t item_count() const { return storage().item_count(); }
    /// The type of item `i`: a reference to that field or element of the target, or to what the target is if that has
    /// no parts by position.
    const TypeMeta& item_type(std::size_t i) const {
        const TypeMeta& t = *target_type();
        const bool has_fields = t.kind == TypeKind::Bundle || t.kind == TypeKind::Tuple;
        const TypeMeta* part = has_fields && i < t.field_count ? t.fields[i].type : nullptr;
        if (t.kind == TypeKind::List) part = t.element;
        return TypeRegistry::instance().ref(part ? *part : t);
    }

  protected:
    const ref_storage& storage() const {
        this->require_valid();
        return *static_cast<const ref_storage*>(this->data_);
    }
    PathElement step(std::size_t i) const { return PathElement::at(*this->schema_, i); }
};

} // namespace detail

class ConstRefView : public detail::ref_access<ConstValueView> {
  public:
    using ref_access::ref_access;

    /// Item `i` of an unbound reference; IndexError if there is none.
    ConstRefView item(std::size_t i) const {
        const ref_storage& r = here([&]() -> const ref_storage& { return storage().item(i); });
        return ConstRefView(ConstValueView(&r, &item_type(i), owner_, ValuePath(path_, step(i))));
    }
};

class RefView : public detail::ref_access<ValueView> {
  public:
    using ref_access::ref_access;
    operator ConstRefView() const { return as_ref(); }

    ConstRefView item(std::size_t i) const { return as_ref().item(i); }
    RefView item(std::size_t i) {
        ref_storage& r = here([&]() -> ref_storage& { return mutable_storage().item(i); });
        return RefView(ValueView(&r, &item_type(i), owner_, ValuePath(path_, step(i))));
    }
    /// Refers to what `target` looks at, which must outlive this; to nothing if it looks at nothing. TypeError unless
    /// it is of the target type. `keeper` is what keeps it alive in Python.
    void bind(ValueView target, object keeper = {}) {
        if (target.valid() && !target.is_type(target_type())) here([&] { refuse_target(target); });
        mutable_storage().bind({target.data(), target.schema(), std::move(keeper)});
    }
    void clear() { mutable_storage().clear(); }
    /// Becomes a collection of `count` empty references. ValueError unless the type has that many items.
    void make_unbound(std::size_t count) {
        if (max_items() == 0 || count != max_items())
            here([&] {
                throw ValueError(type_name(*schema_) + " holds " + std::to_string(max_items()) + " items, not " +
                                 std::to_string(count));
            });
        mutable_storage().make_unbound(count);
    }
    /// Binds item `i` of an unbound reference.
    void set_item(std::size_t i, ValueView target, object keeper = {}) { item(i).bind(target, std::move(keeper)); }

  private:
    ref_storage& mutable_storage() {
        require_valid();
        return *static_cast<ref_storage*>(data());
    }
    [[noreturn]] void refuse_target(const ConstValueView& target) const {
        throw TypeError("a reference to " + type_name(*target_type()) + " cannot refer to " +
                        type_name(*target.schema()));
    }
};

HGVALUE_VIEWS_OF_KIND(ref, Ref, "reference")

// The same, on a view of any kind that turns out to be a reference.
inline bool ref_is_empty(const ConstValueView& v) { return v.as_ref().is_empty(); }
inline bool ref_is_bound(const ConstValueView& v) { return v.as_ref().is_bound(); }
inline bool ref_is_unbound(const ConstValueView& v) { return v.as_ref().is_unbound(); }
inline const ValueRef* ref_target(const ConstValueView& v) { return v.as_ref().target(); }
inline ConstRefView ref_item(const ConstValueView& v, std::size_t i) { return v.as_ref().item(i); }
inline void ref_bind(ValueView v, const ValueView& target) { v.as_ref().bind(target); }
inline void ref_clear(ValueView v) { v.as_ref().clear(); }
inline void ref_make_unbound(ValueView v, std::size_t count) { v.as_ref().make_unbound(count); }
inline void ref_set_item(ValueView v, std::size_t i, const ValueView& target) { v.as_ref().set_item(i, target); }

} // namespace hgvalue
