"""Makes struct classes look like dataclasses to :mod:`dataclasses` and to what is built on it."""

from __future__ import annotations

import dataclasses
from typing import Any

__all__ = ["DataclassAttribute", "register_structs"]

#: The frozen dataclass that has the same fields as a struct class, by that class.
_twins: dict[type, type] = {}


class DataclassAttribute:
    """``__dataclass_fields__`` and its like, taken from a dataclass with the same fields.

    That dataclass is made when somebody asks for the first time: most programs never do, and it costs more than all
    the rest of the class.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, instance: object, owner: type) -> Any:
        return getattr(_twin(owner), self._name)


def register_structs() -> None:
    """Have libraries that know dataclasses, but make them in ways of their own, find what they ask for."""
    from hgvalue._hgvalue import CompoundScalar  # which imports this module

    structs: Any = CompoundScalar
    structs.__get_pydantic_core_schema__ = classmethod(_pydantic_schema)


def _pydantic_schema(cls: type, source: Any, handler: Any) -> Any:
    from hgvalue._pydantic import struct_schema

    return struct_schema(cls, handler)


def _twin(owner: type) -> type:
    twin = _twins.get(owner)
    if twin is None:
        from hgvalue._hgvalue import struct_fields

        fields = [
            (name, hint, _field(default) if has_default else dataclasses.field())
            for name, hint, has_default, default in struct_fields(owner)
        ]
        # Required fields may follow those with defaults, as they do in structs.
        required = [field for field in fields if _is_required(field[2])]
        optional = [field for field in fields if not _is_required(field[2])]
        twin = dataclasses.make_dataclass(owner.__name__, required + optional, frozen=True)
        in_order = {name: twin.__dataclass_fields__[name] for name, _, _ in fields}  # type: ignore[attr-defined]
        twin.__dataclass_fields__ = in_order  # type: ignore[attr-defined]
        _twins[owner] = twin
    return twin


def _field(default: object) -> Any:
    if type(default).__hash__ is None:  # a list, dict or array: fresh for every object
        return dataclasses.field(default_factory=lambda: default.copy())  # type: ignore[attr-defined]
    return dataclasses.field(default=default)


def _is_required(field: Any) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
