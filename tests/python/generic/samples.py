"""A value of every kind, and types that the tests share."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from hgvalue import TypeKind, TypeMeta, TypeRegistry

POINT = TypeRegistry.bundle({"x": int, "y": float}, name="GenericPoint", module="tests.generic")
#: Kind, type, Python form.
SAMPLES: list[tuple[TypeKind, TypeMeta, Any]] = [
    (TypeKind.SCALAR, TypeMeta.get("int"), 42),
    (TypeKind.SCALAR, TypeMeta.get("float"), 1.5),
    (TypeKind.SCALAR, TypeMeta.get("bool"), True),
    (TypeKind.SCALAR, TypeMeta.get("str"), "text"),
    (TypeKind.SCALAR, TypeMeta.get("bytes"), b"\0\xff"),
    (TypeKind.SCALAR, TypeMeta.get("date"), date(2026, 1, 2)),
    (TypeKind.SCALAR, TypeMeta.get("time"), time(1, 2, 3, 4)),
    (TypeKind.SCALAR, TypeMeta.get("datetime"), datetime(2026, 1, 2, 3, 4, 5, 6)),
    (TypeKind.SCALAR, TypeMeta.get("timedelta"), timedelta(microseconds=-7)),
    (TypeKind.SCALAR, TypeMeta.get("int8"), -128),
    (TypeKind.SCALAR, TypeMeta.get("uint64"), 2**64 - 1),
    (TypeKind.TUPLE, TypeRegistry.tuple(int, str), (1, "a")),
    (TypeKind.BUNDLE, POINT, {"x": 1, "y": 2.5}),
    (TypeKind.LIST, TypeRegistry.list(int), [1, 2, 3]),
    (TypeKind.LIST, TypeRegistry.tuple_of(str), ("a", "b")),
    (TypeKind.LIST, TypeRegistry.fixed_list("str", 2), ("a", "b")),
    (TypeKind.SET, TypeRegistry.set(str), frozenset({"a", "b"})),
    (TypeKind.MAP, TypeRegistry.map(str, POINT), {"a": {"x": 1, "y": 0.5}}),
    (TypeKind.CYCLIC_BUFFER, TypeRegistry.cyclic_buffer(str, 2), ("a", "b")),
    (TypeKind.QUEUE, TypeRegistry.queue(int), [1, 2]),
    (TypeKind.WINDOW, TypeRegistry.window(float, 3), [(datetime(2026, 1, 1), 1.0), (datetime(2026, 1, 2), 2.0)]),
    (TypeKind.WINDOW, TypeRegistry.window(int, timedelta(days=9)), [(datetime(2026, 1, 1), 1)]),
    (TypeKind.OPTIONAL, TypeRegistry.optional(int), 3),
    (TypeKind.OPTIONAL, TypeRegistry.optional(str), None),
    (TypeKind.VARIANT, TypeRegistry.variant(int, str), "a"),
]
IDS = [f"{type_.name}-{i}" for i, (_, type_, _) in enumerate(SAMPLES)]
