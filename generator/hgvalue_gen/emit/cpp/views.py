"""What the C++ templates see: finished strings and numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EnumMemberView:
    """One enumerator; ``label`` is a literal of its schema name."""

    name: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class EnumView:
    """An ``enum class`` and the tables that describe it."""

    name: str
    full_name: str
    label: str
    doc: str
    comment: tuple[str, ...]
    members: tuple[EnumMemberView, ...]
    tables: str  # stem of the tables' names
    start: str  # its default; empty where that is 0
    base: str  # empty for the usual one


@dataclass(frozen=True, slots=True)
class MemberView:
    """A data member of a struct, with its row in the field table."""

    name: str
    type: str
    initializer: str
    label: str
    has_default: str
    item_only: str
    doc: str
    comment: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TraitsView:
    """What the runtime is told of a struct before it is defined; ``flags`` lists those of its distinct field types."""

    full_name: str
    flags: str
    zeroed: bool  # all-zero bytes are its default value, if they are that of every field


@dataclass(frozen=True, slots=True)
class StructView:
    """A CompoundScalar."""

    name: str
    full_name: str
    label: str
    doc: str
    comment: tuple[str, ...]
    members: tuple[MemberView, ...]
    tables: str
    traits: TraitsView


@dataclass(frozen=True, slots=True)
class AliasView:
    """A shorter name for the shape of a child."""

    name: str
    shape: str


@dataclass(frozen=True, slots=True)
class ChildView:
    """A field of a bundle: a member in value, overlay and delta, and functions of the handle."""

    index: int
    member: str
    value: str
    initializer: str
    overlay: str
    delta_member: str
    delta: str
    shape: str
    handle: str
    accessor: str
    setter: str  # empty unless the child is a leaf
    argument: str  # what the setter passes on
    label: str
    item_only: str
    doc: str
    comment: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BundleView:
    """A TimeSeriesSchema; ``name`` is empty for an anonymous one, which has no class of its own."""

    name: str
    value: str
    value_full_name: str
    overlay: str
    delta: str
    handle: str
    node: str
    label: str
    value_label: str
    doc: str
    comment: tuple[str, ...]
    aliases: tuple[AliasView, ...]
    children: tuple[ChildView, ...]
    parts: str  # the children's shapes
    delta_members: str
    flat: str
    references: bool  # it has some below it
    tables: str
    traits: TraitsView


@dataclass(frozen=True, slots=True)
class RootView:
    """A named time series."""

    name: str
    value: str
    delta: str
    node: str
    shape: str
    label: str
    doc: str
    comment: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeclarationView:
    """One declaration and which template writes it: ``enum``, ``struct``, ``bundle`` or ``root``."""

    kind: str
    item: EnumView | StructView | BundleView | RootView


@dataclass(frozen=True, slots=True)
class UnitView:
    """One schema file."""

    banner: str
    file: str
    forward_file: str
    includes: tuple[str, ...]
    namespace: str
    version: str
    label: str
    python_label: str
    doc: str
    comment: tuple[str, ...]
    declarations: tuple[DeclarationView, ...]
    table: str
    types: tuple[str, ...]
    nodes: tuple[str, ...]
    type_table: str
    node_table: str
    abi: int


@dataclass(frozen=True, slots=True)
class SourceView:
    """One source file of a unit; large schemas have several. ``is_last`` has the unit's own table."""

    unit: UnitView
    declarations: tuple[DeclarationView, ...]
    is_last: bool


@dataclass(frozen=True, slots=True)
class ModuleView:
    """The extension module."""

    banner: str
    package: str
    fingerprint: str
    includes: tuple[str, ...]
    tables: tuple[str, ...]
