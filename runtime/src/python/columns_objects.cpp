// Cells as Python objects.
#include "../types/registry_state.hpp"
#include "columns_cells.hpp"
#include "enum_class.hpp"
#include "imported.hpp"
#include "scalars.hpp"

#include <hgvalue/core/type_of.hpp>
#include <hgvalue/value/scalars.hpp>

#include <cstring>

namespace hgvalue::python {

namespace {

constinit Imported decimal_class{"decimal", "Decimal"};

nb::object none() { return nb::borrow(Py_None); }

bool is_float(const TypeMeta& type) noexcept {
    return type.scalar == ScalarKind::Float64 || type.scalar == ScalarKind::Float32;
}
bool is_integer(const TypeMeta& type) noexcept {
    return type.scalar >= ScalarKind::Int8 && type.scalar <= ScalarKind::UInt64;
}
bool is_sequence(const TypeMeta& type) noexcept {
    return type.kind == TypeKind::List || type.kind == TypeKind::Tuple || type.kind == TypeKind::Set ||
           type.kind == TypeKind::CyclicBuffer || type.kind == TypeKind::Queue || type.kind == TypeKind::Window;
}

/// The first alternative of a variant that `fits`; null if none does.
template <class Fits> const TypeMeta* alternative(const TypeMeta& variant, Fits&& fits) {
    for (std::uint32_t i = 0; i < variant.field_count; ++i)
        if (fits(*variant.fields[i].type)) return variant.fields[i].type;
    return nullptr;
}

/// The alternative of a variant that has the form of the cells; null if from_python is to find one.
const TypeMeta* alternative_of(const TypeMeta& variant, const Cells& cells, bool names) {
    using Form = NestedCells::Form;
    const auto scalar = [&](ScalarKind kind) {
        return alternative(variant, [&](const TypeMeta& t) { return t.scalar == kind; });
    };
    const auto kind = [&](TypeKind kind) {
        return alternative(variant, [&](const TypeMeta& t) { return t.kind == kind; });
    };
    if (!cells.nested)
        return names && cells.kind == ScalarKind::Str && !scalar(ScalarKind::Str) ? scalar(ScalarKind::Enum) : nullptr;
    const TypeMeta* found = nullptr;
    switch (cells.nested->form) {
    case Form::List: return alternative(variant, is_sequence);
    case Form::Map: return kind(TypeKind::Map);
    case Form::Decimal: found = alternative(variant, is_float); return found ? found : alternative(variant, is_integer);
    default:
        found = kind(TypeKind::Bundle);
        if (!found) found = kind(TypeKind::Map);
        return found ? found : kind(TypeKind::Tuple);
    }
}

bool may_be_none(const TypeMeta& type) noexcept {
    return type.kind == TypeKind::Optional || type.scalar == ScalarKind::Object;
}

/// An element of a set or a key, which a dict for a struct cannot be.
nb::object hashable(const TypeMeta& type, const nb::object& o, const PathStep* where) {
    const bool composite = PyDict_Check(o.ptr()) || PyList_Check(o.ptr());
    if (type.kind == TypeKind::Scalar && !composite) return o;
    Temporary value(type);
    from_python(type, value.get(), o.ptr(), where, Form::Dict);
    if (type.kind == TypeKind::Scalar) throw TypeError(prefix(where) + "unhashable: " + describe(o.ptr()));
    return owned(to_python(type, value.get()));
}

/// Makes objects of one column.
struct Maker {
    bool names;

    nb::object list(const NestedCells& n, std::size_t i, const TypeMeta* element, const PathStep* where) const {
        const auto [first, count] = n.slices[i];
        nb::object made = owned(PyList_New(static_cast<Py_ssize_t>(count)));
        for (std::size_t k = 0; k < count; ++k) {
            const PathStep step = PathStep::at(where, k);
            nb::object o = object(n.children[0], first + k, element, &step);
            PyList_SetItem(made.ptr(), static_cast<Py_ssize_t>(k), o.release().ptr());
        }
        return made;
    }

    nb::object tuple(const NestedCells& n, std::size_t i, const TypeMeta& type, const PathStep* where) const {
        const auto [first, count] = n.slices[i];
        nb::object made = owned(PyTuple_New(static_cast<Py_ssize_t>(count)));
        for (std::size_t k = 0; k < count; ++k) {
            const TypeMeta* element = k < type.field_count ? type.fields[k].type : nullptr;
            const PathStep step = PathStep::at(where, k);
            nb::object o = object(n.children[0], first + k, element, &step);
            PyTuple_SetItem(made.ptr(), static_cast<Py_ssize_t>(k), o.release().ptr());
        }
        return made;
    }

    void put(const nb::object& dict, const TypeMeta& type, nb::object key, const nb::object& value,
             const PathStep* where) const {
        key = hashable(*type.key, key, where);
        checked(PyDict_SetItem(dict.ptr(), key.ptr(), value.ptr()));
    }

