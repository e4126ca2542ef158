// Any text gives a type, null, or one of the library's errors; and a type's name gives that type again.
#include <hgvalue/core/type_parser.hpp>
#include <hgvalue/core/type_registry.hpp>
#include <hgvalue/value/format.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    hgvalue::TypeRegistry& registry = hgvalue::TypeRegistry::instance();
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const hgvalue::TypeMeta* type = nullptr;
    try {
        type = hgvalue::parse_type(registry, text);
    } catch (const hgvalue::Error&) {
        return 0;
    }
    if (!type) return 0;
    const hgvalue::TypeMeta* again = hgvalue::parse_type(registry, hgvalue::type_name(*type));
    if (!again || !hgvalue::same_type(*type, *again)) std::abort();
    return 0;
}
