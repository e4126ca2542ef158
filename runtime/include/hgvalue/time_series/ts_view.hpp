// TSView and TSMutableView: a time-series node of any type, where it lies. Nothing is owned, copied or allocated.
//
// A view is a node_ref with a surface, as a ConstValueView is one of an address and a TypeMeta. `value()` looks at the
// same memory as plain data, and `find()` leads from there back to the node. A view of a REF is one of the reference
// itself; it reads as what that refers to, and what is reached through it cannot be written.
//
// A view is good for as long as its root. One of an element of a dict or of a list without a size, of an
// item of a reference, or of something below one, is so until elements of the root may have moved or gone; from then on
// any use of it throws StaleReferenceError: look it up again. All others never go stale.
#pragma once

#include <hgvalue/time_series/describe.hpp>
#include <hgvalue/time_series/engine.hpp>
#include <hgvalue/time_series/reference.hpp>
#include <hgvalue/view.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hgvalue {

namespace detail {

/// A node, and until when its addresses are good.
struct node_place {
    node_ref node{};
    std::uint64_t version : 63 = 0;  ///< the structure_version that the addresses belong to; 0: they never change
    std::uint64_t read_only : 1 = 0; ///< reached through a reference

    node_place() = default;
    /// Of any living node.
    explicit node_place(const node_ref& n) noexcept;
    /// Of a child of `parent`, which is no REF.
    node_place(const node_place& parent, const node_ref& child) noexcept;

    /// StaleReferenceError unless the addresses are good; NullValueError if there is no node.
    void require_good() const {
        if (!node.type || (version != 0 && version != node.context->structure_version)) [[unlikely]]
            refuse();
    }
    /// Of a reference what it refers to, else the same.
    node_place read() const {
        require_good();
        return node.type->kind == NodeKind::REF ? read_reference() : *this;
    }

