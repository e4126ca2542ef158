#include "path.hpp"

#include "errors.hpp"

namespace hgvalue::python {

namespace {

std::string text_of(PyObject* str) {
    Py_ssize_t size = 0;
    const char* text = PyUnicode_AsUTF8AndSize(str, &size);
    if (text) return {text, static_cast<std::size_t>(size)};
    clear_error(PyExc_UnicodeEncodeError); // lone surrogates: escape them
    return PyBytes_AsString(owned(PyUnicode_AsEncodedString(str, "ascii", "backslashreplace")).ptr());
}

std::string type_text(PyObject* o) { return text_of(owned(PyType_GetName(Py_TYPE(o))).ptr()); }

/// At most `limit` bytes, cut between characters.
std::string shortened(std::string text, std::size_t limit) {
    if (text.size() <= limit) return text;
    std::size_t end = limit - 3;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return text.substr(0, end) + "...";
}

void add(std::string& out, const PathStep& step) {
    if (step.parent) add(out, *step.parent);
    switch (step.kind) {
    case PathStep::Kind::Text: out += step.text; break;
    case PathStep::Kind::Field:
        if (!out.empty()) out += '.';
        out += step.text;
        break;
    case PathStep::Kind::Index: out += '[' + std::to_string(step.index) + ']'; break;
    case PathStep::Kind::Key: out += '[' + short_repr(step.key) + ']'; break;
    case PathStep::Kind::Lazy: out += step.render(step.context); break;
    }
}

} // namespace

std::string render(const PathStep* where) {
    std::string out;
    if (!where) return out;
    nb::error_scope keep; // rendering a key calls its repr
    add(out, *where);
    return out;
}

std::string prefix(const PathStep* where) { return where ? render(where) + ": " : std::string(); }

std::string short_repr(PyObject* o, std::size_t limit) {
    const nb::object repr = nb::steal(PyObject_Repr(o));
    if (repr) return shortened(text_of(repr.ptr()), limit);
    clear_ordinary_error();
    return '<' + type_text(o) + '>';
}

std::string describe(PyObject* o) {
    if (o == Py_None) return "None";
    nb::error_scope keep;
    return type_text(o) + ' ' + short_repr(o);
}

} // namespace hgvalue::python
