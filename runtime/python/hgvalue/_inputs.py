"""How the schema of an output fits what an input wants."""

from enum import StrEnum

__all__ = ["SchemaMatch"]


class SchemaMatch(StrEnum):
    """What ``match_schemas`` finds; also the ``kind`` of a bound input."""

    Peer = "Peer"
    """The same schema."""

    Deref = "Deref"
    """A reference to what is wanted."""

    Composite = "Composite"
    """A collection of the same form, with references in it to what is wanted there."""

    Mismatch = "Mismatch"
    """Neither."""
