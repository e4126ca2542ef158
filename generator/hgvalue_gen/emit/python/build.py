"""The Python files of a package: modules that hand out its classes, and their stubs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from hgvalue_gen.emit.banner import banner
from hgvalue_gen.emit.plan import CLASSES_MODULE, Backend, Plan, Unit
from hgvalue_gen.emit.python.literals import docstring, string_literal, text_literal
from hgvalue_gen.emit.python.names import StubNames, class_names
from hgvalue_gen.emit.python.stubs import reference_classes, stub_classes
from hgvalue_gen.emit.python.views import PythonModule
from hgvalue_gen.emit.templates import render

_CLASSES: Final = "_classes"


def build_python(plan: Plan, backend: Backend) -> dict[str, str]:
    """Return the package's Python files by their path inside the package."""
    origins = _Origins(plan)
    modules = {_path(plan, unit): _unit_module(plan, unit, backend, origins) for unit in plan.units}
    if "__init__" not in modules:
        modules["__init__"] = _joint_module(plan, backend)
    for folder in sorted({parent for path in modules for parent in _parents(path)}):
        modules.setdefault(f"{folder}/__init__", _empty_module(plan, folder, backend))
    texts = {"py.typed": ""}
    for path, module in modules.items():
        texts[f"{path}.py"] = render("python/module.py.j2", {"module": module})
        texts[f"{path}.pyi"] = render("python/module.pyi.j2", {"module": module})
    return texts


def _path(plan: Plan, unit: Unit) -> str:
    """Return where a unit's module is, without ending."""
    if unit.python_name == plan.package:
        return "__init__"
    path = unit.name.replace(".", "/")
    is_package = any(other.name.startswith(f"{unit.name}.") for other in plan.units)
    return f"{path}/__init__" if is_package else path


def _parents(path: str) -> list[str]:
    parts = path.removesuffix("/__init__").split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]


def _dots(path: str) -> str:
    """Return the dots that lead from a module to the package itself."""
    return "." * (path.count("/") + 1)


def _unit_module(plan: Plan, unit: Unit, backend: Backend, origins: _Origins) -> PythonModule:
    dots = _dots(_path(plan, unit))
    own = {id(d) for d in unit.module.declarations}
    declared = [name for d in unit.declarations if id(d) in own for name in class_names(plan, d)]
    is_declared = frozenset(declared)
    classes_name = _CLASSES
    while classes_name in is_declared:
        classes_name = f"_{classes_name}"
    reexports = [
        (local, module, name) for local, module, name in _reexports(plan, unit, origins) if local not in is_declared
    ]
    # Bundles without a name are not exported, but pickle looks their values up by module and name.
    taken = {classes_name, *(local for local, _, _ in reexports)}
    unnamed = [
        name for d in unit.declarations if id(d) not in own for name in class_names(plan, d) if name not in taken
    ]
    names = StubNames(plan, unit, dots)
    classes = tuple(stub for d in unit.declarations for stub in stub_classes(d, plan, names))
    classes += tuple(reference_classes(names))
    imports = tuple(sorted(_import(plan, dots, *reexport) for reexport in reexports))
    return PythonModule(
        banner=banner(plan.schema, unit.name),
        doc=docstring(unit.module.doc, ""),
        imports=imports,
        # Spelled so that a package that was not compiled says which module is missing.
        native=f"from {dots}{CLASSES_MODULE[backend]} import {unit.attribute} as {classes_name}",
        classes=tuple(f"{name} = {classes_name}.{name}" for name in [*declared, *unnamed]),
        exports=_exports([*declared, *(local for local, _, _ in reexports)]),
        backend=string_literal(backend),
        schema=text_literal(unit.module.text),
        fingerprint=string_literal(plan.schema.fingerprint),
        stub_imports=names.imports(imports),
        stub_aliases=names.aliases,
        stub_classes=classes,
    )


def _joint_module(plan: Plan, backend: Backend) -> PythonModule:
    """Build the package's own module when several schema files make it up: it re-exports what they declare."""
    owners: dict[str, list[str]] = {}
    for name in plan.schema.main:
        for declaration in plan.schema.module(name).declarations:
            for exported in class_names(plan, declaration):
                owners.setdefault(exported, []).append(name)
    # A name that two files declare is in neither's stead.
    names = {name: modules[0] for name, modules in owners.items() if len(modules) == 1}
    text = "\n".join(plan.schema.module(name).text for name in plan.schema.main)
    return _plain_module(
        plan,
        ", ".join(plan.schema.main),
        backend,
        doc=f"Generated from {', '.join(plan.schema.main)}.",
        imports=tuple(sorted(f"from .{module} import {name} as {name}" for name, module in names.items())),
        exports=_exports(names),
        schema=text_literal(text),
    )


def _empty_module(plan: Plan, folder: str, backend: Backend) -> PythonModule:
    return _plain_module(plan, ", ".join(plan.schema.main), backend, doc=f"Schemas below {folder.replace('/', '.')}.")


def _plain_module(
    plan: Plan,
    source: str,
    backend: Backend,
    *,
    doc: str,
    imports: tuple[str, ...] = (),
    exports: tuple[str, ...] = (),
    schema: str = '""',
) -> PythonModule:
    return PythonModule(
        banner=banner(plan.schema, source),
        doc=docstring(doc, ""),
        imports=imports,
        native="",
        classes=(),
        exports=exports,
        backend=string_literal(backend),
        schema=schema,
        fingerprint=string_literal(plan.schema.fingerprint),
        stub_imports=imports,
        stub_aliases=(),
        stub_classes=(),
    )


def _import(plan: Plan, dots: str, local: str, module: str, name: str) -> str:
    target = plan.unit(module)
    below = "" if target.python_name == plan.package else module
    return f"from {dots}{below} import {name} as {local}"


def _exports(names: Iterable[str]) -> tuple[str, ...]:
    """Return the entries of ``__all__`` as ruff sorts them: constants, classes, the rest."""

    def kind(name: str) -> int:
        return 0 if name.isupper() else 1 if name[0].isupper() else 2

    return tuple(string_literal(name) for name in sorted(names, key=lambda name: (kind(name), name)))


def _reexports(plan: Plan, unit: Unit, origins: _Origins) -> list[tuple[str, str, str]]:
    """Return the imported classes as (local name, module, name there); aliases and constants are no classes."""
    found: dict[str, tuple[str, str, str]] = {}
    for local, module, name in unit.module.reexports:
        origin = origins.of(module, name)
        if origin is not None:
            found.setdefault(local, (local, *origin))
    return list(found.values())


class _Origins:
    """Finds the module that declares a name, from any module that re-exports it."""

    def __init__(self, plan: Plan) -> None:
        self._classes = {
            unit.name: {d.name: plan.class_name(d) for d in unit.module.declarations if d.name} for unit in plan.units
        }
        self._reexports = {
            unit.name: {local: (module, name) for local, module, name in reversed(unit.module.reexports)}
            for unit in plan.units
        }

    def of(self, module: str, name: str) -> tuple[str, str] | None:
        """Return that module and the name of the class there."""
        while name not in self._classes[module]:
            if name not in self._reexports[module]:
                return None
            module, name = self._reexports[module][name]
        return module, self._classes[module][name]
