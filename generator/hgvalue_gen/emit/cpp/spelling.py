"""Schema types as C++ types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from hgvalue_gen.emit.cpp.scopes import PackageNames
from hgvalue_gen.emit.plan import NamedType, Unit
from hgvalue_gen.schema import model as m

PRIMITIVES: Final[dict[str, str]] = {
    "bool": "bool",
    "int8": "std::int8_t",
    "int16": "std::int16_t",
    "int32": "std::int32_t",
    "int64": "std::int64_t",
    "uint8": "std::uint8_t",
    "uint16": "std::uint16_t",
    "uint32": "std::uint32_t",
    "uint64": "std::uint64_t",
    "float32": "float",
    "float64": "double",
    "str": "std::string",
    "bytes": "hgvalue::bytes",
    "date": "hgvalue::date",
    "time": "hgvalue::time_of_day",
    "datetime": "hgvalue::datetime",
    "timedelta": "hgvalue::timedelta",
    "object": "hgvalue::object",
}
_MOVED: Final = frozenset({"str", "bytes", "object"})


@dataclass(frozen=True, slots=True)
class Spelling:
    """Spells types as they are named in the text of one unit.

    ``absolute`` is for text outside the unit's namespace, where every name is spelled in full.
    """

    names: PackageNames
    unit: Unit
    absolute: bool = False

    def qualified(self, declaration: NamedType, name: str) -> str:
        """Return one of the names of a declaration with the namespace it needs."""
        if self.absolute:
            home = self.names.plan.unit(self.names.plan.home_of(declaration))
            return f"::{self.names.of(home).namespace}::{name}"
        return self.names.prefix(declaration, self.unit) + name

    def bundle_name(self, bundle: m.Bundle, role: Literal["value", "overlay", "delta", "handle", "node"]) -> str:
        """Return the name of one of the classes made for a bundle."""
        return self.qualified(bundle, str(getattr(self.names.entity(bundle), role)))

    def scalar(self, scalar: m.ScalarType) -> str:
        """Return the type of a value of its own."""
        match scalar:
            case m.Primitive():
                return PRIMITIVES[scalar.name]
            case m.EnumType() | m.StructType():
                return self.qualified(scalar, self.names.entity(scalar).name)
            case m.OptionalType():
                return f"std::optional<{self.scalar(scalar.element)}>"
            case m.VariantType():
                return f"std::variant<{', '.join(map(self.scalar, scalar.alternatives))}>"
            case m.TupleOf():
                return f"hgvalue::tuple_of<{self.scalar(scalar.element)}>"
            case m.TupleType():
                return f"std::tuple<{', '.join(map(self.scalar, scalar.elements))}>"
            case m.ListType():
                return f"hgvalue::list<{self.scalar(scalar.element)}>"
            case m.SetType():
                return f"hgvalue::set<{self.scalar(scalar.element)}>"
            case m.MapType():
                return f"hgvalue::map<{self.scalar(scalar.key)}, {self.scalar(scalar.value)}>"
            case m.ArrayType():
                return f"std::array<{_element(self.scalar(scalar.element))}, {scalar.size}>"
            case m.CyclicBufferType():
                return f"hgvalue::cyclic_buffer<{self.scalar(scalar.element)}, {scalar.size}>"
            case m.QueueType():
                capacity = "" if scalar.capacity is None else f", {scalar.capacity}"
                return f"hgvalue::queue<{self.scalar(scalar.element)}{capacity}>"
            case m.WindowType():
                return f"hgvalue::window<{self.scalar(scalar.element)}, {window_arguments(scalar)}>"
        raise TypeError(f"{type(scalar).__name__} has no C++ form")

    def shape(self, node: m.TimeSeriesType) -> str:
        """Return the shape of a time series: the type that names its data, overlay, delta and handle."""
        match node:
            case m.TS():
                return f"hgvalue::ts<{self.scalar(node.value)}>"
            case m.REF():
                return f"hgvalue::ts_ref<{self.shape(node.target)}>"
            case m.SIGNAL():
                return "hgvalue::signal"
            case m.TSB():
                return self.bundle_name(node.bundle, "node")
            case m.TSL():
                size = "" if node.size is None else f", {node.size}"
                return f"hgvalue::tsl<{self.shape(node.child)}{size}>"
            case m.TSS():
                return f"hgvalue::tss<{self.scalar(node.element)}>"
            case m.TSD():
                return f"hgvalue::tsd<{self.scalar(node.key)}, {self.shape(node.child)}>"
            case m.TSW():
                return f"hgvalue::tsw<{self.scalar(node.element)}, {window_arguments(node)}>"
        raise TypeError(f"{type(node).__name__} has no C++ form")

    def value(self, node: m.TimeSeriesType) -> str:
        """Return the type of a time series' data."""
        match node:
            case m.TS():
                return self.scalar(node.value)
            case m.SIGNAL() | m.REF():
                return PRIMITIVES["bool"]
            case m.TSB():
                return self.bundle_name(node.bundle, "value")
            case m.TSL(size=None):
                return f"hgvalue::list<{self.value(node.child)}>"
            case m.TSL():
                return f"std::array<{_element(self.value(node.child))}, {node.size}>"
            case m.TSS():
                return f"hgvalue::set<{self.scalar(node.element)}>"
            case m.TSD():
                return f"hgvalue::map<{self.scalar(node.key)}, {self.value(node.child)}>"
            case m.TSW():
                return f"hgvalue::window<{self.scalar(node.element)}, {window_arguments(node)}>"
        raise TypeError(f"{type(node).__name__} has no C++ form")


def window_arguments(window: m.TSW | m.WindowType) -> str:
    """Return the template arguments that say how large a window is: whether by time, size, minimum."""
    if isinstance(window.size, m.timedelta_us):
        minimum = window.minimum.microseconds if isinstance(window.minimum, m.timedelta_us) else 0
        return f"true, {window.size.microseconds}, {minimum}"
    assert isinstance(window.minimum, int)
    return f"false, {window.size}, {window.minimum}"


def starts_empty(scalar: m.ScalarType) -> bool:
    """Tell whether a member of the type has a good value without an initialiser."""
    match scalar:
        case m.Primitive():
            return scalar.name in _MOVED or scalar.name in ("date", "time", "datetime", "timedelta")
        case m.EnumType() | m.ArrayType() | m.TupleType():
            return False
    return True


def starts_as_made(scalar: m.ScalarType) -> bool:
    """Tell whether ``T()`` is the default value, as the variable of that name does in C++."""
    match scalar:
        case m.EnumType():
            return enum_start(scalar) == 0
        case m.ArrayType():
            return starts_as_made(scalar.element)
        case m.TupleType():
            return all(map(starts_as_made, scalar.elements))
        case m.VariantType():
            return starts_as_made(scalar.alternatives[0])
    return True


def enum_start(enum: m.EnumType) -> int:
    """Return the value of a new enum: 0 if a member has it, else that of the first member."""
    values = [value for _, value in enum.members]
    return 0 if 0 in values else values[0]


def default_call(spelled: str) -> str:
    """Return what follows a member's name to give it the default value of its type."""
    return f" = hgvalue::default_value<{spelled}>()"


def _element(spelled: str) -> str:
    return "hgvalue::bool8" if spelled == "bool" else spelled
