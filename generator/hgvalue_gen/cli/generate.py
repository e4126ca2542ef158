"""``hgvalue-gen schemas.hgt``: the main form of the command."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from hgvalue_gen import __version__
from hgvalue_gen.build.errors import GenError, SchemaError
from hgvalue_gen.build.options import BACKENDS, SANITIZERS, BuildOptions, parse_sanitizers
from hgvalue_gen.build.package import Request, build_schema, is_current, read_schema, stale_outputs
from hgvalue_gen.cli.display import Display, ErrorFormat, coloured, wants_colour

if TYPE_CHECKING:
    from hgvalue_gen.diagnostics import Reporter
    from hgvalue_gen.schema.model import Schema

_FILE: Final = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
_FOLDER: Final = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="`hgvalue-gen doctor` tells what is installed and what is missing.",
)
@click.argument("schemas", nargs=-1, required=True, type=_FILE)
@click.option(
    "-o", "out", metavar="DIR", type=click.Path(path_type=Path), default=".", help="Put the package into DIR."
)
@click.option("-n", "name", metavar="NAME", help="Name of the package, may be dotted. Default: the first file's name.")
@click.option("-I", "include", metavar="DIR", type=_FOLDER, multiple=True, help="Look for imported schemas here too.")
@click.option(
    "--backend",
    type=click.Choice(BACKENDS),
    default="compiled",
    show_default=True,
    help="What makes the classes: a compiler, or the runtime at import.",
)
@click.option("--emit-only", is_flag=True, help="Write C++, CMake, Python and stubs, compile nothing.")
@click.option("--check", is_flag=True, help="Read and check the schema, write nothing.")
@click.option("--emit-json", is_flag=True, help="Print the resolved schema as JSON, write nothing.")
@click.option("--check-stale", is_flag=True, help="Exit 1 if the package is not what the schema gives.")
@click.option("--error-format", type=click.Choice(["text", "json"]), default="text", help="How to print errors.")
@click.option("--jobs", "-j", metavar="N", type=click.IntRange(min=1), help="Compile N files at a time.")
@click.option("--debug", is_flag=True, help="Compile without optimisation and with checks.")
@click.option("--sanitize", metavar="LIST", default="", help=f"Sanitizers to compile with: {', '.join(SANITIZERS)}.")
@click.option("--compiler", metavar="CXX", help="The C++ compiler to use.")
@click.option("--verbose", "-v", is_flag=True, help="Show what CMake and the compiler print.")
@click.option("--quiet", "-q", is_flag=True, help="Show errors only.")
@click.option("--force", is_flag=True, help="Generate and compile even if nothing has changed.")
@click.version_option(__version__, prog_name="hgvalue-gen")
def generate(
    schemas: tuple[Path, ...], out: Path, name: str | None, include: tuple[Path, ...], backend: str, emit_only: bool,
    check: bool, emit_json: bool, check_stale: bool, error_format: ErrorFormat, jobs: int | None, debug: bool,
    sanitize: str, compiler: str | None, verbose: bool, quiet: bool, force: bool,
) -> int:  # fmt: skip
    """Make a Python package of native classes from schema files.

    SCHEMAS are files in the schema language (.hgt). The package is compiled and put into the current folder. With
    `--backend dynamic` nothing is compiled: the package has the same classes, made when it is imported.
    """
    _refuse_together(check=check, emit_json=emit_json, check_stale=check_stale)
    _refuse_together(verbose=verbose, quiet=quiet)
    display = Display(quiet=quiet or emit_json, verbose=verbose, error_format=error_format)
    try:
        options = BuildOptions(debug, parse_sanitizers(sanitize), compiler, jobs, emit_only, force, backend)
        request = Request.of(schemas, out, name, include, options)
        if check:
            _read(request, error_format)
            display.say(f"{', '.join(map(str, schemas))}: no errors")
            return 0
        if emit_json:
            return _print_json(_read(request, error_format))
        if check_stale:
            return _check_stale(request, display, error_format)
        return _build(request, display, error_format)
    except GenError as error:
        # Errors in the schema have been printed one by one.
        if not isinstance(error, SchemaError):
            display.error(error)
        return error.exit_status


def _build(request: Request, display: Display, error_format: ErrorFormat) -> int:
    started = time.perf_counter()
    if not request.options.force and is_current(request):
        display.say(f"{request.package}: up to date")
        return 0
    schema = _read(request, error_format)
    with display.live():
        result = build_schema(request, schema, display)
    done = "compiled" if result.compiled else "written" if result.changed else "unchanged"
    display.say(f"{request.package}: {done} in {time.perf_counter() - started:.1f} s, in {_relative(result.folder)}")
    return 0


def _check_stale(request: Request, display: Display, error_format: ErrorFormat) -> int:
    if is_current(request):
        return 0
    stale = stale_outputs(request, _read(request, error_format))
    for file in stale:
        display.say(f"stale: {_relative(request.folder / file)}")
    return 1 if stale else 0


def _print_json(schema: Schema) -> int:
    from hgvalue_gen.schema import schema_to_json

    click.echo(json.dumps(schema_to_json(schema), indent=2))
    return 0


def _read(request: Request, error_format: ErrorFormat) -> Schema:
    from hgvalue_gen.diagnostics import Reporter

    reporter = Reporter()
    try:
        return read_schema(request, reporter)
    finally:
        _print_diagnostics(reporter, error_format)


def _print_diagnostics(reporter: Reporter, error_format: ErrorFormat) -> None:
    if error_format == "json":
        text = reporter.render_json()
    else:
        text = reporter.render_text()
        if wants_colour(sys.stderr):
            text = coloured(text)
    sys.stderr.write(text)


def _refuse_together(**flags: bool) -> None:
    given = [f"--{flag.replace('_', '-')}" for flag, value in flags.items() if value]
    if len(given) > 1:
        raise click.UsageError(f"{' and '.join(given)} cannot be used together")


def _relative(path: Path) -> Path:
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path
