"""Statements that only Python has are one error each, however they are laid out, and hide nothing that follows."""

from __future__ import annotations

import pytest

STATEMENTS = [
    "def f(\n    a: int,\n) -> int:\n    return a\n",
    "def f(a, b=(1,\n  2)):\n    x = [\n1,\n]\n    return x\n",
    "def f(\n    a: int = 1,\n    *,\n    b: str = ')',  # (\n) -> dict[\n    str, int\n]:\n    '''(['''\n    pass\n",
    "@decorate(\n    1,\n)\ndef f(): pass\n",
    "P = next(\n    (\n        b\n        for b in X\n    ),\n    None,\n)\n",
    "Q = [\n    x\n    for x in y\n    if x\n]\n",
    "R = sorted(y, key=lambda z: (\n    z\n))\n",
    "if a:\n    b = 1\nelif c:\n    b = 2\nelse:\n    b = [\n3]\n",
    "try:\n    a = 1\nexcept (A,\n  B):\n    pass\nfinally:\n    pass\n",
    "with a(\n    b=1,\n) as c:\n    pass\n",
    "for a in (\n    1,\n):\n    pass\nelse:\n    pass\n",
    "async def f(\n    a,\n):\n    await a(\n)\n",
    "return (\n    a\n)\n",
    "assert a, \\\n    b\n",
    "del a; del b\n",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_one_error_and_what_follows_is_read(compiled, statement):
    error = compiled(f"{statement}class A(CompoundScalar):\n    x: int\ntype R0 = TS[A]\n").error
    assert error.code in ("HGT028", "HGT029", "HGT038")
