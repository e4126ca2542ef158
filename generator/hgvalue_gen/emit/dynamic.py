"""What a package of the dynamic backend has in place of C++: its schema, and a module that makes the classes of it."""

from __future__ import annotations

import json
from typing import Any, Final

from hgvalue_gen.emit.banner import banner
from hgvalue_gen.emit.plan import Plan, Unit
from hgvalue_gen.emit.templates import render
from hgvalue_gen.schema import schema_to_json
from hgvalue_gen.schema.to_json import declaration_to_json

#: The schema as the package keeps it.
_DATA: Final = "_dynamic.json"


def build_dynamic(plan: Plan) -> dict[str, str]:
    """Return the files by their path inside the package."""
    line = banner(plan.schema, ", ".join(plan.schema.main))
    description = {"about": f"{line} Do not edit.", **describe(plan)}
    return {
        _DATA: json.dumps(description, indent=1) + "\n",
        "_dynamic.py": render("python/dynamic.py.j2", {"banner": line, "data": _DATA}),
    }


def describe(plan: Plan) -> dict[str, Any]:
    """Return the schema as JSON with all that making classes takes: where each is, what it is called.

    Anonymous bundles are declared too, without a name, before what first needs them.
    """
    description = schema_to_json(plan.schema)
    modules = zip(description["modules"], plan.units, strict=True)
    return {**description, "modules": [_module(plan, module, unit) for module, unit in modules]}


def _module(plan: Plan, module: dict[str, Any], unit: Unit) -> dict[str, Any]:
    declarations = [{"class": plan.class_name(d), **declaration_to_json(d)} for d in unit.declarations]
    place = {"python_name": unit.python_name, "attribute": unit.attribute}
    return {"name": module["name"], **place, **module, "declarations": declarations}
