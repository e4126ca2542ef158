"""The kinds, their spelling around each other, and values of them; and the schema that holds all pairs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

START = dt.datetime(2026, 1, 2, 3, 4, 5, 6)
US = dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class Kind:
    """What a type is spelled like, and three values of it that differ, made with the classes of a module."""

    name: str
    spelling: str
    values: Callable[[Any], tuple[Any, Any, Any]]
    hashable: bool = True


@dataclass(frozen=True)
class Holder:
    """A kind that holds another: its spelling around it, and a value of it that holds two values."""

    name: str
    spelling: str
    make: Callable[[Any, Any, Any], Any]
    hashable: bool = False
    needs_hash: bool = False

    def around(self, kind: Kind) -> str:
        """Spell this kind with another inside."""
        return self.spelling.format(kind.spelling, name=kind.name)

    def value(self, m: Any, kind: Kind, number: int) -> Any:
        """Return value ``number`` of this kind around the other: 0, 1 or 2."""
        given = kind.values(m)
        return self.make(lambda inner: getattr(m, f"Box{kind.name}")(x=inner), given[number], given[(number + 1) % 3])


def _given(*values: Any) -> Callable[[Any], tuple[Any, Any, Any]]:
    a, b, c = values
    return lambda _: (a, b, c)


def _whole(bits: int, *, signed: bool = True) -> Callable[[Any], tuple[Any, Any, Any]]:
    high = 2 ** (bits - 1) - 1 if signed else 2**bits - 1
    return _given(high, -high - 1 if signed else 1, 0)


SCALARS = (
    Kind("Bool", "bool", _given(True, False, True)),
    *(Kind(f"Int{n}", f"int{n}", _whole(n)) for n in (8, 16, 32, 64)),
    *(Kind(f"UInt{n}", f"uint{n}", _whole(n, signed=False)) for n in (8, 16, 32, 64)),
    Kind("Float32", "float32", _given(0.5, float("inf"), -2.25)),
    Kind("Float", "float", _given(0.1, float("-inf"), 5e-324)),
    Kind("Str", "str", _given("x", "é" * 40, "")),
    Kind("Bytes", "bytes", _given(b"x", b"\0\xff" * 40, b"")),
    Kind("Date", "date", _given(dt.date(2026, 1, 2), dt.date.min, dt.date.max)),
    Kind("Time", "time", _given(dt.time(1, 2, 3, 4), dt.time.min, dt.time.max)),
    Kind("DateTime", "datetime", _given(START, dt.datetime.min, dt.datetime.max)),
    Kind("TimeDelta", "timedelta", _given(US, -US, dt.timedelta(days=999))),
    Kind("Enum", "Side", lambda m: (m.Side.SELL, m.Side.BUY, m.Side.NONE)),
    Kind("FirstEnum", "First", lambda m: (m.First.TWO, m.First.ONE, m.First.THREE)),
    Kind("IntEnum", "Level", lambda m: (m.Level.HIGH, m.Level.LOW, m.Level.NEGATIVE)),
    Kind("Any", "object", _given([1, "a"], "text", None), hashable=False),
)


def _window(_: Any, a: Any, b: Any) -> Any:
    return [(START, a), (START + US, b)]


HOLDERS = (
    Holder("List", "list[{}]", lambda _, a, b: [a, b]),
    Holder("TupleOf", "tuple[{}, ...]", lambda _, a, b: (a, b), hashable=True),
    Holder("Tuple", "tuple[{0}, int, {0}]", lambda _, a, b: (a, 7, b), hashable=True),
    Holder("Array", "Array[{}, Size[2]]", lambda _, a, b: [a, b]),
    Holder("Set", "frozenset[{}]", lambda _, a, b: frozenset({a, b}), hashable=True, needs_hash=True),
    Holder("Dict", "dict[str, {}]", lambda _, a, b: {"a": a, "p" * 40: b}),
    Holder("Keys", "dict[{}, int]", lambda _, a, b: {a: 1, b: 2}, needs_hash=True),
    Holder("Optional", "{} | None", lambda _, a, b: a, hashable=True),
    Holder("Union", "{} | Tag", lambda _, a, b: a, hashable=True),
    Holder("Buffer", "CyclicBuffer[{}, Size[3]]", lambda _, a, b: [a, b]),
    Holder("Queue", "Queue[{}]", lambda _, a, b: [a, b]),
    Holder("Window", "Window[{}, Size[3]]", _window),
    Holder("Struct", "Box{name}", lambda box, a, b: box(a), hashable=True),
)

PART = Kind("Part", "Part", lambda m: tuple(m.Part(size=n, name="n" * n) for n in (1, 40, 0)))
#: Objects of a subclass written in Python are kept as those of their base.
SUBCLASS = Kind("Subclass", "Part", lambda m: tuple(_subclass(m)(size=n, name="s" * n) for n in (1, 40, 0)))


def _subclass(m: Any) -> Any:
    return type("Sub", (m.Part,), {})


def _held(holder: Holder) -> Kind:
    """A holder around text, as a kind for others to hold."""
    text = next(kind for kind in SCALARS if kind.name == "Str")
    if holder.name == "Struct":
        return PART
    spelled = holder.around(text)
    return Kind(f"Of{holder.name}", spelled, lambda m: _three(m, holder, text), holder.hashable)


def _three(m: Any, holder: Holder, kind: Kind) -> tuple[Any, Any, Any]:
    return holder.value(m, kind, 0), holder.value(m, kind, 1), holder.value(m, kind, 2)


COMPOSITES = tuple(_held(holder) for holder in HOLDERS)
KINDS: Sequence[Kind] = (*SCALARS, *COMPOSITES, SUBCLASS)


def pairs(holder: Holder) -> list[Kind]:
    """Return what the holder can hold."""
    return [kind for kind in KINDS if kind.hashable or not holder.needs_hash]


def refused(holder: Holder) -> list[Kind]:
    """Return what it cannot hold: what has no hash, as a key."""
    return [kind for kind in KINDS if not kind.hashable and holder.needs_hash]


DECLARED = """
class Side(Enum):
    BUY = 1
    SELL = -1
    NONE = 0

class First(Enum):
    ONE = 11
    TWO = -22
    THREE = 2

class Level(IntEnum):
    LOW = 1
    HIGH = 9
    NEGATIVE = -5

class Tag(CompoundScalar):
    tag: int

class Part(CompoundScalar):
    size: int
    name: str = ""
"""


def class_of(holder: Holder, kind: Kind) -> str:
    """Return the name of the class that has the pair as a field."""
    return f"{'Objects' if kind.name == 'Any' else 'Pairs'}{holder.name}"


def _field(holder: Holder, kind: Kind) -> str:
    spelled = holder.around(kind)
    optional = "" if spelled.endswith("| None") else " | None"
    return f"    f{kind.name}: {spelled}{optional} = None"


def schema() -> str:
    """Return the text in which every pair is a field, and every kind that ticks is a time series."""
    lines = [DECLARED]
    lines += [f"class Box{kind.name}(CompoundScalar):\n    x: {kind.spelling}\n" for kind in KINDS]
    for holder in HOLDERS:
        # A class that holds Python objects has no bytes, so they have classes of their own.
        for objects in (False, True):
            held = [kind for kind in pairs(holder) if (kind.name == "Any") is objects]
            if held:
                lines.append(f"class {class_of(holder, held[0])}(CompoundScalar):")
                lines += [_field(holder, kind) for kind in held]
                lines.append("")
    return "\n".join(lines)
