// What encoding, decoding, JSON and the algebra of deltas have in common: their arguments and results.
#pragma once

#include "convert.hpp"
#include "errors.hpp"

#include <hgvalue/value/value.hpp>

#include <string>
#include <string_view>

namespace hgvalue::python {

/// A Value, View or struct object whose value is looked at. Where looking could run code of the value's objects, and
/// where the value lies in the nodes of a time series, at a copy.
class Subject {
  public:
    /// TypeError for any other object; NullValueError for a time series that is not valid all through.
    Subject(PyObject* o, const char* doing);

    const TypeMeta& type() const noexcept { return *type_; }
    /// Null if the value is null.
    const void* data() const noexcept { return data_; }
    /// NullValueError if the value is null.
    ConstValueView view() const;

  private:
    nb::object held_;
    const char* doing_;
    const TypeMeta* type_ = nullptr;
    const void* data_ = nullptr;
    Value copy_;
};

/// The arguments (type, x), or (x) for a class that has its type or if the type is known otherwise.
class TypedArguments {
  public:
    TypedArguments(PyTypeObject* cls, const TypeMeta* fixed, PyObject* args, const char* name);
    /// Null if none was given.
    const TypeMeta* type() const noexcept { return type_; }
    /// TypeError if none was given.
    const TypeMeta& required_type(const char* name) const;
    PyObject* subject() const noexcept { return subject_; }

  private:
    const TypeMeta* type_;
    PyObject* subject_ = nullptr;
};
/// TypeError that names the class, unless both are one type.
void require_type_of_class(PyTypeObject* cls, const TypeMeta& fixed, const TypeMeta& given);

/// The memory of bytes, or of anything else that has the buffer protocol.
class BytesArgument {
  public:
    explicit BytesArgument(PyObject* o);
    BytesArgument(const BytesArgument&) = delete;
    BytesArgument& operator=(const BytesArgument&) = delete;
    ~BytesArgument() { PyBuffer_Release(&buffer_); }
    std::string_view view() const noexcept {
        return {static_cast<const char*>(buffer_.buf), static_cast<std::size_t>(buffer_.len)};
    }

  private:
    Py_buffer buffer_{};
};
PyObject* bytes_object(const std::string& bytes);

/// What `encode()` gives, or None for what has no encoding.
template <class Encode> nb::object bytes_or_none(const Encode& encode) {
    try {
        return owned(bytes_object(encode()));
    } catch (const Error& e) {
        if (e.kind() != ErrorKind::Type && e.kind() != ErrorKind::Value) throw;
        return nb::none();
    }
}

nb::object json_text(const nb::object& plain);
nb::object from_json_text(PyObject* text);
/// The JSON of a value.
nb::object json_of(const TypeMeta& type, const void* value);

/// A value of the type made of a Python object or of what JSON has for it; null of None, where that means it.
Value value_made_of(const TypeMeta& type, PyObject* from, Form form);

// -- methods of classes
// ------------------------------------------------------------------------------------------------

PyObject* encode_object(PyObject* self, PyObject*);  ///< of Value, View and structs
PyObject* json_of_object(PyObject* self, PyObject*); ///< of Value and View
PyObject* decode_value(PyObject* cls, PyObject* args);
PyObject* value_from_json(PyObject* cls, PyObject* args);
extern PyMethodDef struct_codec_methods[];

void init_codec(PyObject* module);

} // namespace hgvalue::python
