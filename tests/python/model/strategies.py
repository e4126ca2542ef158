"""Hypothesis strategies: values of any type, right and wrong, and operations on a time series in its present state.

Everything is drawn in canonical form (see :mod:`.canonical`), so that the same draw goes into the generated class and
into the model, and a failing example can be kept as a recorded case.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from .canonical import Api, encode
from .nodes import TSLNode
from .types import (
    INT_RANGES,
    REF,
    SIGNAL,
    TS,
    TSB,
    TSD,
    TSL,
    TSS,
    TSW,
    ArrayType,
    CyclicType,
    EnumType,
    ListType,
    MapType,
    Optional,
    Primitive,
    QueueType,
    Scalar,
    SetType,
    Struct,
    TimeSeries,
    TupleOf,
    TupleType,
)

if TYPE_CHECKING:
    from .differential import ModelSide

Form = Any
NONE: Form = {"$none": True}
REMOVE: Form = {"$remove": True}
REMOVE_IF_EXISTS: Form = {"$remove_if_exists": True}

_FLOATS: list[Form] = [0.0, 1.5, -2.25, 3, 1e-30, {"$float": "nan"}, {"$float": "inf"}, {"$float": "-inf"}]
#: Small pools, so that keys and elements meet again.
_POOLS: dict[str, list[Form]] = {
    "bool": [True, False],
    "float": [*_FLOATS, 0.1, 1e300, 5e-324],
    "float64": [*_FLOATS, 1.7976931348623157e308],
    "float32": [*_FLOATS, 0.1, 16777217],
    "str": ["a", "b", "", "c\x00d", "é世🜁"],
    "bytes": [{"$bytes": text} for text in ("", "00", "61ff")],
    "date": [{"$date": text} for text in ("0001-01-01", "1970-01-01", "2024-02-29", "9999-12-31")],
    "time": [{"$time": text} for text in ("00:00:00", "12:30:00.000001", "23:59:59.999999")],
    "datetime": [
        {"$datetime": text}
        for text in ("0001-01-01T00:00:00", "2024-01-01T10:00:00", "2024-01-01T12:00:00+02:00", "9999-12-31T23:59:59")
    ],
    "timedelta": [{"$timedelta_us": us} for us in (0, 1, -1, -86400000001, 2**62)],
    "object": [{"$object": 0}, {"$object": 1}, "text", 7, {"$tuple": [1, "a"]}],
}
_WRONG: dict[str, list[Form]] = {
    "bool": [1, 0.0, "True"],
    "str": [1, {"$bytes": "61"}, {"$tuple": ["a"]}],
    "bytes": ["a", 1],
    "date": [{"$datetime": "2024-01-01T00:00:00"}, "2024-01-01", 5],
    "time": ["00:00:00", {"$timedelta_us": 5}],
    "datetime": [{"$date": "2024-01-01"}, 5, "2024-01-01T00:00:00"],
    "timedelta": [5, 1.5, {"$time": "00:00:00"}],
}


@cache
def values(type_: Scalar) -> st.SearchStrategy[Form]:
    """Values that the type accepts."""
    match type_:
        case Primitive(name) if name in INT_RANGES:
            return st.sampled_from([0, 1, 2, 3, True, *INT_RANGES[name]])
        case Primitive(name):
            return st.sampled_from(_POOLS[name])
        case EnumType(name, members):
            return st.sampled_from([{"$enum": [name, member]} for member, _ in members])
        case Struct(name, fields):
            return st.fixed_dictionaries({f: values(t) for f, t in fields}).map(lambda v: {"$struct": [name, v]})
        case Optional(element):
            return st.one_of(st.just(NONE), values(element))
        case TupleOf(element):
            return st.lists(values(element), max_size=3).map(lambda v: {"$tuple": v})
        case TupleType(elements):
            return st.tuples(*map(values, elements)).map(lambda v: {"$tuple": list(v)})
        case SetType(element):
            return unique(values(element)).map(lambda v: {"$set": v})
        case MapType(key, element):
            return maps(values(key), values(element))
        case ArrayType(element, size):
            return st.lists(values(element), min_size=size, max_size=size)
        case CyclicType(element, size):
            return st.lists(values(element), max_size=size + 2)
        case QueueType(element, capacity):
            return st.lists(values(element), max_size=4 if capacity is None else capacity)
        case ListType(element):
            return st.lists(values(element), max_size=3)
    raise AssertionError(type_)


@cache
def wrong_values(type_: Scalar) -> st.SearchStrategy[Form]:
    """Values that the type refuses."""
    match type_:
        case Primitive("object"):
            return st.just(REMOVE)
        case Primitive(name) if name in INT_RANGES:
            low, high = INT_RANGES[name]
            return st.sampled_from([low - 1, high + 1, 2**70, 1.5, "1", REMOVE])
        case Primitive(name) if name.startswith("float"):
            return st.sampled_from([True, "1", {"$tuple": [1.0]}, REMOVE, 10**400])
        case Primitive(name):
            return st.sampled_from(_WRONG[name])
        case Optional(element):
            return wrong_values(element)
        case TupleType(elements):
            return st.sampled_from([{"$tuple": [1] * (len(elements) + 1)}, "ab", [1] * len(elements)])
        case TupleOf() | SetType():
            return st.sampled_from(["ab", 5, [1]])
        case ArrayType(_, size):
            return st.sampled_from(["ab", 5, [1] * (size + 1), []])
    return st.sampled_from(["ab", 5, 1.5])


def unique(elements: st.SearchStrategy[Form]) -> st.SearchStrategy[list[Form]]:
    return st.lists(elements, max_size=3, unique_by=_same_key)


def _same_key(form: Form) -> str:
    """Tell values apart as the runtime does: 1 is 1.0 and True, and a time is the same in every time zone."""
    if isinstance(form, dict) and form.keys() == {"$datetime"}:
        return {"2024-01-01T12:00:00+02:00": "2024-01-01T10:00:00"}.get(form["$datetime"], form["$datetime"])
    if isinstance(form, dict):
        return f"{sorted((k, _same_key(v)) for k, v in form.items())}"
    if isinstance(form, list):
        return f"{[_same_key(v) for v in form]}"
    small = isinstance(form, int) and -(2**24) <= form <= 2**24
    return repr(float(form)) if small or isinstance(form, float) else repr(form)


def maps(keys: st.SearchStrategy[Form], items: st.SearchStrategy[Form]) -> st.SearchStrategy[Form]:
    pairs = st.lists(st.tuples(keys, items), max_size=3, unique_by=lambda pair: _same_key(pair[0]))
    return pairs.map(lambda found: {"$map": [list(pair) for pair in found]})


@cache
def inputs(type_: TimeSeries) -> st.SearchStrategy[Form]:
    """What can be assigned to a time series. Whether it is accepted may depend on its present state."""
    match type_:
        case TS(scalar) | TSW(scalar):
            return values(scalar)
        case SIGNAL():
            return st.sampled_from([True, False, 0, "now", {"$map": []}])
        case REF():
            # What it can refer to is not among the plain values; None is "nothing" for any time series.
            return st.just(NONE)
        case TSB(_, fields):
            given = {name: st.one_of(st.just(NONE), inputs(t)) for name, t in fields}
            some = st.fixed_dictionaries({}, optional=given)
            return some.map(lambda found: {"$map": [list(item) for item in found.items()]})
        case TSL(child, None):
            items = st.lists(st.one_of(st.just(NONE), inputs(child)), max_size=4)
            by_index = maps(st.integers(0, 4), inputs(child)).filter(lambda form: form["$map"])
            ends = st.integers(0, 3).flatmap(lambda n: st.sampled_from([_tail(n, n + 1), _tail(n, n + 2)]))
            return st.one_of(items.map(lambda v: {"$tuple": v}), items, by_index, ends)
        case TSL(child, size):
            items = st.lists(st.one_of(st.just(NONE), inputs(child)), min_size=size, max_size=size)
            by_index = maps(st.integers(-size, size - 1), inputs(child)).filter(lambda form: _once(form, size))
            return st.one_of(items.map(lambda v: {"$tuple": v}), items, by_index)
        case TSS(element):
            whole = unique(values(element))
            mixed = st.lists(st.tuples(st.booleans(), values(element)), max_size=3, unique_by=lambda p: _same_key(p[1]))
            removals = mixed.map(lambda found: [{"$removed": v} if gone else v for gone, v in found])
            return st.one_of(
                whole.map(lambda v: {"$set": v}),
                removals,
                removals.map(lambda v: {"$tuple": v}),
                mixed.map(_set_delta),
            )
        case TSD(key, child):
            removal = st.sampled_from([NONE, REMOVE_IF_EXISTS, REMOVE])
            return maps(values(key), st.one_of(inputs(child), removal))
    raise AssertionError(type_)


def _tail(first: int, end: int) -> Form:
    return {"$map": [[i, REMOVE] for i in range(first, end)]}


def _once(form: Form, size: int) -> bool:
    """Return whether no element is named twice, from the front and from the back."""
    indices = [key % size for key, _ in form["$map"]]
    return len(indices) == len(set(indices))


def _set_delta(found: list[tuple[bool, Form]]) -> Form:
    split = {gone: [v for g, v in found if g is gone] for gone in (True, False)}
    return {"$setdelta": {"added": split[False], "removed": split[True]}}


def refuses(type_: TimeSeries) -> bool:
    """Return whether there is anything that a time series refuses; whatever a SIGNAL is given, it ticks."""
    return not isinstance(type_, SIGNAL)


@st.composite
def wrong_inputs(draw: st.DrawFn, type_: TimeSeries) -> Form:
    """What a time series refuses; often right but for one thing deep inside."""
    match type_:
        case REF():
            return draw(st.sampled_from([5, "x", {"$map": []}, REMOVE]))
        case TS(scalar) | TSW(scalar):
            return draw(wrong_values(scalar))
        case TSB(_, fields):
            right = draw(inputs(type_))
            name, child = draw(st.sampled_from(fields))
            inside = refuses(child) and draw(st.booleans())
            wrong = [name, draw(wrong_inputs(child))] if inside else ["nope", 1]
            return {"$map": [*(item for item in right["$map"] if item[0] != name), wrong]}
        case TSL(child, size):
            if refuses(child) and draw(st.booleans()):
                return {"$tuple": [*draw(st.lists(inputs(child), max_size=2)), draw(wrong_inputs(child))]}
            too_long = {"$tuple": [NONE] * (size + 1)} if size else "ab"
            return draw(st.sampled_from([too_long, {"$map": [["a", 1]]}, {"$map": [[99, 1]]}, 5]))
        case TSS(element):
            wrong = draw(wrong_values(element).filter(lambda form: not isinstance(form, list)))
            right = draw(unique(values(element)))
            if element == Primitive("object") or wrong == REMOVE:
                return 5
            return draw(st.sampled_from([[*right, wrong], [*right, {"$removed": wrong}], 5, "ab"]))
        case TSD(key, child):
            if draw(st.integers(0, 3)) == 0:
                return draw(st.sampled_from([5, {"$tuple": [1]}]))
            if refuses(child) and draw(st.booleans()):
                added = [draw(values(key)), draw(wrong_inputs(child))]
            else:
                bad_keys = wrong_values(key).filter(lambda form: not isinstance(form, list) and form != REMOVE)
                added = [draw(bad_keys), draw(inputs(child))]
            right = draw(maps(values(key), inputs(child)))
            kept = [item for item in right["$map"] if _same_key(item[0]) != _same_key(added[0])]
            return {"$map": [*kept, added]}
    raise AssertionError(type_)


Path = list[Any]


@st.composite
def _places(draw: st.DrawFn, root: Any, type_: TimeSeries, api: Api) -> tuple[Path, Any, TimeSeries]:
    """A node that is there now, by its path."""
    path: Path = []
    node = root
    while draw(st.integers(0, 2)):
        match type_:
            case TSB(_, fields):
                step, type_ = draw(st.sampled_from(fields))
                key = step
            case TSL(child, _) if len(node):
                key = step = draw(st.integers(-len(node), len(node) - 1))
                type_ = child
            case TSD(_, child) if len(node):
                key = draw(st.sampled_from(node.keys()))
                step, type_ = {"key": encode(key, api)}, child
            case _:
                break
        path.append(step)
        node = node[key]
    return path, node, type_


def _all_places(root: Any, type_: TimeSeries, wanted: TimeSeries, api: Api) -> list[Path]:
    """Return the paths of all nodes of one type."""
    found: list[Path] = [[]] if type_ == wanted else []
    match type_:
        case TSB(_, fields):
            below = [(name, root[name], child) for name, child in fields]
        case TSL(child, _):
            below = [(i, root[i], child) for i in range(len(root))]
        case TSD(_, child):
            below = [({"key": encode(key, api)}, root[key], child) for key in root]
        case _:
            below = []
    return found + [[step, *path] for step, node, child in below for path in _all_places(node, child, wanted, api)]


@st.composite
def operations(draw: st.DrawFn, side: ModelSide, made: list[list[Any]], moments: tuple[str, ...]) -> list[Any]:
    """One operation on a node that is there now; ``made`` are the subscriptions until now."""
    what = draw(st.sampled_from(["write"] * 6 + ["source"] * 3 * (len(side.roots) > 1) + ["observe"]))
    if what == "source":
        index = draw(st.integers(1, len(side.roots) - 1))
        path, node, type_ = draw(_places(side.roots[index], side.types[index], side.api))
        return ["src", index, _operation(draw, node, type_, path)]
    path, node, type_ = draw(_places(side.root, side.types[0], side.api))
    if what == "observe":
        return _observe(draw, type_, path, made, moments)
    if isinstance(type_, REF):
        return _refer(draw, side, type_, path)
    return _operation(draw, node, type_, path)


def _observe(draw: st.DrawFn, type_: TimeSeries, path: Path, made: list[list[Any]], moments: tuple[str, ...]) -> Any:
    if made and draw(st.integers(0, 3)) == 0:
        return [draw(st.sampled_from(["subscribe", "unsubscribe", "unsubscribe"])), *draw(st.sampled_from(made))[1:]]
    scopes = ["node"]
    match type_:
        case TSB() | TSL(_, int()):
            scopes += ["elements"]
        case TSL():
            scopes += ["elements", "structure"]
        case TSS():
            scopes += ["elements", "structure", "key"]
        case TSD():
            scopes += ["elements", "structure", "key", "keys"]
    scope = draw(st.sampled_from(scopes))
    key = draw(values(type_.element if isinstance(type_, TSS) else type_.key)) if scope == "key" else None  # type: ignore[union-attr]
    return ["subscribe", path, len(made), scope, draw(st.sampled_from(moments)), key]


def _refer(draw: st.DrawFn, side: ModelSide, type_: REF, path: Path) -> list[Any]:
    """Something done to a reference."""
    targets = [
        [i, found]
        for i, (root, source) in enumerate(zip(side.roots, side.types, strict=True))
        if i > 0
        for found in _all_places(root, source, type_.target, side.api)
    ]
    match draw(st.sampled_from(["bind"] * 5 + ["refer"] * 2 + ["unbind", "clear", "invalidate", "none", "wrong"])):
        case "bind" | "refer" as how if targets:
            return [how, path, draw(st.sampled_from(targets))]
        case "clear" | "invalidate" as name:
            return [name, path]
        case "none":
            return ["set", path, NONE]
        case "wrong":
            return [draw(st.sampled_from(["set", "apply"])), path, draw(wrong_inputs(type_))]
    return ["bind", path, None]


def _operation(draw: st.DrawFn, node: Any, type_: TimeSeries, path: Path) -> list[Any]:
    choices = ["set"] * 6 + ["apply"] * 3 + ["wrong"] * 3 * refuses(type_)
    choices += ["invalidate", "clear", "none", "nothing", "unknown"]
    match type_:
        case TSS():
            choices += ["add", "remove"] * 3
        case TSD():
            choices += ["create", "del", "pop"] * 2
        case TSL(_, None):
            choices += ["append", "resize"] * 2
    if node.valid or not isinstance(type_, TS):  # one that has no value cannot tick
        choices += ["mark"]
    match draw(st.sampled_from(choices)):
        case "set" | "apply" as name:
            return [name, path, draw(inputs(type_))]
        case "wrong":
            return [draw(st.sampled_from(["set", "apply"])), path, draw(wrong_inputs(type_))]
        case "none":
            return ["set", path, NONE]
        case "nothing":
            return ["apply", path, NONE]
        case "unknown":
            return ["set", [*path, draw(st.sampled_from(["nope", 99]))], 1]
        case "add" | "remove" as name:
            return [name, path, draw(values(type_.element))]  # type: ignore[union-attr]
        case "create" | "del" | "pop" as name:
            return [name, path, draw(values(type_.key))]  # type: ignore[union-attr]
        case "append":
            child = type_.child  # type: ignore[union-attr]
            wrong = [wrong_inputs(child)] if refuses(child) else []
            return ["append", path, draw(st.one_of(inputs(child), inputs(child), st.just(NONE), *wrong))]
        case "resize":
            # To the same size is left out: whether that ticks is not said.
            assert isinstance(node, TSLNode)
            return ["resize", path, draw(st.integers(0, 4).filter(lambda n: n != len(node)))]
        case name:
            return [name, path]
