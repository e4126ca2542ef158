"""How pydantic validates and serialises structs. Imported when pydantic asks, so that nobody else pays for it."""

from __future__ import annotations

import dataclasses
from typing import Any

from pydantic_core import core_schema as core

__all__ = ["struct_schema"]


def struct_schema(cls: Any, handler: Any) -> Any:
    """Return the core schema of a struct class: an instance, or the arguments of its constructor as a mapping."""
    fields = dataclasses.fields(cls)
    schemas = {field.name: handler.generate_schema(field.type) for field in fields}
    arguments = core.dataclass_args_schema(
        cls.__name__, [core.dataclass_field(f.name, _with_default(f, schemas[f.name])) for f in fields]
    )
    made = core.no_info_after_validator_function(lambda given: cls(**given[0]), arguments)
    shown = core.typed_dict_schema({name: core.typed_dict_field(schema) for name, schema in schemas.items()})
    return core.no_info_wrap_validator_function(
        lambda given, validate: given if isinstance(given, cls) else validate(given),
        made,
        serialization=core.plain_serializer_function_ser_schema(_by_field, return_schema=shown),
    )


def _with_default(field: dataclasses.Field[Any], schema: Any) -> Any:
    if field.default is not dataclasses.MISSING:
        return core.with_default_schema(schema, default=field.default)
    if field.default_factory is not dataclasses.MISSING:
        return core.with_default_schema(schema, default_factory=field.default_factory)
    return schema


def _by_field(value: Any) -> dict[str, Any]:
    return {field.name: _as_list(getattr(value, field.name)) for field in dataclasses.fields(value)}


def _as_list(value: Any) -> Any:
    return value.tolist() if type(value).__name__ == "ndarray" else value
