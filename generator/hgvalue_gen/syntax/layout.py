"""From raw tokens to logical lines: line ends, indentation, brackets, and what is no token at all.

Everything that can be wrong with these is reported here and mended, so that the parser goes on as if the text were
right: a bracket left open is closed before the statement that cannot be inside it, a nest that is too deep becomes
one broken expression, and a statement that only Python has becomes one token.
"""

from __future__ import annotations

import keyword
import unicodedata
from collections.abc import Sequence
from typing import Final, cast

from lark import Token

from hgvalue_gen.diagnostics import Reporter, Source, Span

#: Brackets within brackets. Everything that recurses over types relies on there being a limit.
MAX_NESTING: Final = 100
#: What is reported of the form of one file before the rest of it is left alone.
MAX_ERRORS: Final = 50

CLOSING: Final = {"LPAR": "RPAR", "LSQB": "RSQB", "LBRACE": "RBRACE"}
SPELLING: Final = {"LPAR": "(", "LSQB": "[", "LBRACE": "{", "RPAR": ")", "RSQB": "]", "RBRACE": "}"}
#: Statements that go on with the block of an earlier one.
CONTINUATIONS: Final = frozenset({"elif", "else", "except", "finally"})
_STATEMENT_WORDS: Final = frozenset({"CLASS", "FROM", "IMPORT", "PASS", "TYPE", "FOREIGN"})
_TAB: Final = 8


class TooManyErrors(Exception):
    """The text is so far from a schema that more messages would not help."""


