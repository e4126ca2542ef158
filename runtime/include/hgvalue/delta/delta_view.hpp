// Looking into a delta: what changed, as views and ranges of views.
//
// Views look at the delta's storage and are good until it changes. A view of a nested delta comes from the view of the
// delta around it.
#pragma once

#include <hgvalue/core/type_registry.hpp>
#include <hgvalue/delta/delta_type.hpp>
#include <hgvalue/value/view.hpp>
#include <hgvalue/value/view_range.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace hgvalue {

class ConstAtomicDeltaView;
class ConstOptionalDeltaView;
class ConstBundleDeltaView;
class ConstListDeltaView;
class ConstSetDeltaView;
class ConstMapDeltaView;
class ConstWindowDeltaView;

class ConstDeltaView {
  public:
    /// `content` is of type delta_content_type(value_type), or null for no change. `marks` are for atomic ones, which
    /// have no place for them.
    ConstDeltaView(const TypeMeta& value_type, const TypeMeta& content_type, const void* content,
                   std::uint8_t marks = 0) noexcept
        : value_type_(&value_type), content_type_(&content_type), content_(content), marks_(marks) {}

    const TypeMeta* value_schema() const noexcept { return value_type_; }
    TypeKind kind() const noexcept { return value_type_->kind; }
    /// Nothing changed, nothing ticked, and nothing became invalid.
    bool empty() const;
    /// As DeltaValue::change_count.
    std::size_t change_count() const;
    /// The DeltaMark bits; see delta_type.hpp.
    std::uint8_t marks() const;
    /// Whether the node ticked.
    bool ticked() const { return (marks() & DeltaMark::Ticked) != 0; }
    /// Whether the node became invalid.
    bool invalidates() const { return (marks() & DeltaMark::Invalid) != 0; }
    /// The content itself: the columns, or the new value of an atomic.
    ConstValueView view() const noexcept { return {content_, content_type_}; }

    // TypeError for a delta of another kind of value.
    ConstAtomicDeltaView as_atomic_delta() const; ///< scalars, enums, objects, variants, references
    ConstOptionalDeltaView as_optional_delta() const;
    ConstBundleDeltaView as_bundle_delta() const; ///< bundles and tuples
    ConstListDeltaView as_list_delta() const;     ///< lists and arrays
    ConstSetDeltaView as_set_delta() const;
    ConstMapDeltaView as_map_delta() const;
    ConstWindowDeltaView as_window_delta() const; ///< windows, queues and cyclic buffers

  protected:
    ViewRange column(std::uint32_t field) const;
    std::uint64_t count(std::uint32_t field) const;
    /// Nested delta `i` of those in a column.
    ConstDeltaView nested(std::uint32_t field, std::size_t i) const;
    [[noreturn]] void refuse(const char* wanted) const;

    const TypeMeta* value_type_;
    const TypeMeta* content_type_;
    const void* content_;
    std::uint8_t marks_;
};

class ConstAtomicDeltaView : public ConstDeltaView {
  public:
    /// The new value; not valid() if there is none.
    ConstValueView new_value() const noexcept { return view(); }

  private:
    friend class ConstDeltaView;
    explicit ConstAtomicDeltaView(const ConstDeltaView& v) : ConstDeltaView(v) {}
};

class ConstOptionalDeltaView : public ConstDeltaView {
  public:
    OptionalChange state() const;
    /// What it was replaced with; not valid() if it was not.
    ConstValueView new_value() const;
    /// The change inside; StateError unless has_inside().
    ConstDeltaView inside() const;
    /// Whether state() is Inside, or a time series that became invalid lost or got keys that it keeps.
    bool has_inside() const;

  private:
    friend class ConstDeltaView;
    explicit ConstOptionalDeltaView(const ConstDeltaView& v) : ConstDeltaView(v) {}
};

class ConstBundleDeltaView : public ConstDeltaView {
  public:
    /// Positions of the fields that changed, ascending.
    std::vector<std::uint32_t> changed_fields() const;
    /// IndexError beyond the last field.
    bool is_changed(std::size_t i) const;
    /// The change of a field; empty if it did not change. IndexError, KeyError if there is no such field.
    ConstDeltaView field(std::size_t i) const;
    ConstDeltaView field(std::string_view name) const;

  private:
    friend class ConstDeltaView;
    explicit ConstBundleDeltaView(const ConstDeltaView& v) : ConstDeltaView(v) {}
};

class ConstListDeltaView : public ConstDeltaView {
  public:
    /// Elements that stay, and after them go; both 0 in an array and where nothing changes.
    std::size_t kept() const;
    std::size_t dropped() const;
    /// Positions (uint64) of the elements that stay and changed, ascending.
    ViewRange updated_indices() const;
    /// Position and change: the new value of an atomic element, else the content of its delta.
    ViewPairRange updated_items() const;
    /// The change number `i` of updated_items. IndexError beyond the last.
    ConstDeltaView updated(std::size_t i) const;
    ViewRange appended() const;

  private:
    friend class ConstDeltaView;
    explicit ConstListDeltaView(const ConstDeltaView& v) : ConstDeltaView(v) {}
    std::uint32_t indices_field() const noexcept;
};

class ConstSetDeltaView : public ConstDeltaView {
  public:
    ViewRange added() const;
    ViewRange removed() const;

  private:
    friend class ConstDeltaView;
    explicit ConstSetDeltaView(const ConstDeltaView& v) : ConstDeltaView(v) {}
};

class ConstMapDeltaView : public ConstDeltaView {
  public:
    ViewRange added_keys() const;
    /// Key and value.
    ViewPairRange added_items() const;
    ViewRange updated_keys() const;
    /// Key and change: the new value of an atomic one, else the content of its delta.
    ViewPairRange updated_items() const;
    /// The change number `i` of updated_items. IndexError beyond the last.
    ConstDeltaView updated(std::size_t i) const;
    /// Keys that go; one that is among the added ones too starts afresh.
    ViewRange removed_keys() const;

  private:
    friend class ConstDeltaView;
    explicit ConstMapDeltaView(const ConstDeltaView& v) : ConstDeltaView(v) {}
};

class ConstWindowDeltaView : public ConstDeltaView {
  public:
    /// How many of the oldest go, and how many stay; both 0 where nothing changes.
    std::size_t dropped() const;
    std::size_t kept() const;
    ViewRange appended() const;
    /// Of a window: when each of the appended came (datetime), and both. TypeError for others.
    ViewRange appended_times() const;
    ViewPairRange appended_items() const;

  private:
    friend class ConstDeltaView;
    explicit ConstWindowDeltaView(const ConstDeltaView& v) : ConstDeltaView(v) {}
};

} // namespace hgvalue
