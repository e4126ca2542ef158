// ConstValueView and ValueView: any value of any type, by address and TypeMeta. Nothing is owned and nothing copied.
//
// A view is good for as long as the bytes it points at: until its value is destroyed or moved, and for an element of a
// list, set, map, queue, buffer, optional or variant until that container changes its structure (grows, shrinks, is
// assigned). Debug builds check what can be checked; Python's views always do.
#pragma once

#include <hgvalue/core/error.hpp>
#include <hgvalue/core/type_registry.hpp>
#include <hgvalue/value/kind_ops.hpp>
#include <hgvalue/value/path.hpp>

#include <cassert>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace hgvalue {

class ConstTupleView;
class ConstBundleView;
class ConstListView;
class ConstSetView;
class ConstMapView;
class ConstCyclicBufferView;
class ConstQueueView;
class ConstWindowView;
class ConstOptionalView;
class ConstVariantView;
class ConstRefView;
class TupleView;
class BundleView;
class ListView;
class SetView;
class MapView;
class CyclicBufferView;
class QueueView;
class WindowView;
class OptionalView;
class VariantView;
class RefView;
template <class Policy> class BasicValue;
struct NoCache;
struct OperatorContext;
using Value = BasicValue<NoCache>;

/// Whether a value of type `m` is a C++ T in memory: a scalar of that kind, or exactly T's layout.
template <class T> bool holds(const TypeMeta& m) noexcept {
    using U = std::remove_cv_t<T>;
    if constexpr (detail::is_scalar<U> && !std::is_enum_v<U>)
        return m.scalar == meta_for<U>::value.scalar;
    else
        return &m == &type_of<U>();
}

class ConstValueView {
  public:
    ConstValueView() = default;
    /// `owner` is whatever the caller wants owner() to give: by convention the Value, or root, that the path starts at.
    ConstValueView(const void* data, const TypeMeta* schema, const void* owner = nullptr, ValuePath path = {}) noexcept
        : data_(data), schema_(schema), owner_(owner), path_(std::move(path)) {}

    /// Whether it looks at anything.
    bool valid() const noexcept { return data_ != nullptr; }
    explicit operator bool() const noexcept { return valid(); }
    const TypeMeta* schema() const noexcept { return schema_; }
    const void* data() const noexcept { return data_; }

    const void* owner() const noexcept { return owner_; }
    const ValuePath& path() const noexcept { return path_; }
    std::string path_string() const { return path_.to_string(); }

    // -- kind -------------------------------------------------------------------------------------------------------
    bool is(TypeKind k) const noexcept { return data_ && schema_->kind == k; }
    bool is_scalar() const noexcept { return is(TypeKind::Scalar); }
    bool is_tuple() const noexcept { return is(TypeKind::Tuple); }
    bool is_bundle() const noexcept { return is(TypeKind::Bundle); }
    bool is_list() const noexcept { return is(TypeKind::List); }
    bool is_fixed_list() const noexcept { return is_list() && schema_->fixed_size > 0; }
    bool is_set() const noexcept { return is(TypeKind::Set); }
    bool is_map() const noexcept { return is(TypeKind::Map); }
    bool is_cyclic_buffer() const noexcept { return is(TypeKind::CyclicBuffer); }
    bool is_queue() const noexcept { return is(TypeKind::Queue); }
    bool is_window() const noexcept { return is(TypeKind::Window); }
    bool is_optional() const noexcept { return is(TypeKind::Optional); }
    bool is_variant() const noexcept { return is(TypeKind::Variant); }
    bool is_ref() const noexcept { return is(TypeKind::Ref); }
    bool is_type(const TypeMeta* t) const { return data_ && t && same_type(*schema_, *t); }
    template <class T> bool is_scalar_type() const noexcept { return data_ && holds<T>(*schema_); }

    // -- views of one kind: as_x throws TypeError for another kind, try_as_x gives nullopt --------------------------
    // Each needs the header of the kind's views, or hgvalue/value.hpp.
    ConstTupleView as_tuple() const;
    ConstBundleView as_bundle() const;
    ConstListView as_list() const;
    ConstSetView as_set() const;
    ConstMapView as_map() const;
    ConstCyclicBufferView as_cyclic_buffer() const;
    ConstQueueView as_queue() const;
    ConstWindowView as_window() const;
    ConstOptionalView as_optional() const;
    ConstVariantView as_variant() const;
    ConstRefView as_ref() const;
    std::optional<ConstTupleView> try_as_tuple() const;
    std::optional<ConstBundleView> try_as_bundle() const;
    std::optional<ConstListView> try_as_list() const;
    std::optional<ConstSetView> try_as_set() const;
    std::optional<ConstMapView> try_as_map() const;
    std::optional<ConstCyclicBufferView> try_as_cyclic_buffer() const;
    std::optional<ConstQueueView> try_as_queue() const;
    std::optional<ConstWindowView> try_as_window() const;
    std::optional<ConstOptionalView> try_as_optional() const;
    std::optional<ConstVariantView> try_as_variant() const;
    std::optional<ConstRefView> try_as_ref() const;

