"""The routes of a value, in each layout: a check for every way out and in again, of the value and of changes of it."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import hgvalue
from hgvalue import Delta, TypeKind, Value

from .kinds import Holder, Kind, class_of

LAYOUTS = (
    "compiled",
    "dynamic",
    "generic over compiled",
    "generic over dynamic",
    "compiled to dynamic",
    "dynamic to compiled",
)


@dataclass(frozen=True)
class Subject:
    """Two values of a type in one layout, and what reads them back, which may be of another layout."""

    one: Any
    two: Any
    reader: Any
    #: What values must read as.
    expected: tuple[Any, Any]
    has_bytes: bool
    crossing: bool = False
    generic: bool = False

    @property
    def writer(self) -> Any:
        return self.one.schema if self.generic else type(self.one)

    def read(self, value: Any) -> Any:
        return value.to_python()

    def check(self, again: Any, number: int = 0) -> None:
        """Check that a value which came back is the one that went out."""
        assert same(self.read(again), self.expected[number]), (self.read(again), self.expected[number])
        if not self.crossing:
            assert again == (self.one, self.two)[number]
            assert type(again) is type(self.one)


def same(a: Any, b: Any) -> bool:
    """Tell whether two plain forms are equal, with the classes of all that is in them."""
    a, b = plain(a), plain(b)
    return type(a) is type(b) and _equal(a, b)


def _equal(a: Any, b: Any) -> bool:
    if isinstance(a, dict):
        return len(a) == len(b) and all(k in b and same(v, b[k]) for k, v in a.items())
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    return bool(a == b)


def plain(value: Any) -> Any:
    """Return a value whose classes are not of a package: members by name, structs as dicts, arrays as lists."""
    if hasattr(value, "__dataclass_fields__"):
        return {"class": type(value).__name__, **{k: plain(v) for k, v in value.to_dict().items()}}
    if isinstance(value, dict):
        return {plain_key(k): plain(v) for k, v in value.items()}
    if isinstance(value, (set, frozenset)):
        return frozenset(map(plain_key, value))
    if hasattr(value, "tolist"):
        return [plain(v) for v in value.tolist()]
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, tuple):
        return tuple(plain(v) for v in value)
    if hasattr(type(value), "__members__"):
        return f"{type(value).__name__}.{value.name}"
    return value


def plain_key(key: Any) -> Any:
    made = plain(key)
    try:
        hash(made)
    except TypeError:
        return repr(sorted(made.items())) if isinstance(made, dict) else repr(made)
    return made


# -- the subjects -----------------------------------------------------------------------------------------------------


def subject(layout: str, modules: Mapping[str, ModuleType], holder: Holder, kind: Kind) -> Subject:
    """Make the values of a pair in a layout."""
    source = "dynamic" if layout.startswith("dynamic") or layout.endswith("over dynamic") else "compiled"
    m = modules[source]
    cls = getattr(m, class_of(holder, kind))
    field = f"f{kind.name}"
    one, two = (cls(**{field: holder.value(m, kind, number)}) for number in (0, 2))
    expected = one.to_python(), two.to_python()
    has_bytes = kind.name != "Any"
    if layout in ("compiled", "dynamic"):
        return Subject(one, two, cls, expected, has_bytes)
    if layout.startswith("generic"):
        views = hgvalue.view(one)[field], hgvalue.view(two)[field]
        made = [Value(view.schema, view) for view in views]
        if made[0].schema.kind is TypeKind.OPTIONAL and holder.name != "Optional":
            made = [Value(each.schema.element_type, each.to_python()) for each in made]
        return Subject(
            made[0], made[1], made[0].schema, tuple(each.to_python() for each in made), has_bytes, generic=True
        )
    other = modules["dynamic" if source == "compiled" else "compiled"]
    return Subject(one, two, getattr(other, class_of(holder, kind)), expected, has_bytes, crossing=True)


# -- routes -----------------------------------------------------------------------------------------------------------


class NotApplicable(Exception):
    """A route that this layout does not have, with the reason."""


def _read(s: Subject, how: str, data: Any) -> Any:
    if s.generic:
        return getattr(Value, how)(s.reader, data)
    return getattr(s.reader, how)(data)


def plain_form(s: Subject) -> None:
    for number, value in enumerate((s.one, s.two)):
        s.check(_read(s, "from_python", value.to_python() if not s.crossing else value.to_dict()), number)


def dict_form(s: Subject) -> None:
    if s.generic:
        made = Value(s.reader, s.one.value)
        return s.check(made)
    s.check(s.reader.from_dict(s.one.to_dict()))
    s.check(s.reader.from_dict(s.two.to_dict()), 1)


def json_form(s: Subject) -> None:
    for number, value in enumerate((s.one, s.two)):
        s.check(_read(s, "from_json", value.to_json()), number)
    if s.crossing:
        assert s.reader.from_json(s.one.to_json()).to_json() == s.one.to_json()


def bytes_form(s: Subject) -> None:
    for number, value in enumerate((s.one, s.two)):
        s.check(_read(s, "decode", value.encode()), number)
        assert hgvalue.encode(value) == value.encode()
    if s.crossing:
        assert s.reader.decode(s.one.encode()).encode() == s.one.encode()


def pickled(s: Subject) -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(s.one, protocol))
        assert again == s.one and type(again) is type(s.one)
    s.check(_converted(s, pickle.loads(pickle.dumps(s.one))))


def copied(s: Subject) -> None:
    for again in (copy.copy(s.one), copy.deepcopy(s.one), *([] if s.generic else [s.one.replace()])):
        assert again == s.one and type(again) is type(s.one)
        s.check(_converted(s, again))


def _converted(s: Subject, value: Any) -> Any:
    """Return the value as one of the other layout, by way of its view."""
    if not s.crossing:
        return value
    return s.reader.from_dict(hgvalue.view(value).to_python().to_dict())


def viewed(s: Subject) -> None:
    view = hgvalue.view(s.one)
    assert view == s.one
    assert same(view.to_python(), s.expected[0])
    assert view.to_string() == s.one.to_string()
    assert view.to_json() == s.one.to_json()
    if s.has_bytes:
        assert view.encode() == s.one.encode()
    schema = hgvalue.TypeMeta.from_python_type(s.reader) if s.crossing else view.schema
    taken = Value(schema, view)
    assert same(taken.to_python(), s.expected[0])
    taken.value = s.reader.from_dict(s.two.to_dict()) if s.crossing else hgvalue.view(s.two).to_python()
    assert same(taken.to_python(), s.expected[1])
    if s.has_bytes and not s.crossing:
        assert taken.encode() == s.two.encode()


def compared(s: Subject) -> None:
    again = _read(s, "from_json", s.one.to_json())
    other = _read(s, "from_json", s.two.to_json())
    assert (again == other) is (s.one == s.two)
    assert again.to_json() == s.one.to_json()
    if not s.generic and type(s.one).__hash__ is not None and _hashes(s.one):
        assert _hashes(again)
        assert s.crossing or hash(again) == hash(s.one)


def _hashes(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _changes(s: Subject) -> Any:
    change = hgvalue.diff(s.one, s.two)
    assert change.empty is (s.one == s.two)
    return change


def _reading(s: Subject) -> Any:
    """Return ``one`` in the layout that reads."""
    return s.reader.from_dict(s.one.to_dict()) if s.crossing else s.one


def _applies(s: Subject, change: Any) -> None:
    s.check(hgvalue.apply(change, _reading(s)), 1)


def delta_applied(s: Subject) -> None:
    _applies(s, _changes(s))
    target = copy.copy(s.one) if s.generic else Value(_reading(s))
    _changes(s).apply_to(target)
    assert same(target.to_python(), s.expected[1])


def delta_plain(s: Subject) -> None:
    change = _changes(s)
    again = Delta(s.reader, change.to_python())
    assert s.crossing or again == change
    _applies(s, again)


def delta_json(s: Subject) -> None:
    change = _changes(s)
    again = Delta.from_json(s.reader, change.to_json())
    assert s.crossing or again == change
    assert again.to_json() == change.to_json()
    _applies(s, again)


def delta_bytes(s: Subject) -> None:
    change = _changes(s)
    again = Delta.decode(s.reader, change.encode())
    assert s.crossing or again == change
    assert again.encode() == change.encode()
    _applies(s, again)


def delta_pickled(s: Subject) -> None:
    change = _changes(s)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(change, protocol))
        assert again == change
    _applies(s, again)


def inverted(s: Subject) -> None:
    change = _changes(s)
    back = hgvalue.invert(change, s.one)
    assert hgvalue.apply(back, s.two) == s.one
    forth = hgvalue.invert(back, s.two)
    assert forth == change
    _applies(s, forth)


def composed(s: Subject) -> None:
    change = _changes(s)
    back = hgvalue.invert(change, s.one)
    both = hgvalue.compose(change, back)
    assert hgvalue.apply(both, s.one) == s.one
    _applies(s, hgvalue.compose(both, change))


def full(s: Subject) -> None:
    change = hgvalue.full_delta(s.two)
    start = Value(s.two.schema) if s.generic else type(s.two)()
    made = hgvalue.apply(change, start)
    assert made == s.two
    again = Delta(s.writer, change.to_python())
    assert again == change
    assert hgvalue.apply(Delta.from_json(s.writer, change.to_json()), start) == s.two
    if s.crossing:
        s.check(hgvalue.apply(change, s.reader()), 1)


#: Each route, and whether it goes by bytes, which a type that holds Python objects does not have.
ROUTES: dict[str, tuple[Callable[[Subject], None], bool]] = {
    "plain form": (plain_form, False),
    "dict": (dict_form, False),
    "JSON": (json_form, False),
    "bytes": (bytes_form, True),
    "pickle": (pickled, False),
    "copy": (copied, False),
    "view": (viewed, False),
    "== and hash": (compared, False),
    "diff, apply": (delta_applied, False),
    "delta plain": (delta_plain, False),
    "delta JSON": (delta_json, False),
    "delta bytes": (delta_bytes, True),
    "delta pickle": (delta_pickled, False),
    "invert": (inverted, False),
    "compose": (composed, False),
    "full delta": (full, False),
}
