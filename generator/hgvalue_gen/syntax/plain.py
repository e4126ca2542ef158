"""Reads the statements that large schemas consist of, without the parser: fields, aliases, constants and classes.

Lark takes some microseconds for each token. Generated schemas have a million, nearly all of them in statements of a few
forms, and those are read here by recursive descent. What is given is exactly what Lark would give for the same
text (``tests/python/frontend/syntax/test_plain.py`` compares them). Whatever is unusual, and every error, is left to
Lark: nothing is reported here.
"""

from __future__ import annotations

from typing import Final

from hgvalue_gen.diagnostics import Span
from hgvalue_gen.syntax import nodes as n
from hgvalue_gen.syntax.layout import MAX_NESTING
from hgvalue_gen.syntax.lexer import END, Tokens

_CONSTANTS: Final = frozenset({"NONE", "TRUE", "FALSE", "ELLIPSIS"})
_SIGNS: Final = frozenset({"PLUS", "MINUS"})


class NotPlain(Exception):
    """The statement is not of a form that is read here."""


class PlainReader:
    """Reads statements from the tokens of one text. Every method takes an index and returns where it came to."""

    def __init__(self, text: str, tokens: Tokens) -> None:
        self._text = text
        self._kinds, self._spans = tokens
        self._depth = 0

    def first(self) -> int:
        """Return where the first statement begins. Raises NotPlain if it is indented."""
        if self._kinds[0] == "_NEWLINE":
            at, indent = self._line_end(0)
        else:
            at, indent = 0, self._spans[0].start
        if indent and self._kinds[at] != END:
            raise NotPlain
        return at

    def next_line(self, at: int) -> int:
        """Return where the line without indentation begins that comes after ``at``, decorators and all."""
        kinds = self._kinds
        while kinds[at] != END:
            if kinds[at] == "_NEWLINE" and self._text[self._spans[at].end - 1] == "\n":
                return at + 1
            at += 1
        return at

    def statement(self, at: int) -> tuple[n.Statement, int]:
        """Return the statement of the outermost level that begins at ``at``, and where the next one does.

        Raises NotPlain if Lark has to look at it.
        """
        self._depth = 0
        if self._kinds[at] == "CLASS":
            return self._class(at)
        made, at = self._simple(at)
        at, indent = self._line_end(at)
        if indent:
            raise NotPlain
        return made, at

    # -- statements -------------------------------------------------------------------------------------------

    def _class(self, at: int) -> tuple[n.Statement, int]:
        kinds, spans = self._kinds, self._spans
        if kinds[at + 1] != "NAME":
            raise NotPlain
        name = self._ident(at + 1)
        end, at = name.span.end, at + 2
        arguments: tuple[n.Expression | n.Keyword, ...] = ()
        if kinds[at] == "LPAR":
            arguments, at = self._arguments(at + 1)
            end = spans[at].end
            at += 1
        if kinds[at] != "COLON":
            raise NotPlain
        at, level = self._line_end(at + 1)
        if not level or kinds[at] == END:
            raise NotPlain
        body: list[n.Statement] = []
        indent = level
        while indent == level and kinds[at] != END:
            made, at = self._simple(at)
            body.append(made)
            at, indent = self._line_end(at)
        if indent and kinds[at] != END:
            raise NotPlain
        return n.ClassDef(Span(name.span.start, end), name, (), None, arguments, tuple(body)), at

    def _simple(self, at: int) -> tuple[n.Statement, int]:
        kinds = self._kinds
        if kinds[at] == "TYPE":
            if kinds[at + 1] != "NAME" or kinds[at + 2] != "EQUAL":
                raise NotPlain
            value, end = self._expression(at + 3)
            span = Span(self._spans[at].start, value.span.end)
            return n.TypeAliasStatement(span, self._ident(at + 1), None, value), end
        if kinds[at] == "PASS":
            return n.Pass(self._spans[at]), at + 1
        if kinds[at] in _CONSTANTS and kinds[at + 1] == "COLON":
            raise NotPlain
        target, at = self._expression(at)
        if kinds[at] == "COLON":
            annotation, at = self._expression(at + 1)
            if kinds[at] != "EQUAL":
                return n.Annotated(Span(target.span.start, annotation.span.end), target, annotation, None), at
            default, at = self._expression(at + 1)
            return n.Annotated(Span(target.span.start, default.span.end), target, annotation, default), at
        if kinds[at] == "EQUAL":
            value, at = self._expression(at + 1)
            return n.Assignment(Span(target.span.start, value.span.end), (target,), value), at
        return n.ExpressionStatement(target.span, target), at

    def _line_end(self, at: int) -> tuple[int, int]:
        """Return where the next line begins, and how many spaces are in front of it."""
        kind = self._kinds[at]
        if kind == END:
            return at, 0
        if kind != "_NEWLINE":
            raise NotPlain
        if self._kinds[at + 1] == END:
            return at + 1, 0
        start, end = self._spans[at]
        if self._spans[at + 1].start != end:
            raise NotPlain  # a line goes on behind a backslash
        indent = end - self._text.rfind("\n", start, end) - 1
        if indent and not self._text[end - indent : end] == " " * indent:
            raise NotPlain
        return at + 1, indent

    # -- expressions ------------------------------------------------------------------------------------------

    def _expression(self, at: int) -> tuple[n.Expression, int]:
        first, at = self._primary(at)
        kinds = self._kinds
        if kinds[at] != "VBAR":
            return first, at
        members = [first]
        while kinds[at] == "VBAR":
            member, at = self._primary(at + 1)
            members.append(member)
        return n.Union(Span(first.span.start, members[-1].span.end), tuple(members)), at

    def _primary(self, at: int) -> tuple[n.Expression, int]:
        kinds, spans = self._kinds, self._spans
        kind, span = kinds[at], spans[at]
        if kind == "NAME":
            following = kinds[at + 1]
            path = n.Path(span, (self._ident(at),))
            if following == "DOT":
                return self._dotted(at)
            if following == "LSQB":
                return self._subscript(path, at + 2)
            if following == "LPAR":
                arguments, at = self._arguments(at + 2)
                return n.Call(Span(span.start, spans[at].end), path, arguments), at + 1
            return path, at + 1
        if kind == "NUMBER":
            return n.Number(span, self._text[span.start : span.end]), at + 1
        if kind == "STRING":
            return self._string(at)
        if kind in _CONSTANTS:
            return n.Constant(span, self._text[span.start : span.end]), at + 1
        if kind in _SIGNS:
            if kinds[at + 1] in _SIGNS:
                raise NotPlain
            operand, end = self._primary(at + 1)
            return n.Signed(Span(span.start, operand.span.end), self._text[span.start], operand), end
        if kind == "LSQB":
            items, at = self._elements(at + 1, "RSQB")
            return n.Display(Span(span.start, spans[at].end), "list", items), at + 1
        if kind == "LPAR":
            return self._parenthesised(at)
        if kind == "LBRACE":
            return self._braces(at)
        raise NotPlain

    def _ident(self, at: int) -> n.Ident:
        span = self._spans[at]
        text = self._text[span.start : span.end]
        if not text.isascii():
            raise NotPlain
        return n.Ident(span, text)

    def _dotted(self, at: int) -> tuple[n.Expression, int]:
        kinds, spans = self._kinds, self._spans
        start = spans[at].start
        parts = [self._ident(at)]
        at += 1
        while kinds[at] == "DOT":
            if kinds[at + 1] != "NAME":
                raise NotPlain
            parts.append(self._ident(at + 1))
            at += 2
        path = n.Path(Span(start, parts[-1].span.end), tuple(parts))
        if kinds[at] == "LSQB":
            return self._subscript(path, at + 1)
        if kinds[at] == "LPAR":
            arguments, at = self._arguments(at + 1)
            return n.Call(Span(start, spans[at].end), path, arguments), at + 1
        return path, at

    def _string(self, at: int) -> tuple[n.Expression, int]:
        kinds, spans = self._kinds, self._spans
        first = at
        while kinds[at] == "STRING":
            at += 1
        parts = tuple(self._text[start:end] for start, end in spans[first:at])
        return n.String(Span(spans[first].start, spans[at - 1].end), parts), at

    def _subscript(self, base: n.Path, at: int) -> tuple[n.Expression, int]:
        kinds = self._kinds
        items: list[n.Expression | n.Pair] = []
        at = self._open(at)
        while True:
            item, at = self._expression(at)
            if kinds[at] == "COLON":
                value, at = self._expression(at + 1)
                items.append(n.Pair(Span(item.span.start, value.span.end), item, value))
            else:
                items.append(item)
            at = self._separated(at)
            if kinds[at] == "RSQB":
                self._depth -= 1
                return n.Subscript(Span(base.span.start, self._spans[at].end), base, tuple(items)), at + 1

    def _elements(self, at: int, closing: str) -> tuple[tuple[n.Expression, ...], int]:
        """Return the elements up to the bracket that closes them, and where that is."""
        kinds = self._kinds
        elements: list[n.Expression] = []
        at = self._open(at)
        while kinds[at] != closing:
            element, at = self._expression(at)
            elements.append(element)
            at = self._separated(at, closing)
        self._depth -= 1
        return tuple(elements), at

    def _arguments(self, at: int) -> tuple[tuple[n.Expression | n.Keyword, ...], int]:
        kinds = self._kinds
        arguments: list[n.Expression | n.Keyword] = []
        at = self._open(at)
        while kinds[at] != "RPAR":
            if kinds[at] == "NAME" and kinds[at + 1] == "EQUAL":
                name = self._ident(at)
                value, at = self._expression(at + 2)
                arguments.append(n.Keyword(Span(name.span.start, value.span.end), name, value))
            else:
                argument, at = self._expression(at)
                arguments.append(argument)
            at = self._separated(at, "RPAR")
        self._depth -= 1
        return tuple(arguments), at

    def _parenthesised(self, at: int) -> tuple[n.Expression, int]:
        kinds, spans = self._kinds, self._spans
        start = spans[at].start
        elements, at = self._elements(at + 1, "RPAR")
        if len(elements) == 1:
            before = at - 1
            while kinds[before] == "_NEWLINE":
                before -= 1
            if kinds[before] != "COMMA":
                return elements[0], at + 1
        return n.Display(Span(start, spans[at].end), "tuple", elements), at + 1

    def _braces(self, at: int) -> tuple[n.Expression, int]:
        kinds, spans = self._kinds, self._spans
        start = spans[at].start
        items: list[n.Expression] = []
        pairs: list[n.Pair] = []
        at = self._open(at + 1)
        while kinds[at] != "RBRACE":
            item, at = self._expression(at)
            if kinds[at] == "COLON":
                value, at = self._expression(at + 1)
                pairs.append(n.Pair(Span(item.span.start, value.span.end), item, value))
            else:
                items.append(item)
            at = self._separated(at, "RBRACE")
        if items and pairs:
            raise NotPlain
        self._depth -= 1
        span = Span(start, spans[at].end)
        return n.Display(span, "set", tuple(items)) if items else n.DictDisplay(span, tuple(pairs)), at + 1

    # -- inside brackets --------------------------------------------------------------------------------------

    def _open(self, at: int) -> int:
        """Enter a bracket whose first token is at ``at``, and pass over a line end there."""
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise NotPlain
        return at + 1 if self._kinds[at] == "_NEWLINE" else at

    def _separated(self, at: int, closing: str = "RSQB") -> int:
        """Pass over the comma after an element, and over line ends; a bracket may follow instead."""
        kinds = self._kinds
        if kinds[at] == "_NEWLINE":
            at += 1
        if kinds[at] == "COMMA":
            at += 1
            return at + 1 if kinds[at] == "_NEWLINE" else at
        if kinds[at] != closing:
            raise NotPlain
        return at
