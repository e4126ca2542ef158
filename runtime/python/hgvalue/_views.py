"""The views as collections: what :mod:`collections.abc` has ready is taken from there."""

from __future__ import annotations

from collections.abc import (
    ItemsView,
    Iterable,
    KeysView,
    Mapping,
    MutableMapping,
    MutableSequence,
    MutableSet,
    Sequence,
    Set,
    ValuesView,
)
from typing import Any

from hgvalue import _hgvalue

__all__ = ["register_views"]

_SET_METHODS = (
    *("__le__", "__lt__", "__ge__", "__gt__", "__and__", "__or__", "__sub__", "__xor__", "isdisjoint"),
    *("__rand__", "__ror__", "__rsub__", "__rxor__"),
)
_SEQUENCES = ("TupleView", "ListView", "CyclicBufferView", "QueueView", "WindowView")


def register_views() -> None:
    """Make the classes of views what they are in terms of ``collections.abc``."""
    for name in _SEQUENCES:
        cls: Any = getattr(_hgvalue, name)
        Sequence.register(cls)
        for method in ("index", "count", "__reversed__"):
            setattr(cls, method, getattr(Sequence, method))
    lists: Any = _hgvalue.ListView
    MutableSequence.register(lists)
    lists.remove, lists.__iadd__ = MutableSequence.remove, MutableSequence.__iadd__

    sets: Any = _hgvalue.SetView
    MutableSet.register(sets)
    for method in _SET_METHODS:
        setattr(sets, method, getattr(Set, method))
    for method in ("__iand__", "__isub__", "__ixor__"):
        setattr(sets, method, getattr(MutableSet, method))
    sets.__ior__ = _add_all
    sets._from_iterable = classmethod(_plain_set)

    MutableMapping.register(_hgvalue.MapView)
    bundles: Any = _hgvalue.BundleView
    Mapping.register(bundles)
    bundles.get = Mapping.get
    maps: Any = _hgvalue.MapView
    maps.__ior__ = _add_all
    ValuesView.register(_hgvalue.ViewValues)
    for abstract, keyed in ((KeysView, _hgvalue.ViewKeys), (ItemsView, _hgvalue.ViewPairRange)):
        abstract.register(keyed)
        _make_set(keyed)


def _make_set(cls: Any) -> None:
    """Give the keys or items of a view what sets have. They are as mutable as what they show, so they have no hash."""
    for method in (*_SET_METHODS, "__eq__", "_hash"):
        setattr(cls, method, getattr(Set, method))
    cls.__hash__ = None
    cls._from_iterable = classmethod(_set_of_values)


def _set_of_values(cls: type, elements: Iterable[Any]) -> set[Any]:
    """Return what operators make of keys and items: a set of plain objects, that does not change with the view."""
    return {(part[0], _plain(part[1])) if type(part) is tuple and len(part) == 2 else part for part in elements}


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, _hgvalue.View) else value


def _add_all(self: Any, other: Any) -> Any:
    """Implement ``|=``: all or nothing."""
    self.update(other)
    return self


def _plain_set(cls: type, elements: Iterable[Any]) -> frozenset[Any]:
    """Return what operators make of sets: a plain one, as a view has to look at something."""
    return frozenset(elements)
