// When the cyclic garbage collector may run.
//
// The collector runs finalisers, which may do anything: clear the dict that is being read, move its rows, drop what a
// handle stands on. Up to Python 3.11 it may run whenever an object that it knows is made. So the boundary pauses it:
// every `guarded` function runs without it, and may hold addresses while it makes Python objects. What is left are the
// places where an operation calls Python code itself, and these are written to be safe from that code.
#pragma once

#include <Python.h>

#include <cstdlib> // tells which C library it is

namespace hgvalue::python {

/// Keeps the collector from running. Pauses may nest, and those of several threads may overlap in any order: the
/// collector runs again when the last one ends, if it did before the first.
class CollectorPause {
  public:
    CollectorPause() noexcept {
        if (depth_++ == 0) begin();
    }
    CollectorPause(const CollectorPause&) = delete;
    ~CollectorPause() {
        if (--depth_ == 0) end();
    }

  private:
    friend class CollectorRelease;
    // Inline, as every guarded function has both.
    static void begin() noexcept {
        if (paused_threads_++ == 0) enabled_before_ = PyGC_Disable();
    }
    static void end() noexcept {
        if (--paused_threads_ == 0 && enabled_before_) PyGC_Enable();
    }
    // Both are read and written with the interpreter's lock held.
    static inline constinit int paused_threads_ = 0;
    static inline constinit int enabled_before_ = 0; ///< whether the collector was on before the first pause
#if defined(__GLIBC__)
    [[gnu::tls_model("initial-exec")]] // which saves a call at each access; other libraries cannot load it
#endif
    static inline constinit thread_local int depth_ = 0; ///< of this thread
};

/// Ends the pauses of this thread for a while: for calls of the user's code that may take long, where no address is
/// held.
class CollectorRelease {
  public:
    CollectorRelease() noexcept : depth_(CollectorPause::depth_) {
        CollectorPause::depth_ = 0;
        if (depth_) CollectorPause::end();
    }
    CollectorRelease(const CollectorRelease&) = delete;
    ~CollectorRelease() {
        if (depth_) CollectorPause::begin();
        CollectorPause::depth_ = depth_;
    }

  private:
    int depth_;
};

} // namespace hgvalue::python
