"""Ends every run with a table of what ran in each suite, and fails it if a suite that must run did not.

A suite is the first folder below ``tests/python``, or ``cpp`` and ``conformance``. The variable HGVALUE_REQUIRE
names what must be there, separated by commas: ``catch2`` (the C++ tests ran), ``clang`` (clang++ is installed),
``fuzz`` (likewise, and the fuzz targets ran over new inputs), ``conformance`` (conformance files were found and run),
``hgraph`` (it is installed, so that what is about it ran).
Continuous integration sets it, so that a missing tool cannot pass for a green run.

With pytest-xdist's ``-n auto``, each file is one worker's, and what takes longest begins first.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter, defaultdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

#: Tests draw the same examples in every run, so that none fails by luck. ``--hypothesis-profile=random`` draws others.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("random", derandomize=False, deadline=None)
settings.load_profile("fixed")

ROOT = Path(__file__).parent
PYTHON = ROOT / "python"
#: For each requirement, the suite that has to have passed tests.
SUITE_OF = {"catch2": "cpp", "conformance": "conformance"}
#: Suites in the order of what their longest file takes; the others follow in any order.
LONGEST = ("cpp", "fuzz", "emit", "model", "examples")


def suite_of(nodeid: str) -> str:
    """Return the suite of a test by its node id, such as ``tests/python/cli/test_options.py::test_jobs``."""
    parts = Path(nodeid.partition("::")[0]).parts
    for marker in ("python", "tests"):
        if marker in parts:
            rest = parts[parts.index(marker) + 1 :]
            return rest[0] if len(rest) > 1 else marker
    return "other"


class Tally:
    """Counts outcomes by suite; a test with subtests or an error in teardown still counts once."""

    def __init__(self) -> None:
        self.outcomes: dict[str, str] = {}

    def record(self, report: pytest.TestReport) -> None:
        """Take in one phase of a test; the worst one is what it counts as."""
        if report.outcome == "passed" and report.when != "call":
            return
        rank = {"passed": 0, "skipped": 1, "failed": 2}
        if rank[report.outcome] >= rank[self.outcomes.get(report.nodeid, "passed")]:
            self.outcomes[report.nodeid] = report.outcome

    def by_suite(self) -> dict[str, Counter[str]]:
        """Return the counts of each suite, in alphabetical order."""
        table: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for nodeid, outcome in self.outcomes.items():
            table[suite_of(nodeid)][outcome] += 1
        return dict(sorted(table.items()))

    def missing(self, required: list[str]) -> list[str]:
        """Return a sentence for each requirement that was not met."""
        table = self.by_suite()
        problems = []
        for name in required:
            if name in ("clang", "fuzz"):
                if shutil.which("clang++") is None:
                    problems.append(f"{name}: clang++ is not installed")
            elif name == "hgraph":
                if find_spec("hgraph") is None:
                    problems.append("hgraph: it is not installed")
            elif name not in SUITE_OF:
                problems.append(f"{name}: unknown requirement in HGVALUE_REQUIRE")
            elif not table.get(SUITE_OF[name], Counter())["passed"]:
                problems.append(f"{name}: no test of the suite '{SUITE_OF[name]}' passed")
            elif name == "catch2" and table["cpp"]["skipped"]:
                # These skip only for want of a tool; conformance cases may also be about what is not there yet.
                problems.append("catch2: tests of the suite 'cpp' were skipped")
        return problems


_tally = pytest.StashKey[Tally]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_tally] = Tally()
    config.pluginmanager.register(_Recorder(config.stash[_tally]), "hgvalue-tally")


class _Recorder:
    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._tally.record(report)


def _is_worker(config: pytest.Config) -> bool:
    """Tell whether this process is one of pytest-xdist's, which all report to one that counts."""
    return hasattr(config, "workerinput")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the longest begin first, so that no worker is left alone with them at the end."""
    rank = {suite: place for place, suite in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(suite_of(item.nodeid), len(rank)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each file to one worker, in the order of the items: a file's tests share what is made for them."""
    from xdist.scheduler import LoadFileScheduling

    config.option.loadscopereorder = False  # it would put files with many tests first, however short they are
    return LoadFileScheduling(config, log)


def _required() -> list[str]:
    return [name for name in os.environ.get("HGVALUE_REQUIRE", "").split(",") if name]


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if _is_worker(session.config):
        return
    if exitstatus == pytest.ExitCode.OK and session.config.stash[_tally].missing(_required()):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    tally = config.stash[_tally]
    terminalreporter.section("suites")
    terminalreporter.write_line(f"{'suite':16} {'run':>6} {'passed':>7} {'failed':>7} {'skipped':>8}")
    for suite, counts in tally.by_suite().items():
        run = counts["passed"] + counts["failed"]
        terminalreporter.write_line(
            f"{suite:16} {run:6} {counts['passed']:7} {counts['failed']:7} {counts['skipped']:8}"
        )
    for problem in tally.missing(_required()):
        terminalreporter.write_line(f"required but absent: {problem}", red=True)


@pytest.fixture(autouse=True, scope="session")
def _own_cache(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> object:
    """Keep build trees of the tests away from the user's; ccache, if there is one, is shared on purpose.

    Workers share one cache, so that a package which several of them load is compiled once.
    """
    base = tmp_path_factory.getbasetemp()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HGVALUE_GEN_CACHE", str((base.parent if _is_worker(request.config) else base) / "cache"))
        yield
