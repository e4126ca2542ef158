"""The kinds of time series, and the clock they live by.

The classes are made by the extension module and are generic in this stub only: `hgvalue.TSD[str, Quote]` is a dict of
quotes to a type checker. What a schema generates derives from them, or is spelled with them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Generic, Literal, NoReturn, Protocol, Self, TypeVar, final, overload

from hgvalue._delta import Delta
from hgvalue._inputs import SchemaMatch
from hgvalue._observers import Change
from hgvalue._sentinels import Removed, Sentinel, SetDelta

__all__ = [
    "REF",
    "SIGNAL",
    "TS",
    "TSB",
    "TSD",
    "TSL",
    "TSS",
    "TSW",
    "ArrowTable",
    "BoundValue",
    "DynamicTSL",
    "EvaluationClock",
    "KeySet",
    "KeySlots",
    "RefDynamicTSL",
    "RefSIGNAL",
    "RefTS",
    "RefTSD",
    "RefTSL",
    "RefTSS",
    "RefTSW",
    "ReferenceItems",
    "TimeSeries",
    "bind",
    "match_schemas",
]

_T = TypeVar("_T")
_K = TypeVar("_K")
_D = TypeVar("_D")
_Child = TypeVar("_Child", bound=TimeSeries, covariant=True)
_Target = TypeVar("_Target", bound=TimeSeries)

class _Notifiable(Protocol):
    def notify(self, at: datetime, /) -> object: ...

# An object with a method notify is told by it of changes, and by its method removed(at), if it has one, that its
# element or key is gone.
_Observer = Callable[[Change], object] | _Notifiable
_When = Literal["write", "end"]

# Cells of a column: anything that speaks Arrow's PyCapsule interface, an array, a buffer of numbers or a sequence.
class _ArrowArray(Protocol):
    def __arrow_c_array__(self) -> tuple[Any, Any]: ...

class _ArrowStream(Protocol):
    def __arrow_c_stream__(self) -> Any: ...

class _Array(Protocol):
    def __array__(self) -> Any: ...

_Column = _ArrowArray | _ArrowStream | _Array | Sequence[Any]
_Table = _ArrowArray | _ArrowStream | Mapping[str, _Column]

@final
class EvaluationClock:
    """The evaluation time. Several roots may share a clock; time only grows on it."""

    def __init__(self) -> None: ...
    @property
    def now(self) -> datetime:
        """The current time; MIN_DT before the first tick."""
    def advance(self, at: datetime | int, /) -> None:
        """Move to a later time: a datetime, or µs since 1970. InvalidValueError unless time grows.

        Observers of the tick that ends are told before; what they raise leaves the time as it is.
        """
    def tick(self, at: datetime | int, /) -> Self:
        """Do the same, as a context manager; the time stays after the block, at whose end observers are told."""
    def __enter__(self) -> Self: ...
    def __exit__(self, *exc_info: object) -> None: ...

class TimeSeries:
    """A value that changes in time: the base of all kinds.

    Every use of a handle whose element was removed raises :class:`~hgvalue.StaleReferenceError`. Every write raises
    :class:`~hgvalue.StateError` before the first tick, and for a value that does not fit
    :class:`~hgvalue.WrongTypeError`, :class:`~hgvalue.InvalidValueError`, :class:`~hgvalue.RangeOverflowError`,
    :class:`~hgvalue.MissingKeyError` or :class:`~hgvalue.PositionError`, naming the place, what was expected and what
    was given. A write that raises has changed nothing.
    """

    @property
    def value(self) -> Any:
        """The current value; None when not valid. Assigning None invalidates."""
    @value.setter
    def value(self, value: Any) -> None: ...
    @property
    def delta_value(self) -> Any:
        """What the current tick changed; None when nothing did."""
    @property
    def modified(self) -> bool:
        """Whether the node, or anything below it, was written in this tick."""
    @property
    def valid(self) -> bool:
        """Whether the node was written and not invalidated since."""
    @property
    def all_valid(self) -> bool:
        """Whether the node is valid and, of a collection, every child is."""
    @property
    def last_modified_time(self) -> datetime:
        """When it was last written; MIN_DT if never."""
    @property
    def path(self) -> str:
        """Where the node stands, as an expression from its root."""
    @property
    def owner(self) -> TimeSeries | None:
        """The time series that this one is part of; None of a root."""
    @property
    def clock(self) -> EvaluationClock:
        """The clock of the root."""
    @property
    def schema(self) -> str:
        """The type, as it is written in a schema."""
    @property
    def has_observers(self) -> bool:
        """Whether anyone subscribed to this node, its children or its keys."""
    @property
    def has_observers_in_subtree(self) -> bool:
        """Whether anyone subscribed to this node or to anything below it."""
    def subscribe(self, observer: _Observer, when: _When = "end") -> None:
        """Have an observer told, once a tick, that the node or anything below it changed, or that it was removed.

        ``"write"``: after the outermost call that changed it; ``"end"``: at the end of the tick. A callable gets a
        :class:`~hgvalue.Change`. Subscribing it again does nothing.
        """
    def unsubscribe(self, observer: _Observer, /) -> bool:
        """End whatever the observer subscribed to at this node. False if that was nothing."""
    def apply_result(self, value: Any, /) -> None:
        """Write a value or a delta; None does nothing. Raises as every write."""
    def can_apply_result(self, value: Any, /) -> bool:
        """Whether :meth:`apply_result` would accept the value now."""
    def invalidate(self) -> None:
        """Make the node invalid."""
    def clear(self) -> None:
        """Remove the content of collections."""
    def mark_modified(self) -> None:
        """Tick without a change of value."""
    def copy_from(self, other: TimeSeries, /) -> None:
        """Make the node equal to another of the same schema."""
    def snapshot(self) -> Any:
        """Return a copy of what it holds, as its plain value; None if it is not valid."""
    def load(self, value: Any, /) -> None:
        """Make it hold what a plain value, or the Python form of one, says; all or nothing."""
    def delta(self) -> Delta:
        """Return what the current tick changed here and below: a change of the plain value, of the class made for it.

        It is empty if nothing ticked or became invalid. References are left out.
        """
    def full_delta(self) -> Delta:
        """Return all that it holds, as the delta of a tick that wrote it.

        ``apply`` with it makes a time series that has nothing equal to this one. References are left out.
        """
    def apply(self, delta: Delta, /) -> None:
        """Follow the time series whose tick a delta is of, at the current time; all or nothing.

        Raises TypeError unless the delta is of its plain value, and ValueError if it does not fit what it holds.
        """
    def tick(self, at: datetime | int, /) -> Self:
        """Set the evaluation time of a root for what follows; may be used as a context manager."""
    def advance(self, at: datetime | int, /) -> None:
        """Set the evaluation time of a root for what follows."""
    def to_debug_string(self) -> str:
        """Values and times of the node and what is below it."""
    def __enter__(self) -> Self: ...
    def __exit__(self, *exc_info: object) -> None: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

class TS(TimeSeries, Generic[_T]):
    """One value."""

    @property
    def value(self) -> _T | None: ...
    @value.setter
    def value(self, value: _T | None) -> None: ...
    @property
    def delta_value(self) -> _T | None: ...
    def __bool__(self) -> NoReturn:
        """Refuse: the truth of a time series is ambiguous."""

class SIGNAL(TimeSeries):
    """What ticks and has no value but that it did. Any value but None, assigned or applied, ticks it."""

    @property
    def value(self) -> bool | None: ...
    @value.setter
    def value(self, value: object) -> None: ...
    @property
    def delta_value(self) -> bool | None: ...
    def __bool__(self) -> NoReturn:
        """Refuse: the truth of a time series is ambiguous."""

class TSB(TimeSeries):
    """A bundle of named fields: the base of the classes of time-series schemas."""

    def subscribe_elements(self, observer: _Observer, when: _When = "end") -> None:
        """Have an observer told of ticks in which any child, or something below one, changed."""
    @property
    def value(self) -> dict[str, Any] | None: ...
    @value.setter
    def value(self, value: Mapping[str, Any] | None) -> None: ...
    @property
    def delta_value(self) -> dict[str, Any] | None: ...
    @property
    def as_schema(self) -> Self:
        """The bundle itself, for code written for hgraph."""
    def keys(self) -> list[str]:
        """The names of all fields, in schema order."""
    def values(self) -> list[TimeSeries]: ...
    def items(self) -> list[tuple[str, TimeSeries]]: ...
    def modified_keys(self) -> list[str]:
        """The names of the fields that ticked."""
    def modified_values(self) -> list[TimeSeries]: ...
    def modified_items(self) -> list[tuple[str, TimeSeries]]: ...
    def valid_keys(self) -> list[str]:
        """The names of the valid fields."""
    def valid_values(self) -> list[TimeSeries]: ...
    def valid_items(self) -> list[tuple[str, TimeSeries]]: ...
    def __getitem__(self, field: str | int, /) -> Any: ...
    def __setitem__(self, field: str | int, value: Any, /) -> None: ...
    def __iter__(self) -> Iterator[str]: ...
    def __len__(self) -> int: ...
    def __contains__(self, field: object, /) -> bool: ...

class TSL(TimeSeries, Generic[_Child]):
    """A list of time series; of fixed length unless it is a :class:`DynamicTSL`."""

    def subscribe_elements(self, observer: _Observer, when: _When = "end") -> None:
        """Have an observer told of ticks in which any child, or something below one, changed."""
    @property
    def value(self) -> tuple[Any, ...] | None: ...
    @value.setter
    def value(self, value: Sequence[Any] | Mapping[int, Any] | None) -> None: ...
    @property
    def delta_value(self) -> dict[int, Any] | None: ...
    def keys(self) -> list[int]:
        """All indices."""
    def values(self) -> list[_Child]: ...
    def items(self) -> list[tuple[int, _Child]]: ...
    def modified_keys(self) -> list[int]:
        """The indices of the elements that ticked."""
    def modified_values(self) -> list[_Child]: ...
    def modified_items(self) -> list[tuple[int, _Child]]: ...
    def valid_keys(self) -> list[int]:
        """The indices of the valid elements."""
    def valid_values(self) -> list[_Child]: ...
    def valid_items(self) -> list[tuple[int, _Child]]: ...
    def __getitem__(self, index: int, /) -> _Child: ...
    @overload
    def __setitem__(self: TSL[TS[_T]], index: int, value: _T | None, /) -> None: ...
    @overload
    def __setitem__(self: TSL[TSW[_T]], index: int, value: _T | None, /) -> None: ...
    @overload
    def __setitem__(self: TSL[TSB], index: int, value: Mapping[str, Any] | None, /) -> None: ...
    @overload
    def __setitem__(
        self: TSL[TSS[_T]], index: int, value: Iterable[_T | Removed[_T]] | SetDelta[_T] | None, /
    ) -> None: ...
    @overload
    def __setitem__(self: TSL[TSD[_K, Any]], index: int, value: Mapping[_K, Any] | None, /) -> None: ...
    @overload
    def __setitem__(self: TSL[TSL[Any]], index: int, value: Sequence[Any] | Mapping[int, Any] | None, /) -> None: ...
    def __iter__(self) -> Iterator[_Child]: ...
    def __len__(self) -> int: ...

class DynamicTSL(TSL[_Child], Generic[_Child]):
    """A list of time series that can grow."""

    def subscribe_structure(self, observer: _Observer, when: _When = "end") -> None:
        """Have an observer told of ticks in which elements came or went."""
    def append(self, value: Any, /) -> None:
        """Add an element; None adds one that is not valid. Raises as writing it would."""
    def resize(self, size: int, /) -> None:
        """Grow with elements that are not valid, or drop the last ones; ValueError for a size that cannot be."""

class TSS(TimeSeries, Generic[_T]):
    """A set."""

    def subscribe_elements(self, observer: _Observer, when: _When = "end") -> None:
        """Have an observer told of ticks in which any child, or something below one, changed."""
    def subscribe_structure(self, observer: _Observer, when: _When = "end") -> None:
        """Have an observer told of ticks in which elements came or went."""
    def subscribe_key(self, key: _T, observer: _Observer, when: _When = "end") -> None:
        """Have an observer told when the element of a key, which need not be there, comes, changes or goes."""
    def unsubscribe_key(self, key: _T, observer: _Observer, /) -> bool:
        """End what an observer subscribed to of a key. False if that was nothing."""
    @property
    def value(self) -> frozenset[_T] | None: ...
    @value.setter
    def value(self, value: Iterable[_T | Removed[_T]] | SetDelta[_T] | None) -> None: ...
    @property
    def delta_value(self) -> SetDelta[_T] | None: ...
    def values(self) -> frozenset[_T]:
        """The elements."""
    def added(self) -> frozenset[_T]:
        """The elements that are there now and were not when the tick began."""
    def removed(self) -> frozenset[_T]:
        """The elements that were there when the tick began and are not now."""
    def was_added(self, key: _T, /) -> bool: ...
    def was_removed(self, key: _T, /) -> bool: ...
    def add(self, element: _T, /) -> None:
        """Add an element; nothing happens if it is there."""
    def remove(self, element: _T, /) -> None:
        """Remove an element; nothing happens if it is not there."""
    def __iter__(self) -> Iterator[_T]: ...
    def __len__(self) -> int: ...
    def __contains__(self, element: object, /) -> bool: ...

class KeySet(TSS[_T]):
    """The keys of a dict, as a set that ticks when one comes or goes. It is changed through the dict."""

class TSD(TimeSeries, Generic[_K, _Child]):
    """A dict of time series."""

    def subscribe_elements(self, observer: _Observer, when: _When = "end") -> None:
        """Have an observer told of ticks in which any child, or something below one, changed."""
    def subscribe_structure(self, observer: _Observer, when: _When = "end") -> None:
        """Have an observer told of ticks in which elements came or went."""
    def subscribe_key(self, key: _K, observer: _Observer, when: _When = "end") -> None:
        """Have an observer told when the element of a key, which need not be there, comes, changes or goes."""
    def unsubscribe_key(self, key: _K, observer: _Observer, /) -> bool:
        """End what an observer subscribed to of a key. False if that was nothing."""
    @property
    def value(self) -> dict[_K, Any] | None: ...
    @value.setter
    def value(self, value: Mapping[_K, Any] | None) -> None: ...
    @property
    def delta_value(self) -> dict[_K, Any] | None: ...
    @property
    def key_set(self) -> KeySet[_K]:
        """The keys, as a TSS that ticks when one comes or goes."""
    @overload
    def get(self, key: _K, /) -> _Child | None:
        """The child of a key, or the second argument."""
    @overload
    def get(self, key: _K, default: _D, /) -> _Child | _D: ...
    def get_or_create(self, key: _K, /) -> _Child:
        """The child of a key, created if it is not there; a key of the wrong type is a WrongTypeError."""
    def pop(self, key: _K, default: Any = None, /) -> Any:
        """Remove a key and return its last value, or the second argument if it is not there."""
    def resolve(self, keys: _Column, /) -> KeySlots:
        """Slots of keys, for update_columns; they stay good while other keys come and go.

        Writes nothing: a key that is not there is created by the first update that has a cell for it.
        """
    def update_columns(self, keys: KeySlots | _Column, columns: _Column | _Table = ..., /, **named: _Column) -> None:
        """Write many keys at once, each column to the field of its name, or to the TS that the dict is of.

        A null writes nothing, and of equal keys the last cell counts. Nothing is written if a cell is wrong, if columns
        have other lengths than the keys (InvalidValueError), or if the key of a slot was removed (StaleReferenceError).
        """
    def to_arrow(self, *, key: str | None = "key", columns: Sequence[str] | None = None) -> Any:
        """The keys and columns, null where a TS is not valid, in the order of keys(): a copy.

        A pyarrow.Table where pyarrow is installed, else an ArrowTable. `key` names the column of keys, None leaves it
        out; `columns` are the names of those wanted, else all that Arrow has a type for.
        """
    def view_columns(self) -> dict[str, Any]:
        """The columns of numbers and times in place: read-only numpy arrays, or memoryviews where numpy is missing.

        What is written later shows. While one of them lives, a key that would come or go is a BufferError.
        """
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> Any: ...
    def keys(self) -> list[_K]:
        """All keys, in no promised order."""
    def values(self) -> list[_Child]: ...
    def items(self) -> list[tuple[_K, _Child]]: ...
    def modified_keys(self) -> list[_K]:
        """The keys whose child was written."""
    def modified_values(self) -> list[_Child]: ...
    def modified_items(self) -> list[tuple[_K, _Child]]: ...
    def valid_keys(self) -> list[_K]:
        """The keys whose child is valid."""
    def valid_values(self) -> list[_Child]: ...
    def valid_items(self) -> list[tuple[_K, _Child]]: ...
    def added_keys(self) -> list[_K]:
        """The keys that came in this tick."""
    def added_values(self) -> list[_Child]: ...
    def added_items(self) -> list[tuple[_K, _Child]]: ...
    def removed_keys(self) -> list[_K]:
        """The keys that went in this tick; their children are readable until the next one."""
    def removed_values(self) -> list[_Child]: ...
    def removed_items(self) -> list[tuple[_K, _Child]]: ...
    def was_added(self, key: _K, /) -> bool: ...
    def was_removed(self, key: _K, /) -> bool: ...
    def __getitem__(self, key: _K, /) -> _Child:
        """The child of a key; MissingKeyError if it is not there."""
    @overload
    def __setitem__(self: TSD[_K, TS[_T]], key: _K, value: _T | Sentinel | None, /) -> None: ...
    @overload
    def __setitem__(self: TSD[_K, TSW[_T]], key: _K, value: _T | Sentinel | None, /) -> None: ...
    @overload
    def __setitem__(self: TSD[_K, SIGNAL], key: _K, value: object, /) -> None: ...
    @overload
    def __setitem__(self: TSD[_K, REF[_Target]], key: _K, value: _Target | Sentinel | None, /) -> None: ...
    @overload
    def __setitem__(self: TSD[_K, TSB], key: _K, value: Mapping[str, Any] | Sentinel | None, /) -> None: ...
    @overload
    def __setitem__(
        self: TSD[_K, TSS[_T]], key: _K, value: Iterable[_T | Removed[_T]] | SetDelta[_T] | Sentinel | None, /
    ) -> None: ...
    @overload
    def __setitem__(self: TSD[_K, TSD[_D, Any]], key: _K, value: Mapping[_D, Any] | Sentinel | None, /) -> None: ...
    @overload
    def __setitem__(
        self: TSD[_K, TSL[Any]], key: _K, value: Sequence[Any] | Mapping[int, Any] | Sentinel | None, /
    ) -> None: ...
    def __delitem__(self, key: _K, /) -> None: ...
    def __iter__(self) -> Iterator[_K]: ...
    def __len__(self) -> int: ...
    def __contains__(self, key: object, /) -> bool: ...

@final
class KeySlots:
    """Keys of a dict, looked up once for many updates; what `TSD.resolve` gives."""

    def __len__(self) -> int: ...

@final
class ArrowTable:
    """Columns in Arrow's format, for any library that reads its PyCapsule interface."""

    @property
    def column_names(self) -> list[str]: ...
    def __len__(self) -> int:
        """The number of rows."""
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> Any: ...
    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[Any, Any]: ...
    def __arrow_c_schema__(self) -> Any: ...

