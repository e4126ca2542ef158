// Time series of one schema, as the compiler laid them out and as they are made at run time.
#pragma once

#include "catch.hpp"
#include "ts_rebuilt.hpp"

#include <generated_samples.h>

#include <hgvalue/time_series/ts_value.hpp>

namespace ts_test {

/// A root of the type, whose classes the compiler knows.
template <class Root> struct generated_root {
    explicit generated_root(hgvalue::EvaluationClock& clock) : root(&clock) {}
    hgvalue::TSMutableView view() { return hgvalue::ts_view(root); }
    Root root;
};
/// A TSValue of a generated type.
template <class Root> struct generated_value {
    explicit generated_value(hgvalue::EvaluationClock& clock) : root(Root::shape::type, &clock) {}
    hgvalue::TSMutableView view() { return root.view(); }
    hgvalue::TSValue root;
};
/// A TSValue of a type made at run time.
template <class Root> struct built_value {
    explicit built_value(hgvalue::EvaluationClock& clock) : root(rebuilt(Root::shape::type), &clock) {}
    hgvalue::TSMutableView view() { return root.view(); }
    hgvalue::TSValue root;
};

} // namespace ts_test
