"""Runs mypy's stubtest on the modules that are named: ``python stubs.py MODULE… --allowlist FILE``.

The stubs of the extension module are split by topic into modules that exist for type checkers alone. Each of them is
made here, of what the extension module has, so that stubtest compares the classes with it.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import mypy.stubtest

import hgvalue
import hgvalue._hgvalue as native


def _make(stub: Path) -> None:
    made = ModuleType(f"hgvalue.{stub.stem}")
    made.__file__ = str(stub)
    made.__spec__ = importlib.util.spec_from_loader(made.__name__, None)
    for node in ast.parse(stub.read_text("utf-8")).body:
        name = getattr(node, "name", None)
        if name is not None and hasattr(native, name):
            setattr(made, name, getattr(native, name))
    sys.modules[made.__name__] = made
    setattr(hgvalue, stub.stem, made)


def main() -> int:
    for stub in Path(hgvalue.__file__).parent.glob("_*.pyi"):
        if not stub.with_suffix(".py").exists() and stub.stem not in ("__init__", native.__name__.partition(".")[2]):
            _make(stub)
    return mypy.stubtest.main()


if __name__ == "__main__":
    sys.exit(main())
