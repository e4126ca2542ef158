from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from hgvalue_gen.build import OutputError
from hgvalue_gen.build.files import copy_file, digest_file, locked, write_files


def _tree(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_writes_and_says_what_changed(tmp_path: Path) -> None:
    assert write_files(tmp_path / "p", {"b/c.txt": "ü\n", "a.txt": "1"}) == ["a.txt", "b/c.txt"]
    assert (tmp_path / "p/b/c.txt").read_bytes() == "ü\n".encode()
    assert write_files(tmp_path / "p", {"b/c.txt": "ü\n", "a.txt": "2"}) == ["a.txt"]
    assert _tree(tmp_path) == ["p", "p/a.txt", "p/b", "p/b/c.txt"]


def test_a_file_with_its_text_is_not_touched(tmp_path: Path) -> None:
    write_files(tmp_path, {"a": "same"})
    os.utime(tmp_path / "a", ns=(1, 1))
    assert write_files(tmp_path, {"a": "same"}) == []
    assert (tmp_path / "a").stat().st_mtime_ns == 1


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file where a folder is needed")
    with pytest.raises(OutputError, match="cannot write to"):
        write_files(tmp_path, {"a/deep/x": "1", "blocked/y": "2"})
    assert _tree(tmp_path) == ["blocked"]


def test_a_failure_keeps_the_old_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, {"a": "old", "b": "old"})
    written = Path.write_bytes

    def full_disk(self: Path, data: bytes) -> int:
        if ".b." in self.name:
            raise OSError(28, "No space left on device")
        return written(self, data)

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    with pytest.raises(OutputError, match="No space left on device"):
        write_files(tmp_path, {"a": "new", "b": "new"})
    assert _tree(tmp_path) == ["a", "b"]
    assert (tmp_path / "a").read_text() == "old"


def test_an_interruption_leaves_no_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_files(tmp_path / "p", {"a": "1"})
    assert _tree(tmp_path) == []


def test_copy_replaces_in_one_step(tmp_path: Path) -> None:
    source, target = tmp_path / "s", tmp_path / "t"
    source.write_text("new")
    target.write_text("old")
    held = target.open()
    copy_file(source, target)
    assert target.read_text() == "new"
    if os.name != "nt":
        assert held.read() == "old", "whoever has the old file open keeps it"
    held.close()
    assert _tree(tmp_path) == ["s", "t"]


def test_copy_says_why_it_cannot(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write"):
        copy_file(tmp_path / "absent", tmp_path / "t")
    assert _tree(tmp_path) == []


def test_digest_of_what_cannot_be_read_is_none(tmp_path: Path) -> None:
    assert digest_file(tmp_path / "absent") is None
    assert digest_file(tmp_path) is None


def test_the_lock_excludes_others(tmp_path: Path) -> None:
    order: list[str] = []
    inside, leave = threading.Event(), threading.Event()

    def first() -> None:
        with locked(tmp_path / "sub" / "lock"):
            inside.set()
            leave.wait(10)
            order.append("first")

    def second() -> None:
        inside.wait(10)
        leave.set()
        with locked(tmp_path / "sub" / "lock"):
            order.append("second")

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert order == ["first", "second"]


def test_a_lock_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot use the cache folder"), locked(tmp_path / "file" / "lock"):
        pass