    /// Of a list of pairs, which is what libraries have that have no maps.
    nb::object dict_of_pairs(const NestedCells& n, std::size_t i, const TypeMeta& type, const PathStep* where) const {
        const Cells& pairs = n.children[0];
        const auto [first, count] = n.slices[i];
        nb::object made = owned(PyDict_New());
        for (std::size_t k = first; k < first + count; ++k) {
            const PathStep step = PathStep::at(where, k - first);
            if (!pairs.is_given(k)) throw ValueError(prefix(&step) + "a pair of key and value expected, got null");
            put(made, type, object(pairs.nested->children[0], k, type.key, &step),
                object(pairs.nested->children[1], k, type.element, &step), &step);
        }
        return made;
    }

    nb::object of_list(const NestedCells& n, std::size_t i, const TypeMeta* type, const PathStep* where) const {
        if (!type) return list(n, i, nullptr, where);
        const Cells& child = n.children[0];
        if (type->kind == TypeKind::Map && child.nested && child.nested->form == NestedCells::Form::Struct &&
            child.nested->children.size() == 2)
            return dict_of_pairs(n, i, *type, where);
        if (type->kind == TypeKind::Map && n.slices[i].count == 0) return owned(PyDict_New());
        if (type->kind == TypeKind::Tuple) return tuple(n, i, *type, where);
        nb::object made = list(n, i, type->kind == TypeKind::Window ? nullptr : type->element, where);
        if (type->kind == TypeKind::List && type->is(TypeFlags::IsTuple)) return owned(PyList_AsTuple(made.ptr()));
        if (type->kind != TypeKind::Set) return made;
        for (Py_ssize_t k = 0; k < PyList_Size(made.ptr()); ++k) {
            const PathStep step = PathStep::at(where, static_cast<std::size_t>(k));
            nb::object element = hashable(*type->element, nb::borrow(PyList_GetItem(made.ptr(), k)), &step);
            PyList_SetItem(made.ptr(), k, element.release().ptr());
        }
        return owned(PyFrozenSet_New(made.ptr()));
    }

    nb::object of_map(const NestedCells& n, std::size_t i, const TypeMeta* type, const PathStep* where) const {
        const auto [first, count] = n.slices[i];
        const bool dict = type && type->kind == TypeKind::Map;
        nb::object made = dict ? owned(PyDict_New()) : owned(PyList_New(0));
        for (std::size_t k = first; k < first + count; ++k) {
            const PathStep step = PathStep::at(where, k - first);
            nb::object key = object(n.children[0], k, dict ? type->key : nullptr, &step);
            const nb::object value = object(n.children[1], k, dict ? type->element : nullptr, &step);
            if (dict)
                put(made, *type, std::move(key), value, &step);
            else // as pyarrow shows a map
                checked(PyList_Append(made.ptr(), owned(PyTuple_Pack(2, key.ptr(), value.ptr())).ptr()));
        }
        return made;
    }

    /// Null is a field left out, unless it may be None.
    nb::object of_struct(const NestedCells& n, std::size_t i, const TypeMeta* type, const PathStep* where) const {
        if (type && type->kind == TypeKind::Tuple) {
            nb::object made = owned(PyTuple_New(static_cast<Py_ssize_t>(n.children.size())));
            for (std::size_t f = 0; f < n.children.size(); ++f) {
                const PathStep step = PathStep::at(where, f);
                nb::object o = object(n.children[f], i, f < type->field_count ? type->fields[f].type : nullptr, &step);
                PyTuple_SetItem(made.ptr(), static_cast<Py_ssize_t>(f), o.release().ptr());
            }
            return made;
        }
        nb::object made = owned(PyDict_New());
        for (std::size_t f = 0; f < n.children.size(); ++f) {
            const TypeMeta* field = nullptr;
            if (type && type->kind == TypeKind::Map) field = type->element;
            if (type && type->kind == TypeKind::Bundle)
                if (const std::uint32_t at = field_index(*type, n.names[f]); at != type->field_count)
                    field = type->fields[at].type;
            if (field && !may_be_none(*field) && !n.children[f].is_given(i)) continue;
            const PathStep step = PathStep::field(where, n.names[f].c_str());
            const nb::object o = object(n.children[f], i, field, &step);
            const nb::object name =
                owned(PyUnicode_FromStringAndSize(n.names[f].data(), static_cast<Py_ssize_t>(n.names[f].size())));
            checked(PyDict_SetItem(made.ptr(), name.ptr(), o.ptr()));
        }
        return made;
    }

