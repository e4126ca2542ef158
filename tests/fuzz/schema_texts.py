"""Schema texts to begin with, and mutations of them that a typing error, a merge or a broken disk may make."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[2]

#: What the schemas of the tree do not have: every kind of type and default in few lines.
KINDS = '''"""Doc."""
from hgraph import *
from math import nan
import enum as e

DEPTH = Size[5]
LIMIT: Final = timedelta(minutes=5)

class Side(e.Enum):
    BUY = 1
    SELL = auto()

class Level(IntEnum):
    LOW = -3
    HIGH = auto()

@dataclass(frozen=True)
class Point(CompoundScalar):
    """A point."""
    x: int8 = -1
    y: tuple[float, ...] = (1, 2.5, nan)
    side: Side | None = None
    raw: bytes = b"\\x00" rb"\\d"
    by: dict[str, tuple[int, bool]] = {"a": (1, True), "b": (0, False)}
    some: set[int] = {1, 2}
    none: frozenset[str] = frozenset()
    choice: int | str | list[float] = [1.5]
    fixed: Array[int, Size[2]] = [1, 2]
    last: CyclicBuffer[str, Size[3]] = []
    queue: Queue[float]
    level: Level = Level.HIGH
    keys: Annotated[date, item_only]

class Quote(TimeSeriesSchema):
    bid: TS[Point]
    "The best bid."
    closes: TSW[float, DEPTH, Size[2]]
    recent: TSW[float, LIMIT]
    inner: TSB["a": TS[int], "b": TSL[TS[str], 3]]
    keys: Annotated[TSS[str], item_only]
    back: REF[TS[float]]
    beat: SIGNAL
    grown: TSL[TSD[Side, TS[time]]]

type Board = TSD[tuple[int, Side], TSB[Quote]]
Other = TS[Window[float, Size[4]] | None]
Same = Board
'''

_TOKEN = re.compile(r"[^\W\d]\w*|\d[\w.]*|\"[^\"\n]*\"|'[^'\n]*'|\n[ \t]*|[ \t]+|.", re.DOTALL)
_NAME = re.compile(r"[^\W\d]\w*")
_NUMBER = re.compile(r"\b\d+\b")
_NUMBERS = (
    "0",
    "-1",
    "1",
    "2147483647",
    "2147483648",
    "9" * 19,
    "18446744073709551616",
    "9" * 5000,
    "0x",
    "007",
    "1e999",
)
_WORDS = (
    *("int", "str", "float", "TS", "TSD", "TSB", "TSL", "TSS", "TSW", "REF", "SIGNAL", "None", "True", "auto", "Size"),
    *("class", "def", "type", "pass", "lambda", "match", "import", "from", "async", "mro", "keys", "value", "__init__"),
    *("object", "nan", "timedelta", "Annotated", "item_only", "Generic", "TypeVar", "Optional", "Union", "Window"),
    *("é", "ﬁ", "名", "ª", "x²", "_", "__", "std", "hgvalue", "self", "int8_t", "operator", "A" * 300),
)
_PIECES = (
    *"()[]{}:;,.=|-+*@\\'\"#\n\t\r\0\f\v?$~^&<>!%",
    *(
        "'''",
        '"""',
        "...",
        "    ",
        "\n    ",
        "\r\n",
        "\ufeff",
        "\u2028",
        "\u202e",
        "\ud800",
        "\\\n",
        "f''",
        "@a\n",
        "\x85",
    ),
    *(
        "pass\n",
        "class A(CompoundScalar):\n    ",
        "class A(",
        "A = A\n",
        "x: A\n",
        "if a:\n",
        "else:",
        "import a.b as c\n",
    ),
    *("from . import x\n", "-> ", "**", "//", ":=", "0j", "1_0", "b'é'", "'\\ud800'", "'\\N{DIGIT ONE}'", "rb'\\'"),
)
_OPENING = {"(": ")", "[": "]", "{": "}"}


@cache
def texts() -> tuple[str, ...]:
    """Return schemas of one file each: those in the tree, and one with every kind."""
    folders = ("tests", "examples", "benchmarks")
    files = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.hgt"))
    return (KINDS, *(path.read_bytes().decode("utf-8", "replace") for path in files))


def mutated(random: Random, text: str) -> str:
    """Return ``text`` after one to four mutations."""
    for _ in range(random.choice((1, 1, 1, 2, 2, 3, 4))):
        text = random.choice(_MUTATIONS)(random, text)
    return text


