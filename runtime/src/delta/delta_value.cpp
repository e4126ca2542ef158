// DeltaValue, and the functions that make one of values and of others.
#include <hgvalue/delta/algebra.hpp>
#include <hgvalue/delta/delta_value.hpp>
#include <hgvalue/delta/diff.hpp>

#include "../value/temporary.hpp"
#include "delta_access.hpp"

#include <hgvalue/core/error.hpp>
#include <hgvalue/value/assign.hpp>
#include <hgvalue/value/format.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace hgvalue {

namespace part = detail::part;

namespace {

[[noreturn]] void refuse_type(const char* doing, const TypeMeta& wanted, const TypeMeta& given) {
    const auto spelled = [](const TypeMeta& t) {
        return t.name && t.module ? std::string(t.module) + "." + t.name : type_name(t);
    };
    throw TypeError(std::string(doing) + ": expected a value of type " + spelled(wanted) + ", got one of type " +
                    spelled(given));
}

const void* checked_data(const ConstValueView& v, const char* doing) {
    if (!v.valid()) throw NullValueError(std::string(doing) + ": there is no value");
    return v.data();
}

void require_type(const char* doing, const TypeMeta& wanted, const ConstValueView& v) {
    checked_data(v, doing);
    if (!same_type(wanted, *v.schema())) refuse_type(doing, wanted, *v.schema());
}

void set_atomic(const TypeMeta& root, void* p, const TypeMeta& from_type, const void* from) {
    void* place = detail::emplace_at(root, p, part::atomic_root::value);
    detail::copy_value(*root.fields[part::atomic_root::value].type->element, place, from_type, from);
}

/// The delta of a single value: it ticked and has a new one, became invalid, or is just new.
void check_atomic(const TypeMeta& v, const TypeMeta& root, const void* p) {
    const std::uint8_t marks = detail::marks_at(root, p);
    const bool has_value = detail::payload_at(root, p, part::atomic_root::value) != nullptr;
    const auto refuse = [&](const char* what) { throw ValueError("not a delta of " + type_name(v) + ": " + what); };
    if (marks & ~(DeltaMark::Ticked | DeltaMark::Invalid)) refuse("it has marks that a single value cannot have");
    if (marks & DeltaMark::Invalid && (marks & DeltaMark::Ticked || has_value))
        refuse("what became invalid neither ticked nor has a value");
}

DeltaValue make_diff(const TypeMeta& layout, const void* from, const void* to, bool full) {
    return delta_access::make_with(TypeRegistry::instance().intern(layout), [&](const TypeMeta& root, void* p) {
        if (!is_atomic(layout))
            detail::diff_content(layout, from, to, root, p, full);
        else if (full || !detail::identical(layout, from, to))
            set_atomic(root, p, layout, to);
    });
}

} // namespace

DeltaValue::DeltaValue(const TypeMeta& value_type)
    : value_type_(&TypeRegistry::instance().intern(value_type)), storage_(delta_type(value_type)) {}

DeltaValue DeltaValue::from_storage(const TypeMeta& value_type, Value storage) {
    const TypeMeta& v = TypeRegistry::instance().intern(value_type);
    const TypeMeta& root = delta_type(v);
    require_type("a delta", root, std::as_const(storage).view());
    if (storage.schema() != &root) {
        Value converted(root);
        assign_value(root, converted.data(), *storage.schema(), storage.data());
        storage = std::move(converted);
    }
    if (!is_atomic(v))
        detail::check_content(v, root, storage.data());
    else
        check_atomic(v, root, storage.data());
    return {v, std::move(storage)};
}

DeltaValue DeltaValue::clone() const {
    DeltaValue copy(*value_type_, storage_.clone());
    copy.time_ = time_;
    return copy;
}

void DeltaValue::clear() {
    storage_ = Value(*storage_.schema());
    time_ = MIN_DT;
}

void DeltaValue::set_time(engine_time_t time) {
    if (time < MIN_DT || time > MAX_DT)
        throw ValueError("the time of a delta must be from 1970 to 9999, in microseconds since 1970, not " +
                         std::to_string(time));
    time_ = time;
}

void DeltaValue::set_ticked(bool ticked) {
    if (ticked && invalidates()) throw StateError("a delta by which something became invalid does not tick");
    detail::set_mark(*storage_.schema(), storage_.data(), DeltaMark::Ticked, ticked);
}

ConstDeltaView DeltaValue::const_view() const {
    const delta_access d(*this);
    return {d.type, d.content_type(), d.content(), d.atomic() ? d.marks() : std::uint8_t{0}};
}

