"""What a diagnostic advises, when it is followed, gives a schema that passes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from hgvalue_gen.diagnostics import CODES

#: Something that every schema may have.
ROOT = "R = TS[int]\n"
STRUCT = "class A(CompoundScalar):\n    "
BUNDLE = "class A(TimeSeriesSchema):\n    "
#: Classes in each other, and aliases that double what they stand for.
LEVELS = [STRUCT.replace("A(", "B0(") + "x: int\n"] + [
    STRUCT.replace("A(", f"B{i}(") + f"x: B{i - 1}\n" for i in range(1, 102)
]
DOUBLED = (
    "A0 = tuple[int, int]\n" + "".join(f"A{i} = tuple[A{i - 1}, A{i - 1}]\n" for i in range(1, 14)) + "R = TS[A13]\n"
)

#: Code, a part of the help or label, the wrong text, and the text after doing what it says.
ADVICE: list[tuple[str, str, str, str]] = [
    ("HGT001", "something is missing here", "X =\n" + ROOT, "X = 1\n" + ROOT),
    ("HGT001", "expected `:`", "class A(TimeSeriesSchema)\n    x: TS[int]\n", BUNDLE + "x: TS[int]\n"),
    ("HGT002", "`]` is missing", BUNDLE + "x: TS[int\n", BUNDLE + "x: TS[int]\n"),
    ("HGT002", "expected `]`", BUNDLE + "x: TS[int)\n", BUNDLE + "x: TS[int]\n"),
    ("HGT003", "007", "X = 007\n" + ROOT, "X = 7\n" + ROOT),
    ("HGT003", "opened here", ROOT + "X = 'a\n", ROOT + "X = 'a'\n"),
    ("HGT004", "indent the fields of the class", "class A(TimeSeriesSchema):\nx: TS[int]\n", BUNDLE + "x: TS[int]\n"),
    ("HGT004", "this line begins no block", ROOT + "  X = 1\n", ROOT + "X = 1\n"),
    ("HGT005", "`\\` as its last character", "X = \\ 1\n" + ROOT, "X = \\\n 1\n" + ROOT),
    (
        "HGT006",
        "give a name to a part",
        f"R = TS[{'list[' * 101}int{']' * 102}\n",
        f"P = {'list[' * 51}int{']' * 51}\nR = TS[P]\n",
    ),
    ("HGT006", "beside the outer ones", "".join(LEVELS), "".join(LEVELS[:1] + LEVELS[-1:]).replace("B100", "B0")),
    (
        "HGT006",
        "make classes of the parts",
        DOUBLED,
        DOUBLED.replace("A9 =", "class C(CompoundScalar):\n    x: A8\nA9 =").replace("tuple[A8, A8]", "tuple[C, C]"),
    ),
    ("HGT010", "did you mean `float`", "R = TS[flaot]\n", "R = TS[float]\n"),
    (
        "HGT010",
        "from math import nan",
        STRUCT + "x: float = nan\n",
        "from math import nan\n" + STRUCT + "x: float = nan\n",
    ),
    ("HGT010", 'write `float("nan")`', STRUCT + "x: float = nan\n", STRUCT + 'x: float = float("nan")\n'),
    (
        "HGT010",
        "did you mean `BUY`",
        "class E(Enum):\n    BUY = 1\n" + STRUCT + "x: E = E.BUU\n",
        "class E(Enum):\n    BUY = 1\n" + STRUCT + "x: E = E.BUY\n",
    ),
    ("HGT011", "declared twice", "R = TS[int]\nR = TS[str]\n", "R = TS[int]\nS = TS[str]\n"),
    ("HGT012", "use `tuple[int, ...]`", "R = TSD[list[int], TS[int]]\n", "R = TSD[tuple[int, ...], TS[int]]\n"),
    (
        "HGT012",
        "use `tuple[tuple[int, str], ...]`",
        "R = TSS[dict[int, str]]\n",
        "R = TSS[tuple[tuple[int, str], ...]]\n",
    ),
    ("HGT012", "use `tuple[int, int]`", "R = TSS[Array[int, Size[2]]]\n", "R = TSS[tuple[int, int]]\n"),
    ("HGT012", "use `tuple[int, ...]`", "R = TSS[Array[int, Size[9]]]\n", "R = TSS[tuple[int, ...]]\n"),
    ("HGT012", "use `tuple[int, ...]`", "R = TSS[Queue[int]]\n", "R = TSS[tuple[int, ...]]\n"),
    ("HGT012", "use `tuple[int, ...]`", "R = TSS[CyclicBuffer[int, Size[2]]]\n", "R = TSS[tuple[int, ...]]\n"),
    ("HGT012", "use `tuple[int, ...]`", "R = TSS[Window[int, Size[2]]]\n", "R = TSS[tuple[int, ...]]\n"),
    ("HGT012", "such as `str`", "R = TSS[object]\n", "R = TSS[str]\n"),
    ("HGT013", "use the scalar itself", "R = TS[TS[int]]\n", "R = TS[int]\n"),
    ("HGT013", "use a CompoundScalar", BUNDLE + "x: TS[int]\nR = TS[A]\n", STRUCT + "x: int\nR = TS[A]\n"),
    ("HGT014", "write `TS[float]`", "R = TSL[float]\n", "R = TSL[TS[float]]\n"),
    ("HGT014", "takes a schema's name", "R = TSB[int]\n", BUNDLE + "x: TS[int]\nR = TSB[A]\n"),
    ("HGT015", "write `TSD[K, TS[V]]`", "R = TSD[str]\n", "R = TSD[str, TS[int]]\n"),
    ("HGT015", "write `TSL[TS[T], Size[n]]`", "R = TSL\n", "R = TSL[TS[int], Size[2]]\n"),
    ("HGT016", "at least 1", "R = TSL[TS[int], Size[0]]\n", "R = TSL[TS[int], Size[1]]\n"),
    ("HGT016", "at least 1 µs", "R = TSW[int, timedelta(0)]\n", "R = TSW[int, timedelta(microseconds=1)]\n"),
    ("HGT016", "0 or more", "R = TSW[int, Size[2], Size[-1]]\n", "R = TSW[int, Size[2], Size[0]]\n"),
    ("HGT017", "holds 3 at most", "R = TSW[int, Size[3], Size[5]]\n", "R = TSW[int, Size[3], Size[3]]\n"),
    ("HGT018", "both as `Size[n]`", "R = TSW[int, Size[3], timedelta(1)]\n", "R = TSW[int, Size[3], Size[1]]\n"),
    (
        "HGT018",
        "or both as `timedelta(...)`",
        "R = TSW[int, Size[3], timedelta(1)]\n",
        "R = TSW[int, timedelta(3), timedelta(1)]\n",
    ),
    ("HGT018", "at most 2147483647", "R = TSW[int, Size[2147483648]]\n", "R = TSW[int, Size[2147483647]]\n"),
    ("HGT018", "a list without a size can grow", "R = TSL[TS[int], Size[99999999]]\n", "R = TSL[TS[int]]\n"),
    (
        "HGT018",
        "the arguments are days",
        "R = TSW[int, timedelta(fortnights=1)]\n",
        "R = TSW[int, timedelta(days=14)]\n",
    ),
    ("HGT018", "write `Size[n]` or `timedelta(...)`", "R = TSW[int, 'a']\n", "R = TSW[int, Size[3]]\n"),
    ("HGT020", "stands for something else in the end", "A = B\nB = A\n" + ROOT, "A = B\nB = int\n" + ROOT),
    ("HGT021", "hold a key or a number", STRUCT + "x: A\n", STRUCT + "x: int\n"),
    ("HGT022", "item_only", BUNDLE + "value: TS[int]\n", BUNDLE + "value: Annotated[TS[int], item_only]\n"),
    ("HGT022", "rename it", STRUCT + "to_dict: int\n", STRUCT + "as_dict: int\n"),
    ("HGT022", "choose another name", "class E(Enum):\n    mro = 1\n", "class E(Enum):\n    other = 1\n"),
    (
        "HGT023",
        "rename `A` or `AValue`",
        "A = TS[int]\n" + STRUCT.replace("A(", "AValue(") + "x: int\n",
        "A = TS[int]\n" + STRUCT.replace("A(", "B(") + "x: int\n",
    ),
    ("HGT024", "int8 holds -128 to 127", STRUCT + "x: int8 = 128\n", STRUCT + "x: int8 = 127\n"),
    ("HGT024", "write `(...)`", STRUCT + "x: tuple[int, int] = [1, 2]\n", STRUCT + "x: tuple[int, int] = (1, 2)\n"),
    ("HGT024", "write `[...]`", STRUCT + "x: list[int] = (1,)\n", STRUCT + "x: list[int] = [1]\n"),
    ("HGT024", "or `set()` for the empty one", STRUCT + "x: set[int] = {}\n", STRUCT + "x: set[int] = set()\n"),
    ("HGT024", "write `{key: value}`", STRUCT + "x: dict[int, int] = []\n", STRUCT + "x: dict[int, int] = {1: 2}\n"),
    (
        "HGT024",
        "where 2 belong",
        STRUCT + "x: Array[int, Size[2]] = [1]\n",
        STRUCT + "x: Array[int, Size[2]] = [1, 2]\n",
    ),
    ("HGT024", "write `int | None`", STRUCT + "x: int = None\n", STRUCT + "x: int | None = None\n"),
    ("HGT024", "write `float | None`", STRUCT + "x: float = None\n", STRUCT + "x: float | None = None\n"),
    ("HGT024", "make it optional with `| None = None`", STRUCT + "x: date = 1\n", STRUCT + "x: date | None = None\n"),
    (
        "HGT024",
        "such as `E.ONE`",
        "class E(Enum):\n    ONE = 1\n" + STRUCT + "x: E = 1\n",
        "class E(Enum):\n    ONE = 1\n" + STRUCT + "x: E = E.ONE\n",
    ),
    ("HGT025", "write the first value at run time", BUNDLE + "x: TS[int] = 1\n", BUNDLE + "x: TS[int]\n"),
    ("HGT026", "", "class E(Enum):\n    A = 1\n    B = 1\n", "class E(Enum):\n    A = 1\n    B = 2\n"),
    ("HGT027", "or `auto()`", "class E(Enum):\n    A = 'a'\n", "class E(Enum):\n    A = auto()\n"),
    ("HGT028", "`NAME = auto()`", "class E(Enum):\n    A: int\n", "class E(Enum):\n    A = auto()\n"),
    ("HGT028", "written `name: T`", STRUCT + "x: int\n    def f(self): pass\n", STRUCT + "x: int\n"),
    ("HGT028", "`name: T = default`", STRUCT + "x = 1\n", STRUCT + "x: int = 1\n"),
    ("HGT028", "is written `Name = ...`", "x: TS[int]\n" + ROOT, "x = TS[int]\n" + ROOT),
    ("HGT029", "write the value itself", "X = 2 ** 3\n" + ROOT, "X = 8\n" + ROOT),
    (
        "HGT029",
        "`timedelta(...)` and `float(...)` are the only calls",
        "X = max(1, 2)\n" + ROOT,
        "X = timedelta(1)\n" + ROOT,
    ),
    ("HGT029", 'or `float("nan")`', "X = float('a')\n" + ROOT, 'X = float("nan")\n' + ROOT),
    ("HGT029", "a member of an enum", STRUCT + "x: int = str\n", STRUCT + "x: int = 1\n"),
    ("HGT030", "declarations may be in any order", "R = TS['A']\nA = int\n", "R = TS[A]\nA = int\n"),
    ("HGT030", "write `T | None`", "R = TS[None]\n", "R = TS[int | None]\n"),
    ("HGT030", "second place, after a type", "R = TSL[5]\n", "R = TSL[TS[int], 5]\n"),
    ("HGT030", 'write `"name": TS[T]`', 'R = TSB["a": TS[int], int]\n', 'R = TSB["a": TS[int], "b": TS[int]]\n'),
    ("HGT030", "such as `list[int]`", "R = TS[[int]]\n", "R = TS[list[int]]\n"),
    ("HGT035", "class A(TimeSeriesSchema):", "class A:\n    x: TS[int]\n", BUNDLE + "x: TS[int]\n"),
    ("HGT035", "class A(IntEnum):", "class A(int, Enum):\n    X = 1\n", "class A(IntEnum):\n    X = 1\n"),
    ("HGT036", "", "class A(TimeSeriesSchema):\n    pass\n", BUNDLE + "x: TS[int]\n"),
    ("HGT037", "choose another name", "TS = int\n" + ROOT, "Other = int\n" + ROOT),
    ("HGT038", "`@dataclass` and `@unique`", "@frozen\n" + STRUCT + "x: int\n", "@dataclass\n" + STRUCT + "x: int\n"),
    ("HGT039", "write `from_`", BUNDLE + "from: TS[int]\n", BUNDLE + "from_: TS[int]\n"),
    (
        "HGT040",
        "the marker is `item_only`",
        BUNDLE + "x: Annotated[TS[int], quickly]\n",
        BUNDLE + "x: Annotated[TS[int], item_only]\n",
    ),
    ("HGT041", "write `uint8` before `int`", STRUCT + "x: int | uint8\n", STRUCT + "x: uint8 | int\n"),
    ("HGT041", "or leave it out", STRUCT + "x: int | uint8 | str\n", STRUCT + "x: int | str\n"),
    ("HGT050", "one class for each type", "class A[T](TimeSeriesSchema):\n    x: TS[int]\n", BUNDLE + "x: TS[int]\n"),
    (
        "HGT050",
        "repeat the fields",
        BUNDLE + "x: TS[int]\nclass B(A):\n    y: TS[int]\n",
        BUNDLE + "x: TS[int]\nclass B(TimeSeriesSchema):\n    x: TS[int]\n    y: TS[int]\n",
    ),
    ("HGT050", "hold a key or a number", STRUCT + "x: A | None\n", STRUCT + "x: int | None\n"),
]

Files = Mapping[str, str | bytes]
#: The same with files: those that are wrong and the main ones among them, then the mended ones.
FILES: list[tuple[str, str, Files, tuple[str, ...], Files, tuple[str, ...]]] = [
    ("HGT007", "", {}, ("main.hgt",), {"main.hgt": ROOT}, ("main.hgt",)),
    ("HGT008", "as UTF-8", {"main.hgt": b"# \xe9\n"}, ("main.hgt",), {"main.hgt": f"# é\n{ROOT}"}, ("main.hgt",)),
    (
        "HGT009",
        "imported by another",
        {"main.hgt": "A = int\n"},
        ("main.hgt",),
        {"main.hgt": "A = int\n", "other.hgt": "from main import A\nR = TS[A]\n"},
        ("other.hgt",),
    ),
    (
        "HGT011",
        "`A as Other`",
        {"a.hgt": "A = int\n", "main.hgt": "from a import A\nA = TS[int]\n"},
        ("main.hgt",),
        {"a.hgt": "A = int\n", "main.hgt": "from a import A as Other\nA = TS[int]\n"},
        ("main.hgt",),
    ),
    (
        "HGT019",
        "into a third",
        {"a.hgt": "from b import B\nA = TS[B]\nX = int\n", "b.hgt": "from a import X\nB = X\n"},
        ("a.hgt",),
        {"a.hgt": "from b import B\nA = TS[B]\n", "b.hgt": "from c import X\nB = X\n", "c.hgt": "X = int\n"},
        ("a.hgt",),
    ),
    (
        "HGT031",
        "name more folders",
        {"main.hgt": "from a import A\n"},
        ("main.hgt",),
        {"main.hgt": "from a import A\n" + ROOT, "a.hgt": "A = int\n"},
        ("main.hgt",),
    ),
    (
        "HGT032",
        "did you mean `Item`",
        {"a.hgt": "Item = int\n", "main.hgt": "from a import Itme\n" + ROOT},
        ("main.hgt",),
        {"a.hgt": "Item = int\n", "main.hgt": "from a import Item\n" + ROOT},
        ("main.hgt",),
    ),
    (
        "HGT033",
        "rename one",
        {"a.hgt": ROOT, "b/a.hgt": ROOT},
        ("a.hgt", "b/a.hgt"),
        {"a.hgt": ROOT, "b/c.hgt": ROOT},
        ("a.hgt", "b/c.hgt"),
    ),
    ("HGT034", "rename the file", {"__init__.hgt": ROOT}, ("__init__.hgt",), {"init.hgt": ROOT}, ("init.hgt",)),
    ("HGT050", "into a .hgt file", {"main.py": ROOT}, ("main.py",), {"main.hgt": ROOT}, ("main.hgt",)),
]


def _check(outcome: Any, code: str, advice: str) -> None:
    texts = [
        f"{found.message} {found.label} {found.help}" for found in outcome.reporter.diagnostics if found.code == code
    ]
    assert any(advice in text for text in texts), outcome.reporter.render_text()


@pytest.mark.parametrize(("code", "advice", "wrong", "mended"), ADVICE, ids=[f"{a[0]} {a[1]}" for a in ADVICE])
def test_advice(code: str, advice: str, wrong: str, mended: str, compiled: Callable[[str], Any]) -> None:
    _check(compiled(wrong), code, advice)
    assert compiled(mended).ok


@pytest.mark.parametrize(("code", "advice", "wrong", "main", "mended", "then"), FILES, ids=[f[0] for f in FILES])
def test_advice_on_files(
    code: str,
    advice: str,
    wrong: Files,
    main: tuple[str, ...],
    mended: Files,
    then: tuple[str, ...],
    project: Callable[..., Any],
) -> None:
    _check(project(wrong, *main), code, advice)
    assert project(mended, *then).ok


def test_every_code_is_mended() -> None:
    assert sorted(set(CODES) - {case[0] for case in [*ADVICE, *FILES]}) == []
