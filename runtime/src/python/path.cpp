#include "path.hpp"

#include "errors.hpp"
#include "short_repr.hpp"

namespace hgvalue::python {

namespace {

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

std::string describe(PyObject* o) {
    if (o == Py_None) return "None";
    nb::error_scope keep;
    return type_text(o) + ' ' + short_repr(o);
}

} // namespace hgvalue::python
