"""Arrow's C structs, built of Python objects that can be changed at will before they are given away.

`Node` is one array together with its schema. Its buffers are `bytes` of exactly the size that is read of them, and are
laid out so that the page behind each (or the one before) cannot be touched: reading beyond a buffer is a fault in any
build. When all of a structure has been released, its memory cannot be touched either.
"""

from __future__ import annotations

import ctypes
import mmap
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow

PAGE = mmap.PAGESIZE
_READ_WRITE = mmap.PROT_READ | mmap.PROT_WRITE
_libc = ctypes.CDLL(None, use_errno=True)
_libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]


class CSchema(ctypes.Structure):
    pass


class CArray(ctypes.Structure):
    pass


class CStream(ctypes.Structure):
    pass


CSchema._fields_ = [
    ("format", ctypes.c_void_p),
    ("name", ctypes.c_void_p),
    ("metadata", ctypes.c_void_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", ctypes.c_void_p),
    ("dictionary", ctypes.c_void_p),
    ("release", ctypes.c_void_p),
    ("private_data", ctypes.c_void_p),
]
CArray._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.c_void_p),
    ("children", ctypes.c_void_p),
    ("dictionary", ctypes.c_void_p),
    ("release", ctypes.c_void_p),
    ("private_data", ctypes.c_void_p),
]
GET_SCHEMA = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(CStream), ctypes.POINTER(CSchema))
GET_NEXT = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(CStream), ctypes.POINTER(CArray))
GET_ERROR = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.POINTER(CStream))
RELEASE = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
CStream._fields_ = [
    ("get_schema", ctypes.c_void_p),
    ("get_next", ctypes.c_void_p),
    ("get_last_error", ctypes.c_void_p),
    ("release", ctypes.c_void_p),
    ("private_data", ctypes.c_void_p),
]
_AT_RELEASE = {CSchema: CSchema.release.offset, CArray: CArray.release.offset, CStream: CStream.release.offset}

_capsule = ctypes.pythonapi.PyCapsule_New
_capsule.restype = ctypes.py_object
_capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
SCHEMA_NAME, ARRAY_NAME, STREAM_NAME = b"arrow_schema", b"arrow_array", b"arrow_array_stream"


@dataclass
class Node:
    """An array and its schema. What is None is a null pointer; the counts are those of the lists unless given."""

    format: bytes | None
    name: bytes | None
    length: int
    offset: int
    null_count: int
    buffers: list[bytes | None]
    children: list[Node | None] = field(default_factory=list)
    dictionary: Node | None = None
    flags: int = 2
    n_buffers: int | None = None
    schema_children: int | None = None
    array_children: int | None = None
    #: Names of pointers that are null, misplaced or released though they must not be.
    spoiled: set[str] = field(default_factory=set)

    def all(self) -> Iterator[Node]:
        yield self
        for child in (*self.children, self.dictionary):
            if child is not None:
                yield from child.all()

    def copy(self) -> Node:
        children = [child and child.copy() for child in self.children]
        dictionary = self.dictionary and self.dictionary.copy()
        made = Node(
            self.format, self.name, self.length, self.offset, self.null_count, list(self.buffers), children, dictionary
        )
        made.flags, made.n_buffers, made.spoiled = self.flags, self.n_buffers, set(self.spoiled)
        made.schema_children, made.array_children = self.schema_children, self.array_children
        return made


_WIDTHS = {b"c": 1, b"C": 1, b"s": 2, b"S": 2, b"e": 2, b"i": 4, b"I": 4, b"f": 4, b"l": 8, b"L": 8, b"g": 8}


def number_in(text: bytes, otherwise: int) -> int:
    try:
        return max(0, int(text))
    except ValueError:
        return otherwise


