"""What a schema means, as 16 hex digits: the same for two texts that give the same classes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from hgvalue_gen.schema import model as m
from hgvalue_gen.schema.pool import AnyType
from hgvalue_gen.schema.to_json import declaration_to_json, type_to_json


def fingerprint(modules: Iterable[m.Module]) -> str:
    """Return the hash of the canonical form.

    It leaves out documentation, and sorts by name what has no order of its own: modules, and the declarations in
    them. The order of fields and enum members is part of what they are.
    """
    types: dict[int, dict[str, Any]] = {}

    def type_json(type: AnyType) -> dict[str, Any]:
        # The same types occur many times in a large schema.
        if id(type) not in types:
            types[id(type)] = _without_docs(type_to_json(type))
        return types[id(type)]

    canonical = {
        module.name: {
            declaration.name: declaration_to_json(declaration, docs=False, type_json=type_json)
            for declaration in module.declarations
        }
        for module in modules
    }
    text = json.dumps(canonical, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:16]


def _without_docs(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_docs(item) for key, item in value.items() if key != "doc"}
    return [_without_docs(item) for item in value] if isinstance(value, list) else value
