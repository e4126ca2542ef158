"""Operations as the recorded cases write them, ``[name, path, value]``, on anything with the time-series surface."""

from __future__ import annotations

from typing import Any

from .canonical import Api, decode

#: What a refused operation may raise: our own errors derive from these too. Anything else is a defect.
REFUSALS = (TypeError, ValueError, KeyError, IndexError, OverflowError, AttributeError)


def find(root: Any, path: list[Any], api: Api) -> Any:
    """Follow a path: a field name, a position, or ``{"key": ...}``."""
    for step in path:
        root = root[decode(step["key"], api) if isinstance(step, dict) else step]
    return root


def operate(root: Any, operation: list[Any], api: Api) -> Any:
    """Carry out one operation and return what it returned."""
    name, path, *rest = operation
    node = find(root, path, api)
    argument = decode(rest[0], api) if rest else None
    match name:
        case "set":
            node.value = argument
        case "apply":
            node.apply_result(argument)
        case "invalidate":
            node.invalidate()
        case "clear":
            node.clear()
        case "add":
            node.add(argument)
        case "remove":
            node.remove(argument)
        case "del":
            del node[argument]
        case "pop":
            return node.pop(argument)
        case "create":
            node.get_or_create(argument)
        case "append":
            node.append(argument)
        case "resize":
            node.resize(argument)
        case "mark":
            node.mark_modified()
        case _:
            raise NotImplementedError(name)
    return None
