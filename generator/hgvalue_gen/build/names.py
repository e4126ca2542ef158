"""Package names: which may be used, and which one a schema file gets by default."""

from __future__ import annotations

import keyword
import sys
from pathlib import Path
from typing import Final

from hgvalue_gen.build.errors import UsageError

#: Packages that generated code or its build imports; a package of such a name would hide them.
RESERVED: Final = frozenset({"hgvalue", "hgvalue_gen", "nanobind", "nanobind_backend", "numpy"})


def check_package_name(name: str) -> str:
    """Return ``name`` if a package can be called so: dotted Python identifiers that hide nothing we need.

    Raises :class:`~hgvalue_gen.build.errors.UsageError` saying which part is wrong and why.
    """
    for part in name.split("."):
        if not part:
            raise UsageError(
                f"package name '{name}' has an empty part between its dots" if name else "empty package name"
            )
        if not part.isidentifier():
            raise UsageError(f"package name '{name}': '{part}' is not a Python identifier")
        if keyword.iskeyword(part):
            raise UsageError(f"package name '{name}': '{part}' is a Python keyword")
        if part.startswith("__"):
            raise UsageError(f"package name '{name}': '{part}' begins with two underscores, which Python reserves")
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names:
        raise UsageError(f"package name '{name}' would hide Python's own module '{top}'")
    if top in RESERVED:
        raise UsageError(f"package name '{name}' would hide the package '{top}', which it needs")
    return name


def default_package_name(source: Path) -> str:
    """Return the package name for a schema file: its stem, with dashes, dots and spaces as underscores.

    Raises :class:`~hgvalue_gen.build.errors.UsageError` if that gives no usable name.
    """
    stem = source.stem
    for separator in "-. ":
        stem = stem.replace(separator, "_")
    try:
        return check_package_name(stem)
    except UsageError as error:
        raise UsageError(
            f"cannot name the package after '{source.name}': {error.message}; "
            "give a name with -n, which is `name=` in Python"
        ) from None
