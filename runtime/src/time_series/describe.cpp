#include <hgvalue/time_series/describe.hpp>

#include <hgvalue/core/type_of.hpp>
#include <hgvalue/time_series/engine.hpp>
#include <hgvalue/value/format.hpp>
#include <hgvalue/value/path.hpp>

#include <algorithm>
#include <vector>

namespace hgvalue {

namespace {

constexpr std::uint32_t shown_children = 20;

std::string size_text(const NodeType& t, std::int64_t size) {
    return t.by_time ? "timedelta(microseconds=" + std::to_string(size) + ")" : "Size[" + std::to_string(size) + "]";
}

std::string time_text(engine_time_t t) {
    if (t == MIN_DT) return "never";
    const datetime at{t};
    return to_string(type_of<datetime>(), &at);
}

class Dump {
  public:
    explicit Dump(engine_time_t at) : at_(at) {}
    void node(const node_ref& n, const std::string& name, std::size_t depth) {
        text_.append(depth * 2, ' ');
        text_ += name + ": " + schema_text(*n.type) + " " + state(n);
        if (shows_value(n)) text_ += " = " + short_string(*n.type->value, n.value, 200);
        text_ += "\n";
        children(n, depth + 1);
    }
    std::string take() { return std::move(text_); }

  private:
    std::string state(const node_ref& n) const {
        if (!n.valid()) return "invalid";
        return (n.last_modified() == at_ ? "modified " : "at ") + time_text(n.last_modified());
    }
    static bool shows_value(const node_ref& n) {
        const NodeKind k = n.type->kind;
        return n.valid() && (n.type->is_leaf() || k == NodeKind::TSS || k == NodeKind::TSW);
    }
    void children(const node_ref& n, std::size_t depth) {
        if (n.type->kind == NodeKind::TSB)
            for (std::uint32_t i = 0; i < n.type->field_count; ++i)
                node(field_ref(n, i), n.type->fields[i].name, depth);
        else if (n.type->kind == NodeKind::TSL)
            some(list_length(n), depth,
                 [&](std::uint32_t i) { node(element_ref(n, i), "[" + std::to_string(i) + "]", depth); });
        else if (n.type->kind == NodeKind::TSD)
            some(n.rows().size(), depth, [&](std::uint32_t row) {
                const std::string key = short_string(*n.type->scalar, n.rows().key(*n.type->value, row));
                node(row_ref(n, row), "[" + key + "]", depth);
            });
    }
    template <class F> void some(std::uint32_t count, std::size_t depth, F&& f) {
        for (std::uint32_t i = 0; i < std::min(count, shown_children); ++i) f(i);
        if (count > shown_children)
            text_ += std::string(depth * 2, ' ') + "… and " + std::to_string(count - shown_children) + " more\n";
    }

    engine_time_t at_;
    std::string text_;
};

} // namespace

std::string schema_text(const NodeType& t) {
    switch (t.kind) {
    case NodeKind::TS: return "TS[" + type_name(*t.scalar) + "]";
    case NodeKind::TSB: {
        if (t.value->name) return std::string("TSB[") + t.value->name + "]";
        std::string text = "TSB[";
        for (std::uint32_t i = 0; i < t.field_count; ++i)
            ((text += i == 0 ? "\"" : ", \"") += t.fields[i].name) += "\": " + schema_text(*t.fields[i].type);
        return text + "]";
    }
    case NodeKind::TSL: {
        const std::string child = schema_text(*t.child);
        return t.list_size ? "TSL[" + child + ", Size[" + std::to_string(t.list_size) + "]]" : "TSL[" + child + "]";
    }
    case NodeKind::TSS: return "TSS[" + type_name(*t.scalar) + "]";
    case NodeKind::TSD: return "TSD[" + type_name(*t.scalar) + ", " + schema_text(*t.child) + "]";
    case NodeKind::TSW:
        return "TSW[" + type_name(*t.scalar) + ", " + size_text(t, t.window_size) + ", " +
               size_text(t, t.window_minimum) + "]";
    case NodeKind::REF: return "REF[" + schema_text(*t.child) + "]";
    case NodeKind::SIGNAL: return "SIGNAL";
    }
    return "?";
}

std::string node_path(const node_ref& n) {
    std::vector<std::uint32_t> slots;
    std::uint32_t slot = n.slot;
    for (const node_overlay* p = n.parent; p->parent; slot = p->slot, p = p->parent) slots.push_back(slot);
    ValuePath path;
    for (node_ref at = root_of(n); !slots.empty(); slots.pop_back()) {
        const TypeMeta& container = *at.type->value;
        const node_ref child = child_ref(at, slots.back());
        if (at.type->kind == NodeKind::TSD)
            path.push_back(PathElement::at_key(container, at.rows().key(container, at.keyed().places[child.slot].row)));
        else if (at.type->kind != NodeKind::REF) // the items of a reference stand where it stands
            path.push_back(PathElement::at(container, child.slot));
        at = child;
    }
    return path.to_string(longest_shown_key);
}

std::string debug_string(const node_ref& n, const std::string& name, engine_time_t at) {
    Dump dump(at);
    dump.node(n, name + " (now " + time_text(at) + ")", 0);
    return dump.take();
}

} // namespace hgvalue
