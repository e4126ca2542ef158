// Writing Python values into nodes in two steps: convert everything, then apply.
//
// Converting runs Python code and fails on the first wrong value; applying does neither. So a write that raises has
// changed nothing, however deep in a dict of dicts the wrong value stood.
#pragma once

#include "../time_series/pins.hpp"
#include "arena.hpp"
#include "convert.hpp"

#include <hgvalue/time_series/node_type.hpp>

#include <Python.h>

#include <cstddef>
#include <cstdint>

namespace hgvalue::python {

/// What a converted value will do to its node.
enum class Action : std::uint8_t {
    Nothing,    ///< None, or a dict in which everything is
    Invalidate, ///< `value = None` at the top
    Store,      ///< TS, SIGNAL: `data` is the value; TSW: the element to append
    Children,   ///< TSB, fixed TSL: `items` are (slot, write)
    Elements,   ///< dynamic TSL: `items` are (index, write) in order, a null write drops the last element
    Entries,    ///< TSD: `items` are keys with what happens to them, in order
    Members,    ///< TSS: `items` are elements to add or remove
    Content,    ///< TSS: `items` are all its elements
    BindParts,  ///< REF: `items` are (slot, write) of the items to bind
    Bind        ///< REF: `data` is the handle of the node to refer to, held by the arena
};

struct Write;

/// One part of a Write on a composite node.
struct Item {
    enum Kind : std::uint8_t { Set, Remove, RemoveIfExists };
    Item* next;
    Write* write;       ///< null for a removal
    void* key;          ///< TSD, TSS: a value of the key type
    std::size_t hash;   ///< of the key
    std::uint32_t slot; ///< TSB, TSL
    Kind kind;
};

struct Write {
    Action action = Action::Nothing;
    bool empty = false; ///< an empty dict, set or list was given: it makes an invalid collection valid
    void* data = nullptr;
    Item* first = nullptr;
    Item* last = nullptr;
    std::uint32_t count = 0;
};

/// What None means for the node that is written: at the top, an assignment invalidates and a result does nothing.
enum class NoneMeans : std::uint8_t { Nothing, Invalidate };

/// Converts `value` for a node of type `type`. `node` is the node if there is one already, else null (a new key).
/// Throws hgvalue::Error or nb::python_error; nothing but the arena has changed then.
Write* convert_write(Arena& arena, const NodeType& type, const node_ref* node, PyObject* value, NoneMeans none,
                     const PathStep* where);

/// The same for what a reference's bind() takes, which besides a time series may be those for its parts.
Write* convert_target(Arena& arena, const node_ref& reference, PyObject* value, const PathStep* where);

// The two parts of check_write.
void refuse_moves(const node_ref& node, const Write& write);
void check_binds(Arena& arena, const node_ref& node, Write& write);

/// To be asked before a write is applied, with the node as it is then; nothing has changed if it throws. PinnedError if
/// the write would move rows that somebody looks at in place; StaleReferenceError if what a reference is to refer to
/// went; ValueError if the write removes that itself, or lets references refer to each other in a ring.
inline void check_write(Arena& arena, const node_ref& node, Write& write) {
    if (engine::any_pins()) [[unlikely]]
        refuse_moves(node, write);
    if (node.type->references) check_binds(arena, node, write);
}

/// Applies a converted write. Can fail only for want of memory.
void apply_write(const node_ref& node, Write& write);

} // namespace hgvalue::python
