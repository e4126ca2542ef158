"""Schemas full of what C++ and Python stumble over: names, documentation, defaults, depth and width."""

from __future__ import annotations

from keyword import iskeyword

from hgvalue_gen.emit.cpp.reserved import DELTA_MEMBERS, HANDLE_MEMBERS, KEYWORDS, MACROS
from hgvalue_gen.schema import model as m

from . import models as make

INF = float("inf")
NASTY_DOC = (
    'Ends */ here \\ "quoted" """thrice""" ??/ and ??= and \u202e bidi\n\n    grün, 100 %, {{ x }} {% y %}\nC:\\'
)

#: Legal in Python, and each of them trouble in C++.
AWKWARD = (
    "NULL", "errno", "EOF", "INFINITY", "M_PI", "stdin", "INT_MAX", "Py_None", "std", "hgvalue", "_Upper",
    "__dunder", "a__b", "a_b", "a_b_", "größe", "变量", "x", "set_x", "set_", "linux", "unix", "major", "minor",
    "time_series", "int", "int_", "value_type", "main", "float", "property", "str", "datetime", "self",
)  # fmt: skip


def everything() -> m.Schema:
    """All of it, in three files with names that are not theirs alone."""
    return make.schema(_shared(), _like_a_library(), _main())


def _distinct(names: set[str] | frozenset[str]) -> list[str]:
    # Not even a schema can use Python's own keywords.
    return sorted(name for name in names if name.isidentifier() and not iskeyword(name))


def _shared() -> m.Module:
    colour = make.enum("Colour", "std", NASTY_DOC, RED=0, errno=1, int=-5, class_=2**63 - 1, Colour=-(2**63), größe=7)
    point = make.struct("Point", make.field("x", make.INT), make.field("y", make.INT), module="std")
    pair = make.bundle(None, left=m.TS(make.FLOAT), right=m.TS(make.STR))
    both = m.Root("Both", m.TSB(pair))
    return make.module("std", colour, point, both, doc=NASTY_DOC, text='x = "\\n"\n"""' + NASTY_DOC)


def _like_a_library() -> m.Module:
    """A file called as a namespace we use, whose classes are called as namespaces and as each other's parts."""
    name = "hgvalue.time"
    std = make.struct("std", make.field("std", make.INT), module=name)
    other = make.bundle("hgvalue", name, **{"hgvalue": m.TS(std), "tss": m.TSS(make.STR)})
    quote = make.bundle("Quote", name, Quote=m.TS(make.FLOAT), QuoteValue=m.TS(make.FLOAT), QuoteHandle=m.TSS(make.INT))
    overlay = make.struct("QuoteOverlay", make.field("Quote_fields", make.INT), module=name)
    fields = make.enum("Quote_fields", name, A=1)
    module = make.struct("schema_module", make.field("types", make.INT), make.field("nodes", fields), module=name)
    return make.module(name, std, other, overlay, fields, module, quote)


def _main() -> m.Module:
    # The same shape as in the other file: emitted once, there.
    pair = make.bundle(None, left=m.TS(make.FLOAT), right=m.TS(make.STR))
    inline = make.bundle(None, deep=m.TSB(pair), wide=m.TSL(m.TSB(pair), 2))
    # A field may be called as a handle's own members, in each of the classes made for a bundle.
    names = _distinct(KEYWORDS | HANDLE_MEMBERS | DELTA_MEMBERS)
    keywords = make.bundle("Keywords", **dict.fromkeys(names, m.TS(make.INT)))
    awkward = make.bundle("Awkward", **{name: m.TS(make.BOOL) for name in AWKWARD})
    struct = make.struct(
        "KeywordStruct", *(make.field(name, make.INT, 1) for name in dict.fromkeys([*names, *AWKWARD]))
    )
    macros = make.enum("Macros", **{name: value for value, name in enumerate(_distinct(MACROS))})
    shadows = make.bundle("Shadows", Macros=m.TS(macros), Keywords=m.TSB(keywords), market=m.TS(macros))
    named_like_keywords = (
        make.struct("template", make.field("template", make.INT)),
        make.bundle("data", data=m.TS(make.INT)),
        make.bundle("shape", shape=m.TSB(make.bundle("data", data=m.TS(make.INT)))),
    )
    return make.module(
        "main", macros, keywords, awkward, struct, shadows, *named_like_keywords, *_deep(inline), *defaults(),
        imports=("std",), doc=NASTY_DOC,
    )  # fmt: skip


