"""Arrow streams that give a node in pieces, fail at any point, or change what they gave before."""

from __future__ import annotations

import ctypes
from random import Random
from typing import Any

from .arrow_structs import (
    GET_ERROR,
    GET_NEXT,
    GET_SCHEMA,
    STREAM_NAME,
    Built,
    CArray,
    CStream,
    Node,
    capsule,
)

ERRORS = (1, 5, 12, 22, -1, 2**31 - 1)
WORDS = (None, b"", b"it broke", b"\xff\xfe", b"%s%n", b"long " * 200)


class Given:
    """What speaks Arrow by a stream."""

    def __init__(self, made: Any) -> None:
        self._capsule = capsule(made, STREAM_NAME)

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self._capsule


def _pieces(random: Random, node: Node) -> list[Node]:
    """Return slices of an array that together are the array."""
    at, made = 0, []
    while at < node.length or (random.random() < 0.2 and len(made) < 9):
        count = min(random.randrange(4), node.length - at)
        piece = node.copy()
        piece.offset, piece.length = node.offset + at, count
        if node.null_count != 0:
            piece.null_count = -1
        made.append(piece)
        at += count
    return made


def stream(random: Random, built: Built, node: Node, *, changed: bool, fails: bool) -> tuple[Given, bool]:
    """Return an object that gives the node, and whether it must be refused."""
    given_pieces = [node] if changed or random.random() < 0.5 else _pieces(random, node)
    arrays = [built.own(built.array(piece)) for piece in given_pieces]
    schema = built.own(built.schema(node))
    for name, made in [("schema released", schema), *(("array released", array) for array in arrays)]:
        if name in node.spoiled:
            made.release = None
    given: list[int] = []
    words = random.choice(WORDS)
    text = None if words is None else built.arena.put(words + b"\0")
    fault = (
        random.choice(("schema", "schema filled", "next", "next filled", "raise", "change", "null")) if fails else ""
    )
    last = random.randrange(len(arrays) + 1)  # where it fails

    def move(made: Any, to: Any) -> None:
        ctypes.memmove(to, ctypes.addressof(made), ctypes.sizeof(made))
        made.release = None

    def get_schema(_: Any, to: Any) -> int:
        if fault == "schema":
            return random.choice(ERRORS)
        if fault == "schema filled":  # is not to be released, nor looked at
            to[0].format, to[0].release = built.arena.nowhere(), 1
            return random.choice(ERRORS)
        move(schema, to)
        return 0

    def get_next(_: Any, to: Any) -> int:
        number = len(given)
        given.append(ctypes.addressof(to[0]))
        if number == last:
            if fault == "next":
                return random.choice(ERRORS)
            if fault == "next filled":
                to[0].release = 1
                return random.choice(ERRORS)
            if fault == "raise":
                raise RuntimeError("of a callback")
            if fault == "change" and number:  # the struct moved to where the consumer has it
                before = CArray.from_address(random.choice(given[:-1]))
                before.length, before.offset = random.choice((-1, 2**62)), random.choice((0, -5))
        if number < len(arrays):
            move(arrays[number], to)
        else:
            to[0].release = None
        return 0

    callbacks = [GET_SCHEMA(get_schema), GET_NEXT(get_next), GET_ERROR(lambda _: text)]
    built.kept.append(callbacks)
    pointers = [ctypes.cast(callback, ctypes.c_void_p).value for callback in callbacks]
    made = built.own(CStream())
    made.get_schema, made.get_next, made.get_last_error = pointers
    if fault == "null":
        setattr(made, random.choice(("get_schema", "get_next")), None)
    elif random.random() < 0.2:
        made.get_last_error = None
    refused = fault in ("schema", "schema filled", "next", "next filled", "null")
    return Given(made), refused or (fault == "change" and 0 < last <= len(arrays))
