// The errors this library throws. Each has a Python class of the same meaning under `hgvalue.HgValueError`.
#pragma once

#include <stdexcept>
#include <string>

// Modules are compiled with hidden visibility; an exception that crosses from one to another must be the same type in
// both, and on some platforms that is decided by the address of its type information.
#if defined(__GNUC__)
#define HGVALUE_EXCEPTION __attribute__((visibility("default")))
#else
#define HGVALUE_EXCEPTION
#endif

namespace hgvalue {

/// Which Python builtin an error also derives from.
enum class ErrorKind { Value, Type, Key, Index, Overflow, Runtime, Stale, Frozen, Null, Decode, AmbiguousType };

/// Base of every error thrown on purpose by this library.
class HGVALUE_EXCEPTION Error : public std::runtime_error {
  public:
    Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
    ErrorKind kind() const noexcept { return kind_; }

  private:
    ErrorKind kind_;
};

/// A value outside what the operation accepts (ValueError).
struct HGVALUE_EXCEPTION ValueError : Error {
    explicit ValueError(const std::string& m) : Error(ErrorKind::Value, m) {}
};
/// A value of the wrong type (TypeError).
struct HGVALUE_EXCEPTION TypeError : Error {
    explicit TypeError(const std::string& m) : Error(ErrorKind::Type, m) {}
};
/// A key that is not there (KeyError).
struct HGVALUE_EXCEPTION KeyError : Error {
    explicit KeyError(const std::string& m) : Error(ErrorKind::Key, m) {}
};
/// A position outside the collection (IndexError).
struct HGVALUE_EXCEPTION IndexError : Error {
    explicit IndexError(const std::string& m) : Error(ErrorKind::Index, m) {}
};
/// A number beyond its type's range (OverflowError).
struct HGVALUE_EXCEPTION OverflowError : Error {
    explicit OverflowError(const std::string& m) : Error(ErrorKind::Overflow, m) {}
};
/// An operation at the wrong moment, such as a write before the first tick (RuntimeError).
struct HGVALUE_EXCEPTION StateError : Error {
    explicit StateError(const std::string& m) : Error(ErrorKind::Runtime, m) {}
};
/// Use of a handle whose element was removed (StaleReferenceError, a RuntimeError).
struct HGVALUE_EXCEPTION StaleReferenceError : Error {
    explicit StaleReferenceError(const std::string& m) : Error(ErrorKind::Stale, m) {}
};

/// Access to the content of a null value (NullValueError, a ValueError).
struct HGVALUE_EXCEPTION NullValueError : Error {
    explicit NullValueError(const std::string& m) : Error(ErrorKind::Null, m) {}
};
/// Bytes that are no encoding of the type asked for: truncated, corrupt or of another type (DecodeError, a ValueError).
struct HGVALUE_EXCEPTION DecodeError : Error {
    explicit DecodeError(const std::string& m) : Error(ErrorKind::Decode, m) {}
};
/// A name that stands for more than one type (AmbiguousTypeError, a KeyError).
struct HGVALUE_EXCEPTION AmbiguousTypeError : Error {
    explicit AmbiguousTypeError(const std::string& m) : Error(ErrorKind::AmbiguousType, m) {}
};

} // namespace hgvalue
