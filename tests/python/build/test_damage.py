"""What `load` finds in its cache is what it put there: anything else is noticed, and made anew or done without."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import hgvalue_gen
from hgvalue_gen.build import OutputError, ToolError, cache, files
from hgvalue_gen.build.native import _is_as_left

pytestmark = [
    pytest.mark.compile,
    pytest.mark.skipif(not any(map(shutil.which, ("c++", "g++", "clang++"))), reason="no C++ compiler is installed"),
]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that holds one compiled entry and one of the dynamic backend."""
    return tmp_path_factory.mktemp("filled") / "cache"


@pytest.fixture
def cache_folder(filled: Path, stand_in: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that cache at a place of its own, and the one in use."""
    place = tmp_path / "cache"
    monkeypatch.setenv("HGVALUE_GEN_CACHE", str(place))
    if not filled.exists():
        _load()
        shutil.copytree(place, filled)
    else:
        # Trees are named after the place of the package, so the names of the copy are others.
        shutil.copytree(filled, place)
        _rename_trees(place)
    return place


def _rename_trees(place: Path) -> None:
    for package in place.glob("loaded/*/*"):
        (old,) = place.glob(f"trees/{package.name}-*")
        old.rename(cache.build_tree(package.parent, package.name, hgvalue_gen.BuildOptions(backend="compiled")))


def _load(backend: str = "compiled") -> Any:
    """Load the schema as a new process does."""
    for name in [name for name in sys.modules if name.startswith("damage_")]:
        del sys.modules[name]
    return hgvalue_gen.load("42", name="damage", backend=backend)


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    for name in [name for name in sys.modules if name.startswith("damage_")]:
        del sys.modules[name]


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes() or b"\0")
    data[len(data) // 2] ^= 16
    path.write_bytes(data)


def _as_folder(path: Path) -> None:
    path.unlink()
    (path / "inside").mkdir(parents=True)


def _elsewhere(path: Path) -> None:
    other = path.with_name("of somebody else")
    other.write_bytes(b"of somebody else")
    path.unlink()
    path.symlink_to(other)


def _dangling(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


def _around(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


#: What can become of a file.
DAMAGES: dict[str, Callable[[Path], Any]] = {
    "gone": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "garbage": lambda path: path.write_bytes(os.urandom(path.stat().st_size + 7)),
    "zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "flipped": _flip,
    "longer": lambda path: path.write_bytes(path.read_bytes() * 2),
    "folder": _as_folder,
    "another's": _elsewhere,
    "dangling link": _dangling,
    "circular link": _around,
}
FILES = ["__init__.py", "py.typed", "_native.abi3.so", "stamp.json", "lock", "left.json", "schema"]


def _file(place: Path, name: str) -> Path:
    pattern = {"stamp.json": "trees/*/*", "lock": "trees/*/*", "left.json": "trees/*/*"}.get(name, "loaded/*/*/*")
    (found,) = place.glob("texts/*/*.hgt") if name == "schema" else place.glob(pattern.removesuffix("*") + name)
    return found


def _is_sound(place: Path) -> bool:
    """Whether all files are as they are after a build."""
    return all(not path.is_symlink() for path in place.rglob("*")) and _file(place, "_native.abi3.so").is_file()


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_made_anew(cache_folder: Path, name: str, damage: str) -> None:
    path = _file(cache_folder, name)
    before = path.read_bytes()
    DAMAGES[damage](path)
    assert _load().value() == 42
    if name not in ("lock", "left.json") and not (name == "stamp.json" and damage == "another's"):
        assert path.read_bytes() == before and not path.is_symlink()


@pytest.mark.parametrize(
    ("pattern", "damage"),
    [
        ("build/_native*", "flipped"),
        ("build/**/value.cpp.o", "flipped"),
        ("build/**/value.cpp.o", "truncated"),
        ("build/**/value.cpp.o", "future"),
        ("build/build.ninja", "truncated"),
        ("build/.ninja_log", "empty"),
        ("src/value.cpp", "future"),
        ("build/CMakeCache.txt", "gone"),
    ],
)
def test_a_damaged_build_tree_is_not_built_upon(cache_folder: Path, pattern: str, damage: str) -> None:
    (tree,) = cache_folder.glob("trees/*")
    (path,) = tree.glob(pattern)
    if damage == "future":
        os.utime(path, (time.time() + 1e6, time.time() + 1e6))
    else:
        DAMAGES[damage](path)
    assert not _is_as_left(tree)
    _file(cache_folder, "_native.abi3.so").unlink()
    assert _load().value() == 42
    assert _is_as_left(tree)


def test_a_tree_that_is_as_it_was_left_is_used(cache_folder: Path) -> None:
    (tree,) = cache_folder.glob("trees/*")
    _file(cache_folder, "_native.abi3.so").unlink()
    assert _load().value() == 42  # the tree was copied, and so is set up for its place now
    assert _is_as_left(tree)
    module = next(tree.glob("build/_native*"))
    before = module.stat().st_mtime_ns
    _file(cache_folder, "_native.abi3.so").unlink()
    assert _load().value() == 42 and module.stat().st_mtime_ns == before


FOLDERS = ["loaded/*/*", "loaded", "trees/*", "texts/*", "texts", "trees/*/src", "trees/*/build"]


@pytest.mark.parametrize("place", FOLDERS)
@pytest.mark.parametrize("damage", ["file", "dangling link"])
def test_what_stands_in_place_of_a_folder(cache_folder: Path, place: str, damage: str) -> None:
    (folder,) = cache_folder.glob(place)
    shutil.rmtree(folder)
    if damage == "file":
        folder.write_bytes(b"in the way")
    elif damage == "dangling link":
        folder.symlink_to("nowhere")
    assert _load().value() == 42
    assert _load().value() == 42


def test_bytecode_is_not_trusted(cache_folder: Path) -> None:
    """Python takes bytecode for valid when the time and size of the source are what it says."""
    import importlib.util

    source = _file(cache_folder, "__init__.py")
    wrong = source.with_name("wrong.py")
    wrong.write_text("value = lambda: 13\n" + "#" * (source.stat().st_size - 20) + "\n")
    assert wrong.stat().st_size == source.stat().st_size
    os.utime(wrong, ns=(source.stat().st_mtime_ns,) * 2)
    import py_compile

    py_compile.compile(str(wrong), cfile=importlib.util.cache_from_source(str(source)))
    wrong.unlink()
    assert _load().value() == 42


@pytest.mark.parametrize("identity", ["generator_identity", "runtime_identity", "python_identity"])
def test_an_entry_of_other_tools_is_made_anew(
    cache_folder: Path, identity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the files of an entry of another version had been copied over those of this one."""
    stamp = _file(cache_folder, "stamp.json")
    with monkeypatch.context() as patch:
        patch.setattr(hgvalue_gen.build.package, identity, lambda: "another")
        assert _load().value() == 42
        foreign = stamp.read_bytes()
    native = _file(cache_folder, "_native.abi3.so")
    native.unlink()  # not written over: it is loaded
    native.write_bytes(b"of another Python")
    assert stamp.read_bytes() == foreign
    assert _load().value() == 42
    assert stamp.read_bytes() != foreign


def test_an_entry_of_a_schema_elsewhere_is_the_same(cache_folder: Path, tmp_path: Path, stand_in: Any) -> None:
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "damage.hgt").write_text("42")
    made = [_load_file(tmp_path / place / "damage.hgt") for place in ("one", "two")]
    assert made[0].value() == made[1].value() == 42
    assert Path(made[0].__file__).stat().st_mtime_ns == Path(made[1].__file__).stat().st_mtime_ns


