// Values: their memory, and what does not depend on the policy's type.
#include <hgvalue/value/value.hpp>

#include "place_check.hpp"

#include <hgvalue/value/format.hpp>

#include <cstring>
#include <new>

namespace hgvalue {

static_assert(sizeof(Value) == 40, "24 bytes in place, the type, and whether there is a value");
static_assert(sizeof(BasicValue<WithPythonCache>) == sizeof(Value) + sizeof(object));

void* value_storage::allocate(const TypeMeta& m) {
    if (fits(m)) return buffer_;
    heap_ = ::operator new(m.size, std::align_val_t{m.alignment});
    detail::note_place(heap_, m, 1);
    return heap_;
}

void value_storage::free(const TypeMeta& m) noexcept {
    if (fits(m)) return;
    detail::forget_place(heap_);
    ::operator delete(heap_, std::align_val_t{m.alignment});
}

void value_storage::take(const TypeMeta& m, value_storage& from) noexcept {
    if (!fits(m))
        heap_ = from.heap_;
    else if (m.trivially_relocatable())
        std::memcpy(buffer_, from.buffer_, m.size);
    else
        m.ops->relocate(m, buffer_, from.buffer_);
}

namespace detail {

void refuse_null_value(const TypeMeta* type) {
    if (!type) throw NullValueError("a value without a type has no content");
    throw NullValueError("the value of type " + type_name(*type) + " is null");
}

const TypeMeta& require_type(const TypeMeta* type) {
    if (!type) throw StateError("a value without a type cannot be made");
    return *type;
}

void* none_object() {
    void* none = runtime().python_none;
    if (!none) throw StateError("there is no Python to make objects of values");
    return none;
}

void* new_reference(void* object) noexcept {
    runtime().object_incref(object);
    return object;
}

bool has_none_form(const TypeMeta& m) noexcept {
    if (m.kind == TypeKind::Optional || m.scalar == ScalarKind::Object || m.kind == TypeKind::Ref) return true;
    if (m.kind == TypeKind::Variant)
        for (std::uint32_t i = 0; i < m.field_count; ++i)
            if (has_none_form(*m.fields[i].type)) return true;
    return false;
}

} // namespace detail

} // namespace hgvalue
