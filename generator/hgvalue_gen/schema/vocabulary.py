"""The names that every schema file knows without declaring them."""

from __future__ import annotations

import math
from typing import Final, get_args

from hgvalue_gen.schema import model as m

#: Scalars, by every spelling.
PRIMITIVES: Final[dict[str, m.Primitive]] = {
    **{name: m.Primitive(name) for name in get_args(m.ScalarName)},
    "int": m.Primitive("int64"),
    "float": m.Primitive("float64"),
}

#: Generic types and time series, by every spelling, to the one that messages and passes use.
CONSTRUCTORS: Final[dict[str, str]] = {
    **{name: name for name in ("TS", "TSB", "TSL", "TSS", "TSD", "TSW", "REF", "SIGNAL")},
    **{name: name for name in ("Array", "CyclicBuffer", "Queue", "Window", "Optional", "Union")},
    **dict.fromkeys(("tuple", "Tuple"), "tuple"),
    **dict.fromkeys(("list", "List"), "list"),
    **dict.fromkeys(("set", "Set", "frozenset", "FrozenSet", "AbstractSet"), "set"),
    **dict.fromkeys(("dict", "Dict", "frozendict", "Mapping"), "dict"),
}
#: Least and greatest number of type arguments, and how the type is written.
ARGUMENTS: Final[dict[str, tuple[int, int, str]]] = {
    "TS": (1, 1, "TS[T]"),
    "TSB": (1, 1 << 30, "TSB[Schema]"),
    "TSL": (1, 2, "TSL[TS[T], Size[n]]` or `TSL[TS[T]]"),
    "TSS": (1, 1, "TSS[T]"),
    "TSD": (2, 2, "TSD[K, TS[V]]"),
    "TSW": (2, 3, "TSW[T, Size[n], Size[minimum]]"),
    "REF": (1, 1, "REF[TS[T]]"),
    "Array": (2, 2, "Array[T, Size[n]]"),
    "CyclicBuffer": (2, 2, "CyclicBuffer[T, Size[n]]"),
    "Queue": (1, 2, "Queue[T]` or `Queue[T, Size[n]]"),
    "Window": (2, 3, "Window[T, Size[n], Size[minimum]]"),
    "Optional": (1, 1, "Optional[T]"),
    "Union": (1, 1 << 30, "Union[A, B]"),
    "tuple": (1, 1 << 30, "tuple[A, B]` or `tuple[T, ...]"),
    "list": (1, 1, "list[T]"),
    "set": (1, 1, "set[T]"),
    "dict": (2, 2, "dict[K, V]"),
}
TIME_SERIES: Final = frozenset({"TS", "TSB", "TSL", "TSS", "TSD", "TSW", "REF", "SIGNAL"})

BASES: Final[dict[str, str]] = {
    "Enum": "Enum",
    "IntEnum": "IntEnum",
    "CompoundScalar": "CompoundScalar",
    "TimeSeriesSchema": "TimeSeriesSchema",
}
SIZES: Final = frozenset({"Size", "WindowSize"})
DECORATORS: Final = frozenset({"dataclass", "unique"})
#: Numbers of Python's module ``math`` that a default may name.
MATH: Final = {"nan": math.nan, "inf": math.inf}
GENERICS: Final = frozenset({"Generic", "TypeVar", "ParamSpec", "TypeVarTuple", "Protocol"})

#: Every name of the language; none can be declared again.
NAMES: Final = frozenset(
    {*PRIMITIVES, *CONSTRUCTORS, *BASES, *SIZES, *DECORATORS, *GENERICS}
    | {"Annotated", "Final", "TypeAlias", "auto", "item_only"}
)
#: What a type annotation may name, for suggestions.
TYPE_NAMES: Final = frozenset({*PRIMITIVES, *CONSTRUCTORS})

#: Python modules that may be imported for the sake of other tools. What they hold is part of the language already.
LANGUAGE_MODULES: Final = frozenset(
    {"__future__", "abc", "collections", "dataclasses", "datetime", "enum", "frozendict", "hgraph", "hgvalue", "math"}
    | {"typing", "typing_extensions"}
)
