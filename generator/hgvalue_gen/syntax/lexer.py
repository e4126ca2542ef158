"""Text → tokens, by the terminals of the grammar.

Lark's own lexer makes a call and an object with line and column for each token, which takes three quarters of the time
of reading a file. This one matches the same expressions in the same order, in one search over the whole text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from lark import Lark, Token
from lark.lexer import PatternStr

from hgvalue_gen.diagnostics import Span

#: The kind of the token after the last one.
END: Final = "$END"


class Tokens(NamedTuple):
    """The tokens of a text, in parallel lists that end with one of kind ``END``."""

    kinds: list[str]
    spans: list[Span]


@dataclass(frozen=True, slots=True)
class Lexer:
    """What the terminals of a grammar come to: one expression, and the words that are no names."""

    pattern: re.Pattern[str]
    keywords: dict[str, str]

    @classmethod
    def of(cls, parser: Lark) -> Lexer:
        """Return the lexer of a grammar with a terminal ``NAME``, which keywords have the form of."""
        # In Lark's order: where two could match, the earlier one does.
        order = sorted(
            parser.terminals,
            key=lambda each: (-each.priority, -each.pattern.max_width, -len(each.pattern.value), each.name),
        )
        name = next(re.compile(each.pattern.to_regexp()) for each in order if each.name == "NAME")
        keywords = {
            each.pattern.value: each.name
            for each in order
            if isinstance(each.pattern, PatternStr) and name.fullmatch(each.pattern.value)
        }
        ignored = "|".join(each.pattern.to_regexp() for each in order if each.name in parser.ignore_tokens)
        others = "|".join(
            f"(?P<{each.name}>{each.pattern.to_regexp()})"
            for each in order
            if each.name not in parser.ignore_tokens and each.name not in keywords.values()
        )
        # Without going back: what is ignored is no stray character, even at the end.
        return cls(re.compile(rf"(?:{ignored})*+(?:{others}|(?P<end>\Z))"), keywords)

    def tokens(self, text: str) -> Tokens:
        """Return the tokens of a text; every character that is not ignored is part of one."""
        kinds: list[str] = []
        spans: list[Span] = []
        add_kind, add_span, keyword, new = kinds.append, spans.append, self.keywords.get, tuple.__new__
        for match in self.pattern.finditer(text):
            kind = match.lastgroup
            span = new(Span, match.span(kind))  # type: ignore[arg-type]
            if kind == "NAME":
                kind = keyword(text[span[0] : span[1]], kind)
            elif kind == "end":
                break
            add_kind(kind)  # type: ignore[arg-type]
            add_span(span)
        add_kind(END)
        add_span(Span(len(text), len(text)))
        return Tokens(kinds, spans)


def as_lark(text: str, tokens: Tokens, first: int, last: int) -> list[Token]:
    """Return tokens ``first`` to ``last`` (without it) as Lark's parser reads them."""
    return [
        Token(kind, text[start:end], start_pos=start, end_pos=end)
        for kind, (start, end) in zip(tokens.kinds[first:last], tokens.spans[first:last], strict=True)
    ]
