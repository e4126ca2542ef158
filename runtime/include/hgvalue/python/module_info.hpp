// What a generated extension module tells the runtime about itself. All of it is constant data.
#pragma once

#include <hgvalue/fwd.hpp>

#include <cstdint>

namespace hgvalue {

/// The name of the capsule in which `_hgvalue` offers its RuntimeApi.
inline constexpr const char* runtime_capsule = "hgvalue._hgvalue.runtime_api";

/// One schema file of the package.
struct SchemaModule {
    const char* name;             ///< dotted name of the schema file: "common"
    const char* python_name;      ///< module its classes say they are from: "market.common"
    const char* doc;              ///< docstring, or null
    const TypeMeta* const* types; ///< enums and structs, each after those it uses
    std::uint32_t type_count;
    const NodeType* const* nodes; ///< named bundles and roots, each after those it uses
    std::uint32_t node_count;
};

struct ModuleInfo {
    const char* package;     ///< dotted name of the Python package
    const char* fingerprint; ///< of the schema, 16 hex digits
    const SchemaModule* modules;
    std::uint32_t module_count;
};

} // namespace hgvalue
