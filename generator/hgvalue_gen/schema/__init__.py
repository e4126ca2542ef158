"""From schema files to the resolved model that every back end reads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hgvalue_gen.diagnostics import Reporter
from hgvalue_gen.paused import collector_paused
from hgvalue_gen.schema.model import Schema
from hgvalue_gen.schema.passes import PASSES
from hgvalue_gen.schema.program import Input, Program
from hgvalue_gen.schema.spelling import spell
from hgvalue_gen.schema.to_json import schema_to_json

__all__ = ["Schema", "compile_files", "compile_text", "schema_to_json", "source_files", "spell"]


def compile_files(paths: Sequence[Path], include: Sequence[Path] = (), *, reporter: Reporter) -> Schema | None:
    """Read and check schema files and all that they import; ``include`` lists further folders to find imports in.

    Returns None exactly if errors went to ``reporter``. Raises nothing, whatever the files hold.
    """
    return _compile(tuple(Input(path=Path(path)) for path in paths), include, reporter)


def compile_text(
    text: str, name: str = "schemas", include: Sequence[Path] = (), *, reporter: Reporter
) -> Schema | None:
    """Do the same for a text, as the module ``name``; its imports are found in ``include`` alone."""
    return _compile((Input(text=text, name=name),), include, reporter)


def source_files(origin: Schema | Reporter) -> tuple[Path, ...]:
    """Return the files that were read: of a schema, or by way of its reporter those of a run that failed as well."""
    if isinstance(origin, Reporter):
        return origin.files
    return tuple(Path(module.path) for module in origin.modules if module.path)


def _compile(inputs: tuple[Input, ...], include: Sequence[Path], reporter: Reporter) -> Schema | None:
    program = Program(inputs, tuple(map(Path, include)), reporter)
    with collector_paused():
        for step in PASSES:
            step().run(program)
    return program.schema
