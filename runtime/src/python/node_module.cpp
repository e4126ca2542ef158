#include "node_module.hpp"

#include "clock.hpp"
#include "columns.hpp"
#include "columns_out.hpp"
#include "node_access.hpp"
#include "node_classes.hpp"
#include "node_input.hpp"
#include "node_reference.hpp"
#include "plain_classes.hpp"
#include "value_types.hpp"

#include <algorithm>

namespace hgvalue::python {

namespace {

void add_schema(PyObject* extension, const SchemaModule& schema) {
    std::string attribute = schema.name;
    std::replace(attribute.begin(), attribute.end(), '.', '_');
    const nb::object part = owned(PyModule_New(schema.python_name));
    add_value_types(part.ptr(), schema);
    for (std::uint32_t i = 0; i < schema.node_count; ++i) {
        const NodeType& node = *schema.nodes[i];
        const nb::object cls = owned(make_node_class(node, schema.python_name));
        checked(PyObject_SetAttrString(part.ptr(), node.name, cls.ptr()));
        add_plain_classes(part.ptr(), node, schema.python_name);
    }
    checked(PyObject_SetAttrString(extension, attribute.c_str(), part.ptr()));
}

} // namespace

void init_time_series(PyObject* module) {
    init_clock(module);
    init_kind_classes(module);
    init_inputs(module);
    init_columns(module);
    init_arrow_table(module);
    init_reference_items(module);
    init_column_views(module);
}

bool create_module(void* module, const ModuleInfo& info) noexcept {
    return guarded([&]() -> bool {
        for (std::uint32_t i = 0; i < info.module_count; ++i)
            add_schema(static_cast<PyObject*>(module), info.modules[i]);
        return true;
    });
}

} // namespace hgvalue::python
