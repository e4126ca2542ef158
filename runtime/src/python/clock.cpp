#include "clock.hpp"

#include "generic_class.hpp"
#include "node_access.hpp"

#include <hgvalue/core/type_of.hpp>

#include <cstddef>
#include <new>

namespace hgvalue::python {

namespace {

/// Standard layout, so that Python can be told where the weak references are.
struct ClockObject {
    PyObject_HEAD PyObject* weak_references;
    alignas(EvaluationClock) std::byte clock[sizeof(EvaluationClock)];
};

PyTypeObject* clock_class = nullptr;

void* place_of(PyObject* self) { return reinterpret_cast<ClockObject*>(self)->clock; }
EvaluationClock& of(PyObject* self) { return *std::launder(static_cast<EvaluationClock*>(place_of(self))); }

PyObject* create(PyTypeObject* cls, PyObject* args, PyObject* kwargs) {
    return guarded([&]() -> PyObject* {
        if (PyTuple_Size(args) || (kwargs && PyDict_Size(kwargs)))
            throw TypeError("EvaluationClock() takes no arguments");
        PyObject* o = owned(PyType_GenericAlloc(cls, 0)).release().ptr();
        new (place_of(o)) EvaluationClock;
        return o;
    });
}

void destroy(PyObject* self) {
    if (reinterpret_cast<ClockObject*>(self)->weak_references) PyObject_ClearWeakRefs(self);
    PyTypeObject* cls = Py_TYPE(self);
    reinterpret_cast<freefunc>(PyType_GetSlot(cls, Py_tp_free))(self);
    Py_DECREF(reinterpret_cast<PyObject*>(cls));
}

PyObject* get_now(PyObject* self, void*) {
    return guarded_hot([&]() -> PyObject* { return time_to_python(of(self).now()); });
}

PyObject* advance(PyObject* self, PyObject* at) {
    return guarded([&]() -> PyObject* {
        of(self).advance(time_from_python(at));
        return py_none();
    });
}

PyObject* tick(PyObject* self, PyObject* at) {
    return guarded([&]() -> PyObject* {
        of(self).advance(time_from_python(at));
        return Py_NewRef(self);
    });
}

PyObject* enter(PyObject* self, PyObject*) {
    of(self).enter_block();
    return Py_NewRef(self);
}

PyObject* leave(PyObject* self, PyObject*) {
    return guarded([&]() -> PyObject* {
        of(self).leave_block();
        return py_none();
    });
}

PyGetSetDef getset[] = {{"now", get_now, nullptr, "The current time; MIN_DT before the first tick.", nullptr},
                        {nullptr, nullptr, nullptr, nullptr, nullptr}};
PyMethodDef methods[] = {
    {"advance", advance, METH_O, "advance($self, at, /)\n--\n\nMoves to a later time: a datetime, or µs since 1970."},
    {"tick", tick, METH_O, "tick($self, at, /)\n--\n\nThe same, as a context manager; the time stays after the block."},
    {"__enter__", enter, METH_NOARGS, nullptr},
    {"__exit__", leave, METH_VARARGS, nullptr},
    {nullptr, nullptr, 0, nullptr}};
PyMemberDef members[] = {weak_references_at(offsetof(ClockObject, weak_references)), end_of_members};
PyType_Slot slots[] = {
    {Py_tp_doc, const_cast<char*>("EvaluationClock()\n--\n\nThe time of one or more roots; it only grows.")},
    {Py_tp_new, reinterpret_cast<void*>(create)},
    {Py_tp_dealloc, reinterpret_cast<void*>(destroy)},
    {Py_tp_getset, getset},
    {Py_tp_methods, methods},
    {Py_tp_members, members},
    {0, nullptr}};
PyType_Spec spec = {"hgvalue.EvaluationClock", sizeof(ClockObject), 0, Py_TPFLAGS_DEFAULT, slots};

} // namespace

void init_clock(PyObject* module) {
    clock_class = reinterpret_cast<PyTypeObject*>(owned(PyType_FromSpec(&spec)).release().ptr());
    checked(PyModule_AddObjectRef(module, "EvaluationClock", reinterpret_cast<PyObject*>(clock_class)));
}

PyObject* new_clock() { return owned(PyObject_CallNoArgs(reinterpret_cast<PyObject*>(clock_class))).release().ptr(); }

bool is_clock(PyObject* o) { return PyObject_TypeCheck(o, clock_class); }

EvaluationClock* clock_of(PyObject* clock) { return &of(clock); }

} // namespace hgvalue::python