def _tokens(random: Random, text: str) -> str:
    """Remove, double, swap or move tokens, or put another in their place."""
    tokens = _TOKEN.findall(text)
    if not tokens:
        return text
    first = random.randrange(len(tokens))
    last = min(len(tokens), first + random.choice((1, 1, 1, 2, 5)))
    other = random.randrange(len(tokens))
    match random.randrange(5):
        case 0:
            del tokens[first:last]
        case 1:
            tokens[first:first] = tokens[first:last]
        case 2:
            tokens[first], tokens[other] = tokens[other], tokens[first]
        case 3:
            tokens[first] = tokens[other]
        case 4:
            moved = tokens[first:last]
            del tokens[first:last]
            tokens[other:other] = moved
    return "".join(tokens)


def _replaced(pattern: re.Pattern[str], make: Callable[[Random, str], str]) -> Callable[[Random, str], str]:
    def replace(random: Random, text: str) -> str:
        found = list(pattern.finditer(text))
        if not found:
            return text
        chosen = random.choice(found)
        made = make(random, text)
        if random.random() < 0.1:  # everywhere it occurs
            return re.sub(rf"\b{re.escape(chosen[0])}\b", lambda _: made, text)
        return text[: chosen.start()] + made + text[chosen.end() :]

    return replace


def _name(random: Random, text: str) -> str:
    return random.choice(_WORDS) if random.random() < 0.4 else random.choice(_NAME.findall(text))


def _number(random: Random, _: str) -> str:
    return random.choice(_NUMBERS)


def _indentation(random: Random, text: str) -> str:
    lines = text.split("\n")
    at = random.randrange(len(lines))
    indent = random.choice(("", " ", "  ", "    ", "        ", "\t", " \t", "\f    "))
    for index in range(at, min(len(lines), at + random.choice((1, 1, 3)))):
        lines[index] = indent + lines[index].lstrip(random.choice((" ", "")))
    return "\n".join(lines)


def _statements(random: Random, text: str) -> str:
    lines = text.split("\n")
    first, other = random.randrange(len(lines)), random.randrange(len(lines))
    count = random.choice((1, 1, 2, 4))
    match random.randrange(4):
        case 0:
            moved = lines[first : first + count]
            del lines[first : first + count]
            lines[other:other] = moved
        case 1:
            lines[other:other] = lines[first : first + count]
        case 2:
            del lines[first : first + count]
        case 3:
            joined = "; ".join(line.strip() for line in lines[first : first + 2])
            lines[first : first + 2] = [joined]
    return "\n".join(lines)


def _nested(random: Random, text: str) -> str:
    """Put an expression into brackets, once or too often, closed or not."""
    found = list(re.finditer(r"[^\W\d]\w*(?:\[[^\[\]\n]*\])?", text))
    if not found:
        return text
    chosen = random.choice(found)
    count = random.choice((1, 1, 2, 5, 60, 99, 101, 300))
    opening = random.choice(("(", "[", "{", "list[", "TS[", "TSL[", "tuple[", "TSD[str, ", "Optional["))
    closing = _OPENING[next(character for character in opening if character in _OPENING)]
    closed = count if random.random() < 0.8 else random.randrange(count + 1)
    return text[: chosen.start()] + opening * count + chosen[0] + closing * closed + text[chosen.end() :]


def _piece(random: Random, text: str) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + random.choice(_PIECES) + text[at:]


def _bytes(random: Random, text: str) -> str:
    data = bytearray(text.encode("utf-8", "surrogatepass"))
    for _ in range(random.choice((1, 1, 3))):
        if data:
            data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    return data.decode("utf-8", "replace")


def _cut(random: Random, text: str) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] if random.random() < 0.5 else text[at:]


def _spliced(random: Random, text: str) -> str:
    lines, others = text.split("\n"), random.choice(texts()).split("\n")
    at, first = random.randrange(len(lines)), random.randrange(len(others))
    lines[at:at] = others[first : first + random.choice((1, 3, 8))]
    return "\n".join(lines)


_MUTATIONS: tuple[Callable[[Random, str], str], ...] = (
    *(_tokens, _tokens, _tokens, _replaced(_NAME, _name), _replaced(_NAME, _name), _replaced(_NUMBER, _number)),
    *(_indentation, _statements, _nested, _piece, _bytes, _cut, _spliced),
)
