"""Random types of every kind in every kind, and random values of them, for the fuzzers of bytes and plain forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache
from random import Random
from types import ModuleType
from typing import Any

from hgvalue import Delta, TypeKind, TypeMeta, TypeRegistry

from ..python.model.generated import load

R = TypeRegistry
KIND = R.enumeration("FuzzKind", {"ONE": 1, "TWO": -2, "NONE": 0}, "tests.fuzz.forms")
# Members' hashes are addresses, by which sets of them would have another order in each process.
KIND.python_type.__hash__ = lambda member: hash(member.name)
PRIMITIVES = (
    *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64"),
    *("str", "bytes", "date", "time", "datetime", "timedelta"),
)
TEXTS = ("", "a", "ONE", "01", "NaN", "2024-01-02", "é", "\x00", "$type")
START = dt.datetime(2026, 1, 1)

#: What a compiler lays out: structs and bundles with every kind in a field, so that both layouts meet in deltas.
SCHEMA = """
class Part(CompoundScalar):
    size: int
    tags: list[str] = []

class Whole(CompoundScalar):
    part: Part
    parts: list[Part]
    pair: tuple[int, str]
    many: tuple[str, ...]
    some: set[str]
    by: dict[str, list[int]]
    deep: dict[str, dict[str, tuple[str, ...]]]
    maybe: list[int] | None
    choice: int | str | list[str]
    fixed: Array[int, Size[2]]
    last: CyclicBuffer[str, Size[2]]
    queue: Queue[str]

class Series(TimeSeriesSchema):
    one: TS[list[int]]
    whole: TS[Whole]
    by: TSD[str, TS[tuple[str, ...]]]
    deep: TSD[str, TSD[str, TS[list[str]]]]
    marked: TSS[str]
    each: TSL[TS[list[int]], Size[2]]
    grown: TSL[TS[dict[str, int]]]
    recent: TSW[str, WindowSize[2]]
"""


@cache
def module(backend: str) -> ModuleType:
    """Return the package of the schema."""
    return load(SCHEMA, "fuzz_forms", backend)


def schemas(backend: str) -> tuple[Any, ...]:
    """Return the types whose classes were generated."""
    m = module(backend)
    return m.Part, m.Whole, m.SeriesValue


@cache
def metas(backend: str) -> tuple[TypeMeta, ...]:
    """Return what is described by the generated classes, to lie in other types."""
    return tuple(Delta(type_).schema for type_ in schemas(backend))


def scalar(random: Random, *, hashable: bool = False) -> TypeMeta:
    """Return the type of a scalar or, as a key, now and then of a tuple."""
    if random.random() < 0.1:
        return KIND
    if hashable and random.random() < 0.2:
        return R.tuple(scalar(random), scalar(random)) if random.random() < 0.5 else R.tuple_of(scalar(random))
    return TypeMeta.get(random.choice(PRIMITIVES))


def some_type(random: Random, depth: int = 2, own: Sequence[TypeMeta] = ()) -> TypeMeta:
    """Return a type in which no more than ``depth`` kinds lie in each other, or around one of ``own``."""
    if depth == 0 or random.random() < 0.1:
        return random.choice(own) if own and random.random() < 0.2 else scalar(random)
    inner = some_type(random, depth - 1, own)
    size = random.randint(1, 3)
    match random.randrange(12):
        case 0:
            return R.list(inner)
        case 1:
            return R.tuple_of(inner)
        case 2:
            return R.fixed_list(inner, size)
        case 3:
            return R.tuple(inner, some_type(random, depth - 1, own))
        case 4:
            return R.bundle({f"f{i}": some_type(random, depth - 1, own) for i in range(size)})
        case 5:
            return R.set(scalar(random, hashable=True), random.random() < 0.3)
        case 6 | 7:
            return R.map(scalar(random, hashable=True), inner, random.random() < 0.3)
        case 8:
            return R.cyclic_buffer(inner, size)
        case 9:
            return R.queue(inner, random.choice([0, size]))
        case 10:
            return R.window(inner, random.choice([size, dt.timedelta(days=2)]))
    if inner.kind is TypeKind.OPTIONAL:
        return inner
    if random.random() < 0.5:
        return R.optional(inner)
    other = scalar(random)
    return R.optional(inner) if other is inner or inner.kind is TypeKind.VARIANT else R.variant(inner, other)


def _scalar_form(random: Random, type_: TypeMeta) -> Any:
    name = type_.name
    if type_.members:
        cls = type_.python_type
        return cls[random.choice(list(type_.members))]
    if name == "bool":
        return random.random() < 0.5
    if name.startswith(("int", "uint")):
        bits = int(name.lstrip("uint") or 64)
        low = 0 if name[0] == "u" else -(1 << (bits - 1))
        return random.choice([0, 1, low, low + (1 << bits) - 1, max(low, random.randint(-3, 100))])
    if name.startswith("float"):
        return random.choice([0.0, 1.5, -2.0, float("inf"), 0.5 * random.randint(-9, 9)])
    match name:
        case "str":
            return random.choice(TEXTS)
        case "bytes":
            return random.randbytes(random.randint(0, 3))
        case "date":
            return dt.date(2024, 1, random.randint(1, 28))
        case "time":
            return dt.time(random.randint(0, 23))
        case "datetime":
            return START + dt.timedelta(microseconds=random.randint(0, 10**9))
    return dt.timedelta(microseconds=random.randint(-9, 9))


def form(random: Random, type_: TypeMeta) -> Any:
    """Return what a value of the type may be made of."""
    kind, element = type_.kind, type_.element_type
    count = random.choice([0, 1, 2, 3])
    match kind:
        case TypeKind.SCALAR:
            return _scalar_form(random, type_)
        case TypeKind.BUNDLE:
            fields = {str(field.name): form(random, field.type) for field in type_.fields}
            make = getattr(type_.python_type, "from_dict", None)
            return make(fields) if make else fields
        case TypeKind.TUPLE:
            return tuple(form(random, field.type) for field in type_.fields)
        case TypeKind.VARIANT:
            return form(random, random.choice(type_.alternatives))
        case TypeKind.MAP:
            assert type_.key_type is not None
            assert type_.value_type is not None
            return {form(random, type_.key_type): form(random, type_.value_type) for _ in range(count)}
    assert element is not None
    match kind:
        case TypeKind.SET:
            distinct = dict.fromkeys(form(random, element) for _ in range(count))
            return distinct.keys()  # a set whose order follows from the seed alone
        case TypeKind.OPTIONAL:
            return None if random.random() < 0.3 else form(random, element)
        case TypeKind.WINDOW:
            size = type_.fixed_size
            count = min(count, size) if isinstance(size, int) else count
            return [(START + dt.timedelta(microseconds=i), form(random, element)) for i in range(count)]
    size = type_.fixed_size
    if kind is TypeKind.LIST and size:
        count = int(str(size))
    elif isinstance(size, int) and size:
        count = min(count, size)
    made = [form(random, element) for _ in range(count)]
    return tuple(made) if type_.is_tuple else made
