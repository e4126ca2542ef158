"""A schema, straight to an imported module."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import sys
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, Final

from hgvalue_gen.build import stages
from hgvalue_gen.build.cache import cache_root
from hgvalue_gen.build.errors import OutputError, SchemaError, ToolError
from hgvalue_gen.build.files import digest_bytes, make_way, write_files
from hgvalue_gen.build.identity import generator_identity, runtime_identity
from hgvalue_gen.build.live import logged_and_shown
from hgvalue_gen.build.names import check_package_name
from hgvalue_gen.build.options import BACKENDS, BuildOptions, parse_sanitizers
from hgvalue_gen.build.package import SOURCE_SUFFIX, Request, build_schema, is_current, package_texts, read_schema
from hgvalue_gen.build.progress import logger
from hgvalue_gen.build.toolchain import find_toolchain

#: The backend that is whichever this machine can have.
AUTO: Final = "auto"
#: How messages call a schema that was given as text.
_TEXT: Final = "<schema>"


def load(
    source: str | os.PathLike[str],
    *,
    name: str | None = None,
    include: Sequence[str | os.PathLike[str]] = (),
    backend: str = "auto",
) -> ModuleType:
    """Return the module generated for a schema file, or for the text of a schema.

    A string is text if it has more than one line, or neither ends like a schema file nor is one. The module is built
    in the cache, under a name made of ``name`` (by default the file's, or ``schema``) and a hash of the contents of
    every schema file involved; the same contents and backend give the same module object. ``backend`` is ``compiled``,
    ``dynamic``, whose classes are made without a compiler and are slower, or ``auto``: compiled where there is a
    compiler or the module was compiled before, else dynamic, with a warning. ``HGVALUE_GEN_SANITIZE`` in the
    environment names sanitizers to compile with, as ``--sanitize`` does.
    Raises what :func:`hgvalue_gen.build_package` raises, :class:`FileNotFoundError` for a file that does not exist,
    and :class:`ValueError` for an unknown backend.
    """
    if backend not in (AUTO, *BACKENDS):
        raise ValueError(f"backend must be one of {', '.join(map(repr, (AUTO, *BACKENDS)))}, not {backend!r}")
    if name is not None:
        # What is loaded has a hash behind its name, so it hides no other module and is no keyword.
        check_package_name(f"{name}_0" if name else name)
    path = _as_path(source)
    if path is None:
        base = name or "schema"
        try:
            path = _store_text(cache_root(), str(source), base.rpartition(".")[2])
        except OutputError:
            path = _store_text(_temporary_root(), str(source), base.rpartition(".")[2])
    else:
        if not path.is_file():
            raise FileNotFoundError(f"no schema file '{path}'")
        base = name or _base_name(path)
    try:
        return _load_file(path, base, include, backend)
    except SchemaError as error:
        if isinstance(source, str) and _as_path(source) is None:
            raise SchemaError(error.message, details=error.details.replace(str(path), _TEXT)) from None
        raise


def _load_file(path: Path, base: str, include: Sequence[str | os.PathLike[str]], backend: str) -> ModuleType:
    # Read on every call: only the front end knows which other files belong to the contents.
    schema = read_schema(Request.of([path], include=include, name="schema"))
    contents = [file.name + "\0" + file.read_text("utf-8") for file in stages.sources(schema)]
    identity = "\0".join([base, *contents, generator_identity(), runtime_identity()])
    sanitizers = parse_sanitizers(os.environ.get("HGVALUE_GEN_SANITIZE", ""))

    def request_for(chosen: str) -> Request:
        options = BuildOptions(backend=chosen, sanitize=sanitizers if chosen == "compiled" else ())
        digest = digest_bytes("\0".join([identity, chosen, *options.sanitize]).encode())[:12]
        package = f"{base.replace('.', '_')}_{digest}"
        root = _temporary_root() if chosen == "dynamic" and _is_blocked(cache_root()) else cache_root()
        return Request.of([path], root / "loaded" / digest, package, include, options, owned=True)

    if backend == AUTO and _is_blocked(cache_root()):
        backend = "dynamic"
    request = request_for("compiled" if backend == AUTO else backend)
    if backend == AUTO and not _can_be_compiled(request):
        request = request_for("dynamic")
    if request.package in sys.modules:
        return sys.modules[request.package]
    if is_current(request):
        return _import(request.package, request.folder)
    try:
        with logged_and_shown() as progress:
            build_schema(request, schema, progress)
    except OutputError as error:
        if backend == AUTO and request.options.backend != "dynamic":
            _warn_of_fallback(error.message)
            return _load_file(path, base, include, "dynamic")
        if request.options.backend != "dynamic":
            raise
        # Nothing is compiled, so nothing is lost without a cache.
        logger.warning("%s; the classes are made without it", error.message)
        folder = _temporary_root() / request.folder.name
        write_files(folder, package_texts(request, schema))
        return _import(request.package, folder)
    return _import(request.package, request.folder)


def _can_be_compiled(request: Request) -> bool:
    """Tell whether a compiled module is there or can be made; warn, once, if not."""
    if request.package in sys.modules or is_current(request):
        return True
    try:
        find_toolchain(None)
    except ToolError as error:
        _warn_of_fallback(error.message)
        return False
    return True


@cache
def _warn_of_fallback(reason: str) -> None:
    warnings.warn(
        f"classes are made without compiling them, which makes them slower: {reason}. backend='dynamic' says that this "
        "is meant",
        RuntimeWarning,
        stacklevel=5,
    )


class _Source(SourceFileLoader):
    """Compiles the source each time: bytecode that was stored beside it might be damaged, and nobody checks it."""

    def path_stats(self, path: str) -> Mapping[str, Any]:  # type: ignore[override,unused-ignore]
        raise OSError("bytecode is neither read nor written")


class _Submodules:
    """Finds the modules of the packages that were loaded."""

    packages: ClassVar[set[str]] = set()

    @classmethod
    def find_spec(cls, name: str, path: Sequence[str] | None = None, target: object = None) -> ModuleSpec | None:
        if name.partition(".")[0] not in cls.packages or path is None:
            return None
        spec = PathFinder.find_spec(name, path)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Source(spec.loader.name, spec.loader.path)
        return spec


def _import(package: str, folder: Path) -> ModuleType:
    """Import a package from its folder, which is on no search path."""
    if _Submodules not in sys.meta_path:
        sys.meta_path.insert(0, _Submodules)
    _Submodules.packages.add(package)
    source = folder / "__init__.py"
    loader = _Source(package, str(source))
    spec = spec_from_file_location(package, source, loader=loader, submodule_search_locations=[str(folder)])
    if spec is None or spec.loader is None:
        raise ImportError(f"'{folder}' cannot be imported", name=package)
    module = module_from_spec(spec)
    sys.modules[package] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        # Submodules too: a second attempt must not find half of the first.
        for loaded in [key for key in sys.modules if key == package or key.startswith(f"{package}.")]:
            del sys.modules[loaded]
        raise
    return module


def _base_name(path: Path) -> str:
    """Return what the module of a file is called before the hash: an identifier, whatever the file is called."""
    name = re.sub(r"\W", "_", path.stem).strip("_") or "schema"
    return name if name.isidentifier() else f"schema_{name}"


def _as_path(source: str | os.PathLike[str]) -> Path | None:
    if not isinstance(source, str):
        return Path(source).absolute()
    if "\n" in source or "\0" in source:
        return None
    try:
        is_file = source.endswith(SOURCE_SUFFIX) or Path(source).is_file()
    except OSError:  # too long for a name
        return None
    return Path(source).absolute() if is_file else None


def _is_blocked(folder: Path) -> bool:
    """Tell whether no folder can be there: a file is in its way, or one above it may not be entered."""
    try:
        nearest = next(part for part in (folder, *folder.parents) if part.exists())
    except OSError:
        return True
    return not nearest.is_dir()


@cache
def _temporary_root() -> Path:
    """Return a folder in place of a cache that cannot be written; it is gone when the process ends."""
    root = Path(tempfile.mkdtemp(prefix="hgvalue-gen-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    return root


def _store_text(root: Path, text: str, stem: str) -> Path:
    file = root / "texts" / digest_bytes(text.encode("utf-8"))[:16] / (stem + SOURCE_SUFFIX)
    make_way(root, [file])
    write_files(file.parent, {file.name: text})
    return file
