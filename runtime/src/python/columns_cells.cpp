#include "columns_cells.hpp"

#include "../types/registry_state.hpp"
#include "collections.hpp"
#include "numpy.hpp"
#include "scalars.hpp"

#include <hgvalue/core/type_of.hpp>
#include <hgvalue/value/format.hpp>
#include <hgvalue/value/scalars.hpp>

#include <bit>
#include <cstring>
#include <limits>
#include <span>

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

/// Numbers in a buffer; false if they are none, or in another byte order.
bool read_numbers(GivenColumn& to, PyObject* from, const std::uint8_t* given, const PathStep* where) {
    auto held = std::make_shared<HeldBuffer>();
    if (PyObject_GetBuffer(from, &held->view, PyBUF_STRIDES | PyBUF_FORMAT) != 0) {
        clear_refused_buffer();
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
    Cells cells;
    cells.kind = kind;
    cells.count = static_cast<std::size_t>(view.shape[0]);
    cells.first = static_cast<const std::byte*>(view.buf);
    cells.stride = view.strides[0];
    cells.given = given;
    to.kept.push_back(std::move(held));
    to.add(std::move(cells));
    return true;
}

/// Objects, of which None is null.
void read_objects(GivenColumn& to, nb::object&& items, const std::uint8_t* mask) {
    Cells cells;
    cells.kind = ScalarKind::Object;
    const bool tuple = PyTuple_Check(items.ptr());
    cells.count = static_cast<std::size_t>(tuple ? PyTuple_Size(items.ptr()) : PyList_Size(items.ptr()));
    std::uint8_t* given = nullptr;
    for (std::size_t i = 0; i < cells.count; ++i) {
        const auto at = static_cast<Py_ssize_t>(i);
        PyObject* item = tuple ? PyTuple_GetItem(items.ptr(), at) : PyList_GetItem(items.ptr(), at);
        if (item != Py_None && (!mask || mask[i])) continue;
        if (!given) {
            given = to.allocate<std::uint8_t>(cells.count);
            std::memset(given, 1, cells.count);
        }
        given[i] = 0;
    }
    cells.given = given;
    cells.items = std::move(items);
    to.add(std::move(cells));
}

/// `by` is positive; false if the product is beyond 64 bits.
bool multiply_into(std::int64_t& product, std::int64_t v, std::int64_t by) noexcept {
    using limits = std::numeric_limits<std::int64_t>;
    if (v > limits::max() / by || v < limits::min() / by) return false;
    product = v * by;
    return true;
}

struct NumpyUnit {
    const char* name;
    TimeScale scale; ///< to days or microseconds
};
constexpr NumpyUnit date_units[] = {{"D", {}}, {"W", {7, 1}}};
constexpr NumpyUnit time_units[] = {
    {"h", {3'600'000'000, 1}},
    {"m", {60'000'000, 1}},
    {"s", {1'000'000, 1}},
    {"ms", {1'000, 1}},
    {"us", {}},
    {"ns", {1, 1'000}},
    {"ps", {1, 1'000'000}},
    {"fs", {1, 1'000'000'000}},
    {"as", {1, 1'000'000'000'000}},
};
constexpr NumpyUnit long_units[] = {{"D", {86'400'000'000, 1}}, {"W", {604'800'000'000, 1}}}; ///< of a timedelta

/// The unit of a datetime64 or timedelta64, and how often it counts.
const TimeScale* find_unit(std::span<const NumpyUnit> units, const std::string& name) {
    for (const NumpyUnit& u : units)
        if (name == u.name) return &u.scale;
    return nullptr;
}

/// numpy's datetime64 and timedelta64, of which NaT is null.
void read_times(GivenColumn& to, const nb::object& array, bool durations, std::uint8_t* given, const PathStep* where) {
    const nb::object numpy = owned(PyImport_ImportModule("numpy"));
    const nb::object data =
        owned(PyObject_CallMethod(numpy.ptr(), "datetime_data", "O", attribute(array.ptr(), "dtype").ptr()));
    const std::string unit = text_of(PyTuple_GetItem(data.ptr(), 0));
    const long times = PyLong_AsLong(PyTuple_GetItem(data.ptr(), 1));
    GivenColumn counts;
    const nb::object whole = owned(PyObject_CallMethod(array.ptr(), "view", "s", "int64"));
    if (!read_numbers(counts, whole.ptr(), nullptr, where))
        throw TypeError(prefix(where) + "an array of times expected");
    Cells cells = counts.pieces[0];
    const std::size_t count = cells.count;
    if (!given) {
        given = to.allocate<std::uint8_t>(count);
        std::memset(given, 1, count);
    }
    bool any = false;
    for (std::size_t i = 0; i < count; ++i) {
        std::int64_t v = 0;
        std::memcpy(&v, cells.cell(i), sizeof v);
        if (v == std::numeric_limits<std::int64_t>::min()) given[i] = 0; // NaT
        any |= given[i] != 0;
    }
    cells.given = given;
    ScalarKind kind = durations ? ScalarKind::TimeDelta : ScalarKind::DateTime;
    const TimeScale* scale = find_unit(time_units, unit);
    if (!scale && durations) scale = find_unit(long_units, unit);
    if (!scale && !durations) {
        scale = find_unit(date_units, unit);
        kind = ScalarKind::Date;
    }
    if (!scale && any)
        throw TypeError(prefix(where) + "an array of " +
                        text_of(owned(PyObject_Str(attribute(array.ptr(), "dtype").ptr())).ptr()) +
                        " holds neither dates nor times; astype gives one");
    if (!any) { // whatever their unit
        Cells nothing;
        nothing.count = count;
        return to.add(std::move(nothing));
    }
    std::int64_t multiply = 0;
    if (!multiply_into(multiply, scale->multiply, times))
        throw OverflowError(prefix(where) + "the unit of the times is beyond the range of " +
                            type_name(detail::plain_scalar(kind)));
    to.add(scaled_times(to, kind, cells, {multiply, scale->divide}, where));
}

/// What a masked array has masked, as cells that are given.
std::uint8_t* read_mask(GivenColumn& to, PyObject* array, PyObject* masked, const PathStep* where) {
    const nb::object mask = owned(PyObject_CallMethod(masked, "getmaskarray", "O", array));
    GivenColumn bools;
    if (!read_numbers(bools, mask.ptr(), nullptr, where)) throw TypeError(prefix(where) + "a mask of bools expected");
    const Cells& cells = bools.pieces[0];
    if (const Py_ssize_t size = PyObject_Size(array); size < 0)
        throw_python_error();
    else if (cells.kind != ScalarKind::Bool || cells.count != static_cast<std::size_t>(size))
        throw ValueError(prefix(where) + "a mask of as many bools as the array has elements expected");
    auto* given = to.allocate<std::uint8_t>(cells.count);
    for (std::size_t i = 0; i < cells.count; ++i) given[i] = cells.cell(i)[0] == std::byte{0};
    return given;
}

void read_numpy(GivenColumn& to, nb::object array, const PathStep* where) {
    const nb::object dimensions = attribute(array.ptr(), "ndim");
    if (const long given = PyLong_AsLong(dimensions.ptr()); given != 1) throw_dimensions(given, where);
    std::uint8_t* given = nullptr;
    const nb::object masked = owned(PyImport_ImportModule("numpy.ma"));
    if (checked(PyObject_IsInstance(array.ptr(), attribute(masked.ptr(), "MaskedArray").ptr())))
        given = read_mask(to, array.ptr(), masked.ptr(), where);
    // A subclass may have methods of its own for what follows; an ndarray's do what numpy says.
    const nb::object numpy = owned(PyImport_ImportModule("numpy"));
    array = owned(PyObject_CallMethod(numpy.ptr(), "asarray", "O", array.ptr()));
    nb::object dtype = attribute(array.ptr(), "dtype");
    if (!checked(PyObject_IsTrue(attribute(dtype.ptr(), "isnative").ptr()))) {
        dtype = owned(PyObject_CallMethod(dtype.ptr(), "newbyteorder", "s", "="));
        array = owned(PyObject_CallMethod(array.ptr(), "astype", "O", dtype.ptr()));
    }
    const std::string kind = text_of(attribute(dtype.ptr(), "kind").ptr());
    if (kind == "M" || kind == "m") return read_times(to, array, kind == "m", given, where);
    if (kind == "f" && PyLong_AsLong(attribute(dtype.ptr(), "itemsize").ptr()) == 2)
        array = owned(PyObject_CallMethod(array.ptr(), "astype", "s", "float32"));
    if (read_numbers(to, array.ptr(), given, where)) return;
    read_objects(to, owned(PyObject_CallMethod(array.ptr(), "tolist", nullptr)), given);
}

/// Whether `o` keeps its elements as numpy does, such as a pandas Series of numbers, in which NaN is a value.
bool wraps_numpy(PyObject* o) {
    const nb::object dtype = find_attribute(o, "dtype");
    return dtype && is_numpy(dtype.ptr(), "dtype") && has_attribute(o, "__array__");
}

/// What an Arrow library makes of a column of a type that has no cells of ours, such as half floats; empty if it is
/// none.
nb::object items_of_arrow(PyObject* o) {
    if (!has_attribute(o, "__arrow_c_array__") && !has_attribute(o, "__arrow_c_stream__")) return {};
    for (const char* name : {"to_pylist", "to_list"}) // pyarrow, polars
        if (const nb::object method = find_attribute(o, name)) return owned(PyObject_CallNoArgs(method.ptr()));
    return {};
}

} // namespace

PyObject* Cells::object(std::size_t i) const {
    switch (kind) {
    case ScalarKind::Object: {
        const auto at = static_cast<Py_ssize_t>(i);
        return Py_NewRef(PyTuple_Check(items.ptr()) ? PyTuple_GetItem(items.ptr(), at)
                                                    : PyList_GetItem(items.ptr(), at));
    }
    case ScalarKind::Str: {
        const std::string_view t = text(i);
        return owned(PyUnicode_DecodeUTF8(t.data(), static_cast<Py_ssize_t>(t.size()), nullptr)).release().ptr();
    }
    case ScalarKind::Bytes: {
        const std::string_view t = text(i);
        return owned(PyBytes_FromStringAndSize(t.data(), static_cast<Py_ssize_t>(t.size()))).release().ptr();
    }
    case ScalarKind::Bool: return Py_NewRef(cell(i)[0] == std::byte{0} ? Py_False : Py_True);
    default: break;
    }
    alignas(8) std::byte value[8];
    const TypeMeta& meta = detail::plain_scalar(kind);
    std::memcpy(value, cell(i), meta.size);
    return owned(scalar_to_python(meta, value)).release().ptr();
}

Cells scaled_times(GivenColumn& owner, ScalarKind kind, const Cells& from, TimeScale scale, const PathStep* where) {
    Cells made;
    made.kind = kind;
    made.count = from.count;
    made.given = from.given;
    made.stride = kind == ScalarKind::Date ? sizeof(std::int32_t) : sizeof(std::int64_t);
    std::byte* to = owner.allocate<std::byte>(from.count * static_cast<std::size_t>(made.stride));
    made.first = to;
    for (std::size_t i = 0; i < from.count; ++i, to += made.stride) {
        if (!from.is_given(i)) continue;
        const PathStep step = PathStep::at(where, i);
        std::int64_t v = 0;
        std::memcpy(&v, from.cell(i), sizeof v);
        if (v % scale.divide != 0) throw ValueError(prefix(&step) + "the time is no whole microsecond");
        std::int64_t result = 0;
        bool beyond = !multiply_into(result, v / scale.divide, scale.multiply);
        if (kind == ScalarKind::Date) beyond |= static_cast<std::int32_t>(result) != result;
        if (beyond)
            throw OverflowError(prefix(&step) + "the time is beyond the range of " +
                                type_name(detail::plain_scalar(kind)));
        if (const auto days = static_cast<std::int32_t>(result); kind == ScalarKind::Date)
            std::memcpy(to, &days, sizeof days);
        else
            std::memcpy(to, &result, sizeof result);
    }
    return made;
}

GivenColumn read_column(PyObject* from, const PathStep* where) {
    GivenColumn column;
    if (is_numpy(from, "ndarray")) {
        read_numpy(column, nb::borrow(from), where);
        return column;
    }
    if (PyList_Check(from) || PyTuple_Check(from)) {
        read_objects(column, owned(PySequence_Tuple(from)), nullptr); // converting may run code that changes a list
        return column;
    }
    if (PyUnicode_Check(from) || PyBytes_Check(from) || PyByteArray_Check(from))
        throw TypeError(prefix(where) + "expected an array or a sequence, got " + describe(from));
    if (wraps_numpy(from)) {
        read_numpy(column, owned(PyObject_CallMethod(from, "__array__", nullptr)), where);
        return column;
    }
    if (read_arrow(column, from, where)) return column;
    if (const nb::object items = items_of_arrow(from)) {
        read_objects(column, owned(PySequence_Tuple(items.ptr())), nullptr);
        return column;
    }
    if (PyObject_CheckBuffer(from) && read_numbers(column, from, nullptr, where)) return column;
    if (const nb::object method = find_attribute(from, "__array__")) {
        nb::object array = owned(PyObject_CallNoArgs(method.ptr()));
        if (is_numpy(array.ptr(), "ndarray")) {
            read_numpy(column, std::move(array), where);
            return column;
        }
    }
    nb::object items = items_of_sequence(from);
    if (!items) throw TypeError(prefix(where) + "expected an array or a sequence, got " + describe(from));
    read_objects(column, std::move(items), nullptr);
    return column;
}

} // namespace hgvalue::python
