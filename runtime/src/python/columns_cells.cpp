#include "columns_cells.hpp"

#include "collections.hpp"
#include "imported.hpp"
#include "numpy_times.hpp"

#include <bit>
#include <cstring>

namespace hgvalue::python {

namespace {

nb::object attribute(PyObject* o, const char* name) { return owned(PyObject_GetAttrString(o, name)); }

std::string text_of(PyObject* str) {
    const char* text = PyUnicode_AsUTF8AndSize(str, nullptr);
    if (!text) throw_python_error();
    return text;
}

struct HeldBuffer {
    Py_buffer view{};
    HeldBuffer() = default;
    HeldBuffer(const HeldBuffer&) = delete;
    ~HeldBuffer() {
        if (view.obj) PyBuffer_Release(&view);
    }
};

[[noreturn]] void throw_dimensions(long given, const PathStep* where) {
    throw ValueError(prefix(where) + "a column has one dimension, not " + std::to_string(given));
}

/// A value of a module that is never imported here; empty if nobody did.
nb::object found_in(const char* module_name, const char* name) {
    const nb::object text = owned(PyUnicode_FromString(module_name));
    const nb::object module = nb::steal(PyImport_GetModule(text.ptr()));
    if (!module && PyErr_Occurred()) throw_python_error();
    return module ? find_attribute(module.ptr(), name) : nb::object();
}

/// Knows what stands for nothing among objects.
class Missing {
  public:
    Missing()
        : nat_(found_in("pandas", "NaT")), na_(found_in("pandas", "NA")), masked_(found_in("numpy.ma", "masked")) {}
    bool operator()(PyObject* o) const {
        return o == Py_None || is(o, nat_) || is(o, na_) || is(o, masked_) || is_numpy_nat(o);
    }

  private:
    static bool is(PyObject* o, const nb::object& value) { return value.is_valid() && o == value.ptr(); }

