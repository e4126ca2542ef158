// ExtendedValue: a value with behaviour around its changes, put together at compile time.
//
//     using Checked = ExtendedValue<WithModTracking, WithValidation>;
//
// Such a value changes as a whole: the new value is made beside the old one, goes through every mixin from the first
// named to the last, and only then takes the place of the old one. So there is no mutable view of it; modify() gives
// one of the new value while it is made. A mixin that is not named costs nothing.
#pragma once

#include <hgvalue/value/format.hpp>
#include <hgvalue/value/value.hpp>

#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

namespace hgvalue {

/// The end of every chain: the value itself. A mixin derives from what comes after it and may wrap commit() and
/// convert().
class ValueCore {
  public:
    const Value& value() const noexcept { return value_; }
    ConstValueView view() const { return value_.view(); }
    const TypeMeta* schema() const noexcept { return value_.schema(); }
    bool has_value() const noexcept { return value_.has_value(); }

  protected:
    /// Makes `fresh`, which has the same type, the value. A mixin that throws before it calls its base's keeps the old.
    void commit(Value&& fresh) { value_ = std::move(fresh); }
    /// The Python form, as a new reference.
    void* convert() const { return value_.to_python(); }

    Value value_;
};

/// Keeps the Python form once it was asked for, until the value changes.
template <class Next> class WithCache : public Next {
  protected:
    void commit(Value&& fresh) {
        cached_ = object(); // first, as what follows may ask for the new form
        Next::commit(std::move(fresh));
    }
    void* convert() const {
        if (cached_.get()) return detail::new_reference(cached_.get());
        void* made = Next::convert();
        cached_ = object(made);
        return made;
    }

  private:
    mutable object cached_;
};

/// Calls back after every change, in the order of on_modified. A callback that throws keeps later ones from being
/// called; the change stays.
template <class Next> class WithModTracking : public Next {
  public:
    void on_modified(std::function<void()> callback) { callbacks_.push_back(std::move(callback)); }

  protected:
    void commit(Value&& fresh) {
        Next::commit(std::move(fresh));
        for (std::size_t i = 0; i < callbacks_.size(); ++i) {
            const std::function<void()> callback = callbacks_[i]; // it may add others
            callback();
        }
    }

  private:
    std::vector<std::function<void()>> callbacks_;
};

/// Refuses new values for which a predicate is false, with a ValueError.
template <class Next> class WithValidation : public Next {
  public:
    using Predicate = std::function<bool(const ConstValueView&)>;
    /// From now on; the value there is is not looked at. An empty function accepts everything. Null values are not
    /// asked about.
    void validate_with(Predicate predicate) { predicate_ = std::move(predicate); }

  protected:
    void commit(Value&& fresh) {
        if (predicate_ && fresh.has_value() && !predicate_(fresh.const_view()))
            throw ValueError("the value " + hgvalue::short_string(*fresh.schema(), fresh.data()) + " is not valid");
        Next::commit(std::move(fresh));
    }

  private:
    Predicate predicate_;
};

namespace detail {

template <template <class> class... Mixins> struct mixin_chain {
    using type = ValueCore;
};
template <template <class> class First, template <class> class... Rest> struct mixin_chain<First, Rest...> {
    using type = First<typename mixin_chain<Rest...>::type>;
};

} // namespace detail

/// A value with mixins; the first named is the outermost.
template <template <class> class... Mixins> class ExtendedValue : public detail::mixin_chain<Mixins...>::type {
  public:
    /// The default value of a type.
    explicit ExtendedValue(const TypeMeta& type) : ExtendedValue(Value(type)) {}
    /// StateError for a value without a type. No mixin sees the first value.
    explicit ExtendedValue(Value first) {
        detail::require_type(first.schema());
        this->value_ = std::move(first);
    }

    /// Assigns, as ValueView::copy_from.
    template <AnyValue T> void assign(const T& v) {
        Value fresh(*this->schema());
        fresh.view().assign(v);
        this->commit(std::move(fresh));
    }
    /// `change(view)` may do anything to a copy of the value, which then becomes the value. A null value is made first.
    template <class Change> void modify(const Change& change) {
        Value fresh = this->value_.clone();
        ValueView view = fresh.emplace();
        change(view);
        this->commit(std::move(fresh));
    }
    /// Makes it null.
    void reset() { this->commit(Value::null(*this->schema())); }

    /// As Value::to_python and Value::from_python.
    void* to_python() const { return this->convert(); }
    void from_python(void* object) {
        Value fresh = Value::null(*this->schema());
        fresh.from_python(object);
        this->commit(std::move(fresh));
    }
};

} // namespace hgvalue
