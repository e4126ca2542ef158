// What views of sets and of maps have in common.
#pragma once

#include "generic_class.hpp"
#include "generic_view_items.hpp"

#include <hgvalue/value/row_ops.hpp>

namespace hgvalue::python {

/// A key made of a Python object.
class NewKey {
  public:
    NewKey(ViewObject* v, PyObject* from, const PathStep* where) : made_(key_meta(*v->type)) {
        from_python(made_.type(), made_.get(), from, where);
        hash_ = made_.type().ops->hash(made_.type(), made_.get());
    }
    std::uint32_t row_in(const TypeMeta& type, const row_store& rows) const {
        return find_row(type, rows, made_.get(), hash_);
    }
    std::uint32_t add_to(const TypeMeta& type, row_store& rows) const {
        return runtime().row_store_insert(type, rows, made_.get(), hash_);
    }

  private:
    Temporary made_;
    std::size_t hash_ = 0;
};

inline row_store& rows(void* data) noexcept { return *static_cast<row_store*>(data); }

/// What a composite view stands for, anything else as it is.
nb::object plain_object(PyObject* o);

/// Removes a key that was found.
void erase_key(ViewObject* v, const NewKey& key);
/// Removes a key; false if it is not there.
bool erase(ViewObject* v, PyObject* key);

// Methods of both.
int contains_key(PyObject* self, PyObject* key);
PyObject* clear_rows(PyObject* self, PyObject*);
PyObject* reserve_rows(PyObject* self, PyObject* count);
PyObject* compact_rows(PyObject* self, PyObject*);
PyObject* fragmentation_ratio(PyObject* self, PyObject*);
extern PyGetSetDef keyed_getset[];

} // namespace hgvalue::python
