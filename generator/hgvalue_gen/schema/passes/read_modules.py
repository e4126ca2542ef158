"""Read the files given by the user and all that they import, directly or not."""

from __future__ import annotations

import keyword
import re
from collections import deque
from collections.abc import Collection, Iterator
from importlib.util import find_spec
from pathlib import Path

from hgvalue_gen.diagnostics import Location, Source, Span
from hgvalue_gen.schema import graph, vocabulary
from hgvalue_gen.schema.names import is_special
from hgvalue_gen.schema.program import LOST, Input, Lost, Program, Unit
from hgvalue_gen.syntax import nodes as n
from hgvalue_gen.syntax import parse


class ReadModules:
    """Fills ``program.units``, imported ones first, and the links of each import.

    A file is one module however it is reached. Modules found beside the importing file belong to its package, those
    found in a folder given by the user are named from there.
    """

    def run(self, program: Program) -> None:
        self._program = program
        self._by_file: dict[Path, Unit] = {}
        self._by_name: dict[str, Unit] = {}
        self._queue: deque[Unit] = deque()
        for given in program.inputs:
            unit = self._input(given)
            if unit is not None and unit not in program.main:
                program.main.append(unit)
        while self._queue:
            self._follow_imports(self._queue.popleft())
        self._sort()

    # -- inputs -----------------------------------------------------------------------------------------------

    def _input(self, given: Input) -> Unit | None:
        if given.path is None:
            source = Source(f"{given.name}.hgt", given.text.removeprefix("\N{BYTE ORDER MARK}"))
            return self._add(given.name, source, None)
        path = given.path
        place = Location(Source(str(path), ""))
        if path.suffix == ".py":
            self._program.reporter.error(
                "HGT050", "Python files are not supported yet", place, help="copy the schema classes into a .hgt file"
            )
            return None
        name = module_name(path.stem)
        if is_special(name):
            self._program.reporter.error(
                "HGT034",
                f"no module can be called `{path.stem}`",
                place,
                help="rename the file: Python keeps such names for itself",
            )
            return None
        known = self._by_name.get(name)
        same = self._by_file.get(_identity(path))
        if known is not None and known is not same:
            self._two_files(name, known, place)
            return None
        return same or self._read(path, name, place)

    def _two_files(self, name: str, known: Unit, place: Location) -> None:
        self._program.reporter.error(
            "HGT033",
            f"two files for the module `{name}`: {known.source.name} and {place.source.name}",
            place,
            help="rename one of them",
        )

    def _read(self, path: Path, name: str, place: Location) -> Unit | None:
        try:
            data = path.read_bytes()
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            self._program.reporter.error("HGT007", f"cannot read {path}: {reason}", place)
            return None
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            source = Source(str(path), data.decode("utf-8-sig", "replace"), path)
            self._program.reporter.add_source(source)
            start = len(data[: error.start].decode("utf-8-sig", "replace"))
            self._program.reporter.error(
                "HGT008",
                f"{path} is not UTF-8: byte 0x{data[error.start]:02x} at offset {error.start}",
                source.at(Span(start, start + 1)),
                help="save the file as UTF-8",
            )
            return None
        unit = self._add(name, Source(str(path), text, path), path.parent)
        self._by_file[_identity(path)] = unit
        return unit

    def _add(self, name: str, source: Source, folder: Path | None) -> Unit:
        reporter = self._program.reporter
        reporter.add_source(source)
        nul = source.text.find("\0")
        if nul >= 0:
            reporter.error(
                "HGT005", "the file holds a NUL character", source.at(Span(nul, nul + 1)), help="is this a text file?"
            )
            tree = n.File((), frozenset())
        else:
            tree = parse(source, reporter)
        unit = Unit(name, source, tree, folder, illegible=nul >= 0)
        self._program.units.append(unit)
        self._by_name[name] = unit
        self._queue.append(unit)
        return unit

    # -- imports ----------------------------------------------------------------------------------------------

    def _follow_imports(self, unit: Unit) -> None:
        for statement in unit.tree.statements:
            match statement:
                case n.ImportModule(modules=modules):
                    for module in modules:
                        self._link(unit, module, module.path.span, _words(module.path), 0)
                case n.ImportFrom(names=None):
                    self._link(unit, statement, statement.source, _words(statement.path), statement.level)
                case n.ImportFrom(path=None, names=names, level=level):
                    for name in names or ():
                        self._link(unit, name, name.span, (name.name.text,), level)
                case n.ImportFrom():
                    self._link_from(unit, statement)
                case _:
                    pass

    def _link_from(self, unit: Unit, statement: n.ImportFrom) -> None:
        """Link ``from a.b import c``, where ``c`` may be a file in the folder ``a/b``."""
        words = _words(statement.path)
        folder_of = [
            name for name in statement.names or () if self._search(unit, (*words, name.name.text), statement.level)
        ]
        if self._search(unit, words, statement.level) is None and folder_of:
            for name in statement.names or ():
                self._link(unit, name, name.span, (*words, name.name.text), statement.level)
        else:
            self._link(unit, statement, statement.source, words, statement.level)

    def _link(
        self,
        unit: Unit,
        node: n.ImportedModule | n.ImportFrom | n.ImportedName,
        span: Span,
        words: tuple[str, ...],
        level: int,
    ) -> None:
        if level == 0 and words[0] in vocabulary.LANGUAGE_MODULES:
            return
        found = self._search(unit, words, level)
        target: Unit | Lost | None = None
        if found is None:
            self._not_found(unit, span, words, level)
        else:
            path, name = found
            target = self._by_file.get(_identity(path))
            if target is None and name in self._by_name:
                self._two_files(name, self._by_name[name], Location(Source(str(path), "")))
            elif target is None:
                target = self._read(path, name, unit.location(span))
        unit.links[id(node)] = target or LOST
        if isinstance(target, Unit) and target not in unit.imports:
            unit.imports.append(target)

    def _search(self, unit: Unit, words: tuple[str, ...], level: int) -> tuple[Path, str] | None:
        """Return the file that an import means, and the name of its module."""
        for folder, package in self._places(unit, level) if words else ():
            path = folder.joinpath(*words).with_suffix(".hgt")
            try:
                if path.is_file():
                    return path, ".".join((*package, *words))
            except OSError:  # a name longer than the file system allows, a folder that may not be entered
                continue
        return None

    def _places(self, unit: Unit, level: int) -> Iterator[tuple[Path, tuple[str, ...]]]:
        package = tuple(unit.name.split(".")[:-1])
        if unit.folder is not None:
            up = max(0, level - 1)
            folder = unit.folder.joinpath(*[".."] * up) if up else unit.folder
            yield folder, package[: max(0, len(package) - up)]
        if level == 0:
            for folder in self._program.include:
                yield folder, ()

    def _not_found(self, unit: Unit, span: Span, words: tuple[str, ...], level: int) -> None:
        dotted = "." * level + ".".join(words)
        if level == 0 and _is_installed(words[0]):
            self._program.unsupported(
                f"importing `{dotted}` from an installed Python package is",
                unit,
                span,
                help=f"there is no {'/'.join(words)}.hgt either, beside this file or in a folder given by -I",
            )
            return
        places = [str(folder) for folder, _ in self._places(unit, level)]
        looked = (
            f"looked for {'/'.join(words)}.hgt in {', '.join(places)}"
            if places
            else "text without a file has no folder to look in"
        )
        self._program.error(
            "HGT031", f"no schema file for `{dotted}`", unit, span, help=f"{looked}; name more folders with -I"
        )

    # -- order ------------------------------------------------------------------------------------------------

    def _sort(self) -> None:
        program = self._program

        def imports(unit: Unit) -> Collection[Unit]:
            return unit.imports

        order: list[Unit] = []
        for component in graph.components(program.main + program.units, imports):
            order += component
            way = graph.cycle(component, imports)
            if way is not None:
                self._report_cycle(way)
        program.units = order

    def _report_cycle(self, way: list[Unit]) -> None:
        unit, following = way[0], way[1 % len(way)]
        span = next(_import_span(unit, node) for node, target in unit.links.items() if target is following)
        self._program.error(
            "HGT019",
            f"cyclic import: {' → '.join(step.name for step in [*way, unit])}",
            unit,
            span,
            help="move what both files need into a third",
        )


def module_name(stem: str) -> str:
    """Return the identifier by which a file is known: its name, with underscores for what an identifier cannot have."""
    name = re.sub(r"\W", "_", stem)
    if not name.isidentifier():
        name = f"_{name}"
    return f"{name}_" if keyword.iskeyword(name) else name


def _import_span(unit: Unit, node: int) -> Span:
    """Return the place of the import that has the link ``node``."""
    for statement in unit.tree.statements:
        if isinstance(statement, n.ImportModule):
            for module in statement.modules:
                if id(module) == node:
                    return module.span
        elif isinstance(statement, n.ImportFrom) and node in map(id, (statement, *(statement.names or ()))):
            return statement.source
    raise KeyError(node)


def _words(path: n.Path | None) -> tuple[str, ...]:
    return tuple(part.text for part in path.parts) if path else ()


def _identity(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, ValueError, RuntimeError):
        return path


def _is_installed(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError, AttributeError):
        return False