class TSW(TimeSeries, Generic[_T]):
    """A window over the last values."""

    @property
    def value(self) -> Sequence[_T] | None:
        """The elements, oldest first; None below the minimum of a window by count. Assigning appends."""
    @value.setter
    def value(self, value: _T | None) -> None: ...
    @property
    def delta_value(self) -> _T | None: ...
    @property
    def value_times(self) -> Sequence[datetime] | None:
        """When each element of value was appended."""
    @property
    def size(self) -> int | timedelta:
        """How many elements, or how long a time, the window holds."""
    @property
    def min_size(self) -> int | timedelta:
        """How much of the window must be filled for value to be given."""
    @property
    def first_modified_time(self) -> datetime | None:
        """When the oldest element was appended."""
    @property
    def has_removed_value(self) -> bool:
        """Whether an element left the window in this tick."""
    @property
    def removed_value(self) -> _T | None:
        """The last element that left in this tick."""
    def __len__(self) -> int: ...

@final
class ReferenceItems:
    """The references that a reference to parts is made of; of any other reference there are none.

    Called, it gives the ``items()`` of what the reference reads as.
    """

    def __len__(self) -> int: ...
    def __getitem__(self, item: int | str, /) -> REF[Any]:
        """Return the reference to an element, or to a field by position or name."""
    def __setitem__(self, item: int | str, target: TimeSeries | None, /) -> None:
        """Bind an item to a time series, or to nothing."""
    def __iter__(self) -> Iterator[REF[Any]]: ...
    def __call__(self) -> list[tuple[Any, Any]]:
        """Return the items of the bundle, list or dict that the reference reads as."""

