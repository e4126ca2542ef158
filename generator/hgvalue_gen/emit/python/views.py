"""What the Python templates see: finished strings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StubEnum:
    """An enum; ``members`` are lines such as ``XNYS = 1``."""

    name: str
    base: str
    doc: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spellings:
    """How the members that all structs have spell what they need."""

    property: str
    classmethod: str
    str: str
    bool: str
    int: str
    object: str
    dict: str
    any: str
    self_type: str
    class_var: str
    dataclass_field: str
    mapping: str


@dataclass(frozen=True, slots=True)
class StubField:
    """An attribute of a struct. ``parameter`` is its part of the constructor, ``replacement`` of ``replace``."""

    name: str
    type: str
    doc: str
    parameter: str
    replacement: str


@dataclass(frozen=True, slots=True)
class StubStruct:
    """A CompoundScalar."""

    name: str
    doc: str
    receiver: str
    fields: tuple[StubField, ...]
    match_args: str
    hashable: bool
    comparable: bool
    use: Spellings


@dataclass(frozen=True, slots=True)
class StubChild:
    """A child of a bundle."""

    name: str
    type: str
    accepted: str
    doc: str


@dataclass(frozen=True, slots=True)
class StubNode:
    """A bundle or root; ``clock`` is empty for one that only stands inside others and has no constructor."""

    name: str
    base: str
    doc: str
    decorator: str
    clock: str
    property: str
    children: tuple[StubChild, ...]


@dataclass(frozen=True, slots=True)
class StubClass:
    """A class and which template writes it: ``enum``, ``struct`` or ``node``."""

    kind: str
    item: StubEnum | StubStruct | StubNode


@dataclass(frozen=True, slots=True)
class PythonModule:
    """One module of the package, and its stub."""

    banner: str
    doc: str
    imports: tuple[str, ...]
    native: str  # the import of the extension module, or nothing
    classes: tuple[str, ...]  # assignments: Quote = _native.market.Quote
    exports: tuple[str, ...]  # entries of __all__
    schema: str
    fingerprint: str
    stub_imports: tuple[str, ...]
    stub_aliases: tuple[str, ...]
    stub_classes: tuple[StubClass, ...]