class Layout:
    """Turns the raw tokens of one file into what the parser reads."""

    def __init__(self, source: Source, reporter: Reporter) -> None:
        self._source = source
        self._reporter = reporter
        self._errors = 0
        self._out: list[Token] = []
        self._brackets: list[Token] = []
        self._indents: list[int] = [0]
        #: Levels that were entered without leave: they take part in comparisons, but are no blocks.
        self._stray_levels: set[int] = set()
        self._line_start = 0  # index in _out at which the logical line begins

    def tokens(self, raw: Sequence[Token]) -> list[Token]:
        """Return the tokens for the parser. Raises TooManyErrors."""
        index, count = 0, len(raw)
        self._closed = _closed_brackets(raw)
        while index < count:
            token = raw[index]
            if token.type == "_NEWLINE":
                self._newline(raw, index)
                index += 1
                continue
            if len(self._out) == self._line_start:
                self._indent(token)
                if _is_foreign(raw, index):
                    index = self._skip_foreign(raw, index)
                    continue
                token = self._keyword_as_name(raw, index)
            if token.type == "COLON" and self._ends_class_header(raw, index):
                self._close_all(cast(int, token.start_pos))
            if token.type in CLOSING:
                opened = len(self._out)
                self._out.append(token)
                self._brackets.append(token)
                index += 1
                if len(self._brackets) > MAX_NESTING:
                    index = self._skip_deep(raw, index, opened)
                continue
            if token.type in ("RPAR", "RSQB", "RBRACE"):
                self._close(token)
            else:
                self._plain(token)
            index += 1
        self._end_line(len(self._source.text))
        self._expect_block(None)
        self._dedent_to(0)
        return self._out

    # -- tokens -----------------------------------------------------------------------------------------------

    def _plain(self, token: Token) -> None:
        if token.type == "STRAY":
            self._stray(token)
        elif token.type == "OPEN_STRING":
            self.error(
                "HGT003", "string is not closed", Span(_span(token).start, _span(token).start + 1), label="opened here"
            )
        elif token.type == "NAME" and not token.isascii():
            token = self._unicode_name(token)
        self._out.append(token)

    def _stray(self, token: Token) -> None:
        character = token.value
        shown = f"`{character}`" if character.isprintable() else "this character"
        self.error(
            "HGT005",
            f"{shown} (U+{ord(character):04X}{_named(character)}) is not allowed here",
            _span(token),
            help="continue a line with `\\` as its last character, or inside brackets" if character == "\\" else "",
        )

    def _unicode_name(self, token: Token) -> Token:
        # As in Python, names that look alike after normalisation are the same name.
        name = unicodedata.normalize("NFKC", token)
        if not name.isidentifier():
            self.error("HGT005", f"`{token}` is not an identifier", _span(token))
            return _like(token, "STRAY", token.value)
        return _like(token, "NAME", name)

    def _keyword_as_name(self, raw: Sequence[Token], index: int) -> Token:
        """Return the token at ``index``, as a name if a keyword stands where a field's name belongs."""
        token = raw[index]
        following = raw[index + 1].type if index + 1 < len(raw) else ""
        if following != "COLON" or not keyword.iskeyword(token):
            return token
        self.error(
            "HGT039",
            f"`{token}` is a keyword of Python and cannot be a name",
            _span(token),
            help=f"write `{token}_`",
        )
        return _like(token, "NAME", token.value)

    # -- brackets ---------------------------------------------------------------------------------------------

    def _close(self, token: Token) -> None:
        if not self._brackets:
            self.error("HGT002", f"`{token}` closes nothing", _span(token))
            return
        opening = self._brackets.pop()
        wanted = CLOSING[opening.type]
        if token.type != wanted:
            self.error(
                "HGT002",
                f"`{token}` does not close `{opening}`",
                _span(token),
                label=f"expected `{SPELLING[wanted]}`",
            )
            token = _like(token, wanted, SPELLING[wanted])
        self._out.append(token)

    def _ends_class_header(self, raw: Sequence[Token], index: int) -> bool:
        """Tell whether the colon at ``index`` ends a header like ``class A(B:``, whose bracket was forgotten."""
        at_end = index + 1 >= len(raw) or raw[index + 1].type == "_NEWLINE"
        return bool(self._brackets) and at_end and self._out[self._line_start].type == "CLASS"

    def _close_all(self, position: int) -> None:
        if not self._brackets:
            return
        innermost = self._brackets[-1]
        self.error(
            "HGT002",
            f"`{innermost}` is never closed",
            _span(innermost),
            label=f"`{SPELLING[CLOSING[innermost.type]]}` is missing",
        )
        while self._brackets:
            kind = CLOSING[self._brackets.pop().type]
            self._out.append(Token(kind, SPELLING[kind], start_pos=position, end_pos=position))

    def _skip_deep(self, raw: Sequence[Token], index: int, opened: int) -> int:
        """Replace a nest of brackets that is too deep by a broken expression; return where to go on."""
        self.error(
            "HGT006",
            f"more than {MAX_NESTING} levels of brackets",
            _span(self._brackets[-1]),
            help="give a name to a part of it",
        )
        outermost = opened
        while self._out[outermost] is not self._brackets[0]:
            outermost -= 1
        depth = len(self._brackets)
        while index < len(raw) and depth:
            kind = raw[index].type
            if kind == "_NEWLINE" and self._begins_statement(raw, index + 1):
                break
            depth += (kind in CLOSING) - (kind in ("RPAR", "RSQB", "RBRACE"))
            index += 1
        opening = self._brackets[0]
        end = raw[index - 1].end_pos
        closing = CLOSING[opening.type]
        inner = Token("STRAY", "", start_pos=opening.end_pos, end_pos=end)
        self._out[outermost:] = [opening, inner, Token(closing, SPELLING[closing], start_pos=end, end_pos=end)]
        self._brackets.clear()
        return index

    # -- lines ------------------------------------------------------------------------------------------------

    def _newline(self, raw: Sequence[Token], index: int) -> None:
        if self._brackets and (id(self._brackets[-1]) in self._closed or not self._begins_statement(raw, index + 1)):
            return
        following = raw[index + 1] if index + 1 < len(raw) else None
        self._close_all(cast(int, raw[index].start_pos))
        self._expect_colon(cast(int, raw[index].start_pos), following)
        self._end_line(cast(int, raw[index].start_pos))
        if following is not None:
            self._expect_block(following)

    def _end_line(self, position: int) -> None:
        self._close_all(position)
        if len(self._out) > self._line_start:
            self._mark("_NEWLINE", position)
        self._line_start = len(self._out)

    def _begins_statement(self, raw: Sequence[Token], index: int) -> bool:
        """Tell whether a line inside brackets can only be meant as a statement, because a bracket was forgotten."""
        if index >= len(raw):
            return False
        token = raw[index]
        if token.type in _STATEMENT_WORDS or token.type == "AT":
            return token.type != "FOREIGN" or token.value in ("def", "for", "while", "with", "try", "return")
        following = raw[index + 1].type if index + 1 < len(raw) else ""
        innermost = self._brackets[-1].type if self._brackets else ""
        if token.type != "NAME":
            return False
        return (following == "COLON" and innermost != "LBRACE") or (following == "EQUAL" and innermost != "LPAR")

    def _column(self, token: Token) -> int:
        start = cast(int, token.start_pos)
        line_start = self._source.text.rfind("\n", 0, start) + 1
        return len(self._source.text[line_start:start].replace("\f", "").expandtabs(_TAB))

    def _indent(self, token: Token) -> None:
        column = self._column(token)
        level = self._indents[-1]
        if column > level:
            self._indents.append(column)
            if self._opens_block():
                self._mark("_INDENT", cast(int, token.start_pos))
            else:
                self._stray_levels.add(column)
                self.error("HGT004", "unexpected indentation", _span(token), label="this line begins no block")
        elif column < level:
            self._dedent_to(column)
            if column != self._indents[-1]:
                self.error("HGT004", "indentation matches no outer level", _span(token))
        self._line_start = len(self._out)

    def _dedent_to(self, column: int) -> None:
        position = len(self._source.text)
        while self._indents[-1] > column:
            level = self._indents.pop()
            if level in self._stray_levels:
                self._stray_levels.discard(level)
            else:
                self._mark("_DEDENT", position)
        self._line_start = len(self._out)

    def _opens_block(self) -> bool:
        return len(self._out) >= 2 and self._out[-2].type == "COLON"

    def _expect_colon(self, position: int, following: Token | None) -> None:
        """After ``class A(B)``, supply the colon if an indented line shows that a block was meant."""
        line = self._out[self._line_start :]
        if not line or line[0].type != "CLASS" or any(token.type == "COLON" for token in line):
            return
        if following is not None and self._column(following) > self._indents[-1]:
            self.error("HGT001", "unexpected end of the line", Span(position, position), label="expected `:`")
            self._out.append(Token("COLON", ":", start_pos=position, end_pos=position))

    def _expect_block(self, following: Token | None) -> None:
        """After ``class A(B):``, supply the block if the next line, or the end of the file, does not begin one."""
        if not self._opens_block() or (following is not None and self._column(following) > self._indents[-1]):
            return
        begin = len(self._out) - 1
        while begin > 0 and self._out[begin - 1].type not in ("_NEWLINE", "_INDENT", "_DEDENT"):
            begin -= 1
        if self._out[begin].type != "CLASS":
            return
        colon = self._out[-2]
        self.error(
            "HGT004", "expected an indented block after `:`", _span(colon), help="indent the fields of the class"
        )
        for kind in ("_INDENT", "_DEDENT"):
            self._mark(kind, cast(int, colon.end_pos))
        self._line_start = len(self._out)

    def _skip_foreign(self, raw: Sequence[Token], index: int) -> int:
        """Put a whole statement of Python, block and all, into one token; return where to go on."""
        self._out.append(raw[index])
        level = self._column(raw[index])
        opened: list[Token] = []
        index += 1
        while index < len(raw):
            token = raw[index]
            if token.type in CLOSING:
                opened.append(token)
            elif token.type in ("RPAR", "RSQB", "RBRACE"):
                del opened[-1:]
            elif token.type == "_NEWLINE" and (
                not opened or (id(opened[-1]) not in self._closed and self._begins_statement(raw, index + 1))
            ):
                opened.clear()
                following = raw[index + 1] if index + 1 < len(raw) else None
                if following is None:
                    break
                column = self._column(following)
                if column < level or (column == level and following.value not in CONTINUATIONS):
                    break
            index += 1
        self._end_line(cast(int, raw[min(index, len(raw) - 1)].start_pos))
        return index

    def _mark(self, kind: str, position: int) -> None:
        self._out.append(Token(kind, "", start_pos=position, end_pos=position))

    def error(self, code: str, message: str, span: Span, *, label: str = "", help: str = "") -> None:
        """Report an error of form. Raises TooManyErrors when there have been many."""
        self._reporter.error(code, message, self._source.at(span), label=label, help=help)
        self._errors += 1
        if self._errors >= MAX_ERRORS:
            raise TooManyErrors


