"""The base of the classes of structs."""

from collections.abc import Mapping
from typing import Any, Self

__all__ = ["CompoundScalar"]

class CompoundScalar:
    """An immutable value with named fields."""

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as a dict; structs inside are dicts too."""
    @classmethod
    def from_dict(cls, fields: Mapping[str, Any], /) -> Self:
        """Make a value from a mapping of fields, such as :meth:`to_dict` returns."""
    def to_json(self) -> str:
        """Return the fields as a JSON object."""
    @classmethod
    def from_json(cls, text: str, /) -> Self:
        """Make a value from a JSON object."""
    def __getitem__(self, field: str, /) -> Any: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, memo: Any, /) -> Self: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
