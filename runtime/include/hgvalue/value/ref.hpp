// ref_storage: the value of a REF type, a reference to a value that somebody else owns.
//
// It refers to nothing (empty), to one value (bound), or it is a collection of references, one for each item of a
// composite target (unbound). A reference owns nothing in C++: its target must outlive it. From Python, each bound
// reference also holds the object that keeps its target alive.
#pragma once

#include <hgvalue/core/error.hpp>
#include <hgvalue/core/hash.hpp>
#include <hgvalue/core/type_of.hpp>
#include <hgvalue/value/scalars.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hgvalue {

/// What a bound reference refers to.
struct ValueRef {
    void* data = nullptr;
    const TypeMeta* schema = nullptr; ///< the layout that the target's bytes have
    object keeper;                    ///< keeps the target alive, if it is owned by Python; else empty
};

class ref_storage {
  public:
    enum class State : std::uint8_t { Empty, Bound, Unbound };

    ref_storage() = default;
    ref_storage(const ref_storage& o)
        : target_(o.target_), items_(o.items_ ? std::make_unique<items>(*o.items_) : nullptr) {}
    ref_storage(ref_storage&& o) noexcept : target_(std::exchange(o.target_, {})), items_(std::move(o.items_)) {}
    ref_storage& operator=(ref_storage o) noexcept {
        std::swap(target_, o.target_);
        std::swap(items_, o.items_);
        return *this;
    }
    ~ref_storage() = default;

    State state() const noexcept { return items_ ? State::Unbound : target_.data ? State::Bound : State::Empty; }
    bool is_empty() const noexcept { return state() == State::Empty; }
    bool is_bound() const noexcept { return state() == State::Bound; }
    bool is_unbound() const noexcept { return state() == State::Unbound; }

    /// Null unless it is bound.
    const ValueRef* target() const noexcept { return is_bound() ? &target_ : nullptr; }
    std::size_t item_count() const noexcept { return items_ ? items_->size() : 0; }
    /// IndexError beyond the end, and always unless it is unbound.
    const ref_storage& item(std::size_t i) const { return const_cast<ref_storage&>(*this).item(i); }
    ref_storage& item(std::size_t i) {
        if (i >= item_count())
            throw IndexError("item " + std::to_string(i) + " of a reference with " + std::to_string(item_count()));
        return (*items_)[i];
    }

    /// Refers to `target`; to nothing if that has no data.
    void bind(ValueRef target) noexcept { *this = ref_storage(std::move(target)); }
    void clear() noexcept { *this = ref_storage(); }
    /// Becomes a collection of `count` empty references.
    void make_unbound(std::size_t count) {
        ref_storage made;
        made.items_ = std::make_unique<items>(count);
        *this = std::move(made);
    }

    /// Calls `visit(object&)`, which returns an int, for every keeper until one gives another number than 0, and
    /// returns that. A reference whose keeper it empties refers to nothing from then on.
    template <class Visit> int visit_keepers(const Visit& visit) {
        if (items_) {
            for (ref_storage& r : *items_)
                if (const int result = r.visit_keepers(visit)) return result;
            return 0;
        }
        if (!target_.keeper.get()) return 0;
        const int result = visit(target_.keeper);
        if (!target_.keeper.get()) target_ = {};
        return result;
    }

    /// The same target, or items that are equal.
    friend bool operator==(const ref_storage& a, const ref_storage& b) noexcept {
        if (a.items_ && b.items_) return *a.items_ == *b.items_;
        return !a.items_ && !b.items_ && a.target_.data == b.target_.data;
    }
    std::size_t hash() const noexcept {
        if (!items_) return mix_hash(reinterpret_cast<std::uintptr_t>(target_.data));
        std::size_t h = items_->size();
        for (const ref_storage& r : *items_) h = combine_hash(h, r.hash());
        return h;
    }

  private:
    using items = std::vector<ref_storage>;
    explicit ref_storage(ValueRef target) noexcept : target_(std::move(target)) {}

    ValueRef target_;
    std::unique_ptr<items> items_; ///< null unless unbound
};

/// What every REF type can do, and what can be said of it: a TypeMeta of kind Ref has these, sizeof(ref_storage) and
/// its alignment, the target's type as `element` and the number of items as `fixed_size`, 0 for none.
inline constexpr TypeFlags ref_flags = TypeFlags::Hashable | TypeFlags::Equatable | TypeFlags::HoldsObjects;
inline constexpr TypeOps ref_ops = [] {
    TypeOps ops = detail::lifetime_ops<ref_storage>();
    ops.equals = [](const TypeMeta&, const void* a, const void* b) {
        return detail::as<ref_storage>(a) == detail::as<ref_storage>(b);
    };
    ops.hash = [](const TypeMeta&, const void* v) { return detail::as<ref_storage>(v).hash(); };
    return ops;
}();

/// REF[T], or one that may instead hold `Items` references, as a C++ type.
template <class T, std::size_t Items = 0> class ref : public ref_storage {
  public:
    using ref_storage::ref_storage;
};

template <class T, std::size_t Items> inline constexpr TypeFlags flags_of<ref<T, Items>> = ref_flags;
template <class T, std::size_t Items> struct meta_for<ref<T, Items>> {
    static constexpr TypeMeta value = [] {
        TypeMeta m = detail::anonymous<ref<T, Items>>(TypeKind::Ref, ref_ops);
        m.element = &type_of<T>();
        m.fixed_size = Items;
        return m;
    }();
};

} // namespace hgvalue
