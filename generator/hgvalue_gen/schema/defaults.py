"""Default values, checked against the type of their field."""

from __future__ import annotations

import struct
from typing import Final

from hgvalue_gen.diagnostics import Span
from hgvalue_gen.schema import model as m
from hgvalue_gen.schema.constants import FAILED, ConstantFolder, Failed
from hgvalue_gen.schema.program import Builtin, Constant, Program, Unit
from hgvalue_gen.schema.spelling import spell
from hgvalue_gen.schema.vocabulary import CONSTRUCTORS
from hgvalue_gen.syntax import nodes as n

INTEGERS: Final = {
    **{f"int{bits}": range(-(2 ** (bits - 1)), 2 ** (bits - 1)) for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": range(2**bits) for bits in (8, 16, 32, 64)},
}
_PLAIN: Final = {"bool": bool, "str": str, "bytes": bytes, "timedelta": m.timedelta_us}
#: Types that no literal denotes.
_NO_LITERAL: Final = ("date", "time", "datetime")


class DefaultFolder:
    """Works out defaults of fields in one file, and reports those that do not fit."""

    def __init__(self, program: Program, unit: Unit) -> None:
        self._program = program
        self._unit = unit
        self._constants = ConstantFolder(program, unit)

    def fold(self, node: n.Expression, type: m.ScalarType) -> m.DefaultValue | Failed:
        """Return the value of ``node`` as one of ``type``, or FAILED after a report."""
        match type:
            case m.OptionalType(element=element):
                is_none = isinstance(node, n.Constant) and node.text == "None"
                return None if is_none else self.fold(node, element)
            case m.VariantType(alternatives=alternatives):
                return self._alternative(node, alternatives, type)
            case m.TupleOf(element=element):
                items = self._display(node, "tuple", type)
                return FAILED if items is None else self._items(items, (element,) * len(items), tuple)
            case m.TupleType(elements=elements):
                items = self._display(node, "tuple", type)
                if items is None or self._wrong_length(node, len(items), len(elements), type):
                    return FAILED
                return self._items(items, elements, tuple)
            case m.ListType(element=element):
                items = self._display(node, "list", type)
                return FAILED if items is None else self._items(items, (element,) * len(items), list)
            case m.SetType(element=element):
                items = self._set(node, type)
                return FAILED if items is None else self._items(items, (element,) * len(items), frozenset)
            case m.MapType(key=key, value=value):
                return self._map(node, key, value, type)
            case m.ArrayType(element=element, size=size):
                items = self._display(node, "list", type)
                if items is None or self._wrong_length(node, len(items), size, type):
                    return FAILED
                return self._items(items, (element,) * size, list)
            case m.CyclicBufferType(element=element, size=size) | m.QueueType(element=element, capacity=size):
                items = self._display(node, "list", type)
                if items is None:
                    return FAILED
                if size is not None and len(items) > size:
                    self._wrong_length(node, len(items), size, type)
                    return FAILED
                return self._items(items, (element,) * len(items), list)
            case m.StructType() | m.WindowType():
                return self._wrong(node, type, "no literal denotes such a value; make it optional with `| None = None`")
            case _:
                return self._plain(node, type)

    def _alternative(
        self, node: n.Expression, alternatives: tuple[m.ScalarType, ...], type: m.ScalarType
    ) -> m.DefaultValue | Failed:
        """Fold the default of a variant as the alternative that the literal looks like."""
        form = self._form(node)
        if form is None:
            return FAILED
        fits = [index for index, alternative in enumerate(alternatives) if form in _forms(alternative)]
        if not fits and form is int:  # as anywhere: a whole number is a float, too
            fits = [index for index, alternative in enumerate(alternatives) if float in _forms(alternative)]
        if not fits:
            return self._wrong(node, type)
        value = self.fold(node, alternatives[fits[0]])
        return FAILED if isinstance(value, Failed) else m.VariantValue(fits[0], value)

    def _form(self, node: n.Expression) -> object | None:
        """Return the Python type of a literal, or the enum of a member; None after a report."""
        if isinstance(node, n.Display):
            return {"tuple": tuple, "list": list, "set": frozenset}[node.kind]
        if isinstance(node, n.DictDisplay):
            return dict
        if self._arguments(node, "set") is not None:
            return frozenset
        if self._arguments(node, "dict") is not None:
            return dict
        value = self._constants.fold(node)
        if isinstance(value, Failed):
            return None
        return value.enum if isinstance(value, m.EnumMember) else value.__class__

    def _arguments(self, node: n.Expression, constructor: str) -> tuple[n.Expression | n.Keyword, ...] | None:
        """Return what a `frozenset(...)` or `frozendict(...)` is called with; None for any other expression."""
        if not isinstance(node, n.Call):
            return None
        binding = self._program.find(self._unit, node.function)
        called = isinstance(binding, Builtin) and CONSTRUCTORS.get(binding.name) == constructor
        return node.arguments if called else None

    # -- containers -------------------------------------------------------------------------------------------

    def _display(self, node: n.Expression, kind: str, type: m.ScalarType) -> tuple[n.Expression, ...] | None:
        if isinstance(node, n.Display) and node.kind == kind:
            return node.items
        if not isinstance(node, n.Broken):
            form = "(...)" if kind == "tuple" else "[...]"
            self._wrong(node, type, f"write `{form}`")
        return None

    def _set(self, node: n.Expression, type: m.ScalarType) -> tuple[n.Expression, ...] | None:
        match self._arguments(node, "set"):  # an empty set has no other form in Python
            case ():
                return ()
            case (n.Display(items=items),):
                return items
        if isinstance(node, n.Display) and node.kind == "set":
            return node.items
        if not isinstance(node, n.Broken):
            self._wrong(node, type, "write `{...}`, or `set()` for the empty one")
        return None

    def _map(
        self, node: n.Expression, key: m.ScalarType, value: m.ScalarType, type: m.ScalarType
    ) -> m.DefaultValue | Failed:
        match self._arguments(node, "dict"):  # a dataclass of Python takes no plain dict as a default
            case ():
                return {}
            case (n.DictDisplay() as display,):
                node = display
        if not isinstance(node, n.DictDisplay):
            return FAILED if isinstance(node, n.Broken) else self._wrong(node, type, "write `{key: value}`")
        made = {}
        for pair in node.items:
            folded_key, folded_value = self.fold(pair.key, key), self.fold(pair.value, value)
            if isinstance(folded_key, Failed) or isinstance(folded_value, Failed):
                return FAILED
            made[folded_key] = folded_value
        return made

    def _items(
        self,
        items: tuple[n.Expression, ...],
        types: tuple[m.ScalarType, ...],
        make: type[tuple[m.DefaultValue, ...]] | type[list[m.DefaultValue]] | type[frozenset[m.DefaultValue]],
    ) -> m.DefaultValue | Failed:
        values: list[m.DefaultValue] = []
        failed = False
        for item, type in zip(items, types, strict=True):
            value = self.fold(item, type)
            if isinstance(value, Failed):
                failed = True
            else:
                values.append(value)
        return FAILED if failed else make(values)

    def _wrong_length(self, node: n.Expression, count: int, wanted: int, type: m.ScalarType) -> bool:
        if count == wanted:
            return False
        self._wrong(node, type, f"it has {count} element{'' if count == 1 else 's'}, where {wanted} belong")
        return True

    # -- single values ----------------------------------------------------------------------------------------

    def _plain(self, node: n.Expression, type: m.ScalarType) -> m.DefaultValue | Failed:
        if isinstance(node, n.Display | n.DictDisplay):
            return self._wrong(node, type)
        value = self._constants.fold(node)
        if isinstance(value, Failed):
            return FAILED
        if isinstance(type, m.EnumType):
            if isinstance(value, m.EnumMember) and value.enum == type:
                return value
            return self._wrong(node, type, f"write a member, such as `{type.name}.{type.members[0][0]}`")
        assert isinstance(type, m.Primitive)
        if value is None and type.name != "object":
            return self._wrong(node, type, f"write `{spell(type)} | None` for a value that may be missing")
        if type.name in INTEGERS:
            return self._integer(node, type, value)
        if type.name in ("float64", "float32"):
            return self._float(node, type, value)
        if type.name in _NO_LITERAL:
            return self._wrong(node, type, "no literal denotes such a value; make it optional with `| None = None`")
        if type.name == "object" or isinstance(value, _PLAIN[type.name]):
            return value
        return self._wrong(node, type)

    def _integer(self, node: n.Expression, type: m.Primitive, value: Constant) -> m.DefaultValue | Failed:
        if not isinstance(value, int):
            return self._wrong(node, type)
        allowed = INTEGERS[type.name]
        if int(value) not in allowed:
            return self._wrong(node, type, f"{type.name} holds {allowed[0]} to {allowed[-1]}")
        return int(value)

    def _float(self, node: n.Expression, type: m.Primitive, value: Constant) -> m.DefaultValue | Failed:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return self._wrong(node, type)
        try:
            number = float(value)
            struct.pack("<f" if type.name == "float32" else "<d", number)
        except OverflowError:
            return self._wrong(node, type, f"it is beyond the range of {type.name}")
        return number

    def _wrong(self, node: n.Expression, type: m.ScalarType, help: str = "") -> Failed:
        if isinstance(node, n.Display) and any(isinstance(item, n.Broken) for item in node.items):
            return FAILED
        return self._report(f"default `{self._quote(node.span)}` is not of type `{spell(type)}`", node.span, help)

    def _report(self, message: str, span: Span, help: str) -> Failed:
        self._program.error("HGT024", message, self._unit, span, help=help)
        return FAILED

    def _quote(self, span: Span) -> str:
        text = self._unit.source.slice(span)
        return text if len(text) <= 60 else f"{text[:59]}…"


def _forms(type: m.ScalarType) -> tuple[object, ...]:
    """Return the Python types of the literals that denote values of a type; of an enum, the enum itself."""
    match type:
        case m.TupleOf() | m.TupleType():
            return (tuple,)
        case m.SetType():
            return (frozenset,)
        case m.MapType():
            return (dict,)
        case m.ListType() | m.ArrayType() | m.CyclicBufferType() | m.QueueType():
            return (list,)
        case m.EnumType():
            return (type,)
        case m.Primitive(name="float32" | "float64"):
            return (float,)
        case m.Primitive(name="object"):
            return (None.__class__, bool, int, float, str, bytes)
        case m.Primitive(name=name):
            return (int,) if name in INTEGERS else (_PLAIN[name],) if name in _PLAIN else ()
    return ()
