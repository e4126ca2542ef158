#include <hgvalue/time_series/built_node.hpp>

#include <hgvalue/core/error.hpp>
#include <hgvalue/core/type_of.hpp>
#include <hgvalue/core/type_registry.hpp>

#include <algorithm>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>

namespace hgvalue::built {

namespace {

const char* kept(std::string_view text) { return text.empty() ? nullptr : TypeRegistry::instance().store_name(text); }

constexpr std::size_t round_up(std::size_t n, std::size_t to) { return (n + to - 1) / to * to; }

/// Bytes of the header and change record of a node with `count` children: sizeof(masked_overlay<count>).
constexpr std::size_t masked_size(std::size_t count) {
    if (count <= 32) return sizeof(node_overlay);
    const std::size_t words = (count - 1) / 32;
    return sizeof(node_overlay) + sizeof(std::uint32_t) * (1 + words + (words + 1) % 2);
}
static_assert(masked_size(32) == sizeof(masked_overlay<32>));
static_assert(masked_size(33) == sizeof(masked_overlay<33>));
static_assert(masked_size(65) == sizeof(masked_overlay<65>));
static_assert(masked_size(97) == sizeof(masked_overlay<97>));

std::uint32_t checked_size(std::size_t bytes) {
    if (bytes > std::numeric_limits<std::uint32_t>::max())
        throw ValueError("what a time series keeps beside its data takes less than 4 GiB in place; use a list or dict "
                         "that grows");
    return static_cast<std::uint32_t>(bytes);
}

void require(bool fits, const char* what) {
    if (!fits) throw TypeError(std::string("the data of a ") + what);
}

/// A node without children that its overlay would hold, over data of type `value`.
NodeType plain(NodeKind kind, const TypeMeta& value, std::size_t overlay_size, std::size_t overlay_alignment) {
    NodeType t{};
    t.kind = kind;
    t.value = &value;
    t.overlay_size = static_cast<std::uint32_t>(overlay_size);
    t.overlay_alignment = static_cast<std::uint32_t>(overlay_alignment);
    return t;
}

template <class State> NodeType with_state(NodeKind kind, const TypeMeta& value) {
    return plain(kind, value, sizeof(state_ptr<State>), alignof(state_ptr<State>));
}

void set_name(NodeType& t, const NodeName& name) {
    if (name.name.empty()) throw ValueError("a bundle or root needs a name");
    t.name = kept(name.name);
    t.module = kept(name.module);
    t.doc = kept(name.doc);
}

/// All types that were made. They stay, as classes, handles and types made of them point to them.
class Store {
  public:
    const NodeType& add(const NodeType& t, std::unique_ptr<NodeField[]> fields = {}) {
        const std::lock_guard guard(lock_);
        return added(t, std::move(fields));
    }
    /// The same type for the same data and child, which say all there is to say of an anonymous node.
    const NodeType& share(const NodeType& t) {
        const std::lock_guard guard(lock_);
        const NodeType*& made = shared_[{t.kind, t.value, t.child}];
        if (!made) made = &added(t, {});
        return *made;
    }

  private:
    struct entry {
        NodeType type;
        std::unique_ptr<NodeField[]> fields;
    };
    const NodeType& added(const NodeType& t, std::unique_ptr<NodeField[]> fields) {
        return entries_.emplace_back(entry{t, std::move(fields)}).type;
    }

