"""Prints the table of routes, layouts and kinds once its tests have run, in whatever process they did."""

from __future__ import annotations

from typing import Any

import pytest

from . import series
from .table import render


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    values = _recorded(terminalreporter, "matrix")
    if values:
        terminalreporter.section("routes, layouts and kinds")
        terminalreporter.write_line(render({(layout, kind): cells for layout, kind, cells in values}))
    found = _recorded(terminalreporter, "series")
    if found:
        terminalreporter.section("time series: the routes that passed")
        terminalreporter.write_line(
            series.render({(layout, holder, kind): cell for layout, holder, kind, cell in found})
        )


def _recorded(reporter: pytest.TerminalReporter, wanted: str) -> list[Any]:
    return [
        value
        for reports in reporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name == wanted
    ]
