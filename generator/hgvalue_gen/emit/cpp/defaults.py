"""Default values of struct fields as C++ expressions."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TypeAlias

from hgvalue_gen.emit.cpp.literals import bytes_literal, float_literal, integer_literal, string_literal
from hgvalue_gen.emit.cpp.spelling import PRIMITIVES, Spelling, default_call, starts_as_made, starts_empty
from hgvalue_gen.emit.plan import EmitError
from hgvalue_gen.schema import model as m

EnumMembers: TypeAlias = Callable[[m.EnumType], dict[str, str]]


def initializer(field: m.StructField, spelling: Spelling, enum_members: EnumMembers) -> str:
    """Return what follows a member's name in its struct: `` = 1``, ``{}``, or nothing.

    ``enum_members`` gives the C++ names of an enum's members by their schema names.
    """
    if not field.has_default or _is_empty(field.default, field.type):
        return start(field.type, spelling)
    value = _Writer(spelling, enum_members).value(field.default, field.type)
    spelled = spelling.scalar(field.type)
    # The type stands before the name already.
    return value.removeprefix(spelled) if value.startswith(f"{spelled}{{") else f" = {value}"


def start(scalar: m.ScalarType, spelling: Spelling) -> str:
    """Return what follows the name of a member for which the schema has no default."""
    if not starts_as_made(scalar):
        return default_call(spelling.scalar(scalar))
    return "" if starts_empty(scalar) else "{}"


def is_zero(field: m.StructField) -> bool:
    """Tell whether a new object has all-zero bytes in place of the field, provided that its type has."""
    default = field.default
    match default:
        case _ if not field.has_default:
            return True
        case float():
            return default == 0 and math.copysign(1, default) > 0
        case bool() | int():
            return default == 0
        case m.timedelta_us():
            return default.microseconds == 0
        case m.EnumMember():
            return dict(default.enum.members)[default.name] == 0
        case tuple() | list() if isinstance(field.type, m.ArrayType | m.TupleType):
            return all(is_zero(m.StructField("", field.type, True, part)) for part in default)
    return True


def _is_empty(default: m.DefaultValue, scalar: m.ScalarType) -> bool:
    if default is None:
        return True
    # An optional that holds something empty is not the same as an empty one.
    return isinstance(default, str | bytes | tuple | list | frozenset | dict) and not (
        default or isinstance(scalar, m.OptionalType)
    )


class _Writer:
    def __init__(self, spelling: Spelling, enum_members: EnumMembers) -> None:
        self._spelling = spelling
        self._members = enum_members

    def value(self, value: m.DefaultValue, scalar: m.ScalarType) -> str:
        """Return an expression of the type's C++ form."""
        match scalar:
            case m.OptionalType():
                return "std::nullopt" if value is None else self.value(value, scalar.element)
            case m.VariantType():
                assert isinstance(value, m.VariantValue)
                held = self.value(value.value, scalar.alternatives[value.alternative])
                return f"{self._spelling.scalar(scalar)}(std::in_place_index<{value.alternative}>, {held})"
            case m.EnumType():
                assert isinstance(value, m.EnumMember)
                member = self._members(scalar)[value.name]
                return f"{self._spelling.scalar(scalar)}::{member}"
            case m.Primitive():
                return self._primitive(value, scalar.name)
            case m.TupleType():
                assert isinstance(value, tuple | list)
                parts = (self.value(v, part) for v, part in zip(value, scalar.elements, strict=True))
                return f"{self._spelling.scalar(scalar)}{{{', '.join(parts)}}}"
            case m.ArrayType():
                return f"{self._spelling.scalar(scalar)}{{{{{self._elements(value, scalar.element)}}}}}"
            case m.TupleOf() | m.ListType() | m.SetType():
                return f"{self._spelling.scalar(scalar)}{{{self._elements(value, scalar.element)}}}"
            case m.MapType():
                assert isinstance(value, dict)
                pairs = (f"{{{self.value(k, scalar.key)}, {self.value(v, scalar.value)}}}" for k, v in value.items())
                return f"{self._spelling.scalar(scalar)}{{{', '.join(pairs)}}}"
            case m.CyclicBufferType() | m.QueueType():
                return self._filled(value, self._spelling.scalar(scalar), scalar.element)
        raise EmitError(f"a field of type {type(scalar).__name__} cannot have the default {value!r}")

    def _primitive(self, value: m.DefaultValue, name: str) -> str:
        spelled = PRIMITIVES[name]
        match value:
            case m.timedelta_us():
                return f"hgvalue::timedelta{{{integer_literal(value.microseconds, 'std::int64_t')}}}"
            case str():
                # Without a length, a string ends at its first NUL.
                length = len(value.encode("utf-8", "surrogatepass"))
                literal = string_literal(value)
                return f"std::string({literal}, {length})" if "\0" in value else literal
            case bytes():
                return f"hgvalue::bytes({bytes_literal(value)}, {len(value)})"
            case None if name == "object":
                return "hgvalue::object()"
            case bool() | int() | float() if name in ("float32", "float64"):
                return float_literal(float(value), spelled)
            case bool() | int() if name == "bool":
                return "true" if value else "false"
            case bool() | int() if "int" in name:
                return integer_literal(int(value), spelled)
        raise EmitError(f"a field of type {name} cannot have the default {value!r}")

    def _elements(self, value: m.DefaultValue, element: m.ScalarType) -> str:
        return ", ".join(self.value(v, element) for v in _ordered(value))

    def _filled(self, value: m.DefaultValue, spelled: str, element: m.ScalarType) -> str:
        pushes = "".join(f" v.push({self.value(v, element)});" for v in _ordered(value))
        return f"[] {{ {spelled} v;{pushes} return v; }}()"


def _ordered(value: m.DefaultValue) -> Iterable[m.DefaultValue]:
    """Return the elements in an order that does not depend on the hash seed."""
    assert isinstance(value, tuple | list | frozenset)
    return sorted(value, key=lambda v: (type(v).__name__, repr(v))) if isinstance(value, frozenset) else value
