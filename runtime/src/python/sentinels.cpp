#include "sentinels.hpp"

#include "imported.hpp"

#include <cstring>
#include <string_view>

namespace hgvalue::python {

namespace {

PyObject* remove_object = nullptr;
PyObject* remove_if_exists_object = nullptr;
PyTypeObject* removed_class = nullptr;
PyTypeObject* set_delta_class = nullptr;
PyObject* sentinel_class = nullptr;

// Names of attributes that are asked of everything written to a set or dict.
PyObject* name_of_module = nullptr;
PyObject* name_of_type = nullptr;
PyObject* name_of_name = nullptr;

/// The text of an attribute that is a str; empty when there is none.
std::string_view text_attribute(PyObject* o, PyObject* name, nb::object& keep) {
    keep = nb::steal(PyObject_GetAttr(o, name));
    if (!keep) clear_error(PyExc_AttributeError);
    if (!keep || !PyUnicode_Check(keep.ptr())) return {};
    Py_ssize_t size = 0;
    const char* text = PyUnicode_AsUTF8AndSize(keep.ptr(), &size);
    if (!text) clear_error(PyExc_UnicodeEncodeError);
    return text ? std::string_view(text, static_cast<std::size_t>(size)) : std::string_view();
}

/// Builtin types, which nearly all values have, are no heap types.
bool has_builtin_type(PyObject* o) noexcept { return !(PyType_GetFlags(Py_TYPE(o)) & Py_TPFLAGS_HEAPTYPE); }

/// The name of an object's type if that type is hgraph's; else empty.
std::string_view hgraph_type(PyObject* o, nb::object& keep) {
    if (has_builtin_type(o)) return {};
    auto* type = reinterpret_cast<PyObject*>(Py_TYPE(o));
    const std::string_view module = text_attribute(type, name_of_module, keep);
    const std::string_view package = module.substr(0, module.find('.'));
    if (package != "hgraph" && package != "_hgraph") return {};
    return text_attribute(type, name_of_type, keep);
}

/// hgraph's releases in Python have one class of sentinels, which know their names; the native ones a class for each.
bool is_hgraph_sentinel(PyObject* o, std::string_view name, std::string_view native_class) {
    if (has_builtin_type(o)) return false;
    nb::object keep;
    const std::string_view type = hgraph_type(o, keep);
    if (type == native_class) return true;
    return type == "Sentinel" && text_attribute(o, name_of_name, keep) == name;
}

/// An attribute that is a value or a method without arguments.
nb::object read(PyObject* o, const char* name) {
    nb::object value = owned(PyObject_GetAttrString(o, name));
    return PyCallable_Check(value.ptr()) ? owned(PyObject_CallNoArgs(value.ptr())) : value;
}

nb::object side_of(PyObject* o, const char* name) {
    nb::object side = read(o, name);
    return side.is_none() ? owned(PyTuple_New(0)) : side;
}

} // namespace

void init_sentinels() {
    name_of_module = interned("__module__");
    name_of_type = interned("__name__");
    name_of_name = interned("name");
    const nb::object module = nb::module_::import_("hgvalue._sentinels");
    const auto load = [&](const char* name) { return nb::object(module.attr(name)).release().ptr(); };
    sentinel_class = load("Sentinel");
    remove_object = load("REMOVE");
    remove_if_exists_object = load("REMOVE_IF_EXISTS");
    removed_class = reinterpret_cast<PyTypeObject*>(load("Removed"));
    set_delta_class = reinterpret_cast<PyTypeObject*>(load("SetDelta"));
}

bool is_remove(PyObject* o) { return o == remove_object || is_hgraph_sentinel(o, "REMOVE", "_Removed"); }

bool is_remove_if_exists(PyObject* o) {
    return o == remove_if_exists_object || is_hgraph_sentinel(o, "REMOVE_IF_EXISTS", "_RemovedIfExists");
}

PyObject* remove_sentinel() noexcept { return remove_object; }

nb::object removed_item(PyObject* o) {
    nb::object keep;
    if (Py_IS_TYPE(o, removed_class) || hgraph_type(o, keep) == "Removed")
        return owned(PyObject_GetAttrString(o, "item"));
    return {};
}

bool set_delta_parts(PyObject* o, nb::object& added, nb::object& removed) {
    nb::object keep;
    // hgraph has several classes of set deltas: PythonSetDelta, SetDelta, SetDelta_int, ...
    if (!Py_IS_TYPE(o, set_delta_class) && hgraph_type(o, keep).find("SetDelta") == std::string_view::npos)
        return false;
    added = side_of(o, "added");
    removed = side_of(o, "removed");
    return true;
}

nb::object standing_for(const std::string& text) {
    return owned(PyObject_CallFunction(sentinel_class, "s", text.c_str()));
}

PyObject* make_set_delta(PyObject* added, PyObject* removed) noexcept {
    return PyObject_CallFunctionObjArgs(reinterpret_cast<PyObject*>(set_delta_class), added, removed, nullptr);
}

} // namespace hgvalue::python
