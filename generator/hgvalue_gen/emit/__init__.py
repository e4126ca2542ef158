"""Emitting packages: the schema model through view models and templates to C++ and Python text.

What a package consists of, for a main file ``market.hgt`` that imports ``common.hgt``:

``cpp/market.h``, ``cpp/market_fwd.h``, ``cpp/market.cpp``, ``cpp/market_2.cpp``, ...
    Classes, their names alone, and the tables that describe them, in namespace ``market``; those of an imported file
    in ``market::common``, and with several main files each in a namespace of its own below the package's. A file is
    called as its schema, with underscores for dots, and one more behind the name of a standard header (``time_.h``).
``cpp/module.cpp``
    The extension module ``_native``: the only file that needs Python. It has one attribute for each schema file,
    called as the schema with underscores for dots.
``_dynamic.py``, ``_dynamic.json``
    In place of all C++ with the dynamic backend: the schema, and the module of what the runtime makes of it.
``__init__.py``, ``common.py``, and a stub beside each
    Modules that take their classes from there, or with the dynamic backend from ``_dynamic``. The package is the module
    of a single main file; several have modules of their own, and the package re-exports what only one of them declares.

A name that C++ could not use has an underscore behind it there (``class_``), or its code points in place of letters
outside ASCII. An anonymous bundle is called after its fields: ``Inline_bid_ask`` in C++ and ``TSB_bid_ask`` in Python,
where the extension has its class but no module exports it; stubs say ``_TSB_bid_ask``.
"""

from __future__ import annotations

from hgvalue_gen.emit.package import emit_package
from hgvalue_gen.emit.plan import EmitError

__all__ = ["EmitError", "emit_package"]
