// Bytes and JSON of values, for Python.
#include "generic_codec.hpp"

#include "generic_delta.hpp"
#include "generic_types.hpp"
#include "generic_view.hpp"
#include "imported.hpp"
#include "node_access.hpp"
#include "plain_classes.hpp"
#include "struct_class.hpp"

#include <hgvalue/delta/codec.hpp>
#include <hgvalue/value/assign.hpp>
#include <hgvalue/value/codec.hpp>
#include <hgvalue/value/format.hpp>

namespace hgvalue::python {

namespace {

constinit Imported encode_json{"hgvalue._json", "encode"};
constinit Imported decode_json{"hgvalue._json", "decode"};

bool is_struct(PyObject* o) noexcept { return PyObject_TypeCheck(o, StructClass::base()); }

/// Without a copy: encoding runs no Python code.
std::string encoded(PyObject* o) {
    if (is_delta(o)) return encode(UsedDelta(o).value());
    if (is_value(o)) return encode(value_of(as_value(o)));
    const Subject subject(o, "encode");
    return encode(subject.view());
}

/// An instance of the class of a struct, else a Value.
PyObject* decoded(std::string_view bytes) {
    if (encoded_header(bytes).kind == EncodedKind::Delta) {
        DeltaValue delta = decode_delta(bytes);
        PyTypeObject* cls = delta_class_of(*delta.const_view().value_schema());
        return delta_object(cls, std::move(delta));
    }
    Value value = decode(bytes);
    const StructClass* cls = value.has_value() ? StructClass::of(*value.schema()) : nullptr;
    if (!cls) return value_object(std::move(value));
    return cls->copy_of(std::as_const(value).data()).release().ptr();
}

PyObject* encode_function(PyObject*, PyObject* o) {
    return guarded([&] { return bytes_object(encoded(o)); });
}
PyObject* decode_function(PyObject*, PyObject* data) {
    return guarded([&] { return decoded(BytesArgument(data).view()); });
}

PyMethodDef functions[] = {
    {"encode", encode_function, METH_O,
     "encode(obj, /)\n--\n\nThe bytes of a Value, a View, a struct or a Delta: compact, and the same for equal content "
     "on every machine.\n\nTypeError for a type that holds objects or references, and for any other object; ValueError "
     "for what could not be read back."},
    {"decode", decode_function, METH_O,
     "decode(data, /)\n--\n\nWhat the bytes are: an object of the class of a struct, a Value of any other type, a "
     "Delta of a change.\n\nThe type is found by the fingerprint in the bytes: KeyError if this process does not know "
     "it. DecodeError says what is wrong with the bytes."},
    {nullptr, nullptr, 0, nullptr}};

} // namespace

Subject::Subject(PyObject* o, const char* doing) : held_(nb::borrow(o)), doing_(doing) {
    if (is_struct(o)) {
        const StructRef s(o);
        type_ = &s.cls.type();
        data_ = s.value; // immutable, and held
        return;
    }
    const Operand operand = operand_of(o);
    if (!operand.type) throw TypeError(std::string(doing) + " takes a Value, a View or a struct, not " + describe(o));
    type_ = operand.type;
    data_ = operand.data;
    if (!data_ || (!operand.node && !type_->is(TypeFlags::HoldsObjects))) return;
    if (operand.node && !is_complete(node_of(operand.node)))
        throw NullValueError(std::string(doing) + ": " + place_text(operand.node) + " is not valid all through");
    copy_ = Value(ConstValueView(data_, type_));
    data_ = std::as_const(copy_).data();
}

ConstValueView Subject::view() const {
    if (!data_) throw NullValueError(std::string(doing_) + ": the value of type " + type_name(*type_) + " is null");
    return {data_, type_};
}

TypedArguments::TypedArguments(PyTypeObject* cls, const TypeMeta* fixed, PyObject* args, const char* name)
    : type_(fixed) {
    PyObject *first = nullptr, *second = nullptr;
    if (!PyArg_UnpackTuple(args, name, 1, 2, &first, &second)) throw_python_error();
    subject_ = second ? second : first;
    if (!second) return;
    type_ = &type_from_python(first);
    if (fixed) require_type_of_class(cls, *fixed, *type_);
}

const TypeMeta& TypedArguments::required_type(const char* name) const {
    if (!type_) throw TypeError(std::string(name) + " takes a type, and what to make a value of");
    return *type_;
}

BytesArgument::BytesArgument(PyObject* o) {
    if (!PyObject_CheckBuffer(o)) throw TypeError("decode takes bytes, not " + describe(o));
    checked(PyObject_GetBuffer(o, &buffer_, PyBUF_SIMPLE));
}

PyObject* bytes_object(const std::string& bytes) {
    return owned(PyBytes_FromStringAndSize(bytes.data(), static_cast<Py_ssize_t>(bytes.size()))).release().ptr();
}

nb::object json_text(const nb::object& plain) {
    return owned(PyObject_CallFunctionObjArgs(encode_json.get(), plain.ptr(), nullptr));
}
nb::object from_json_text(PyObject* text) {
    return owned(PyObject_CallFunctionObjArgs(decode_json.get(), text, nullptr));
}
nb::object json_of(const TypeMeta& type, const void* value) {
    if (!value) return json_text(nb::none());
    nb::object plain;
    {
        plain = owned(to_python(type, value, Form::Json));
    }
    return json_text(plain);
}

// -- methods of classes
// ------------------------------------------------------------------------------------------------

PyObject* encode_object(PyObject* self, PyObject*) { return encode_function(nullptr, self); }

PyObject* json_of_object(PyObject* self, PyObject*) {
    return guarded([&] {
        const Subject subject(self, "to_json");
        return json_of(subject.type(), subject.data()).release().ptr();
    });
}

PyObject* decode_value(PyObject* cls, PyObject* args) {
    return guarded([&] {
        auto* python_type = reinterpret_cast<PyTypeObject*>(cls);
        const TypedArguments given(python_type, nullptr, args, "decode");
        const BytesArgument bytes(given.subject());
        if (given.type()) return value_object(decode(*given.type(), bytes.view()), python_type);
        if (encoded_header(bytes.view()).kind == EncodedKind::Delta)
            throw DecodeError("these are the bytes of a delta, not of a value; hgvalue.Delta.decode reads them");
        return value_object(decode(bytes.view()), python_type);
    });
}

PyObject* value_from_json(PyObject* cls, PyObject* args) {
    return guarded([&] {
        auto* python_type = reinterpret_cast<PyTypeObject*>(cls);
        const TypedArguments given(python_type, nullptr, args, "from_json");
        const TypeMeta& type = given.required_type("from_json");
        return value_object(value_made_of(type, from_json_text(given.subject()).ptr(), Form::Json), python_type);
    });
}

void init_codec(PyObject* module) { checked(PyModule_AddFunctions(module, functions)); }

} // namespace hgvalue::python
