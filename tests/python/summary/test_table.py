"""The table at the end of a test run, and that a suite which must run cannot be missing from a green one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parents[2] / "conftest.py"
TESTS = {
    "one/test_a.py": "import pytest\ndef test_x(): pass\ndef test_y(): pass\ndef test_z(): pytest.skip('why')\n",
    "cpp/test_c.py": "import pytest\n\ndef test_x(): pass\n",
    "conformance/test_d.py": "import pytest\n@pytest.fixture\ndef f(): pytest.skip('no files')\ndef test_x(f): pass\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small test tree with our conftest."""
    for name, text in TESTS.items():
        path = tmp_path / "tests" / "python" / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
    shutil.copy(CONFTEST, tmp_path / "tests" / "conftest.py")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib\n")
    return tmp_path


def _run(project: Path, required: str, *options: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"HGVALUE_REQUIRE": required}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)


def _row(output: str, suite: str) -> list[int]:
    (line,) = [line for line in output.splitlines() if line.startswith(f"{suite} ")]
    return [int(word) for word in line.split()[1:]]


def test_counts_each_suite(project: Path) -> None:
    result = _run(project, "")
    assert result.returncode == 0
    assert _row(result.stdout, "one") == [2, 2, 0, 1]
    assert _row(result.stdout, "cpp") == [1, 1, 0, 0]
    assert _row(result.stdout, "conformance") == [0, 0, 0, 1]
    assert result.stdout.splitlines()[-1].startswith("3 passed, 2 skipped")


def test_failures_and_errors_count_once(project: Path) -> None:
    (project / "tests/python/one/test_a.py").write_text(
        "import pytest\n@pytest.fixture\ndef f():\n    yield\n    1 / 0\n"
        "def test_x(f): pass\ndef test_y(f): assert False\ndef test_z(): pass\n"
    )
    result = _run(project, "")
    assert result.returncode == 1
    assert _row(result.stdout, "one") == [3, 1, 2, 0]


def test_what_is_required_and_ran_is_fine(project: Path) -> None:
    assert _run(project, "catch2").returncode == 0


@pytest.mark.parametrize(
    ("required", "said"),
    [
        ("conformance", "required but absent: conformance: no test of the suite 'conformance' passed"),
        ("catch2,conformance", "required but absent: conformance"),
        ("magic", "required but absent: magic: unknown requirement"),
    ],
)
def test_what_is_required_and_did_not_run_is_a_failure(project: Path, required: str, said: str) -> None:
    result = _run(project, required)
    assert result.returncode == 1
    assert said in result.stdout


def test_the_cpp_suite_may_skip_nothing(project: Path) -> None:
    path = project / "tests/python/cpp/test_c.py"
    path.write_text(path.read_text() + "def test_y(): pytest.skip('no sanitizer')\n")
    result = _run(project, "catch2")
    assert result.returncode == 1
    assert "catch2: tests of the suite 'cpp' were skipped" in result.stdout


def test_hgraph_may_not_be_absent_where_it_is_required(project: Path) -> None:
    (project / "tests/python/one/conftest.py").write_text("import sys\n\nsys.modules['hgraph'] = None\n")
    result = _run(project, "hgraph")
    assert result.returncode == 1
    assert "required but absent: hgraph: it is not installed" in result.stdout


def test_workers_are_counted_together(project: Path) -> None:
    alone, together = _run(project, "catch2"), _run(project, "catch2", "-n", "2")
    assert together.returncode == 0, together.stdout
    assert _row(together.stdout, "one") == _row(alone.stdout, "one")
    assert _row(together.stdout, "cpp") == _row(alone.stdout, "cpp")
    assert _run(project, "catch2,hgraph,nonsense", "-n", "2").returncode == 1


def test_the_longest_begin_first(project: Path) -> None:
    lines = _run(project, "", "--collect-only").stdout.splitlines()
    assert [line.split("/")[2] for line in lines if "::" in line] == ["cpp", "conformance", "one", "one", "one"]


def test_a_file_is_one_workers(project: Path) -> None:
    text = "import pytest\n@pytest.mark.parametrize('i', range(20))\ndef test_x(i, worker_id, tmp_path_factory):\n"
    text += "    (tmp_path_factory.getbasetemp().parent / 'seen').open('a').write(f'{__name__} {worker_id}\\n')\n"
    for name in ("a", "b"):
        (project / "tests/python/one" / f"test_{name}.py").write_text(text)
    base = project / "base"
    assert _run(project, "", "-n", "2", f"--basetemp={base}").returncode == 0
    seen = (base / "seen").read_text().splitlines()
    assert len(seen) == 40 and len(set(seen)) == 2
