"""Enums, constants and durations."""

from __future__ import annotations

import pytest

from hgvalue_gen.schema import model as m


def window(compiled, arguments: str, before: str = "") -> m.TSW:
    found = compiled(f"{before}\ntype W = TSW[float, {arguments}]\n").root("W")
    assert isinstance(found, m.TSW)
    return found


def test_enum_values(compiled):
    outcome = compiled(
        "BASE = 0x10\nclass E(Enum):\n    'Doc.'\n    A = auto()\n"
        "    B = -1\n    C = BASE\n    D = auto()\n    E = 1_000\n"
    )
    assert outcome.named("E").members == (("A", 1), ("B", -1), ("C", 16), ("D", 17), ("E", 1000))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("A = 1\n    B = 0x1", "HGT026"),
        ("A = 1\n    A = 2", "HGT011"),
        ("A = 'text'", "HGT027"),
        ("A = 1.0", "HGT027"),
        ("A = True", "HGT027"),
        ("A = None", "HGT027"),
        ("A = 9223372036854775808", "HGT027"),
        ("A = -9223372036854775809", "HGT027"),
        ("A = auto(1)", "HGT029"),
        ("A = 1 + 1", "HGT029"),
        ("A = (1, 2)", "HGT029"),
        ("A = missing", "HGT010"),
        ("A: int = 1", "HGT028"),
        ("A", "HGT028"),
        ("def f(self): pass\n    A = 1", "HGT028"),
        ("mro = 1", "HGT022"),
        ("_x_ = 1", "HGT022"),
        ("pass", "HGT036"),
        ("A = 007", "HGT003"),
    ],
)
def test_wrong_enums(compiled, body, code):
    assert compiled(f"class E(Enum):\n    {body}\ntype T = TS[E]\n").error.code == code


@pytest.mark.parametrize(
    ("call", "microseconds"),
    [
        ("timedelta(minutes=5)", 300_000_000),
        ("timedelta(1)", 86_400_000_000),
        ("timedelta(0, 1, 2, 3)", 1_003_002),
        ("timedelta(hours=1, seconds=-1.5)", 3_598_500_000),
        ("timedelta(weeks=1,)", 604_800_000_000),
        ("timedelta(milliseconds=N)", 7_000),
        ("WindowSize[timedelta(days=.5)]", 43_200_000_000),
        ("SPAN", 2_000_000),
    ],
)
def test_durations_are_whole_microseconds(compiled, call, microseconds):
    assert window(compiled, call, "N = 7\nSPAN = timedelta(seconds=2)").size == m.timedelta_us(microseconds)


@pytest.mark.parametrize(
    "call",
    [
        "timedelta(fortnights=1)",
        "timedelta(1, days=1)",
        "timedelta(1, 2, 3, 4, 5, 6, 7, 8)",
        "timedelta(days='1')",
        "timedelta(days=1e300)",
        "timedelta(days=999999999)",
        "timedelta(days=True)",
    ],
)
def test_wrong_durations(compiled, call):
    assert compiled(f"type W = TSW[float, {call}]\n").error.code == "HGT018"


@pytest.mark.parametrize("size", ["5", "Size[5]", "WindowSize[5]", "N", "M", "0b101", "+5", "Size[N]"])
def test_spellings_of_a_size(compiled, size):
    assert window(compiled, size, "N = Size[5]\nM = N").size == 5


@pytest.mark.parametrize(
    ("size", "code"),
    [
        ("0", "HGT016"),
        ("Size[-3]", "HGT016"),
        ("timedelta()", "HGT016"),
        ("timedelta(days=-1)", "HGT016"),
        ("5, Size[-1]", "HGT016"),
        ("5, 6", "HGT017"),
        ("timedelta(seconds=1), timedelta(seconds=2)", "HGT017"),
        ("5, timedelta(seconds=2)", "HGT018"),
        ("timedelta(seconds=2), 5", "HGT018"),
        ("2147483648", "HGT018"),
        ("1.5", "HGT018"),
        ("True", "HGT018"),
        ("'5'", "HGT018"),
        ("float", "HGT018"),
        ("missing", "HGT010"),
        ("[5]", "HGT029"),
    ],
)
def test_wrong_sizes(compiled, size, code):
    assert compiled(f"type W = TSW[float, {size}]\n").error.code == code


def test_minimum_is_nothing_by_default_in_the_unit_of_the_size(compiled):
    assert window(compiled, "5").minimum == 0
    assert window(compiled, "timedelta(seconds=5)").minimum == m.timedelta_us(0)
    assert window(compiled, "timedelta(seconds=5), 0").minimum == m.timedelta_us(0)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("max(1, 2)", "HGT029"),
        ("[1]", "HGT029"),
        ("1 + 2", "HGT029"),
        ("-'a'", "HGT029"),
        ("f'x'", "HGT003"),
        ("'a' b'c'", "HGT003"),
        ("'\\ud800'", "HGT003"),
        ("1j", "HGT003"),
        ("1e999", "HGT003"),
        ("9" * 5000, "HGT003"),
    ],
)
def test_wrong_constants(compiled, value, code):
    assert compiled(f"X = {value}\nclass A(CompoundScalar):\n    x: int = X\n").error.code == code
