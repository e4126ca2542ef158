// How well a conversion kept what it was given, which is what a union chooses its alternative by.
#pragma once

#include <cstdint>

namespace hgvalue::python {

enum class Fidelity : std::uint8_t {
    Exact,     ///< the value reads back as what was given
    Converted, ///< it reads back as an equal of another type: 1.0 for 1, a dict for another mapping
    Changed    ///< a number was rounded, or elements were left out
};

/// The worst that conversions in this thread noted since a union set it to Exact. Only unions look at it.
inline Fidelity& fidelity() noexcept {
    thread_local Fidelity worst = Fidelity::Exact;
    return worst;
}
inline void note(Fidelity f) noexcept {
    if (f > fidelity()) fidelity() = f;
}
inline void note_converted_unless(bool exact) noexcept {
    if (!exact) note(Fidelity::Converted);
}

} // namespace hgvalue::python