class REF(TimeSeries, Generic[_Target]):
    """A reference to another time series, which reads as that; what is read through it cannot be written.

    It does not keep its target alive: once that, or its root, is gone, the reference is empty. It ticks with its
    target, and when it comes to refer to another one that is valid; then all that is valid there counts as modified.
    """

    def bind(self, target: _Target | Mapping[str, TimeSeries | None] | Sequence[TimeSeries | None] | None, /) -> None:
        """Refer to a time series or follow another reference; None makes it empty.

        One to a bundle may be bound to a time series for each field, given as a dict, one to a list of fixed size to
        one for each element; then it reads as a bundle or list of those, and its :attr:`items` are references.
        WrongTypeError, naming both schemas, for one of another schema; InvalidValueError for one on another clock.
        """
    @property
    def items(self) -> ReferenceItems: ...
    @property
    def is_valid(self) -> bool:
        """Whether it refers to something, and that is valid."""
    @property
    def is_empty(self) -> bool:
        """Whether it refers to nothing, or to what is gone."""
    @property
    def target(self) -> _Target | None:
        """What it refers to; None if it is empty, or refers to parts."""

class RefTS(REF[TS[_T]], TS[_T]): ...
class RefSIGNAL(REF[SIGNAL], SIGNAL): ...
class RefTSL(REF[TSL[_Child]], TSL[_Child]): ...
class RefDynamicTSL(REF[DynamicTSL[_Child]], DynamicTSL[_Child]): ...
class RefTSS(REF[TSS[_T]], TSS[_T]): ...
class RefTSD(REF[TSD[_K, _Child]], TSD[_K, _Child]): ...
class RefTSW(REF[TSW[_T]], TSW[_T]): ...

