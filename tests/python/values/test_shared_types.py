"""Packages that were built separately and declare the same types exchange their values."""

from __future__ import annotations

import copy
import pickle
import sys
from pathlib import Path
from types import ModuleType

import pytest

import hgvalue
from hgvalue_gen import load

COMMON = """
class Side(Enum):
    BUY = 0
    SELL = 1

class Instrument(CompoundScalar):
    symbol: str
    tags: tuple[str, ...] = ()

class Fill(CompoundScalar):
    instrument: Instrument
    side: Side = Side.BUY
    prices: list[float] = []
"""
ORDERS = """
from common import Fill
type Last = TS[Fill]
"""
RISK = """
from common import Instrument, Fill
type Exposure = TSD[Instrument, TS[Fill]]
"""
#: The same name with other content.
OTHER_COMMON = COMMON.replace("prices: list[float] = []", "prices: list[int] = []")


def _build(folder: Path, name: str, text: str, common: str, backend: str) -> ModuleType:
    folder.mkdir()
    (folder / "common.hgt").write_text(common)
    (folder / f"{name}.hgt").write_text(text)
    return load(folder / f"{name}.hgt", backend=backend)


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory, backend: str) -> tuple[ModuleType, ModuleType, ModuleType]:
    folder = tmp_path_factory.mktemp("shared")
    return (
        _build(folder / "one", "orders_of_two", ORDERS, COMMON, backend),
        _build(folder / "two", "risk_of_two", RISK, COMMON, backend),
        _build(folder / "three", "other_orders", ORDERS, OTHER_COMMON, backend),
    )


def test_the_same_declaration_is_one_class(packages: tuple[ModuleType, ModuleType, ModuleType]) -> None:
    orders, risk, _ = packages
    assert orders is not risk
    assert orders.common is not risk.common
    for name in ("Side", "Instrument", "Fill"):
        assert getattr(orders.common, name) is getattr(risk.common, name)


def test_values_cross_without_conversion(packages: tuple[ModuleType, ModuleType, ModuleType]) -> None:
    orders, risk, _ = packages
    instrument = risk.common.Instrument(symbol="AAPL", tags=("x",))
    fill = orders.common.Fill(instrument=instrument, side=risk.common.Side.SELL, prices=[1.0, 2.5])
    last, exposure = orders.Last(), risk.Exposure()
    last.advance(1)
    exposure.advance(1)
    last.value = fill
    exposure[instrument] = last.value
    assert exposure.value == {instrument: fill}
    exposure.advance(2)
    exposure.apply_result({last.value.instrument: fill.replace(prices=[3.0])})
    last.value = exposure[instrument].value
    assert last.value.prices == [3.0]
    assert type(last.value) is type(fill)


def test_another_content_is_another_class(packages: tuple[ModuleType, ModuleType, ModuleType]) -> None:
    orders, _, other = packages
    assert orders.common.Fill is not other.common.Fill
    assert orders.common.Instrument is other.common.Instrument
    assert orders.common.Side is other.common.Side
    last = other.Last()
    last.advance(1)
    instrument = orders.common.Instrument(symbol="AAPL")
    with pytest.raises(TypeError, match="prices"):
        last.value = orders.common.Fill(instrument=instrument, prices=[1.5])
    assert not last.valid
    last.value = other.common.Fill(instrument=instrument, prices=[1])
    assert last.value.instrument == instrument


def test_shared_classes_copy_and_pickle(packages: tuple[ModuleType, ModuleType, ModuleType]) -> None:
    orders, risk, _ = packages
    instrument = risk.common.Instrument(symbol="MSFT")
    fill = orders.common.Fill(instrument=instrument)
    assert pickle.loads(pickle.dumps(fill)) == fill
    assert copy.deepcopy(fill) == fill
    assert sys.modules[type(fill).__module__].Fill is orders.common.Fill


@pytest.mark.row("G-07")
def test_one_registry_for_all_packages(packages: tuple[ModuleType, ModuleType, ModuleType]) -> None:
    orders, risk, other = packages
    fills = {
        "one": hgvalue.view(orders.Last()).schema,
        "two": hgvalue.view(risk.common.Fill(instrument=risk.common.Instrument(symbol="x"))).schema,
        "named": hgvalue.TypeMeta.from_python_type(risk.common.Fill),
    }
    assert len({fill.fingerprint for fill in fills.values()}) == 1
    assert fills["one"] == fills["two"] == fills["named"]
    prices = [hgvalue.view(m.common.Fill(instrument=m.common.Instrument(symbol="x")))["prices"] for m in (orders, risk)]
    registered = hgvalue.TypeRegistry.list(float)
    assert {hgvalue.TypeMeta.from_python_type(list[float]).address, registered.address} == {registered.address}
    assert all(view.schema == registered for view in prices)
    assert hgvalue.TypeMeta.from_python_type(other.common.Fill) != fills["named"]
    with pytest.raises(hgvalue.AmbiguousTypeError, match=r"common\.Fill"):
        hgvalue.TypeMeta.get("common.Fill")
