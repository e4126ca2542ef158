"""The base of the classes of structs."""

from collections.abc import Mapping
from typing import Any, Self

__all__ = ["CompoundScalar"]

class CompoundScalar:
    """An immutable value with named fields."""

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as a dict; structs inside are dicts too."""
    @classmethod
    def from_dict(cls, mapping: Mapping[str, Any], /) -> Self:
        """Make a value from a mapping of fields, such as :meth:`to_dict` returns."""
    def to_json(self) -> str:
        """Return the fields as a JSON object."""
    @classmethod
    def from_json(cls, text: str, /) -> Self:
        """Make a value from a JSON object."""
    def encode(self) -> bytes:
        """Return its bytes: the same for equal content, on every machine. Raises TypeError if it holds objects."""
    @classmethod
    def decode(cls, data: bytes | bytearray | memoryview, /) -> Self:
        """Make a value from bytes; raises DecodeError for anything but those of this type."""
    def to_python(self) -> Self:
        """Return the Python form: an instance."""
    @classmethod
    def from_python(cls, obj: Any, /) -> Self:
        """Make a value from an instance, a mapping as from_dict takes it, or an object with the same fields."""
    def to_string(self) -> str: ...
    def __getitem__(self, field: str, /) -> Any: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, memo: Any, /) -> Self: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
