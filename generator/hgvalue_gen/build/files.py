"""Writing output so that nobody ever sees half of it, and nothing that did not change is touched."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from hgvalue_gen.build.errors import OutputError


def digest_bytes(data: bytes) -> str:
    """Return the hash by which stamps compare contents."""
    return hashlib.sha256(data).hexdigest()


def digest_file(path: Path) -> str | None:
    """Return the hash of a file's contents, or ``None`` if it cannot be read."""
    try:
        return digest_bytes(path.read_bytes())
    except OSError:
        return None


def write_files(folder: Path, texts: Mapping[str, str]) -> list[str]:
    """Make the files below ``folder`` have the given texts; return the relative paths of those that changed.

    A file that has its text already keeps its time stamp, so builds that depend on it do nothing. All new texts are
    complete on disk before the first one takes its place.
    Raises :class:`~hgvalue_gen.build.errors.OutputError` if that cannot be done; no temporary file is left then.
    """
    encoded = {name: text.encode("utf-8") for name, text in texts.items()}
    changed = [name for name in sorted(encoded) if not _has_content(folder / name, encoded[name])]
    pending: list[tuple[Path, Path]] = []
    made: list[Path] = []
    try:
        for name in changed:
            target = folder / name
            _make_folder(target.parent, made)
            temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
            pending.append((temporary, target))
            temporary.write_bytes(encoded[name])
        while pending:
            temporary, target = pending[0]
            os.replace(temporary, target)
            pending.pop(0)
    except BaseException as error:
        for temporary, _ in pending:
            with suppress(OSError):
                temporary.unlink()
        for created in reversed(made):
            with suppress(OSError):  # not empty: something else is in it by now
                created.rmdir()
        if isinstance(error, OSError):
            raise OutputError(f"cannot write to '{folder}': {_reason(error)}") from error
        raise
    return changed


def copy_file(source: Path, target: Path) -> None:
    """Put a copy of ``source`` in place of ``target`` in one step, as a running process may have it loaded.

    Raises :class:`~hgvalue_gen.build.errors.OutputError` if that cannot be done.
    """
    import shutil

    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        try:
            shutil.copyfile(source, temporary)
            shutil.copymode(source, temporary)
            os.replace(temporary, target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"cannot write '{target}': {_reason(error)}") from error


def remove(path: Path) -> None:
    """Remove a file or a folder with all that is in it; one that is not there is no error."""
    import shutil

    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def make_way(root: Path, files: Iterable[Path]) -> None:
    """Remove what stands, below ``root``, where these files and their folders have to be: all of it is ours."""
    for file in files:
        with suppress(OSError):  # a name that cannot be is noticed when it is written
            if file.is_dir():
                remove(file)
            for folder in file.parents:
                if not folder.is_relative_to(root) or folder == root:
                    break
                if (folder.exists() or folder.is_symlink()) and not folder.is_dir():
                    remove(folder)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on the file ``path`` (made if need be), waiting for other processes to release it.

    Raises :class:`~hgvalue_gen.build.errors.OutputError` if the file cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = path.open("a+b")
    except OSError as error:
        raise _unusable(path.parent, error) from error
    with handle:
        try:
            _acquire(handle)
        except OSError as error:
            raise _unusable(path.parent, error) from error
        yield  # closing the file releases the lock, as does the end of the process, however it ends


def _unusable(folder: Path, error: OSError) -> OutputError:
    return OutputError(f"cannot use the cache folder '{folder}': {_reason(error)}; HGVALUE_GEN_CACHE names another")


def _acquire(handle: IO[bytes]) -> None:
    if os.name == "nt":
        import msvcrt
        import time

        while True:
            try:
                handle.seek(0)
                msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
                return
            except OSError:
                time.sleep(0.05)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX)


def _has_content(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def _make_folder(folder: Path, made: list[Path]) -> None:
    """Make a folder and its parents; append those that were not there to ``made``, outermost first."""
    if not folder.exists():
        _make_folder(folder.parent, made)
        folder.mkdir(exist_ok=True)
        made.append(folder)


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
