"""From schema files to a package folder: the one path that the command line and :func:`load` share."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import hgvalue_gen
from hgvalue_gen.build import stages
from hgvalue_gen.build.cache import build_tree
from hgvalue_gen.build.cmake import cmake_lists
from hgvalue_gen.build.errors import OutputError, ToolError, UsageError
from hgvalue_gen.build.files import copy_file, digest_bytes, digest_file, locked, write_files
from hgvalue_gen.build.identity import file_identity, generator_identity, python_identity, runtime_identity
from hgvalue_gen.build.names import check_package_name, default_package_name
from hgvalue_gen.build.options import BuildOptions
from hgvalue_gen.build.progress import Progress, Silent
from hgvalue_gen.build.stamp import Stamp, read_stamp, stamp_text
from hgvalue_gen.build.toolchain import Toolchain, find_compiler, find_toolchain

if TYPE_CHECKING:
    from hgvalue_gen.diagnostics import Reporter
    from hgvalue_gen.schema.model import Schema

#: Every file we generate says so near its beginning; what does not is somebody else's and never overwritten.
BANNER: Final = "hgvalue-gen"
#: How the name of a schema file ends.
SOURCE_SUFFIX: Final = ".hgt"
#: What the extension module may be called, by platform.
NATIVE_NAMES: Final = ("_native.abi3.so", "_native.pyd")


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build did.

    ``changed`` are the files written or removed, relative to ``folder``; ``compiled`` tells whether a compiler ran;
    ``up_to_date`` that there was nothing to do.
    """

    package: str
    folder: Path
    changed: tuple[str, ...] = ()
    compiled: bool = False
    up_to_date: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be built, with every path absolute but those of ``given``: the sources as messages call them.

    Raises :class:`~hgvalue_gen.build.errors.UsageError` for a name or an output folder that cannot be.
    """

    given: tuple[Path, ...]
    sources: tuple[Path, ...]
    out: Path
    package: str
    include: tuple[Path, ...]
    options: BuildOptions

    @classmethod
    def of(
        cls,
        sources: Sequence[str | os.PathLike[str]],
        out: str | os.PathLike[str] = ".",
        name: str | None = None,
        include: Sequence[str | os.PathLike[str]] = (),
        options: BuildOptions | None = None,
    ) -> Request:
        """Make a request from what a user gives."""
        given = {Path(source).absolute(): Path(source) for source in reversed(sources)}
        paths = tuple(reversed(given))
        if not paths:
            raise UsageError("no schema file was given")
        _check_sources(paths)
        package = check_package_name(name) if name is not None else default_package_name(paths[0])
        folder = Path(out).absolute()
        for part in (folder, *folder.parents):
            if part.exists():
                if not part.is_dir():
                    raise UsageError(f"the output folder '{out}' cannot be: '{part}' is a file")
                break
        folders = tuple(Path(path).absolute() for path in include)
        return cls(tuple(reversed(given.values())), paths, folder, package, folders, options or BuildOptions())

    @property
    def folder(self) -> Path:
        """The package's folder, ``DIR/NAME``."""
        return self.out.joinpath(*self.package.split("."))

    @property
    def tree(self) -> Path:
        """The package's folder in the cache."""
        return build_tree(self.out, self.package, self.options)

    @property
    def key(self) -> tuple[str, ...]:
        """What a stamp compares to know that it is about the same request."""
        return (self.package, *self.options.variant, *map(str, self.sources), "-I", *map(str, self.include))


def build_package(
    sources: Sequence[str | os.PathLike[str]],
    *,
    out: str | os.PathLike[str] = ".",
    name: str | None = None,
    include: Sequence[str | os.PathLike[str]] = (),
    options: BuildOptions | None = None,
    reporter: Reporter | None = None,
    progress: Progress | None = None,
) -> BuildResult:
    """Generate and compile the package for some schema files, doing only what is not done already.

    ``name`` is the package's dotted name, by default after the first file; ``include`` lists folders in which
    imported schemas are looked for. Diagnostics go to ``reporter``.
    Raises a subclass of :class:`~hgvalue_gen.build.errors.GenError`: ``SchemaError`` when the schema has errors,
    ``UsageError`` for wrong arguments, ``OutputError`` when files cannot be written, ``ToolError`` and
    ``CompileError`` when there is no working compiler or the code does not compile.
    """
    request = Request.of(sources, out, name, include, options)
    if not request.options.force and is_current(request):
        return BuildResult(request.package, request.folder, up_to_date=True)
    progress = progress or Silent()
    progress.stage("reading")
    schema = read_schema(request, reporter)
    return build_schema(request, schema, progress)


