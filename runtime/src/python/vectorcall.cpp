#include "vectorcall.hpp"

#include <cstring>

namespace hgvalue::python {

namespace {

constexpr unsigned long version(unsigned long major, unsigned long minor) { return major << 24 | minor << 16; }

/// Py_tp_vectorcall of Python 3.14.
constexpr int tp_vectorcall_id = 82;

/// A type object after its head, as it is from Python 3.8 to 3.13. Those are released, so their
/// layout no longer changes; later ones have the slot.
struct TypeTail {
    void* skipped[34];
    initproc init;
    allocfunc alloc;
    newfunc new_;
    freefunc free;
    void* more[9];
    VectorCall vectorcall;
};
constexpr std::size_t tail_offset = sizeof(PyVarObject);
constexpr std::size_t member_count = 48; // the last of them is tp_vectorcall
static_assert(sizeof(TypeTail) == member_count * sizeof(void*));

/// Whether the members before tp_vectorcall stand where TypeTail has them.
bool is_laid_out(const TypeTail& tail, PyTypeObject* type) noexcept {
    const auto is = [type](auto member, int slot) {
        return reinterpret_cast<void*>(member) == PyType_GetSlot(type, slot);
    };
    return is(tail.init, Py_tp_init) && is(tail.alloc, Py_tp_alloc) && is(tail.new_, Py_tp_new) &&
           is(tail.free, Py_tp_free);
}

} // namespace

int vectorcall_slot() noexcept { return Py_Version >= version(3, 14) ? tp_vectorcall_id : 0; }

void set_vectorcall(PyTypeObject* type, VectorCall call) noexcept {
    if (vectorcall_slot() != 0) return;
    auto& tail = *reinterpret_cast<TypeTail*>(reinterpret_cast<std::byte*>(type) + tail_offset);
    if (is_laid_out(tail, type) && !tail.vectorcall) tail.vectorcall = call;
}

} // namespace hgvalue::python
