"""What a build depends on besides the schema: this generator, the runtime's headers, Python and the compiler.

Everything here is found without importing what it looks at, because it is asked on every run, also on those that
have nothing to do.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

import hgvalue_gen
from hgvalue_gen.build.errors import ToolError


def generator_identity() -> str:
    """Return the generator's version with a hash of its code, grammar and templates.

    The hash is what makes a checkout rebuild after an edit of a template; a release changes its version too.
    """
    files = list(Path(__file__).parents[1].rglob("*.py"))
    for root in map(Path, hgvalue_gen.__path__):
        files += (root / "grammar").rglob("*.lark")
        files += (root / "templates").rglob("*.j2")
    return f"{hgvalue_gen.__version__}-{_digest_files(files)}"


def runtime_root(folder: str) -> Path:
    """Return ``include`` or ``cmake`` of the installed ``hgvalue`` package.

    Raises :class:`~hgvalue_gen.build.errors.ToolError` if there is none.
    """
    spec = find_spec("hgvalue")
    for root in (spec.submodule_search_locations or ()) if spec else ():
        candidate = Path(root, folder)
        if (candidate / ("hgvalueConfig.cmake" if folder == "cmake" else "hgvalue")).exists():
            return candidate
    raise ToolError("the runtime package 'hgvalue' is not installed; `pip install hgvalue` adds it")


def runtime_identity() -> str:
    """Return a hash of what generated code is compiled against, or an empty string without a runtime."""
    try:
        include, cmake = runtime_root("include"), runtime_root("cmake")
    except ToolError:
        return ""
    return _digest_files([*include.rglob("*.h*"), *cmake.glob("*.cmake")])


def python_identity() -> str:
    """Return what of this Python a stable-ABI module depends on."""
    machine = os.uname().machine if hasattr(os, "uname") else os.environ.get("PROCESSOR_ARCHITECTURE", "")
    return f"{sys.implementation.name}-abi3-{sys.platform}-{machine}-{sys.maxsize.bit_length() + 1}"


def file_identity(path: str) -> str:
    """Return what tells one installed program from another at the same place, without running it."""
    try:
        real = os.path.realpath(path)
        status = os.stat(real)
    except OSError:
        return ""
    return f"{real}:{status.st_size}:{status.st_mtime_ns}"


def _digest_files(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.name.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
