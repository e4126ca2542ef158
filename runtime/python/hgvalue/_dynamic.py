"""Classes from a schema without a compiler: the description that the generator keeps in a package, turned into them.

The description is the resolved schema as JSON (``hgvalue-gen --emit-json`` prints the same), with the module and the
name of every class. Types are made in the order of their declarations, so that each finds what it is made of.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import timedelta
from inspect import cleandoc
from types import ModuleType
from typing import Any, Final, TypeAlias

from hgvalue import _hgvalue
from hgvalue._errors import InvalidValueError

__all__ = ["FORMAT", "build_package"]

#: The form of description that this version reads.
FORMAT: Final = 1

#: A capsule of the native module: a value type, or a type of time series.
_Type: TypeAlias = Any
_Json: TypeAlias = Mapping[str, Any]


def build_package(description: str | bytes | _Json | None) -> dict[str, ModuleType]:
    """Return, for each schema file of a description, a module with its classes, by the name the package calls it.

    Raises ``InvalidValueError``, a ``ValueError``, for what is no description, and what the types themselves refuse.
    """
    if description is None:
        raise InvalidValueError("the package has no description of its schema; generate it again")
    read = _parse(description) if isinstance(description, str | bytes) else description
    if read.get("format") != FORMAT:
        raise InvalidValueError(f"the description has the form {read.get('format')!r}, this hgvalue reads {FORMAT}")
    package, where = _Package(), "the package"
    try:
        for module in read["modules"]:
            where = f"schema '{module['name']}'"
            for declaration in module["declarations"]:
                where = f"'{declaration['class']}' of schema '{module['name']}'"
                package.declare(module, declaration)
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
        raise InvalidValueError(f"{where} is not described as it must be: {_reason(error)}") from error
    return package.modules


def _parse(text: str | bytes) -> _Json:
    try:
        read = json.loads(text)
    except ValueError as error:
        raise InvalidValueError(f"the description is not JSON: {error}") from error
    if not isinstance(read, dict):
        raise InvalidValueError(f"the description is not a JSON object but {type(read).__name__}")
    return read


def _reason(error: Exception) -> str:
    return f"no {error}" if type(error) is KeyError else str(error) or type(error).__name__


class _Package:
    """The types of one package while they are made, each found by its schema file and name."""

    def __init__(self) -> None:
        self.modules: dict[str, ModuleType] = {}
        self._values: dict[tuple[str, str], _Type] = {}
        self._bundles: dict[tuple[str, str], _Type] = {}
        self._anonymous: dict[str, _Type] = {}
        self._enums: dict[tuple[str, str], Any] = {}

    def declare(self, module: _Json, declaration: _Json) -> None:
        """Make the class of a declaration and put it into its module."""
        part = self.modules.setdefault(module["attribute"], ModuleType(module["python_name"], _doc(module)))
        kind = declaration["kind"]
        make = {"enum": self._enum, "struct": self._struct, "bundle": self._bundle, "root": self._root}.get(kind)
        if make is None:
            raise InvalidValueError(f"unknown kind of declaration {kind!r}")
        setattr(part, declaration["class"], make(part, module, declaration))

    def _enum(self, _: ModuleType, module: _Json, declaration: _Json) -> Any:
        members = [(member["name"], member["value"]) for member in _members(declaration, "members")]
        made, cls = _hgvalue.dynamic_enum(*_names(module, declaration), members, declaration.get("base", "Enum"))
        self._values[_key(module, declaration)] = made
        self._enums[_key(module, declaration)] = cls
        return cls

    def _struct(self, _: ModuleType, module: _Json, declaration: _Json) -> Any:
        fields = [self._field(field) for field in _members(declaration, "fields")]
        made, cls = _hgvalue.dynamic_struct(*_names(module, declaration), fields)
        self._values[_key(module, declaration)] = made
        return cls

    def _field(self, field: _Json) -> tuple[Any, ...]:
        has_default = field["has_default"]
        default = self._default(field["default"], field["type"]) if has_default else None
        return (field["name"], self._value(field["type"]), _doc(field), field["item_only"], has_default, default)

    def _bundle(self, part: ModuleType, module: _Json, declaration: _Json) -> Any:
        fields = [
            (field["name"], self._node(field["type"]), _doc(field), field["item_only"])
            for field in _members(declaration, "fields")
        ]
        made, cls = _hgvalue.dynamic_bundle(part, *_names(module, declaration), fields, declaration["name"] is None)
        if declaration["name"] is None:
            self._anonymous[_shape(declaration["fields"])] = made
        else:
            self._bundles[_key(module, declaration)] = made
        return cls

    def _root(self, part: ModuleType, module: _Json, declaration: _Json) -> Any:
        return _hgvalue.dynamic_root(part, *_names(module, declaration), self._node(declaration["type"]))

    def _value(self, type: _Json) -> _Type:
        kind = type["kind"]
        if kind == "primitive":
            return _hgvalue.dynamic_type(type["name"], (), ())
        if kind in ("enum", "struct"):
            return _declared(self._values, type)
        if kind == "tuple":
            return self._make(kind, type["elements"])
        if kind == "variant":
            return self._make(kind, type["alternatives"])
        if kind == "map":
            return self._make(kind, (type["key"], type["value"]))
        if kind in ("optional", "tuple_of", "list", "set"):
            return self._make(kind, (type["element"],))
        if kind in ("array", "cyclic_buffer"):
            return self._make(kind, (type["element"],), (type["size"],))
        if kind == "queue":
            return self._make(kind, (type["element"],), (_size(type["capacity"]),))
        if kind == "window":
            return self._make(kind, (type["element"],), _window(type))
        raise InvalidValueError(f"unknown kind of type {kind!r}")

    def _make(self, kind: str, parts: Sequence[_Json], numbers: tuple[int, ...] = ()) -> _Type:
        return _hgvalue.dynamic_type(kind, tuple(map(self._value, parts)), numbers)

    def _node(self, type: _Json) -> _Type:
        def make(values: tuple[_Type, ...], children: tuple[_Type, ...] = (), numbers: tuple[int, ...] = ()) -> _Type:
            return _hgvalue.dynamic_node(kind, values, children, numbers)

        kind = type["kind"]
        if kind == "TS":
            return make((self._value(type["value"]),))
        if kind == "SIGNAL":
            return make(())
        if kind == "REF":
            return make((), (self._node(type["target"]),))
        if kind == "TSB":
            schema = type["schema"]
            return self._anonymous[_shape(schema["fields"])] if "fields" in schema else _declared(self._bundles, schema)
        if kind == "TSL":
            return make((), (self._node(type["child"]),), (_size(type["size"]),))
        if kind == "TSS":
            return make((self._value(type["element"]),))
        if kind == "TSD":
            return make((self._value(type["key"]),), (self._node(type["child"]),))
        if kind == "TSW":
            return make((self._value(type["element"]),), (), _window(type))
        raise InvalidValueError(f"unknown kind of time series {kind!r}")

    def _default(self, value: Any, type: _Json) -> Any:
        """Return a default as a Python object that the native module can convert."""
        kind = type["kind"]
        if kind == "optional":
            return None if value is None else self._default(value, type["element"])
        if kind == "enum":
            return self._enums[value["module"], value["name"]][value["member"]]
        if kind == "variant":
            return self._default(value["value"], type["alternatives"][value["alternative"]])
        if kind == "tuple":
            return tuple(map(self._default, _items(value), type["elements"]))
        if kind == "map":
            return {self._default(k, type["key"]): self._default(v, type["value"]) for k, v in value["items"]}
        if kind in _CONTAINERS:
            return _CONTAINERS[kind](self._default(item, type["element"]) for item in _items(value))
        return _scalar(value, type)


class _OrderedSet(Set[Any]):
    """A set that keeps the order of its elements: how they lie in a default must not depend on hashes of this run."""

    def __init__(self, items: Iterable[Any]) -> None:
        self._items = dict.fromkeys(items)

    def __contains__(self, item: object) -> bool:
        return item in self._items

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return self._hash()


_CONTAINERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "tuple_of": tuple, "list": list, "set": _OrderedSet, "array": list, "cyclic_buffer": list, "queue": list,
}  # fmt: skip


def _items(value: Any) -> Sequence[Any]:
    """Return the elements of a sequence among defaults: a JSON list, or an object that says what it was."""
    items: Sequence[Any] = value if isinstance(value, list) else value["items"]
    return items


def _scalar(value: Any, type: _Json) -> Any:
    if isinstance(value, dict):
        if value["kind"] == "timedelta":
            return timedelta(microseconds=value["microseconds"])
        if value["kind"] == "float":
            return float(value["value"])
        if value["kind"] == "bytes":
            return base64.b64decode(value["base64"])
        raise InvalidValueError(f"unknown kind of default {value['kind']!r}")
    if type["kind"] == "primitive" and isinstance(value, bool | int):
        # As a C++ initialiser would: a bool is a number, and a whole number is a float.
        name = type["name"]
        return float(value) if name.startswith("float") else bool(value) if name == "bool" else int(value)
    return value


def _window(type: _Json) -> tuple[int, int, int]:
    """Return whether a window's sizes are durations, its size and its minimum; durations in microseconds."""
    size, minimum = type["size"], type["minimum"]
    if isinstance(size, int):
        return (0, size, minimum)
    return (1, size["microseconds"], minimum["microseconds"] if isinstance(minimum, dict) else 0)