    nb::object of_decimal(const NestedCells& n, std::size_t i, const TypeMeta* type) const {
        const auto* bytes = reinterpret_cast<const char*>(n.bytes.data()) + i * n.width;
        const nb::object little = owned(PyBytes_FromStringAndSize(bytes, static_cast<Py_ssize_t>(n.width)));
        const nb::object digits = owned(
            PyObject_CallMethod(reinterpret_cast<PyObject*>(&PyLong_Type), "from_bytes", "Os", little.ptr(), "little"));
        nb::object whole = digits;
        if (bytes[n.width - 1] < 0) { // two's complement
            const nb::object one = owned(PyLong_FromLong(1));
            const nb::object bits = owned(PyLong_FromSize_t(n.width * 8));
            whole = owned(PyNumber_Subtract(digits.ptr(), owned(PyNumber_Lshift(one.ptr(), bits.ptr())).ptr()));
        }
        const nb::object text = owned(PyUnicode_FromFormat("%SE%d", whole.ptr(), -n.digits));
        nb::object made = owned(PyObject_CallFunctionObjArgs(decimal_class.get(), text.ptr(), nullptr));
        if (type && is_float(*type)) return owned(PyNumber_Float(made.ptr()));
        if (!type || !is_integer(*type)) return made;
        nb::object number = owned(PyNumber_Long(made.ptr()));
        return checked(PyObject_RichCompareBool(number.ptr(), made.ptr(), Py_EQ)) ? number : made;
    }

    nb::object of_scalar(const Cells& cells, std::size_t i, const TypeMeta* type, const PathStep* where) const {
        nb::object made = nb::steal(cells.object(i, where));
        if (!names || !type || type->scalar != ScalarKind::Enum || !PyUnicode_Check(made.ptr())) return made;
        return owned(enum_member(*type, enum_value_of_name(*type, made.ptr(), where)));
    }

    nb::object object(const Cells& cells, std::size_t i, const TypeMeta* type, const PathStep* where) const {
        using Form = NestedCells::Form;
        if (!cells.is_given(i)) return none();
        const NestedCells* n = cells.nested.get();
        if (n && n->form == Form::Picked) return object(n->children[0], n->slices[i].first, type, where);
        if (n && n->form == Form::Union) return object(n->children[n->which[i]], n->slices[i].first, type, where);
        while (type && (type->kind == TypeKind::Optional || type->kind == TypeKind::Variant))
            type = type->kind == TypeKind::Optional ? type->element : alternative_of(*type, cells, names);
        if (!n) return of_scalar(cells, i, type, where);
        switch (n->form) {
        case Form::List: return of_list(*n, i, type, where);
        case Form::Map: return of_map(*n, i, type, where);
        case Form::Decimal: return of_decimal(*n, i, type);
        default: return of_struct(*n, i, type, where);
        }
    }
};

} // namespace

PyObject* Cells::item(std::size_t i) const noexcept {
    const auto at = static_cast<Py_ssize_t>(i);
    return PyTuple_Check(items.ptr()) ? PyTuple_GetItem(items.ptr(), at) : PyList_GetItem(items.ptr(), at);
}

PyObject* Cells::object(std::size_t i, const PathStep* where) const {
    switch (kind) {
    case ScalarKind::Object: return Py_NewRef(item(i));
    case ScalarKind::Str: {
        const std::string_view t = text(i);
        PyObject* made = PyUnicode_DecodeUTF8(t.data(), static_cast<Py_ssize_t>(t.size()), nullptr);
        if (made) return made;
        clear_error(PyExc_UnicodeDecodeError);
        throw ValueError(prefix(where) + "the Arrow text is not UTF-8");
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

nb::object object_of(const Cells& cells, std::size_t i, const TypeMeta* type, bool names, const PathStep* where) {
    return Maker{names}.object(cells, i, type, where);
}

Cells pick(GivenColumn& owner, const Cells& from, const std::vector<std::size_t>& positions,
           const std::uint8_t* given) {
    Cells made;
    made.kind = from.kind;
    made.count = positions.size();
    made.midnights = from.midnights;
    if (from.kind == ScalarKind::None) return made;
    auto* both = owner.allocate<std::uint8_t>(made.count);
    for (std::size_t i = 0; i < made.count; ++i) both[i] = (!given || given[i]) && from.is_given(positions[i]);
    made.given = both;
    if (from.kind == ScalarKind::Object) {
        auto nested = std::make_shared<NestedCells>();
        nested->form = NestedCells::Form::Picked;
        nested->children.push_back(from);
        for (const std::size_t p : positions) nested->slices.push_back({p, 1});
        made.nested = std::move(nested);
        return made;
    }
    const bool text = from.kind == ScalarKind::Str || from.kind == ScalarKind::Bytes;
    const std::size_t width = text ? sizeof(std::string_view) : detail::plain_scalar(from.kind).size;
    made.stride = static_cast<std::ptrdiff_t>(width);
    auto* data = reinterpret_cast<std::byte*>(
        owner.allocate<std::max_align_t>(made.count * width / sizeof(std::max_align_t) + 1));
    for (std::size_t i = 0; i < made.count; ++i)
        if (both[i]) std::memcpy(data + i * width, from.cell(positions[i]), width);
    made.first = data;
    made.copied = true;
    return made;
}

} // namespace hgvalue::python
