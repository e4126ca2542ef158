"""Which alternatives of a union can never be chosen: a union takes the first that keeps a value as it is."""

from __future__ import annotations

from hgvalue_gen.diagnostics import Span
from hgvalue_gen.schema import model as m
from hgvalue_gen.schema.program import Program, Unit

_ManyOf = m.ListType | m.TupleOf | m.SetType
_BITS = {f"{sign}int{bits}": (sign, bits) for sign in ("", "u") for bits in (8, 16, 32, 64)}


def warn_of_unions(program: Program, unit: Unit, alternatives: dict[int, tuple[m.ScalarType, Span]]) -> None:
    """Report the alternatives that stand after one that keeps all of their values."""
    given = list(alternatives.values())
    keeps = _Keeps()
    for at, (alternative, span) in enumerate(given):
        before = next((place for type, place in given[:at] if keeps.all_of(type, alternative)), None)
        if before is None:
            continue
        never, chosen = unit.source.slice(span), unit.source.slice(before)
        program.warning(
            "HGT041",
            f"alternative `{never}` can never be chosen",
            unit,
            span,
            label=f"`{chosen}` before it keeps all its values",
            help=f"write `{never}` before `{chosen}`, or leave it out",
        )


class _Keeps:
    """Compares types; what was compared is remembered, since types share parts at every level."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bool] = {}

    def all_of(self, first: m.ScalarType, second: m.ScalarType) -> bool:
        """Tell whether ``first`` keeps every value of ``second`` as it is."""
        if first is second:
            return True
        key = id(first), id(second)
        if key not in self._known:
            self._known[key] = self._compare(first, second)
        return self._known[key]

    def _compare(self, first: m.ScalarType, second: m.ScalarType) -> bool:
        match first, second:
            case m.Primitive(name="object"), _:
                return True
            case m.Primitive(), m.Primitive():
                return _primitive_keeps(first.name, second.name)
            case m.OptionalType(), m.OptionalType():
                return self.all_of(first.element, second.element)
            case m.OptionalType(), _:
                return self.all_of(first.element, second)
            case m.VariantType(), m.VariantType():
                return all(self.all_of(first, alternative) for alternative in second.alternatives)
            case m.VariantType(), _:
                return any(self.all_of(alternative, second) for alternative in first.alternatives)
            case m.TupleOf(), m.TupleType():
                return all(self.all_of(first.element, part) for part in second.elements)
            case m.TupleType(), m.TupleType():
                same_size = len(first.elements) == len(second.elements)
                return same_size and all(map(self.all_of, first.elements, second.elements))
            case (m.ListType(), m.ListType()) | (m.TupleOf(), m.TupleOf()) | (m.SetType(), m.SetType()):
                assert isinstance(first, _ManyOf) and isinstance(second, _ManyOf)
                return self.all_of(first.element, second.element)
            case m.MapType(), m.MapType():
                return self.all_of(first.key, second.key) and self.all_of(first.value, second.value)
        return False


def _primitive_keeps(first: str, second: str) -> bool:
    if first in _BITS and second in _BITS:
        (sign, bits), (other_sign, other_bits) = _BITS[first], _BITS[second]
        return bits >= other_bits if sign == other_sign else not sign and bits > other_bits
    return (first, second) == ("float64", "float32")
