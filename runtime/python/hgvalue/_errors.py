"""The errors of this package: all derive from :class:`HgValueError` and from the builtin a caller would expect."""

from __future__ import annotations

__all__ = [
    "AmbiguousTypeError",
    "BufferInUseError",
    "DecodeError",
    "FrozenError",
    "HgValueError",
    "IncompleteInstallationError",
    "InvalidValueError",
    "MissingKeyError",
    "NullValueError",
    "PositionError",
    "RangeOverflowError",
    "StaleReferenceError",
    "StateError",
    "WrongTypeError",
]


class HgValueError(Exception):
    """Base of every error raised on purpose by hgvalue and by the classes generated for it."""

    __module__ = "hgvalue"


class InvalidValueError(HgValueError, ValueError):
    """A value outside what the operation accepts."""

    __module__ = "hgvalue"


class WrongTypeError(HgValueError, TypeError):
    """A value of the wrong type. The message names the place, the type expected and what was given."""

    __module__ = "hgvalue"


class MissingKeyError(HgValueError, KeyError):
    """A key that is not there."""

    __module__ = "hgvalue"

    def __str__(self) -> str:
        # KeyError shows the repr of its argument; ours is a sentence.
        return Exception.__str__(self)


class PositionError(HgValueError, IndexError):
    """A position outside the collection."""

    __module__ = "hgvalue"


class RangeOverflowError(HgValueError, OverflowError):
    """A number or time beyond the range of its type."""

    __module__ = "hgvalue"


class StateError(HgValueError, RuntimeError):
    """An operation at the wrong moment, such as a write before the first tick."""

    __module__ = "hgvalue"


class StaleReferenceError(HgValueError, RuntimeError):
    """Use of an object whose element was removed."""

    __module__ = "hgvalue"


class FrozenError(HgValueError, AttributeError):
    """A write to an immutable value; ``replace`` makes a changed copy."""

    __module__ = "hgvalue"


class NullValueError(HgValueError, ValueError):
    """Access to the content of a null value."""

    __module__ = "hgvalue"


class DecodeError(HgValueError, ValueError):
    """Bytes that are no encoding of the type asked for: truncated, corrupt or of another type. Text that is no JSON."""

    __module__ = "hgvalue"


class BufferInUseError(HgValueError, BufferError):
    """A buffer that cannot be had, or a change of memory that a buffer still shows."""

    __module__ = "hgvalue"


class IncompleteInstallationError(HgValueError, FileNotFoundError):
    """A part of hgvalue that this installation lacks, such as its headers."""

    __module__ = "hgvalue"


class AmbiguousTypeError(HgValueError, KeyError):
    """A name that stands for more than one type; the module-qualified name says which is meant."""

    __module__ = "hgvalue"

    def __str__(self) -> str:
        return Exception.__str__(self)
