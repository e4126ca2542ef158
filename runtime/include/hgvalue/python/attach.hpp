// Connects a generated extension module to the runtime in `hgvalue._hgvalue`.
#pragma once

#include <hgvalue/core/runtime_api.hpp>
#include <hgvalue/python/layout.hpp>
#include <hgvalue/python/module_info.hpp>

#include <nanobind/nanobind.h>

#include <cstring>
#include <string>

namespace hgvalue {

/// Why a module compiled against these headers cannot use the runtime; empty if it can. Of a table of another size only
/// the first two members may be read.
inline std::string misfit(const RuntimeApi& api) {
    if (api.abi != abi_version)
        return "it was built for runtime ABI " + std::to_string(abi_version) + ", not " + std::to_string(api.abi);
    if (api.size != sizeof(RuntimeApi) || api.layout != layout_signature())
        return "it was compiled against the headers of another version";
    if (std::strcmp(api.platform, NB_PLATFORM_ABI_TAG) != 0)
        return std::string("it was compiled for " NB_PLATFORM_ABI_TAG ", not ") + api.platform;
    return {};
}

/// Fetches the runtime's function table and has it build the Python classes of `info` inside `m`.
/// Throws nanobind::import_error when the installed `hgvalue` does not fit what the module was compiled with.
inline void attach(nanobind::module_& m, const ModuleInfo& info) {
    namespace nb = nanobind;
    nb::module_::import_("hgvalue");
    const auto* api = static_cast<const RuntimeApi*>(PyCapsule_Import(runtime_capsule, 0));
    if (!api) throw nb::python_error();
    if (const std::string reason = misfit(*api); !reason.empty()) {
        const std::string message = std::string("package '") + info.package +
                                    "' does not fit the installed hgvalue: " + reason +
                                    "; run hgvalue-gen again to rebuild it";
        throw nb::import_error(message.c_str());
    }
    attached_runtime = api;
    if (!api->module_create(m.ptr(), info)) throw nb::python_error();
}

} // namespace hgvalue
