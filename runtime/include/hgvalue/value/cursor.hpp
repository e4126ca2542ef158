// Cursors: going through the parts of any value by position, with the value and the position kept apart.
//
// A cursor is only a place, so it can be kept, copied and compared without a view to dangle from. It is good for a
// value until that value's structure changes. For a loop, take `elements(view)`.
#pragma once

#include <hgvalue/value/view_range.hpp>

namespace hgvalue {

/// The parts of a value: fields, elements oldest first, values of a map, what an optional or variant holds. TypeError
/// for scalars and references; NullValueError for a view of nothing.
inline ViewRange elements(const ConstValueView& v) {
    if (!v.valid()) throw NullValueError("a view of nothing has no parts");
    return ViewRange::of(v);
}
/// The same to write through. TypeError also for a set, whose elements must not change where they are.
inline MutableViewRange elements(ValueView& v) {
    if (!v.valid()) throw NullValueError("a view of nothing has no parts");
    return MutableViewRange::of(v);
}
inline MutableViewRange elements(ValueView&& v) { return elements(v); }

/// The operations of cursors over `elements(seq)`.
struct IterableOps {
    static ValueCursor first(const ConstValueView& seq) { return elements(seq).first(); }
    /// Whether the cursor is beyond the last part.
    static bool is_last(const ConstValueView& seq, const ValueCursor& at) { return elements(seq).is_last(at); }
    static void inc(const ConstValueView& seq, ValueCursor& at) { elements(seq).inc(at); }
    /// The part where the cursor stands. IndexError beyond the last one.
    static ConstValueView read_at(const ConstValueView& seq, const ValueCursor& at) {
        return checked(elements(seq), at).read_at(at);
    }
    static ValueView read_at(ValueView& seq, const ValueCursor& at) { return checked(elements(seq), at).read_at(at); }
    static ValueView read_at(ValueView&& seq, const ValueCursor& at) { return read_at(seq, at); }

  private:
    template <class Range> static Range checked(Range range, const ValueCursor& at) {
        if (range.is_last(at)) detail::refuse_range_index(at.index, range.size());
        return range;
    }
};

} // namespace hgvalue
