"""Every route of a time series of every kind in every kind, in each layout."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from ..model.generated import load
from .series import HOLDERS, KINDS, LAYOUTS, ROUTES, schema, subject


@pytest.fixture(scope="module")
def modules() -> dict[str, ModuleType]:
    return {backend: load(schema(), "matrix_series", backend) for backend in ("compiled", "dynamic")}


@pytest.mark.compile
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("holder", [*HOLDERS, "REF"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_all_routes(
    modules: dict[str, ModuleType],
    layout: str,
    holder: str,
    kind: str,
    record_property: Callable[[str, object], None],
) -> None:
    made = subject(layout, modules, holder, kind)
    failures = []
    for name, route in ROUTES.items():
        try:
            route(made)
        except Exception as error:
            failures.append(f"{name}: {type(error).__name__}: {error}")
    record_property("series", [layout, holder, kind, f"{len(ROUTES) - len(failures)}"])
    assert not failures, "\n".join(failures)


def _tables(source: Any) -> list[Any]:
    """Return the columns of a dict as each kind of table."""
    table = source.to_arrow()
    tables = [table]
    if hasattr(table, "to_pydict"):
        tables.append(table.to_pydict())
        if importlib.util.find_spec("pandas"):
            tables.append(table.to_pandas())
    return tables


@pytest.mark.compile
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_columns(modules: dict[str, ModuleType], layout: str, kind: str) -> None:
    """A dict of single values or of bundles goes out and in by columns; any other says that it has none."""
    made = subject(layout, modules, "TSD", kind)
    source = made.leader[f"f{kind}"]
    if kind not in ("TS", "TSB"):
        with pytest.raises(TypeError, match="has no columns"):
            source.to_arrow()
        with pytest.raises(TypeError, match="has no columns"):
            made.follower(2)[f"f{kind}"].update_columns(["k"], [1])
        return
    for table in _tables(source):
        follower = made.follower(2)
        follower[f"f{kind}"].update_columns(table)
        made.check(follower, 1)
