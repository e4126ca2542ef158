"""Generated classes behave as hgraph does, wherever its releases agree, and as Part 1 of the rules says elsewhere."""

from __future__ import annotations

import pytest

from ..model.generated import GeneratedModule
from .runner import Case, all_cases, run

pytestmark = [pytest.mark.row("T-01"), pytest.mark.row("T-01", generated=True)]


def name(case: Case) -> str:
    return f"{case.file}-{case.name}"


@pytest.mark.parametrize("case", all_cases(), ids=name)
def test_case(case: Case, recorded: GeneratedModule) -> None:
    run(case, case.roots(recorded.roots), recorded.api(case.type))
