"""Hostile Arrow structs for everything that reads columns: read as pyarrow reads them, or refused.

Each round exports random columns through the C data interface, changes the structs and buffers at random, and gives
them to `update_columns` and `resolve` as arrays, streams and tables. What is not changed must be read as pyarrow reads
it. What is changed may be read or refused; what contradicts the specification beyond doubt must be refused. What is
refused leaves the root as it was. Every struct that is taken is released once.

Left out is what nobody can check: the size of a buffer or of an array of pointers is not in the structs, so buffers are
always long enough for what the lengths and offsets say, and pointers are null, misaligned, or right.
"""

from __future__ import annotations

import struct
import sys
from random import Random
from types import ModuleType
from typing import Any

from hgvalue import HgValueError

from . import columns_given as given
from .arrow_streams import Given, stream
from .arrow_structs import ARRAY_NAME, SCHEMA_NAME, Arena, Built, Node, capsule, number_in, sizes, taken
from .harness import run

MUTATIONS = 30
#: The most that a buffer is made longer to hold what a changed length says.
LONGEST = 1 << 14
FAR = (-1, -(2**63), 2**63 - 1, 2**62, 2**58)
NEAR = (-3, -2, -1, 1, 2, 9, 200)
FORMATS = (
    *(b"n", b"b", b"c", b"C", b"s", b"i", b"l", b"L", b"e", b"f", b"g", b"u", b"U", b"z", b"Z", b"vu", b"vz"),
    *(b"tdD", b"tdm", b"tts", b"ttu", b"tsn:", b"tsu:UTC", b"tDs", b"tiM", b"tiD", b"d:5,2", b"d:76,1000,256"),
    *(b"w:0", b"w:3", b"+l", b"+L", b"+vl", b"+vL", b"+w:0", b"+w:2", b"+s", b"+m", b"+us:0,1", b"+ud:1,0", b"+r"),
    *(b"", b"?", b"\xff", b"+", b"+w:", b"+w:-1", b"+w:99999999999999999999", b"w:-3", b"d:", b"d:0,0", b"d:5,2,7"),
    *(b"+us:", b"+us:1,1", b"+us:128", b"+ud:x", b"t", b"tt", b"ts", b"tsu", b"d:99,1", b"+q", b"%s%n", b"u" * 500),
)
ROOTS = tuple(given.KEYS)

_modules: dict[str, ModuleType] = {}
_arena = Arena()


def _module(backend: str) -> ModuleType:
    if backend not in _modules:
        import hgvalue_gen

        sys.unraisablehook = lambda _: None  # ctypes reports what a callback raises, and goes on
        _modules[backend] = hgvalue_gen.load(given.SCHEMA, name="fuzzed_columns", backend=backend)
    return _modules[backend]


class _Array:
    def __init__(self, schema: Any, array: Any) -> None:
        self._pair = schema, array

    def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
        return self._pair


class _Odd:
    def __init__(self, given: Any) -> None:
        self._given = given

    def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
        return self._given


class _Schema(_Array):
    """Has a schema and no array."""

    def __arrow_c_schema__(self) -> Any:
        return self._pair[0]


def _change_number(random: Random, number: int) -> int:
    return random.choice(FAR) if random.random() < 0.4 else number + random.choice(NEAR)


def _mutate(random: Random, node: Node) -> bool:
    """Change one thing of a node; whether it cannot be right any more."""
    match random.randrange(17):
        case 0:
            node.length = _change_number(random, node.length)
            return node.length < 0 or node.length >= 2**58
        case 1:
            node.offset = _change_number(random, node.offset)
            return node.offset < 0 or node.offset >= 2**58
        case 2:
            node.null_count = _change_number(random, node.null_count)
            return node.null_count < -1 or node.null_count > max(0, node.length)
        case 3 | 4 if node.buffers:
            _change_buffer(random, node, random.randrange(len(node.buffers)))
        case 5 if node.buffers:
            node.buffers[random.randrange(len(node.buffers))] = None
        case 6:
            node.n_buffers = random.choice((0, -1, 1, len(node.buffers) + 1, max(0, len(node.buffers) - 1)))
            return node.n_buffers != len(node.buffers) and not (node.format or b"").startswith((b"v", b"n"))
        case 7 if node.children:
            at = random.randrange(len(node.children))
            node.children[at] = None
            return True
        case 8:
            count = random.choice((-1, 0, len(node.children) + 1, max(0, len(node.children) - 1)))
            which = random.choice(("schema_children", "array_children"))
            setattr(node, which, count)
            return count != len(node.children)
        case 9:
            names = ["array released", "schema released"]
            names += ["no buffers", "buffers misplaced"] if node.buffers else []
            if node.children:
                names += [f"{w} child misplaced" for w in ("schema", "array")]
                names += [f"no {w} children" for w in ("schema", "array")]
            if node.dictionary:
                names += ["no schema dictionary", "no array dictionary"]
            node.spoiled.add(random.choice(names))
            return True
        case 10 | 11:
            node.format = random.choice((*FORMATS, None))
            return node.format is None
        case 12:
            node.name = random.choice((None, b"", b"value", b"text", b"\xff\xfe", b"x" * 300, b"key", b"count"))
            return node.name == b"\xff\xfe"
        case 13:
            node.spoiled.add("metadata")
            node.flags = random.choice((0, 7, -1, 2**63 - 1))
        case 14:
            node.dictionary = Node(b"u", b"", 2, 0, 0, [None, struct.pack("3i", 0, 1, 2), b"ab"])
        case 15 if node.children:
            node.children.append(node.children[0])
        case _:
            node.spoiled.add("first")
    return False


