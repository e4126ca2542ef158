from __future__ import annotations

import re
import tomllib
from pathlib import Path

import hgvalue_gen

ROOT = Path(__file__).parents[3]


def test_both_distributions_have_one_version() -> None:
    generator = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    runtime = tomllib.loads((ROOT / "runtime" / "pyproject.toml").read_text())["project"]
    cmake = re.search(r"project\(hgvalue VERSION (\S+)", (ROOT / "runtime" / "CMakeLists.txt").read_text())
    assert cmake is not None
    assert {generator["version"], runtime["version"], cmake[1]} == {hgvalue_gen.__version__}
    assert f"hgvalue=={hgvalue_gen.__version__}" in generator["dependencies"]


def test_the_top_package_offers_what_it_says() -> None:
    assert all(getattr(hgvalue_gen, name) is not None for name in hgvalue_gen.__all__)
    assert not hasattr(hgvalue_gen, "no_such_name")
