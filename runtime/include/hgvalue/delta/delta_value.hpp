// DeltaValue: a change to a value of some type, as data that can be kept, combined, sent and applied elsewhere.
#pragma once

#include <hgvalue/core/time.hpp>
#include <hgvalue/delta/delta_type.hpp>
#include <hgvalue/delta/delta_view.hpp>
#include <hgvalue/value/value.hpp>

#include <cstddef>
#include <string>

namespace hgvalue {

/// Its content is a value of type delta_type(value_schema()), always well-formed. Like a Value it is copied explicitly,
/// by `clone`, and moved cheaply; one that was moved from can be destroyed and assigned to.
class DeltaValue {
  public:
    /// No change.
    explicit DeltaValue(const TypeMeta& value_type);
    explicit DeltaValue(const TypeMeta* value_type) : DeltaValue(*value_type) {}
    /// A delta from its content. TypeError unless that is of type delta_type(value_type), ValueError unless it is
    /// well-formed: columns that belong together are of one length, keys in order, positions within what stays.
    static DeltaValue from_storage(const TypeMeta& value_type, Value storage);

    DeltaValue(DeltaValue&&) noexcept = default;
    DeltaValue& operator=(DeltaValue&&) noexcept = default;
    DeltaValue clone() const;

    const TypeMeta* value_schema() const noexcept { return value_type_; }
    TypeKind kind() const noexcept { return value_type_->kind; }

    /// Nothing changes, nothing ticked, and nothing became invalid.
    bool empty() const { return const_view().empty(); }
    /// When the tick that it tells of was; MIN_DT of a delta that is not of a tick.
    engine_time_t time() const noexcept { return time_; }
    /// ValueError unless there can be a tick at that time, or it is MIN_DT.
    void set_time(engine_time_t time);

    /// The number of changes: one for each new value of a scalar, enum, object, variant or reference, for each optional
    /// that is reset or replaced, and for each element or key that is added, removed, appended or dropped. Changes
    /// inside parts that stay count as what they consist of; ticks do not count.
    std::size_t change_count() const { return const_view().change_count(); }
    void clear();

    /// Whether the root ticked; see delta_type.hpp.
    bool ticked() const { return const_view().ticked(); }
    /// Whether the root became invalid: there is no value after this.
    bool invalidates() const { return const_view().invalidates(); }
    /// StateError for one that became invalid: it did not tick.
    void set_ticked(bool ticked);

    /// Changes the target, in time proportional to the change; all or nothing. TypeError unless it is of the delta's
    /// type (any layout), ValueError if the change does not fit what it holds: a key to remove or to change that is
    /// not there, one to add that is, a list or buffer of another length, something inside an optional that is None.
    /// Where it invalidates() also ValueError.
    void apply_to(ValueView target) const;
    /// A delta that invalidates() makes it null, and one that ticked starts from the default of a null one: a time
    /// series that is not valid has no value.
    void apply_to(Value& target) const;

    ConstDeltaView const_view() const;
    /// The content as a value.
    ConstValueView view() const { return storage_.view(); }
    /// Gives the content away; the delta is then as moved from.
    Value release() && { return std::move(storage_); }

    /// Whether both are the same change of the same type, of the same time.
    bool equals(const DeltaValue& other) const;
    friend bool operator==(const DeltaValue& a, const DeltaValue& b) { return a.equals(b); }
    /// TypeError if the type of the value has parts without a hash.
    std::size_t hash() const { return storage_.hash(); }
    std::string to_string() const { return storage_.to_string(); }

  private:
    friend struct delta_access; // the functions of diff.hpp and algebra.hpp
    DeltaValue(const TypeMeta& value_type, Value storage) noexcept
        : value_type_(&value_type), storage_(std::move(storage)) {}

    const TypeMeta* value_type_; ///< interned
    Value storage_;
    engine_time_t time_ = MIN_DT;
};

} // namespace hgvalue
