"""Emitting packages: the schema model through view models and templates to C++ and Python text."""

from __future__ import annotations

from hgvalue_gen.emit.package import emit_package
from hgvalue_gen.emit.plan import EmitError

__all__ = ["EmitError", "emit_package"]
