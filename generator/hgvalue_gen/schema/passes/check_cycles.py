"""Find what refers to itself, and the order in which everything else can be worked out."""

from __future__ import annotations

from typing import Final, NamedTuple

from hgvalue_gen.diagnostics import Note, Span
from hgvalue_gen.schema import graph, vocabulary
from hgvalue_gen.schema.program import Builtin, Kind, Member, Program, Symbol, Unit
from hgvalue_gen.syntax import nodes as n

#: Recursion through what may be empty is part of the language, but cannot be built yet: nothing may advise it.
_BREAK: Final = "break the cycle: hold a key or a number that tells which one is meant"

_LITERALS: Final = (n.Number, n.String, n.Constant)


class Reference(NamedTuple):
    """A use of a symbol. ``indirect``: through something that may be empty, so that recursion can end there."""

    target: Symbol
    span: Span
    indirect: bool


class CheckCycles:
    """Fills ``program.order``; a symbol on a cycle is reported with the cycle and marked as broken."""

    def run(self, program: Program) -> None:
        self._program = program
        symbols = [symbol for unit in program.units for symbol in unit.symbols.values()]
        finders = {id(unit): _Finder(program, unit) for unit in program.units}
        self._references = {symbol: finders[id(symbol.unit)].of(symbol) for symbol in symbols}
        self._targets = {
            symbol: [reference.target for reference in references] if references else ()
            for symbol, references in self._references.items()
        }
        successors = self._targets.__getitem__
        for component in graph.components(symbols, successors):
            program.order += component
            way = graph.cycle(component, successors)
            if way is not None:
                self._report(component, way)

    def _direct_successors(self, symbol: Symbol) -> list[Symbol]:
        return [reference.target for reference in self._references[symbol] if not reference.indirect]

    def _report(self, component: list[Symbol], way: list[Symbol]) -> None:
        for symbol in component:
            symbol.broken = True
        if all(symbol.kind in (Kind.ALIAS, Kind.CONSTANT) for symbol in component):
            self._error("HGT020", f"cyclic alias: {_path(way)}", way, "an alias stands for something else in the end")
            return
        infinite = graph.cycle(component, self._direct_successors)
        if infinite is None:
            span = self._span(way)
            self._program.unsupported(f"recursive types, such as {_path(way)}, are", way[0].unit, span, help=_BREAK)
            return
        self._error("HGT021", f"`{infinite[0].name.text}` would be infinite: {_path(infinite)}", infinite, _BREAK)

    def _error(self, code: str, message: str, way: list[Symbol], help: str) -> None:
        notes = [
            Note(f"`{symbol.name.text}` refers to `{way[(index + 1) % len(way)].name.text}`", symbol.location)
            for index, symbol in enumerate(way[1:6], start=1)
        ]
        self._program.error(code, message, way[0].unit, self._span(way), help=help, notes=notes)

    def _span(self, way: list[Symbol]) -> Span:
        following = way[1 % len(way)]
        return next(reference.span for reference in self._references[way[0]] if reference.target is following)


def _path(way: list[Symbol]) -> str:
    names = [symbol.name.text for symbol in [*way, way[0]]]
    if len(names) > 12:
        names = [*names[:6], "…", *names[-5:]]
    return " → ".join(names)


class _Finder:
    """Finds the references in the expressions of one file."""

    def __init__(self, program: Program, unit: Unit) -> None:
        self._program, self._unit = program, unit
        #: Texts of expressions without references: `TSD[str, TS[float]]` may be written ten thousand times.
        self._without: set[str] = set()

    def of(self, symbol: Symbol) -> list[Reference]:
        """Return the references in a declaration."""
        found: list[Reference] = []
        if not isinstance(symbol.node, n.ClassDef):
            self._expression(symbol.expression, found)
        elif symbol.kind is not Kind.ENUM:
            for statement in symbol.node.body:
                if isinstance(statement, n.Annotated):
                    self._expression(statement.annotation, found)
                    if statement.default is not None:
                        self._expression(statement.default, found)
        return found

    def _expression(self, node: n.Expression, found: list[Reference]) -> None:
        start, end = node.span
        text = self._unit.source.text[start:end]
        if text in self._without:
            return
        before = len(found)
        self._inside(node, indirect=False, found=found)
        if len(found) == before:
            self._without.add(text)

    def _inside(self, node: n.Expression | n.Pair | n.Keyword, *, indirect: bool, found: list[Reference]) -> None:
        """Add the references in an expression that stands inside something indirect, or does not."""
        children: tuple[n.Expression | n.Pair | n.Keyword, ...] = ()
        match node:
            case n.Path():
                binding = self._program.find(self._unit, node)
                if isinstance(binding, Member):
                    binding = binding.enum
                if isinstance(binding, Symbol):
                    found.append(Reference(binding, node.span, indirect))
            case n.Subscript(base=base, items=items):
                self._inside(base, indirect=indirect, found=found)
                for index, item in enumerate(items):
                    through = indirect or self._may_be_empty(base, index, len(items))
                    self._inside(item, indirect=through, found=found)
            case n.Union(members=members):
                indirect = indirect or any(isinstance(member, n.Constant) for member in members)
                children = members
            case n.Pair(key=key, value=value):
                children = (key, value)
            case n.Keyword(value=value):
                children = (value,)
            case n.Call(arguments=arguments):
                children = arguments
            case n.Display(items=elements):
                children = elements
            case n.DictDisplay(items=pairs):
                children = pairs
            case n.Signed(operand=operand):
                children = (operand,)
            case _:
                pass
        for child in children:
            if not isinstance(child, _LITERALS):
                self._inside(child, indirect=indirect, found=found)

    def _may_be_empty(self, base: n.Path, index: int, count: int) -> bool:
        """Tell whether argument ``index`` of a generic type may be absent from a value of it."""
        binding = self._program.find(self._unit, base)
        name = vocabulary.CONSTRUCTORS.get(binding.name) if isinstance(binding, Builtin) else None
        if name in ("dict", "TSD"):
            return index == 1
        return name in ("list", "Optional") or (name == "TSL" and count == 1) or (name == "Union" and count > 1)
