// Value: one value of any type, owned.
//
// Up to 24 bytes lie inside the Value, more on the heap. A Value knows its type even when it is null; it is null only
// where somebody said so (`Value::null`, reset). Copies are explicit (`clone`), moves are cheap and leave the source
// without a type.
#pragma once

#include <hgvalue/core/error.hpp>
#include <hgvalue/core/type_registry.hpp>
#include <hgvalue/value/bundle_view.hpp>
#include <hgvalue/value/keyed_view.hpp>
#include <hgvalue/value/list_view.hpp>
#include <hgvalue/value/policy.hpp>
#include <hgvalue/value/view.hpp>

#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>

namespace hgvalue {

/// The bytes of a Value: a small buffer, or a pointer to the heap.
class value_storage {
  public:
    static constexpr std::size_t inline_size = 24;
    static constexpr std::size_t inline_alignment = 8;
    /// Types that cannot be moved without throwing do not exist here: `relocate` is noexcept.
    static constexpr bool fits(std::size_t size, std::size_t alignment) noexcept {
        return size <= inline_size && alignment <= inline_alignment;
    }
    static bool fits(const TypeMeta& m) noexcept { return fits(m.size, m.alignment); }

    void* data(const TypeMeta& m) noexcept { return fits(m) ? buffer_ : heap_; }
    const void* data(const TypeMeta& m) const noexcept { return fits(m) ? buffer_ : heap_; }

    /// Memory for a value of type `m`; there must be none yet.
    void* allocate(const TypeMeta& m);
    void free(const TypeMeta& m) noexcept;
    /// Takes over the value of type `m` that `from` holds; `from` then holds nothing.
    void take(const TypeMeta& m, value_storage& from) noexcept;

