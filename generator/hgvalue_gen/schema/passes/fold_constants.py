"""Work out enums and constants, and tell aliases of constants from aliases of types."""

from __future__ import annotations

from hgvalue_gen.diagnostics import Location, Note
from hgvalue_gen.schema import model as m
from hgvalue_gen.schema import names
from hgvalue_gen.schema.constants import ConstantFolder, Failed
from hgvalue_gen.schema.program import LOST, Builtin, Kind, Member, Program, Symbol
from hgvalue_gen.schema.vocabulary import MATH
from hgvalue_gen.syntax import nodes as n


class FoldConstants:
    """Gives every enum its type and every constant its value. After it, an ALIAS is an alias of a type."""

    def run(self, program: Program) -> None:
        self._program = program
        for symbol in program.order:
            if symbol.broken:
                continue
            if symbol.kind is Kind.ENUM:
                self._enum(symbol)
            elif symbol.kind is Kind.ALIAS and self._names_value(symbol):
                symbol.kind = Kind.CONSTANT
            if symbol.kind is Kind.CONSTANT:
                self._constant(symbol)

    def _names_value(self, symbol: Symbol) -> bool:
        expression = symbol.expression
        if not isinstance(expression, n.Path):
            return False
        binding = self._program.find(symbol.unit, expression)
        if binding is LOST or (isinstance(binding, Symbol) and binding.broken):
            symbol.broken = True
        if isinstance(binding, Builtin) and binding.name in MATH:
            return True
        return isinstance(binding, Member) or (isinstance(binding, Symbol) and binding.kind is Kind.CONSTANT)

    def _constant(self, symbol: Symbol) -> None:
        if symbol.broken:
            return
        value = ConstantFolder(self._program, symbol.unit).fold(symbol.expression)
        if isinstance(value, Failed):
            symbol.broken = True
        else:
            symbol.value, symbol.folded = value, True

    # -- enums ------------------------------------------------------------------------------------------------

    def _enum(self, symbol: Symbol) -> None:
        assert isinstance(symbol.node, n.ClassDef)
        self._symbol = symbol
        self._members: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._largest = 0
        self._places: dict[str, n.Ident] = {}
        for index, statement in enumerate(symbol.node.body):
            match statement:
                case n.Assignment(targets=(n.Path(parts=(name,)),), value=value):
                    self._member(name, value)
                case n.Pass() | n.ExpressionStatement(value=n.Constant(text="...") | n.Broken()):
                    pass
                case n.ExpressionStatement(value=n.String()) if index == 0 or self._members:
                    pass
                case _:
                    self._error(
                        "HGT028",
                        "this statement is not accepted in an enum",
                        statement,
                        help="a member is written `NAME = 1` or `NAME = auto()`",
                    )
        if not self._members and not symbol.broken and not symbol.unit.tree.lost:
            self._program.error("HGT036", f"enum `{symbol.name.text}` has no members", symbol.unit, symbol.name.span)
        if not self._members:
            symbol.broken = True
        if not symbol.broken:
            members = tuple(self._members.items())
            symbol.type = symbol.declaration = self._program.pool.make(
                m.EnumType, symbol.unit.name, symbol.name.text, members, symbol.doc, symbol.enum_base
            )

    def _member(self, name: n.Ident, node: n.Expression) -> None:
        if name.text in self._places:
            self._repeated("HGT011", f"member `{name.text}` is declared twice", name, name.text)
            return
        problem = names.member_problem(name.text)
        if problem:
            self._error("HGT022", problem, name, help="choose another name")
        self._places[name.text] = name
        value = self._value(node)
        if value is None:
            self._symbol.broken = True
            return
        same = self._names.get(value)
        if same is not None:
            self._repeated("HGT026", f"`{name.text}` has the value of `{same}`, {value}", name, same)
        elif value not in m.INT64:
            self._error("HGT027", f"the value {value} does not fit into 64 bits", node)
        else:
            self._largest = max(value, self._largest) if self._members else value
            self._members[name.text], self._names[value] = value, name.text

    def _value(self, node: n.Expression) -> int | None:
        if isinstance(node, n.Call) and not node.arguments:
            binding = self._program.find(self._symbol.unit, node.function)
            if isinstance(binding, Builtin) and binding.name == "auto":
                # One more than the largest so far, as Python does since 3.13 and before it for growing values.
                return self._largest + 1
        value = ConstantFolder(self._program, self._symbol.unit).fold(node)
        if isinstance(value, Failed):
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            text = self._symbol.unit.source.slice(node.span)
            self._error(
                "HGT027",
                f"`{text}` cannot be an enum value",
                node,
                help="a value is an integer, or `auto()`; the name of the member is its text",
            )
            return None
        return value

    def _repeated(self, code: str, message: str, name: n.Ident, first: str) -> None:
        unit = self._symbol.unit
        note = Note("first used here", Location(unit.source, self._places[first].span))
        self._symbol.broken = True
        self._program.error(code, message, unit, name.span, notes=[note])

    def _error(self, code: str, message: str, node: n.Ident | n.Expression | n.Statement, *, help: str = "") -> None:
        self._symbol.broken = True
        self._program.error(code, message, self._symbol.unit, node.span, help=help)
