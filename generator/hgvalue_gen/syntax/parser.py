"""Text → syntax tree, with every error of form reported rather than the first alone."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from lark import Lark, Token
from lark.exceptions import UnexpectedToken
from lark.parsers.lalr_analysis import Shift

from hgvalue_gen.diagnostics import Reporter, Source, Span
from hgvalue_gen.syntax.builder import TreeBuilder
from hgvalue_gen.syntax.layout import Layout, TooManyErrors
from hgvalue_gen.syntax.lexer import END, Lexer, Tokens, as_lark
from hgvalue_gen.syntax.nodes import File, Statement
from hgvalue_gen.syntax.plain import NotPlain, PlainReader

#: Kinds of tokens that may make something else of the lines around them.
_FOREIGN: Final = frozenset({"FOREIGN", "STRAY", "OPEN_STRING"})

#: How messages call tokens that have no spelling of their own.
_CALLED: Final = {
    "NAME": "a name",
    "NUMBER": "a number",
    "STRING": "a string",
    "_NEWLINE": "the end of the line",
    "_INDENT": "an indented block",
    "_DEDENT": "the end of the block",
    "$END": "the end of the file",
    "COLON": "`:`",
    "COMMA": "`,`",
    "EQUAL": "`=`",
    "RSQB": "`]`",
    "RPAR": "`)`",
    "RBRACE": "`}`",
    "IMPORT": "`import`",
}


def grammar_text() -> str:
    """Return the grammar: from inside the installed package, or from beside the package in a checkout.

    Raises FileNotFoundError if it is in neither place, which means a broken installation.
    """
    installed = files("hgvalue_gen") / "grammar" / "hgt.lark"
    if installed.is_file():
        return installed.read_text(encoding="utf-8")
    return (Path(__file__).resolve().parents[3] / "grammar" / "hgt.lark").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(grammar_text(), start="file", parser="lalr", lexer="basic", transformer=TreeBuilder())


@lru_cache(maxsize=1)
def _lexer() -> Lexer:
    return Lexer.of(_parser())


def parse(source: Source, reporter: Reporter) -> File:
    """Parse a whole file. Statements that are not well-formed are reported and left out; this never raises."""
    tokens = _lexer().tokens(source.text)
    statements = _plain(source, tokens)
    if statements is not None:
        return File(statements, frozenset())
    return _lark(source, as_lark(source.text, tokens, 0, len(tokens.kinds) - 1), reporter)


def parse_with_lark(source: Source, reporter: Reporter) -> File:
    """Parse a whole file by the grammar alone: the same in more time, which tests compare :func:`parse` with."""
    tokens = _lexer().tokens(source.text)
    return _lark(source, as_lark(source.text, tokens, 0, len(tokens.kinds) - 1), reporter)


def _lark(source: Source, raw: list[Token], reporter: Reporter) -> File:
    layout = Layout(source, reporter)
    state = _parser().parse_interactive("").parser_state
    try:
        return _Run(state, layout, len(source.text)).file(layout.tokens(raw))
    except TooManyErrors:
        return File((), frozenset(token.value for token in raw if token.type == "NAME"))


def _plain(source: Source, tokens: Tokens) -> tuple[Statement, ...] | None:
    """Read a file without errors, and its plain statements without Lark; None if there is an error.

    An error may concern all of the file behind it, so Lark has to see that as a whole.
    """
    kinds = tokens.kinds
    if not _FOREIGN.isdisjoint(kinds):
        return None
    reader = PlainReader(source.text, tokens)
    made: list[Statement] = []
    errors = Reporter()

    def others(first: int, last: int) -> None:
        if first < last:
            made.extend(_lark(source, as_lark(source.text, tokens, first, last), errors).statements)

    try:
        at = left = reader.first()
    except NotPlain:
        return None
    while kinds[at] != END and not errors.has_errors:
        begin = at
        try:
            statement, at = reader.statement(at)
        except NotPlain:
            # A decorator is a line of its own, but the class below belongs to it.
            while kinds[at] == "AT":
                at = reader.next_line(at)
            at = reader.next_line(at)
        else:
            others(left, begin)
            made.append(statement)
            left = at
    others(left, at)
    return None if errors.has_errors else tuple(made)


class _Run:
    """Feeds one file to the parser, and after an error goes on with the next statement."""

    def __init__(self, state: Any, layout: Layout, length: int) -> None:
        self._state = state
        self._layout = layout
        self._length = length
        self._lost: set[str] = set()

    def file(self, tokens: list[Token]) -> File:
        feed = self._state.feed_token
        index, statement = 0, 0
        while index < len(tokens):
            token = tokens[index]
            try:
                feed(token)
            except UnexpectedToken as error:
                self._report(error, token)
                if index > statement or not self._complete():
                    self._unwind()
                if not self._ends_block(token):
                    index = _end_of_statement(tokens, index)
                self._lost.update(lost.value for lost in tokens[statement:index] if lost.type == "NAME")
                statement = index
                continue
            index += 1
            if token.type in ("_NEWLINE", "_INDENT", "_DEDENT"):
                statement = index
        end = Token("$END", "", start_pos=self._length, end_pos=self._length)
        try:
            statements = feed(end, True)
        except UnexpectedToken as error:  # a decorator without a class
            self._report(error, end)
            self._unwind()
            statements = feed(end, True)
        return File(statements, frozenset(self._lost))

    def _complete(self) -> bool:
        """Make the parser close what ended before the statement whose first token is wrong; false if nothing did.

        An LALR parser needs the next token for that, and it has just refused the one there is.
        """
        try:
            for kind in ("PASS", "_NEWLINE"):
                self._state.feed_token(Token(kind, "", start_pos=0, end_pos=0))
        except UnexpectedToken:
            return False
        return True

    def _unwind(self) -> None:
        """Drop what was begun, back to where a statement of any kind may start."""
        table, states, values = self._state.parse_conf.states, self._state.state_stack, self._state.value_stack

        def starts_statement() -> bool:
            # A decorator cannot stand in a one-line block, and an import cannot follow a decorator.
            actions = table[states[-1]]
            return all(actions.get(kind, (None,))[0] is Shift for kind in ("AT", "IMPORT"))

        while len(states) > 1 and not starts_statement():
            states.pop()
            values.pop()

    def _ends_block(self, token: Token) -> bool:
        """Tell whether ``token`` ends the block that the parser is in, now that a broken statement is gone from it."""
        return token.type == "_DEDENT" and "_DEDENT" in self._state.parse_conf.states[self._state.state_stack[-1]]

    def _report(self, error: UnexpectedToken, token: Token) -> None:
        if token.type in ("STRAY", "OPEN_STRING"):
            return  # reported by the layout
        span = Span(token.start_pos or 0, token.end_pos or 0)
        found = f"`{token}`" if token.value else _CALLED.get(token.type, token.type).removeprefix("the ")
        if len(found) > 60:
            found = f"{found[:57]}…`"
        expected = sorted(_CALLED[kind] for kind in error.expected if kind in _CALLED)
        label = ""
        if len(expected) == len(error.expected) and len(expected) <= 3:
            label = f"expected {' or '.join(expected)}"
        elif token.type == "_NEWLINE":
            label = "something is missing here"
        if token.type == "FOREIGN":
            self._layout.error(
                "HGT029",
                f"{found} is not accepted in an expression",
                span,
                help="a schema file is not executed: there are no conditions, loops, functions or logic in it",
            )
            return
        self._layout.error("HGT001", f"unexpected {found}", span, label=label)


def _end_of_statement(tokens: list[Token], index: int) -> int:
    """Return where the statement after the one with an error begins; a block that belongs to it is passed over."""
    while index < len(tokens) and tokens[index].type not in ("_NEWLINE", "_INDENT"):
        index += 1
    if index < len(tokens) and tokens[index].type == "_NEWLINE":
        index += 1
    if index < len(tokens) and tokens[index].type == "_INDENT":
        depth = 0
        while index < len(tokens):
            depth += (tokens[index].type == "_INDENT") - (tokens[index].type == "_DEDENT")
            index += 1
            if depth == 0:
                break
    return index