def sizes(node: Node) -> list[int]:
    """Return how long each buffer is that the format, the offset and the length ask for."""
    end = max(0, node.offset) + max(0, node.length)
    bits, form = (end + 7) // 8, node.format or b""
    if form in (b"u", b"z"):
        return [bits, 4 * (end + 1)]
    if form in (b"U", b"Z"):
        return [bits, 8 * (end + 1)]
    if form in (b"vu", b"vz"):
        return [bits, 16 * end]
    if form in (b"+l", b"+m", b"+L"):
        return [bits, (8 if form == b"+L" else 4) * (end + 1)]
    if form in (b"+vl", b"+vL"):
        width = 8 if form == b"+vL" else 4
        return [bits, width * end, width * end]
    if form.startswith(b"+us"):
        return [end]
    if form.startswith(b"+ud"):
        return [end, 4 * end]
    if form.startswith((b"+w", b"+s")):
        return [bits]
    if form.startswith((b"+r", b"n")):
        return []
    width = _WIDTHS.get(form, 8)
    if form == b"b":
        return [bits, bits]
    if form.startswith(b"w:"):
        width = number_in(form[2:], 1)
    elif form.startswith(b"d:"):
        parts = form.split(b",")
        width = number_in(parts[2], 128) // 8 if len(parts) > 2 else 16
    elif form.startswith((b"tdD", b"tts", b"ttm")):
        width = 4
    return [bits, width * end]


def taken(array: pyarrow.Array) -> Node:
    """Return what pyarrow gives through the C data interface."""
    schema, held = CSchema(), CArray()
    array._export_to_c(ctypes.addressof(held), ctypes.addressof(schema))
    try:
        return _taken(schema, held)
    finally:
        for made in (schema, held):
            RELEASE(made.release)(ctypes.addressof(made))


def _pointers(address: int | None, count: int) -> list[int | None]:
    return list((ctypes.c_void_p * count).from_address(address)) if address and count else [None] * count


def _taken(schema: CSchema, array: CArray) -> Node:
    form = ctypes.string_at(schema.format)
    node = Node(form, ctypes.string_at(schema.name), array.length, array.offset, array.null_count, [])
    pointers, wanted = _pointers(array.buffers, array.n_buffers), sizes(node)
    for at, pointer in enumerate(pointers[: len(wanted)]):
        node.buffers.append(ctypes.string_at(pointer, wanted[at]) if pointer else None)
    end, variadic = array.offset + array.length, array.n_buffers - 3
    if form in (b"u", b"z", b"U", b"Z"):
        letter, width = ("i", 4) if form in (b"u", b"z") else ("q", 8)
        size = struct.unpack_from(letter, node.buffers[1] or bytes(8), end * width)[0] if node.buffers[1] else 0
        node.buffers.append(ctypes.string_at(pointers[2], size) if pointers[2] else None)
    elif form in (b"vu", b"vz"):
        counts = ctypes.string_at(pointers[-1], 8 * variadic) if pointers[-1] else b""
        for pointer, size in zip(pointers[2:], struct.unpack(f"{variadic}q", counts), strict=False):
            node.buffers.append(ctypes.string_at(pointer, size) if pointer else b"")
        node.buffers.append(counts)
    node.flags = schema.flags
    pairs = zip(_pointers(schema.children, schema.n_children), _pointers(array.children, array.n_children), strict=True)
    node.children = [_taken(CSchema.from_address(s), CArray.from_address(a)) for s, a in pairs]
    if schema.dictionary:
        node.dictionary = _taken(CSchema.from_address(schema.dictionary), CArray.from_address(array.dictionary))
    return node


