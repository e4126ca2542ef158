// Small pieces that the classes of all node kinds use.
#pragma once

#include "convert.hpp"
#include "errors.hpp"
#include "node_object.hpp"
#include "stage.hpp"

#include <nanobind/nanobind.h>

#include <string>

namespace hgvalue::python {

inline PyObject* give(nb::object&& o) { return o.release().ptr(); }
inline PyObject* py_bool(bool b) { return Py_NewRef(b ? Py_True : Py_False); }
inline PyObject* py_none() { return Py_NewRef(Py_None); }

/// The handle's own place, as the start of an error's path.
inline PathStep here(PyObject* self) {
    return PathStep::lazy([](const void* o) { return path_of(static_cast<NodeObject*>(const_cast<void*>(o))); },
                          as_node(self));
}

/// "quote: expected a dict, got list [1]".
[[noreturn]] inline void throw_wrong_type(const char* expected, PyObject* given, const PathStep* where) {
    throw TypeError(prefix(where) + "expected " + expected + ", got " + describe(given));
}
/// A field that the bundle does not have, with the names nearest to it.
[[noreturn]] void throw_unknown_field(const NodeType& bundle, PyObject* name, const PathStep* where);
/// What runs while Python objects are let go of must not see a half-made change: drops wait for the guard's end.
class ObjectGuard {
  public:
    ObjectGuard() noexcept { ++depth; }
    ObjectGuard(const ObjectGuard&) = delete;
    ~ObjectGuard() {
        --depth;
        flush_pending();
    }
    static int depth;
    static bool pending; ///< something waits

    static void flush_pending() noexcept {
        if (depth == 0 && pending) flush();
    }

  private:
    static void flush() noexcept;
};
/// The runtime's object_decref: at once, or at the end of the outermost ObjectGuard. Objects that hold each other in a
/// chain of any length are let go of without filling the stack.
void drop_object(void* o) noexcept;

bool is_mapping(PyObject* o);    ///< dict, or registered as collections.abc.Mapping
bool is_frozen_set(PyObject* o); ///< frozenset
bool is_elements(PyObject* o);   ///< set, list, tuple or any collections.abc.Set: for a TSS, elements to add

/// engine times as datetimes.
PyObject* time_to_python(engine_time_t t);
/// A datetime, or an int of microseconds since 1970. TypeError for anything else.
engine_time_t time_from_python(PyObject* o);

/// Converts and applies `value` to the handle's node: `value = …` or `apply_result(…)`.
void write_node(PyObject* self, PyObject* value, NoneMeans none);
/// The same for `bind(target)` of a reference.
void bind_node(PyObject* self, PyObject* target);

/// The row of a Python key in a TSD or TSS, or no_row. TypeError for a key of the wrong type. What the key itself runs
/// when it is converted may change the time series: read the node again afterwards.
std::uint32_t find_key(PyObject* self, PyObject* key);

/// An object as an index, which may be negative; TypeError if it is none. May run Python code.
Py_ssize_t index_from_python(PyObject* key, const PathStep* where);

/// The key in `row`, as Python sees it. New reference.
inline PyObject* key_at(const node_ref& n, const row_store& store, std::uint32_t row) {
    return give(owned(to_python(key_meta(*n.type->value), store.key(*n.type->value, row))));
}

/// Builds a list from calls of `f(append)`, where append takes over a new reference.
template <class F> PyObject* build_list(F&& f) {
    nb::object list = owned(PyList_New(0));
    f([&](PyObject* o) {
        const nb::object item = owned(o);
        checked(PyList_Append(list.ptr(), item.ptr()));
    });
    return give(std::move(list));
}
/// A pair of two new references.
inline PyObject* pair(PyObject* a, PyObject* b) {
    const nb::object first = owned(a), second = owned(b);
    return give(owned(PyTuple_Pack(2, first.ptr(), second.ptr())));
}

/// What a list of children should hold.
enum class Show : std::uint8_t { Keys, Values, Items };

/// snapshot(), load(value), delta() and apply(delta), as Python calls them; in node_snapshot.cpp.
PyObject* take_node_snapshot(PyObject* self, PyObject*);
PyObject* load_node_snapshot(PyObject* self, PyObject* from);
PyObject* take_node_delta(PyObject* self, PyObject*);
PyObject* take_full_node_delta(PyObject* self, PyObject*);
PyObject* apply_node_delta(PyObject* self, PyObject* delta);

} // namespace hgvalue::python
