"""Generated modules in tests: built once per run and text, with all the schemas of a suite in one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import make_dataclass
from functools import cache
from types import ModuleType
from typing import Any

import pytest

from .types import EnumType, SchemaText, Struct, TimeSeries, parts

#: Every test of behaviour runs once for each of these.
BACKENDS = [pytest.param("compiled", marks=pytest.mark.compile), "dynamic"]


@pytest.fixture(scope="session", params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """The backend under test."""
    return str(request.param)


@cache
def _build(text: str, name: str, backend: str) -> ModuleType | Exception:
    import hgvalue_gen

    try:
        return hgvalue_gen.load(text, name=name, backend=backend)
    except Exception as error:  # kept, so that a schema that does not build is tried once and not once per test
        return error


def load(text: str, name: str, backend: str) -> ModuleType:
    """Return the module of a schema text."""
    built = _build(text, name, backend)
    if isinstance(built, Exception):
        raise RuntimeError(f"the module '{name}' was not built: {built}") from built
    return built


class GeneratedModule:
    """One module that holds the root classes of many types."""

    def __init__(self, types: Iterable[TimeSeries], name: str, backend: str) -> None:
        self._schema = SchemaText()
        self._roots = {type_: self._schema.root(type_) for type_ in types}
        self.module = load(self._schema.text(), name, backend)

    def root(self, type_: TimeSeries) -> Any:
        """Return a new root of this type."""
        return getattr(self.module, self._roots[type_])()

    def roots(self, types: Iterable[TimeSeries]) -> list[Any]:
        """Return new roots on a clock of their own."""
        import hgvalue

        clock = hgvalue.EvaluationClock()
        return [getattr(self.module, self._roots[type_])(clock) for type_ in types]

    def api(self, *types: TimeSeries) -> GeneratedApi:
        """Return how values of these types go in and come out."""
        inside = [p for type_ in types for p in parts(type_) if isinstance(p, (Struct, EnumType))]
        classes = {p.name: self._schema.name_of(p) for p in inside}
        return GeneratedApi({name: getattr(self.module, written) for name, written in classes.items()})


class GeneratedApi:
    """How values go into generated classes and come out of them (see :class:`.canonical.Api`)."""

    def __init__(self, classes: dict[str, Any]) -> None:
        import hgvalue

        self._hgvalue, self._classes = hgvalue, classes
        self._names = {cls: name for name, cls in classes.items()}
        self.REMOVE, self.REMOVE_IF_EXISTS = hgvalue.REMOVE, hgvalue.REMOVE_IF_EXISTS

    def removed(self, element: Any) -> Any:
        return self._hgvalue.Removed(element)

    def set_delta(self, added: frozenset[Any], removed: frozenset[Any]) -> Any:
        return self._hgvalue.set_delta(added=added, removed=removed)

    def is_set_delta(self, value: Any) -> bool:
        return isinstance(value, self._hgvalue.SetDelta)

    def struct(self, name: str, values: dict[str, Any]) -> Any:
        try:
            return self._classes[name](**values)
        except (TypeError, ValueError, OverflowError):
            # Our class refuses these values itself; another library's would not, and the write must then.
            return look_alike(name, values)

    def member(self, enum: str, name: str) -> Any:
        return self._classes[enum][name]

    def name(self, cls: type) -> str:
        return str(self._names.get(cls, cls.__qualname__))


#: Stands in for hgraph's base class of values: a class of that name, from a module of that package.
CompoundScalar = type("CompoundScalar", (), {"__module__": "hgraph._types._scalar_types"})


def look_alike(name: str, values: dict[str, Any]) -> Any:
    """Return a value like one of hgraph's CompoundScalars: a frozen dataclass that checks nothing."""
    fields = [(field, type(value)) for field, value in values.items()]
    return make_dataclass(name, fields, bases=(CompoundScalar,), frozen=True)(**values)
