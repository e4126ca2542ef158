"""A schema in, every text file of its package out."""

from __future__ import annotations

from hgvalue_gen.emit.cpp.build import build_module, build_sources, build_units
from hgvalue_gen.emit.cpp.scopes import PackageNames
from hgvalue_gen.emit.dynamic import build_dynamic
from hgvalue_gen.emit.plan import Backend, Plan, make_plan
from hgvalue_gen.emit.python.build import build_python
from hgvalue_gen.emit.templates import render
from hgvalue_gen.paused import collector_paused
from hgvalue_gen.schema.model import Schema


def emit_package(schema: Schema, package: str, backend: Backend = "compiled") -> dict[str, str]:
    """Return the text of every file of the package, by its path inside the package's folder.

    ``package`` is the dotted name of the Python package. The same arguments give the same texts, byte for byte. What
    users of the package see is the same for every backend.
    Raises :class:`~hgvalue_gen.emit.plan.EmitError` if the schema cannot be made into a package of this name.
    """
    with collector_paused():
        plan = make_plan(schema, package)
        classes = _cpp_files(plan) if backend == "compiled" else build_dynamic(plan)
        return dict(sorted((classes | build_python(plan, backend)).items()))


def _cpp_files(plan: Plan) -> dict[str, str]:
    names = PackageNames(plan)
    units = build_units(plan, names)
    texts = {"cpp/module.cpp": render("cpp/module.cpp.j2", {"module": build_module(plan, units)})}
    for unit in units:
        texts[f"cpp/{unit.forward_file}.h"] = render("cpp/forward.h.j2", {"unit": unit})
        texts[f"cpp/{unit.file}.h"] = render("cpp/unit.h.j2", {"unit": unit})
        for file, source in build_sources(unit, names).items():
            texts[f"cpp/{file}.cpp"] = render("cpp/unit.cpp.j2", {"source": source, "unit": unit})
    return texts
