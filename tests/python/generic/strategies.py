"""Random types, and random values of them, for hypothesis."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from hgvalue import TypeKind, TypeMeta, TypeRegistry, Value

Forms = st.SearchStrategy[Any]
R = TypeRegistry
SIDE = R.enumeration("LawSide", {"BUY": 1, "SELL": -1, "NONE": 0}, "tests.generic.laws")
PAIR = R.bundle({"first": int, "second": "list[str]"}, name="LawPair", module="tests.generic.laws")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)


def _whole(bits: int, signed: bool) -> Forms:
    return st.integers(-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if signed else st.integers(0, (1 << bits) - 1)


SCALARS: dict[str, Forms] = {
    "bool": st.booleans(),
    "int": _whole(64, True) | st.integers(-2, 2),
    "int8": _whole(8, True),
    "int32": _whole(32, True),
    "uint16": _whole(16, False),
    "uint64": _whole(64, False),
    # Not NaN, which is not even equal to itself.
    "float": st.floats(allow_nan=False),
    "float32": st.floats(allow_nan=False, width=32),
    "str": TEXT,
    "bytes": st.binary(max_size=4),
    "date": st.dates(date(1, 1, 1), date(9999, 12, 31)),
    "time": st.times(),
    "datetime": st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)),
    "timedelta": st.timedeltas(timedelta(days=-9999), timedelta(days=9999)),
    "LawSide": st.sampled_from(sorted(SIDE.members)),
}


def _named(name: str) -> TypeMeta:
    return SIDE if name == "LawSide" else TypeMeta.get(name)


scalars = st.sampled_from(sorted(SCALARS)).map(_named)
#: Types of keys whose Python form has a hash.
keys = st.one_of(
    scalars,
    st.lists(scalars, min_size=1, max_size=2).map(lambda types: R.tuple(*types)),
    scalars.map(R.tuple_of),
)


def _composites(inner: st.SearchStrategy[TypeMeta]) -> st.SearchStrategy[TypeMeta]:
    sizes = st.integers(1, 3)
    fields = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        inner.map(R.list),
        inner.map(R.tuple_of),
        st.builds(R.fixed_list, inner, sizes),
        fields.map(lambda types: R.tuple(*types)),
        fields.map(lambda types: R.bundle({f"f{i}": type_ for i, type_ in enumerate(types)})),
        st.builds(R.set, keys, st.booleans()),
        st.builds(R.map, keys, inner, st.booleans()),
        st.builds(R.cyclic_buffer, inner, sizes),
        st.builds(R.queue, inner, st.integers(0, 3)),
        st.builds(R.window, inner, sizes | st.just(timedelta(days=2))),
        inner.filter(lambda type_: type_.kind is not TypeKind.OPTIONAL).map(R.optional),
        st.just(R.variant(int, str)),
        st.just(PAIR),
    )


types = st.recursive(scalars, _composites, max_leaves=5)


def _windows(type_: TypeMeta, element: Forms) -> Forms:
    size = type_.fixed_size
    longest = 4 if isinstance(size, timedelta) else size
    times = st.lists(st.integers(0, 1000), max_size=longest).map(sorted)
    start = datetime(2026, 1, 1)
    return times.flatmap(
        lambda at: st.tuples(*[st.tuples(st.just(start + timedelta(microseconds=us)), element) for us in at]).map(list)
    )


def _rows(type_: TypeMeta, make: Callable[[TypeMeta], Forms]) -> Forms:
    if type_.key_type is None or type_.value_type is None:
        assert type_.element_type is not None
        return st.frozensets(make(type_.element_type), max_size=4)
    return st.dictionaries(make(type_.key_type), make(type_.value_type), max_size=4)


def forms(type_: TypeMeta) -> Forms:
    """Return what a value of the type may be made of in Python."""
    kind, element = type_.kind, type_.element_type
    if kind is TypeKind.SCALAR:
        made = SCALARS[type_.name]
        return (
            made.map(type_.python_type.__getitem__)
            if type_.members and hasattr(type_.python_type, "__members__")
            else made
        )
    if kind is TypeKind.BUNDLE:
        return st.fixed_dictionaries({str(field.name): forms(field.type) for field in type_.fields})
    if kind is TypeKind.TUPLE:
        return st.tuples(*[forms(field.type) for field in type_.fields])
    if kind is TypeKind.VARIANT:
        return st.one_of(*[forms(alternative) for alternative in type_.alternatives])
    if kind in (TypeKind.SET, TypeKind.MAP):
        return _rows(type_, forms)
    assert element is not None
    if kind is TypeKind.OPTIONAL:
        return st.none() | forms(element)
    if kind is TypeKind.WINDOW:
        return _windows(type_, forms(element))
    size = type_.fixed_size
    assert isinstance(size, int)
    if kind is TypeKind.LIST and size:
        return st.lists(forms(element), min_size=size, max_size=size)
    made = st.lists(forms(element), max_size=size or 4)
    return made.map(tuple) if type_.is_tuple else made


def values(type_: TypeMeta) -> st.SearchStrategy[Value]:
    """Return values of the type; each may be shrunk and changed by itself."""
    return forms(type_).map(lambda form: Value(type_, form))


def several(count: int) -> st.SearchStrategy[tuple[Value, ...]]:
    """Return so many values of one type, any."""
    return types.flatmap(lambda type_: st.tuples(*[values(type_)] * count))
