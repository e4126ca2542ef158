"""``hgvalue-gen doctor``: what is installed, and how to get what is missing."""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import click

from hgvalue_gen import __version__
from hgvalue_gen.build.cache import cache_root
from hgvalue_gen.build.errors import GenError, ToolError
from hgvalue_gen.build.identity import runtime_root
from hgvalue_gen.build.toolchain import find_compiler, find_program

#: What no package runs without, whatever makes its classes.
_NEEDED_ALWAYS: Final = frozenset({"hgvalue", "backend"})


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--compiler", metavar="CXX", help="The C++ compiler to look at.")
def doctor(compiler: str | None) -> int:
    """Tell what a build would use, and what is missing. Exit status 3 if it could not work."""
    checks: list[tuple[str, Callable[[], str]]] = [
        ("hgvalue-gen", lambda: __version__),
        ("hgvalue", _runtime),
        ("Python", lambda: f"{platform.python_version()} ({platform.platform()})"),
        ("nanobind", lambda: _package("nanobind")),
        ("backend", lambda: _package("nanobind-backend")),
        ("compiler", lambda: _program(find_compiler(compiler).program)),
        ("CMake", lambda: _program(find_program("cmake", "CMAKE_BIN_DIR"))),
        ("Ninja", lambda: _program(find_program("ninja", "BIN_DIR"))),
    ]
    missing: set[str] = set()
    for name, check in checks:
        try:
            click.echo(f"{name:12} {check()}")
        except GenError as error:
            missing.add(name)
            click.echo(f"{name:12} {click.style('missing', fg='red')}: {error.message}")
    click.echo(f"{'ccache':12} {_optional('ccache')}")
    click.echo(f"{'cache':12} {_cache()}")
    click.echo(f"{'backends':12} {_backends(missing)}")
    return ToolError.exit_status if missing else 0


def _backends(missing: set[str]) -> str:
    if not missing:
        return "compiled, dynamic"
    return "none" if missing & _NEEDED_ALWAYS else "dynamic, which needs no compiler: `--backend dynamic`"


def _runtime() -> str:
    installed = _package("hgvalue")
    if installed != __version__:
        raise ToolError(
            f"version {installed} is installed, {__version__} is needed; `pip install hgvalue=={__version__}`"
        )
    return f"{installed}, headers in {runtime_root('include')}"


def _package(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        raise ToolError(f"`pip install {name}` adds it") from None


def _program(path: str) -> str:
    try:
        result = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolError(f"'{path}' cannot be run: {error}") from None
    lines = (result.stdout or result.stderr).strip().splitlines()
    return f"{lines[0] if lines else 'version unknown'} ({path})"


def _optional(name: str) -> str:
    import shutil

    path = shutil.which(name)
    return _program(path) if path else "not found; with it, code compiled once is not compiled again"


def _cache() -> str:
    root = cache_root()
    files = [path for path in root.rglob("*") if path.is_file()] if root.is_dir() else []
    size = sum(path.stat().st_size for path in files)
    return f"{root} ({size / 1e6:.1f} MB in {len(files)} files)"
