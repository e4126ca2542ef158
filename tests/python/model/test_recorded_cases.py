"""The model passes every recorded case: so the model, and the runner with it, can be trusted."""

from __future__ import annotations

import pytest

from ..conformance.runner import Case, all_cases, run
from .reference import ModelApi, references


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: f"{case.file}-{case.name}")
def test_case(case: Case) -> None:
    run(case, case.roots(references), ModelApi([case.type]))