class Arena:
    """Memory between pages that cannot be touched."""

    def __init__(self, pages: int = 4096) -> None:
        self._map = mmap.mmap(-1, pages * PAGE)
        self._start, self._pages = ctypes.addressof(ctypes.c_char.from_buffer(self._map)), pages
        self.reset()

    def reset(self) -> None:
        """Forget all that was put in."""
        self._next, self._keys = 0, dict[int, list[int]]()
        self.forbid()

    def forbid(self) -> None:
        """Let all that is in it be touched no more."""
        self._protect(0, self._pages, 0)

    def _protect(self, first: int, count: int, how: int) -> None:
        if _libc.mprotect(self._start + first * PAGE, count * PAGE, how) != 0:
            raise OSError(ctypes.get_errno(), "mprotect")

    def put(self, data: bytes, *, at_end: bool = True) -> int:
        """Return the address of a copy that ends where its page does, or begins where its page does."""
        count = max(1, -(-len(data) // PAGE))
        if self._next + count + 1 > self._pages:
            raise MemoryError("the arena is full")
        first = self._next
        self._next += count + 1
        self._protect(first, count, _READ_WRITE)
        address = self._start + first * PAGE
        if at_end:
            address += count * PAGE - len(data)
        ctypes.memmove(address, data, len(data))
        return address

    def nowhere(self) -> int:
        """Return an address that cannot be touched."""
        return self._start + self._next * PAGE


@dataclass
class Built:
    """C structs that are alive until they are released."""

    arena: Arena
    act: Callable[[], None] | None = None
    #: How often each of the structs that were given away was released.
    released: dict[int, int] = field(default_factory=dict)
    forgets: bool = False
    kept: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._release = {kind: RELEASE(self._released(kind)) for kind in (CSchema, CArray, CStream)}

    def _released(self, kind: type) -> Callable[[int], None]:
        def release(address: int) -> None:
            at = ctypes.c_void_p.from_address(address + _AT_RELEASE[kind])
            number = ctypes.c_int64.from_address(address + ctypes.sizeof(kind) - 8).value
            self.released[number] = self.released.get(number, 0) + 1
            if not self.forgets:
                at.value = None
            if self.act:
                self.act()

        return release

    def own(self, made: Any) -> Any:
        """Let a struct that is given away be released."""
        self.kept.append(made)
        made.private_data = len(self.kept)
        made.release = ctypes.cast(self._release[type(made)], ctypes.c_void_p).value
        self.released[made.private_data] = 0
        return made

    def schema(self, node: Node) -> CSchema:
        made = CSchema()
        spoiled = node.spoiled
        made.format = None if node.format is None else self.arena.put(node.format + b"\0")
        made.name = None if node.name is None else self.arena.put(node.name + b"\0")
        made.metadata = self.arena.nowhere() if "metadata" in spoiled else None  # is not for us to read
        made.flags = node.flags
        count = len(node.children) if node.schema_children is None else node.schema_children
        made.n_children = count
        made.children = self._pointers([child and self.schema(child) for child in node.children], node, "schema")
        if node.dictionary is not None and "no schema dictionary" not in spoiled:
            made.dictionary = ctypes.addressof(self._kept(self.schema(node.dictionary)))
        made.release = None if "schema released" in spoiled else 1  # of a child it is never called
        return made

    def array(self, node: Node) -> CArray:
        made = CArray()
        spoiled = node.spoiled
        made.length, made.offset, made.null_count = node.length, node.offset, node.null_count
        made.n_buffers = len(node.buffers) if node.n_buffers is None else node.n_buffers
        pointers = [None if b is None else self.arena.put(b, at_end="first" not in spoiled) for b in node.buffers]
        pointers += [None] * max(0, min(16, made.n_buffers) - len(pointers))
        made.buffers = self._array(pointers)
        if "no buffers" in spoiled:
            made.buffers = None
        elif "buffers misplaced" in spoiled:
            made.buffers += 1
        made.n_children = len(node.children) if node.array_children is None else node.array_children
        made.children = self._pointers([child and self.array(child) for child in node.children], node, "array")
        if node.dictionary is not None and "no array dictionary" not in spoiled:
            made.dictionary = ctypes.addressof(self._kept(self.array(node.dictionary)))
        made.release = None if "array released" in spoiled else 1
        return made

    def _kept(self, made: Any) -> Any:
        self.kept.append(made)
        return made

    def _array(self, pointers: list[int | None]) -> int:
        return ctypes.addressof(self._kept((ctypes.c_void_p * (len(pointers) + 2))(*pointers)))

    def _pointers(self, children: list[Any], node: Node, which: str) -> int | None:
        if f"no {which} children" in node.spoiled:
            return None
        pointers = [None if child is None else ctypes.addressof(self._kept(child)) for child in children]
        if f"{which} child misplaced" in node.spoiled:
            pointers = [pointer and pointer + 4 for pointer in pointers]
        return self._array(pointers)


def capsule(made: Any, name: bytes) -> Any:
    """Return a capsule, which does not release what nobody took out of it."""
    return _capsule(ctypes.addressof(made), name, None)
