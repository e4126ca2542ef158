"""Mutated plain forms and JSON of values and deltas: refused, or read as what goes out and in again.

Both backends have to take and refuse the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

import hgvalue
from hgvalue import Delta, HgValueError, Value

from .forms import TEXTS, form, metas, schemas, some_type
from .harness import run, saw

MUTATIONS = 60
STRANGE: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**63,
    0.1,
    float("nan"),
    "",
    b"",
    [],
    {},
    (),
    [[]],
    {"value": 1},
    object,
)
NAMES = (
    "$ticked",
    "$invalid",
    "$cleared",
    "kept",
    "dropped",
    "appended",
    "updated",
    "added",
    "removed",
    "reset",
    "value",
    "inside",
)
REFUSED = (HgValueError, TypeError, ValueError, OverflowError, KeyError, IndexError)


def _odd(random: Random, *, text: bool) -> Any:
    if random.random() < 0.3:
        return random.choice(TEXTS)
    made = random.choice(STRANGE)
    return made if not text or isinstance(made, (int, float, str, list, dict, type(None))) else 1


def mutated(random: Random, given: Any, *, text: bool = False) -> Any:
    """Return a copy in which one part is another, gone, or there twice; of what JSON can hold if ``text``."""
    if random.random() < 0.15:
        return _odd(random, text=text)
    if isinstance(given, dict) and given:
        made = dict(given)
        key = random.choice(list(made))
        match random.randrange(8):
            case 0:
                del made[key]
            case 1:
                made[random.choice(NAMES)] = random.choice((1, True, [], {}, made[key]))
            case 2 if not text:
                made[_hashable(_odd(random, text=text))] = made[key]
            case _:
                made[key] = mutated(random, made[key], text=text)
        return made
    if isinstance(given, (list, tuple)) and given:
        items = list(given)
        at = random.randrange(len(items))
        match random.randrange(8):
            case 0:
                del items[at]
            case 1:
                items.insert(at, items[at])
            case 2:
                items.append(_odd(random, text=text))
            case _:
                items[at] = mutated(random, items[at], text=text)
        return type(given)(items) if type(given) in (list, tuple) else items
    if type(given) in (int, float) and random.random() < 0.6:
        return given + random.choice((-1, 1, 0.5, 2**62))
    return _odd(random, text=text)


def _hashable(made: Any) -> Any:
    try:
        hash(made)
    except TypeError:
        return repr(made)
    return made


def attempt(call: Callable[[], Any]) -> Any:
    """Return what a call gives, or the class of the error by which it refuses."""
    try:
        return call()
    except REFUSED as error:
        assert str(error)
        saw(error)
        return type(error)


def _again(made: Value | Delta) -> None:
    """What was accepted goes out and comes in again by every way."""
    saw(repr(made))
    type_ = made.schema
    cls: Any = type(made)
    assert cls.decode(made.encode()) == made
    text = made.to_json()
    saw(text)
    assert cls.from_json(type_, text) == made, text
    assert cls(type_, made.to_python()) == made


def play(random: Random, backend: str) -> int:
    """Change plain forms and JSON of values and deltas at random places and read them."""
    type_: Any = random.choice(schemas(backend)) if random.random() < 0.3 else some_type(random, own=metas(backend))
    meta = Delta(type_).schema
    one, two = Value(meta, form(random, meta)), Value(meta, form(random, meta))
    change = hgvalue.diff(one, two)
    for whole in (one, change, hgvalue.invert(change, one)):
        _again(whole)
    plain, told = one.to_python(), change.to_python()
    text, told_text = json.loads(one.to_json()), json.loads(change.to_json())
    for _ in range(MUTATIONS // 4):
        made = (
            attempt(lambda: Value(meta, mutated(random, plain))),
            attempt(lambda: Delta(meta, mutated(random, told))),
            attempt(lambda: Value.from_json(meta, json.dumps(mutated(random, text, text=True)))),
            attempt(lambda: Delta.from_json(meta, json.dumps(mutated(random, told_text, text=True)))),
        )
        for each in made:
            if isinstance(each, (Value, Delta)):
                attempt(
                    lambda each=each: hgvalue.apply(each, one) if isinstance(each, Delta) else hgvalue.diff(one, each)
                )
                _again(each)
    return MUTATIONS


run(__name__, play)
