"""Every option of the main form; nothing here needs a compiler."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import hgvalue_gen
from hgvalue_gen.build import CompileError, ToolError
from hgvalue_gen.build import package as package_module
from hgvalue_gen.cli import generate as generate_module

Run = Callable[..., Any]


def _tree(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_emit_only(run: Run, prices: Path, folder: Path) -> None:
    result = run("prices.hgt", "--emit-only")
    assert result.status == 0, result.err
    assert result.out.startswith("prices: written in ")
    files = _tree(folder / "prices")
    for expected in ("__init__.py", "__init__.pyi", "py.typed", "cpp/CMakeLists.txt"):
        assert expected in files
    assert any(name.startswith("cpp/") and name.endswith(".cpp") for name in files)
    assert not [name for name in files if "_native" in name]


@pytest.mark.row("G-08")
def test_the_dynamic_backend(run: Run, prices: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    result = run("prices.hgt", "--backend", "dynamic")
    assert result.status == 0, result.err
    assert result.out.startswith("prices: written in ")
    files = _tree(folder / "prices")
    assert files == ["__init__.py", "__init__.pyi", "_dynamic.json", "_dynamic.py", "py.typed"]
    assert run("prices.hgt", "--backend", "dynamic").out == "prices: up to date\n"
    assert run("prices.hgt", "--backend", "dynamic", "--emit-only", "--check-stale").status == 0
    assert run("prices.hgt", "--backend", "dynamic", "--check").out == "prices.hgt: no errors\n"
    assert run("prices.hgt", "--check-stale").status == 1, "it is no compiled package"
    prices.write_text(prices.read_text().replace("ask: TS[float]", "ask: TS[int]"))
    result = run("prices.hgt", "--backend", "dynamic", "--check-stale")
    assert result.status == 1
    assert f"stale: {Path('prices/_dynamic.json')}\n" in result.out
    assert run("prices.hgt", "--backend", "dynamic", "--debug").status == 2
    assert run("prices.hgt", "--backend", "fast").status == 2


def test_output_folder_and_name(run: Run, prices: Path, folder: Path) -> None:
    assert run("prices.hgt", "--emit-only", "-o", "made/here", "-n", "acme.market").status == 0
    assert (folder / "made/here/acme/market/__init__.py").is_file()
    assert not (folder / "prices").exists()


def test_twice_is_up_to_date(run: Run, prices: Path) -> None:
    run("prices.hgt", "--emit-only")
    assert run("prices.hgt", "--emit-only").out == "prices: up to date\n"


def test_force(run: Run, prices: Path) -> None:
    run("prices.hgt", "--emit-only")
    assert run("prices.hgt", "--emit-only", "--force").out.startswith("prices: unchanged in ")


def test_quiet(run: Run, prices: Path) -> None:
    assert (run("prices.hgt", "--emit-only", "--quiet").out) == ""


def test_verbose_names_the_phases(run: Run, prices: Path) -> None:
    assert "generating\n" in run("prices.hgt", "--emit-only", "--verbose").out


def test_check(run: Run, prices: Path, folder: Path) -> None:
    result = run("prices.hgt", "--check")
    assert (result.status, result.out) == (0, "prices.hgt: no errors\n")
    assert _tree(folder) == ["prices.hgt"]


def test_emit_json(run: Run, prices: Path, folder: Path) -> None:
    result = run("prices.hgt", "--emit-json")
    assert result.status == 0
    assert "Quote" in json.dumps(json.loads(result.out))
    assert _tree(folder) == ["prices.hgt"]


def test_check_stale(run: Run, prices: Path, folder: Path) -> None:
    result = run("prices.hgt", "--check-stale", "--emit-only")
    assert result.status == 1
    assert f"stale: {Path('prices', '__init__.py')}" in result.out
    assert _tree(folder) == ["prices.hgt"]
    run("prices.hgt", "--emit-only")
    result = run("prices.hgt", "--check-stale", "--emit-only")
    assert (result.status, result.out) == (0, "")
    (folder / "prices" / "cpp" / "CMakeLists.txt").write_text("")
    result = run("prices.hgt", "--check-stale", "--emit-only")
    assert (result.status, result.out) == (1, f"stale: {Path('prices', 'cpp', 'CMakeLists.txt')}\n")


def test_several_files_and_include(run: Run, folder: Path) -> None:
    (folder / "shared").mkdir()
    (folder / "shared" / "common.hgt").write_text("class Venue(CompoundScalar):\n    name: str\n")
    (folder / "a.hgt").write_text("from common import Venue\n\nclass A(TimeSeriesSchema):\n    venue: TS[Venue]\n")
    (folder / "b.hgt").write_text("class B(TimeSeriesSchema):\n    x: TS[int]\n")
    assert run("a.hgt", "b.hgt", "--check").status == 1
    result = run("a.hgt", "b.hgt", "-I", "shared", "--emit-only", "-n", "both")
    assert result.status == 0, result.err
    assert {"a.py", "b.py", "common.py"} <= set(_tree(folder / "both"))


def test_an_imported_file_counts_as_a_source(run: Run, folder: Path) -> None:
    (folder / "common.hgt").write_text("class Venue(CompoundScalar):\n    name: str\n")
    (folder / "a.hgt").write_text("from common import Venue\n\nclass A(TimeSeriesSchema):\n    venue: TS[Venue]\n")
    run("a.hgt", "--emit-only")
    assert "up to date" in run("a.hgt", "--emit-only").out
    (folder / "common.hgt").write_text("class Venue(CompoundScalar):\n    name: str\n    city: str\n")
    assert "written" in run("a.hgt", "--emit-only").out


def test_output_is_the_same_byte_for_byte(run: Run, prices: Path, folder: Path) -> None:
    run("prices.hgt", "--emit-only", "-o", "one")
    run("prices.hgt", "--emit-only", "-o", "two")
    assert _tree(folder / "one") == _tree(folder / "two")
    for name in _tree(folder / "one"):
        content = (folder / "one" / name).read_bytes()
        assert content == (folder / "two" / name).read_bytes()
        assert str(folder).encode() not in content


def test_options_reach_the_build(run: Run, prices: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    def build(request: Any, schema: Any, progress: Any) -> Any:
        seen.append(request.options)
        return package_module.BuildResult(request.package, request.folder)

    monkeypatch.setattr(generate_module, "build_schema", build)
    assert (
        run("prices.hgt", "--debug", "--jobs", "3", "--sanitize", "address, undefined", "--compiler", "g++").status == 0
    )
    (options,) = seen
    assert (options.debug, options.jobs, options.compiler) == (True, 3, "g++")
    assert options.sanitize == ("address", "undefined")
    assert not options.emit_only and not options.force


@pytest.mark.parametrize("error", [CompileError("no", details="x.cpp:1: error: y"), ToolError("no")])
def test_failed_compilation_ends_with_3(
    run: Run, prices: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def build(*_: Any) -> Any:
        raise error

    monkeypatch.setattr(generate_module, "build_schema", build)
    result = run("prices.hgt")
    assert result.status == 3
    assert result.err == f"error: {error}\n"


def test_a_missing_compiler_is_one_sentence(
    run: Run, prices: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CXX", raising=False)
    result = run("prices.hgt")
    assert result.status == 3
    assert result.err.startswith("error: no C++ compiler was found; install one with")
    assert result.err.count("\n") == 1
    assert _tree(folder) == ["prices.hgt"]


def test_an_interruption_is_one_line(run: Run, prices: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def build(*_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(generate_module, "build_schema", build)
    result = run("prices.hgt")
    assert (result.status, result.err) == (130, "\nhgvalue-gen: interrupted\n")


def test_a_fault_of_our_own_is_one_line_too(run: Run, prices: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def build(*_: Any) -> Any:
        raise KeyError("x")

    monkeypatch.setattr(generate_module, "build_schema", build)
    result = run("prices.hgt")
    assert result.status == 1
    assert result.err.startswith("error: internal error, please report it with the schema: KeyError: 'x'")
    monkeypatch.setenv("HGVALUE_GEN_TRACEBACK", "1")
    with pytest.raises(KeyError):
        run("prices.hgt")


def test_an_output_that_cannot_be_written(run: Run, prices: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write_bytes(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", write_bytes)
    result = run("prices.hgt", "--emit-only")
    assert result.status == 1
    assert "No space left on device" in result.err and "Traceback" not in result.err


def test_somebody_elses_file_is_left_alone(run: Run, prices: Path, folder: Path) -> None:
    (folder / "prices").mkdir()
    (folder / "prices" / "__init__.py").write_text("mine = 1\n")
    result = run("prices.hgt", "--emit-only")
    assert result.status == 1
    assert "will not be overwritten" in result.err
    assert _tree(folder) == ["prices.hgt", "prices/__init__.py"]


def test_version(run: Run) -> None:
    assert run("--version").out == f"hgvalue-gen, version {hgvalue_gen.__version__}\n"


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_names_every_option(run: Run, flag: str) -> None:
    result = run(flag)
    assert result.status == 0
    options = (
        "-o -n -I --emit-only --check --emit-json --check-stale --error-format --jobs --debug --sanitize --compiler "
        "--verbose --quiet --force --version doctor"
    )
    for option in options.split():
        assert option in result.out
