// OperatorContext: hooks around a conversion to or from Python.
//
// Objects are PyObject* as void*. A hook that throws ends the conversion; the value is then as it was.
#pragma once

#include <hgvalue/fwd.hpp>

#include <functional>

namespace hgvalue {

struct OperatorContext {
    /// Called first. What it returns, a new reference, is the Python form; null lets the conversion go on.
    std::function<void*(const ConstValueView&)> before_to_python;
    /// Called with the converted object, whose reference it takes over, also when it throws; returns the one to give, a
    /// new reference.
    std::function<void*(const ConstValueView&, void* converted)> after_to_python;
    /// Called first, with the object given and the value as it still is. Returns the object to convert, a borrowed
    /// reference that is good until the conversion ends.
    std::function<void*(const ConstValueView&, void* given)> before_from_python;
    /// Called with the converted value before it is assigned; may change it, or refuse it by throwing.
    std::function<void(ValueView&)> after_from_python;
};

} // namespace hgvalue
