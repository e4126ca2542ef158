"""Make the types: of every alias, and of every class with its fields and their defaults."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hgvalue_gen.diagnostics import Location, Note, Span
from hgvalue_gen.schema import literals, names
from hgvalue_gen.schema import model as m
from hgvalue_gen.schema.constants import Failed
from hgvalue_gen.schema.defaults import DefaultFolder
from hgvalue_gen.schema.program import Builtin, Kind, Program, Symbol
from hgvalue_gen.schema.types import TypeResolver
from hgvalue_gen.syntax import nodes as n


class ResolveTypes:
    """Gives symbols their types and declarations. What a symbol uses has its type already, in ``program.order``."""

    def run(self, program: Program) -> None:
        self._program = program
        resolvers = {id(unit): TypeResolver(program, unit) for unit in program.units}
        for symbol in program.order:
            # A class on a cycle is broken, but what its fields are besides can still be checked.
            if symbol.opaque or (symbol.broken and symbol.kind is Kind.ALIAS):
                continue
            self._symbol = symbol
            self._types = resolvers[id(symbol.unit)]
            match symbol.kind:
                case Kind.ALIAS:
                    self._alias(symbol)
                case Kind.STRUCT:
                    self._struct(symbol)
                case Kind.BUNDLE:
                    self._bundle(symbol)
                case _:
                    continue
            symbol.broken = symbol.type is None

    def _alias(self, symbol: Symbol) -> None:
        symbol.type = self._types.any(symbol.expression)
        # A mere name is another name for the same thing; anything else that ticks is a root of its own.
        if isinstance(symbol.type, m.TimeSeriesType) and not self._is_mere_name(symbol):
            symbol.declaration = m.Root(symbol.name.text, symbol.type, symbol.doc)

    def _is_mere_name(self, symbol: Symbol) -> bool:
        expression = symbol.expression
        # SIGNAL has no arguments, and yet it is not the name of a root but a type, as `TS[int]` is.
        return isinstance(expression, n.Path) and not isinstance(self._program.find(symbol.unit, expression), Builtin)

    def _struct(self, symbol: Symbol) -> None:
        fields: list[m.StructField] = []
        defaults = DefaultFolder(self._program, symbol.unit)
        for field, doc in self._fields():
            type, item_only = self._types.field(field.annotation, self._types.scalar)
            name = self._check_member(field, names.STRUCT_MEMBERS, item_only)
            if type is None:
                symbol.broken = True
                continue
            value: m.DefaultValue | Failed = None
            if field.default is not None:
                value = defaults.fold(field.default, type)
            if isinstance(value, Failed):
                symbol.broken = True
                continue
            fields.append(m.StructField(name, type, field.default is not None, value, doc, item_only))
        self._finish(m.StructType, tuple(fields))

    def _bundle(self, symbol: Symbol) -> None:
        fields: list[m.BundleField] = []
        for field, doc in self._fields():
            type, item_only = self._types.field(field.annotation, self._types.time_series)
            name = self._check_member(field, names.BUNDLE_MEMBERS, item_only)
            if field.default is not None:
                self._error(
                    "HGT025",
                    f"time-series field `{name}` cannot have a default",
                    field.default.span,
                    help="time series start out not valid; write the first value at run time",
                )
            if type is None:
                symbol.broken = True
            else:
                fields.append(m.BundleField(name, type, doc, item_only))
        self._finish(m.Bundle, tuple(fields))

    def _finish(self, kind: type[Any], fields: tuple[Any, ...]) -> None:
        symbol = self._symbol
        if not fields and not symbol.broken and not symbol.unit.tree.lost:
            self._error("HGT036", f"class `{symbol.name.text}` has no fields", symbol.name.span)
        if not fields or symbol.broken:
            return
        try:
            made = self._program.pool.make(kind, symbol.unit.name, symbol.name.text, fields, symbol.doc)
        except m.SchemaTypeError as error:
            self._error(error.code, str(error), symbol.name.span, help=error.help)
            return
        symbol.type = symbol.declaration = made

    # -- fields -----------------------------------------------------------------------------------------------

    def _fields(self) -> Iterator[tuple[n.Annotated, m.Doc]]:
        """Yield the fields of the class with their docstrings: strings right after the field."""
        node = self._symbol.node
        assert isinstance(node, n.ClassDef)
        seen: dict[str, Span] = {}
        body = node.body
        for index, statement in enumerate(body):
            match statement:
                case n.Annotated(target=n.Path(parts=(name,))):
                    if name.text in seen:
                        self._repeated(name, seen[name.text])
                        continue
                    seen[name.text] = name.span
                    yield statement, self._doc(body[index + 1]) if index + 1 < len(body) else None
                case n.Pass() | n.ExpressionStatement(value=n.Constant(text="...") | n.Broken() | n.String()):
                    pass
                case _:
                    self._refuse(statement)

    def _repeated(self, name: n.Ident, first: Span) -> None:
        note = Note("first declared here", Location(self._symbol.unit.source, first))
        unit = self._symbol.unit
        self._program.error("HGT011", f"field `{name.text}` is declared twice", unit, name.span, notes=[note])

    def _doc(self, following: n.Statement) -> m.Doc:
        if not isinstance(following, n.ExpressionStatement) or not isinstance(following.value, n.String):
            return None
        try:
            value = literals.string(following.value)
        except literals.LiteralError as error:
            self._error("HGT003", str(error), following.span)
            return None
        return literals.clean_doc(value)

    def _check_member(self, field: n.Annotated, members: frozenset[str], item_only: bool) -> str:
        assert isinstance(field.target, n.Path)
        name = field.target.parts[0]
        self._types.check_member(name.text, name.span, members, item_only)
        return name.text

    def _refuse(self, statement: n.Statement) -> None:
        text = f"`{statement.keyword}`" if isinstance(statement, n.Foreign) else "this statement"
        is_plain = isinstance(statement, n.Assignment)
        self._error(
            "HGT028",
            f"{text} is not accepted in a class",
            statement.span,
            help="a field is written `name: T = default`" if is_plain else "a class holds fields, written `name: T`",
        )

    def _error(self, code: str, message: str, span: Span, *, help: str = "") -> None:
        self._program.error(code, message, self._symbol.unit, span, help=help)
