"""Views hold their place or say that it is gone: each kind, and at random."""

from __future__ import annotations

import gc
import random
import weakref
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from hgvalue import NullValueError, StaleReferenceError, TypeRegistry, Value

from .samples import POINT

LONG = "long enough to lie on the heap: "


def touch_all(view: Any) -> None:
    """Use a stale view in every way."""
    for use in (
        lambda: view.value,
        lambda: view.to_python(),
        lambda: view.to_string(),
        lambda: view.address,
        lambda: setattr(view, "value", "x"),
        lambda: view == "x",
        lambda: view.navigate(""),
    ):
        with pytest.raises(StaleReferenceError):
            use()
    assert "stale" in repr(view)
    assert isinstance(view.path, str)


def list_of_texts() -> Any:
    return Value(list[str], [LONG + str(i) for i in range(4)]).view()


LIST_CHANGES: dict[str, Callable[[Any], Any]] = {
    "append": lambda v: v.append("x"),
    "insert": lambda v: v.insert(0, "x"),
    "extend": lambda v: v.extend(["x"]),
    "pop": lambda v: v.pop(0),
    "delete": lambda v: v.__delitem__(0),
    "slice": lambda v: v.__setitem__(slice(0, 1), ["x", "y"]),
    "resize": lambda v: v.resize(100),
    "shrink": lambda v: v.resize(0),
    "clear": lambda v: v.clear(),
    "assign": lambda v: setattr(v, "value", ["x", "y"]),
    "assign through the owner": lambda v: setattr(v.owner, "value", ["x", "y"]),
    "null": lambda v: v.owner.reset(),
}


@pytest.mark.row("V-16")
@pytest.mark.parametrize("change", LIST_CHANGES)
def test_lists(change: str) -> None:
    view = list_of_texts()
    held = view[1]
    LIST_CHANGES[change](view)
    touch_all(held)


@pytest.mark.row("V-16")
def test_what_does_not_disturb() -> None:
    view = list_of_texts()
    held = view[1]
    view[0] = "x"
    view[1] = "y"
    view.reserve(10_000)
    assert held == "y" and view[1] is held
    with pytest.raises(TypeError):
        view.append(3)
    assert held == "y"


@pytest.mark.row("V-16")
@pytest.mark.parametrize(
    "type_", [TypeRegistry.cyclic_buffer(str, 3), TypeRegistry.queue(str)], ids=["cyclic buffer", "queue"]
)
def test_rings(type_: Any) -> None:
    for change in (lambda v: v.push(LONG), lambda v: v.pop(), lambda v: v.clear(), lambda v: setattr(v, "value", [])):
        view = Value(type_, [LONG + "0", LONG + "1", LONG + "2"]).view()
        held = view[0]
        change(view)
        touch_all(held)


@pytest.mark.row("V-16")
def test_windows() -> None:
    for change in (
        lambda v: v.push(datetime(2026, 1, 2), LONG),
        lambda v: v.clear(),
        lambda v: setattr(v, "value", []),
    ):
        view = Value(TypeRegistry.window(str, 2), [(datetime(2026, 1, 1), LONG)]).view()
        held = view[0]
        change(view)
        touch_all(held)


@pytest.mark.row("V-16")
def test_optionals_and_variants() -> None:
    optional = Value(str | None, LONG).view()
    for change in (lambda: optional.reset(), lambda: setattr(optional, "value", LONG), lambda: optional.owner.reset()):
        optional.owner.value = LONG
        held = optional.held
        assert held == LONG
        change()
        touch_all(held)
    variant = Value(int | str, LONG).view()
    held = variant.held
    variant.value = 3
    touch_all(held)
    number = variant.held
    variant.value = LONG
    touch_all(number)


