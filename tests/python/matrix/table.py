"""The table: for each layout, route and kind the number of checks that passed and of refusals that were checked."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from types import ModuleType

from hgvalue import HgValueError

from .kinds import HOLDERS, Holder, pairs, refused, schema
from .routes import LAYOUTS, ROUTES, subject

Cells = dict[str, str]


def load_all(load: Callable[[str, str, str], ModuleType]) -> dict[str, ModuleType]:
    """Return the package of every pair on both backends."""
    return {backend: load(schema(), "matrix_values", backend) for backend in ("compiled", "dynamic")}


def column(layout: str, modules: Mapping[str, ModuleType], holder: Holder) -> tuple[Cells, list[str]]:
    """Go through all routes for one kind around every other: return a cell for each route, and what failed."""
    passed = dict.fromkeys(ROUTES, 0)
    refusals = dict.fromkeys(ROUTES, len(refused(holder)))
    failures = []
    for kind in pairs(holder):
        made = subject(layout, modules, holder, kind)
        for name, (route, by_bytes) in ROUTES.items():
            where = f"{layout}, {name}: {holder.name} of {kind.name}"
            try:
                if by_bytes and not made.has_bytes:
                    _check_refused(lambda route=route, made=made: route(made))
                    refusals[name] += 1
                else:
                    route(made)
                    passed[name] += 1
            except Exception:
                failures.append(f"{where}: {traceback.format_exc(limit=-3)}")
    cells = {name: f"{passed[name]}" + (f"+{refusals[name]}r" if refusals[name] else "") for name in ROUTES}
    total = len(pairs(holder)) + len(refused(holder))
    for name in ROUTES:
        if passed[name] + refusals[name] != total and not failures:
            failures.append(f"{layout}, {name}: {holder.name} has an empty cell")
    return cells, failures


def _check_refused(call: Callable[[], None]) -> None:
    """Check that an object, which has no bytes, is refused by an error of ours that is a TypeError."""
    try:
        call()
    except TypeError as error:
        assert isinstance(error, HgValueError)
        assert "object" in str(error)
    else:
        raise AssertionError("bytes were made of Python objects")


def render(columns: Mapping[tuple[str, str], Cells]) -> str:
    """Return the tables, one for each layout."""
    lines = []
    for layout in LAYOUTS:
        lines.append(f"{layout} (checks passed + refusals checked, r)")
        lines.append(f"{'':14}" + "".join(f"{holder.name:>10}" for holder in HOLDERS))
        for name in ROUTES:
            cells = (columns.get((layout, holder.name), {}).get(name, "?") for holder in HOLDERS)
            lines.append(f"{name:14}" + "".join(f"{cell:>10}" for cell in cells))
        lines.append("")
    return "\n".join(lines)
