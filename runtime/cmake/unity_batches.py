"""Sorts the sources of one target into batches that CMake's unity build compiles as one file each.

Inside a batch, a name in an anonymous namespace is no longer the secret of its file. So two sources share a batch only
if neither defines, calls or includes the declaration of a name that the other keeps to itself. Then every name means
what it means when each source is compiled alone, and authors need not care what other files call their helpers. A name
that this scan does not see leads to the compiler's own error about a second definition.

Usage: ``unity_batches.py SOURCE...`` prints a line ``batch;source`` for each source that shares a batch.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

#: Characters of source in a batch: larger ones save little more, and leave processors without work at the end.
LIMIT = 60_000

_LITERALS = re.compile(r'//.*|"(?:[^"\\\n]|\\.)*"')
_NAMESPACE = re.compile(r"(?:inline )?namespace(?: ([\w:]+))? \{")
_INCLUDE = re.compile(r'^#include "([^"]+)"', re.MULTILINE)
_NAMESPACE_END = re.compile(r"\} *// namespace")
_TYPE = re.compile(r"(?:typedef|struct|class|enum class|enum|union|concept|using|namespace) (\w+)")
#: The first name that what follows marks as declared: a function, an array, a variable.
_DECLARED = re.compile(r"[^=({;]*?\b(\w+)\s*[(\[={;]")
#: Calls and qualifiers that are not members of something named before them.
_USED = re.compile(r"(?<![\w.:>~])(\w+)(?:\(|::)")
#: What reaches beyond its file in other ways; such a source is compiled alone.
_LEAKS = re.compile(r"^using namespace |^#define (\w+)\b(?!.*^#undef \1\b)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Source:
    """What matters of one source: the names it keeps to itself and the names it uses."""

    path: str
    size: int
    alone: bool
    own: frozenset[str]
    used: frozenset[str]

    def agrees_with(self, other: Source) -> bool:
        return not (self.own & other.used or other.own & self.used)


@dataclass
class Batch:
    sources: list[Source] = field(default_factory=list)
    size: int = 0

    def takes(self, source: Source) -> bool:
        return self.size + source.size <= LIMIT and all(map(source.agrees_with, self.sources))

    def add(self, source: Source) -> None:
        self.sources.append(source)
        self.size += source.size


@cache
def declared_in(header: Path) -> frozenset[str]:
    """Return what a header beside the sources declares, and what the headers that it includes declare."""
    text = header.read_text("utf-8")
    names = {name for line in text.splitlines() if (name := declared(line))}
    return frozenset(names).union(*map(declared_in, included(header, text)))


def included(path: Path, text: str) -> list[Path]:
    found = [(path.parent / name).resolve() for name in _INCLUDE.findall(text)]
    return [header for header in found if header.is_file()]


def declared(line: str) -> str | None:
    """Return the name that a line declares, if it begins a declaration."""
    if not (line[:1].isalpha() or line[:2] == "[["):
        return None
    found = _TYPE.match(line) or _DECLARED.match(line)
    return found[1] if found and found[1] != "static_assert" else None


def scan(path: str) -> Source:
    """Read a source laid out by clang-format: what a namespace holds begins in the first column."""
    text = Path(path).read_text("utf-8")
    code = _LITERALS.sub("", text)
    own: set[str] = set()
    # clang-format marks the end of a namespace by a comment. Where it is missing, the scan takes more names for own
    # ones, which keeps sources apart that could be together.
    open_namespaces: list[str] = []
    for line in text.splitlines():
        if _NAMESPACE_END.match(line):
            del open_namespaces[-1:]
            continue
        opened = _NAMESPACE.fullmatch(line)
        is_own = "" in open_namespaces or line.startswith("static ")
        if opened:
            open_namespaces.append(opened[1] or "")
        if is_own and (name := declared(line)):
            own.add(name)
    used = own.union(_USED.findall(code), *map(declared_in, included(Path(path), text)))
    return Source(path, len(text), bool(_LEAKS.search(text)), frozenset(own), frozenset(used))


def batches(paths: list[str]) -> list[Batch]:
    """Sort sources into batches, large ones first, each into the first batch that takes it."""
    result: list[Batch] = []
    for source in sorted(map(scan, paths), key=lambda source: (-source.size, source.path)):
        if source.alone:
            continue
        batch = next((batch for batch in result if batch.takes(source)), None)
        if batch is None:
            batch = Batch()
            result.append(batch)
        batch.add(source)
    return result


def main(paths: list[str]) -> None:
    for number, batch in enumerate(batches(paths)):
        if len(batch.sources) > 1:
            for source in batch.sources:
                print(f"{number};{source.path}")


if __name__ == "__main__":
    main(sys.argv[1:])
