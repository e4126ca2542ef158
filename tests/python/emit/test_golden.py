"""The complete output for three small schemas."""

from __future__ import annotations

import pytest

from . import golden


@pytest.mark.parametrize("case", golden.CASES)
def test_output_is_as_recorded(case: str) -> None:
    difference = golden.check(case, golden.package_of(case))
    assert not difference, (
        f"the output for '{case}' changed:\n{difference}\n"
        f"If that is meant: {golden.UPDATE}=1 pytest tests/python/emit/test_golden.py"
    )
