"""Every code, as the user sees it: tests/golden/diagnostics/*.hgt against errors.txt."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

import pytest

from hgvalue_gen.diagnostics import CODES, Reporter
from hgvalue_gen.schema import compile_files

FOLDER = Path(__file__).parents[3] / "golden" / "diagnostics"
RUNS = (
    ("errors.hgt",),
    ("form.hgt",),
    ("nothing.hgt",),
    ("cycle_a.hgt",),
    ("latin.hgt",),
    ("absent.hgt",),
    ("other",),
    ("parts.hgt", "other/parts.hgt"),
    ("__init__.hgt",),
    ("schemas.py",),
)
UPDATE = "UPDATE_GOLDEN=1 python -m pytest tests/python/frontend/diagnostics/test_golden.py"


@pytest.fixture(scope="module")
def runs() -> dict[tuple[str, ...], Reporter]:
    before = Path.cwd()
    os.chdir(FOLDER)
    try:
        reporters = {}
        for names in RUNS:
            reporters[names] = Reporter()
            compile_files([Path(name) for name in names], reporter=reporters[names])
        return reporters
    finally:
        os.chdir(before)


def test_every_code_is_shown(runs):
    shown = {diagnostic.code for reporter in runs.values() for diagnostic in reporter.diagnostics}
    assert sorted(set(CODES) - shown) == [], "give an example in tests/golden/diagnostics"


def test_text_is_as_recorded(runs):
    made = "\n".join(f"$ hgvalue-gen --check {' '.join(names)}\n{run.render_text()}" for names, run in runs.items())
    golden = FOLDER / "errors.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(made, encoding="utf-8")
    recorded = golden.read_text(encoding="utf-8")
    diff = "".join(difflib.unified_diff(recorded.splitlines(True), made.splitlines(True), "recorded", "made"))
    assert not diff, f"{diff}\nif the new text is right, record it with: {UPDATE}"