@pytest.mark.row("V-16")
def test_maps() -> None:
    view = Value(dict[str, str], {k: LONG + k for k in "abc"}).view()
    held = {k: view[k] for k in "abc"}
    for i in range(100):
        view[f"new {i}"] = LONG
    view.compact()
    assert all(held[k] == LONG + k and view[k] is held[k] for k in "abc")
    del view["a"]
    touch_all(held["a"])
    view["a"] = "again"
    touch_all(held["a"])
    assert held["b"] == LONG + "b" and view["a"] == "again"
    view["b"] = "changed"
    assert held["b"] == "changed"
    view.clear()
    touch_all(held["b"])
    view.value = {"c": "x"}
    touch_all(held["c"])


@pytest.mark.row("V-16")
def test_below_what_is_assigned() -> None:
    type_ = TypeRegistry.bundle({"items": list[list[str]], "point": POINT, "by_name": dict[str, list[str]]})
    form = {"items": [[LONG]], "point": {"x": 1, "y": 1.0}, "by_name": {"a": [LONG]}}
    value = Value(type_, form)
    view = value.view()
    items, inner, text = view["items"], view["items"][0], view["items"][0][0]
    entry, entry_text, x = view["by_name"]["a"], view["by_name"]["a"][0], view["point"]["x"]
    view["items"] = [["other"]]
    touch_all(inner)
    touch_all(text)
    assert items == [["other"]] and entry_text == LONG and x == 1
    view.value = form
    touch_all(entry)
    touch_all(entry_text)
    assert items == [[LONG]] and x == 1 and view["by_name"]["a"] == [LONG]
    value.reset()
    with pytest.raises(NullValueError):
        x.value  # noqa: B018
    value.emplace()
    assert x == 0 and items == []


@pytest.mark.row("V-16")
def test_growth_moves_what_lies_below() -> None:
    value = Value(TypeRegistry.map(str, POINT))
    view = value.view()
    view["a"] = {"x": 1, "y": 1.0}
    x = view["a"]["x"]
    for i in range(1000):
        view[f"k{i}"] = {"x": 5, "y": 5.0}
        assert x == 1
    x.value = 7
    assert view["a"] == {"x": 7, "y": 1.0}


@pytest.mark.row("V-16")
def test_views_keep_what_they_look_at() -> None:
    value = Value(list[list[str]], [[LONG]])
    watch = weakref.ref(value)
    inner = value[0][0]
    del value
    gc.collect()
    assert inner == LONG and watch() is inner.owner
    del inner
    gc.collect()
    assert watch() is None


@pytest.mark.row("V-16")
@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("ordered", [False, True])
def test_random_changes_of_a_map(seed: int, ordered: bool) -> None:
    rnd = random.Random(seed)
    view = Value(TypeRegistry.map(str, list[str], ordered)).view()
    model: dict[str, list[str]] = {}
    held: dict[str, Any] = {}
    gone: list[Any] = []

    def lose(key: str) -> None:
        if key in held:
            gone.append(held.pop(key))

    for _ in range(400):
        key = f"key number {rnd.randrange(30)}"
        match rnd.choice(["set", "set", "del", "hold", "hold", "pop", "write", "compact", "reserve", "clear", "bad"]):
            case "set":
                model[key] = [LONG + str(rnd.random())]
                view[key] = model[key]
            case "del" if key in model:
                del view[key]
                del model[key]
                lose(key)
            case "pop":
                assert view.pop(key, None) == model.pop(key, None)
                lose(key)
            case "hold" if key in model:
                held[key] = view[key]
            case "write" if key in held:
                model[key] = [*model[key], "more"]
                held[key].append("more")
            case "compact":
                view.compact()
            case "reserve":
                view.reserve(rnd.randrange(200))
            case "clear" if rnd.random() < 0.1:
                view.clear()
                model.clear()
                gone.extend(held.values())
                held.clear()
            case "bad":
                with pytest.raises(TypeError):
                    view[key] = [1]
        assert {k: v.value for k, v in held.items()} == {k: model[k] for k in held}
        assert view == model
        if ordered:
            assert list(view) == list(model)
    for stale in gone:
        with pytest.raises(StaleReferenceError):
            stale.value  # noqa: B018
