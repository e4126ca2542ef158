// Any text is a path or one of the library's errors; and where a path leads, the text of the part's own path leads too.
#include <hgvalue/core/type_of.hpp>
#include <hgvalue/value/navigate.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace {

using hgvalue::list;
using hgvalue::map;

using sample = std::tuple<map<std::string, std::tuple<double, list<std::int64_t>>>, map<std::int8_t, std::string>,
                          map<bool, std::optional<list<double>>>, map<hgvalue::date, std::int64_t>,
                          hgvalue::cyclic_buffer<std::string, 2>>;

sample make_sample() {
    sample s;
    std::get<0>(s)["a"] = {0.5, {1, 2, 3}};
    std::get<0>(s)["q\"\\\n]"] = {1.5, {}};
    std::get<1>(s)[-128] = "low";
    std::get<1>(s)[3] = "three";
    std::get<2>(s)[true] = list<double>{0.25};
    std::get<2>(s)[false] = std::nullopt;
    std::get<3>(s)[hgvalue::date{18262}] = 7;
    for (const char* text : {"x", "y", "z"}) std::get<4>(s).push(text);
    return s;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const sample value = make_sample();
    const hgvalue::ConstValueView root(&value, &hgvalue::type_of<sample>());
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        const hgvalue::ConstValueView part = hgvalue::navigate(root, text);
        if (hgvalue::navigate(root, part.path_string()).data() != part.data()) std::abort();
    } catch (const hgvalue::Error&) {
        // The same text must fail without throwing, unless it is no path at all.
        std::optional<hgvalue::ParsedPath> path;
        try {
            path = hgvalue::parse_path(text);
        } catch (const hgvalue::ValueError&) {
            return 0;
        }
        if (hgvalue::try_navigate(root, *path)) std::abort();
    }
    return 0;
}
