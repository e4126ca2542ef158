"""The folder of build trees: what makes a rebuild incremental, outside the packages it builds."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hgvalue_gen.build.files import digest_bytes
from hgvalue_gen.build.options import BuildOptions


def cache_root() -> Path:
    """Return the cache folder: ``HGVALUE_GEN_CACHE`` if set, otherwise where the platform keeps caches."""
    override = os.environ.get("HGVALUE_GEN_CACHE")
    if override:
        return Path(override).absolute()
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base, "hgvalue-gen")


def build_tree(out: Path, package: str, options: BuildOptions) -> Path:
    """Return the folder for one package in one output folder, built one way.

    It holds ``src/`` (the C++ as it was generated), ``build/`` (CMake and Ninja), ``stamp.json`` and ``lock``.
    """
    key = "\0".join([str(out.absolute()), package, *options.variant])
    return cache_root() / "trees" / f"{package}-{digest_bytes(key.encode())[:16]}"
