"""Enter every declaration of a file under its name, and refuse what is no declaration."""

from __future__ import annotations

from typing import Final

from hgvalue_gen.diagnostics import Location, Note, Span
from hgvalue_gen.schema import literals, model, vocabulary
from hgvalue_gen.schema.program import Declared, Kind, Program, Symbol, Unit
from hgvalue_gen.syntax import nodes as n

#: Right-hand sides that are values whatever their names mean.
_VALUES = (n.Number, n.String, n.Signed, n.Constant, n.Display, n.DictDisplay, n.Operation)


#: Python's enums whose members are texts, or which have values that are no members.
_OTHER_ENUMS: Final = frozenset({"StrEnum", "Flag", "IntFlag", "ReprEnum", "EnumMeta", "EnumType"})
_ENUMS: Final = frozenset({"Enum", "IntEnum", *_OTHER_ENUMS})
_PLAIN_BASES: Final = frozenset({"int", "str", "bytes", "float", "object"})
_NO_NAMES: Final[frozenset[str] | None] = frozenset()


class DeclareNames:
    """Fills ``unit.symbols``. Names are entered in the order of the file; the first of two wins."""

    def run(self, program: Program) -> None:
        self._program = program
        for unit in program.units:
            self._unit = unit
            self._names_read, self._known_names = False, _NO_NAMES
            self._statements(unit)
            unit.scope.update(unit.symbols)

    def _statements(self, unit: Unit) -> None:
        previous: Symbol | None = None
        for index, statement in enumerate(unit.tree.statements):
            symbol = None
            match statement:
                case n.ExpressionStatement(value=n.String() as string):
                    doc = self._doc(string)
                    if index == 0:
                        unit.doc = doc
                    elif previous is not None:
                        previous.doc = doc
                case n.ExpressionStatement(value=n.Constant(text="...") | n.Broken()) | n.Pass():
                    pass
                case n.ImportModule() | n.ImportFrom():
                    pass
                case n.ClassDef():
                    self._class(statement)
                case n.TypeAliasStatement(name=name, parameters=parameters):
                    symbol = self._declare(Kind.ALIAS, name, statement)
                    if parameters is not None:
                        self._generic(symbol, parameters)
                case n.Assignment(targets=targets, value=value):
                    symbol = self._assignment(statement, targets, value)
                case n.Annotated():
                    symbol = self._annotated(statement)
                case _:
                    self.refuse(statement)
            previous = symbol

    # -- classes ----------------------------------------------------------------------------------------------

    def _class(self, node: n.ClassDef) -> None:
        for decorator in node.decorators:
            self._decorator(decorator)
        base = self._base(node)
        symbol = self._declare(
            {"Enum": Kind.ENUM, "IntEnum": Kind.ENUM, "CompoundScalar": Kind.STRUCT}.get(base, Kind.BUNDLE),
            node.name,
            node,
        )
        symbol.enum_base = "IntEnum" if base == "IntEnum" else "Enum"
        symbol.opaque = not base
        symbol.broken = symbol.broken or symbol.opaque
        if node.body and isinstance(first := node.body[0], n.ExpressionStatement) and isinstance(first.value, n.String):
            symbol.doc = self._doc(first.value)
        if node.parameters is not None:
            self._generic(symbol, node.parameters)

    def _base(self, node: n.ClassDef) -> str:
        """Return which of the three kinds of class this is; empty if that has been reported as wrong."""
        bases: list[str] = []
        for argument in node.arguments:
            if isinstance(argument, n.Keyword):
                self._wrong_base(node, argument.span, f"`{argument.name.text}=` is not accepted in a class header")
                return ""
            path = argument.base if isinstance(argument, n.Subscript) else argument
            if not isinstance(path, n.Path):
                self._wrong_base(node, argument.span, "a base class is a name")
                return ""
            name = path.parts[-1].text
            if name in vocabulary.GENERICS:
                self._program.unsupported("generic classes are", self._unit, argument.span)
                return ""
            if isinstance(argument, n.Subscript):
                self._program.unsupported("inheritance from a generic class is", self._unit, argument.span)
                return ""
            if len(node.arguments) > 1 and name in _PLAIN_BASES and _is_enum(node):
                self._wrong_enum(node, argument.span, f"an enum cannot derive from `{name}` as well")
                return ""
            bases.append(vocabulary.BASES.get(name, "") or self._other_base(node, path))
            if not bases[-1]:
                return ""
        if len(bases) != 1:
            problem = "has more than one base class" if bases else "has no base class"
            self._wrong_base(node, node.name.span, f"class `{node.name.text}` {problem}")
            return ""
        return bases[0]

    def _other_base(self, node: n.ClassDef, path: n.Path) -> str:
        name = path.parts[-1].text
        if name in _OTHER_ENUMS and not self._may_know(name):
            self._wrong_enum(node, path.span, f"`{path.text}` cannot be the base of an enum")
        elif name in vocabulary.NAMES or name == "object":
            self._wrong_base(node, path.span, f"`{path.text}` cannot be a base class")
        elif not self._may_know(path.parts[0].text):
            self._program.unknown(self._unit, path, vocabulary.BASES)
        else:
            self._program.unsupported(
                f"inheritance from another class (`{path.text}`) is",
                self._unit,
                path.span,
                help="derive from CompoundScalar or TimeSeriesSchema, and repeat the fields",
            )
        return ""

    def _wrong_base(self, node: n.ClassDef, span: Span, message: str) -> None:
        help = f"write `class {node.name.text}(TimeSeriesSchema):`, or derive from CompoundScalar or Enum"
        self._program.error("HGT035", message, self._unit, span, help=help)

    def _wrong_enum(self, node: n.ClassDef, span: Span, message: str) -> None:
        help = (
            f"write `class {node.name.text}(Enum):` or `class {node.name.text}(IntEnum):`; values are single integers"
        )
        self._program.error("HGT035", message, self._unit, span, help=help)

    def _decorator(self, decorator: n.Decorator) -> None:
        value = decorator.value
        path = value.function if isinstance(value, n.Call) else value
        if not isinstance(path, n.Path) or path.parts[-1].text not in vocabulary.DECORATORS:
            text = self._unit.source.slice(decorator.span)
            self._program.error(
                "HGT038",
                f"decorator `@{text}` is not accepted",
                self._unit,
                decorator.span,
                help="`@dataclass` and `@unique` are, and mean nothing",
            )

    def _generic(self, symbol: Symbol, span: Span) -> None:
        symbol.broken = symbol.opaque = True
        self._program.unsupported("type parameters are", self._unit, span, help="write one class for each type")

    def _may_know(self, name: str) -> bool:
        """Tell whether the file declares or imports a name, right or wrong, before scopes are there to ask."""
        if not self._names_read:
            self._names_read, self._known_names = True, _names_in(self._unit)
        return self._known_names is None or name in self._known_names

    # -- aliases and constants --------------------------------------------------------------------------------

    def _assignment(
        self, statement: n.Assignment, targets: tuple[n.Expression, ...], value: n.Expression
    ) -> Symbol | None:
        symbol = None
        for target in targets:
            if not isinstance(target, n.Path) or len(target.parts) != 1:
                self.refuse(statement)
                return None
            symbol = self._declare(_kind_of(value), target.parts[0], statement)
            if isinstance(value, n.Call) and value.function.parts[-1].text in vocabulary.GENERICS:
                symbol.broken = True
                self._program.unsupported("type variables are", self._unit, value.span)
        return symbol

    def _annotated(self, statement: n.Annotated) -> Symbol | None:
        annotation, target = statement.annotation, statement.target
        marker = annotation.base if isinstance(annotation, n.Subscript) else annotation
        is_marked = isinstance(marker, n.Path) and marker.parts[-1].text in ("TypeAlias", "Final")
        if not is_marked or statement.default is None or not isinstance(target, n.Path) or len(target.parts) != 1:
            self._program.error(
                "HGT028",
                "a field outside a class",
                self._unit,
                statement.span,
                help="fields belong in a class; an alias or constant is written `Name = ...`",
            )
            return None
        return self._declare(_kind_of(statement.default), target.parts[0], statement)

    # -- names ------------------------------------------------------------------------------------------------

    def _declare(self, kind: Kind, name: n.Ident, node: Declared) -> Symbol:
        symbol = Symbol(self._unit, kind, name, node)
        earlier = self._unit.symbols.get(name.text)
        if name.text in vocabulary.NAMES:
            symbol.broken = True
            self._program.error(
                "HGT037", f"`{name.text}` is a name of the language", self._unit, name.span, help="choose another name"
            )
        elif earlier is not None:
            symbol.broken = True
            self._program.error(
                "HGT011",
                f"`{name.text}` is declared twice",
                self._unit,
                name.span,
                notes=[Note("first declared here", Location(self._unit.source, earlier.name.span))],
            )
        else:
            self._unit.symbols[name.text] = symbol
        return symbol

    def _doc(self, node: n.String) -> model.Doc:
        try:
            value = literals.string(node)
        except literals.LiteralError as error:
            self._program.error("HGT003", str(error), self._unit, node.span)
            return None
        return literals.clean_doc(value)

    def refuse(self, statement: n.Statement) -> None:
        """Report a statement that has no place at the top level of a file."""
        text = f"`{statement.keyword}`" if isinstance(statement, n.Foreign) else "this statement"
        self._program.error(
            "HGT028",
            f"{text} is not accepted in a schema file",
            self._unit,
            statement.span,
            help="a file holds imports, classes, aliases (`Board = TSD[...]`) and constants (`DEPTH = Size[5]`)",
        )


