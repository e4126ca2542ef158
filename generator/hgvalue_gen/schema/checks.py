"""What types check about themselves when they are made, as far as numbers go, and how they say that it is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: No size is larger: it has to fit into 32 bits wherever the runtime stores it.
MAX_SIZE: Final = 2**31 - 1
#: Fixed lists and arrays lie in place, in whatever holds them: so many elements in all, nested ones multiplied out.
MAX_IN_PLACE: Final = 2**24


class SchemaTypeError(ValueError):
    """A type that may not be built.

    ``code`` is the diagnostic code, ``help`` says what to write instead, and ``argument`` is the index of the type
    argument that is to blame.
    """

    def __init__(self, code: str, message: str, label: str = "", help: str = "", argument: int = 0) -> None:
        super().__init__(message)
        self.code, self.label, self.help, self.argument = code, label, help, argument


@dataclass(frozen=True, slots=True)
class timedelta_us:
    """A folded ``timedelta(...)``: whole microseconds."""

    microseconds: int


def check_size(size: int) -> None:
    """Raise SchemaTypeError unless a container can have that size."""
    if size < 1:
        raise SchemaTypeError("HGT016", f"size {size} is not positive", help="a size is at least 1", argument=1)
    if size > MAX_SIZE:
        raise SchemaTypeError("HGT018", f"size {size} is too large", help=f"a size is at most {MAX_SIZE}", argument=1)


def check_in_place(size: int, element: int) -> None:
    """Raise SchemaTypeError unless ``size`` times ``element`` elements may lie in place."""
    check_size(size)
    if size * element > MAX_IN_PLACE:
        raise SchemaTypeError(
            "HGT018",
            f"{size * element} elements are too many for a list of fixed size",
            help=f"{MAX_IN_PLACE} may lie in place, nested lists multiplied out; a list without a size can grow",
            argument=1,
        )


def check_window(size: int | timedelta_us, minimum: int | timedelta_us) -> None:
    """Raise SchemaTypeError unless a window can have that size and minimum."""
    if isinstance(size, timedelta_us) != isinstance(minimum, timedelta_us):
        by_time, other = ("time", "count") if isinstance(size, timedelta_us) else ("count", "time")
        raise SchemaTypeError(
            "HGT018",
            f"the window is by {by_time}, but its minimum by {other}",
            help="give both as `Size[n]`, or both as `timedelta(...)`",
            argument=2,
        )
    length, least = _extent(size), _extent(minimum)
    if length < 1 and isinstance(size, timedelta_us):
        raise SchemaTypeError("HGT016", "the duration is not positive", help="a duration is at least 1 µs", argument=1)
    if isinstance(size, int):
        check_size(size)
    if least < 0:
        raise SchemaTypeError("HGT016", "the minimum is negative", help="a minimum is 0 or more", argument=2)
    if least > length:
        raise SchemaTypeError(
            "HGT017", "the minimum is above the size", f"the window holds {_shown(size)} at most", argument=2
        )


def _extent(size: int | timedelta_us) -> int:
    return size.microseconds if isinstance(size, timedelta_us) else size


def _shown(size: int | timedelta_us) -> str:
    return f"{size.microseconds} µs" if isinstance(size, timedelta_us) else str(size)