def build_schema(request: Request, schema: Schema, progress: Progress) -> BuildResult:
    """Do what :func:`build_package` does, with a schema that has been read and whatever a stamp may say."""
    texts = package_texts(request, schema)
    sources = {str(path): digest_file(path) or "" for path in stages.sources(schema)}
    outputs = {name: digest_bytes(text.encode("utf-8")) for name, text in texts.items()}
    compiled = False
    with locked(request.tree / "lock"):
        # Looked for first: without a compiler, nothing is written at all.
        tools = None if request.options.emit_only else find_toolchain(request.options.compiler)
        progress.stage("generating")
        changed = _publish(request, texts)
        if tools is None:
            _drop_outdated_native(request, changed)
        else:
            try:
                module, compiled = _compile(request, texts, tools, progress)
                outputs[module.name] = digest_file(module) or ""
                if digest_file(request.folder / module.name) != outputs[module.name]:
                    copy_file(module, request.folder / module.name)
                    changed.append(module.name)
            except BaseException:
                _drop_outdated_native(request, changed)
                raise
        # Last of all: a stamp says that everything before it was done.
        write_files(request.tree, {"stamp.json": stamp_text(Stamp(request.key, _tools(request), sources, outputs))})
    return BuildResult(request.package, request.folder, tuple(changed), compiled)


def is_current(request: Request) -> bool:
    """Tell whether the package is what the request would give, from the stamp of the last build alone."""
    stamp = read_stamp(request.tree / "stamp.json")
    return stamp is not None and stamp.is_current(request.key, _tools(request), request.folder)


def stale_outputs(request: Request, schema: Schema) -> list[str]:
    """Return the files of the package, relative to it, that are not what the schema gives.

    The text is generated and compared. Of the extension module only its stamp can tell: without one it counts as
    stale, unless the request is for the text alone.
    """
    texts = package_texts(request, schema)
    stale = [
        name
        for name, text in sorted(texts.items())
        if digest_file(request.folder / name) != digest_bytes(text.encode())
    ]
    if not request.options.emit_only and (stale or not is_current(request)):
        stale.append(next((name for name in NATIVE_NAMES if (request.folder / name).exists()), NATIVE_NAMES[0]))
    return stale


def read_schema(request: Request, reporter: Reporter | None = None) -> Schema:
    """Read and check the schema files.

    Raises :class:`~hgvalue_gen.build.errors.SchemaError` if there are errors, with their text if no reporter was
    given to hold them.
    """
    return stages.read(request.given, request.include, reporter)


def package_texts(request: Request, schema: Schema) -> dict[str, str]:
    """Return every text file of the package, by its path relative to the package's folder."""
    texts = stages.emit(schema, request.package)
    texts["cpp/CMakeLists.txt"] = cmake_lists(request.package, texts)
    return texts


def _check_sources(paths: Sequence[Path]) -> None:
    seen: dict[str, Path] = {}
    for path in paths:
        if path.suffix != SOURCE_SUFFIX:
            raise UsageError(f"'{path.name}' is not a schema file; the name of one ends in {SOURCE_SUFFIX}")
        other = seen.setdefault(path.stem, path)
        if other is not path:
            raise UsageError(f"'{other}' and '{path}' would both become the module '{path.stem}'")


def _compile(request: Request, texts: Mapping[str, str], tools: Toolchain, progress: Progress) -> tuple[Path, bool]:
    """Return the compiled module, still in the build tree, and whether anything had to be compiled for it."""
    from hgvalue_gen.build.native import build_native

    cpp = {name.removeprefix("cpp/"): text for name, text in texts.items() if name.startswith("cpp/")}
    return build_native(request.tree, cpp, request.folder / "cpp", request.options, tools, progress)


def _publish(request: Request, texts: Mapping[str, str]) -> list[str]:
    """Write the texts, and remove those of an earlier run that this one no longer gives."""
    _refuse_foreign_files(request.folder, texts)
    previous = read_stamp(request.tree / "stamp.json")
    changed = write_files(request.folder, texts)
    for name, digest in sorted(previous.outputs.items()) if previous else ():
        path = request.folder / name
        if name not in texts and name not in NATIVE_NAMES and digest_file(path) == digest:
            path.unlink()
            changed.append(name)
    return changed


def _refuse_foreign_files(folder: Path, texts: Mapping[str, str]) -> None:
    for name, text in sorted(texts.items()):
        path = folder / name
        if path.is_dir():
            raise OutputError(f"'{path}' is a folder, but a file of that name has to be written")
        try:
            content = path.read_bytes()
        except OSError:
            continue
        if content and BANNER.encode() not in content[:2048] and content != text.encode("utf-8"):
            raise OutputError(
                f"'{path}' was not written by hgvalue-gen and will not be overwritten; "
                "choose another folder with -o or another package name with -n"
            )


def _drop_outdated_native(request: Request, changed: Sequence[str]) -> None:
    """Remove a module that no longer fits the text beside it: importing it would fail in stranger ways."""
    if changed:
        for name in NATIVE_NAMES:
            (request.folder / name).unlink(missing_ok=True)


def _tools(request: Request) -> dict[str, str]:
    """Return the identities of everything but the schema that the outputs of this request depend on."""
    tools = {"hgvalue-gen": f"{hgvalue_gen.__version__} {generator_identity()}"}
    if not request.options.emit_only:
        tools |= {"hgvalue": runtime_identity(), "python": python_identity()}
        # A package that is built stays so when its compiler goes away.
        with suppress(ToolError):
            tools["compiler"] = file_identity(find_compiler(request.options.compiler).program)
    return tools