  private:
    union {
        alignas(inline_alignment) std::byte buffer_[inline_size];
        void* heap_;
    };
};

namespace detail {
[[noreturn]] void refuse_null_value(const TypeMeta* type);
const TypeMeta& require_type(const TypeMeta* type); ///< StateError for none
void* none_object();                                ///< None; StateError where there is no Python
void* new_reference(void* object) noexcept;
bool has_none_form(const TypeMeta&) noexcept; ///< whether None is the Python form of one of its values
} // namespace detail

/// A value with the extensions of `Policy` (value/policy.hpp); `Value` has none.
template <class Policy> class BasicValue : private policy_storage<Policy> {
  public:
    /// Nothing at all: no type and no value.
    BasicValue() noexcept {}
    /// The default value of a type.
    explicit BasicValue(const TypeMeta& type) : BasicValue(&type) {}
    explicit BasicValue(const TypeMeta* type) : schema_(&detail::require_type(type)) { make_default(); }
    /// A copy of what a view looks at.
    explicit BasicValue(const ConstValueView& view) : schema_(view.schema()) {
        if (!view.valid()) detail::refuse_null_value(nullptr);
        make([&](void* place) { schema_->ops->copy_construct(*schema_, place, view.data()); });
    }
    /// A C++ value: `Value(42)`, `Value(3.14)`, `Value("text")`, `Value(std::vector<double>{…})`. Its type is that of
    /// the C++ type; other integral types than int64_t keep their own.
    template <class T>
        requires(!std::is_base_of_v<ConstValueView, std::remove_cvref_t<T>> && !std::is_pointer_v<std::decay_t<T>> &&
                 requires { meta_for<std::remove_cvref_t<T>>::value; })
    explicit BasicValue(T&& v) : schema_(&type_of<std::remove_cvref_t<T>>()) {
        using U = std::remove_cvref_t<T>;
        make([&](void* place) { new (place) U(std::forward<T>(v)); });
    }
    explicit BasicValue(const char* text) : BasicValue(std::string(text)) {}
    explicit BasicValue(std::string_view text) : BasicValue(std::string(text)) {}

    BasicValue(BasicValue&& o) noexcept { take(o); }
    BasicValue& operator=(BasicValue&& o) noexcept {
        if (this == &o) return *this;
        drop();
        take(o);
        return *this;
    }
    BasicValue(const BasicValue&) = delete;
    ~BasicValue() { drop(); }

    /// A value of the type that is null.
    static BasicValue null(const TypeMeta& type) noexcept {
        BasicValue v;
        v.schema_ = &type;
        return v;
    }
    static BasicValue copy(const BasicValue& other) { return other.clone(); }
    static BasicValue copy(const ConstValueView& view) { return BasicValue(view); }
    BasicValue clone() const {
        if (has_value_) return BasicValue(view());
        return schema_ ? null(*schema_) : BasicValue();
    }

    // -- state ------------------------------------------------------------------------------------------------------
    bool valid() const noexcept { return schema_ != nullptr; } ///< has a type
    bool has_value() const noexcept { return has_value_; }
    explicit operator bool() const noexcept { return has_value_; }
    const TypeMeta* schema() const noexcept { return schema_; }
    /// Makes it null; the type stays.
    void reset() noexcept {
        this->invalidate();
        drop();
    }
    /// Makes it the default value if it is null. StateError without a type.
    ValueView emplace() {
        detail::require_type(schema_);
        if (!has_value_) make_default();
        return view();
    }

    // -- access: NullValueError when null ----------------------------------------------------------------------------
    ValueView view() {
        void* p = data();
        return {p, schema_, this};
    }
    ConstValueView view() const { return {data(), schema_, this}; }
    ConstValueView const_view() const { return view(); }
    void* data() {
        this->invalidate();
        require_value();
        return storage_.data(*schema_);
    }
    const void* data() const {
        require_value();
        return storage_.data(*schema_);
    }

    template <class T> T& as() noexcept {
        this->invalidate();
        assert(has_value_ && holds<T>(*schema_));
        return *static_cast<T*>(storage_.data(*schema_));
    }
    template <class T> const T& as() const noexcept {
        assert(has_value_ && holds<T>(*schema_));
        return *static_cast<const T*>(storage_.data(*schema_));
    }
    template <class T> T* try_as() noexcept {
        return const_cast<T*>((this->invalidate(), std::as_const(*this).template try_as<T>()));
    }
    template <class T> const T* try_as() const noexcept {
        return has_value_ && holds<T>(*schema_) ? static_cast<const T*>(storage_.data(*schema_)) : nullptr;
    }
    template <class T> T& checked_as() { return view().template checked_as<T>(); }
    template <class T> const T& checked_as() const { return view().template checked_as<T>(); }

    TupleView as_tuple() { return view().as_tuple(); }
    BundleView as_bundle() { return view().as_bundle(); }
    ListView as_list() { return view().as_list(); }
    SetView as_set() { return view().as_set(); }
    MapView as_map() { return view().as_map(); }
    ConstTupleView as_tuple() const { return view().as_tuple(); }
    ConstBundleView as_bundle() const { return view().as_bundle(); }
    ConstListView as_list() const { return view().as_list(); }
    ConstSetView as_set() const { return view().as_set(); }
    ConstMapView as_map() const { return view().as_map(); }
    // Views of the other kinds: view().as_queue() and so on.

    // -- whole values -----------------------------------------------------------------------------------------------
    /// Two nulls of one type are equal; a null equals nothing else.
    bool equals(const BasicValue& other) const {
        if (has_value_ && other.has_value_) return view().equals(other.view());
        if (has_value_ || other.has_value_ || !schema_ || !other.schema_)
            return has_value_ == other.has_value_ && schema_ == other.schema_;
        return same_type(*schema_, *other.schema_);
    }
    bool equals(const ConstValueView& other) const { return has_value_ && view().equals(other); }
    friend bool operator==(const BasicValue& a, const BasicValue& b) { return a.equals(b); }
    std::size_t hash() const { return has_value_ ? view().hash() : 0; }
    std::string to_string() const { return has_value_ ? view().to_string() : "None"; }

    /// The Python form, as a new reference to a PyObject, None for null; see RuntimeApi::to_python. StateError where
    /// there is no Python.
    void* to_python() const {
        if (!has_value_) return detail::new_reference(detail::none_object());
        if constexpr (policy_traits<Policy>::has_python_cache) {
            if (!this->cached_.get()) {
                void* made = view().to_python();
                this->cached_ = object(made);
                return made;
            }
            return detail::new_reference(this->cached_.get());
        } else
            return view().to_python();
    }
    /// Assigns from a PyObject; None makes it null unless the type itself has a form for None. All or nothing.
    void from_python(void* object) {
        detail::require_type(schema_);
        if (object == detail::none_object() && !detail::has_none_form(*schema_)) return reset();
        BasicValue fresh(schema_);
        fresh.view().from_python(object);
        *this = std::move(fresh);
    }

  private:
    void require_value() const {
        if (!has_value_) [[unlikely]]
            detail::refuse_null_value(schema_);
    }
    /// Makes the value with `construct(place)`; there must be none.
    template <class Construct> void make(const Construct& construct) {
        void* place = storage_.allocate(*schema_);
        try {
            construct(place);
        } catch (...) {
            storage_.free(*schema_);
            throw;
        }
        has_value_ = true;
    }
    void make_default() {
        make([this](void* place) { schema_->ops->construct(*schema_, place); });
    }
    void take(BasicValue& from) noexcept {
        static_cast<policy_storage<Policy>&>(*this) = std::move(static_cast<policy_storage<Policy>&>(from));
        schema_ = std::exchange(from.schema_, nullptr);
        has_value_ = std::exchange(from.has_value_, false);
        if (has_value_) storage_.take(*schema_, from.storage_);
    }
    void drop() noexcept {
        if (!has_value_) return;
        if (!schema_->is(TypeFlags::TriviallyDestructible)) schema_->ops->destroy(*schema_, storage_.data(*schema_));
        storage_.free(*schema_);
        has_value_ = false;
    }

    value_storage storage_;
    const TypeMeta* schema_ = nullptr;
    bool has_value_ = false;
};

} // namespace hgvalue