    nb::object nat_, na_, masked_;
};

bool is_commonplace(PyObject* o) {
    return PyFloat_CheckExact(o) || PyLong_CheckExact(o) || PyUnicode_CheckExact(o) || PyBool_Check(o);
}

void require_mask(const Mask& mask, std::size_t count, const PathStep* where) {
    if (mask.given && mask.count != count)
        throw ValueError(prefix(where) + "a mask of as many bools as the array has elements expected");
}

/// Whether `o` keeps its elements as numpy does, in which NaN is a value.
bool wraps_numpy(PyObject* o) {
    const nb::object dtype = find_attribute(o, "dtype");
    return dtype && is_numpy(dtype.ptr(), "dtype") && has_attribute(o, "__array__");
}

/// What an Arrow library makes of a column of a type that has no cells of ours, such as half floats; empty if it is
/// none.
nb::object items_of_arrow(PyObject* o) {
    if (!speaks_arrow(o)) return {};
    for (const char* name : {"to_pylist", "to_list"}) // pyarrow, polars
        if (const nb::object method = find_attribute(o, name)) return owned(PyObject_CallNoArgs(method.ptr()));
    return {};
}

} // namespace

bool read_numbers(GivenColumn& to, PyObject* from, const PathStep* where) {
    auto held = std::make_shared<HeldBuffer>();
    if (PyObject_GetBuffer(from, &held->view, PyBUF_STRIDES | PyBUF_FORMAT) != 0) {
        clear_refused_buffer(from);
        return false;
    }
    const Py_buffer& view = held->view;
    std::string_view format = view.format ? view.format : "B";
    constexpr char native_order = std::endian::native == std::endian::little ? '<' : '>';
    if (format.size() == 2 && (format[0] == '@' || format[0] == '=' || format[0] == native_order))
        format.remove_prefix(1);
    if (format.size() != 1) return false;
    const ScalarKind kind = number_kind(format[0], static_cast<std::size_t>(view.itemsize));
    if (kind == ScalarKind::None) return false;
    if (view.ndim != 1) throw_dimensions(view.ndim, where);
    if (!view.shape || !view.strides || view.shape[0] < 0) return false;
    Cells cells;
    cells.kind = kind;
    cells.count = static_cast<std::size_t>(view.shape[0]);
    cells.first = static_cast<const std::byte*>(view.buf);
    cells.stride = view.strides[0];
    to.kept.push_back(std::move(held));
    to.add(std::move(cells));
    return true;
}

void read_objects(GivenColumn& to, nb::object&& items, Mask mask, const PathStep* where) {
    Cells cells;
    cells.kind = ScalarKind::Object;
    const bool tuple = PyTuple_Check(items.ptr());
    cells.count = static_cast<std::size_t>(tuple ? PyTuple_Size(items.ptr()) : PyList_Size(items.ptr()));
    cells.items = std::move(items);
    require_mask(mask, cells.count, where);
    std::uint8_t* given = nullptr;
    const Missing missing;
    for (std::size_t i = 0; i < cells.count; ++i) {
        PyObject* item = cells.item(i);
        if ((!mask.given || mask.given[i]) && (is_commonplace(item) || !missing(item))) continue;
        if (!given) {
            given = to.allocate<std::uint8_t>(cells.count);
            std::memset(given, 1, cells.count);
        }
        given[i] = 0;
    }
    cells.given = given;
    to.add(std::move(cells));
}

Mask read_mask(GivenColumn& to, PyObject* bools, bool means_missing, const PathStep* where) {
    GivenColumn read;
    if (!read_numbers(read, bools, where) || read.pieces[0].kind != ScalarKind::Bool)
        throw TypeError(prefix(where) + "a mask of bools expected");
    const Cells& cells = read.pieces[0];
    Mask mask{to.allocate<std::uint8_t>(cells.count), cells.count};
    for (std::size_t i = 0; i < cells.count; ++i) mask.given[i] = (cells.cell(i)[0] != std::byte{0}) != means_missing;
    return mask;
}

void read_numpy(GivenColumn& to, nb::object array, Mask mask, const PathStep* where) {
    const nb::object dimensions = attribute(array.ptr(), "ndim");
    if (const long given = PyLong_AsLong(dimensions.ptr()); given != 1) throw_dimensions(given, where);
    const nb::object masked = owned(PyImport_ImportModule("numpy.ma"));
    if (!mask.given && checked(PyObject_IsInstance(array.ptr(), attribute(masked.ptr(), "MaskedArray").ptr())))
        mask = read_mask(to, owned(PyObject_CallMethod(masked.ptr(), "getmaskarray", "O", array.ptr())).ptr(), true,
                         where);
    // A subclass may have methods of its own for what follows; an ndarray's do what numpy says.
    const nb::object numpy = owned(PyImport_ImportModule("numpy"));
    array = owned(PyObject_CallMethod(numpy.ptr(), "asarray", "O", array.ptr()));
    nb::object dtype = attribute(array.ptr(), "dtype");
    if (!checked(PyObject_IsTrue(attribute(dtype.ptr(), "isnative").ptr()))) {
        dtype = owned(PyObject_CallMethod(dtype.ptr(), "newbyteorder", "s", "="));
        array = owned(PyObject_CallMethod(array.ptr(), "astype", "O", dtype.ptr()));
    }
    const std::string kind = text_of(attribute(dtype.ptr(), "kind").ptr());
    const std::size_t before = to.count;
    if (kind == "M" || kind == "m") {
        read_numpy_times(to, array, kind == "m", mask, where);
        return require_mask(mask, to.count - before, where);
    }
    if (kind == "f" && PyLong_AsLong(attribute(dtype.ptr(), "itemsize").ptr()) == 2)
        array = owned(PyObject_CallMethod(array.ptr(), "astype", "s", "float32"));
    if (!read_numbers(to, array.ptr(), where))
        return read_objects(to, owned(PyObject_CallMethod(array.ptr(), "tolist", nullptr)), mask, where);
    require_mask(mask, to.count - before, where);
    to.pieces.back().given = mask.given;
}

void require_rows(std::size_t given, std::size_t keys, const PathStep* where) {
    if (given == keys) return;
    throw ValueError(prefix(where->parent) + "the column " + where->text + " has " + std::to_string(given) +
                     " rows, but there are " + std::to_string(keys) + " keys");
}

bool is_of(PyObject* o, const char* module_name, const char* class_name) {
    const nb::object cls = found_in(module_name, class_name);
    return cls && PyType_Check(cls.ptr()) && PyObject_TypeCheck(o, reinterpret_cast<PyTypeObject*>(cls.ptr()));
}

GivenColumn read_column(PyObject* from, const PathStep* where, std::size_t rows) {
    GivenColumn column;
    if (is_numpy(from, "ndarray")) {
        read_numpy(column, nb::borrow(from), {}, where);
        return column;
    }
    if (PyList_Check(from) || PyTuple_Check(from)) {
        // Converting may run code that changes a list.
        read_objects(column, owned(PySequence_Tuple(from)), {}, where);
        return column;
    }
    if (PyUnicode_Check(from) || PyBytes_Check(from) || PyByteArray_Check(from) || PyType_Check(from))
        throw TypeError(prefix(where) + "expected an array or a sequence, got " + describe(from));
    if (read_pandas(column, from, where, rows)) return column;
    if (wraps_numpy(from)) {
        read_numpy(column, owned(PyObject_CallMethod(from, "__array__", nullptr)), {}, where);
        return column;
    }
    if (read_arrow(column, from, where, rows)) return column;
    if (const nb::object items = items_of_arrow(from)) {
        read_objects(column, owned(PySequence_Tuple(items.ptr())), {}, where);
        return column;
    }
    if (PyObject_CheckBuffer(from) && read_numbers(column, from, where)) return column;
    if (const nb::object method = find_attribute(from, "__array__")) {
        nb::object array = owned(PyObject_CallNoArgs(method.ptr()));
        if (is_numpy(array.ptr(), "ndarray")) {
            read_numpy(column, std::move(array), {}, where);
            return column;
        }
    }
    nb::object items = items_of_sequence(from);
    if (!items) throw TypeError(prefix(where) + "expected an array or a sequence, got " + describe(from));
    read_objects(column, owned(PySequence_Tuple(items.ptr())), {}, where);
    return column;
}

} // namespace hgvalue::python
