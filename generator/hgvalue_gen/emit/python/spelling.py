"""Schema types as Python annotations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hgvalue_gen.emit.python.names import StubNames
from hgvalue_gen.schema import model as m

_BUILTINS: Final = {
    "str": "str",
    "bytes": "bytes",
    "bool": "bool",
    "object": "object",
    "float32": "float",
    "float64": "float",
}


@dataclass(frozen=True, slots=True)
class Annotations:
    """Spells types for one stub: as they are read, and as they are accepted."""

    names: StubNames

    def scalar(self, scalar: m.ScalarType) -> str:
        """Return the type of a value that is read."""
        builtin = self.names.builtin
        match scalar:
            case m.Primitive():
                return self._primitive(scalar.name)
            case m.EnumType() | m.StructType():
                return self.names.named(scalar)
            case m.OptionalType():
                return f"{self.scalar(scalar.element)} | None"
            case m.VariantType():
                return " | ".join(map(self.scalar, scalar.alternatives))
            case m.TupleOf():
                return f"{builtin('tuple')}[{self.scalar(scalar.element)}, ...]"
            case m.TupleType():
                return f"{builtin('tuple')}[{', '.join(map(self.scalar, scalar.elements)) or '()'}]"
            case m.ListType() | m.QueueType():
                return f"{builtin('list')}[{self.scalar(scalar.element)}]"
            case m.SetType():
                return f"{builtin('frozenset')}[{self.scalar(scalar.element)}]"
            case m.MapType():
                return f"{builtin('dict')}[{self.scalar(scalar.key)}, {self.scalar(scalar.value)}]"
            case m.ArrayType() | m.CyclicBufferType():
                # A numpy array if it can be one, else a tuple: this is what they have in common.
                return f"{self.names.library('collections.abc', 'Sequence')}[{self.scalar(scalar.element)}]"
            case m.WindowType():
                time = self.names.library("datetime", "datetime")
                return f"{builtin('list')}[{builtin('tuple')}[{time}, {self.scalar(scalar.element)}]]"
        raise TypeError(f"{type(scalar).__name__} has no Python form")

    def accepted_scalar(self, scalar: m.ScalarType) -> str:
        """Return the type of a value that is given."""
        match scalar:
            case m.OptionalType():
                return f"{self.accepted_scalar(scalar.element)} | None"
            case m.VariantType():
                return " | ".join(map(self.accepted_scalar, scalar.alternatives))
            case m.SetType():
                return f"{self.names.library('collections.abc', 'Set')}[{self.scalar(scalar.element)}]"
            case m.MapType():
                mapping = self.names.library("collections.abc", "Mapping")
                return f"{mapping}[{self.scalar(scalar.key)}, {self.accepted_scalar(scalar.value)}]"
            case m.ListType() | m.CyclicBufferType() | m.QueueType() | m.ArrayType():
                return f"{self.names.library('collections.abc', 'Sequence')}[{self.accepted_scalar(scalar.element)}]"
        return self.scalar(scalar)

    def node(self, node: m.TimeSeriesType) -> str:
        """Return the class of a time series."""
        match node:
            case m.TS():
                return f"{self._hgvalue('TS')}[{self.scalar(node.value)}]"
            case m.REF(target=m.TSB() as target):
                return self.names.reference_to(target.bundle)
            case m.REF(target=target):
                # RefTSD[K, C] reads as TSD[K, C].
                module, _, written = self.node(target).partition(".")
                return f"{module}.Ref{written}"
            case m.SIGNAL():
                return self._hgvalue("SIGNAL")
            case m.TSB():
                return self.names.named(node.bundle)
            case m.TSL():
                name = "DynamicTSL" if node.size is None else "TSL"
                return f"{self._hgvalue(name)}[{self.node(node.child)}]"
            case m.TSS():
                return f"{self._hgvalue('TSS')}[{self.scalar(node.element)}]"
            case m.TSD():
                return f"{self._hgvalue('TSD')}[{self.scalar(node.key)}, {self.node(node.child)}]"
            case m.TSW():
                return f"{self._hgvalue('TSW')}[{self.scalar(node.element)}]"
        raise TypeError(f"{type(node).__name__} has no Python form")

    def plain(self, node: m.TimeSeriesType) -> str:
        """Return the type of what a time series holds when it is valid."""
        match node:
            case m.TS():
                return self.scalar(node.value.element if isinstance(node.value, m.OptionalType) else node.value)
            case m.SIGNAL():
                return self.names.builtin("bool")
            case m.REF():
                return self.plain(node.target)
            case m.TSB():
                return self.names.named(node.bundle, "Value")
            case m.TSL(size=None):
                return f"{self.names.builtin('tuple')}[{self.plain(node.child)} | None, ...]"
            case m.TSL():
                return f"{self.names.library('collections.abc', 'Sequence')}[{self.plain(node.child)} | None]"
            case m.TSS():
                return f"{self.names.builtin('frozenset')}[{self.scalar(node.element)}]"
            case m.TSD():
                return f"{self.names.builtin('dict')}[{self.scalar(node.key)}, {self.plain(node.child)} | None]"
            case m.TSW():
                time = self.names.library("datetime", "datetime")
                return (
                    f"{self.names.builtin('list')}[{self.names.builtin('tuple')}[{time}, {self.scalar(node.element)}]]"
                )
        raise TypeError(f"{type(node).__name__} has no Python form")

    def accepted_plain(self, node: m.TimeSeriesType) -> str:
        """Return the type of what the plain value of a time series is made of."""
        match node:
            case m.TS():
                return self.accepted_scalar(
                    node.value.element if isinstance(node.value, m.OptionalType) else node.value
                )
            case m.REF():
                return self.accepted_plain(node.target)
            case m.TSB():
                return f"{self.plain(node)} | {self._mapping(self.names.builtin('str'))}"
            case m.TSL():
                return f"{self.names.library('collections.abc', 'Sequence')}[{self._any()}]"
            case m.TSS():
                return f"{self.names.library('collections.abc', 'Set')}[{self.scalar(node.element)}]"
            case m.TSD():
                return self._mapping(self.scalar(node.key))
        return self.plain(node)

    def accepted(self, node: m.TimeSeriesType) -> str:
        """Return the type of what may be assigned to a time series."""
        match node:
            case m.TS():
                accepted = self.accepted_scalar(node.value)
                return accepted if accepted.endswith(" | None") or accepted == "object" else f"{accepted} | None"
            case m.REF():
                return f"{self.node(node.target)} | None"
            case m.SIGNAL():
                return self.names.builtin("object")
            case m.TSW():
                return f"{self.accepted_scalar(node.element)} | None"
            case m.TSB():
                return f"{self._mapping(self.names.builtin('str'))} | None"
            case m.TSL():
                sequence = self.names.library("collections.abc", "Sequence")
                return f"{sequence}[{self._any()}] | {self._mapping(self.names.builtin('int'))} | None"
            case m.TSS():
                element = self.scalar(node.element)
                iterable = self.names.library("collections.abc", "Iterable")
                removed, delta = self._hgvalue("Removed"), self._hgvalue("SetDelta")
                return f"{iterable}[{element} | {removed}[{element}]] | {delta}[{element}] | None"
            case m.TSD():
                return f"{self._mapping(self.scalar(node.key))} | None"
        raise TypeError(f"{type(node).__name__} has no Python form")

    def _primitive(self, name: str) -> str:
        if name in _BUILTINS:
            return self.names.builtin(_BUILTINS[name])
        if name in ("date", "time", "datetime", "timedelta"):
            return self.names.library("datetime", name)
        return self.names.builtin("int")

    def _hgvalue(self, name: str) -> str:
        return self.names.library("hgvalue", name)

    def _mapping(self, key: str) -> str:
        return f"{self.names.library('collections.abc', 'Mapping')}[{key}, {self._any()}]"

    def _any(self) -> str:
        return self.names.library("typing", "Any")
