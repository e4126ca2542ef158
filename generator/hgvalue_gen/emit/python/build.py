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
from hgvalue_gen.schema import model as m

_CLASSES: Final = "_classes"


def build_python(plan: Plan, backend: Backend) -> dict[str, str]:
    """Return the package's Python files by their path inside the package."""
    modules = {_path(plan, unit): _unit_module(plan, unit, backend) for unit in plan.units}
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


def _unit_module(plan: Plan, unit: Unit, backend: Backend) -> PythonModule:
    dots = _dots(_path(plan, unit))
    declared = [name for d in unit.declarations if d in unit.module.declarations for name in class_names(plan, d)]
    classes_name = _CLASSES
    while classes_name in declared:
        classes_name = f"_{classes_name}"
    reexports = [(local, module, name) for local, module, name in _reexports(plan, unit) if local not in declared]
    # Bundles without a name are not exported, but pickle looks their values up by module and name.
    taken = {classes_name, *(local for local, _, _ in reexports)}
    unnamed = [
        name
        for d in unit.declarations
        if d not in unit.module.declarations
        for name in class_names(plan, d)
        if name not in taken
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


def _reexports(plan: Plan, unit: Unit) -> list[tuple[str, str, str]]:
    """Return the imported classes as (local name, module, name there); aliases and constants are no classes."""
    found: list[tuple[str, str, str]] = []
    for local, module, name in unit.module.reexports:
        origin = _origin(plan, module, name)
        if origin is not None and local not in (local_name for local_name, _, _ in found):
            found.append((local, *origin))
    return found


def _origin(plan: Plan, module: str, name: str) -> tuple[str, str] | None:
    """Follow a name through the modules that re-export it to the one that declares it."""
    unit = plan.unit(module)
    if any(d.name == name for d in unit.module.declarations):
        return module, _declared_class(plan, unit.module, name)
    for local, other, other_name in unit.module.reexports:
        if local == name:
            return _origin(plan, other, other_name)
    return None


def _declared_class(plan: Plan, module: m.Module, name: str) -> str:
    return next(plan.class_name(d) for d in module.declarations if d.name == name)
