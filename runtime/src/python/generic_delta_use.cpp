// Deltas while they are in use, whatever becomes of the objects they came from.
#include "generic_delta.hpp"

#include <utility>

namespace hgvalue::python {

UsedDelta::UsedDelta(PyObject* delta) {
    const DeltaObject* d = as_delta(delta);
    if (!d->content) throw StateError("object is not initialised: __init__ was not called");
    content_ = nb::borrow(reinterpret_cast<PyObject*>(d->content));
    value_type_ = d->value_type;
    type_ = d->type;
    place_ = d->place;
}

bool UsedDelta::is_root() const noexcept { return as_content(content_.ptr())->delta->view().data() == place_; }

ConstDeltaView UsedDelta::view() const {
    if (is_root() && same_type(*as_content(content_.ptr())->delta->value_schema(), *value_type_))
        return as_content(content_.ptr())->delta->const_view();
    return {*value_type_, *type_, place_};
}

const DeltaValue& UsedDelta::value() {
    const DeltaValue& root = *as_content(content_.ptr())->delta;
    if (is_root() && same_type(*root.value_schema(), *value_type_)) return root;
    if (!copy_) {
        copy_ = std::make_unique<DeltaValue>(DeltaValue::from_storage(*value_type_, Value(place())));
        copy_->set_time(root.time());
    }
    return *copy_;
}

engine_time_t UsedDelta::time() const noexcept { return as_content(content_.ptr())->delta->time(); }

PyObject* UsedDelta::nested(const ConstDeltaView& part) const {
    nb::object made = owned(PyType_GenericAlloc(delta_class(), 0));
    DeltaObject* d = as_delta(made.ptr());
    d->content = as_content(Py_NewRef(content_.ptr()));
    d->value_type = part.value_schema();
    d->type = part.view().schema();
    d->place = part.view().data();
    return made.release().ptr();
}

PyObject* UsedDelta::again(PyTypeObject* cls) const {
    nb::object made = owned(PyType_GenericAlloc(cls, 0));
    DeltaObject* d = as_delta(made.ptr());
    d->content = as_content(Py_NewRef(content_.ptr()));
    d->value_type = value_type_;
    d->type = type_;
    d->place = place_;
    return made.release().ptr();
}

} // namespace hgvalue::python