def _is_enum(node: n.ClassDef) -> bool:
    """Tell whether a class derives from an enum of Python, among others."""
    paths = [argument for argument in node.arguments if isinstance(argument, n.Path)]
    return any(path.parts[-1].text in _ENUMS for path in paths)


def _names_in(unit: Unit) -> frozenset[str] | None:
    """Return the names a file declares or imports, right or wrong; None if that may be any name."""
    found = set(unit.tree.lost)
    for statement in unit.tree.statements:
        match statement:
            case n.ClassDef(name=declared) | n.TypeAliasStatement(name=declared):
                found.add(declared.text)
            case n.Assignment(targets=targets):
                found.update(target.text for target in targets if isinstance(target, n.Path))
            case n.ImportModule(modules=modules):
                found.update((module.alias or module.path.parts[0]).text for module in modules)
            case n.ImportFrom(names=None) if id(statement) in unit.links:
                return None
            case n.ImportFrom(names=names):
                found.update((imported.alias or imported.name).text for imported in names or ())
            case _:
                pass
    return frozenset(found)


def _kind_of(value: n.Expression) -> Kind:
    """Return whether ``value`` is a type or a constant, as far as its form shows; a mere name may yet be either."""
    if isinstance(value, n.Constant) and value.text == "None":
        return Kind.CONSTANT
    if isinstance(value, (*_VALUES, n.Call)):
        return Kind.CONSTANT
    if isinstance(value, n.Subscript) and value.base.parts[-1].text in vocabulary.SIZES:
        return Kind.CONSTANT
    return Kind.ALIAS
