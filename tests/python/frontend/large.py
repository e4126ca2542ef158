"""Large schemas of every shape that generators of schemas make, by their size."""

from __future__ import annotations

from collections.abc import Callable


def aliases(count: int) -> str:
    """Aliases of types and of each other."""
    lines = [f"A{i} = dict[str, A{i - 1}]" if i % 50 else f"A{i} = list[int]" for i in range(count)]
    return "\n".join(lines) + f"\nR = TS[A{count - 1}]\n"


def structs(count: int) -> str:
    """CompoundScalars with defaults."""
    return "\n".join(
        f"class S{i}(CompoundScalar):\n    a: int\n    b: str = 'x'\n    c: list[float]\n" for i in range(count)
    )


def bundles(count: int) -> str:
    """TimeSeriesSchemas, each with a field of the one before."""
    return "class B0(TimeSeriesSchema):\n    a: TS[int]\n" + "".join(
        f"class B{i}(TimeSeriesSchema):\n    a: TS[int]\n    b: {f'TSD[str, B{i - 1}]' if i % 20 else 'TS[str]'}\n"
        for i in range(1, count)
    )


def fields(count: int) -> str:
    """A TimeSeriesSchema with many fields."""
    return "class B(TimeSeriesSchema):\n" + "".join(f"    f{i}: TS[int]\n" for i in range(count))


def members(count: int) -> str:
    """An enum with many members."""
    return "class E(Enum):\n" + "".join(f"    M{i} = auto()\n" for i in range(count))


def default(count: int) -> str:
    """A default with many elements."""
    return f"class S(CompoundScalar):\n    a: list[int] = [{', '.join(map(str, range(count)))}]\n"


def nested(count: int) -> str:
    """Brackets in each other."""
    return f"R = TS[{'tuple[' * count}int{']' * count}]\n"


def opened(count: int) -> str:
    """Brackets that nothing closes."""
    return f"R = {'[' * count}\n"


def flat(count: int) -> str:
    """Brackets beside each other."""
    return f"R = TS[tuple[{'tuple[int], ' * count}]]\n"


def shared(count: int) -> str:
    """Types that share their parts, so that written out they would double with each."""
    return "class S0(CompoundScalar):\n    a: int\n" + "".join(
        f"class S{i}(CompoundScalar):\n    a: S{i - 1}\n    b: tuple[S{i - 1}, ...]\n" for i in range(1, count)
    )


def shared_bundles(count: int) -> str:
    """The same for bundles below dicts."""
    return "class B0(TimeSeriesSchema):\n    a: TS[int]\n" + "".join(
        f"class B{i}(TimeSeriesSchema):\n    a: TSD[str, B{i - 1}]\n    b: TSD[int, B{i - 1}]\n"
        for i in range(1, count)
    )


#: Each shape, and a size of it that has to take no more than two seconds.
SHAPES: dict[str, tuple[Callable[[int], str], int]] = {
    "aliases": (aliases, 100_000),
    "structs": (structs, 20_000),
    "bundles": (bundles, 20_000),
    "fields": (fields, 5_000),
    "members": (members, 40_000),
    "default": (default, 200_000),
    "nested": (nested, 140_000),
    "opened": (opened, 1_000_000),
    "flat": (flat, 80_000),
    "shared": (shared, 40),
    "shared bundles": (shared_bundles, 40),
}
