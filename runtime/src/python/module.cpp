// hgvalue._hgvalue: the runtime for Python.
#include "capsule.hpp"
#include "dynamic_module.hpp"
#include "errors.hpp"
#include "generic_module.hpp"
#include "node_module.hpp"
#include "sentinels.hpp"
#include "value_types.hpp"

#include <hgvalue/python/module.hpp>

namespace hgvalue::python {

namespace {

/// What the module holds; kept as long as the process lives, as the classes are.
PyObject* contents = nullptr;
constexpr const char* loaded_mark = "hgvalue._hgvalue is loaded";

/// Whether it was this interpreter that loaded the module: an embedding program may end one and begin another.
bool is_of_this_interpreter() {
    PyObject* dict = PyInterpreterState_GetDict(PyInterpreterState_Get());
    return dict && PyDict_GetItemString(dict, loaded_mark);
}

/// What is written in Python may be another module each time that it is imported.
void load_python_parts() {
    init_errors();
    init_sentinels();
}

/// Fills a module that was imported before and forgotten (by `del sys.modules[...]`): there is one set of classes.
void fill_again(nb::module_& m) {
    if (!is_of_this_interpreter())
        throw nb::import_error("hgvalue was loaded by an interpreter that has ended, and cannot be loaded again in "
                               "this process");
    load_python_parts();
    PyObject *name = nullptr, *value = nullptr;
    PyObject* own = PyModule_GetDict(m.ptr());
    for (Py_ssize_t at = 0; PyDict_Next(contents, &at, &name, &value);)
        if (checked(PyDict_Contains(own, name)) == 0) checked(PyDict_SetItem(own, name, value));
}

void fill(nb::module_& m) {
    load_python_parts();
    init_value_types(m.ptr());
    init_time_series(m.ptr());
    init_dynamic(m.ptr());
    init_generic(m.ptr());
    init_capsule(m.ptr());
    PyObject* interpreter = PyInterpreterState_GetDict(PyInterpreterState_Get());
    if (interpreter) checked(PyDict_SetItemString(interpreter, loaded_mark, Py_True));
    contents = owned(PyDict_Copy(PyModule_GetDict(m.ptr()))).release().ptr();
}

} // namespace

} // namespace hgvalue::python

HGVALUE_DEFINE_MODULE(_hgvalue, m) {
    if (hgvalue::python::contents)
        hgvalue::python::fill_again(m);
    else
        hgvalue::python::fill(m);
}