    std::mutex lock_;
    std::deque<entry> entries_;
    std::map<std::tuple<NodeKind, const TypeMeta*, const NodeType*>, const NodeType*> shared_;
};

Store& store() {
    static auto& all = *new Store;
    return all;
}

} // namespace

namespace {

const NodeType& any_leaf(NodeKind kind, const TypeMeta& value) {
    NodeType t = plain(kind, value, sizeof(leaf_overlay), alignof(leaf_overlay));
    t.scalar = &value;
    t.flat = true;
    return store().share(t);
}

} // namespace

const NodeType& leaf(const TypeMeta& value) { return any_leaf(NodeKind::TS, value); }
const NodeType& signal() { return any_leaf(NodeKind::SIGNAL, type_of<bool>()); }

const NodeType& bundle(const NodeName& name, const TypeMeta& value, std::span<const NodeChild> children) {
    require(value.kind == TypeKind::Bundle && value.field_count == children.size() && !children.empty(),
            "TSB is a bundle with as many fields as it has children, and at least one");
    auto fields = std::make_unique<NodeField[]>(children.size());
    std::size_t end = masked_size(children.size());
    std::size_t alignment = alignof(node_overlay);
    bool flat = true, references = false;
    for (std::size_t i = 0; i < children.size(); ++i) {
        const NodeType& c = *children[i].type;
        const FieldInfo& data = value.fields[i];
        require(same_layout(*data.type, *c.value), "TSB's field is the data of the child of that name");
        end = round_up(end, c.overlay_alignment);
        fields[i] = {kept(data.name), &c, data.offset, checked_size(end), children[i].item_only, kept(children[i].doc)};
        end += c.overlay_size;
        alignment = std::max<std::size_t>(alignment, c.overlay_alignment);
        flat = flat && c.is_leaf();
        references = references || c.references;
    }
    NodeType t = plain(NodeKind::TSB, value, checked_size(round_up(end, alignment)), alignment);
    set_name(t, name);
    t.field_count = static_cast<std::uint32_t>(children.size());
    t.flat = flat;
    t.references = references;
    t.fields = fields.get();
    return store().add(t, std::move(fields));
}

const NodeType& list(const TypeMeta& value, const NodeType& child) {
    require(value.kind == TypeKind::List && same_layout(*value.element, *child.value),
            "TSL is a list of its child's data");
    NodeType t = with_state<list_state>(NodeKind::TSL, value);
    if (value.fixed_size != 0) {
        const auto count = static_cast<std::size_t>(value.fixed_size);
        if (count > max_slots) throw ValueError("a TSL has at most " + std::to_string(max_slots) + " elements");
        const std::size_t first = round_up(masked_size(count), child.overlay_alignment);
        const std::size_t alignment = std::max<std::size_t>(alignof(node_overlay), child.overlay_alignment);
        t = plain(NodeKind::TSL, value, checked_size(round_up(first + count * child.overlay_size, alignment)),
                  alignment);
        t.list_size = static_cast<std::uint32_t>(count);
        t.children_offset = static_cast<std::uint32_t>(first);
        t.flat = child.is_leaf();
    }
    t.child = &child;
    t.references = child.references;
    return store().share(t);
}

const NodeType& set(const TypeMeta& value) {
    require(value.kind == TypeKind::Set, "TSS is a set");
    NodeType t = with_state<keyed_state>(NodeKind::TSS, value);
    t.scalar = value.element;
    return store().share(t);
}

const NodeType& dict(const TypeMeta& value, const NodeType& child) {
    require(value.kind == TypeKind::Map && same_layout(*value.element, *child.value),
            "TSD is a dict of its child's data");
    NodeType t = with_state<keyed_state>(NodeKind::TSD, value);
    t.scalar = value.key;
    t.child = &child;
    t.references = child.references;
    return store().share(t);
}

const NodeType& reference(const NodeType& child) {
    NodeType t = with_state<ref_state>(NodeKind::REF, type_of<bool>());
    t.child = &child;
    t.references = true;
    return store().share(t);
}

const NodeType& window(const TypeMeta& value) {
    require(value.kind == TypeKind::Window, "TSW is a window");
    NodeType t = with_state<window_state>(NodeKind::TSW, value);
    t.scalar = value.element;
    t.by_time = value.by_time;
    t.window_size = value.fixed_size;
    t.window_minimum = value.min_size;
    return store().share(t);
}

const NodeType& root(const NodeName& name, const NodeType& base) {
    NodeType t = base;
    t.python_class = nullptr; // the class of the base is not the root's
    set_name(t, name);
    t.base = &base;
    return store().add(t);
}

} // namespace hgvalue::built
