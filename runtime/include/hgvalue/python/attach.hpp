// Connects a generated extension module to the runtime in `hgvalue._hgvalue`.
#pragma once

#include <hgvalue/core/runtime_api.hpp>
#include <hgvalue/python/layout.hpp>
#include <hgvalue/python/module_info.hpp>

#include <nanobind/nanobind.h>

#include <cstring>
#include <string>

namespace hgvalue {

/// Fetches the runtime's function table and has it build the Python classes of `info` inside `m`.
/// Throws nanobind::import_error when the installed `hgvalue` does not fit what the module was compiled with.
inline void attach(nanobind::module_& m, const ModuleInfo& info) {
    namespace nb = nanobind;
    nb::module_::import_("hgvalue");
    const auto* api = static_cast<const RuntimeApi*>(PyCapsule_Import(runtime_capsule, 0));
    if (!api) throw nb::python_error();
    if (api->abi != abi_version || api->size != sizeof(RuntimeApi) || api->layout != layout_signature() ||
        std::strcmp(api->platform, NB_PLATFORM_ABI_TAG) != 0) {
        const std::string message =
            std::string("package '") + info.package + "' was built for runtime ABI " + std::to_string(abi_version) +
            " (" NB_PLATFORM_ABI_TAG "), the installed hgvalue has " + std::to_string(api->abi) + " (" + api->platform +
            "); run hgvalue-gen again to rebuild it";
        throw nb::import_error(message.c_str());
    }
    attached_runtime = api;
    if (!api->module_create(m.ptr(), info)) throw nb::python_error();
}

} // namespace hgvalue
