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
class StubField:
    """A field of a struct that has an attribute."""

    name: str
    type: str
    doc: str


@dataclass(frozen=True, slots=True)
class StubStruct:
    """A CompoundScalar. ``parameters`` are those of its constructor, ``changes`` those of ``replace``."""

    name: str
    base: str
    doc: str
    receiver: str
    parameters: tuple[str, ...]
    changes: tuple[str, ...]
    attributes: tuple[StubField, ...]
    match_args: str
    hashable: bool
    comparable: bool
    property: str
    bool: str
    self_type: str
    class_var: str
    dataclass_fields: str


@dataclass(frozen=True, slots=True)
class StubChild:
    """A child of a bundle; ``setter`` is the signature of what assigns to it."""

    name: str
    type: str
    setter: str
    doc: str


@dataclass(frozen=True, slots=True)
class StubNode:
    """A bundle or root; ``clock`` is empty for one that only stands inside others and has no constructor.

    ``snapshot`` and ``delta`` are what its methods of these names return, empty where those of the base are right.
    """

    name: str
    base: str
    doc: str
    decorator: str
    clock: str
    property: str
    children: tuple[StubChild, ...]
    snapshot: str = ""
    delta: str = ""


@dataclass(frozen=True, slots=True)
class StubPlain:
    """The class of what a root holds that is no bundle, or of a change to what a time series holds.

    ``accepted`` is what its constructor takes and ``value`` its Python form; both are empty for a delta.
    """

    name: str
    base: str
    property: str
    accepted: str
    value: str
    decorator: str


@dataclass(frozen=True, slots=True)
class StubAlias:
    """Another name of a class."""

    name: str
    target: str


@dataclass(frozen=True, slots=True)
class StubClass:
    """A class and which template writes it: ``enum``, ``struct``, ``node``, ``plain`` or ``alias``."""

    kind: str
    item: StubEnum | StubStruct | StubNode | StubPlain | StubAlias


@dataclass(frozen=True, slots=True)
class PythonModule:
    """One module of the package, and its stub."""

    banner: str
    doc: str
    imports: tuple[str, ...]
    native: str  # the import of this file's classes from the module that has or makes them, or nothing
    classes: tuple[str, ...]  # assignments: Quote = _classes.Quote
    exports: tuple[str, ...]  # entries of __all__
    backend: str
    schema: str
    fingerprint: str
    stub_imports: tuple[str, ...]
    stub_aliases: tuple[str, ...]
    stub_classes: tuple[StubClass, ...]
