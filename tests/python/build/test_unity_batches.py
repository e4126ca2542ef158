"""The sorting of sources into batches that are compiled as one file: names must mean what they mean in each alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

RUNTIME = Path(__file__).parents[3] / "runtime"
SCRIPT = RUNTIME / "cmake" / "unity_batches.py"

HELPER = (
    "namespace a {\nnamespace {\nint helper(int x) { return x; }\n} // namespace\nint %s() { return helper(1); }\n}\n"
)


def batches(folder: Path, **sources: str) -> list[set[str]]:
    """Return the names of the sources that share a batch, for each batch of more than one."""
    for name, text in sources.items():
        (folder / f"{name}.cpp").write_text(text, "utf-8")
    return run([str(folder / f"{name}.cpp") for name in sources])


def run(paths: list[str]) -> list[set[str]]:
    command = [sys.executable, str(SCRIPT), *paths]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, set[str]] = {}
    for line in said.splitlines():
        number, path = line.split(";")
        found.setdefault(number, set()).add(Path(path).stem)
    return list(found.values())


def test_sources_without_a_common_name_share_a_batch(tmp_path: Path) -> None:
    assert batches(tmp_path, one=HELPER % "f", two="int g() { return 2; }\n") == [{"one", "two"}]


@pytest.mark.parametrize(
    "other",
    [
        HELPER % "g",
        "static int helper() { return 2; }\n",
        "namespace {\nstruct helper {\n    int x;\n};\n} // namespace\n",
        "namespace {\n[[maybe_unused]] constexpr int helper[] = {1};\n} // namespace\n",
        "namespace {\nnamespace helper {\nint x;\n} // namespace helper\n} // namespace\n",
        # Another function of that name, which the one of the other source would hide or overload.
        "long helper(long);\nlong g() { return helper(2); }\n",
        "int g() { return helper::x; }\n",
    ],
)
def test_a_name_of_one_source_keeps_the_other_apart(tmp_path: Path, other: str) -> None:
    assert batches(tmp_path, one=HELPER % "f", two=other) == []


@pytest.mark.parametrize(
    "other",
    ["int g(T& t) { return t.helper() + T::helper(); }\n", "// helper() helps\n", 'auto x = "helper(";\n'],
)
def test_members_comments_and_texts_are_not_names(tmp_path: Path, other: str) -> None:
    assert batches(tmp_path, one=HELPER % "f", two=other) == [{"one", "two"}]


def test_a_name_that_a_header_declares_keeps_apart_who_includes_it(tmp_path: Path) -> None:
    (tmp_path / "inner.hpp").write_text("long helper(long);\n", "utf-8")
    (tmp_path / "outer.hpp").write_text('#include "inner.hpp"\n', "utf-8")
    assert batches(tmp_path, one=HELPER % "f", two='#include "outer.hpp"\n') == []


def test_a_name_after_the_end_of_the_anonymous_namespace_is_not_its_own(tmp_path: Path) -> None:
    assert batches(
        tmp_path, one="namespace {\n} // namespace\nint helper();\n", two="int g() { return helper(); }\n"
    ) == [{"one", "two"}]


@pytest.mark.parametrize(
    ("leak", "alone"),
    [
        ("using namespace std;\n", True),
        ("#define LIMIT 3\n", True),
        ("#define LIMIT 3\n#undef LIMITS\n", True),
        ("#define LIMIT 3\nint x = LIMIT;\n#undef LIMIT\n", False),
    ],
)
def test_what_reaches_into_the_next_source_is_compiled_alone(tmp_path: Path, leak: str, alone: bool) -> None:
    assert batches(tmp_path, one=leak, two="int g();\n") == ([] if alone else [{"one", "two"}])


@pytest.mark.parametrize("part", ["python", "value", "time_series", "delta", "types"])
def test_sources_of_the_runtime_share_batches(part: str) -> None:
    paths = sorted(map(str, (RUNTIME / "src" / part).glob("*.cpp")))
    assert sum(map(len, run(paths))) > len(paths) // 2
