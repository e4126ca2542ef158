"""Enter imported names into the scopes of the files that import them."""

from __future__ import annotations

from collections.abc import Iterator

from hgvalue_gen.diagnostics import Note, did_you_mean
from hgvalue_gen.schema import vocabulary
from hgvalue_gen.schema.program import LOST, Binding, Builtin, Lost, Namespace, Program, Symbol, Unit, exported
from hgvalue_gen.syntax import nodes as n


class BindImports:
    """Completes ``unit.scope``. Imported files come first, so that what they import themselves is there to pass on."""

    def run(self, program: Program) -> None:
        self._program = program
        for unit in program.units:
            for statement in unit.tree.statements:
                match statement:
                    case n.ImportModule(modules=modules):
                        for module in modules:
                            self._module(unit, module)
                    case n.ImportFrom():
                        self._names(unit, statement)
                    case _:
                        pass

    def _module(self, unit: Unit, module: n.ImportedModule) -> None:
        target = unit.links.get(id(module))
        words = module.path.parts
        if target is LOST:
            self._bind(unit, module.alias or words[0], LOST)
        elif module.alias is not None:
            self._bind(unit, module.alias, _namespace(target, words[0].text))
        elif target is None:
            self._bind(unit, words[0], Namespace(language=True, name=words[0].text))
        else:
            top = unit.scope.get(words[0].text)
            if not isinstance(top, Namespace) or top.language:
                top = Namespace()
                self._bind(unit, words[0], top)
            for word in words[1:]:
                top = top.children.setdefault(word.text, Namespace())
            top.unit = target if isinstance(target, Unit) else None

    def _names(self, unit: Unit, statement: n.ImportFrom) -> None:
        if statement.names is None:
            for name, public in self._all_names(unit.links.get(id(statement))):
                unit.scope.setdefault(name, public)
            unit.illegible = unit.illegible or unit.links.get(id(statement)) is LOST
            return
        for imported in statement.names:
            submodule = unit.links.get(id(imported))
            target = unit.links.get(id(statement))
            binding: Binding
            if submodule is not None:
                binding = submodule if submodule is LOST else _namespace(submodule)
            elif isinstance(target, Unit):
                binding = self._exported(unit, target, imported)
            elif target is LOST:
                binding = LOST
            else:
                # Whether the language has such a name shows when it is used.
                is_number = imported.name.text in vocabulary.MATH and _is_math(statement)
                if imported.alias is None and not is_number:
                    continue
                binding = Builtin(imported.name.text)
            self._bind(unit, imported.alias or imported.name, binding)

    def _all_names(self, target: Unit | Lost | None) -> Iterator[tuple[str, Binding]]:
        if isinstance(target, Unit):
            for name, binding in target.scope.items():
                if not name.startswith("_") and not isinstance(binding, Namespace):
                    yield name, binding

    def _exported(self, unit: Unit, target: Unit, imported: n.ImportedName) -> Binding:
        name = imported.name
        binding = exported(target, name.text)
        if binding is None:
            self._program.error(
                "HGT032",
                f"`{target.source.name}` declares no `{name.text}`",
                unit,
                name.span,
                help=did_you_mean(name.text, target.scope),
            )
            return LOST
        return binding

    def _bind(self, unit: Unit, name: n.Ident, binding: Binding) -> None:
        existing = unit.scope.get(name.text)
        own = unit.symbols.get(name.text)
        same = existing is binding or (isinstance(existing, Namespace) and isinstance(binding, Namespace))
        if existing is not None and not same and binding is not LOST:
            notes = [Note("declared here", own.location)] if isinstance(own, Symbol) else []
            self._program.error(
                "HGT011",
                f"`{name.text}` is imported, but the name is taken",
                unit,
                name.span,
                help=f"import it under another name: `{name.text} as Other`",
                notes=notes,
            )
            return
        is_python = isinstance(binding, Namespace) and binding.language
        if name.text in vocabulary.NAMES and not is_python and not isinstance(binding, Builtin | Lost):
            self._program.error(
                "HGT037",
                f"`{name.text}` is a name of the language",
                unit,
                name.span,
                help=f"import it under another name: `{name.text} as Other`",
            )
            return
        unit.scope[name.text] = binding


def _namespace(target: Unit | Lost | None, name: str = "") -> Namespace:
    return Namespace(unit=target) if isinstance(target, Unit) else Namespace(language=True, name=name)


def _is_math(statement: n.ImportFrom) -> bool:
    return statement.path is not None and statement.path.text == "math"
