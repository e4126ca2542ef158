"""The package generated from `flights.hgt`: built when it is missing or out of date, and imported."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).resolve().parent
SCHEMA = HERE / "flights.hgt"


class BuildError(Exception):
    """The package is not there and could not be built."""


def find_or_build(folder: Path) -> ModuleType:
    """Import `flights` from `folder`, built there first unless it is what the schema gives already.

    Without the generator, as on a machine that only runs what was built elsewhere, the package is taken as it is.
    """
    try:
        import hgvalue_gen
    except ModuleNotFoundError:
        if not (folder / "flights").is_dir():
            raise BuildError('hgvalue-gen is not installed: pip install ./runtime ".[examples]"') from None
    else:
        from hgvalue_gen.build.errors import GenError

        try:
            hgvalue_gen.build_package([SCHEMA], out=folder)
        except GenError as error:
            raise BuildError(f"{SCHEMA.name} could not be built: {error}") from error
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    return importlib.import_module("flights")
