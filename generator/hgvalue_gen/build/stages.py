"""The front end and the emitter as a build sees them; both are imported when they are first needed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hgvalue_gen.build.errors import OutputError, SchemaError

if TYPE_CHECKING:
    from hgvalue_gen.diagnostics import Reporter
    from hgvalue_gen.emit.plan import Backend
    from hgvalue_gen.schema.model import Schema

logger = logging.getLogger("hgvalue_gen.build")


def read(files: Sequence[Path], include: Sequence[Path], reporter: Reporter | None) -> Schema:
    """Return the resolved schema of some files and all they import.

    Raises :class:`~hgvalue_gen.build.errors.SchemaError` if there are errors; without a reporter to hold them, their
    text is in it.
    """
    from hgvalue_gen.diagnostics import Reporter
    from hgvalue_gen.schema import compile_files

    own = reporter or Reporter()
    schema = compile_files(list(files), list(include), reporter=own)
    if schema is None:
        raise SchemaError("the schema has errors", details=own.render_text() if reporter is None else "")
    if reporter is None and own.diagnostics:
        logger.warning(own.render_text().rstrip())
    return schema


def sources(schema: Schema) -> list[Path]:
    """Return the absolute paths of all files that a schema was read from."""
    from hgvalue_gen.schema import source_files

    return [Path(path).absolute() for path in source_files(schema)]


def emit(schema: Schema, package: str) -> dict[str, str]:
    """Return the generated files of a compiled package, by their paths relative to its folder.

    Raises :class:`~hgvalue_gen.build.errors.OutputError` if the schema is right, but no package can be made of it.
    """
    return _emit(schema, package, "compiled")


def emit_dynamic(schema: Schema, package: str) -> dict[str, str]:
    """Return all files of a package of the dynamic backend; otherwise as :func:`emit`."""
    return _emit(schema, package, "dynamic")


def _emit(schema: Schema, package: str, backend: Backend) -> dict[str, str]:
    from hgvalue_gen.emit import EmitError, emit_package

    try:
        return dict(emit_package(schema, package, backend))
    except EmitError as error:
        raise OutputError(f"no package can be made of this schema: {error}") from error