class BoundValue(TimeSeries):
    """An output as somebody reads it, made by :func:`bind`: all that the wanted kind of time series has, to be read.

    It ticks with its output, and when it gets another one that is valid. It keeps its output alive, but not what that
    refers to.
    """

    @property
    def bound(self) -> bool:
        """Whether it has an output that is still there."""
    @property
    def active(self) -> bool:
        """Whether its observers are told of its ticks. A passive one reads the same."""
    def make_active(self) -> None:
        """Have its observers told of its ticks again, and of this one, if it ticked."""
    def make_passive(self) -> None:
        """Have its observers told of nothing, a new output included."""
    def rebind(self, output: TimeSeries, /) -> None:
        """Bind it to another output; WrongTypeError, naming both schemas, if that does not fit."""
    def unbind(self) -> None:
        """Leave it without an output: not valid."""
    @property
    def sampled(self) -> bool:
        """Whether it came to read something else in this tick; then all that is valid in it counts as modified."""
    @property
    def previous_target(self) -> TimeSeries | None:
        """What it read before, in a tick in which it is sampled."""
    @property
    def output(self) -> TimeSeries | None:
        """What it is bound to."""
    @property
    def kind(self) -> SchemaMatch:
        """How the schema of the output fits."""

def bind(schema: type[TimeSeries] | TimeSeries, output: TimeSeries, /) -> Any:
    """Return an input that reads an output as a schema: a :class:`BoundValue` that is a time series of that kind.

    The schema is a generated class, or that of a time series. May be called before the first tick.
    Raises :class:`~hgvalue.WrongTypeError`, naming both schemas, if the output does not fit.
    """

def match_schemas(wanted: type[TimeSeries] | TimeSeries, given: type[TimeSeries] | TimeSeries, /) -> SchemaMatch:
    """Return how a time series fits the schema that is wanted."""
