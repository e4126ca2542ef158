"""Random schemas from fixed seeds, over every kind and every scalar.

Fixed, because a module with all of them is built once and then used by every random operation; hypothesis chooses
the operations, and which schema they run on.
"""

from __future__ import annotations

import random
from datetime import timedelta
from functools import cache

from .types import (
    INT_RANGES,
    PRIMITIVES,
    REF,
    SIGNAL,
    TS,
    TSB,
    TSD,
    TSL,
    TSS,
    TSW,
    ArrayType,
    CyclicType,
    EnumType,
    ListType,
    MapType,
    Optional,
    Primitive,
    QueueType,
    Scalar,
    SetType,
    Struct,
    TimeSeries,
    TupleOf,
    TupleType,
    parts,
)

#: How many random schemas there are beside those that give every scalar a place in every kind; and how many more with
#: references.
RANDOM = 48
REFERRING = 12
COLOR = EnumType("Color", (("RED", 1), ("GREEN", 2), ("BLUE", -3)))
POINT = Struct("Point", (("x", Primitive("int")), ("y", Primitive("float"))))
#: Primitives that can be keys; an arbitrary object cannot.
_KEYS = sorted(PRIMITIVES - {"object"})
_FIELDS = ("alpha", "beta", "gamma", "delta_", "class_name", "x1")


class RandomTypes:
    """Makes types from one seed, with references or without; classes get names that no other seed uses."""

    def __init__(self, seed: int, references: bool = False) -> None:
        self._random, self._seed, self._count = random.Random(seed), seed, 0
        self._references = references

    def _name(self, base: str) -> str:
        self._count += 1
        return f"{base}{self._seed}x{self._count}"

    def scalar(self, depth: int = 2) -> Scalar:
        pick = self._random
        element = self.scalar(depth - 1) if depth else Primitive(pick.choice(sorted(PRIMITIVES)))
        size = pick.randint(1, 3)
        choices: list[Scalar] = [Primitive(pick.choice(sorted(PRIMITIVES))), COLOR, POINT]
        if depth:
            choices += [
                TupleOf(element),
                TupleType((element, self.key(0))),
                ListType(element),
                SetType(self.key(depth - 1)),
                MapType(self.key(depth - 1), element),
                ArrayType(element, size),
                CyclicType(element, size),
                QueueType(element, pick.choice([None, size])),
                self.struct([element, Optional(self.key(0)), self.scalar(0)]),
            ]
        return pick.choice(choices)

    def key(self, depth: int = 1) -> Scalar:
        """Return a type that can be a key."""
        pick = self._random
        choices: list[Scalar] = [Primitive(pick.choice(_KEYS)), Primitive(pick.choice(_KEYS)), COLOR]
        if depth:
            choices += [TupleType((self.key(0), self.key(0))), TupleOf(self.key(0)), POINT, SetType(self.key(0))]
        return pick.choice(choices)

    def struct(self, types: list[Scalar]) -> Struct:
        return Struct(self._name("S"), tuple(zip(_FIELDS, types, strict=False)))

    def time_series(self, depth: int) -> TimeSeries:
        pick = self._random
        if depth == 0 and self._references:
            return self.reference()
        if depth == 0:
            return pick.choice([TS(self.scalar()), TS(self.scalar(0)), TSS(self.key()), self.window(), SIGNAL()])
        match pick.randrange(6):
            case 0 | 1:
                count = pick.randint(1, 4)
                return TSB(self._name("B"), tuple((_FIELDS[i], self.time_series(depth - 1)) for i in range(count)))
            case 2:
                return TSL(self.time_series(depth - 1), pick.choice([None, None, 1, 2, 3]))
            case 3 | 4:
                return TSD(self.key(), self.time_series(depth - 1))
        return self.time_series(0)

    def reference(self) -> TimeSeries:
        """Return a reference, or now and then something that is none."""
        self._references = False
        target = self.time_series(self._random.choice([0, 0, 1, 2]))
        self._references = True
        return target if self._random.random() < 0.2 else REF(target)

    def window(self) -> TSW:
        size = self._random.randint(1, 4)
        minimum = self._random.randint(0, size)
        if self._random.random() < 0.5:
            return TSW(self.scalar(1), size, minimum)
        return TSW(self.scalar(1), timedelta(microseconds=size), timedelta(microseconds=minimum))


def _every_scalar() -> list[TimeSeries]:
    """Return types that give each primitive a place as a value, an element, a key, and in a window."""
    types: list[TimeSeries] = []
    for name in sorted(PRIMITIVES - {"float64", "int64"}):  # other names of float and int
        scalar = Primitive(name)
        fields: list[tuple[str, TimeSeries]] = [("one", TS(scalar)), ("last", TSW(scalar, 2, 1))]
        if name != "object":
            fields += [("some", TSS(scalar)), ("each", TSD(scalar, TS(scalar)))]
        types.append(TSB(f"All_{name}", tuple(fields)))
    return types


def sources(type_: TimeSeries) -> list[TimeSeries]:
    """Return the types of what the references in a type are made to refer to: their targets, also as elements."""
    targets = dict.fromkeys(part.target for part in parts(type_) if isinstance(part, REF))
    return [source for t in targets for source in (t, TSD(Primitive("str"), t))]


@cache
def referring_types(count: int = REFERRING, first: int = 0) -> tuple[TimeSeries, ...]:
    """Return schemas with references in them."""
    made = (RandomTypes(10_000 + first + i, references=True).time_series(i % 3) for i in range(count * 2))
    return tuple(dict.fromkeys(t for t in made if any(isinstance(p, REF) for p in parts(t))))[:count]


def random_type(seed: int) -> TimeSeries:
    """Return a schema without references."""
    return RandomTypes(seed).time_series(1 + seed % 3)


@cache
def random_types() -> tuple[TimeSeries, ...]:
    """Return the schemas, the same in every run; every kind and every scalar is among them."""
    random_ones = [random_type(seed) for seed in range(RANDOM)]
    found = tuple(dict.fromkeys([*_every_scalar(), *random_ones]))
    kinds = {type(part) for each in found for part in parts(each)}
    assert kinds >= {
        TS,
        SIGNAL,
        TSB,
        TSL,
        TSS,
        TSD,
        TSW,
        Struct,
        EnumType,
        Optional,
        TupleOf,
        TupleType,
        ListType,
        SetType,
    }
    assert kinds >= {MapType, ArrayType, CyclicType, QueueType}
    assert {p.name for t in found for p in parts(t) if isinstance(p, Primitive)} >= {*INT_RANGES, "float32", "object"}
    return found
