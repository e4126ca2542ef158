"""Interning: one object for each shape, and limits on how large a shape may grow."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any, Final, TypeAlias, TypeVar

from hgvalue_gen.schema import model as m

#: Types within types, declared classes included: everything that recurses over a type relies on it.
MAX_DEPTH: Final = 100
#: Parts of a type when aliases are written out. Aliases of aliases double it with every line.
MAX_PARTS: Final = 10_000

_FLATTER: Final = "hold the inner ones beside the outer ones, and refer to them by a key"
_CLASSES: Final = "make classes of the parts that are repeated: a class counts as one part"

AnyType: TypeAlias = m.ScalarType | m.TimeSeriesType | m.Bundle
_KINDS: Final = (m.ScalarType, m.TimeSeriesType, m.Bundle)
_T = TypeVar("_T", bound=AnyType)


class TypePool:
    """Makes types. Keys are made of the identities of parts, so making a type takes time for its own parts alone."""

    def __init__(self) -> None:
        self._made: dict[Hashable, Any] = {}
        self._measures: dict[int, tuple[int, int]] = {}

    def make(self, kind: type[_T], *arguments: Any) -> _T:
        """Return the type ``kind(*arguments)``. Raises SchemaTypeError if its own checks fail or it is too large."""
        named = kind in (m.StructType, m.EnumType) or (kind is m.Bundle and arguments[1] is not None)
        # A name stands for one declaration, so what that is made of need not be looked at.
        key = (kind, *arguments[:2]) if named else (kind, *map(_key, arguments))
        found: _T | None = self._made.get(key)
        if found is not None:
            return found
        parts = [self._measures[id(part)] for argument in arguments for part in _parts(argument)]
        # A bundle and the time series of it are one level to whoever wrote them.
        own = 0 if kind is m.TSB else 1
        depth, size = own, 1
        for part_depth, part_size in parts:
            depth = max(depth, part_depth + own)
            size += part_size
        if depth > MAX_DEPTH:
            raise m.SchemaTypeError("HGT006", f"more than {MAX_DEPTH} types within each other", help=_FLATTER)
        if size > MAX_PARTS and not named:
            raise m.SchemaTypeError(
                "HGT006", f"the type has more than {MAX_PARTS} parts when written out", help=_CLASSES
            )
        made = kind(*arguments)
        self._measures[id(made)] = depth, 1 if named else size
        self._made[key] = made
        return made


def _key(argument: Any) -> Hashable:
    if isinstance(argument, _KINDS):
        return id(argument)
    if isinstance(argument, tuple):
        return tuple(map(_key, argument))
    if isinstance(argument, m.BundleField):
        return argument.name, id(argument.type), argument.item_only
    if isinstance(argument, m.StructField):
        return argument.name, id(argument.type)
    return type(argument), argument


def _parts(argument: Any) -> Iterator[AnyType]:
    if isinstance(argument, _KINDS):
        yield argument
    elif isinstance(argument, tuple):
        for item in argument:
            yield from _parts(item)
    elif isinstance(argument, m.BundleField | m.StructField):
        yield argument.type
