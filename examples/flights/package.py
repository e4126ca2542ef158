"""Finds the package generated from `flights.hgt`, or has it built."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).resolve().parent
SCHEMA = HERE / "flights.hgt"


class BuildError(Exception):
    """The package is not there and could not be built."""


def find_or_build(folder: Path) -> ModuleType:
    """Import `flights` from `folder`, after building it there if it is missing or older than the schema says."""
    folder.mkdir(parents=True, exist_ok=True)
    sys.path.insert(0, str(folder))
    if not _is_current(folder / "flights"):
        _build(folder)
        importlib.invalidate_caches()
    return importlib.import_module("flights")


def _is_current(package: Path) -> bool:
    init = package / "__init__.py"
    return init.exists() and init.stat().st_mtime >= SCHEMA.stat().st_mtime


def _build(folder: Path) -> None:
    # The environment's own command first: the interpreter may run without its environment being on the PATH.
    places = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])
    command = shutil.which("hgvalue-gen", path=places)
    if command is None:
        raise BuildError('hgvalue-gen is not installed: pip install ./runtime ".[examples]"')
    print(f"Building {SCHEMA.name} ...", flush=True)
    if subprocess.run([command, str(SCHEMA), "-o", str(folder)], check=False).returncode:
        raise BuildError(f"hgvalue-gen could not build {SCHEMA}")
