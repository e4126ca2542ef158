// Who refers to which node, and how they learn of its changes.
//
// Each root has a table of the node_links into it. A link is in it under every step of its path whose parent never
// moves (the root's record, dicts, dynamic lists, references with items), so that it is found by the element that
// changes or goes; what lies between such a step and the target, fields and elements of fixed lists, is compared one by
// one. Parents of targets,
// and the collections on the way to them, are marked as watched, and stay so: a mark too many costs a look-up.
#pragma once

#include <hgvalue/time_series/reference.hpp>

#include <cstddef>
#include <memory>
#include <unordered_map>
#include <vector>

namespace hgvalue {

class link_table {
  public:
    /// Adds a link under all its steps; on an exception under none.
    void add(node_link& link);
    void remove(node_link& link) noexcept;
    /// The links that go through an element, or to it; null if there are none.
    const std::vector<node_link*>* find(node_overlay& anchor, std::uint32_t slot) const noexcept;

  private:
    struct place {
        node_overlay* anchor;
        std::uint32_t slot;
        bool operator==(const place&) const = default;
    };
    struct place_hash {
        std::size_t operator()(const place& p) const noexcept {
            return combine_hash(reinterpret_cast<std::size_t>(p.anchor), p.slot);
        }
    };
    void remove_until(node_link& link, std::size_t steps) noexcept;

    std::unordered_map<place, std::vector<node_link*>, place_hash> links_;
};

namespace engine {

/// RuntimeApi::tell_references, unlink, release_references.
void tell_references(node_overlay& parent, std::uint32_t slot, engine_time_t now) noexcept;
void unlink(node_link& link) noexcept;
void release_references(root_context& context) noexcept;

/// Empties what refers to an element that was removed, or to something below it.
void element_gone(root_context& context, node_overlay& collection, std::uint32_t slot) noexcept;

/// Makes a reference empty without a tick; the record of its parent is the caller's.
void let_go(ref_state& state, engine_time_t now) noexcept;

/// To be called when the observers of a reference are to hear of what it follows; those of a passive input do not.
void observe_reference(ref_state& state) noexcept;

/// Of what is made of parts by position, so that a reference to it may be unbound, how many; 0 of anything else.
std::size_t part_count(const NodeType& target) noexcept;
/// Empty references to the parts of a target, below the reference that is to own them. TypeError if it has none.
std::unique_ptr<reference_items> make_items(const NodeType& target, ref_state& owner);

/// Lets the references in a removed child show what they showed, without following their targets.
void detach_references(const NodeType& type, void* overlay) noexcept;

} // namespace engine
} // namespace hgvalue
