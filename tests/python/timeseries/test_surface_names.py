"""Every member that the contract names is there, at every level, and answers before the first tick."""

from __future__ import annotations

import inspect
from types import ModuleType
from typing import Any

import pytest

from ..model.generated import load
from .routes import KINDS, LEVELS, Stand, schema

pytestmark = [pytest.mark.row("T-13"), pytest.mark.row("T-13", generated=True)]

READ = "value delta_value modified valid all_valid last_modified_time path owner schema has_observers"
EVERY = f"""{READ} apply_result can_apply_result invalidate clear copy_from mark_modified subscribe unsubscribe
    has_observers_in_subtree delta apply snapshot load to_debug_string clock"""
ROOT = "tick advance clock"
ITEMS = "keys values items modified_keys modified_values modified_items valid_keys valid_values valid_items"
MEMBERS = {
    "ts": "",
    "signal": "",
    "tsb": f"{ITEMS} as_schema subscribe_elements x y",
    "tsl": f"{ITEMS} subscribe_elements",
    "dyn": f"{ITEMS} append resize subscribe_elements subscribe_structure",
    "tss": """values added removed was_added was_removed add remove subscribe_elements subscribe_structure
        subscribe_key unsubscribe_key""",
    "tsd": f"""{ITEMS} get get_or_create pop added_keys added_values added_items removed_keys removed_values
        removed_items key_set subscribe_elements subscribe_structure subscribe_key unsubscribe_key""",
    "tsw": "value_times size min_size first_modified_time has_removed_value removed_value",
    "ref": "bind clear is_valid is_empty target items",
}
OPERATORS = {
    "tsb": "__getitem__ __iter__ __len__ __contains__",
    "tsl": "__getitem__ __iter__ __len__",
    "dyn": "__getitem__ __iter__ __len__",
    "tss": "__iter__ __len__ __contains__",
    "tsd": "__getitem__ __setitem__ __delitem__ __iter__ __len__ __contains__",
    "tsw": "__len__",
}
INPUT = f"""{READ} bound active make_active make_passive rebind unbind sampled previous_target kind output"""


@pytest.fixture(scope="session")
def kinds(backend: str) -> ModuleType:
    return load(schema(), "routes", backend)


def missing(node: Any, names: str) -> list[str]:
    return [name for name in names.split() if not hasattr(node, name)]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_member_is_there(kinds: ModuleType, kind: str, level: str) -> None:
    stand = Stand(kinds, kind, level)
    assert not missing(stand.node, f"{EVERY} {MEMBERS[kind]} {OPERATORS.get(kind, '')}")
    assert not missing(stand.root, ROOT)
    if kind == "tsd":
        assert not missing(stand.node.key_set, f"{READ} {MEMBERS['tss']} {OPERATORS['tss']}")


@pytest.mark.parametrize("kind", KINDS)
def test_every_method_has_a_signature_and_a_docstring(kinds: ModuleType, kind: str) -> None:
    cls = getattr(kinds, f"root_{kind}")
    methods = {name: getattr(cls, name) for name in dir(cls) if not name.startswith("_")}
    methods = {name: method for name, method in methods.items() if callable(method)}
    assert {"apply_result", "subscribe", "delta", "apply"} <= methods.keys()
    for name, method in methods.items():
        assert next(iter(inspect.signature(method).parameters)) == "self", name
        assert method.__doc__, name


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_read_of_a_root_before_its_first_tick(kinds: ModuleType, kind: str) -> None:
    import hgvalue

    root = getattr(kinds, f"root_{kind}")()
    assert (root.value, root.delta_value, root.modified, root.valid, root.all_valid) == (None, None, *[False] * 3)
    assert (root.last_modified_time, root.clock.now, root.owner) == (hgvalue.MIN_DT, hgvalue.MIN_DT, None)
    assert (root.has_observers, root.snapshot(), root.delta().empty) == (False, None, True)
    assert root.path == f"root_{kind}"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "ref"])
def test_every_member_of_an_input_is_there(kinds: ModuleType, kind: str) -> None:
    import hgvalue

    stand = Stand(kinds, kind, "root")
    bound = hgvalue.bind(type(stand.root), stand.root)
    assert not missing(bound, f"{INPUT} {MEMBERS[kind]} {OPERATORS.get(kind, '')}")
