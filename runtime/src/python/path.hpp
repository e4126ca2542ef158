// Where a value stands, for error messages: `Board['UA1'].quote.bid`.
//
// Steps are a linked list on the stack, one per level of a conversion. Making one costs a few stores; text is made only
// when an error is raised.
#pragma once

#include <Python.h>

#include <cstddef>
#include <string>

namespace hgvalue::python {

struct PathStep {
    enum class Kind : unsigned char { Text, Field, Index, Key, Lazy };
    using Render = std::string (*)(const void* context);

    const PathStep* parent;
    Kind kind;
    union {
        const char* text;  ///< Text, Field
        std::size_t index; ///< Index
        PyObject* key;     ///< Key; borrowed
        Render render;     ///< Lazy
    };
    const void* context = nullptr; ///< Lazy: what `render` is given

    /// A start, such as the name of a class.
    static PathStep root(const char* text) noexcept {
        PathStep s{nullptr, Kind::Text, {}};
        s.text = text;
        return s;
    }
    /// A start whose text is made by `render(context)`, only if it is needed.
    static PathStep lazy(Render render, const void* context) noexcept {
        PathStep s{nullptr, Kind::Lazy, {}};
        s.render = render;
        s.context = context;
        return s;
    }
    static PathStep field(const PathStep* parent, const char* name) noexcept {
        PathStep s{parent, Kind::Field, {}};
        s.text = name;
        return s;
    }
    static PathStep at(const PathStep* parent, std::size_t index) noexcept {
        PathStep s{parent, Kind::Index, {}};
        s.index = index;
        return s;
    }
    static PathStep at_key(const PathStep* parent, PyObject* key) noexcept {
        PathStep s{parent, Kind::Key, {}};
        s.key = key;
        return s;
    }
};

/// The path as text; empty for null. Clears no error that is set.
std::string render(const PathStep* where);

/// The path followed by ": ", or nothing for null: the beginning of a message.
std::string prefix(const PathStep* where);

/// repr(o), about `limit` characters at most, for a message. An object that cannot be shown gives its type.
std::string short_repr(PyObject* o, std::size_t limit = 60);

/// "str 'x'", "None", "list [1, 2]": the type and short value of an object, for a message.
std::string describe(PyObject* o);

} // namespace hgvalue::python
