// hgvalue.Delta: a change of a value of any type, for Python.
//
// The content of a delta never changes once it is made, so deltas share it: a nested delta is a place in the content of
// the one it came from, and a copy is the same place. clear() gives a delta another content and leaves those that came
// from it as they were. The content belongs to an object of its own, which the collector looks into.
#pragma once

#include "convert.hpp"
#include "errors.hpp"

#include <hgvalue/delta/delta_value.hpp>

#include <memory>

namespace hgvalue::python {

struct ViewObject;

/// Owns a delta's content.
struct DeltaContent {
    PyObject_HEAD DeltaValue* delta;
};
inline DeltaContent* as_content(PyObject* o) noexcept { return reinterpret_cast<DeltaContent*>(o); }

struct DeltaObject {
    PyObject_HEAD DeltaContent* content; ///< strong; null until __init__
    const TypeMeta* value_type;          ///< interned
    const TypeMeta* type;                ///< delta_type(*value_type)
    const void* place;                   ///< of this type: the content, or a place in it
    PyObject* weak_references;
};

inline DeltaObject* as_delta(PyObject* o) noexcept { return reinterpret_cast<DeltaObject*>(o); }
bool is_delta(PyObject* o) noexcept;
PyTypeObject* delta_class() noexcept;

/// A delta while it is in use: what is changed or cleared meanwhile does not matter. StateError when __init__ did not
/// run.
class UsedDelta {
  public:
    explicit UsedDelta(PyObject* delta);

    const TypeMeta& value_type() const noexcept { return *value_type_; }
    /// A value of type delta_type(value_type()).
    ConstValueView place() const noexcept { return {place_, type_}; }
    ConstDeltaView view() const;
    /// The time of the tick it is of; of a nested one as of the whole.
    engine_time_t time() const noexcept;
    /// As a DeltaValue; of a nested one a copy, made at the first use.
    const DeltaValue& value();
    /// The object of a delta nested in this one. New reference.
    PyObject* nested(const ConstDeltaView& part) const;
    /// Another object of class `cls` for the same content.
    PyObject* again(PyTypeObject* cls) const;

  private:
    bool is_root() const noexcept;

    nb::object content_; ///< keeps the place alive
    const TypeMeta* value_type_;
    const TypeMeta* type_;
    const void* place_;
    std::unique_ptr<DeltaValue> copy_;
};

/// A new delta object of `cls`, Delta or a subclass. TypeError if the class is of another type.
PyObject* delta_object(PyTypeObject* cls, DeltaValue delta);
/// Gives a delta object its content, or another one.
void set_content(DeltaObject* o, DeltaValue delta);

/// The type that a subclass has fixed by its attribute __value_type__; null for Delta itself.
const TypeMeta* fixed_type(PyTypeObject* cls);

// -- the Python form, generic_delta_out.cpp and generic_delta_in.cpp
// ----------------------------------------------------

/// The keys of the form that say what the marks of a delta do. No field can be called so.
struct MarkKey {
    const char* name;
    std::uint8_t mark; ///< DeltaMark
};
inline constexpr MarkKey mark_keys[] = {{"$ticked", DeltaMark::Ticked},   {"$invalidated", DeltaMark::Invalid},
                                        {"$cleared", DeltaMark::Cleared}, {"$keys_ticked", DeltaMark::Keys},
                                        {"$written", DeltaMark::Written}, {"$was_valid", DeltaMark::WasValid}};
/// And the one, of the whole delta, that says when its tick was.
inline constexpr const char* time_key = "$time";

/// How a form is made.
struct Shape {
    Form form = Form::Object;
    std::size_t* parts_left = nullptr; ///< of a form that is only shown: how many more parts it takes, each shortened

    bool takes_more() const noexcept { return !parts_left || (*parts_left > 0 && (*parts_left)-- > 0); }
};

nb::object delta_form(UsedDelta& delta, const Shape& shape);
/// Throws TypeError, ValueError or OverflowError, which names the place.
DeltaValue delta_from_form(const TypeMeta& value_type, PyObject* form_object, Form form);

// -- parts, generic_delta_parts.cpp
// ------------------------------------------------------------------------------------

extern PyMethodDef delta_part_methods[];
extern PyMethodDef delta_table_methods[]; ///< columns_delta.cpp

// -- values -----------------------------------------------------------------------------------------------------------

/// Applies to a Value or to what a view looks at; all or nothing.
void apply_delta(UsedDelta& delta, PyObject* target);
/// After `change` was applied to what `v`, a view below a Value, looks at: marks the views of what it replaced as gone.
void lose_changed(ViewObject* v, const ConstDeltaView& change);

void init_deltas(PyObject* module);
void init_delta_functions(PyObject* module);

} // namespace hgvalue::python
