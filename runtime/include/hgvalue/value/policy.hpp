// Extensions of a Value, chosen at compile time. One that is not used costs no byte and no instruction.
#pragma once

#include <hgvalue/value/scalars.hpp>

namespace hgvalue {

/// Nothing beyond the value.
struct NoCache {};
/// Keeps the Python form once it was asked for, until the value may have changed: until a mutable view or reference was
/// taken. One that is kept and written through later is not noticed; nor is who changes a list or dict that to_python
/// gave.
struct WithPythonCache {};

template <class Policy> struct policy_traits {
    static constexpr bool has_python_cache = false;
};
template <> struct policy_traits<WithPythonCache> {
    static constexpr bool has_python_cache = true;
};

/// What a Value carries for its policy; empty, so that it takes no room as a base class, unless there is something.
template <class Policy, bool Cached = policy_traits<Policy>::has_python_cache> class policy_storage {
  protected:
    void invalidate() noexcept {}
};

template <class Policy> class policy_storage<Policy, true> {
  protected:
    void invalidate() noexcept { cached_ = object(); }
    mutable object cached_; ///< empty: not known
};

} // namespace hgvalue
