"""Builds the syntax tree while the parser runs: one method for each rule of ``grammar/hgt.lark``.

Lark calls these as it reduces, so no parse tree exists in between and nothing recurses.
"""

from __future__ import annotations

from typing import Any, TypeVar, cast

from lark import Token, Transformer

from hgvalue_gen.diagnostics import Span
from hgvalue_gen.syntax import nodes as n

Children = list[Any]
_T = TypeVar("_T")


def span_of(token: Token) -> Span:
    return Span(cast(int, token.start_pos), cast(int, token.end_pos))


def _ident(token: Token) -> n.Ident:
    return n.Ident(span_of(token), token.value)


def _between(first: Any, last: Any) -> Span:
    start = first.start_pos if isinstance(first, Token) else first.span.start
    end = last.end_pos if isinstance(last, Token) else last.span.end
    return Span(cast(int, start), cast(int, end))


def _of(kind: type[_T], children: Children) -> tuple[_T, ...]:
    return tuple(child for child in children if isinstance(child, kind))


class TreeBuilder(Transformer[Token, n.File]):
    """``children`` hold nodes and the tokens the grammar names; quoted tokens have been dropped."""

    def file(self, children: Children) -> tuple[n.Statement, ...]:
        return tuple(children)

    def block(self, children: Children) -> tuple[n.Statement, ...]:
        return tuple(child for child in children if not isinstance(child, Token))

    # -- imports ----------------------------------------------------------------------------------------------

    def module_name(self, children: Children) -> n.ImportedModule:
        path, alias = children
        return n.ImportedModule(_between(path, alias or path), path, _ident(alias) if alias else None)

    def import_module(self, children: Children) -> n.ImportModule:
        return n.ImportModule(_between(children[0], children[-1]), tuple(children))

    def import_name(self, children: Children) -> n.ImportedName:
        name, alias = children
        return n.ImportedName(_between(name, alias or name), _ident(name), _ident(alias) if alias else None)

    def dots(self, children: Children) -> tuple[Span, int]:
        return _between(children[0], children[-1]), sum(len(token) for token in children)

    def source(self, children: Children) -> tuple[Span, int, n.Path | None]:
        path = children[-1] if isinstance(children[-1], n.Path) else None
        if isinstance(children[0], n.Path):
            return children[0].span, 0, path
        dots, level = children[0]
        return Span(dots.start, path.span.end if path else dots.end), level, path

    def import_from(self, children: Children) -> n.ImportFrom:
        source, level, path = children[0]
        names = None if isinstance(children[1], Token) else tuple(children[1:])
        end = children[-1].end_pos if names is None else children[-1].span.end
        return n.ImportFrom(Span(source.start, end), source, level, path, names)

    # -- declarations -----------------------------------------------------------------------------------------

    def decorators(self, children: Children) -> tuple[n.Decorator, ...]:
        values = [child for child in children if not isinstance(child, Token)]
        return tuple(n.Decorator(value.span, value) for value in values)

    def class_def(self, children: Children) -> n.ClassDef:
        decorators, name, *rest, body = children
        parameters, arguments, closing = rest
        last = closing or name
        return n.ClassDef(_between(name, last), _ident(name), decorators, parameters, arguments or (), body)

    def type_parameter(self, children: Children) -> Span:
        return span_of(next(child for child in children if isinstance(child, Token) and child.type == "NAME"))

    def type_parameters(self, children: Children) -> Span:
        return Span(children[0].start - 1, cast(int, children[-1].end_pos))

    def type_alias(self, children: Children) -> n.TypeAliasStatement:
        keyword, name, parameters, value = children
        return n.TypeAliasStatement(_between(keyword, value), _ident(name), parameters, value)

    def annotated(self, children: Children) -> n.Annotated:
        target, annotation, default = children
        return n.Annotated(_between(target, default or annotation), target, annotation, default)

    def assignment(self, children: Children) -> n.Assignment:
        return n.Assignment(_between(children[0], children[-1]), tuple(children[:-1]), children[-1])

    def expression_statement(self, children: Children) -> n.ExpressionStatement:
        return n.ExpressionStatement(children[0].span, children[0])

    def pass_statement(self, children: Children) -> n.Pass:
        return n.Pass(span_of(children[0]))

    def foreign(self, children: Children) -> n.Foreign:
        token = children[1]
        return n.Foreign(span_of(token), token.value)

    # -- expressions ------------------------------------------------------------------------------------------

    def operation(self, children: Children) -> n.Operation:
        operator = next(child for child in children if isinstance(child, Token))
        return n.Operation(_between(children[0], children[-1]), _ident(operator))

    def union(self, children: Children) -> n.Expression:
        if len(children) == 1:
            return cast(n.Expression, children[0])
        return n.Union(_between(children[0], children[-1]), tuple(children))

    def signed(self, children: Children) -> n.Signed:
        sign, operand = children
        return n.Signed(_between(sign, operand), sign.value, operand)

    def path(self, children: Children) -> n.Path:
        if len(children) == 1:  # by far the most frequent node
            name = _ident(children[0])
            return n.Path(name.span, (name,))
        return n.Path(_between(children[0], children[-1]), tuple(map(_ident, children)))

    def subscript(self, children: Children) -> n.Subscript:
        base, items, closing = children
        return n.Subscript(_between(base, closing), base, items)

    def call(self, children: Children) -> n.Call:
        function, arguments, closing = children
        return n.Call(_between(function, closing), function, arguments)

    def items(self, children: Children) -> tuple[n.Expression | n.Pair, ...]:
        return tuple(children)

    def arguments(self, children: Children) -> tuple[n.Expression | n.Keyword, ...]:
        return tuple(children)

    def pair(self, children: Children) -> n.Pair:
        key, value = children
        return n.Pair(_between(key, value), key, value)

    def keyword(self, children: Children) -> n.Keyword:
        name, value = children
        return n.Keyword(_between(name, value), _ident(name), value)

    def number(self, children: Children) -> n.Number:
        return n.Number(span_of(children[0]), children[0].value)

    def string(self, children: Children) -> n.String:
        return n.String(_between(children[0], children[-1]), tuple(token.value for token in children))

    def constant(self, children: Children) -> n.Constant:
        return n.Constant(span_of(children[0]), children[0].value)

    def group(self, children: Children) -> n.Expression:
        return cast(n.Expression, children[1])

    def tuple_display(self, children: Children) -> n.Display:
        return n.Display(_between(children[0], children[-1]), "tuple", tuple(children[1:-1]))

    def list_display(self, children: Children) -> n.Display:
        return n.Display(_between(children[0], children[-1]), "list", tuple(children[1:-1]))

    def set_display(self, children: Children) -> n.Display:
        return n.Display(_between(children[0], children[-1]), "set", tuple(children[1:-1]))

    def dict_display(self, children: Children) -> n.DictDisplay:
        return n.DictDisplay(_between(children[0], children[-1]), tuple(children[1:-1]))

    def broken(self, children: Children) -> n.Broken:
        return n.Broken(span_of(children[0]))
