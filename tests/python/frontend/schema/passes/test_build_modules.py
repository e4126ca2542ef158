"""The finished schema."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "text", ["", "\n\n", "# nothing\n", "'''doc'''\n", "Price = float\n", "from hgraph import *\n"]
)
def test_nothing_declared(compiled, text):
    assert compiled(text).error.code == "HGT009"


def test_an_imported_file_may_declare_nothing(project):
    assert (
        project({"main.hgt": "import empty\ntype T = TS[int]\n", "empty.hgt": ""}).ok.module("empty").declarations == ()
    )


def test_a_schema_exists_only_without_errors(compiled):
    assert compiled("type T = TS[int]\ntype U = TS[nothing]\n").schema is None
