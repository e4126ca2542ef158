"""What a build reads, writes and skips; nothing here needs a compiler."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hgvalue_gen.build import BuildOptions, OutputError, SchemaError, ToolError, UsageError, build_package, package
from hgvalue_gen.build.package import Request, is_current, stale_outputs

TEXT = BuildOptions(emit_only=True)


def _tree(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_writes_the_package(stand_in: Any, schema: Path, tmp_path: Path) -> None:
    result = build_package([schema], out=tmp_path / "out", options=TEXT)
    assert result.folder == tmp_path / "out" / "answer"
    assert not result.compiled and not result.up_to_date
    expected = ["__init__.py", "cpp/CMakeLists.txt", "cpp/module.cpp", "cpp/value.cpp", "cpp/value.hpp", "py.typed"]
    assert _tree(result.folder) == sorted(result.changed) == expected


def test_a_dotted_name_is_a_nested_package(stand_in: Any, schema: Path, tmp_path: Path) -> None:
    result = build_package([schema], out=tmp_path, name="acme.market", options=TEXT)
    assert result.folder == tmp_path / "acme" / "market"
    assert not (tmp_path / "acme" / "__init__.py").exists()


def test_a_second_run_reads_nothing(stand_in: Any, schema: Path, tmp_path: Path) -> None:
    build_package([schema], out=tmp_path, options=TEXT)
    result = build_package([schema], out=tmp_path, options=TEXT)
    assert result.up_to_date and result.changed == ()
    assert stand_in.read_count == 1


def test_force_does_it_again_and_changes_nothing(stand_in: Any, schema: Path, tmp_path: Path) -> None:
    build_package([schema], out=tmp_path, options=TEXT)
    result = build_package([schema], out=tmp_path, options=BuildOptions(emit_only=True, force=True))
    assert not result.up_to_date and result.changed == ()
    assert stand_in.read_count == 2


def test_only_what_changed_is_written(stand_in: Any, schema: Path, tmp_path: Path) -> None:
    build_package([schema], out=tmp_path, options=TEXT)
    schema.write_text("43")
    assert build_package([schema], out=tmp_path, options=TEXT).changed == ("cpp/value.cpp",)


@pytest.mark.parametrize("file", ["__init__.py", "cpp/value.cpp", "py.typed"])
def test_a_lost_or_edited_output_is_made_anew(stand_in: Any, schema: Path, tmp_path: Path, file: str) -> None:
    folder = build_package([schema], out=tmp_path, options=TEXT).folder
    original = (folder / file).read_text()
    (folder / file).unlink()
    assert build_package([schema], out=tmp_path, options=TEXT).changed == (file,)
    (folder / file).write_text(original + "// edited, still ours: hgvalue-gen\n")
    assert build_package([schema], out=tmp_path, options=TEXT).changed == (file,)
    assert (folder / file).read_text() == original


def test_a_file_no_longer_generated_is_removed(stand_in: Any, schema: Path, tmp_path: Path) -> None:
    stand_in.extra = {"cpp/gone.cpp": "// hgvalue-gen\n", "edited.py": "# hgvalue-gen\n"}
    folder = build_package([schema], out=tmp_path, options=TEXT).folder
    (folder / "mine.py").write_text("not generated")
    (folder / "edited.py").write_text("# somebody's now")
    stand_in.extra = {}
    assert "cpp/gone.cpp" in build_package([schema], out=tmp_path, options=TEXT).changed
    assert not (folder / "cpp/gone.cpp").exists()
    assert (folder / "mine.py").exists() and (folder / "edited.py").exists()


def test_a_file_of_somebody_else_is_not_overwritten(stand_in: Any, schema: Path, tmp_path: Path) -> None:
    own = tmp_path / "answer" / "__init__.py"
    own.parent.mkdir()
    own.write_text("import my_code\n")
    with pytest.raises(OutputError, match="was not written by hgvalue-gen and will not be overwritten"):
        build_package([schema], out=tmp_path, options=TEXT)
    assert _tree(tmp_path / "answer") == ["__init__.py"]


def test_an_empty_file_of_that_name_is_nobodys(stand_in: Any, schema: Path, tmp_path: Path) -> None:
    (tmp_path / "answer").mkdir()
    (tmp_path / "answer" / "__init__.py").write_text("")
    build_package([schema], out=tmp_path, options=TEXT)


def test_a_folder_in_the_way_is_an_error(stand_in: Any, schema: Path, tmp_path: Path) -> None:
    (tmp_path / "answer" / "__init__.py").mkdir(parents=True)
    with pytest.raises(OutputError, match="is a folder"):
        build_package([schema], out=tmp_path, options=TEXT)


def test_an_error_in_the_schema_leaves_everything_as_it_was(stand_in: Any, schema: Path, tmp_path: Path) -> None:
    folder = build_package([schema], out=tmp_path, options=TEXT).folder
    before = {name: (folder / name).read_bytes() for name in _tree(folder)}
    schema.write_text("ERROR")
    with pytest.raises(SchemaError):
        build_package([schema], out=tmp_path, options=TEXT)
    assert {name: (folder / name).read_bytes() for name in _tree(folder)} == before


def test_without_a_compiler_nothing_is_written(
    stand_in: Any, schema: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    monkeypatch.delenv("CXX", raising=False)
    with pytest.raises(ToolError, match=r"no C\+\+ compiler was found"):
        build_package([schema], out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_text_of_a_newer_schema_drops_the_older_module(stand_in: Any, schema: Path, tmp_path: Path) -> None:
    folder = build_package([schema], out=tmp_path, options=TEXT).folder
    (folder / "_native.abi3.so").write_bytes(b"of the old schema")
    schema.write_text("43")
    build_package([schema], out=tmp_path, options=TEXT)
    assert not (folder / "_native.abi3.so").exists()


@pytest.mark.parametrize("identity", ["generator_identity"])
def test_another_generator_generates_again(
    stand_in: Any, schema: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, identity: str
) -> None:
    build_package([schema], out=tmp_path, options=TEXT)
    monkeypatch.setattr(package, identity, lambda: "another")
    assert not is_current(Request.of([schema], tmp_path, options=TEXT))


def test_a_text_stamp_does_not_stand_for_a_module(stand_in: Any, schema: Path, tmp_path: Path) -> None:
    build_package([schema], out=tmp_path, options=TEXT)
    assert is_current(Request.of([schema], tmp_path, options=TEXT))
    assert not is_current(Request.of([schema], tmp_path))


def test_requests_differ_by_sources_include_and_name(stand_in: Any, schema: Path, tmp_path: Path) -> None:
    build_package([schema], out=tmp_path, options=TEXT)
    other = tmp_path / "other.hgt"
    other.write_text("1")
    assert not is_current(Request.of([schema, other], tmp_path, options=TEXT))
    assert not is_current(Request.of([schema], tmp_path, include=[tmp_path], options=TEXT))
    assert not is_current(Request.of([schema], tmp_path, name="x", options=TEXT))
    assert not is_current(Request.of([schema], tmp_path / "x", options=TEXT))


def test_stale_outputs_are_named(stand_in: Any, schema: Path, tmp_path: Path) -> None:
    request = Request.of([schema], tmp_path, options=TEXT)
    parsed = stand_in.read([schema], [], None)
    assert "__init__.py" in stale_outputs(request, parsed)
    folder = build_package([schema], out=tmp_path, options=TEXT).folder
    assert stale_outputs(request, parsed) == []
    (folder / "cpp/value.hpp").write_text("")
    assert stale_outputs(request, parsed) == ["cpp/value.hpp"]


def test_a_module_without_a_stamp_counts_as_stale(stand_in: Any, schema: Path, tmp_path: Path) -> None:
    build_package([schema], out=tmp_path, options=TEXT)
    request = Request.of([schema], tmp_path)
    assert stale_outputs(request, stand_in.read([schema], [], None)) == ["_native.abi3.so"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"sources": []}, "no schema file"),
        ({"sources": ["a.txt"]}, "is not a schema file"),
        ({"sources": ["x/a.hgt", "y/a.hgt"]}, "would both become the module 'a'"),
        ({"sources": ["a.hgt"], "name": "not valid"}, "not a Python identifier"),
        ({"sources": ["a.hgt"], "out": __file__}, "is a file"),
        ({"sources": ["a.hgt"], "out": __file__ + "/deeper"}, "is a file"),
    ],
)
def test_requests_that_cannot_be(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        Request.of(**arguments)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"jobs": 0}, "at least 1"),
        ({"sanitize": ("memory",)}, "unknown sanitizer 'memory'"),
        ({"sanitize": ("thread", "address")}, "cannot be combined"),
    ],
)
def test_options_that_cannot_be(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        BuildOptions(**arguments)


def test_the_same_file_twice_is_one(tmp_path: Path) -> None:
    assert len(Request.of([tmp_path / "a.hgt", tmp_path / "a.hgt"]).sources) == 1
