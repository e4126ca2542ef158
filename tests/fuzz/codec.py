"""Mutated bytes of values and deltas: what is accepted is the encoding of what it gave, on both backends alike."""

from __future__ import annotations

from contextlib import suppress
from random import Random
from typing import Any

import hgvalue
from hgvalue import DecodeError, Delta, Value

from .forms import form, metas, schemas, some_type
from .harness import run, saw

#: Bytes before what is a value's own: magic, version, kind, fingerprint.
HEADER = 13
MUTATIONS = 400


def _table() -> list[int]:
    table = []
    for i in range(256):
        for _ in range(8):
            i = i >> 1 ^ (0x82F63B78 if i & 1 else 0)
        table.append(i)
    return table


TABLE = _table()


def checksum(data: bytes) -> bytes:
    """Return the CRC-32C that encodings end with."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ TABLE[(crc ^ byte) & 255]
    return (crc ^ 0xFFFFFFFF).to_bytes(4, "little")


def mutated(random: Random, data: bytes) -> bytes:
    """Return other bytes: the header stays, the checksum is right."""
    body = bytearray(data[HEADER:-4])
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        at = random.randrange(len(body) + 1)
        match random.randrange(6):
            case 0 if at < len(body):
                body[at] ^= 1 << random.randrange(8)
            case 1 if at < len(body):
                body[at] = random.choice((0, 1, 2, 3, 127, 128, 255, random.randrange(256)))
            case 2:
                body.insert(at, random.choice((0, 1, 2, 128, random.randrange(256))))
            case 3 if at < len(body):
                del body[at : at + random.randint(1, 3)]
            case 4:
                end = min(len(body), at + random.randint(1, 8))
                body[at:at] = body[at:end]
            case _:
                if at < len(body):
                    body[at] = (body[at] + random.choice((-1, 1))) & 255
    head = data[:HEADER] + bytes(body)
    return head + checksum(head)


def check(decode: Any, data: bytes) -> Any:
    """Return what the bytes give, or None if they are refused; wrong is whatever is neither refused nor canonical."""
    try:
        found = decode(data)
    except DecodeError as error:
        saw(error)
        return None
    again = found.encode()
    saw(again)
    assert again == data, f"{data.hex()} gives {found!r}, which is {again.hex()}"
    return found


def _samples(random: Random, type_: Any) -> tuple[Value, Value]:
    meta = Delta(type_).schema
    return Value(meta, form(random, meta)), Value(meta, form(random, meta))


def play(random: Random, backend: str) -> int:
    """Change bytes of values and deltas at random places and decode them."""
    type_: Any = random.choice(schemas(backend)) if random.random() < 0.3 else some_type(random, own=metas(backend))
    one, two = _samples(random, type_)
    change = hgvalue.diff(one, two)
    undo = hgvalue.invert(change, one)
    assert hgvalue.apply(change, one) == two
    for made in (change, undo, Delta(one.schema, change.to_python())):
        saw(made.encode())
        assert check(Delta.decode, made.encode()) == made
    value, delta = one.encode(), random.choice((change, undo)).encode()
    generated = type_ if isinstance(type_, type) else None
    for _ in range(MUTATIONS // 2):
        data = mutated(random, value)
        found = check(Value.decode, data)
        if generated is not None:
            typed = check(generated.decode, data)
            assert (typed is None) == (found is None)
        accepted = check(Delta.decode, mutated(random, delta))
        if accepted is not None:
            with suppress(hgvalue.HgValueError):
                saw(hgvalue.apply(accepted, one))
            saw(repr(accepted))
    return MUTATIONS


run(__name__, play)