def _load_file(path: Path) -> Any:
    for name in [name for name in sys.modules if name.startswith("damage_")]:
        del sys.modules[name]
    return hgvalue_gen.load(path, backend="compiled")


class ReadOnly:
    """Refuses everything that changes a file below a folder, as the root user is refused nothing else."""

    def __init__(self, patch: pytest.MonkeyPatch, folder: Path, error: int = errno.EROFS) -> None:
        self._folder, self._error = folder, error
        for owner, name in [
            *((Path, name) for name in ("mkdir", "write_bytes", "write_text", "unlink", "touch")),
            *((os, name) for name in ("replace", "unlink", "rmdir", "mkdir")),
        ]:
            patch.setattr(owner, name, self._refusing(getattr(owner, name)))
        opened = Path.open
        patch.setattr(Path, "open", lambda path, mode="r", *a, **k: self._open(opened, path, mode, *a, **k))

    def _refusing(self, call: Any) -> Any:
        def refuse(path: Any, *arguments: Any, **options: Any) -> Any:
            if Path(path).is_relative_to(self._folder):
                raise OSError(self._error, os.strerror(self._error), str(path))
            return call(path, *arguments, **options)

        return refuse

    def _open(self, opened: Any, path: Path, mode: str, *arguments: Any, **options: Any) -> Any:
        if set(mode) & set("wax+") and path.is_relative_to(self._folder):
            raise OSError(self._error, os.strerror(self._error), str(path))
        return opened(path, mode, *arguments, **options)


