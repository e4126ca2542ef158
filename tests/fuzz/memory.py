"""Lets operations fail at their first point, at their second, and so on until they succeed.

Points are allocations of Python, allocations of C++, lines of Python code that the operation runs, collections of
garbage, and depths of the stack. A failure is the error that was injected, and leaves the object as it was.
"""

from __future__ import annotations

import gc
import sys
from functools import partial
from random import Random
from types import ModuleType
from typing import Any

import numpy

from tests.fuzz.harness import run
from tests.fuzz.injected import MODES, Injection, load_failing_new, no_cpp_memory

#: Points tried one after another; later ones are drawn.
IN_ORDER, LAST = 60, 5000

#: What Python's own modules, numpy and imports do for the most part. They lose errors, or crash, without memory.
BY_OTHERS = ("pickle", "pickle twice", "deepcopy", "copy", "__array__", "to_arrow")
#: Known to be wrong: writes of several parts that leave a part when C++ has no memory.
PARTLY = ("apply", "load", "copy_from", "value =", "[", "append")
#: Known to be wrong: the new entry stays when there is no memory for the view or handle that is returned.
CREATING = ("get_or_create", "setdefault")

_modules: dict[str, ModuleType] = {}
_modes: dict[str, tuple[Injection, tuple[type[BaseException], ...]]] = {}


def _module(backend: str) -> ModuleType:
    if backend not in _modules:
        _modes.update(MODES)
        # Python 3.11 crashes where a context variable is set without memory, which numpy does to print an array.
        numpy.set_printoptions(override_repr=lambda array: repr(array.tolist()))
        sys.modules["pyarrow"] = None  # type: ignore[assignment]  # it crashes when its own operator new fails
        if library := load_failing_new():
            _modes["new"] = no_cpp_memory(library), (MemoryError,)
        import hgvalue_gen
        from tests.fuzz.operations import SCHEMA

        _modules[backend] = hgvalue_gen.load(SCHEMA, name="fuzzed_memory", backend=backend)
        gc.collect()
        gc.freeze()  # so that collections, which are many, look at what operations made and not at all modules
    return _modules[backend]


def play(random: Random, backend: str) -> int:
    """Fail the k-th point of operations on time series, values and deltas."""
    m = _module(backend)
    from tests.fuzz.operations import draw, subjects

    subject = subjects(m, random)
    whole, target = subject.make()
    operation = draw(subject, subject.make()[1], random)  # arguments are never of the object that is worked on
    # Once without a failure, also to import what is imported at the first use.
    expected, after = _outcome(operation.run, target), subject.state(whole)
    if isinstance(expected, (TypeError, AttributeError)) and random.random() < 0.95:
        return 0
    tried = 0
    for mode in sorted(_modes):
        if mode == "memory" and operation.name.split("(")[0] in BY_OTHERS:
            continue
        try:
            tried += _fail(subject, operation, mode, expected, after, random)
        except Exception as error:
            error.add_note(f"{subject.name}: {operation.name}; {mode}; without a failure: {expected!r:.200}")
            raise
    return tried


def _outcome(call: Any, target: Any) -> BaseException | None:
    try:
        call(target)
    except Exception as error:
        return error.with_traceback(None)
    return None


def _fail(subject: Any, operation: Any, mode: str, expected: Any, after: Any, random: Random) -> int:
    """Fail at each point in turn. Return how many failures there were."""
    inject, errors = _modes[mode]
    whole, target = subject.make()
    before = subject.state(whole)
    tried, k = 0, 0
    while k < LAST:
        raised: BaseException | None = None
        try:
            inject(partial(operation.run, target), k, random)
        except BaseException as error:
            raised = error.with_traceback(None)
        if not _is_injected(raised, errors):
            _check_end(subject, whole, raised, expected, after)
            return tried
        now = subject.state(whole)
        if now != before:
            # What was written stands when telling observers fails; an interrupt may come when all is done.
            told = now == after and (subject.observed or mode in ("collect", "trace"))
            if not told and not _may_leave_a_part(operation, mode):
                raise AssertionError(f"changed by a failure at {k}: {raised!r}\n{before}\n{now}\n{after}")
            whole, target = subject.make()
        tried += 1
        k += 1 if k < IN_ORDER else random.randrange(1, k)
    return tried


def _may_leave_a_part(operation: Any, mode: str) -> bool:
    if operation.name.startswith(CREATING):
        return True
    return mode == "new" and (operation.name.startswith(PARTLY) or " = " in operation.name)


def _is_injected(raised: BaseException | None, errors: tuple[type[BaseException], ...]) -> bool:
    if isinstance(raised, BaseExceptionGroup):
        return all(_is_injected(e, errors) for e in raised.exceptions)
    return isinstance(raised, errors)


def _check_end(subject: Any, whole: Any, raised: BaseException | None, expected: Any, after: Any) -> None:
    """The operation went through, with or without an error of its own, as it does without a failure."""
    if isinstance(raised, SystemError) and expected is not None:
        return  # Python itself loses an error that it has no memory for, also one of its own functions
    if type(raised) is not type(expected):
        raise AssertionError(f"ended with {raised!r}, without a failure with {expected!r}") from raised
    if subject.state(whole) != after:
        raise AssertionError(f"ended in another state\n{subject.state(whole)}\n{after}")


run(__name__, play)
