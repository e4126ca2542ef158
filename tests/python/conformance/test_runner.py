"""The runner itself: it runs everything it should, and a case that expects something else fails."""

from __future__ import annotations

import copy
from collections import Counter
from typing import Any

import pytest

from ..model.reference import ModelApi, references
from .runner import Case, all_cases, run

#: Recorded cases per file, so that a lost file or a lost case is noticed.
COUNTS = {
    "apply_seq": 11,
    "errors": 34,
    "part1": 183,
    "random": 150,
    "ref": 14,
    "ts": 46,
    "tsb": 25,
    "tsd": 44,
    "tsd_nested": 18,
    "tsl": 18,
    "tss": 30,
    "tsw": 20,
}


def test_every_case_is_there() -> None:
    assert Counter(case.file for case in all_cases()) == COUNTS
    assert len({case.name for case in all_cases()}) == sum(COUNTS.values())


def _changed(form: Any) -> Any:
    """Return another expectation than ``form``."""
    match form:
        case bool():
            return not form
        case int() | float():
            return form + 1
        case str():
            return form + "?"
        case None:
            return 0
        case []:
            return [0]
        case [*items]:
            return [*items[:-1], _changed(items[-1])]
        case {"$map": []} | {"$set": []} | {"$tuple": []} | {"$array": []}:
            return None
        case {"$float": _}:
            return 0.5
        case {"$bytes": text}:
            return {"$bytes": text + "00"}
        case {"$struct": [name, values]}:
            return {"$struct": [name, _changed_items(values)]}
        case dict():
            return _changed_items(form)
    raise AssertionError(form)


def _changed_items(form: dict[str, Any]) -> dict[str, Any]:
    key = next(reversed(form))
    return {**form, key: _changed(form[key])}


def _expectations(expect: dict[str, Any]) -> Any:
    """Yield (expectation, field) for everything that is expected, at every depth."""
    for name in expect:
        if name not in ("children", "key_set", "removed_values"):
            yield expect, name
    for _, child in [*expect.get("children", []), *expect.get("removed_values", [])]:
        yield from _expectations(child)
    if "key_set" in expect:
        yield from _expectations(expect["key_set"])


@pytest.mark.parametrize("file", sorted(COUNTS.keys() - {"random"}))
def test_each_expectation_is_compared(file: str) -> None:
    """Change one expectation at a time, in the last tick of each case: the case must fail every time.

    Every fifth will do: they are the same few fields over and over.
    """
    missed = []
    for case in all_cases():
        if case.file != file:
            continue
        last = max(i for i, tick in enumerate(case.record["ticks"]) if tick.get("expect"))
        count = sum(1 for _ in _expectations(case.record["ticks"][last]["expect"]))
        for index in range(0, count, 5):
            changed = copy.deepcopy(case.record)
            changed["ticks"] = changed["ticks"][: last + 1]
            expect, name = list(_expectations(changed["ticks"][last]["expect"]))[index]
            expect[name] = _changed(expect[name])
            try:
                run(Case(file, changed), case.roots(references), ModelApi([case.type]))
            except AssertionError:
                continue
            missed.append((case.name, name, expect[name]))
    assert not missed


def test_an_accepted_wrong_value_is_noticed() -> None:
    ticks = [{"t": 1, "ops": [["set", [], 1]], "expect_error": True}]
    case = Case("made", {"name": "made", "schema": "TS[int]", "ticks": ticks})
    with pytest.raises(AssertionError, match="was accepted"):
        run(case, case.roots(references), ModelApi([case.type]))
