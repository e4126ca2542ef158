// Whole nodes as values: text, equality, completeness. A node that is not valid has no value.
#include "generic_view.hpp"

#include <hgvalue/value/assign.hpp>
#include <hgvalue/value/format.hpp>

namespace hgvalue::python {

namespace {

/// Calls `f(child)` until it returns false; whether it never did.
template <class F> bool all_children(const node_ref& n, const F& f) {
    switch (n.type->kind) {
    case NodeKind::TSB:
        for (std::uint32_t i = 0; i < n.type->field_count; ++i)
            if (!f(i, field_ref(n, i))) return false;
        return true;
    case NodeKind::TSL:
        for (std::uint32_t i = 0, count = list_length(n); i < count; ++i)
            if (!f(i, element_ref(n, i))) return false;
        return true;
    case NodeKind::TSD:
        for (const std::uint32_t row : n.rows().rows())
            if (!f(row, row_ref(n, row))) return false;
        return true;
    default: return true;
    }
}

bool has_children(const node_ref& n) noexcept {
    return n.type->kind == NodeKind::TSB || n.type->kind == NodeKind::TSL || n.type->kind == NodeKind::TSD;
}

/// The row that has the key of `row` in `from`.
std::uint32_t same_key(const TypeMeta& type, const row_store& rows, const node_ref& from, std::uint32_t row) {
    const TypeMeta& key = *from.type->scalar;
    const void* wanted = from.rows().key(*from.type->value, row);
    return rows.find(key.ops->hash(key, wanted), [&](std::uint32_t candidate) {
        return values_equal(key_meta(type), rows.key(type, candidate), key, wanted);
    });
}

std::size_t child_count(const node_ref& n) {
    switch (n.type->kind) {
    case NodeKind::TSB: return n.type->field_count;
    case NodeKind::TSL: return list_length(n);
    default: return n.rows().size();
    }
}

/// The children that are shown, of which there are as many as there is room for.
void add_children(ShortText& out, const node_ref& n) {
    const NodeKind kind = n.type->kind;
    std::size_t seen = 0;
    bool first = true;
    all_children(n, [&](std::uint32_t i, const node_ref& child) {
        ++seen;
        if (kind == NodeKind::TSB && !child.valid()) return true;
        if (!first) out.text += ", ";
        first = false;
        if (out.full()) {
            out.leave_out(child_count(n) - seen + 1);
            return false;
        }
        if (kind == NodeKind::TSB)
            (out.text += n.type->fields[i].name) += '=';
        else if (kind == NodeKind::TSD) {
            add_value(out, *n.type->scalar, n.rows().key(*n.type->value, i));
            out.text += ": ";
        }
        add_node(out, child);
        return true;
    });
}

} // namespace

void add_node(ShortText& out, const node_ref& n) {
    if (!n.valid())
        out.text += "None";
    else if (!has_children(n))
        add_value(out, *n.type->value, n.value);
    else {
        const bool list = n.type->kind == NodeKind::TSL;
        out.text += list ? '[' : '{';
        add_children(out, n);
        out.text += list ? ']' : '}';
    }
}

bool is_complete(const node_ref& n) {
    return n.valid() && all_children(n, [](std::uint32_t, const node_ref& child) { return is_complete(child); });
}

bool nodes_equal(const node_ref& a, const node_ref& b) {
    if (a.type->kind != b.type->kind || !structurally_compatible(*a.type->value, *b.type->value)) return false;
    if (a.valid() != b.valid()) return false;
    if (!has_children(a)) return !a.valid() || values_equal(*a.type->value, a.value, *b.type->value, b.value);
    if (a.type->kind == NodeKind::TSL && list_length(a) != list_length(b)) return false;
    if (a.type->kind == NodeKind::TSD && a.rows().size() != b.rows().size()) return false;
    return all_children(a, [&](std::uint32_t i, const node_ref& child) {
        switch (a.type->kind) {
        case NodeKind::TSB: return nodes_equal(child, field_ref(b, i));
        case NodeKind::TSL: return nodes_equal(child, element_ref(b, i));
        default: break;
        }
        const std::uint32_t row = same_key(*b.type->value, b.rows(), a, i);
        return row != no_row && nodes_equal(child, row_ref(b, row));
    });
}

bool node_equals(const node_ref& n, const TypeMeta& type, const void* value) {
    return is_complete(n) && values_equal(*n.type->value, n.value, type, value);
}

} // namespace hgvalue::python