  private:
    [[noreturn]] void refuse() const;
    node_place read_reference() const;
};

// One step down in a node that is no REF, or an error that names the place: KeyError for a name or key that is not
// there, IndexError beyond the end, TypeError where the kind has no such children.
node_ref child_at(const node_ref& n, std::size_t i);
node_ref child_named(const node_ref& n, std::string_view name);
node_ref child_of_key(const node_ref& n, ValueArgument key);
/// The row of a key in a TSD or TSS, or no_row.
std::uint32_t row_of_key(const node_ref& n, ValueArgument key);
std::uint32_t row_of_text(const node_ref& n, std::string_view key);
/// The key type of a TSD or TSS; TypeError for another kind.
const TypeMeta& key_type_of(const node_ref& n);

/// Many steps, through references, too.
node_place follow_path(node_place from, const ParsedPath& path);
node_place follow_path(node_place from, const ValuePath& path);
inline node_place follow_path(const node_place& from, std::string_view path) {
    return follow_path(from, parse_path(path));
}

/// The node whose data `part` looks at, by the path that it has from the data of `from`.
std::optional<node_place> node_holding(const node_place& from, const ConstValueView& part);
/// Fields, elements or keys.
std::size_t node_size(const node_ref& n);
/// The step that leads from `n` to its child `c`.
PathElement step_to(const node_ref& n, const node_ref& c) noexcept;

/// TypeError where a node has no such operation.
void require_operation(const node_ref& n, bool has_it, const char* operation);
[[noreturn]] void refuse_change_in_loop(const node_ref& n);

/// What views of both kinds do. `Self` is the view, and what navigation gives.
template <class Self> class ts_access {
  public:
    /// Of nothing.
    ts_access() = default;
    explicit ts_access(const node_ref& n) noexcept : place_(n) {}
    explicit ts_access(const node_place& place) noexcept : place_(place) {}

    /// Whether it looks at a node. Everything below needs one.
    explicit operator bool() const noexcept { return place_.node.type != nullptr; }
    bool is_stale() const noexcept {
        return place_.version != 0 && place_.version != place_.node.context->structure_version;
    }
    /// The node, of a reference the REF itself.
    node_ref ref() const {
        place_.require_good();
        return place_.node;
    }

    NodeKind kind() const { return ref().type->kind; }
    const NodeType& type() const { return *ref().type; }
    std::string schema() const;

    // -- state ------------------------------------------------------------------------------------------------------
    engine_time_t now() const { return ref().now(); }
    engine_time_t last_modified_time() const { return ref().last_modified(); }
    bool valid() const { return ref().valid(); }
    bool modified() const { return ref().modified(); }
    /// Whether it was last written at `at`.
    bool modified_at(engine_time_t at) const { return at != MIN_DT && last_modified_time() == at; }
    bool all_valid() const { return engine::all_valid(ref()); }

    // -- data -------------------------------------------------------------------------------------------------------
    /// The data, in place. It is there whether the node is valid or not: what is not holds whatever it held.
    ConstValueView value() const {
        const node_ref n = place_.read().node;
        return {n.value, n.type->value, n.value};
    }
    /// The node at or below this one whose data `part` looks at: a view that began at value(). Nothing for what lies
    /// elsewhere, or inside the value of a TS, a set or a window.
    std::optional<Self> find(const ConstValueView& part) const;

    // -- navigation ---------------------------------------------------------------------------------------------------
    /// Number of fields, elements or keys; of a TSW of elements in the window. TypeError for a TS or SIGNAL.
    std::size_t size() const { return node_size(place_.read().node); }
    /// Field of a TSB or element of a TSL.
    Self at(std::size_t i) const {
        return step([&](const node_ref& n) { return child_at(n, i); });
    }
    /// Field of a TSB, or what a TSD holds for a text.
    Self at(std::string_view name) const {
        return step([&](const node_ref& n) { return child_named(n, name); });
    }
    /// What a TSD holds for a key.
    template <AnyValue K>
        requires(!text_argument<K>)
    Self key(const K& k) const {
        return step([&](const node_ref& n) {
            return with_argument(key_type_of(n), k, [&](ValueArgument a) { return child_of_key(n, a); });
        });
    }
    Self key(std::string_view k) const {
        return step([&](const node_ref& n) {
            key_type_of(n);
            return child_named(n, k);
        });
    }
    Self operator[](std::size_t i) const { return at(i); }
    Self operator[](int i) const { return at(static_cast<std::size_t>(i)); }
    Self operator[](std::string_view name) const { return at(name); }
    Self operator[](const char* name) const { return at(std::string_view(name)); }
    Self operator[](const ConstValueView& k) const { return key(k); }
    /// Whether a TSD or TSS has a key. TypeError for one of another type.
    template <AnyValue K>
        requires(!text_argument<K>)
    bool contains(const K& k) const {
        const node_ref n = place_.read().node;
        return with_argument(key_type_of(n), k, [&](ValueArgument a) { return row_of_key(n, a) != no_row; });
    }
    bool contains(std::string_view k) const { return row_of_text(place_.read().node, k) != no_row; }
    /// Where a path leads: text as in `book["AAPL"].bid`, a ParsedPath, or the path of a view of the data.
    template <AnyPath Path> Self navigate(const Path& path) const { return Self(follow_path(place_, path)); }

    /// What a REF refers to, through any number of references; of an empty one a node that was never written. Of any
    /// other kind the same again.
    Self target() const { return Self(place_.read()); }
    /// Whether a REF refers to nothing, or to what is gone.
    bool is_empty() const {
        node_ref n;
        return kind() == NodeKind::REF && !is_unbound() && !engine::reference_target(ref(), n);
    }
    /// Whether a REF is a collection of references to parts, see reference.hpp; how many, and each of them.
    bool is_unbound() const { return item_count() != 0; }
    std::size_t item_count() const { return kind() == NodeKind::REF ? engine::reference_item_count(ref()) : 0; }
    Self item(std::size_t i) const {
        require_reference("item");
        node_place item(engine::reference_item(place_.node, i));
        item.read_only = place_.read_only;
        return Self(item);
    }

    /// What this is part of; of a root the root itself.
    Self parent() const { return Self(owner_of(ref())); }
    Self root() const { return Self(root_of(ref())); }
    /// The path from the root to here, as navigate() reads it.
    std::string path() const;
    /// See debug_string. Without a time, as of now.
    std::string to_debug_string() const { return to_debug_string(now()); }
    std::string to_debug_string(engine_time_t at) const;

    // -- children -----------------------------------------------------------------------------------------------------
    /// Calls `f(step, child)` for each field, element or entry, in the order of the data; `step` is the PathElement
    /// that leads to it. StaleReferenceError if `f` adds or removes elements of this root.
    template <class F> void for_each_child(F&& f) const {
        each([](const node_ref&) { return true; }, f);
    }
    template <class F> void for_each_valid(F&& f) const {
        each([](const node_ref& c) { return c.valid(); }, f);
    }
    /// Those written in this tick. It costs what changed in a TSD; in a TSB or TSL, what there is.
    template <class F> void for_each_modified(F&& f) const {
        const node_place here = place_.read();
        const node_ref& n = here.node;
        // Read through a reference that has it since this tick, all that is valid counts.
        if (n.type->kind != NodeKind::TSD || n.since == n.now())
            return each([](const node_ref& c) { return c.modified(); }, f);
        const keyed_state& s = n.keyed();
        if (!s.touched_at(n.now()) || n.now() == MIN_DT) return;
        for (std::size_t i = 0; i < s.changed.size(); ++i) {
            const std::uint32_t row = s.places[s.changed[i]].row;
            if (row != no_row && s.flags[row] & RowFlag::Written) visit(here, row_ref(n, row), f);
        }
    }

    // -- observers ----------------------------------------------------------------------------------------------------
    /// See time_series/observer.hpp.
    template <class F> [[nodiscard]] Subscription subscribe(F&& observer, When when = When::End) const {
        return detail::subscribe(ref(), {Scope::Node, when}, std::forward<F>(observer));
    }
    template <class F> [[nodiscard]] Subscription subscribe_elements(F&& observer, When when = When::End) const {
        return detail::subscribe(ref(), {Scope::Elements, when}, std::forward<F>(observer));
    }
    template <class F> [[nodiscard]] Subscription subscribe_structure(F&& observer, When when = When::End) const {
        return detail::subscribe(ref(), {Scope::Structure, when}, std::forward<F>(observer));
    }
    bool has_observers() const { return runtime().has_observers(ref(), false); }
    bool has_observers_in_subtree() const { return runtime().has_observers(ref(), true); }

  protected:
    template <class F> Self step(const F& f) const {
        const node_place here = place_.read();
        return Self(node_place(here, f(here.node)));
    }

    void require_reference(const char* operation) const {
        require_operation(ref(), kind() == NodeKind::REF, operation);
    }

    /// A write through this view that moves elements below its node leaves it good.
    mutable node_place place_;

  private:
    template <class F> static void visit(const node_place& here, const node_ref& child, F& f) {
        const std::uint64_t version = here.node.context->structure_version;
        f(step_to(here.node, child), Self(node_place(here, child)));
        if (version != here.node.context->structure_version) refuse_change_in_loop(here.node);
    }
    template <class Wanted, class F> void each(const Wanted& wanted, F& f) const {
        const node_place here = place_.read();
        const node_ref& n = here.node;
        if (n.type->kind == NodeKind::TSD) {
            for (const std::uint32_t row : n.rows().rows())
                if (const node_ref c = row_ref(n, row); wanted(c)) visit(here, c, f);
        } else if (n.type->kind == NodeKind::TSB || n.type->kind == NodeKind::TSL) {
            for (std::uint32_t i = 0, count = static_cast<std::uint32_t>(node_size(n)); i < count; ++i)
                if (const node_ref c = child_at(n, i); wanted(c)) visit(here, c, f);
        }
    }
};

} // namespace detail

/// To be read. time_series/ts_mutable_view.hpp has the one to be written.
class TSView : public detail::ts_access<TSView> {
  public:
    using ts_access::ts_access;
};

namespace detail {

template <class Self> std::string ts_access<Self>::schema() const { return schema_text(type()); }
template <class Self> std::string ts_access<Self>::path() const { return node_path(ref()); }
template <class Self> std::string ts_access<Self>::to_debug_string(engine_time_t at) const {
    const node_ref n = ref();
    std::string name = node_path(n);
    if (name.empty()) name = n.type->name ? n.type->name : "root";
    return debug_string(n, name, at);
}
template <class Self> std::optional<Self> ts_access<Self>::find(const ConstValueView& part) const {
    const node_place here = place_.read();
    if (part.owner() != here.node.value) return std::nullopt;
    const std::optional<node_place> found = node_holding(here, part);
    return found ? std::optional(Self(*found)) : std::nullopt;
}

} // namespace detail

} // namespace hgvalue