def _closed_brackets(raw: Sequence[Token]) -> set[int]:
    """Return the identities of the opening brackets that are closed before anything that cannot be inside brackets."""
    closed: set[int] = set()
    opened: list[Token] = []
    for index, token in enumerate(raw):
        if token.type in CLOSING:
            opened.append(token)
        elif token.type in ("RPAR", "RSQB", "RBRACE"):
            if opened and CLOSING[opened[-1].type] == token.type:
                closed.add(id(opened.pop()))
        elif opened and raw[index - 1].type == "_NEWLINE" and _only_outside_brackets(token):
            opened.clear()
    return closed


def _only_outside_brackets(token: Token) -> bool:
    word = token.value if token.type == "FOREIGN" else ""
    return token.type in ("CLASS", "IMPORT", "PASS") or word in ("def", "while", "with", "try", "return")


def _span(token: Token) -> Span:
    return Span(cast(int, token.start_pos), cast(int, token.end_pos))


def _like(token: Token, kind: str, value: str) -> Token:
    return Token(kind, value, start_pos=token.start_pos, end_pos=token.end_pos)


def _named(character: str) -> str:
    name = unicodedata.name(character, "")
    return f" {name}" if name else ""


def _is_foreign(raw: Sequence[Token], index: int) -> bool:
    """Tell whether a statement of Python begins here, rather than a field with a keyword for a name."""
    token = raw[index]
    if token.type != "FOREIGN":
        return False
    after = [following.type for following in raw[index + 1 : index + 3]]
    if after[:1] != ["COLON"]:
        return True
    return token.value in ("try", "else", "finally", "except", "lambda") and after[1:] in (["_NEWLINE"], [])