def _size(size: int | None) -> int:
    """Return a size that may be left open, which is 0 in the native module."""
    if size is not None and size <= 0:
        raise InvalidValueError(f"a size must be positive, not {size}")
    return size or 0


def _declared(known: Mapping[tuple[str, str], _Type], mention: _Json) -> _Type:
    try:
        return known[mention["module"], mention["name"]]
    except KeyError:
        raise InvalidValueError(
            f"{mention['kind']} '{mention['name']}' of schema '{mention['module']}' is used but not declared before"
        ) from None


def _members(declaration: _Json, which: str) -> Sequence[_Json]:
    """Return the fields or members, which have names of their own."""
    members: Sequence[_Json] = declaration[which]
    names = [member["name"] for member in members]
    if not names or len(set(names)) < len(names):
        raise InvalidValueError(f"{declaration['class']!r} needs {which}, each with a name of its own")
    return members


def _key(module: _Json, declaration: _Json) -> tuple[str, str]:
    return (module["name"], declaration["name"])


def _names(module: _Json, declaration: _Json) -> tuple[str, str, str, str | None]:
    """Return what the native module calls a class: Python module, schema file, name, documentation."""
    return (module["python_name"], module["name"], declaration["class"], _doc(declaration))


def _doc(described: _Json) -> str | None:
    return cleandoc(described["doc"]) if described["doc"] else None


def _shape(fields: Sequence[_Json]) -> str:
    """Return what identifies an anonymous bundle: names and types of its fields."""

    def bare(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: bare(value) for key, value in part.items() if key not in ("doc", "item_only")}
        return [bare(item) for item in part] if isinstance(part, list) else part

    return json.dumps(bare(fields), sort_keys=True)
