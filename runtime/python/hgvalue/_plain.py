"""Classes made beside those of time series: plain values that are no structs (BookValue), and deltas (BookDelta)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from hgvalue._errors import WrongTypeError
from hgvalue._hgvalue import Delta, TypeMeta, Value, freeze, short_form

__all__ = ["PlainValue", "make_delta_class", "make_plain_class"]


class PlainValue(Value):
    """Base of the plain values of time series that are no bundles: immutable, of one type for each class.

    A subclass has its type as ``__value_type__``. Indexing, ``len``, ``in`` and iteration are those of a view of it.
    """

    __slots__ = ()
    __value_type__: ClassVar[TypeMeta]

    def __init__(self, *value: Any) -> None:
        """Make the default value, or one of a Python object: what ``value`` gives, but windows as (time, value)."""
        super().__init__(self.__value_type__, *value)
        freeze(self)

    @classmethod
    def from_python(cls, obj: Any, /) -> Self:  # type: ignore[override]  # a class of one type needs no type
        """Return the value made of a Python object."""
        return cls(obj)

    @classmethod
    def decode(cls, data: Any, /) -> Self:  # type: ignore[override]
        """Return the value with these bytes; raises DecodeError for anything but those of this type."""
        return cls(Value.decode(cls.__value_type__, data))

    @classmethod
    def from_json(cls, text: str, /) -> Self:  # type: ignore[override]
        """Return the value with this JSON text."""
        return cls(Value.from_json(cls.__value_type__, text))

    @classmethod
    def null(cls, *_: Any) -> Self:
        """Refuse: a plain value always has content; a time series that holds nothing has none."""
        raise WrongTypeError(f"{cls.__name__} is never null")

    def replace(self, changes: Mapping[Any, Any], /) -> Self:
        """Return a copy in which some entries have other values."""
        return type(self)({**self.value, **changes})

    def __hash__(self) -> int:  # type: ignore[override]  # a Value can change and has none
        return hash(self.view())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({short_form(self)})"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.value,)


def make_plain_class(name: str, module: str, doc: str, value_type: TypeMeta, _: None) -> type[PlainValue]:
    """Return the class called ``name`` for values of a type; the native module calls this when it makes a root."""
    return type(name, (PlainValue,), _body(name, module, doc, value_type))


def make_delta_class(
    name: str, module: str, doc: str, value_type: TypeMeta, plain: type[PlainValue] | None
) -> type[Delta]:
    """Return the class called ``name`` for changes of values of a type, which are of class ``plain`` if it is given."""
    return type(name, (Delta,), _body(name, module, doc, value_type) | {"__plain_class__": plain})


def _body(name: str, module: str, doc: str, value_type: TypeMeta) -> dict[str, Any]:
    return {"__slots__": (), "__module__": module, "__qualname__": name, "__doc__": doc, "__value_type__": value_type}
