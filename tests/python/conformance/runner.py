"""Runs the recorded cases against anything with the time-series surface.

A case is a schema and a list of ticks. All operations of a tick run at its time, then what is expected is compared;
what a case does not mention is not compared. A tick with ``expect_error`` must have its last operation raise, and the
expectation beside it is the state after that.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ..model.canonical import Api, encode, normal, same
from ..model.observe import fields_of
from ..model.operate import REFUSALS, find, operate
from ..model.types import REF, TSB, TSD, TSL, TSS, TimeSeries, read_as
from ..model.types import Parser as TypeParser

FOLDER = Path(__file__).parents[2] / "conformance"
#: Case times are µs after MIN_ST, which is itself 1 µs after the beginning of time.
MIN_ST = 1


@dataclass(frozen=True)
class Case:
    file: str
    record: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.record["name"])

    @property
    def type(self) -> TimeSeries:
        parser = TypeParser(self.record.get("bundles"), self.record.get("structs"))
        return parser.time_series(self.record["schema"])

    @property
    def source_type(self) -> TimeSeries:
        """Return the type of what a reference is bound to."""
        assert isinstance(self.type, REF)
        return self.type.target

    @property
    def types(self) -> list[TimeSeries]:
        """Return the types of all roots that take part."""
        return [self.type, self.source_type] if self.record.get("sources") else [self.type]

    def roots(self, make: Callable[..., Any]) -> dict[str, Any]:
        """Return the root, by the name "", and the sources, by theirs; ``make(types)`` gives roots on one clock."""
        names = ["", *self.record.get("sources", ())]
        return dict(zip(names, make([self.type, *(self.source_type for _ in names[1:])]), strict=True))


@cache
def all_cases() -> tuple[Case, ...]:
    """Return every recorded case, those left out among them."""
    files = sorted(FOLDER.glob("*.json"))
    return tuple(Case(f.stem, record) for f in files for record in json.loads(f.read_text("utf-8")))


def run(case: Case, roots: dict[str, Any], api: Api) -> None:
    """Run a case on new roots; raise AssertionError with every difference of the first tick that differs."""
    root = roots[""]
    for tick in case.record["ticks"]:
        with root.tick(tick["t"] + MIN_ST):
            _operations(case, roots, tick, api)
            problems = list(_compare(root, case.type, tick.get("expect", {}), api, "root"))
        if problems:
            operations = json.dumps(tick["ops"])
            raise AssertionError("\n".join([f"{case.name}, t={tick['t']}, after {operations}:", *problems]))


def _operations(case: Case, roots: dict[str, Any], tick: dict[str, Any], api: Api) -> None:
    *earlier, last = tick["ops"] or [None]
    for operation in earlier:
        _operate(roots, operation, api)
    if last is None:
        return
    try:
        _operate(roots, last, api)
    except REFUSALS:
        if not tick.get("expect_error"):
            raise
    else:
        if tick.get("expect_error"):
            raise AssertionError(f"{case.name}, t={tick['t']}: {json.dumps(last)} was accepted")


def _operate(roots: dict[str, Any], operation: list[Any], api: Api) -> None:
    match operation:
        case ["src", name, inner]:
            operate(roots[name], inner, api)
        case ["bind", path, name]:
            find(roots[""], path, api).bind(None if name is None else roots[name])
        case _:
            operate(roots[""], operation, api)


def _compare(node: Any, type_: TimeSeries, expected: dict[str, Any], api: Api, path: str) -> Iterator[str]:
    type_ = read_as(type_)
    readers = fields_of(type_)
    for name, wanted in expected.items():
        if name in ("children", "key_set", "removed_values"):
            continue
        found = readers[name](node, api)
        if not same(_wanted(name, wanted, type_), found):
            yield f"  {path}.{name}: expected {json.dumps(wanted)}, found {json.dumps(found)}"
    for step, wanted in expected.get("children", []):
        yield from _compare(find(node, [step], api), _child_type(type_, step), wanted, api, f"{path}[{step}]")
    if "key_set" in expected:
        yield from _compare(node.key_set, TSS(type_.key), expected["key_set"], api, f"{path}.key_set")  # type: ignore[union-attr]
    if "removed_values" in expected:
        yield from _compare_removed(node, type_, expected["removed_values"], api, path)


def _compare_removed(node: Any, type_: Any, expected: list[Any], api: Api, path: str) -> Iterator[str]:
    found = {json.dumps(encode(key, api)): child for key, child in node.removed_items()}
    wanted = {json.dumps(normal(key)): expectation for key, expectation in expected}
    if found.keys() != wanted.keys():
        yield f"  {path}.removed_items(): expected {sorted(wanted)}, found {sorted(found)}"
        return
    for key, expectation in wanted.items():
        yield from _compare(found[key], type_.child, expectation, api, f"{path}.removed[{key}]")


#: Lists in no promised order: of a dict, its keys; of a set, its elements.
_UNORDERED = {TSD: {"keys", "added", "removed", "modified_keys", "valid_keys"}, TSS: {"added", "removed"}}


def _wanted(name: str, form: Any, type_: TimeSeries) -> Any:
    form = normal(form)
    if name in _UNORDERED.get(type(type_), ()):
        return normal({"$set": form})["$set"]
    return form


def _child_type(type_: TimeSeries, step: Any) -> TimeSeries:
    match type_:
        case TSB(_, fields):
            return dict(fields)[step]
        case TSL(child, _) | TSD(_, child):
            return child
    raise AssertionError(f"{type_} has no children")
