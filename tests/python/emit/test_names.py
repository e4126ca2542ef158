"""Claiming names, and escaping them for C++."""

from __future__ import annotations

import re

import pytest

from hgvalue_gen.emit.cpp.identifiers import compound, identifier, is_reserved, namespace, unit_file
from hgvalue_gen.emit.cpp.reserved import GLOBALS, HANDLE_MEMBERS, HEADERS, KEYWORDS, MACROS
from hgvalue_gen.emit.names import Scope

from .nasty import AWKWARD


def test_a_free_name_is_given_as_it_is() -> None:
    assert Scope().claim("bid") == "bid"


def test_a_taken_name_gets_the_first_free_ending() -> None:
    scope = Scope(["x"])
    assert [scope.claim("x") for _ in range(3)] == ["x_", "x_3", "x_4"]


def test_an_underscore_is_not_doubled() -> None:
    assert Scope(["x_"]).claim("x_") == "x_2"


def test_names_that_need_no_escape_keep_theirs() -> None:
    assert Scope().claim_all(["int", "int_", "x"], identifier) == ["int_2", "int_", "x"]


@pytest.mark.parametrize(
    ("name", "escaped"),
    [
        ("price", "price"),
        ("_private", "_private"),
        ("class", "class_"),
        ("co_await", "co_await_"),
        ("and", "and_"),
        ("NULL", "NULL_"),
        ("INT64_MAX", "INT64_MAX_"),
        ("M_PI", "M_PI_"),
        ("std", "std_"),
        ("_Upper", "Upper_"),
        ("a__b", "a_b_"),
        ("__x", "_x_"),
        ("größe", "grU00F6U00DFe"),
        ("Reading[float]", "Reading_float"),
    ],
)
def test_identifiers(name: str, escaped: str) -> None:
    assert identifier(name) == escaped


@pytest.mark.parametrize("name", sorted(KEYWORDS | MACROS | set(AWKWARD)))
def test_escaped_names_are_free_for_use(name: str) -> None:
    escaped = identifier(name)
    assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", escaped)
    assert not is_reserved(escaped)
    assert identifier(escaped) == escaped


def test_compounds_have_no_double_underscore() -> None:
    assert compound("class_", "_fields") == "class_fields"


@pytest.mark.parametrize("name", ["clock", "index", "log", "link", "time"])
def test_namespaces_keep_clear_of_the_c_library(name: str) -> None:
    assert namespace(name) == f"{name}_"


@pytest.mark.parametrize(("name", "file"), [("market", "market"), ("geo.shapes", "geo_shapes"), ("time", "time_")])
def test_files_keep_clear_of_standard_headers(name: str, file: str) -> None:
    assert unit_file(name) == file


def test_tables_hold_words() -> None:
    for table in (KEYWORDS, MACROS, GLOBALS, HEADERS, HANDLE_MEMBERS):
        assert all(word.isidentifier() for word in table)