void DeltaValue::apply_to(ValueView target) const {
    require_type("applying a delta", *value_type_, target);
    if (invalidates()) throw ValueError("the delta does not fit: it leaves no value, and this place always holds one");
    const delta_access d(*this);
    if (const void* content = d.content())
        detail::apply_content(*target.schema(), target.data(), d.content_type(), content);
}

void DeltaValue::apply_to(Value& target) const {
    const bool starts = target.valid() && !target.has_value() && ticked();
    if (!starts && !invalidates() && target.has_value()) return apply_to(target.view());
    if (target.valid() && !same_type(*value_type_, *target.schema()))
        refuse_type("applying a delta", *value_type_, *target.schema());
    if (invalidates()) return target.reset();
    if (!starts) return empty() ? void() : apply_to(target.view()); // which says that there is none
    const delta_access d(*this);
    if (!d.content()) throw ValueError("the delta does not fit: it says that a value ticked, and there is none");
    Value made(*target.schema());
    if (!d.atomic()) detail::start_afresh(*made.schema(), made.data(), d.content_type(), d.content());
    apply_to(made.view());
    target = std::move(made);
}

bool DeltaValue::equals(const DeltaValue& other) const {
    return time_ == other.time_ && same_type(*value_type_, *other.value_type_) && storage_.equals(other.storage_);
}

DeltaValue diff(const ConstValueView& from, const ConstValueView& to) {
    const void* a = checked_data(from, "diff");
    require_type("diff", *from.schema(), to);
    const TypeMeta& layout = *to.schema();
    if (detail::same_bytes(layout, *from.schema())) return make_diff(layout, a, to.data(), false);
    const detail::temporary converted(layout, *from.schema(), a);
    return make_diff(layout, converted.get(), to.data(), false);
}

DeltaValue full_delta(const ConstValueView& value) {
    const void* to = checked_data(value, "full_delta");
    const TypeMeta& layout = *value.schema();
    // The default as a value of the type has it, whatever its layout: that is what a delta is applied to elsewhere.
    const detail::temporary from(layout);
    return make_diff(layout, from.get(), to, true);
}

Value apply(const DeltaValue& delta, const ConstValueView& value) {
    require_type("applying a delta", *delta.value_schema(), value);
    Value changed(value);
    delta.apply_to(changed);
    expire(changed, delta.time());
    return changed;
}

DeltaValue compose(const DeltaValue& first, const DeltaValue& second) {
    if (!same_type(*first.value_schema(), *second.value_schema()))
        refuse_type("composing deltas", *first.value_schema(), *second.value_schema());
    const delta_access a(first), b(second);
    DeltaValue both = delta_access::make_with(a.type, [&](const TypeMeta& root, void* p) {
        if (!a.atomic()) return detail::compose_content(a.type, root, a.content(), b.content(), p);
        // What the second one says of validity is the last word.
        if (b.marks() & DeltaMark::Invalid) return detail::set_marks(root, p, DeltaMark::Invalid);
        if (const void* value = b.content() ? b.content() : a.content()) set_atomic(root, p, a.content_type(), value);
        const bool lost = first.invalidates() && second.empty();
        detail::set_marks(root, p, lost ? DeltaMark::Invalid : (a.marks() | b.marks()) & DeltaMark::Ticked);
    });
    both.set_time(std::max(first.time(), second.time()));
    return both;
}

namespace {

/// The change that undoes `delta` where it changes something.
DeltaValue undo(const DeltaValue& delta, const ConstValueView& before) {
    const delta_access d(delta);
    return delta_access::make_with(d.type, [&](const TypeMeta& root, void* p) {
        if (!d.atomic()) return detail::invert_content(*before.schema(), before.data(), root, d.content(), p);
        if (d.content() || delta.invalidates()) set_atomic(root, p, *before.schema(), before.data());
        detail::set_mark(root, p, DeltaMark::Ticked, delta.ticked() || delta.invalidates());
    });
}

/// The change that undoes one where there was no value before.
DeltaValue undo_start(const DeltaValue& delta) {
    const delta_access d(delta);
    return delta_access::make_with(d.type, [&](const TypeMeta& root, void* p) {
        if (!d.atomic()) return detail::invert_to_invalid(d.type, root, d.content(), p);
        detail::set_mark(root, p, DeltaMark::Invalid, !delta.empty());
    });
}

} // namespace

DeltaValue invert(const DeltaValue& delta, const ConstValueView& before) {
    if (!before.valid()) return undo_start(delta);
    require_type("inverting a delta", *delta.value_schema(), before);
    DeltaValue back = undo(delta, before);
    if (delta.invalidates() || !detail::expires(*before.schema(), before.data(), delta.time())) return back;
    // What the delta does not change expires with it.
    const Value undone = apply(back, apply(delta, before).view());
    return compose(back, diff(undone.view(), before));
}

} // namespace hgvalue
