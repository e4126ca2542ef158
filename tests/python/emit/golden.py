"""Golden files: the complete text of a few small packages.

A case is a folder below ``tests/golden/emit``: schema files, and in ``package`` what is made of them. When the output
is meant to change, ``HGVALUE_UPDATE_GOLDEN=1 pytest tests/python/emit/test_golden.py`` rewrites the packages; read the
difference before it is committed.
"""

from __future__ import annotations

import difflib
import os
import shutil
from pathlib import Path

from hgvalue_gen.diagnostics import Reporter
from hgvalue_gen.emit import emit_package
from hgvalue_gen.schema import Schema, compile_files

FOLDER = Path(__file__).parents[2] / "golden" / "emit"
UPDATE = "HGVALUE_UPDATE_GOLDEN"

#: Each case with the schema files that are given; the others are imported.
CASES = {"quotes": ("quotes",), "orders": ("orders",), "two": ("left", "right")}


def schema_of(case: str) -> Schema:
    """Compile a case's schema files."""
    reporter = Reporter()
    schema = compile_files([FOLDER / case / f"{name}.hgt" for name in CASES[case]], reporter=reporter)
    assert schema is not None, reporter.render_text()
    return schema


def package_of(case: str) -> dict[str, str]:
    """Emit a case's package, which is called like the case."""
    return emit_package(schema_of(case), case)


def check(case: str, texts: dict[str, str]) -> str:
    """Compare texts with the golden ones; return the difference, or nothing. Rewrites them if asked to."""
    folder = FOLDER / case / "package"
    if os.environ.get(UPDATE):
        shutil.rmtree(folder, ignore_errors=True)
        for name, text in texts.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    golden = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }
    return "".join(
        line
        for name in sorted(golden.keys() | texts.keys())
        for line in difflib.unified_diff(
            golden.get(name, "").splitlines(keepends=True),
            texts.get(name, "").splitlines(keepends=True),
            f"golden/{name}",
            f"emitted/{name}",
        )
    )