def _deep(inline: m.Bundle) -> tuple[m.Declaration, ...]:
    """Every kind of node inside every other, and bundles of 31, 32, 33 and 100 fields."""
    leaf = m.TS(make.BOOL)
    nodes: dict[str, m.TimeSeriesType] = {
        "bools": m.TSL(leaf, 3),
        "grows": m.TSL(leaf, None),
        "lists": m.TSL(m.TSL(m.TSL(leaf, None), 2), None),
        "dicts": m.TSD(make.STR, m.TSD(m.TupleType((make.INT, make.BOOL)), m.TSL(m.TSS(make.DATE), 4))),
        "inline": m.TSB(inline),
        "windows": m.TSD(make.DATETIME, m.TSW(make.BOOL, 5, 0)),
        "timed": m.TSW(make.STR, m.timedelta_us(10**12), m.timedelta_us(1)),
        "objects": m.TSD(make.BYTES, m.TS(make.OBJECT)),
        "tuples": m.TS(m.TupleOf(m.OptionalType(m.ListType(m.MapType(make.STR, m.SetType(make.INT)))))),
    }
    widths = tuple(make.bundle(f"Wide{n}", **{f"f{i}": leaf for i in range(n)}) for n in (31, 32, 33, 100))
    deep = make.bundle("Deep", doc=NASTY_DOC, **nodes, wide=m.TSB(widths[3]))
    roots = (
        m.Root("RootTSB", m.TSB(deep), NASTY_DOC),
        m.Root("RootTSL", m.TSL(m.TSB(deep), 2)),
        m.Root("RootGrowing", m.TSL(m.TSB(inline), None)),
        m.Root("RootTSD", m.TSD(make.STR, m.TSB(deep))),
        m.Root("RootTSS", m.TSS(make.STR)),
        m.Root("RootTSW", m.TSW(make.FLOAT, 3, 1)),
        m.Root("RootTS", m.TS(make.STR)),
    )
    return (*widths, deep, *roots)


def defaults() -> tuple[m.Declaration, ...]:
    """A struct with a default of every kind."""
    sign = make.enum("Sign", PLUS=1, MINUS=-1)
    f, p = make.field, m.Primitive
    plus = m.EnumMember(sign, "PLUS")
    pair = m.TupleType((make.STR, p("int8")))
    fields = (
        f("yes", make.BOOL, True),
        f("maybe", m.OptionalType(make.BOOL), None),
        f("surely", m.OptionalType(make.BOOL), False),
        f("low", make.INT, -(2**63)),
        f("high", p("uint64"), 2**64 - 1),
        f("byte", p("int8"), -128),
        f("zero", make.INT, 0),
        f("inf", make.FLOAT, INF),
        f("minus_inf", make.FLOAT32, -INF),
        f("nan", make.FLOAT, float("nan")),
        f("minus_zero", make.FLOAT, -0.0),
        f("tiny", make.FLOAT, 5e-324),
        f("tenth", make.FLOAT32, 0.1),
        f("whole", make.FLOAT, 3),
        f("text", make.STR, 'a"b\\c??/\n\x00\x7f1é\U0001f600'),
        f("empty", make.STR, ""),
        f("note", m.OptionalType(make.STR), ""),
        f("raw", make.BYTES, bytes(range(256))),
        f("none", make.OBJECT, None),
        f("sign", sign, plus),
        f("signs", m.ListType(sign), [plus, m.EnumMember(sign, "MINUS")]),
        f("strings", m.ListType(make.STR), ["a", "b"]),
        f("one", m.ListType(m.ListType(make.STR)), [["a", "b"]]),
        f("flags", m.ListType(make.BOOL), [True, False]),
        f("nested", m.TupleOf(pair), (("a\x00", 1), ("b", -2))),
        f("pair", pair, ("x", 3)),
        f("grid", m.ArrayType(make.FLOAT, 2), [1.0, -0.0]),
        f("bits", m.ArrayType(make.BOOL, 2), [True, False]),
        f("matrix", m.ArrayType(m.ArrayType(make.INT32, 2), 2), [[1, 2], [3, 4]]),
        f("labels", m.SetType(make.STR), frozenset({"b", "a"})),
        f("none_yet", m.SetType(make.STR), frozenset()),
        f("weights", m.MapType(make.STR, make.FLOAT), {"z": 1.0, "a": INF}),
        f("deep", m.MapType(make.INT, m.ListType(pair)), {1: [("k", 1)]}),
        f("wait", make.TIMEDELTA, m.timedelta_us(-60_000_000)),
        f("waits", m.OptionalType(m.TupleOf(make.TIMEDELTA)), (m.timedelta_us(1),)),
        f("recent", m.CyclicBufferType(make.FLOAT, 3), [1.0, 2.0]),
        f("todo", m.QueueType(make.STR), ["a"]),
        f("bounded", m.QueueType(make.INT, 4), []),
        f("required", make.STR),
        f("when", make.DATETIME),
        f("day", make.DATE),
        f("clock", make.TIME),
    )
    trivial = make.struct("Trivial", f("x", make.INT, 0), f("y", make.FLOAT, 0.0), f("z", make.BOOL, False))
    return (sign, make.struct("Defaults", *fields, doc=NASTY_DOC), trivial)
