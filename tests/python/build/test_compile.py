"""Real compilations, of modules that take a second."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hgvalue_gen.build import BuildOptions, CompileError, ToolError, build_package, package
from hgvalue_gen.build.package import Request, is_current, stale_outputs

pytestmark = [
    pytest.mark.compile,
    pytest.mark.skipif(not any(map(shutil.which, ("c++", "g++", "clang++"))), reason="no C++ compiler is installed"),
]


def _value(out: Path, name: str = "answer") -> int:
    code = f"import sys; sys.path.insert(0, {str(out)!r}); import {name} as m; print(m.value())"
    return int(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)


def _native(folder: Path) -> Path:
    (found,) = folder.glob("_native*")
    return found


def test_compiles_what_is_importable(stand_in: Any, schema: Path, tmp_path: Path, progress: Any) -> None:
    result = build_package([schema], out=tmp_path, progress=progress)
    assert result.compiled
    assert _value(tmp_path) == 42
    assert progress.stages == ["reading", "generating", "configuring"]
    assert sorted(progress.steps[:-1]) == ["module.cpp", "value.cpp"]
    assert progress.steps[-1].startswith("linking _native")


def test_no_change_compiles_nothing(stand_in: Any, schema: Path, tmp_path: Path, progress: Any) -> None:
    folder = build_package([schema], out=tmp_path).folder
    before = _native(folder).stat().st_mtime_ns
    result = build_package([schema], out=tmp_path, progress=progress)
    assert result.up_to_date and not result.compiled
    assert progress.stages == progress.steps == []
    assert stand_in.read_count == 1
    assert _native(folder).stat().st_mtime_ns == before


def test_a_change_compiles_only_what_it_touches(stand_in: Any, schema: Path, tmp_path: Path, progress: Any) -> None:
    build_package([schema], out=tmp_path)
    schema.write_text("43")
    assert build_package([schema], out=tmp_path, progress=progress).compiled
    assert progress.stages == ["reading", "generating"]
    assert [step for step in progress.steps if step.endswith(".cpp")] == ["value.cpp"]
    assert _value(tmp_path) == 43


def test_a_new_file_is_compiled_too(stand_in: Any, schema: Path, tmp_path: Path, progress: Any) -> None:
    build_package([schema], out=tmp_path)
    stand_in.extra = {"cpp/more.cpp": "// hgvalue-gen\n"}
    build_package([schema], out=tmp_path, options=BuildOptions(force=True), progress=progress)
    assert "more.cpp" in progress.steps


def test_a_change_of_text_alone_compiles_nothing(stand_in: Any, schema: Path, tmp_path: Path) -> None:
    build_package([schema], out=tmp_path)
    stand_in.extra = {"notes.py": "# hgvalue-gen\n"}
    result = build_package([schema], out=tmp_path, options=BuildOptions(force=True))
    assert result.changed == ("notes.py",)
    assert not result.compiled


def test_a_lost_module_is_put_back_without_compiling(stand_in: Any, schema: Path, tmp_path: Path) -> None:
    folder = build_package([schema], out=tmp_path).folder
    _native(folder).unlink()
    result = build_package([schema], out=tmp_path)
    assert not result.compiled and len(result.changed) == 1
    assert _value(tmp_path) == 42


def test_a_failure_shows_the_compilers_words_and_keeps_the_text(stand_in: Any, schema: Path, tmp_path: Path) -> None:
    folder = build_package([schema], out=tmp_path).folder
    schema.write_text("no_such_thing")
    with pytest.raises(CompileError) as caught:
        build_package([schema], out=tmp_path)
    assert caught.value.exit_status == 3
    assert str(folder / "cpp" / "value.cpp") in caught.value.details
    assert "no_such_thing" in caught.value.details
    assert "FAILED" not in caught.value.details and "ninja:" not in caught.value.details
    assert "no_such_thing" in (folder / "cpp" / "value.cpp").read_text()
    assert not list(folder.glob("_native*"))
    assert not is_current(Request.of([schema], tmp_path))
    schema.write_text("44")
    build_package([schema], out=tmp_path)
    assert _value(tmp_path) == 44


def test_an_interruption_leaves_no_module_of_another_text(
    stand_in: Any, schema: Path, tmp_path: Path, progress: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = build_package([schema], out=tmp_path).folder
    schema.write_text("43")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(progress, "step", interrupt)
    with pytest.raises(KeyboardInterrupt):
        build_package([schema], out=tmp_path, progress=progress)
    assert not list(folder.glob("_native*"))
    build_package([schema], out=tmp_path)
    assert _value(tmp_path) == 43


def test_variants_do_not_disturb_each_other(stand_in: Any, schema: Path, tmp_path: Path, progress: Any) -> None:
    build_package([schema], out=tmp_path)
    assert build_package([schema], out=tmp_path, options=BuildOptions(debug=True)).compiled
    assert not is_current(Request.of([schema], tmp_path))
    result = build_package([schema], out=tmp_path, progress=progress)
    assert not result.compiled and progress.steps == []
    assert is_current(Request.of([schema], tmp_path))


def test_sanitizers_reach_the_compiler(stand_in: Any, schema: Path, tmp_path: Path) -> None:
    options = BuildOptions(sanitize=("undefined",))
    build_package([schema], out=tmp_path, options=options)
    rules = Request.of([schema], tmp_path, options=options).tree / "build" / "build.ninja"
    assert "-fsanitize=undefined" in rules.read_text()


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in compiler is a shell script")
def test_a_compiler_that_does_not_work(stand_in: Any, schema: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken-c++"
    broken.write_text("#!/bin/sh\necho 'this is no compiler' >&2\nexit 1\n")
    broken.chmod(0o755)
    with pytest.raises(ToolError, match="broken-c\\+\\+' does not work") as caught:
        build_package([schema], out=tmp_path / "out", options=BuildOptions(compiler=str(broken)))
    assert "CMake Error" not in str(caught.value)


@pytest.mark.parametrize("compiler", ["g++", "clang++"])
def test_both_compilers(stand_in: Any, schema: Path, tmp_path: Path, compiler: str) -> None:
    if shutil.which(compiler) is None:
        pytest.skip(f"{compiler} is not installed")
    build_package([schema], out=tmp_path, options=BuildOptions(compiler=compiler))
    assert _value(tmp_path) == 42


@pytest.mark.parametrize("identity", ["generator_identity", "runtime_identity", "python_identity"])
def test_other_tools_build_again(
    stand_in: Any, schema: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, identity: str
) -> None:
    build_package([schema], out=tmp_path)
    assert is_current(Request.of([schema], tmp_path))
    monkeypatch.setattr(package, identity, lambda: "another")
    assert not is_current(Request.of([schema], tmp_path))


def test_a_built_package_outlives_its_compiler(
    stand_in: Any, schema: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_package([schema], out=tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CXX", raising=False)
    assert build_package([schema], out=tmp_path).up_to_date


def test_a_dotted_package_is_importable(stand_in: Any, schema: Path, tmp_path: Path) -> None:
    build_package([schema], out=tmp_path, name="acme.data.answer")
    assert _value(tmp_path, "acme.data.answer") == 42


def test_a_built_package_is_not_stale(stand_in: Any, schema: Path, tmp_path: Path) -> None:
    build_package([schema], out=tmp_path)
    request = Request.of([schema], tmp_path)
    assert stale_outputs(request, stand_in.read([schema], [], None)) == []
    schema.write_text("43")
    stale = stale_outputs(request, stand_in.read([schema], [], None))
    assert stale[0] == "cpp/value.cpp" and stale[-1].startswith("_native")


def test_the_cpp_folder_builds_on_its_own(stand_in: Any, schema: Path, tmp_path: Path) -> None:
    from hgvalue_gen.build.toolchain import find_program

    folder = build_package([schema], out=tmp_path, options=BuildOptions(emit_only=True)).folder
    cmake, ninja = find_program("cmake", "CMAKE_BIN_DIR"), find_program("ninja", "BIN_DIR")
    build = str(tmp_path / "by-hand")
    subprocess.run(
        [cmake, "-S", str(folder / "cpp"), "-B", build, "-G", "Ninja", f"-DCMAKE_MAKE_PROGRAM={ninja}",
         "-DCMAKE_BUILD_TYPE=Release", f"-DPython_EXECUTABLE={sys.executable}"],
        check=True, capture_output=True,
    )  # fmt: skip
    subprocess.run([cmake, "--build", build], check=True, capture_output=True)
    assert list(Path(build).glob("_native*"))
