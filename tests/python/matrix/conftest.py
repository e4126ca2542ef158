"""Prints the table of routes, layouts and kinds once its tests have run, in whatever process they did."""

from __future__ import annotations

import pytest

from .table import render


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    found = [
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name == "matrix"
    ]
    if found:
        terminalreporter.section("routes, layouts and kinds")
        terminalreporter.write_line(render({(layout, kind): cells for layout, kind, cells in found}))
