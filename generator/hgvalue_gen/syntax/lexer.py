"""Text → tokens, by the terminals of the grammar.

Lark's own lexer makes a call and an object with line and column for each token, which takes three quarters of the time
of reading a file. This one matches the same expressions in the same order, in one search over the whole text.
"""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from lark import Lark, Token
from lark.lexer import PatternStr

from hgvalue_gen.diagnostics import Span

#: Words that may be something else than a name.
_WORDS: Final = frozenset({*keyword.kwlist, "type"})
#: Characters that are tokens, and begin no longer ones.
_MARKS: Final = "()[]{},;"
#: The kind of the token after the last one.
END: Final = "$END"


class Tokens(NamedTuple):
    """The tokens of a text, in parallel lists that end with one of kind ``END``."""

    kinds: list[str]
    spans: list[Span]


@dataclass(frozen=True, slots=True)
class Lexer:
    """What the terminals of a grammar come to: expressions, and the names of terminals that are one text."""

    #: Any token, behind what is ignored.
    every: re.Pattern[str]
    #: The same, with the most frequent tokens first.
    pattern: re.Pattern[str]
    literals: dict[str, str]

    @classmethod
    def of(cls, parser: Lark) -> Lexer:
        """Return the lexer of a grammar with a terminal ``NAME``, which keywords have the form of."""
        # In Lark's order: where two could match, the earlier one does.
        order = sorted(
            parser.terminals,
            key=lambda each: (-each.priority, -each.pattern.max_width, -len(each.pattern.value), each.name),
        )
        literals = {each.pattern.value: each.name for each in order if isinstance(each.pattern, PatternStr)}
        ignored = "|".join(each.pattern.to_regexp() for each in order if each.name in parser.ignore_tokens)
        others = "|".join(
            f"(?P<{each.name}>{each.pattern.to_regexp()})"
            for each in order
            if each.name not in parser.ignore_tokens and not each.pattern.value.isidentifier()
        )
        # Without going back (`*+`): what is ignored is no stray character, even at the end.
        frequent = rf"(?P<word>[A-Za-z_]\w*+(?![\"']))|(?P<mark>[{re.escape(_MARKS)}])"
        every, first = (rf"(?:{ignored})*+(?:{tokens}|(?P<end>\Z))" for tokens in (others, f"{frequent}|{others}"))
        return cls(re.compile(every), re.compile(first), literals)

    def tokens(self, text: str) -> Tokens:
        """Return the tokens of a text; every character that is not ignored is part of one."""
        kinds: list[str] = []
        spans: list[Span] = []
        add_kind, add_span, literal, new = kinds.append, spans.append, self.literals, tuple.__new__
        for match in self.pattern.finditer(text):
            kind: str = match.lastgroup  # type: ignore[assignment]
            span = new(Span, match.span(kind))
            if kind == "word":
                kind = "NAME"
                if text[span[0] : span[1]] in _WORDS:
                    kind = self._word(text, span)
            elif kind == "mark":
                kind = literal[text[span[0]]]
            elif kind == "end":
                break
            add_kind(kind)
            add_span(span)
        add_kind(END)
        add_span(Span(len(text), len(text)))
        return Tokens(kinds, spans)

    def _word(self, text: str, span: Span) -> str:
        match = self.every.match(text, span.start)
        assert match is not None and match.end() == span.end
        kind: str = match.lastgroup  # type: ignore[assignment]
        return self.literals.get(match[kind], kind) if kind == "NAME" else kind


def as_lark(text: str, tokens: Tokens, first: int, last: int) -> list[Token]:
    """Return tokens ``first`` to ``last`` (without it) as Lark's parser reads them."""
    return [
        Token(kind, text[start:end], start_pos=start, end_pos=end)
        for kind, (start, end) in zip(tokens.kinds[first:last], tokens.spans[first:last], strict=True)
    ]
