// Scalar types that the standard library does not have, or has with a catch.
#pragma once

#include <hgvalue/core/runtime_api.hpp>

#include <compare>
#include <string>
#include <utility>
#include <vector>

namespace hgvalue {

/// A bool that is one byte wherever it stands: std::vector<bool> has no elements to point at.
struct bool8 {
    bool value{};
    constexpr bool8() = default;
    constexpr bool8(bool v) : value(v) {}
    constexpr operator bool() const { return value; }
};

template <class T> struct element_type {
    using type = T;
};
template <> struct element_type<bool> {
    using type = bool8;
};
/// The type a container stores for elements of type T.
template <class T> using element_t = typename element_type<T>::type;

/// list[T].
template <class T> using list = std::vector<element_t<T>>;

/// tuple[T, ...]: a vector of its own type, because its Python form is a tuple.
template <class T> struct tuple_of : std::vector<element_t<T>> {
    using std::vector<element_t<T>>::vector;
};

/// bytes: a string of its own type, because its Python form is bytes.
struct bytes : std::string {
    using std::string::string;
};

/// object: any Python value, held by reference. Empty in a new value; Python sees None.
class object {
  public:
    object() = default;
    /// Takes a new reference to `p` (a PyObject*, or null).
    explicit object(void* p) : p_(p) {
        if (p_) runtime().object_incref(p_);
    }
    object(const object& o) : object(o.p_) {}
    object(object&& o) noexcept : p_(std::exchange(o.p_, nullptr)) {}
    object& operator=(object o) noexcept {
        std::swap(p_, o.p_);
        return *this;
    }
    ~object() {
        if (p_) runtime().object_decref(p_);
    }
    void* get() const noexcept { return p_; }

  private:
    void* p_ = nullptr;
};

} // namespace hgvalue