@pytest.mark.parametrize("error", [errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_a_cache_that_cannot_be_written_and_has_the_entry(
    cache_folder: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    ReadOnly(monkeypatch, cache_folder, error)
    for backend in ("compiled", "auto"):
        module = _load(backend)
        assert module.value() == 42 and Path(module.__file__).is_relative_to(cache_folder)


@pytest.mark.parametrize("error", [errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_a_cache_that_cannot_be_written_and_has_no_entry(
    cache_folder: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    with monkeypatch.context() as patch:
        ReadOnly(patch, cache_folder, error)
        before = sorted(cache_folder.rglob("*"))
        with pytest.raises(OutputError, match=os.strerror(error)):
            hgvalue_gen.load("43", name="damage", backend="compiled")
        assert sorted(cache_folder.rglob("*")) == before
    assert hgvalue_gen.load("43", name="damage", backend="compiled").value() == 43


@pytest.mark.parametrize("name", ["_native.abi3.so", "__init__.py"])
def test_a_damaged_entry_that_cannot_be_replaced_is_not_loaded(
    cache_folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    _flip(_file(cache_folder, name))
    ReadOnly(monkeypatch, cache_folder)
    with pytest.raises(OutputError, match="HGVALUE_GEN_CACHE names another"):
        _load()
    assert not [name for name in sys.modules if name.startswith("damage_")]


@pytest.mark.parametrize("stage", ["lock", "text", "module", "stamp"])
def test_a_disk_that_is_full_in_the_middle(cache_folder: Path, monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    _file(cache_folder, "_native.abi3.so").unlink()
    _flip(_file(cache_folder, "__init__.py"))
    if stage == "stamp":
        _flip(_file(cache_folder, "stamp.json"))
    written = Path.write_bytes
    with monkeypatch.context() as patch:
        match stage:
            case "lock":
                patch.setattr(files, "_acquire", full)
            case "module":
                patch.setattr(shutil, "copyfile", full)
            case _:
                hit = "stamp.json" if stage == "stamp" else "__init__.py"
                patch.setattr(Path, "write_bytes", lambda p, data: full() if hit in p.name else written(p, data))
        with pytest.raises(OutputError, match=os.strerror(errno.ENOSPC)):
            _load()
    assert not list(cache_folder.rglob("*.tmp"))
    assert _load().value() == 42


ODD = ["a b", "$HOME $$ $", "quo'te", "ünï ☃", "#%&()[]{}!~^=+,@", "x" * 200, "a\tb"]


@pytest.mark.parametrize("name", ODD)
def test_caches_at_odd_places(stand_in: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("HGVALUE_GEN_CACHE", str(tmp_path / name))
    assert _load().value() == 42
    assert _load().value() == 42


@pytest.mark.parametrize("name", ["a;b", "a\nb", 'a"b', "a${b}"])
def test_places_that_cmake_cannot_take(
    stand_in: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("HGVALUE_GEN_CACHE", str(tmp_path / name))
    with pytest.raises(ToolError, match="HGVALUE_GEN_CACHE names another"):
        _load()


def test_a_place_that_is_too_long(stand_in: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in (tmp_path / ("x" * 300), tmp_path.joinpath(*["y" * 200] * 30)):
        monkeypatch.setenv("HGVALUE_GEN_CACHE", str(place))
        with pytest.raises(OutputError, match="File name too long"):
            _load()


CHILD = """
import sys
sys.path.insert(0, {root!r})
from tests.python.build.conftest import StandIn
from hgvalue_gen.build import stages
made = StandIn()
for name in ("read", "sources", "emit"):
    setattr(stages, name, getattr(made, name))
import hgvalue_gen
print(hgvalue_gen.load("42", name="damage", backend="compiled").value(), flush=True)
"""


def _start(place: Path, **environment: str) -> subprocess.Popen[str]:
    code = CHILD.format(root=str(Path(__file__).parents[3]))
    environment = os.environ | {"HGVALUE_GEN_CACHE": str(place)} | environment
    return subprocess.Popen(
        [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def _wait_for(what: Callable[[], Any]) -> None:
    end = time.monotonic() + 60
    while not what():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.skipif(sys.platform == "win32", reason="no signals that kill")
@pytest.mark.parametrize("found", ["CMakeFiles/_native.dir", "**/*.o", "CMakeCache.txt"])
def test_a_build_that_was_killed(tmp_path: Path, stand_in: Any, monkeypatch: pytest.MonkeyPatch, found: str) -> None:
    place = tmp_path / "cache"
    process = _start(place, CCACHE_DISABLE="1")
    _wait_for(lambda: list(place.glob(f"trees/*/build/{found}")) or process.poll() is not None)
    waiting = _start(place)  # for the lock of one that will be dead
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert waiting.communicate(timeout=120)[0] == "42\n"
    monkeypatch.setenv("HGVALUE_GEN_CACHE", str(place))
    assert _load().value() == 42


def test_processes_that_build_at_once(tmp_path: Path) -> None:
    place = tmp_path / "cache"
    processes = [_start(place) for _ in range(3)]
    assert [process.communicate(timeout=180)[0] for process in processes] == ["42\n"] * 3
    assert len(list(place.glob("trees/*"))) == 1 and not list(place.rglob("*.tmp"))
