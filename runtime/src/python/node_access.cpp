#include "node_access.hpp"

#include "imported.hpp"
#include "node_classes.hpp"
#include "numpy.hpp"

#include <hgvalue/core/type_of.hpp>

#include <vector>

namespace hgvalue::python {

namespace {

/// Letting go of an object that holds another, and so on, goes this deep on the stack. What is further down waits.
constexpr int deepest_drop = 32;
/// How many objects this thread is letting go of, each while the one before is destroyed.
thread_local int nested_drops = 0;

/// What waits to be let go of. Its first memory comes early, so that a chain of any length needs no more.
std::vector<PyObject*>& dropped() {
    static auto& objects = []() -> std::vector<PyObject*>& {
        auto& made = *new std::vector<PyObject*>;
        made.reserve(256);
        return made;
    }();
    return objects;
}

void let_go(PyObject* o) noexcept {
    ++nested_drops;
    Py_DECREF(o);
    if (--nested_drops == 0) ObjectGuard::flush_pending();
}

Imported abstract_mapping{"collections.abc", "Mapping"};
Imported abstract_set{"collections.abc", "Set"};

} // namespace

int ObjectGuard::depth = 0;
bool ObjectGuard::pending = false;

void ObjectGuard::flush() noexcept {
    if (nested_drops >= deepest_drop) return; // the outermost drop does it
    // Letting go of one may run code that drops more, or takes a guard itself.
    ++nested_drops;
    while (!dropped().empty()) {
        PyObject* o = dropped().back();
        dropped().pop_back();
        Py_DECREF(o);
    }
    --nested_drops;
    pending = false;
}

void drop_object(void* o) noexcept {
    auto* object = static_cast<PyObject*>(o);
    if (Py_REFCNT(object) > 1) {
        Py_DECREF(object);
        return;
    }
    if (ObjectGuard::depth == 0 && nested_drops < deepest_drop) {
        let_go(object);
        return;
    }
    try {
        dropped().push_back(object);
        ObjectGuard::pending = true;
    } catch (const std::bad_alloc&) {
        let_go(object);
    }
}

bool is_mapping(PyObject* o) {
    if (PyDict_Check(o)) return true;
    if (PyTuple_Check(o) || PyList_Check(o) || PyUnicode_Check(o) || PyLong_Check(o) || PyFloat_Check(o)) return false;
    return checked(PyObject_IsInstance(o, abstract_mapping.get())) != 0;
}

bool is_frozen_set(PyObject* o) { return PyObject_TypeCheck(o, &PyFrozenSet_Type); }

bool is_elements(PyObject* o) {
    if (PyList_Check(o) || PyTuple_Check(o) || PyObject_TypeCheck(o, &PySet_Type)) return true;
    if (PyUnicode_Check(o) || PyLong_Check(o) || PyFloat_Check(o) || PyBytes_Check(o)) return false;
    return checked(PyObject_IsInstance(o, abstract_set.get())) != 0;
}

namespace {

/// On its own, so that keys that are looked up as they are do not pay for it.
[[gnu::noinline]] std::uint32_t find_converted_key(NodeObject* dict, PyObject* key, const PathStep* where) {
    const CollectorPause pause; // not all that look for a key are guarded
    const TypeMeta& type = *dict->ref.type->value;
    const PythonKey k(key_meta(type), key, where);
    return find_row(type, resolve(dict).rows(), k.data(), k.hash());
}

} // namespace

std::uint32_t find_key(PyObject* self, PyObject* key) {
    const PathStep start = here(self);
    const node_ref& n = resolve(as_node(self)); // a stale handle says so before anything is said of the key
    const TypeMeta& type = *n.type->value;
    if (is_direct_key(key_meta(type), key)) return find_row_direct(type, n.rows(), key, &start);
    return find_converted_key(as_node(self), key, &start);
}

PyObject* handle_of(const node_ref& n) {
    if (!n.context->owner) return py_none();
    std::vector<std::uint32_t> slots;
    std::uint32_t slot = n.slot;
    for (const node_overlay* p = n.parent; p->parent; slot = p->slot, p = p->parent)
        if (p->form() != RecordForm::Reference) slots.push_back(slot); // its items stand where it stands
    nb::object handle = nb::borrow(static_cast<PyObject*>(n.context->owner));
    for (; !slots.empty(); slots.pop_back()) {
        NodeObject* parent = as_node(handle.ptr());
        const node_ref& p = resolve(parent);
        handle = owned(p.type->kind == NodeKind::TSD ? row_handle(parent, p.keyed().places[slots.back()].row)
                                                     : element_or_field(parent, slots.back()));
    }
    return give(std::move(handle));
}

Py_ssize_t index_from_python(PyObject* key, const PathStep* where) {
    if (!PyIndex_Check(key)) throw_wrong_type("an int index", key, where);
    const Py_ssize_t i = PyNumber_AsSsize_t(key, PyExc_IndexError);
    if (i == -1 && PyErr_Occurred()) {
        clear_error(PyExc_IndexError);
        throw IndexError(prefix(where) + "index " + short_repr(key) + " is beyond any list");
    }
    return i;
}

void throw_unknown_field(const NodeType& bundle, PyObject* name, const PathStep* where) {
    std::string known;
    for (std::uint32_t i = 0; i < bundle.field_count; ++i)
        known += (i ? ", " : "") + std::string(bundle.fields[i].name);
    throw KeyError(prefix(where) + "no field " + short_repr(name) + "; the fields are " + known);
}

PyObject* time_to_python(engine_time_t t) {
    const datetime at{t};
    return owned(to_python(type_of<datetime>(), &at)).release().ptr();
}

engine_time_t time_from_python(PyObject* o) {
    const auto number = [&](PyObject* index) -> engine_time_t {
        int overflow = 0;
        const long long t = PyLong_AsLongLongAndOverflow(index, &overflow);
        if (overflow) throw OverflowError("evaluation time: " + short_repr(o) + " µs is beyond the range of a time");
        if (t == -1 && PyErr_Occurred()) throw_python_error();
        return t;
    };
    if (PyLong_Check(o) && !PyBool_Check(o)) return number(o);
    if (is_numpy(o, "integer") && !is_numpy(o, "timedelta64")) return number(owned(PyNumber_Index(o)).ptr());
    const PathStep where = PathStep::root("evaluation time");
    datetime at;
    from_python(type_of<datetime>(), &at, o, &where);
    return at.us;
}

} // namespace hgvalue::python
