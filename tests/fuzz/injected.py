"""Failures injected at the k-th point of a call: no memory, an interrupt, the end of the stack, a collection."""

from __future__ import annotations

import ctypes
import gc
import importlib.util
import itertools
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

__all__ = ["MODES", "Collected", "Injection", "load_failing_new"]

_SOURCE = Path(__file__).with_name("failing_new.cpp")

#: Runs a call with the failure at its k-th point.
Injection = Callable[[Callable[[], Any], int, Random], Any]


def load_failing_new() -> Any:
    """Compile and load an operator new that can fail, before hgvalue is loaded. None without a compiler."""
    if "hgvalue._hgvalue" in sys.modules:
        raise RuntimeError("the native module is loaded already and has its operator new")
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "failing_new.so"
        command = [
            os.environ.get("CXX", "c++"),
            "-std=c++17",
            "-O1",
            "-shared",
            "-fPIC",
            str(_SOURCE),
            "-o",
            str(library),
        ]
        try:
            subprocess.run(command, check=True)
        except FileNotFoundError:
            return None
        return ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)


def _no_python_memory(call: Callable[[], Any], k: int, random: Random) -> Any:
    import _testcapi

    stop = random.choice((k + 1, k + 1, k + 3, 0))  # 0: all that follow fail as well
    _testcapi.set_nomemory(k, stop)
    try:
        return call()
    finally:
        _testcapi.remove_mem_hooks()


def no_cpp_memory(library: Any) -> Injection:
    """Return the injection that makes operator new fail."""

    def inject(call: Callable[[], Any], k: int, random: Random) -> Any:
        library.fail_from_to(k, random.choice((k, k, k + 2, 1 << 40)))
        try:
            return call()
        finally:
            library.stop_failing()

    return inject


def _interrupted_python(call: Callable[[], Any], k: int, random: Random) -> Any:
    """Raise where the k-th line or call of Python code begins that the operation runs."""
    left = itertools.count(k, -1)
    error = random.choice((KeyboardInterrupt, SystemExit, MemoryError, RecursionError))

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        if event != "exception" and next(left) == 0:
            raise error("injected")
        return trace

    sys.settrace(trace)
    try:
        return call()
    finally:
        sys.settrace(None)


class Collected(Exception):
    """The collector ran in a call that went through."""


def _collection(call: Callable[[], Any], k: int, random: Random) -> Any:
    """Run the collector at the k-th allocation of an object it knows; raise Collected when it ran and all went well."""
    ran = False

    def note(phase: str, info: Any) -> None:
        nonlocal ran
        ran = True
        gc.set_threshold(0)

    before = gc.get_threshold()
    gc.collect()
    gc.callbacks.append(note)
    gc.set_threshold(k + 1)
    try:
        result = call()
    finally:
        gc.callbacks.remove(note)
        gc.set_threshold(*before)
    if ran:
        raise Collected
    return result


@contextmanager
def _recursion_limit(limit: int) -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(limit)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _little_stack(call: Callable[[], Any], k: int, random: Random) -> Any:
    depth, frame = 0, sys._getframe()
    while frame.f_back:
        depth, frame = depth + 1, frame.f_back
    with _recursion_limit(depth + 4 + k):
        return call()


#: By name: the injection, and the errors it may raise.
MODES: dict[str, tuple[Injection, tuple[type[BaseException], ...]]] = {
    "memory": (_no_python_memory, (MemoryError,)),
    "trace": (_interrupted_python, (KeyboardInterrupt, SystemExit, MemoryError, RecursionError)),
    "collect": (_collection, (Collected,)),
    "stack": (_little_stack, (RecursionError,)),
}
if importlib.util.find_spec("_testcapi") is None:
    del MODES["memory"]
