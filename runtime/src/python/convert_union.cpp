// Values of unions and Python objects. An object becomes the first alternative that keeps it. Where a JSON text or a
// dict would become another alternative than the one it was made of, it says which: {"$type": "int", "value": 0}.
#include "convert_union.hpp"
#include "convert.hpp"
#include "fidelity.hpp"

#include <hgvalue/core/error.hpp>
#include <hgvalue/value/format.hpp>

#include <algorithm>
#include <exception>
#include <memory>

namespace hgvalue::python {

namespace {

/// While it lives, conversions note how well they do for one union alone; afterwards the one around it hears of it too.
class FidelityScope {
  public:
    FidelityScope() : outer_(fidelity()) { restart(); }
    ~FidelityScope() { fidelity() = std::max(outer_, result_); }
    FidelityScope(const FidelityScope&) = delete;

    static void restart() noexcept { fidelity() = Fidelity::Exact; }
    void chosen(Fidelity f) noexcept { result_ = f; }

  private:
    Fidelity outer_, result_ = Fidelity::Exact;
};

bool is_integer(ScalarKind k) { return k >= ScalarKind::Int8 && k <= ScalarKind::UInt64; }
bool is_float(ScalarKind k) { return k == ScalarKind::Float32 || k == ScalarKind::Float64; }

/// Whether it is plain from the object's class that the type does not take it: saves throwing an error for nothing.
bool plainly_refuses(const TypeMeta& type, PyObject* from, Form form) {
    const bool text = PyUnicode_CheckExact(from), whole = PyLong_CheckExact(from), real = PyFloat_CheckExact(from);
    if (!text && !whole && !real) return false;
    if (type.kind == TypeKind::Optional || type.kind == TypeKind::Variant) return false;
    if (type.kind != TypeKind::Scalar) return true;
    const ScalarKind k = type.scalar;
    if (k == ScalarKind::None || k == ScalarKind::Object) return false;
    if (text) return form == Form::Json ? k == ScalarKind::Bool || is_integer(k) : k != ScalarKind::Str;
    if (real) return !is_float(k);
    return !is_integer(k) && !is_float(k) && !(form == Form::Json && k == ScalarKind::TimeDelta);
}

constexpr const char* type_key = "$type";
constexpr const char* value_key = "value";

/// JSON and dicts do not show the class of what they were made of.
bool may_be_tagged(Form form) { return form == Form::Json || form == Form::Dict; }

/// The entry of a dict, or an empty object.
nb::object entry_of(PyObject* dict, const char* name) {
    const nb::object key = owned(PyUnicode_FromString(name));
    PyObject* found = PyDict_GetItemWithError(dict, key.ptr());
    if (!found && PyErr_Occurred()) throw_python_error();
    return found ? nb::borrow(found) : nb::object();
}

/// The alternative that a form names, with `value` set to what is of it; field_count if it names none.
std::uint32_t named_alternative(const TypeMeta& type, PyObject* from, nb::object& value) {
    if (!PyDict_Check(from) || PyDict_Size(from) != 2) return type.field_count;
    const nb::object name = entry_of(from, type_key);
    value = entry_of(from, value_key);
    if (!name || !value || !PyUnicode_Check(name.ptr())) return type.field_count;
    std::uint32_t i = 0;
    while (i < type.field_count &&
           PyUnicode_CompareWithASCIIString(name.ptr(), type_name(*type.fields[i].type).c_str()) != 0)
        ++i;
    return i;
}

/// Whether a form reads back as the alternative `held`, to which `value` belongs.
bool reads_back(const TypeMeta& type, const void* value, std::size_t held, const nb::object& form_object, Form form) {
    bool surely = !PyDict_Check(form_object.ptr()) || !entry_of(form_object.ptr(), type_key);
    for (std::size_t i = 0; i < held && surely; ++i)
        surely = plainly_refuses(*type.fields[i].type, form_object.ptr(), form);
    if (surely) return true;
    Temporary read(type);
    try {
        assign_variant(type, read.get(), form_object.ptr(), nullptr, form);
    } catch (const Error&) {
        return false;
    }
    return type.ops->variant_index(type, read.get()) == held &&
           (!type.ops->equals || type.ops->equals(type, read.get(), value));
}

} // namespace

nb::object variant_form(const TypeMeta& type, const void* value, Form form) {
    const std::size_t held = type.ops->variant_index(type, value);
    const TypeMeta& alternative = *type.fields[held].type;
    void* place = type.ops->variant_get(type, const_cast<void*>(value)); // only asked where it is
    nb::object made = owned(to_python(alternative, place, form));
    if (!may_be_tagged(form) || reads_back(type, value, held, made, form)) return made;
    const nb::object name = owned(PyUnicode_FromString(type_name(alternative).c_str()));
    nb::object tagged = owned(PyDict_New());
    checked(PyDict_SetItemString(tagged.ptr(), type_key, name.ptr()));
    checked(PyDict_SetItemString(tagged.ptr(), value_key, made.ptr()));
    return tagged;
}

void assign_variant(const TypeMeta& type, void* to, PyObject* from, const PathStep* where, Form form) {
    if (may_be_tagged(form)) {
        nb::object content;
        if (const std::uint32_t i = named_alternative(type, from, content); i != type.field_count) {
            Temporary made(*type.fields[i].type);
            from_python(*type.fields[i].type, made.get(), content.ptr(), where, form);
            return made.move_to(type.ops->variant_emplace(type, to, i));
        }
    }
    FidelityScope scope;
    std::unique_ptr<Temporary> converted;
    std::uint32_t converted_index = 0;
    bool changed = false;
    std::exception_ptr beyond_range;
    const auto store = [&](std::uint32_t i, Temporary& made, Fidelity f) {
        made.move_to(type.ops->variant_emplace(type, to, i));
        scope.chosen(f);
    };
    for (std::uint32_t i = 0; i < type.field_count; ++i) {
        const TypeMeta& alternative = *type.fields[i].type;
        if (plainly_refuses(alternative, from, form)) continue;
        auto made = std::make_unique<Temporary>(alternative);
        FidelityScope::restart();
        try {
            from_python(alternative, made->get(), from, where, form);
        } catch (const OverflowError&) {
            if (!beyond_range) beyond_range = std::current_exception();
            continue;
        } catch (const Error&) {
            continue;
        }
        switch (fidelity()) {
        case Fidelity::Exact: return store(i, *made, Fidelity::Exact);
        case Fidelity::Converted:
            if (!converted) {
                converted = std::move(made);
                converted_index = i;
            }
            break;
        case Fidelity::Changed: changed = true;
        }
    }
    // 2**63 is no int64; that does not make it a float.
    if (beyond_range) std::rethrow_exception(beyond_range);
    if (converted) return store(converted_index, *converted, Fidelity::Converted);
    if (changed)
        throw ValueError(prefix(where) + "no alternative of " + type_name(type) + " holds " + short_repr(from) +
                         " unchanged");
    throw_wrong_type(type, from, where);
}

} // namespace hgvalue::python
