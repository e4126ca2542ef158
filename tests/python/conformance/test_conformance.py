"""Generated classes behave as hgraph does, wherever its releases agree, and as Part 1 of the rules says elsewhere."""

from __future__ import annotations

import pytest

from ..model.generated import GeneratedModule
from .runner import Case, all_cases, run

RUN = [case for case in all_cases() if not case.left_out]
LEFT_OUT = [case for case in all_cases() if case.left_out]


def name(case: Case) -> str:
    return f"{case.file}-{case.name}"


@pytest.mark.parametrize("case", RUN, ids=name)
def test_case(case: Case, recorded: GeneratedModule) -> None:
    run(case, recorded.root(case.type), recorded.api(case.type))


@pytest.mark.parametrize("case", LEFT_OUT, ids=name)
def test_case_left_out(case: Case) -> None:
    pytest.skip(case.left_out or "")
