// BoundValue and DerefTSValue: an output, read as the type that somebody wants, whichever output that is just now.
//
// An input is a root of its own on the clock of its output: a REF of what it reads as, bound to the output. So it reads
// as any reference does, in the tick in which it gets another output, too.
#pragma once

#include <hgvalue/time_series/match.hpp>
#include <hgvalue/time_series/sampling.hpp>
#include <hgvalue/time_series/ts_value.hpp>

#include <utility>

namespace hgvalue {

namespace engine {

/// What an input of a type reads as: the type itself, or what references of it refer to.
const NodeType& input_type(const NodeType& wanted);
/// Binds an input, a root of type REF, to an output. TypeError with both schemas where that does not match.
SchemaMatch input_connect(const node_ref& input, const node_ref& output);
/// A passive input tells nobody of its ticks; it reads the same. One that becomes active in a tick of its own tells.
void input_set_active(const node_ref& input, bool active);
bool input_is_active(const node_ref& input) noexcept;

/// StateError unless `at` is the time of the node's clock.
void require_evaluation_time(const node_ref& n, engine_time_t at);

} // namespace engine

namespace detail {

/// What is read through a reference; `Self` has reference(), a TSView of a REF.
template <class Self> class dereferenced {
  public:
    /// What it reads as: its target, through any number of references; a node that was never written if it has none.
    TSView target() const { return reference().target(); }
    /// The data of that, in place.
    ConstValueView value() const { return reference().value(); }

    /// Whether there is something it refers to.
    bool bound() const { return !reference().is_empty(); }
    bool valid() const { return reference().valid(); }
    bool all_valid() const { return reference().all_valid(); }
    /// Whether the target ticked, or it came to refer to another one that is valid.
    bool modified() const { return reference().modified(); }
    bool modified_at(engine_time_t at) const { return reference().modified_at(at); }
    engine_time_t last_modified_time() const { return reference().last_modified_time(); }

    /// Evaluations are what hgraph's nodes do in a tick. Without them all that is said of a tick holds until it ends.
    void begin_evaluation(engine_time_t at) {
        engine::require_evaluation_time(reference().ref(), at);
        ended_at_ = MIN_DT;
    }
    /// From here on nothing is said of what was read before: sampled() and has_previous() are false.
    void end_evaluation() { ended_at_ = reference().now(); }

    /// Whether it came to read something else in this tick: all that is valid there counts as modified.
    bool sampled() const { return bound() && sampling().sampled; }
    /// Whether it read something valid, which is still there, when this tick began, and reads something else now.
    bool has_previous() const { return sampling().has_before; }
    /// That; a view of nothing if there is none.
    TSView previous_target() const {
        const Sampling s = sampling();
        if (!s.has_before) return {};
        return TSView(s.before);
    }

    /// Calls `f(key)` for each key of a TSD or element of a TSS that came in this tick, or that what was read before
    /// did not have.
    template <class F> void for_each_added(F&& f) const {
        const node_ref n = keyed_target();
        const Sampling s = sampling();
        const auto show = [&](std::uint32_t row) { f(key_in(n, n.rows(), row)); };
        if (s.sampled) return EarlierKeys(n, s).for_each_new(show);
        if (!engine::record_is_current(n)) return;
        const keyed_state& k = n.keyed();
        for (const std::uint32_t id : k.added)
            if (const std::uint32_t row = k.places[id].row; row != no_row && k.flags[row] & RowFlag::Added) show(row);
    }
    /// Likewise for those that went, or that what was read before had.
    template <class F> void for_each_removed(F&& f) const {
        const node_ref n = keyed_target();
        const Sampling s = sampling();
        if (s.sampled) {
            const EarlierKeys keys(n, s);
            const node_ref& b = keys.before();
            return keys.for_each_missing([&](std::uint32_t row, bool removed) {
                f(key_in(b, removed ? b.keyed().removed->store : b.rows(), row));
            });
        }
        if (!engine::record_is_current(n) || !n.keyed().removed) return;
        const removed_rows& r = *n.keyed().removed;
        for (std::uint32_t row = 0; row < r.store.size(); ++row)
            if (!(r.flags[row] & RowFlag::Returned)) f(key_in(n, r.store, row));
    }

  private:
    TSView reference() const { return static_cast<const Self&>(*this).reference(); }
    Sampling sampling() const {
        const node_ref n = reference().ref();
        if (ended_at_ != MIN_DT && ended_at_ == n.now()) return {};
        return sampling_of(n);
    }
    node_ref keyed_target() const {
        const node_ref n = target().ref();
        key_type_of(n);
        return n;
    }
    static ConstValueView key_in(const node_ref& n, const row_store& rows, std::uint32_t row) {
        return {rows.key(*n.type->value, row), n.type->scalar};
    }

    engine_time_t ended_at_ = MIN_DT; ///< the tick in which an evaluation ended
};

} // namespace detail

/// Reads through a REF that is somewhere in a time series.
class DerefTSValue : public detail::dereferenced<DerefTSValue> {
  public:
    /// TypeError unless it is a REF, and with `wanted` unless that is what it reads as.
    explicit DerefTSValue(const TSView& reference);
    DerefTSValue(const TSView& reference, const NodeType& wanted);

    const TSView& reference() const noexcept { return reference_; }

  private:
    TSView reference_;
};

/// An output bound to an input of some type. The input is its own; of the output it knows when that goes, after which
/// it stays at the time of the output's last tick. A clock that was given to the output must outlive the input, too.
class BoundValue : public detail::dereferenced<BoundValue> {
  public:
    /// TypeError with both schemas where they do not match.
    BoundValue(const NodeType& wanted, const TSView& output);

    /// How the schema of the output fits. Composite: there are references in it, each read as what it refers to.
    SchemaMatch kind() const noexcept { return kind_; }
    /// The input as a time series, to navigate in and to subscribe to.
    TSView view() const { return std::as_const(input_).view(); }
    TSView reference() const { return view(); }

    /// See engine::input_set_active.
    bool active() const noexcept { return engine::input_is_active(input_.ref()); }
    void make_active() { engine::input_set_active(input_.ref(), true); }
    void make_passive() { engine::input_set_active(input_.ref(), false); }

    /// Binds it to another output, or to none.
    void rebind(const TSView& output) { kind_ = engine::input_connect(input_.ref(), output.ref()); }
    void unbind() { engine::reference_unwire(input_.ref()); }

  private:
    TSValue input_;
    SchemaMatch kind_;
};

/// Reads `output` as a `wanted`.
inline BoundValue bind(const NodeType& wanted, const TSView& output) { return {wanted, output}; }

} // namespace hgvalue
