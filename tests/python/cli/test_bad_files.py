"""Every state a file or folder can be in, given to every command: one clear message and a status, no traceback."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

GOOD = b"class Quote(TimeSeriesSchema):\n    bid: TS[float]\n"

Make = Callable[[Path], object]


def _write(data: bytes) -> Make:
    return lambda path: path.write_bytes(data)


#: What a schema file may be, and whether it can be read.
FILES: dict[str, tuple[Make, bool]] = {
    "good": (_write(GOOD), True),
    "byte order mark": (_write(b"\xef\xbb\xbf" + GOOD), True),
    "CRLF": (_write(GOOD.replace(b"\n", b"\r\n")), True),
    "CR": (_write(GOOD.replace(b"\n", b"\r")), True),
    "no line end": (_write(GOOD.rstrip()), True),
    "empty": (_write(b""), False),
    "blank": (_write(b"\n \n\t\n"), False),
    "UTF-16": (_write(GOOD.decode().encode("utf-16")), False),
    "Latin-1": (_write(GOOD + b"# \xe9\n"), False),
    "binary": (_write(bytes(range(256)) * 100), False),
    "NUL": (_write(b"\0" * 1000), False),
    "huge line": (_write(b"A" * 3_000_000), False),
    "many brackets": (_write(b"X = " + b"[" * 100_000), False),
    "missing": (lambda path: None, False),
    "folder": (lambda path: path.mkdir(), False),
    "dangling link": (lambda path: path.symlink_to("nowhere"), False),
    "link to itself": (lambda path: path.symlink_to(path.name), False),
    "link": (lambda path: (path.with_suffix(".txt").write_bytes(GOOD), path.symlink_to("schemas.txt")), True),
}
#: Every way to use the command that reads a schema; none of them compiles.
COMMANDS: dict[str, tuple[str, ...]] = {
    "check": ("--check",),
    "emit-json": ("--emit-json",),
    "check-stale": ("--check-stale", "--emit-only"),
    "emit-only": ("--emit-only",),
    "dynamic": ("--backend", "dynamic"),
    "json errors": ("--check", "--error-format=json"),
}


def _check_message(result: Any) -> None:
    assert "Traceback" not in result.err and "internal error" not in result.err, result.err
    assert result.err.strip()


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("file", FILES)
def test_schema_file(file: str, command: str, folder: Path, run: Callable[..., Any]) -> None:
    make, is_good = FILES[file]
    make(folder / "schemas.hgt")
    result = run("schemas.hgt", *COMMANDS[command])
    if is_good:
        assert result.status == (1 if command == "check-stale" else 0), result.err
        assert not result.err
    else:
        assert result.status in (1, 2)
        _check_message(result)
        assert not (folder / "schemas").exists()


@pytest.mark.parametrize("file", FILES)
def test_imported_file(file: str, folder: Path, run: Callable[..., Any]) -> None:
    make, is_good = FILES[file]
    make(folder / "schemas.hgt")
    (folder / "main.hgt").write_text("from schemas import Quote\nR = TSD[str, Quote]\n")
    result = run("main.hgt", "--check")
    assert result.status == (0 if is_good else 1)
    if not is_good:
        _check_message(result)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("reason", [errno.EACCES, errno.EIO, errno.ELOOP, errno.ENAMETOOLONG])
def test_file_that_cannot_be_read(
    reason: int, command: str, folder: Path, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "schemas.hgt").write_bytes(GOOD)
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "schemas.hgt":
            raise OSError(reason, os.strerror(reason), str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    result = run("schemas.hgt", *COMMANDS[command])
    assert result.status == 1
    _check_message(result)
    assert os.strerror(reason) in result.err


@pytest.fixture(
    params=["file", "below a file", "file in the way", "folder in the way", "foreign file", "link to itself"]
)
def blocked(request: pytest.FixtureRequest, folder: Path) -> str:
    """An output folder in which the package cannot be."""
    out = folder / "out"
    match request.param:
        case "file":
            out.write_text("")
        case "below a file":
            out.write_text("")
            return "out/deeper"
        case "file in the way":
            out.mkdir()
            (out / "schemas").write_text("")
        case "folder in the way":
            (out / "schemas" / "__init__.py").mkdir(parents=True)
        case "foreign file":
            (out / "schemas").mkdir(parents=True)
            (out / "schemas" / "__init__.py").write_text("mine = 1\n")
        case "link to itself":
            out.symlink_to("out")
    return "out"


@pytest.mark.parametrize("command", ["emit-only", "dynamic"])
def test_output_that_cannot_be_written(command: str, blocked: str, folder: Path, run: Callable[..., Any]) -> None:
    (folder / "schemas.hgt").write_bytes(GOOD)
    before = {path: path.lstat().st_mtime_ns for path in folder.rglob("*")}
    result = run("schemas.hgt", "-o", blocked, *COMMANDS[command])
    assert result.status in (1, 2, 3, 4)
    _check_message(result)
    assert {path: path.lstat().st_mtime_ns for path in folder.rglob("*")} == before


@pytest.mark.parametrize("command", ["emit-only", "dynamic"])
@pytest.mark.parametrize("reason", [errno.EROFS, errno.ENOSPC, errno.EACCES])
def test_output_that_the_system_refuses(
    reason: int, command: str, folder: Path, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "schemas.hgt").write_bytes(GOOD)

    def refuse(path: Path, data: bytes) -> int:
        raise OSError(reason, os.strerror(reason), str(path))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    result = run("schemas.hgt", *COMMANDS[command])
    assert result.status not in (0, -1)
    _check_message(result)
    assert os.strerror(reason) in result.err
    assert sorted(path.name for path in folder.rglob("*")) == ["schemas.hgt"]


@pytest.fixture
def read_only(folder: Path) -> Iterator[Path]:
    """A folder into which only the superuser writes."""
    out = folder / "out"
    out.mkdir()
    out.chmod(stat.S_IRUSR | stat.S_IXUSR)
    yield out
    out.chmod(stat.S_IRWXU)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_read_only_output(read_only: Path, folder: Path, run: Callable[..., Any]) -> None:
    (folder / "schemas.hgt").write_bytes(GOOD)
    result = run("schemas.hgt", "-o", "out", "--emit-only")
    assert result.status not in (0, -1)
    _check_message(result)


@pytest.mark.parametrize("variable", ["HGVALUE_GEN_CACHE"])
@pytest.mark.parametrize("command", ["emit-only", "dynamic"])
def test_cache_that_is_a_file(
    variable: str, command: str, folder: Path, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "schemas.hgt").write_bytes(GOOD)
    (folder / "cache").write_text("")
    monkeypatch.setenv(variable, str(folder / "cache"))
    result = run("schemas.hgt", *COMMANDS[command])
    assert result.status == 0 or result.err.strip()
    assert "Traceback" not in result.err and "internal error" not in result.err


def test_doctor_with_a_damaged_cache(folder: Path, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    cache = folder / "cache"
    cache.mkdir()
    (cache / "self").symlink_to("self")
    (cache / "nowhere").symlink_to("missing")
    (cache / "deep").mkdir()
    monkeypatch.setenv("HGVALUE_GEN_CACHE", str(cache))
    result = run("doctor")
    assert result.status in (0, 3)
    assert "internal error" not in result.err
