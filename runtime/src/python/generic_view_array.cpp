// __array__: the elements of lists, windows and other buffers as a numpy array.
#include "generic_view.hpp"
#include "imported.hpp"
#include "numpy.hpp"

namespace hgvalue::python {

namespace {

constinit Imported as_array{"numpy", "asarray"};
constinit Imported make_array{"numpy", "array"};

const TypeMeta& innermost(const TypeMeta& container) noexcept {
    const TypeMeta* t = container.element;
    while (t->kind == TypeKind::List && t->element) t = t->element;
    return *t;
}

/// The elements as they lie, if they are numbers or times, else as Python has them.
nb::object array_over(PyObject* view) {
    const TypeMeta& element = innermost(*as_view(view)->type);
    const nb::object buffer = nb::steal(PyMemoryView_FromObject(view));
    if (!buffer) {
        clear_error(PyExc_BufferError);
        const nb::object value = owned(PyObject_GetAttrString(view, "value"));
        return owned(PyObject_CallFunctionObjArgs(as_array.get(), value.ptr(), nullptr));
    }
    as_array.get(); // numpy is asked for, so an ImportError says that it is missing
    nb::object array = numpy_over(element, buffer.ptr());
    if (element.scalar == ScalarKind::Date)
        array = owned(PyObject_CallMethod(array.ptr(), "astype", "s", "datetime64[D]"));
    return array;
}

} // namespace

PyObject* view_array(PyObject* self, PyObject* args, PyObject* kwargs) {
    return guarded([&]() -> PyObject* {
        static const char* names[] = {"dtype", "copy", nullptr};
        PyObject *dtype = Py_None, *copy = Py_None;
        if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|OO", const_cast<char**>(names), &dtype, &copy))
            throw_python_error();
        const nb::object array = array_over(self);
        if (copy == Py_None) return PyObject_CallFunctionObjArgs(as_array.get(), array.ptr(), dtype, nullptr);
        const nb::object given = owned(PyTuple_Pack(1, array.ptr()));
        const nb::object named = owned(Py_BuildValue("{s:O,s:O}", "dtype", dtype, "copy", copy));
        return PyObject_Call(make_array.get(), given.ptr(), named.ptr());
    });
}

} // namespace hgvalue::python
