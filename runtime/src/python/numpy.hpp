// numpy where it is installed; it is never required, and never imported unless an array is to be made.
#pragma once

#include "convert.hpp"

namespace hgvalue::python {

/// Whether `o` is an instance of numpy's class of this name. Does not import numpy: without it nobody has instances.
bool is_numpy(PyObject* o, const char* class_name);

/// As the struct module names values of a type; null if they are no numbers. Times are counts: days, or microseconds.
const char* buffer_format(const TypeMeta& element) noexcept;

/// The kind of number by the letter of the struct module and the size; None for no number.
ScalarKind number_kind(char letter, std::size_t size) noexcept;

/// An array over a buffer of numbers or times, which it keeps; dates are counts of days. An empty object when numpy is
/// not installed. Throws nb::python_error.
nb::object numpy_over(const TypeMeta& element, PyObject* buffer);

/// An array of copies of the elements of `a`, then `b`; an empty object when numpy is not installed or the element is
/// not numeric, bool, date, datetime or timedelta. Throws nb::python_error.
nb::object numpy_array(const TypeMeta& element, Elements a, Elements b);

/// The elements of a one-dimensional numpy array as a list of Python objects. Throws ValueError for other dimensions
/// and for times that are no whole microseconds.
nb::object numpy_items(PyObject* array, const PathStep* where);

/// Clears the error of an object that lends no buffer of this kind; numpy lends none of times. Throws any other error,
/// and ValueError for a memoryview that was released: reading its items would read freed memory.
void clear_refused_buffer(PyObject* from);

/// The items of a one-dimensional buffer (of a numpy array, array.array, memoryview), if they are stored just as a
/// numeric value type stores its own.
class NumericBuffer {
  public:
    /// Empty, and false, for anything else.
    NumericBuffer(const TypeMeta& element, PyObject* from);
    NumericBuffer(const NumericBuffer&) = delete;
    NumericBuffer& operator=(const NumericBuffer&) = delete;
    ~NumericBuffer() {
        if (held_) PyBuffer_Release(&view_);
    }

    explicit operator bool() const noexcept { return fits_; }
    std::size_t size() const noexcept { return static_cast<std::size_t>(view_.shape[0]); }
    const void* operator[](std::size_t i) const noexcept {
        return static_cast<const std::byte*>(view_.buf) + static_cast<Py_ssize_t>(i) * view_.strides[0];
    }

  private:
    Py_buffer view_{};
    bool held_ = false;
    bool fits_ = false;
};

} // namespace hgvalue::python
