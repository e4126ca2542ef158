#include "short_repr.hpp"

#include "errors.hpp"
#include "struct_class.hpp"

#include <algorithm>
#include <string_view>

namespace hgvalue::python {

std::string text_of(PyObject* str) {
    Py_ssize_t size = 0;
    const char* text = PyUnicode_AsUTF8AndSize(str, &size);
    if (text) return {text, static_cast<std::size_t>(size)};
    clear_error(PyExc_UnicodeEncodeError); // lone surrogates: escape them
    return PyBytes_AsString(owned(PyUnicode_AsEncodedString(str, "ascii", "backslashreplace")).ptr());
}

std::string type_text(PyObject* o) { return text_of(owned(PyType_GetName(Py_TYPE(o))).ptr()); }

std::string shortened(std::string text, std::size_t limit) {
    if (text.size() <= limit) return text;
    std::size_t end = limit - 3;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return text.substr(0, end) + "...";
}

namespace {

StructObject* as_struct(PyObject* o) noexcept { return reinterpret_cast<StructObject*>(o); }

std::size_t size_of(PyObject* o) {
    const Py_ssize_t size = PyObject_Size(o);
    if (size < 0) throw_python_error();
    return static_cast<std::size_t>(size);
}

constexpr int deepest = 100;

/// One level of a text: what it is in is noted, so that what holds itself and what nests too deep are not followed.
class Level {
  public:
    explicit Level(PyObject* o) : object_(o), entered_(checked(Py_ReprEnter(o)) == 0) { ++depth_; }
    Level(const Level&) = delete;
    ~Level() {
        --depth_;
        if (entered_) Py_ReprLeave(object_);
    }
    /// Whether the object is being shown further up.
    bool is_round() const noexcept { return !entered_; }
    static bool too_deep() noexcept { return depth_ >= deepest; }

