"""Expressions that are plain values: numbers, durations, enum members and names of such."""

from __future__ import annotations

import datetime
from typing import Final, TypeAlias

from hgvalue_gen.diagnostics import Span, did_you_mean
from hgvalue_gen.schema import literals
from hgvalue_gen.schema import model as m
from hgvalue_gen.schema.program import LOST, Builtin, Constant, Member, Program, Symbol, Unit
from hgvalue_gen.schema.vocabulary import MATH, SIZES
from hgvalue_gen.syntax import nodes as n

#: What Python calls the positional arguments of ``timedelta``.
_UNITS: Final = ("days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks")
_MICROSECOND: Final = datetime.timedelta(microseconds=1)


class Failed:
    """The result of an expression whose fault has been reported."""


FAILED: Final = Failed()
Folded: TypeAlias = "Constant | Failed"


class ConstantFolder:
    """Works out the values of expressions in one file, and reports those that have none."""

    def __init__(self, program: Program, unit: Unit) -> None:
        self._program = program
        self._unit = unit

    def fold(self, node: n.Expression | n.Pair | n.Keyword) -> Folded:
        match node:
            case n.Number():
                return self._number(node)
            case n.Signed(sign=sign, operand=operand):
                return self._signed(sign, self.fold(operand), node.span)
            case n.String():
                try:
                    return literals.string(node)
                except literals.LiteralError as error:
                    return self._fail("HGT003", str(error), node.span)
            case n.Constant(text=text) if text != "...":
                return {"None": None, "True": True, "False": False}[text]
            case n.Path():
                return self._path(node)
            case n.Call():
                return self._call(node)
            case n.Subscript(base=base, items=(item,)) if self._is_size(base) and not isinstance(item, n.Pair):
                return self.fold(item)
            case n.Broken() | n.Display(items=(n.Broken(),)):
                return FAILED
            case n.Operation(operator=operator):
                return self._fail(
                    "HGT029", f"`{operator.text}` is not accepted", node.span, help="write the value itself"
                )
            case _:
                return self._fail(
                    "HGT029",
                    f"`{self._quote(node.span)}` is not a constant",
                    node.span,
                    help="a constant is a literal, `Size[n]` or `timedelta(...)`",
                )

    def size(self, node: n.Expression | n.Pair, *, duration: bool) -> int | m.timedelta_us | None:
        """Return a size, or a duration where one is accepted; None if there is none, which is reported then."""
        if isinstance(node, n.Path) and not isinstance(self._program.find(self._unit, node), Symbol | None):
            value: Folded = self._wrong_size(node, duration) if not self._is_lost(node) else FAILED
        else:
            value = self.fold(node)
        if isinstance(value, Failed):
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, m.timedelta_us) and duration:
            return value
        self._wrong_size(node, duration)
        return None

    def _is_lost(self, node: n.Path) -> bool:
        return self._program.find(self._unit, node) is LOST

    def _wrong_size(self, node: n.Expression | n.Pair, duration: bool) -> Failed:
        wanted = "`Size[n]` or `timedelta(...)`" if duration else "`Size[n]`"
        return self._fail("HGT018", f"`{self._quote(node.span)}` is not a size", node.span, help=f"write {wanted}")

    # -- parts ------------------------------------------------------------------------------------------------

    def _number(self, node: n.Number) -> Folded:
        try:
            return literals.number(node)
        except literals.LiteralError as error:
            return self._fail("HGT003", str(error), node.span)

    def _signed(self, sign: str, value: Folded, span: Span) -> Folded:
        if isinstance(value, Failed):
            return FAILED
        if isinstance(value, m.timedelta_us):
            return m.timedelta_us(-value.microseconds) if sign == "-" else value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return -value if sign == "-" else value
        return self._fail("HGT029", f"`{sign}` is accepted in front of numbers only", span)

    def _is_size(self, base: n.Path) -> bool:
        binding = self._program.find(self._unit, base)
        return isinstance(binding, Builtin) and binding.name in SIZES

    def _path(self, node: n.Path) -> Folded:
        match self._program.find(self._unit, node):
            case Builtin(name=name) if name in MATH:
                return MATH[name]
            case None if node.text.lower() in ("nan", "inf", "infinity"):
                value = "nan" if node.text.lower() == "nan" else "inf"
                return self._fail(
                    "HGT010",
                    f"unknown name `{node.text}`",
                    node.span,
                    help=f'write `float("{value}")`, or import it first: `from math import {value}`',
                )
            case None:
                self._program.unknown(self._unit, node)
                return FAILED
            case Symbol(broken=True):
                return FAILED
            case Symbol(folded=True, value=value):
                return value
            case Member(enum=enum, name=name):
                return self._member(enum, name)
            case binding if binding is LOST:
                return FAILED
            case _:
                return self._fail(
                    "HGT029",
                    f"`{node.text}` is a type, not a value",
                    node.span,
                    help="a value is a literal, a constant or a member of an enum",
                )

    def _member(self, symbol: Symbol, name: n.Ident) -> Folded:
        enum = symbol.type
        if symbol.broken or not isinstance(enum, m.EnumType):
            return FAILED
        names = self._program.member_names(enum)
        if name.text in names:
            return m.EnumMember(enum, name.text)
        return self._fail(
            "HGT010", f"`{enum.name}` has no member `{name.text}`", name.span, help=did_you_mean(name.text, names)
        )

    def _call(self, node: n.Call) -> Folded:
        binding = self._program.find(self._unit, node.function)
        if isinstance(binding, Builtin) and binding.name == "timedelta":
            return self._timedelta(node)
        if isinstance(binding, Builtin) and binding.name in ("float", "float64", "float32"):
            return self._float(node)
        return self._fail(
            "HGT029",
            f"calling `{node.function.text}` is not accepted",
            node.span,
            help="a schema is not executed: `timedelta(...)` and `float(...)` are the only calls",
        )

    def _float(self, node: n.Call) -> Folded:
        """Fold ``float("nan")`` and the like: the only way to write what no literal denotes."""
        if len(node.arguments) == 1 and not isinstance(node.arguments[0], n.Keyword):
            value = self.fold(node.arguments[0])
            if isinstance(value, Failed):
                return FAILED
            try:
                if isinstance(value, str | int | float):
                    return float(value)
            except (ValueError, OverflowError):
                pass
        return self._fail(
            "HGT029", f"`{self._quote(node.span)}` is not a number", node.span, help='write a number, or `float("nan")`'
        )

    def _timedelta(self, node: n.Call) -> Folded:
        given: dict[str, int | float] = {}
        for index, argument in enumerate(node.arguments):
            if isinstance(argument, n.Keyword):
                name, expression = argument.name.text, argument.value
            else:
                name, expression = _UNITS[index] if index < len(_UNITS) else "", argument
            if name not in _UNITS or name in given:
                return self._fail(
                    "HGT018",
                    f"wrong argument of timedelta: `{self._quote(argument.span)}`",
                    argument.span,
                    help=f"the arguments are {', '.join(_UNITS)}, each at most once",
                )
            value = self.fold(expression)
            if isinstance(value, Failed):
                return FAILED
            if isinstance(value, bool) or not isinstance(value, int | float):
                return self._fail("HGT018", f"`{self._quote(argument.span)}` is not a number", argument.span)
            given[name] = value
        try:
            microseconds = datetime.timedelta(**given) // _MICROSECOND
        except (OverflowError, ValueError):
            return self._fail("HGT018", "the duration is out of range", node.span)
        if microseconds not in m.INT64:
            return self._fail("HGT018", "the duration is out of range", node.span)
        return m.timedelta_us(microseconds)

    def _quote(self, span: Span) -> str:
        text = self._unit.source.slice(span)
        return text if len(text) <= 60 else f"{text[:59]}…"

    def _fail(self, code: str, message: str, span: Span, *, help: str = "") -> Failed:
        self._program.error(code, message, self._unit, span, help=help)
        return FAILED
