// The rows that a column of keys stands for, and the slots that `resolve` gives for them.
#pragma once

#include "columns_stage.hpp"
#include "node_object.hpp"

#include <memory>
#include <vector>

namespace hgvalue::python {

/// Keys as they were given: looked up without making a key of each where they are text or ints.
class KeyColumn {
  public:
    /// Throws as from_python; ValueError for a null among them.
    KeyColumn(const TypeMeta& key, GivenColumn&& column, const PathStep* where);
    /// Checks again the texts that have none of these rows, as somebody may have changed them if Python code ran.
    /// ValueError for one that is no key any more. To be called when no more Python code runs.
    void check_new(const std::vector<std::uint32_t>& rows, const PathStep* where) const;

    std::size_t size() const noexcept { return size_; }
    /// The rows they have in a dict now, no_row for those that are not there.
    std::vector<std::uint32_t> find(const node_ref& dict) const;
    /// The row of key `i`, which is added if it is not there.
    std::uint32_t find_or_insert(const node_ref& dict, std::size_t i) const;
    /// A copy of key `i` in `to`, a value of the key type.
    void copy(std::size_t i, void* to) const;

  private:
    const TypeMeta& type_;
    std::size_t size_ = 0;
    GivenColumn column_;                  ///< what texts_ lie in
    std::vector<std::string_view> texts_; ///< of str keys
    std::unique_ptr<StagedColumn> keys_;  ///< of all others
};

/// The elements that keys stood for when they were resolved. A key that was not there is kept until it comes.
struct KeySlots {
    static constexpr std::uint32_t not_there = ~std::uint32_t{0};
    struct Element {
        std::uint32_t id; ///< in the dict; not_there: `waiting` has the key
        std::uint32_t generation;
    };
    struct Waiting {
        std::uint32_t slot;
        std::uint32_t key; ///< among `keys`
    };

    KeySlots(const node_ref& dict, const KeyColumn& keys);
    /// The rows now. StaleReferenceError if one of the keys was removed since it was there.
    std::vector<std::uint32_t> find(const node_ref& dict);
    std::uint32_t find_or_insert(const node_ref& dict, std::size_t slot);

    std::vector<Element> elements;
    std::vector<Waiting> waiting; ///< in the order of slots
    std::unique_ptr<ValueArray> keys;
    const TypeMeta& type;

  private:
    void settle(const node_ref& dict, const Waiting& w, std::uint32_t row);
};

} // namespace hgvalue::python
