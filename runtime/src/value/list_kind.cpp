// Lists, those that grow and those that do not.
#include "elements.hpp"
#include "kind_tables.hpp"
#include "layouts.hpp"
#include "temporary.hpp"

#include <hgvalue/value/format.hpp>

#include <cstring>

namespace hgvalue::detail {
namespace {

void require_growing(const TypeMeta& m) {
    if (!m.ops->list_resize) throw ValueError(type_name(m) + " has a fixed size");
}

std::size_t list_size(const TypeMeta& m, const void* v) { return list_elements(m, v).size; }

ValuePart list_at(const TypeMeta& m, const void* v, std::size_t i) {
    const list_elements elements(m, v);
    if (i >= elements.size) return {};
    return {elements[i], m.element};
}

void list_push(const TypeMeta& m, void* v, ValueArgument element) {
    require_growing(m);
    temporary made(*m.element, *element.type, element.data); // it may lie in this list, which is about to move
    const std::size_t size = m.ops->list_size(m, v);
    m.ops->list_resize(m, v, size + 1);
    made.move_to(list_elements(m, v)[size]);
}

void list_pop(const TypeMeta& m, void* v) {
    require_growing(m);
    const std::size_t size = m.ops->list_size(m, v);
    if (size == 0) throw IndexError("pop from an empty list");
    m.ops->list_resize(m, v, size - 1);
}

void list_clear(const TypeMeta& m, void* v) {
    require_growing(m);
    m.ops->list_resize(m, v, 0);
}

void list_resize(const TypeMeta& m, void* v, std::size_t size) {
    if (!m.ops->list_resize && size == static_cast<std::size_t>(m.fixed_size)) return;
    require_growing(m);
    m.ops->list_resize(m, v, size);
}

void list_reserve(const TypeMeta& m, void* v, std::size_t size) {
    if (!m.ops->list_reserve && size <= static_cast<std::size_t>(m.fixed_size)) return;
    require_growing(m);
    m.ops->list_reserve(m, v, size);
}

void list_fill(const TypeMeta& m, void* v, ValueArgument value) {
    const list_elements elements(m, v);
    const TypeMeta& type = *m.element;
    const temporary made(type, *value.type, value.data);
    if (type.is(TypeFlags::TriviallyCopyable)) {
        for (std::size_t i = 0; i < elements.size; ++i) std::memcpy(elements[i], made.get(), type.size);
        return;
    }
    element_array copies(type, elements.size); // all that may fail, before the first element changes
    for (std::size_t i = 0; i < elements.size; ++i) copies.append_copies(static_cast<const std::byte*>(made.get()), 1);
    for (std::size_t i = 0; i < elements.size; ++i) type.ops->move_assign(type, elements[i], copies.at(i));
}

constexpr KindOps make_list_ops() {
    KindOps ops = common_ops("list");
    ops.size = list_size;
    ops.at = list_at;
    ops.push = list_push;
    ops.pop = list_pop;
    ops.clear = list_clear;
    ops.resize = list_resize;
    ops.fill = list_fill;
    ops.reserve = list_reserve;
    return ops;
}

} // namespace

constinit const KindOps list_kind = make_list_ops();

} // namespace hgvalue::detail
