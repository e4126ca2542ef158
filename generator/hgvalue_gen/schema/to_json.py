"""The resolved schema as JSON, complete enough for another generator to work from."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from typing import Any, Final

from hgvalue_gen.schema import model as m
from hgvalue_gen.schema.pool import AnyType

#: Grows when a reader of an earlier form could no longer read the new one.
FORMAT: Final = 1


def schema_to_json(schema: m.Schema) -> dict[str, Any]:
    """Return ``schema`` as objects that ``json.dumps`` accepts.

    Every type is an object with a ``kind``; declared classes are referred to by ``module`` and ``name``. Durations
    are ``{"microseconds": n}``; bytes, sets, dicts and enum members among defaults are objects with a ``kind`` too.
    """
    return {
        "format": FORMAT,
        "fingerprint": schema.fingerprint,
        "main": list(schema.main),
        "modules": [_module(module) for module in schema.modules],
    }


def _module(module: m.Module) -> dict[str, Any]:
    return {
        "name": module.name,
        "doc": module.doc,
        "imports": list(module.imports),
        "reexports": [
            {"name": name, "module": origin, "original": original} for name, origin, original in module.reexports
        ],
        "declarations": [declaration_to_json(declaration) for declaration in module.declarations],
    }


def declaration_to_json(
    declaration: m.Declaration, *, docs: bool = True, type_json: Callable[[AnyType], dict[str, Any]] | None = None
) -> dict[str, Any]:
    """Return one declaration with all that belongs to it, by ``type_json`` if types are to be told in another way."""
    told = type_json or type_to_json

    def doc_of(described: m.Declaration | m.StructField | m.BundleField) -> dict[str, Any]:
        return {"doc": described.doc} if docs else {}

    match declaration:
        case m.EnumType(members=members, base=base):
            body: dict[str, Any] = {
                "kind": "enum",
                # Left out where it is the usual one.
                **({"base": base} if base != "Enum" else {}),
                "members": [{"name": member, "value": value} for member, value in members],
            }
        case m.StructType(fields=fields, hashable=hashable):
            body = {
                "kind": "struct",
                "hashable": hashable,
                "fields": [
                    {
                        "name": field.name,
                        **doc_of(field),
                        "type": told(field.type),
                        "item_only": field.item_only,
                        "has_default": field.has_default,
                        **({"default": _value(field.default)} if field.has_default else {}),
                    }
                    for field in fields
                ],
            }
        case m.Bundle(fields=bundle_fields):
            body = {
                "kind": "bundle",
                "fields": [
                    {"name": field.name, **doc_of(field), "type": told(field.type), "item_only": field.item_only}
                    for field in bundle_fields
                ],
            }
        case m.Root(type=type):
            body = {"kind": "root", "type": told(type)}
    return {"name": declaration.name, **doc_of(declaration), **body}


def _bundle_field(field: m.BundleField) -> dict[str, Any]:
    return {"name": field.name, "doc": field.doc, "type": type_to_json(field.type), "item_only": field.item_only}


def type_to_json(type: AnyType) -> dict[str, Any]:
    """Return a type in which declared classes are mentioned rather than written out."""
    match type:
        case m.Primitive(name=name):
            return {"kind": "primitive", "name": name}
        case m.EnumType(module=module, name=name):
            return {"kind": "enum", "module": module, "name": name}
        case m.StructType(module=module, name=name):
            return {"kind": "struct", "module": module, "name": name}
        case m.Bundle(name=None, fields=fields):
            return {"kind": "bundle", "fields": [_bundle_field(field) for field in fields]}
        case m.Bundle(module=module, name=name):
            return {"kind": "bundle", "module": module, "name": name}
        case m.OptionalType(element=element):
            return {"kind": "optional", "element": type_to_json(element)}
        case m.VariantType(alternatives=alternatives):
            return {"kind": "variant", "alternatives": [type_to_json(part) for part in alternatives]}
        case m.TupleOf(element=element):
            return {"kind": "tuple_of", "element": type_to_json(element)}
        case m.TupleType(elements=elements):
            return {"kind": "tuple", "elements": [type_to_json(element) for element in elements]}
        case m.ListType(element=element):
            return {"kind": "list", "element": type_to_json(element)}
        case m.SetType(element=element):
            return {"kind": "set", "element": type_to_json(element)}
        case m.MapType(key=key, value=value):
            return {"kind": "map", "key": type_to_json(key), "value": type_to_json(value)}
        case m.ArrayType(element=element, size=size):
            return {"kind": "array", "element": type_to_json(element), "size": size}
        case m.CyclicBufferType(element=element, size=size):
            return {"kind": "cyclic_buffer", "element": type_to_json(element), "size": size}
        case m.QueueType(element=element, capacity=capacity):
            return {"kind": "queue", "element": type_to_json(element), "capacity": capacity}
        case m.WindowType() | m.TSW():
            return {
                "kind": "window" if isinstance(type, m.WindowType) else "TSW",
                "element": type_to_json(type.element),
                "size": _value(type.size),
                "minimum": _value(type.minimum),
            }
        case m.TS(value=value):
            return {"kind": "TS", "value": type_to_json(value)}
        case m.REF(target=target):
            return {"kind": "REF", "target": type_to_json(target)}
        case m.SIGNAL():
            return {"kind": "SIGNAL"}
        case m.TSB(bundle=bundle):
            return {"kind": "TSB", "schema": type_to_json(bundle)}
        case m.TSL(child=child, size=length):
            return {"kind": "TSL", "child": type_to_json(child), "size": length}
        case m.TSS(element=element):
            return {"kind": "TSS", "element": type_to_json(element)}
        case m.TSD(key=key, child=child):
            return {"kind": "TSD", "key": type_to_json(key), "child": type_to_json(child)}
        case _:
            raise TypeError(f"not a type of the schema model: {type!r}")


def _value(value: m.DefaultValue) -> Any:
    match value:
        case m.timedelta_us(microseconds=microseconds):
            return {"kind": "timedelta", "microseconds": microseconds}
        case m.EnumMember(enum=enum, name=name):
            return {"kind": "enum", "module": enum.module, "name": enum.name, "member": name}
        case m.VariantValue(alternative=alternative, value=held):
            return {"kind": "variant", "alternative": alternative, "value": _value(held)}
        case float() if not math.isfinite(value):
            return {"kind": "float", "value": str(value)}  # JSON has no such numbers
        case bytes():
            return {"kind": "bytes", "base64": base64.b64encode(value).decode("ascii")}
        case tuple():
            return {"kind": "tuple", "items": [_value(item) for item in value]}
        case frozenset():
            return {"kind": "set", "items": sorted((_value(item) for item in value), key=repr)}
        case dict():
            return {"kind": "map", "items": [[_value(key), _value(item)] for key, item in value.items()]}
        case list():
            return [_value(item) for item in value]
        case _:
            return value
