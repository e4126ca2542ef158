#include "generic_module.hpp"

#include "generic_class.hpp"
#include "generic_codec.hpp"
#include "generic_delta.hpp"
#include "generic_types.hpp"
#include "generic_view.hpp"
#include "short_repr.hpp"

namespace hgvalue::python {

namespace {

PyObject* view(PyObject*, PyObject* subject) {
    return guarded([&] { return view_of(subject); });
}

PyObject* short_repr_of(PyObject*, PyObject* o) {
    return guarded([&] {
        ShortText out{{}, longest_repr};
        add_repr(out, o);
        return text_object(out.text);
    });
}

PyMethodDef functions[] = {
    {"short_repr", short_repr_of, METH_O, "short_repr(obj, /)\n--\n\nWhat repr gives, cut if that is long."},
    {"short_form", short_form, METH_O,
     "short_form(value, /)\n--\n\nThe repr of a Value's Python form, cut if that is long."},
    {"view", view, METH_O,
     "view(obj, /)\n--\n\nThe view of a Value, a struct or a time series, at any level: its data in place, by type and "
     "without a copy.\n\nStructs are read-only. A write over a time series is the time series' own: it stamps and "
     "notifies, and RuntimeError is raised before the first tick. TypeError for any other object."},
    {"freeze", freeze_value, METH_O, "freeze(value, /)\n--\n\nMakes a Value immutable, for good."},
    {nullptr, nullptr, 0, nullptr}};

} // namespace

void init_generic(PyObject* module) {
    init_types(module);
    init_registry(module);
    init_values(module);
    init_views(module);
    init_ranges(module);
    init_deltas(module);
    init_delta_functions(module);
    init_codec(module);
    checked(PyModule_AddFunctions(module, functions));
}

} // namespace hgvalue::python
