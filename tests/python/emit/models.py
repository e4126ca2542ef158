"""Schemas built by hand, so that these tests need nothing of the front end."""

from __future__ import annotations

import re
from pathlib import Path

from hgvalue_gen.schema import model as m

FINGERPRINT = "0123456789abcdef"

#: Members that every bundle has in Python: fields of such a name are reached as items only.
STUB = Path(__file__).parents[3] / "runtime" / "python" / "hgvalue" / "_time_series.pyi"
NODE_MEMBERS = frozenset(re.findall(r"^    def (\w+)", STUB.read_text(encoding="utf-8"), re.MULTILINE))

BOOL, INT, FLOAT, STR = (m.Primitive(name) for name in ("bool", "int64", "float64", "str"))
INT32, FLOAT32, BYTES, OBJECT = (m.Primitive(name) for name in ("int32", "float32", "bytes", "object"))
DATE, TIME, DATETIME, TIMEDELTA = (m.Primitive(name) for name in ("date", "time", "datetime", "timedelta"))


def field(name: str, type: m.ScalarType, *default: m.DefaultValue, doc: str | None = None) -> m.StructField:
    """A field of a struct, with the default if one is given."""
    return m.StructField(name, type, bool(default), default[0] if default else None, doc)


def struct(name: str, *fields: m.StructField, module: str = "main", doc: str | None = None) -> m.StructType:
    """A struct; one without fields cannot be, so it gets one when none is given."""
    return m.StructType(module, name, fields or (field("x", INT),), doc)


def enum(name: str, module: str = "main", doc: str | None = None, **members: int) -> m.EnumType:
    return m.EnumType(module, name, tuple(members.items()), doc)


def bundle(name: str | None, module: str = "main", /, doc: str | None = None, **fields: m.TimeSeriesType) -> m.Bundle:
    children = tuple(m.BundleField(key, value, item_only=key in NODE_MEMBERS) for key, value in fields.items())
    return m.Bundle(module if name else "", name, children, doc)


def module(name: str, *declarations: m.Declaration, imports: tuple[str, ...] = (), **more: object) -> m.Module:
    text = f'"""{name}."""\n'
    return m.Module(name, declarations, imports, **{"text": text, **more})  # type: ignore[arg-type]


def schema(*modules: m.Module, main: tuple[str, ...] = ()) -> m.Schema:
    """A schema whose last module is the main one, unless told otherwise."""
    return m.Schema(modules, main or (modules[-1].name,), FINGERPRINT)


def one(*declarations: m.Declaration) -> m.Schema:
    """A schema of one file called ``main``."""
    return schema(module("main", *declarations))


def market() -> m.Schema:
    """Order books and trades, with a file of shared types."""
    side = enum("Side", "common", "Who asked for it.", BUY=1, SELL=-1)
    instrument = struct(
        "Instrument",
        field("symbol", STR),
        field("tick_size", FLOAT, 0.01),
        field("lot_size", INT, 1),
        field("expiry", m.OptionalType(DATE), None),
        module="common",
        doc="What is traded.",
    )
    common = module("common", side, instrument, doc="Shared types.")
    name = "market"
    trade = struct(
        "Trade", field("price", FLOAT), field("quantity", INT), field("side", side), field("at", DATETIME), module=name
    )
    level = bundle("Level", name, price=m.TS(FLOAT), quantity=m.TS(INT), orders=m.TS(INT32))
    depth = m.TSL(m.TSB(level), 10)
    book = bundle("Book", name, "One instrument's book.", bids=depth, asks=depth)
    quote = bundle("Quote", name, bid=m.TS(FLOAT), ask=m.TS(FLOAT), bid_size=m.TS(INT), ask_size=m.TS(INT))
    ticker = bundle(
        "Ticker",
        name,
        instrument=m.TS(instrument),
        quote=m.TSB(quote),
        book=m.TSB(book),
        last=m.TS(trade),
        closes=m.TSW(FLOAT, 30, 5),
        minute=m.TSW(FLOAT, m.timedelta_us(60_000_000), m.timedelta_us(0)),
        flags=m.TSS(STR),
    )
    roots = (
        m.Root("Market", m.TSD(STR, m.TSB(ticker))),
        m.Root("Quotes", m.TSD(STR, m.TSB(quote))),
        m.Root("Watchlist", m.TSS(STR)),
    )
    reexports = (("Instrument", "common", "Instrument"), ("Side", "common", "Side"))
    return schema(
        common,
        module(
            name, trade, level, book, quote, ticker, *roots, imports=("common",), reexports=reexports,
            doc="Order books and trades of many instruments.",
        ),
    )  # fmt: skip


def flights() -> m.Schema:
    """Flights and weather as they become known."""
    name = "flights"
    texts = dict.fromkeys(("carrier", "tail_number", "origin", "destination"), m.TS(STR))
    numbers = dict.fromkeys(("departure_delay", "arrival_delay", "air_time"), m.TS(FLOAT))
    flight = bundle("Flight", name, **texts, scheduled_departure=m.TS(DATETIME), **numbers, distance=m.TS(INT))
    weather = bundle("Weather", name, temperature=m.TS(FLOAT), last_day=m.TSW(FLOAT, 24, 3))
    boards = (m.Root("Board", m.TSD(STR, m.TSB(flight))), m.Root("Stations", m.TSD(STR, m.TSB(weather))))
    return schema(module(name, flight, weather, *boards))
