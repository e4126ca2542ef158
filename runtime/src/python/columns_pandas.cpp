// Columns of pandas: a Series, an Index, or the array that is in one. Their cells are missing where pandas says so, and
// are read without pyarrow wherever numpy has a form for them.
#include "columns_cells.hpp"

#include <cstring>

namespace hgvalue::python {

namespace {

nb::object attribute(PyObject* o, const char* name) { return owned(PyObject_GetAttrString(o, name)); }
bool has(const nb::object& o, const char* name) { return has_attribute(o.ptr(), name); }

/// Elements that are missing, as pandas counts them.
Mask missing_of(GivenColumn& to, const nb::object& array, const PathStep* where) {
    const nb::object numpy = owned(PyImport_ImportModule("numpy"));
    const nb::object missing = owned(PyObject_CallMethod(array.ptr(), "isna", nullptr));
    return read_mask(to, owned(PyObject_CallMethod(numpy.ptr(), "asarray", "Os", missing.ptr(), "bool")).ptr(), true,
                     where);
}

/// `to_numpy(dtype=…)`, and with `na_value=0` where that is asked for.
nb::object to_numpy(const nb::object& array, const nb::object& dtype, bool fill) {
    const nb::object method = attribute(array.ptr(), "to_numpy"), arguments = owned(PyTuple_New(0));
    const nb::object names = owned(PyDict_New());
    checked(PyDict_SetItemString(names.ptr(), "dtype", dtype.ptr()));
    if (fill) checked(PyDict_SetItemString(names.ptr(), "na_value", owned(PyLong_FromLong(0)).ptr()));
    return owned(PyObject_Call(method.ptr(), arguments.ptr(), names.ptr()));
}

void read_categories(GivenColumn& to, const nb::object& array, const PathStep* where) {
    GivenColumn codes, categories = read_column(attribute(array.ptr(), "categories").ptr(), where);
    if (categories.pieces.size() != 1) { // Arrow has them in parts
        const Mask mask = missing_of(to, array, where);
        return read_objects(to, owned(PySequence_Tuple(array.ptr())), mask, where);
    }
    read_numpy(codes, attribute(array.ptr(), "codes"), {}, where);
    const Cells& from = codes.pieces[0];
    std::vector<std::size_t> positions(from.count);
    auto* given = to.allocate<std::uint8_t>(from.count);
    for (std::size_t i = 0; i < from.count; ++i) {
        const PathStep step = PathStep::at(where, i);
        const long long code = PyLong_AsLongLong(nb::steal(from.object(i, &step)).ptr());
        if (code == -1 && PyErr_Occurred()) throw_python_error();
        given[i] = code >= 0;
        if (code >= static_cast<long long>(categories.count))
            throw ValueError(prefix(&step) + "a category that there is not");
        if (given[i]) positions[i] = static_cast<std::size_t>(code);
    }
    to.add(pick(to, categories.pieces[0], positions, given));
    to.kept.insert(to.kept.end(), categories.kept.begin(), categories.kept.end());
}

/// By way of pyarrow, if that is installed; else false.
bool read_as_arrow(GivenColumn& to, const nb::object& array, const PathStep* where) {
    if (!has(array, "__arrow_array__")) return false;
    const nb::object made = nb::steal(PyObject_CallMethod(array.ptr(), "__arrow_array__", nullptr));
    if (!made) {
        clear_error(PyExc_ImportError);
        return false;
    }
    to = read_column(made.ptr(), where);
    return true;
}

void read_extension(GivenColumn& to, const nb::object& array, const nb::object& dtype, const PathStep* where) {
    if (has(dtype, "categories") && has(array, "codes")) return read_categories(to, array, where);
    if (has(array, "to_dense")) { // sparse
        to = read_column(owned(PyObject_CallMethod(array.ptr(), "to_dense", nullptr)).ptr(), where);
        return;
    }
    if (has(dtype, "tz") && has(dtype, "unit")) {
        const nb::object naive = owned(PyUnicode_FromFormat("datetime64[%S]", attribute(dtype.ptr(), "unit").ptr()));
        return read_numpy(to, to_numpy(array, naive, false), {}, where);
    }
    const bool text = is_of(dtype.ptr(), "pandas", "StringDtype");
    if ((text || has(dtype, "pyarrow_dtype")) && read_as_arrow(to, array, where)) return;
    if (!text && has(dtype, "numpy_dtype")) {
        const Mask mask = missing_of(to, array, where);
        return read_numpy(to, to_numpy(array, attribute(dtype.ptr(), "numpy_dtype"), true), mask, where);
    }
    const Mask mask = missing_of(to, array, where);
    read_objects(to, owned(PySequence_Tuple(array.ptr())), mask, where);
}

} // namespace

bool read_pandas(GivenColumn& to, PyObject* from, const PathStep* where, std::size_t rows) {
    nb::object array = nb::borrow(from);
    if (is_of(from, "pandas", "Series") || is_of(from, "pandas", "Index")) {
        if (const Py_ssize_t size = PyObject_Size(from); size < 0)
            throw_python_error();
        else if (rows != any_rows)
            require_rows(static_cast<std::size_t>(size), rows, where);
    } else if (!is_of(from, "pandas.api.extensions", "ExtensionArray")) {
        return false;
    }
    const nb::object dtype = attribute(array.ptr(), "dtype");
    if (is_numpy(dtype.ptr(), "dtype")) {
        to.nan_is_missing = true;
        read_numpy(to, owned(PyObject_CallMethod(from, "to_numpy", nullptr)), {}, where);
    } else {
        if (has(array, "array")) array = attribute(array.ptr(), "array");
        read_extension(to, array, dtype, where);
    }
    to.names_members = true;
    return true;
}

} // namespace hgvalue::python