    // -- the value as a C++ type ------------------------------------------------------------------------------------

    /// The value as a T, which it must be; debug builds check.
    template <class T> const T& as() const noexcept {
        assert(is_scalar_type<T>());
        return *static_cast<const T*>(data_);
    }
    /// Null if it is no T.
    template <class T> const T* try_as() const noexcept {
        return is_scalar_type<T>() ? static_cast<const T*>(data_) : nullptr;
    }
    /// TypeError, which names the place and both types, if it is no T.
    template <class T> const T& checked_as() const {
        if (!is_scalar_type<T>()) refuse_type(type_of<std::remove_cv_t<T>>());
        return *static_cast<const T*>(data_);
    }

    // -- navigation, by whatever the kind offers --------------------------------------------------------------------

    /// Number of fields, elements or rows; of an optional 0 or 1. TypeError for scalars.
    std::size_t size() const;
    /// Field or element `i`. IndexError beyond the end, TypeError for kinds without positions.
    ConstValueView at(std::size_t i) const { return child(part_at(i)); }
    /// Field `name` of a bundle, or the entry of a map with str keys. KeyError if there is none.
    ConstValueView at(std::string_view name) const { return child(part_at(name)); }
    /// The entry of a map. KeyError if there is none, TypeError for a key of another type.
    ConstValueView at(const ConstValueView& key) const {
        return child(part_at(ValueArgument{key.data(), key.schema()}));
    }
    ConstValueView operator[](std::size_t i) const { return at(i); }
    ConstValueView operator[](std::string_view name) const { return at(name); }
    ConstValueView operator[](const ConstValueView& key) const { return at(key); }
    ConstValueView operator[](const char* name) const { return at(std::string_view(name)); }
    ConstValueView operator[](int i) const { return at(static_cast<std::size_t>(i)); }

    // -- whole values -----------------------------------------------------------------------------------------------

    /// Whether both are values of structurally compatible types and equal; see value/assign.hpp.
    bool equals(const ConstValueView& other) const;
    friend bool operator==(const ConstValueView& a, const ConstValueView& b) { return a.equals(b); }
    /// TypeError if the type has no order, or the types differ.
    bool less_than(const ConstValueView& other) const;
    /// TypeError if the type cannot be hashed.
    std::size_t hash() const;
    std::string to_string() const;
    /// An owned copy.
    Value clone() const;
    /// The Python form, as a new reference to a PyObject; see RuntimeApi::to_python. StateError where there is no
    /// Python.
    void* to_python() const;
    void* to_python(const OperatorContext&) const; ///< with the context's hooks

  protected:
    [[noreturn]] void refuse_type(const TypeMeta& wanted) const;
    [[noreturn]] void refuse_kind(const char* wanted) const;
    [[noreturn]] void refuse_index(std::size_t i) const;
    [[noreturn]] void refuse_name(std::string_view name) const;
    [[noreturn]] void refuse_key(ValueArgument key) const;
    [[noreturn]] void refuse_null() const;
    /// Throws the error again with the place of this view before its message.
    [[noreturn]] void refuse_here(const Error&) const;

    /// NullValueError when it looks at nothing.
    void require_valid() const {
        if (!data_) [[unlikely]]
            refuse_null();
    }
    /// An operation of the value's kind; TypeError if it has none such.
    template <class Operation> Operation need(Operation KindOps::* which, const char* name) const {
        require_valid();
        return hgvalue::need(which, *schema_, name);
    }
    /// `f()`, whose errors say where they happened.
    template <class F> decltype(auto) here(const F& f) const {
        try {
            return f();
        } catch (const Error& e) {
            refuse_here(e);
        }
    }
    void require_kind(TypeKind k, const char* wanted) const {
        if (!is(k)) [[unlikely]]
            refuse_kind(wanted);
    }

    // Where a part is: of which type, and one step from here.
    struct located_part {
        void* data;
        const TypeMeta* type;
        PathElement step;
    };
    located_part part_at(std::size_t i) const {
        const ValuePart p = need(&KindOps::at, "elements by position")(*schema_, data_, i);
        if (!p) [[unlikely]]
            refuse_index(i);
        return {p.data, p.type, PathElement::at(*schema_, i)};
    }
    located_part part_at(std::string_view name) const {
        if (!is_bundle()) return entry(row_of(name));
        const std::uint32_t i = field_index(*schema_, name);
        if (i == schema_->field_count) [[unlikely]]
            refuse_name(name);
        const FieldInfo& f = schema_->fields[i];
        return {static_cast<std::byte*>(const_cast<void*>(data_)) + f.offset, f.type, PathElement::at(*schema_, i)};
    }
    located_part part_at(ValueArgument key) const { return entry(row_of(key)); }
    /// The entry in a row of a map.
    located_part entry(std::uint32_t row) const;
    /// KeyError for none.
    std::uint32_t row_of(std::string_view key) const;
    std::uint32_t row_of(ValueArgument key) const;

