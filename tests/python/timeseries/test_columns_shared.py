"""Arrow structs that share children: the standard forbids them, and nothing in one struct shows it."""

from __future__ import annotations

import ctypes
from typing import Any

import pytest

from ..model.generated import load

pytest.importorskip("pyarrow")

from tests.fuzz.arrow_structs import Arena, Built, CArray, CSchema, Node, capsule


def twice(built: Built, made: Any, child: Any) -> Any:
    """Fill a struct of two children that are one."""
    built.kept.append(child)
    children = (ctypes.c_void_p * 2)(*[ctypes.addressof(child)] * 2)
    built.kept.append(children)
    made.n_children, made.children, made.release = 2, ctypes.addressof(children), 1
    return made


class Column:
    def __init__(self, levels: int) -> None:
        built = Built(Arena())
        leaf = Node(b"l", b"x", 1, 0, 0, [None, b"\1" + b"\0" * 7])
        schema, array = built.schema(leaf), built.array(leaf)
        for _ in range(levels):
            schema, array = twice(built, CSchema(), schema), twice(built, CArray(), array)
            schema.format, schema.name = built.arena.put(b"+s\0"), built.arena.put(b"x\0")
            array.length, array.n_buffers = 1, 1
            array.buffers = built._array([None])
        self.built, self.schema, self.array = built, built.own(schema), built.own(array)

    def __arrow_c_array__(self, requested: Any = None) -> tuple[Any, Any]:
        return capsule(self.schema, b"arrow_schema"), capsule(self.array, b"arrow_array")


@pytest.mark.parametrize("levels", [21, 40, 64])
def test_shared_children_are_refused_at_once(levels: int) -> None:
    root = load("type Things = TSD[str, TS[object]]\n", "shared", "dynamic").Things()
    root.advance(1)
    with pytest.raises(ValueError, match="broken Arrow data: a type of more than a million parts"):
        root.update_columns(["a"], Column(levels))
    assert len(root) == 0
