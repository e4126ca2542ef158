"""Classes of four fields, as other libraries make them. A library that is not installed has no class here."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

PEERS = ("msgspec", "atom", "csp")
"""The libraries compared, besides the standard library's dataclasses."""

FIELDS = {"symbol": "AAPL", "price": 101.5, "quantity": 300, "urgent": True}


@dataclass(frozen=True, slots=True)
class Peer:
    """One way to write the class `Order`."""

    name: str
    changing: Callable[..., Any]
    """The class whose attributes can be set."""
    frozen: Callable[..., Any] | None
    """The same, immutable and hashable; None where the library has no such thing."""
    to_dict: str | None
    """Expression that turns the object `order` into a dict; None where the library offers none."""
    names: dict[str, Any]
    """What that expression uses."""


def installed_peers() -> list[Peer]:
    """Return the peers that can be imported here."""
    peers = [_dataclass()]
    for make in (_msgspec, _atom, _csp):
        try:
            peers.append(make())
        except ImportError:
            continue
    return peers


def _dataclass() -> Peer:
    @dataclass(slots=True)
    class Order:
        symbol: str
        price: float
        quantity: int
        urgent: bool

    @dataclass(frozen=True, slots=True)
    class FrozenOrder:
        symbol: str
        price: float
        quantity: int
        urgent: bool

    return Peer("dataclass(slots)", Order, _findable(FrozenOrder), "asdict(order)", {"asdict": dataclasses.asdict})


def _msgspec() -> Peer:
    import msgspec

    fields = [("symbol", str), ("price", float), ("quantity", int), ("urgent", bool)]
    changing = msgspec.defstruct("Order", fields)
    frozen = msgspec.defstruct("MsgspecOrder", fields, frozen=True, module=__name__)
    return Peer("msgspec", changing, _findable(frozen), "asdict(order)", {"asdict": msgspec.structs.asdict})


def _atom() -> Peer:
    from atom.api import Atom, Bool, Float, Int, Str

    class AtomOrder(Atom):  # type: ignore[misc]
        symbol = Str()
        price = Float()
        quantity = Int()
        urgent = Bool()

    return Peer("atom", AtomOrder, None, None, {})


def _csp() -> Peer:
    import csp

    # Not a class statement: csp wants the types themselves, and annotations of this module are text.
    fields = {"symbol": str, "price": float, "quantity": int, "urgent": bool}
    order = type(csp.Struct)("CspOrder", (csp.Struct,), {"__annotations__": fields, "__module__": __name__})
    return Peer("csp", order, None, "order.to_dict()", {})


def _findable(cls: type) -> type:
    """Give the class a place where pickle finds it."""
    cls.__qualname__ = cls.__name__
    globals()[cls.__name__] = cls
    return cls