  private:
    PyObject* object_;
    bool entered_;
    static inline thread_local int depth_ = 0;
};

/// Whether objects of a class are shown as those of a builtin one.
bool shown_as(PyObject* o, PyTypeObject* builtin) {
    return PyType_GetSlot(Py_TYPE(o), Py_tp_repr) == PyType_GetSlot(builtin, Py_tp_repr);
}

void add_whole(ShortText& out, PyObject* o) { out.add_clipped(text_of(owned(PyObject_Repr(o)).ptr())); }

/// A str, bytes or bytearray. What is escaped takes several bytes for one.
void add_text(ShortText& out, PyObject* o) {
    const std::size_t size = size_of(o), room = std::max<std::size_t>(out.room(), 1);
    std::size_t shown = std::min(size, room);
    std::string quoted;
    for (bool fits = false; !fits; shown /= fits ? 1 : 4) {
        const nb::object start = owned(PySequence_GetSlice(o, 0, static_cast<Py_ssize_t>(shown)));
        quoted = text_of(owned(PyObject_Repr(start.ptr())).ptr());
        fits = shown < 4 || quoted.size() / 2 <= room;
    }
    out.text += quoted;
    if (shown < size) out.leave_out(size - shown, PyUnicode_Check(o) ? " characters" : " bytes");
}

void add_integer(ShortText& out, PyObject* o) {
    constexpr long many_bits = 4096;
    int overflow = 0;
    if (PyLong_AsLongLongAndOverflow(o, &overflow) == -1 && !overflow && PyErr_Occurred()) throw_python_error();
    if (overflow) {
        const nb::object bits = owned(PyObject_CallMethod(o, "bit_length", nullptr));
        const long count = PyLong_AsLong(bits.ptr());
        if (count == -1 && PyErr_Occurred()) throw_python_error();
        if (count > many_bits) {
            out.text += "<int of " + std::to_string(count) + " bits>";
            out.cut = true;
            return;
        }
    }
    add_whole(out, o);
}

/// What `next()` gives, until it gives null, with commas between and at most as many as there is room for.
template <class Next, class Add>
std::size_t add_parts(ShortText& out, std::size_t size, const Next& next, const Add& add) {
    std::size_t shown = 0;
    while (nb::object part = next()) {
        if (shown != 0) out.text += ", ";
        if (out.full()) {
            out.leave_out(size > shown ? size - shown : 1);
            return shown;
        }
        add(part.ptr());
        ++shown;
    }
    return shown;
}

void add_iterated(ShortText& out, PyObject* o, std::size_t size, std::string_view open, std::string_view close) {
    const Level level(o);
    out.text += open;
    if (level.is_round())
        out.text += "...";
    else {
        const nb::object all = owned(PyObject_GetIter(o));
        const std::size_t shown = add_parts(
            out, size,
            [&] {
                nb::object next = nb::steal(PyIter_Next(all.ptr()));
                if (!next && PyErr_Occurred())
                    clear_ordinary_error(); // a set that the repr of an element changes ends here
                return next;
            },
            [&](PyObject* part) { add_repr(out, part); });
        if (shown == 1 && !out.cut && open == "(") out.text += ',';
    }
    out.text += close;
}

void add_dict(ShortText& out, PyObject* o) {
    const Level level(o);
    out.text += '{';
    if (level.is_round())
        out.text += "...";
    else {
        Py_ssize_t at = 0;
        nb::object value;
        add_parts(
            out, static_cast<std::size_t>(PyDict_Size(o)),
            [&] {
                PyObject *k = nullptr, *v = nullptr;
                if (!PyDict_Next(o, &at, &k, &v)) return nb::object();
                value = nb::borrow(v);
                return nb::borrow(k);
            },
            [&](PyObject* key) {
                const nb::object held = value;
                add_repr(out, key);
                out.text += ": ";
                add_repr(out, held.ptr());
            });
    }
    out.text += '}';
}

void add_set(ShortText& out, PyObject* o, std::size_t size) {
    if (PySet_CheckExact(o)) {
        if (size == 0)
            out.text += "set()";
        else
            add_iterated(out, o, size, "{", "}");
        return;
    }
    const std::string name = type_text(o);
    if (size == 0)
        out.text += name + "()";
    else
        add_iterated(out, o, size, name + "({", "})");
}

/// The size of a collection of the standard library with many items, all of which its repr would show; else 0.
std::size_t many_items(PyObject* o) {
    const auto sized = reinterpret_cast<lenfunc>(PyType_GetSlot(Py_TYPE(o), Py_mp_length));
    const auto counted = reinterpret_cast<lenfunc>(PyType_GetSlot(Py_TYPE(o), Py_sq_length));
    if ((!sized && !counted) || PyRange_Check(o) || PyMemoryView_Check(o)) return 0;
    const nb::object repr = owned(PyObject_GetAttrString(reinterpret_cast<PyObject*>(Py_TYPE(o)), "__repr__"));
    const nb::object owner = find_attribute(repr.ptr(), "__objclass__");
    const nb::object module = find_attribute(owner ? owner.ptr() : repr.ptr(), "__module__");
    if (!module || !PyUnicode_Check(module.ptr())) return 0;
    const std::string name = text_of(module.ptr());
    if (name != "builtins" && name != "collections" && name != "array" && name != "types") return 0;
    const std::size_t size = size_of(o);
    return size > longest_repr ? size : 0;
}

void add_by_class(ShortText& out, PyObject* o) {
    if (shown_as(o, &PyUnicode_Type) || shown_as(o, &PyBytes_Type) || shown_as(o, &PyByteArray_Type))
        return add_text(out, o);
    if (PyLong_Check(o) && shown_as(o, &PyLong_Type)) return add_integer(out, o);
    if (o == Py_None || PyBool_Check(o) || PyFloat_CheckExact(o)) return add_whole(out, o);
    if (shown_as(o, StructClass::base())) return add_struct_repr(out, o);
    if (PyList_Check(o) && shown_as(o, &PyList_Type))
        return add_iterated(out, o, static_cast<std::size_t>(PyList_Size(o)), "[", "]");
    if (PyTuple_Check(o) && shown_as(o, &PyTuple_Type))
        return add_iterated(out, o, static_cast<std::size_t>(PyTuple_Size(o)), "(", ")");
    if (PyDict_Check(o) && shown_as(o, &PyDict_Type)) return add_dict(out, o);
    if (PyAnySet_Check(o) && shown_as(o, &PySet_Type)) return add_set(out, o, static_cast<std::size_t>(PySet_Size(o)));
    if (const std::size_t size = many_items(o)) {
        out.text += '<' + type_text(o) + " of " + std::to_string(size) + " items>";
        out.cut = true;
        return;
    }
    add_whole(out, o);
}

} // namespace

void add_repr(ShortText& out, PyObject* o) {
    if (Level::too_deep()) {
        out.text += "…";
        out.cut = true;
        return;
    }
    add_by_class(out, o);
}

void add_items_repr(ShortText& out, PyObject* sequence, char open, char close) {
    add_iterated(out, sequence, size_of(sequence), std::string_view(&open, 1), std::string_view(&close, 1));
}

void add_form(ShortText& out, const TypeMeta& type, const void* value, Form form) {
    ShortText plain{{}, std::max<std::size_t>(out.room(), 1)};
    add_value(plain, type, value);
    if (!plain.cut) return add_repr(out, owned(to_python(type, value, form)).ptr());
    out.text += plain.text;
    out.cut = true;
}

void add_struct_repr(ShortText& out, PyObject* o) {
    if (!as_struct(o)->cls) {
        out.text += "<CompoundScalar, not initialised>";
        return;
    }
    const Level level(o); // a struct may hold an object that holds the struct
    if (level.is_round()) {
        out.text += "...";
        return;
    }
    const StructRef s(o);
    out.text += text_of(owned(PyType_GetQualName(Py_TYPE(o))).ptr()) + '(';
    std::size_t left = s.cls.fields().size();
    for (const FieldSlot& f : s.cls.fields()) {
        if (left != s.cls.fields().size()) out.text += ", ";
        if (out.full()) {
            out.leave_out(left);
            break;
        }
        --left;
        out.text += text_of(f.name) + '=';
        add_form(out, *f.info->type, reinterpret_cast<std::byte*>(o) + f.offset);
    }
    out.text += ')';
}

std::string short_repr(PyObject* o, std::size_t limit) {
    try {
        ShortText out{{}, limit};
        add_repr(out, o);
        return out.text;
    } catch (nb::python_error& e) {
        e.restore();
    } catch (const std::exception&) {
        translate_exception();
    }
    clear_ordinary_error();
    return '<' + type_text(o) + '>';
}

} // namespace hgvalue::python
