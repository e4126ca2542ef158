// The methods that structs have in common with Values: bytes, the Python form, text.
#include "collections.hpp"
#include "generic_class.hpp"
#include "generic_codec.hpp"
#include "struct_class.hpp"

#include <hgvalue/value/codec.hpp>
#include <hgvalue/value/format.hpp>

namespace hgvalue::python {

namespace {

PyObject* decode_struct(PyObject* cls, PyObject* data) {
    return guarded([&] {
        const StructClass& info = StructClass::required(cls);
        const BytesArgument bytes(data);
        const auto fill = [&](void* to) { decode(info.type(), to, bytes.view()); };
        return info.make(reinterpret_cast<PyTypeObject*>(cls), fill).release().ptr();
    });
}

PyObject* to_python_method(PyObject* self, PyObject*) {
    return guarded([&] {
        const StructRef s(self);
        return to_python(s.cls.type(), s.value, Form::Series);
    });
}

PyObject* from_python_method(PyObject* cls, PyObject* from) {
    return guarded([&] {
        const StructClass& info = StructClass::required(cls);
        const nb::object dict = info.is_instance(from) ? nb::object() : dict_of_mapping(from);
        const PathStep where = PathStep::root(info.type().name);
        const auto fill = [&](void* to) {
            if (dict)
                assign_dict(info, to, dict.ptr(), nullptr, Form::Dict);
            else
                from_python(info.type(), to, from, &where);
        };
        return info.make(reinterpret_cast<PyTypeObject*>(cls), fill).release().ptr();
    });
}

PyObject* to_string_method(PyObject* self, PyObject*) {
    return guarded([&] {
        const StructRef s(self);
        return text_object(to_string(s.cls.type(), s.value));
    });
}

} // namespace

PyMethodDef struct_codec_methods[] = {
    {"encode", encode_object, METH_NOARGS,
     "encode($self, /)\n--\n\nReturn its bytes: the same for equal content, on every machine. Raises TypeError if it "
     "holds objects."},
    {"decode", decode_struct, METH_O | METH_CLASS,
     "decode($type, data, /)\n--\n\nMake an instance from bytes. Raises DecodeError for anything but those of this "
     "type."},
    {"to_python", to_python_method, METH_NOARGS, "to_python($self, /)\n--\n\nReturn the Python form: an instance."},
    {"from_python", from_python_method, METH_O | METH_CLASS,
     "from_python($type, obj, /)\n--\n\nMake an instance from an instance, a mapping as `from_dict` takes it, or an "
     "object of a class of this name with the same fields."},
    {"to_string", to_string_method, METH_NOARGS, "to_string($self, /)\n--\n\nReturn the value as text."},
    {nullptr, nullptr, 0, nullptr}};

} // namespace hgvalue::python