def _change_buffer(random: Random, node: Node, at: int) -> None:
    data = bytearray(node.buffers[at] or b"")
    width = random.choice((1, 4, 8))
    if len(data) < width:
        return
    place = random.randrange(len(data) // width) * width
    number = random.choice((0, 1, 255, 2 ** (8 * width) - 1, 2 ** (8 * width - 1), random.randrange(2 ** (8 * width))))
    data[place : place + width] = number.to_bytes(width, "little")
    node.buffers[at] = bytes(data)


def _deepened(random: Random, node: Node) -> Node:
    """Return an array of structs, or lists, of structs … of this one."""
    for _ in range(random.choice((1, 5, 60, 70, 200)) if 0 <= node.length < 100 else 0):
        if random.random() < 0.5:
            node = Node(b"+s", b"", node.length, 0, 0, [None], [node])
        else:
            ends = struct.pack(f"{node.length + 1}i", *range(node.length + 1))
            node = Node(b"+l", b"", node.length, 0, 0, [None, ends], [node])
    return node


def _fit(random: Random, root: Node) -> bool:
    """Make buffers as long as the structs say that they are; false where that is too long to be made."""
    for node in root.all():
        if not -1 < node.length + node.offset < 2**57:
            continue  # is refused before anything is read
        wanted = sizes(node)
        form = node.format or b""
        if max(wanted, default=0) > LONGEST or (form.startswith(b"+w:") and number_in(form[3:], 0) > 99):
            return False
        while len(node.buffers) < len(wanted):
            node.buffers.append(b"")
        for at, size in enumerate(wanted):
            data = node.buffers[at]
            if data is not None and len(data) < size:
                node.buffers[at] = data + random.randbytes(size - len(data))
        if form in (b"u", b"z", b"U", b"Z"):
            if len(node.buffers) < 3:
                node.buffers.append(b"")
            if not _fit_texts(node, form):
                return False
        if form in (b"vu", b"vz") and (len(node.buffers) < 3 or not _fit_views(node)):
            return False
    return True


def _fit_texts(node: Node, form: bytes) -> bool:
    """Offsets that grow may lead anywhere, as far as anybody can see."""
    letter, width = ("i", 4) if form in (b"u", b"z") else ("q", 8)
    if node.buffers[1] is None:
        return True
    ends = struct.unpack_from(f"{max(0, node.length) + 1}{letter}", node.buffers[1], max(0, node.offset) * width)
    furthest = max(ends)
    if furthest > LONGEST:
        return False
    data = node.buffers[2]
    if data is not None and len(data) < furthest:
        node.buffers[2] = data + b"\xc3" * (furthest - len(data))
    return True


def _fit_views(node: Node) -> bool:
    """The last buffer says how long those are that the views lead to."""
    data, counts = node.buffers[2:-1], node.buffers[-1] or b""
    if node.n_buffers is not None and node.n_buffers > 3:
        return node.n_buffers <= len(node.buffers) and len(counts) >= 8 * (node.n_buffers - 3)
    if node.buffers[-1] is None:
        return True
    if len(counts) < 8 * len(data):
        return False
    for at, size in enumerate(struct.unpack_from(f"{len(data)}q", counts)):
        held = data[at]
        if held is not None and size > len(held):
            return False
    return True


def _give(random: Random, built: Built, node: Node, *, hostile: bool) -> tuple[Any, bool]:
    """Return an object that gives the node as an array or in a stream, and whether it must be refused."""
    if random.random() < 0.4:
        return stream(random, built, node, changed=hostile, fails=hostile and random.random() < 0.5)
    schema, array = built.own(built.schema(node)), built.own(built.array(node))
    if "schema released" in node.spoiled:
        schema.release = None
    if "array released" in node.spoiled:
        array.release = None
    pair = capsule(schema, SCHEMA_NAME), capsule(array, ARRAY_NAME)
    if not hostile or random.random() < 0.9:
        return (_Array if random.random() < 0.9 else _Schema)(*pair), False
    odd = random.choice(((), pair[:1], pair * 2, None, 3, pair[::-1], (pair[0], None), ("", pair[1]), list(pair)))
    return _Odd(odd), True


class _Case:
    """Columns for one call, and what must come of it."""

    def __init__(self, m: ModuleType, random: Random) -> None:
        self.name = random.choice(ROOTS)
        self._m = m
        self.rows = random.choice((0, 1, 2, 2) if self.name == "Sides" else (0, 1, 2, 3, 12))
        fields = given.fields_of(self.name)
        self._only = len(fields) == 1
        chosen = random.sample(fields, min(len(fields), random.choice((1, 1, 2, 3))))
        key_array, self.keys = given.keys(m, random, self.name, self.rows)
        made = {field: given.column(m, random, field, self.rows) for field in chosen}
        self.cells = {field: cells for field, (_, cells) in made.items()}
        self.route = random.choice(("columns", "columns", "keys", "table", "keyed table", "resolve"))
        self.nodes: dict[str, Node] = {}
        if self.route in ("columns", "keys"):
            self.nodes = {self._named(field): taken(array) for field, (array, _) in made.items()}
        if self.route in ("keys", "resolve"):
            self.nodes["key"] = taken(key_array)
        if "table" in self.route:
            children = {self._named(field): array for field, (array, _) in made.items()}
            if self.route == "table":
                children["key"] = key_array
            self.nodes["table"] = self._table(random, children)

    def _named(self, field: str) -> str:
        return "value" if self._only else field

    def _table(self, random: Random, children: dict[str, Any]) -> Node:
        node = Node(b"+s", b"", self.rows, 0, 0, [None])
        for name, array in children.items():
            child = taken(array)
            child.name = name.encode()
            node.children.append(child)
        random.shuffle(node.children)
        if self.rows and random.random() < 0.3:  # the rows of a struct are counted in its children
            node.offset, node.length = 1, self.rows - 1
            self.keys = self.keys[1:]
            self.cells = {field: cells[1:] for field, cells in self.cells.items()}
        return node

    def expected(self) -> dict[Any, Any]:
        made: dict[Any, Any] = {}
        for at, key in enumerate(self.keys):
            row = {field: cells[at] for field, cells in self.cells.items() if cells[at] is not None}
            if self.route == "table":
                made[key] = None  # a table may be a whole dict, with keys that have nothing yet
            if row:
                made[key] = next(iter(row.values())) if self._only else row
        return made

    def call(self, root: Any, objects: dict[str, Any]) -> Any:
        match self.route:
            case "columns" if self._only and len(objects) == 1:
                return root.update_columns(self.keys, objects["value"])
            case "columns":
                return root.update_columns(self.keys, objects)
            case "keys":
                return root.update_columns(objects.pop("key"), objects)
            case "table":
                return root.update_columns(objects["table"])
            case "keyed table":
                return root.update_columns(self.keys, objects["table"])
        return root.resolve(objects["key"])


def _state(root: Any) -> Any:
    return root.value, root.delta_value, root.modified, root.last_modified_time


def _merged(before: dict[Any, Any], after: dict[Any, Any]) -> dict[Any, Any]:
    made = dict(before or {})
    for key, row in after.items():
        if row is not None:
            made[key] = (made.get(key) or {}) | row if isinstance(row, dict) else row
        made.setdefault(key, None)
    return made


def _root(m: ModuleType, case: _Case) -> Any:
    root = getattr(m, case.name)()
    root.advance(1)
    return root


def _try(m: ModuleType, random: Random, case: _Case, changes: int) -> None:
    _arena.reset()
    root = _root(m, case)
    if random.random() < 0.3 and case.keys and (written := case.expected()):
        root.value = {key: row for key, row in written.items() if row is not None}
        root.advance(2)
    before, built = _state(root), Built(_arena, forgets=random.random() < 0.1)
    nodes = {name: node.copy() for name, node in case.nodes.items()}
    refuse = False
    for _ in range(changes):
        name = random.choice(list(nodes))
        if random.random() < 0.03:
            nodes[name] = _deepened(random, nodes[name])
        else:
            refuse |= _mutate(random, random.choice(list(nodes[name].all())))
    if not all(_fit(random, node) for node in nodes.values()):
        return
    objects = {}
    for name, node in nodes.items():
        objects[name], wrong = _give(random, built, node, hostile=changes > 0)
        refuse |= wrong
        if isinstance(objects[name], Given) and "array released" in node.spoiled:
            refuse = False  # the end of a stream
    try:
        result = case.call(root, objects)
    except HgValueError as error:
        assert changes, f"refused: {error}"
        assert str(error)
        assert _state(root) == before
    else:
        assert not (refuse and changes == 1), "accepted"  # a second change may take the first one back
        repr(result)
        if not changes and case.route != "resolve":
            assert (root.value or {}) == _merged(before[0], case.expected()), (root.value, case.expected())
        repr((root.value, root.delta_value, root.snapshot()))
    _arena.forbid()
    assert all(count <= 1 for count in built.released.values()), built.released
    repr((root.value, root.delta_value))


def play(random: Random, backend: str) -> int:
    """Give changed Arrow structs to all that reads columns."""
    m = _module(backend)
    case = _Case(m, random)
    for number in range(MUTATIONS):
        _try(m, random, case, 0 if number < 2 else random.choice((1, 1, 1, 2, 3)))
    return MUTATIONS


run(__name__, play)