    ConstValueView(const ConstValueView& parent, const located_part& p)
        : data_(p.data), schema_(p.type), owner_(parent.owner_), path_(parent.path_, p.step) {}
    ConstValueView child(const located_part& p) const { return {*this, p}; }

    const void* data_ = nullptr;
    const TypeMeta* schema_ = nullptr;
    const void* owner_ = nullptr;
    ValuePath path_;
};

/// A view through which the value can be changed.
class ValueView : public ConstValueView {
  public:
    ValueView() = default;
    ValueView(void* data, const TypeMeta* schema, const void* owner = nullptr, ValuePath path = {}) noexcept
        : ConstValueView(data, schema, owner, std::move(path)) {}

    using ConstValueView::at;
    using ConstValueView::data;
    using ConstValueView::operator[];
    void* data() noexcept { return const_cast<void*>(data_); } // it came in mutable

    using ConstValueView::as_bundle;
    using ConstValueView::as_cyclic_buffer;
    using ConstValueView::as_list;
    using ConstValueView::as_map;
    using ConstValueView::as_optional;
    using ConstValueView::as_queue;
    using ConstValueView::as_ref;
    using ConstValueView::as_set;
    using ConstValueView::as_tuple;
    using ConstValueView::as_variant;
    using ConstValueView::as_window;
    using ConstValueView::try_as_bundle;
    using ConstValueView::try_as_cyclic_buffer;
    using ConstValueView::try_as_list;
    using ConstValueView::try_as_map;
    using ConstValueView::try_as_optional;
    using ConstValueView::try_as_queue;
    using ConstValueView::try_as_ref;
    using ConstValueView::try_as_set;
    using ConstValueView::try_as_tuple;
    using ConstValueView::try_as_variant;
    using ConstValueView::try_as_window;
    TupleView as_tuple();
    BundleView as_bundle();
    ListView as_list();
    SetView as_set();
    MapView as_map();
    CyclicBufferView as_cyclic_buffer();
    QueueView as_queue();
    WindowView as_window();
    OptionalView as_optional();
    VariantView as_variant();
    RefView as_ref();
    std::optional<TupleView> try_as_tuple();
    std::optional<BundleView> try_as_bundle();
    std::optional<ListView> try_as_list();
    std::optional<SetView> try_as_set();
    std::optional<MapView> try_as_map();
    std::optional<CyclicBufferView> try_as_cyclic_buffer();
    std::optional<QueueView> try_as_queue();
    std::optional<WindowView> try_as_window();
    std::optional<OptionalView> try_as_optional();
    std::optional<VariantView> try_as_variant();
    std::optional<RefView> try_as_ref();

    using ConstValueView::as;
    using ConstValueView::checked_as;
    using ConstValueView::try_as;
    template <class T> T& as() noexcept { return const_cast<T&>(std::as_const(*this).template as<T>()); }
    template <class T> T* try_as() noexcept { return const_cast<T*>(std::as_const(*this).template try_as<T>()); }
    template <class T> T& checked_as() { return const_cast<T&>(std::as_const(*this).template checked_as<T>()); }

    ValueView at(std::size_t i) { return child(part_at(i)); }
    ValueView at(std::string_view name) { return child(part_at(name)); }
    ValueView at(const ConstValueView& key) { return child(part_at(ValueArgument{key.data(), key.schema()})); }
    ValueView operator[](std::size_t i) { return at(i); }
    ValueView operator[](std::string_view name) { return at(name); }
    ValueView operator[](const ConstValueView& key) { return at(key); }
    ValueView operator[](const char* name) { return at(std::string_view(name)); }
    ValueView operator[](int i) { return at(static_cast<std::size_t>(i)); }

    /// Assigns the other's value. TypeError unless the types are structurally compatible, or this is an optional or a
    /// variant that can hold it; all or nothing.
    void copy_from(const ConstValueView& other) {
        here([&] { store(ValueArgument{other.data(), other.schema()}); });
    }
    /// Assigns a C++ value, likewise; see value/argument.hpp for what may be given.
    template <class T> void assign(const T& v);

    /// Assigns from a PyObject; all or nothing. Throws what RuntimeApi::from_python does.
    void from_python(void* object);
    void from_python(void* object, const OperatorContext&); ///< with the context's hooks

  protected:
    void store(ValueArgument);
    ValueView(ValueView& parent, const located_part& p) : ConstValueView(parent, p) {}
    ValueView child(const located_part& p) { return {*this, p}; }
};

} // namespace hgvalue
