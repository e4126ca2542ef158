"""The parts of :class:`TypeMeta` that are written in Python."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hgvalue._generic import TypeMeta

__all__ = ["FieldInfo", "TypeKind"]


class TypeKind(Enum):
    """What kind of values a type has."""

    __module__ = "hgvalue"

    SCALAR = 0
    TUPLE = 1
    BUNDLE = 2
    LIST = 3
    SET = 4
    MAP = 5
    CYCLIC_BUFFER = 6
    QUEUE = 7
    WINDOW = 8
    OPTIONAL = 9
    VARIANT = 10
    REF = 11


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """One field of a bundle or tuple."""

    __module__ = "hgvalue"

    name: str | None
    """As in the schema; None in a tuple."""
    index: int
    offset: int
    """Bytes from the start of the struct, in the layout of the type itself."""
    type: TypeMeta
    has_default: bool
    """Whether it may be left out when a value is made of a dict."""
    doc: str | None


def reduce_type(type_: TypeMeta) -> tuple[Callable[..., TypeMeta], tuple[Any, ...]]:
    """Return how a pickled type is found again: by its class, or made again of its parts."""
    from hgvalue._hgvalue import TypeMeta as Meta
    from hgvalue._hgvalue import TypeRegistry, Value

    kind, element = type_.kind, type_.element_type
    if kind is TypeKind.BUNDLE:
        if isinstance(type_.python_type, type):
            return Meta.from_python_type, (type_.python_type,)
        default = Value(type_)
        fields = {str(f.name): f.type for f in type_.fields}
        defaults = {str(f.name): default[f.name].value for f in type_.fields if f.has_default}
        docs = {str(f.name): f.doc for f in type_.fields if f.doc}
        name = type_.name if type_.is_named else None
        return _bundle, (fields, name, type_.module, type_.doc, defaults, docs)
    if type_.members:
        cls = type_.python_type
        if isinstance(cls, type) and issubclass(cls, IntEnum):  # only schemas declare those, so the class can be found
            return Meta.from_python_type, (cls,)
        return TypeRegistry.enumeration, (type_.name, type_.members, type_.module, type_.doc)
    match kind:
        case TypeKind.SCALAR:
            return Meta.get, (type_.name,)
        case TypeKind.TUPLE:
            return TypeRegistry.tuple, tuple(f.type for f in type_.fields)
        case TypeKind.VARIANT:
            return TypeRegistry.variant, type_.alternatives
        case TypeKind.MAP:
            return TypeRegistry.map, (type_.key_type, type_.value_type, type_.is_ordered)
        case TypeKind.SET:
            return TypeRegistry.set, (element, type_.is_ordered)
        case TypeKind.LIST if type_.is_tuple:
            return TypeRegistry.tuple_of, (element,)
        case TypeKind.LIST if type_.fixed_size:
            return TypeRegistry.fixed_list, (element, type_.fixed_size)
        case TypeKind.LIST:
            return TypeRegistry.list, (element,)
        case TypeKind.WINDOW:
            minimum = type_.min_size
            return TypeRegistry.window, (element, type_.fixed_size, minimum if minimum else _no_minimum(type_))
        case TypeKind.CYCLIC_BUFFER:
            return TypeRegistry.cyclic_buffer, (element, type_.fixed_size)
        case TypeKind.QUEUE:
            return TypeRegistry.queue, (element, type_.fixed_size)
        case TypeKind.OPTIONAL:
            return TypeRegistry.optional, (element,)
        case _:
            return TypeRegistry.ref, (element, type_.fixed_size)


def _no_minimum(window: TypeMeta) -> int | timedelta:
    return timedelta() if isinstance(window.fixed_size, timedelta) else 0


def _bundle(
    fields: dict[str, TypeMeta],
    name: str | None,
    module: str | None,
    doc: str | None,
    defaults: dict[str, Any],
    docs: dict[str, str],
) -> TypeMeta:
    from hgvalue._hgvalue import TypeRegistry

    return TypeRegistry.bundle(fields, name, module, doc=doc, defaults=defaults, docs=docs)
