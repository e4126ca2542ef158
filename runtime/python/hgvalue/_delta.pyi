"""Deltas: changes of values, as data. Imported from :mod:`hgvalue`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, Self, TypeVar, overload

from hgvalue._compound_scalar import CompoundScalar
from hgvalue._generic import AnyType, TypeMeta, Value, View
from hgvalue._types import TypeKind

_Struct = TypeVar("_Struct", bound=CompoundScalar)
_Value = TypeVar("_Value", bound=Value)
_Delta = TypeVar("_Delta", bound=Delta)

class Delta:
    """A change of a value of some type: kept, combined, sent, and applied elsewhere.

    A subclass with a class attribute ``__value_type__`` is for that type alone; where others are given a type first,
    it takes none. Nested deltas and copies share content; ``clear`` changes one of them only. True unless it is empty.
    """

    __value_type__: ClassVar[AnyType]

    @overload
    def __init__(self, delta: Delta, /) -> None: ...
    @overload
    def __init__(self, type: AnyType, obj: Any, /) -> None: ...
    @overload
    def __init__(self, type_or_obj: Any = ..., /) -> None: ...
    @property
    def schema(self) -> TypeMeta:
        """The type of the values that it changes."""
    @property
    def kind(self) -> TypeKind: ...
    @property
    def empty(self) -> bool:
        """Whether nothing changes, nothing ticked and nothing became invalid."""
    @property
    def time(self) -> datetime | None:
        """When the tick it is of was; None of a delta that is not of a tick. ``compose`` keeps the later time."""
    @property
    def ticked(self) -> bool:
        """Whether the time series it is of ticked, although nothing may have changed."""
    @property
    def invalidated(self) -> bool:
        """Whether the time series it is of became invalid: :func:`hgvalue.apply` gives None then."""
    @property
    def change_count(self) -> int:
        """The number of new single values, and of elements or keys that come or go, at any depth."""
    def clear(self) -> None:
        """Make it no change. Deltas that came from it stay as they are."""
    def apply_to(self, target: Value | View, /) -> None:
        """Change a Value, or what a View looks at; all or nothing.

        Raises TypeError unless it is of this type, ValueError if the change does not fit what it holds, and FrozenError
        for a struct, of which :func:`hgvalue.apply` gives a changed one.
        """
    def added(self) -> frozenset[Any]:
        """Return what was added to a set."""
    def removed(self) -> frozenset[Any]:
        """Return what was removed from a set."""
    def added_keys(self) -> list[Any]:
        """Return the new keys of a dict."""
    def added_values(self) -> list[Any]: ...
    def added_items(self) -> list[tuple[Any, Any]]: ...
    def updated_keys(self) -> list[Any]:
        """Return the keys of a dict that stay and whose value changed."""
    def updated_items(self) -> list[tuple[Any, Any]]:
        """Return (key or index, change) of what stays in a dict or list and changed.

        The change is the new value of a scalar, enum, object, variant or reference, and a Delta of anything else.
        """
    def removed_keys(self) -> list[Any]:
        """Return the keys that go from a dict. One that is among the new ones too starts afresh."""
    def appended(self) -> list[Any]:
        """Return what came behind in a list, buffer, queue or window."""
    def appended_times(self) -> list[datetime]:
        """Return when each of the appended came into a window."""
    def appended_items(self) -> list[tuple[datetime, Any]]: ...
    def kept(self) -> int:
        """Return how many elements stay: the first of a list, the newest of a buffer, queue or window.

        0 also where nothing changes, and of an Array.
        """
    def dropped(self) -> int:
        """Return how many go: of a list those behind the kept ones, else the oldest."""
    def size(self) -> int | None:
        """Return the length of the list, buffer, queue or window after the change; None if nothing changes."""
    def changed(self) -> dict[Any, Any]:
        """Return the changed fields of a struct by name, or of a tuple by position, as updated_items shows changes."""
    def state(self) -> str:
        """Return what happened to an optional: 'none', 'reset', 'replaced' or 'inside'."""
    def inside(self) -> Delta | None:
        """Return the change within what an optional holds."""
    def has_new_value(self) -> bool:
        """Return whether an optional or a single value was replaced."""
    def new_value(self) -> Any:
        """Return what an optional or a single value was replaced with; None if it was not."""
    def to_python(self) -> Any:
        """Return the plain form that from_python reads; what has nothing to say is left out.

        ====================  ===============================================================================
        struct                ``{name: change}``
        tuple, Array          ``{index: change}``
        list                  ``{'kept': n, 'dropped': n, 'updated': {index: change}, 'appended': [value]}``
        set                   a SetDelta; with insertion order ``{'removed': [value], 'added': [value]}``
        dict                  ``{'removed': [key], 'added': {key: value}, 'updated': {key: change}}``
        buffer, queue         ``{'kept': n, 'dropped': n, 'appended': [value]}``
        window                the same, with (datetime, value) appended
        optional              ``{'reset': True}``, ``{'value': value}`` or ``{'inside': change}``
        all else              the new value; by itself ``{'value': value}``
        ====================  ===============================================================================

        Marks of time series are entries like ``'$ticked': True``, ``'$invalidated': True`` and ``'$cleared': True``.
        """
    @overload
    @classmethod
    def from_python(cls, type: AnyType, obj: Any, /) -> Self:
        """Make a delta of what to_python gives; keys may stand in any order."""
    @overload
    @classmethod
    def from_python(cls, obj: Any, /) -> Self: ...
    def to_arrow(self, *, key: str | None = "key", columns: Sequence[str] | None = None) -> Any:
        """Of a dict, an Arrow table: a row for each key that was removed, added or updated, which `op` says.

        Null where nothing changed. A pyarrow.Table where pyarrow is installed, else an ArrowTable.
        """
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> Any: ...
    def to_json(self) -> str: ...
    @overload
    @classmethod
    def from_json(cls, type: AnyType, text: str, /) -> Self: ...
    @overload
    @classmethod
    def from_json(cls, text: str, /) -> Self: ...
    def encode(self) -> bytes: ...
    @overload
    @classmethod
    def decode(cls, data: bytes | bytearray | memoryview, /) -> Self:
        """Make a delta of bytes, of the type that they name; with a type, of that type only.

        Raises DecodeError, which says what is wrong with the bytes, or KeyError if their type is not known.
        """
    @overload
    @classmethod
    def decode(cls, type: AnyType, data: bytes | bytearray | memoryview, /) -> Self: ...
    def to_string(self) -> str: ...
    def __bool__(self) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, memo: dict[int, Any], /) -> Self: ...

def diff(old: Value | View | CompoundScalar, new: Value | View | CompoundScalar, /) -> Delta:
    """Return the Delta that makes `new` of `old`, which are of one type; else raises TypeError."""

def full_delta(value: Value | View | CompoundScalar, /) -> Delta:
    """Return the value as a change of its type's default, which names every part of it."""

@overload
def apply(delta: Delta, value: _Struct, /) -> _Struct:
    """Return the changed value: of a struct an object of its class, of a Value or a View a Value."""

@overload
def apply(delta: Delta, value: _Value, /) -> _Value: ...
@overload
def apply(delta: Delta, value: None, /) -> Any:
    """Return what a time series holds that was not valid before the tick, None if it is not valid after it."""

@overload
def apply(delta: Delta, value: View, /) -> Value: ...
def compose(first: _Delta, second: Delta, /) -> _Delta:
    """Return the Delta that is `first` and then `second`."""

def invert(delta: _Delta, before: Value | View | CompoundScalar, /) -> _Delta:
    """Return the Delta that undoes `delta`, which applies to `before`."""

def encode(obj: Value | View | CompoundScalar | Delta, /) -> bytes:
    """Return the bytes of a value or delta: compact, and the same for equal content on every machine."""

def decode(data: bytes | bytearray | memoryview, /) -> Any:
    """Return what the bytes are: an object of a struct's class, a Value of any other type, or a Delta.

    Raises KeyError if this process does not know the type, and DecodeError, which says what is wrong with the bytes.
    """
