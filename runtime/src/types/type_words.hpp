// The words that a type can be spelled with.
#pragma once

#include <string_view>
#include <utility>

namespace hgvalue::detail {

/// What makes a type of the types and sizes in the brackets after it.
enum class Constructor {
    Tuple,
    List,
    Set,
    OrderedSet,
    Dict,
    OrderedDict,
    Array,
    CyclicBuffer,
    Queue,
    Window,
    Optional,
    Union,
    Ref,
    Unknown
};

inline Constructor constructor_of(std::string_view name) {
    static constexpr std::pair<std::string_view, Constructor> known[] = {
        {"tuple", Constructor::Tuple},
        {"Tuple", Constructor::Tuple},
        {"list", Constructor::List},
        {"List", Constructor::List},
        {"set", Constructor::Set},
        {"Set", Constructor::Set},
        {"frozenset", Constructor::Set},
        {"FrozenSet", Constructor::Set},
        {"AbstractSet", Constructor::Set},
        {"OrderedSet", Constructor::OrderedSet},
        {"dict", Constructor::Dict},
        {"Dict", Constructor::Dict},
        {"frozendict", Constructor::Dict},
        {"Mapping", Constructor::Dict},
        {"OrderedDict", Constructor::OrderedDict},
        {"Array", Constructor::Array},
        {"CyclicBuffer", Constructor::CyclicBuffer},
        {"Queue", Constructor::Queue},
        {"Window", Constructor::Window},
        {"Optional", Constructor::Optional},
        {"Union", Constructor::Union},
        {"REF", Constructor::Ref},
    };
    for (const auto& [spelling, constructor] : known)
        if (spelling == name) return constructor;
    return Constructor::Unknown;
}

/// `name` without the Python module that the words of the language come from.
inline std::string_view without_module(std::string_view name) {
    for (const std::string_view module : {"typing.", "collections.abc.", "collections.", "builtins.", "datetime.",
                                          "frozendict.", "hgvalue.", "hgraph."})
        if (name.starts_with(module) && name.find('.', module.size()) == std::string_view::npos)
            return name.substr(module.size());
    return name;
}

} // namespace hgvalue::detail
