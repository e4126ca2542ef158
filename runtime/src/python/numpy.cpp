#include "numpy.hpp"

#include "imported.hpp"

#include <hgvalue/core/time.hpp>

#include <array>
#include <bit>
#include <cstring>
#include <string_view>

namespace hgvalue::python {

namespace {

/// numpy's name for the elements of an array; null for those that no array holds.
const char* dtype_name(const TypeMeta& element) noexcept {
    switch (element.scalar) {
    case ScalarKind::Bool: return "bool";
    case ScalarKind::Int8: return "int8";
    case ScalarKind::Int16: return "int16";
    case ScalarKind::Int32: return "int32";
    case ScalarKind::Int64: return "int64";
    case ScalarKind::UInt8: return "uint8";
    case ScalarKind::UInt16: return "uint16";
    case ScalarKind::UInt32: return "uint32";
    case ScalarKind::UInt64: return "uint64";
    case ScalarKind::Float32: return "float32";
    case ScalarKind::Float64: return "float64";
    case ScalarKind::Date: return "datetime64[D]";
    case ScalarKind::DateTime: return "datetime64[us]";
    case ScalarKind::TimeDelta: return "timedelta64[us]";
    default: return nullptr;
    }
}

constinit Imported frombuffer{"numpy", "frombuffer"};
constinit Imported asarray{"numpy", "asarray"};
constinit Imported make_dtype{"numpy", "dtype"};

/// Whether numpy can be imported; found out once.
bool is_installed() {
    static constinit int known = -1; // filled under the interpreter's lock, see Imported
    if (known >= 0) return known != 0;
    const nb::object module = nb::steal(PyImport_ImportModule("numpy"));
    if (!module) clear_error(PyExc_ImportError);
    known = module ? 1 : 0;
    return known != 0;
}

PyObject* dtype_of(const TypeMeta& element, const char* name) {
    static constinit std::array<PyObject*, static_cast<std::size_t>(ScalarKind::Enum) + 1> known{};
    PyObject*& dtype = known[static_cast<std::size_t>(element.scalar)];
    if (!dtype) dtype = owned(PyObject_CallFunction(make_dtype.get(), "s", name)).release().ptr();
    return dtype;
}

/// numpy counts days in 64 bits.
std::byte* write_days(std::byte* to, Elements e) {
    const auto* days = static_cast<const date*>(e.first);
    for (std::size_t i = 0; i < e.count; ++i, to += sizeof(std::int64_t)) {
        const std::int64_t wide = days[i].days;
        std::memcpy(to, &wide, sizeof wide);
    }
    return to;
}

std::byte* write(std::byte* to, const TypeMeta& element, Elements e) {
    if (element.scalar == ScalarKind::Date) return write_days(to, e);
    if (e.count != 0) std::memcpy(to, e.first, e.count * element.size);
    return to + e.count * element.size;
}

nb::object attribute(PyObject* o, const char* name) { return owned(PyObject_GetAttrString(o, name)); }

bool fits(const Py_buffer& view, const TypeMeta& element) noexcept {
    if (view.ndim != 1 || !view.shape || !view.strides) return false;
    std::string_view format = view.format ? view.format : "B";
    constexpr char native_order = std::endian::native == std::endian::little ? '<' : '>';
    if (!format.empty() && (format[0] == '@' || format[0] == '=' || format[0] == native_order)) format.remove_prefix(1);
    if (format.size() != 1) return false;
    const ScalarKind kind = number_kind(format[0], static_cast<std::size_t>(view.itemsize));
    // The bytes of a bool may be other than 0 and 1.
    return kind == element.scalar && kind != ScalarKind::None && kind != ScalarKind::Bool;
}

} // namespace

const char* buffer_format(const TypeMeta& element) noexcept {
    switch (element.scalar) {
    case ScalarKind::Bool: return "?";
    case ScalarKind::Int8: return "b";
    case ScalarKind::Int16: return "h";
    case ScalarKind::Int32:
    case ScalarKind::Date: return "i";
    case ScalarKind::Int64:
    case ScalarKind::Time:
    case ScalarKind::DateTime:
    case ScalarKind::TimeDelta: return "q";
    case ScalarKind::UInt8: return "B";
    case ScalarKind::UInt16: return "H";
    case ScalarKind::UInt32: return "I";
    case ScalarKind::UInt64: return "Q";
    case ScalarKind::Float32: return "f";
    case ScalarKind::Float64: return "d";
    default: return nullptr;
    }
}

ScalarKind number_kind(char letter, std::size_t size) noexcept {
    constexpr std::string_view integers = "bhilqn", naturals = "BHILQN";
    if (letter == '?') return ScalarKind::Bool;
    if (letter == 'f' && size == 4) return ScalarKind::Float32;
    if (letter == 'd' && size == 8) return ScalarKind::Float64;
    const bool is_signed = integers.find(letter) != integers.npos;
    if (!is_signed && naturals.find(letter) == naturals.npos) return ScalarKind::None;
    switch (size) {
    case 1: return is_signed ? ScalarKind::Int8 : ScalarKind::UInt8;
    case 2: return is_signed ? ScalarKind::Int16 : ScalarKind::UInt16;
    case 4: return is_signed ? ScalarKind::Int32 : ScalarKind::UInt32;
    case 8: return is_signed ? ScalarKind::Int64 : ScalarKind::UInt64;
    default: return ScalarKind::None;
    }
}

bool is_numpy(PyObject* o, const char* class_name) {
    static PyObject* const name = interned("numpy");
    const nb::object module = nb::steal(PyImport_GetModule(name));
    if (!module && PyErr_Occurred()) throw_python_error();
    // None where numpy is half imported, or something else by that name.
    const nb::object cls = module ? find_attribute(module.ptr(), class_name) : nb::object();
    return cls && PyType_Check(cls.ptr()) && PyObject_TypeCheck(o, reinterpret_cast<PyTypeObject*>(cls.ptr()));
}

nb::object numpy_over(const TypeMeta& element, PyObject* buffer) {
    const char* name = dtype_name(element);
    if (!name && element.scalar != ScalarKind::Time) return {};
    if (!is_installed()) return {};
    const nb::object array = owned(PyObject_CallFunctionObjArgs(asarray.get(), buffer, nullptr));
    switch (element.scalar) {
    case ScalarKind::DateTime:
    case ScalarKind::TimeDelta: return owned(PyObject_CallMethod(array.ptr(), "view", "s", name));
    default: return array;
    }
}

nb::object numpy_array(const TypeMeta& element, Elements a, Elements b) {
    const char* name = dtype_name(element);
    if (!name || !is_installed()) return {};
    const std::size_t size = element.scalar == ScalarKind::Date ? sizeof(std::int64_t) : element.size;
    // The array owns the bytearray it lies in, so it can be written to and outlives the value.
    const nb::object storage =
        owned(PyByteArray_FromStringAndSize(nullptr, static_cast<Py_ssize_t>((a.count + b.count) * size)));
    auto* to = reinterpret_cast<std::byte*>(PyByteArray_AsString(storage.ptr()));
    write(write(to, element, a), element, b);
    return owned(PyObject_CallFunctionObjArgs(frombuffer.get(), storage.ptr(), dtype_of(element, name), nullptr));
}

nb::object numpy_items(PyObject* array, const PathStep* where) {
    const nb::object dimensions = attribute(array, "ndim");
    if (PyLong_AsLong(dimensions.ptr()) != 1)
        throw ValueError(prefix(where) + "expected an array of one dimension, got " + short_repr(dimensions.ptr()));
    const nb::object dtype = owned(PyObject_Str(attribute(array, "dtype").ptr()));
    const char* name = PyUnicode_AsUTF8AndSize(dtype.ptr(), nullptr);
    if (!name) throw_python_error();
    const bool times = std::strstr(name, "datetime64[ns]"), durations = std::strstr(name, "timedelta64[ns]");
    nb::object items = nb::borrow(array);
    if (times || durations) {
        // In nanoseconds numpy would give plain ints.
        items = owned(PyObject_CallMethod(array, "astype", "s", times ? "datetime64[us]" : "timedelta64[us]"));
        const nb::object same = owned(PyObject_RichCompare(items.ptr(), array, Py_EQ));
        if (!checked(PyObject_IsTrue(owned(PyObject_CallMethod(same.ptr(), "all", nullptr)).ptr())))
            throw ValueError(prefix(where) + "the array holds times that are no whole microseconds");
    }
    return owned(PyObject_CallMethod(items.ptr(), "tolist", nullptr));
}

void clear_refused_buffer(PyObject* from) {
    if (!PyErr_ExceptionMatches(PyExc_ValueError)) return clear_error(PyExc_BufferError);
    PyErr_Clear();
    if (PyMemoryView_Check(from)) throw ValueError("the memoryview was released");
}

NumericBuffer::NumericBuffer(const TypeMeta& element, PyObject* from) {
    if (!element.is(TypeFlags::BufferCompatible) || !PyObject_CheckBuffer(from)) return;
    if (PyObject_GetBuffer(from, &view_, PyBUF_STRIDES | PyBUF_FORMAT) != 0) {
        clear_refused_buffer(from);
        return;
    }
    held_ = true;
    fits_ = fits(view_, element);
}

} // namespace hgvalue::python
