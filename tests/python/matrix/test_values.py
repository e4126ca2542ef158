"""Every route of every kind in every kind, in each layout: the table is printed at the end of the run."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest

from hgvalue_gen.diagnostics import Reporter
from hgvalue_gen.schema import compile_text

from ..model.generated import load
from .kinds import DECLARED, HOLDERS, Holder, Kind, refused
from .routes import LAYOUTS, ROUTES
from .table import column, load_all


@pytest.fixture(scope="module")
def modules() -> dict[str, ModuleType]:
    return load_all(load)


@pytest.mark.compile
@pytest.mark.parametrize("holder", HOLDERS, ids=lambda holder: holder.name)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_all_routes(
    modules: dict[str, ModuleType], layout: str, holder: Holder, record_property: Callable[[str, object], None]
) -> None:
    cells, failures = column(layout, modules, holder)
    record_property("matrix", [layout, holder.name, cells])
    assert not failures, "\n".join(failures[:5])
    assert list(cells) == list(ROUTES)


@pytest.mark.parametrize(
    ("holder", "kind"),
    [(holder, kind) for holder in HOLDERS for kind in refused(holder)],
    ids=lambda part: part.name,
)
def test_what_no_schema_can_say(holder: Holder, kind: Kind) -> None:
    """The cells that stand for a refusal: a key without a hash."""
    reporter = Reporter()
    text = f"{DECLARED}\nclass Box{kind.name}(CompoundScalar):\n    x: {kind.spelling}\n"
    assert compile_text(f"{text}\nclass S(CompoundScalar):\n    x: {holder.around(kind)}\n", reporter=reporter) is None
    assert {found.code for found in reporter.diagnostics} == {"HGT012"}
