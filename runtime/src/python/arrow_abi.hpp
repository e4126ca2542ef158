// The structs of Arrow's C data and C stream interfaces, https://arrow.apache.org/docs/format/CDataInterface.html and
// CStreamInterface.html: an ABI that is frozen, declared here as the specification asks those to do who use no library.
#pragma once

#include <cstdint>
#include <utility>

namespace hgvalue::python::arrow {

constexpr std::int64_t nullable = 2; ///< among Schema::flags

struct Schema {
    const char* format;
    const char* name;
    const char* metadata;
    std::int64_t flags;
    std::int64_t n_children;
    Schema** children;
    Schema* dictionary;
    void (*release)(Schema*); ///< null once it was called
    void* private_data;
};

struct Array {
    std::int64_t length;
    std::int64_t null_count; ///< -1: not known
    std::int64_t offset;     ///< of the first element, in all buffers
    std::int64_t n_buffers;
    std::int64_t n_children;
    const void** buffers;
    Array** children;
    Array* dictionary;
    void (*release)(Array*); ///< null once it was called
    void* private_data;
};

struct Stream {
    int (*get_schema)(Stream*, Schema*); ///< 0, or an errno
    int (*get_next)(Stream*, Array*);    ///< likewise; an array without `release` is the end
    const char* (*get_last_error)(Stream*);
    void (*release)(Stream*);
    void* private_data;
};

/// The names of the capsules of Arrow's PyCapsule interface.
constexpr const char* schema_capsule = "arrow_schema";
constexpr const char* array_capsule = "arrow_array";
constexpr const char* stream_capsule = "arrow_array_stream";

/// Owns what a struct stands for.
template <class T> class Owned {
  public:
    Owned() = default;
    /// Takes over what is in `from`, which counts as released then.
    explicit Owned(T& from) noexcept : held_(std::exchange(from, T{})) {}
    Owned(Owned&& o) noexcept : held_(std::exchange(o.held_, T{})) {}
    Owned& operator=(Owned&& o) noexcept {
        std::swap(held_, o.held_);
        return *this;
    }
    ~Owned() {
        if (held_.release) held_.release(&held_);
    }
    T* get() noexcept { return &held_; }
    T* operator->() noexcept { return &held_; }
    T& operator*() noexcept { return held_; }
    explicit operator bool() const noexcept { return held_.release != nullptr; }

  private:
    T held_{};
};

} // namespace hgvalue::python::arrow
