"""Collecting, ordering and the form for programs."""

from __future__ import annotations

import json
import re

import pytest

from hgvalue_gen.diagnostics import CODES, Reporter, Source, Span, did_you_mean


def test_order_is_that_of_files_and_lines():
    reporter = Reporter()
    first, second = Source("first.hgt", "a b"), Source("second.hgt", "c")
    reporter.add_source(first)
    reporter.add_source(second)
    reporter.error("HGT010", "c", second.at(Span(0, 1)))
    reporter.error("HGT010", "b", first.at(Span(2, 3)))
    reporter.error("HGT010", "a", first.at(Span(0, 1)))
    reporter.error("HGT007", "no place")
    assert [diagnostic.message for diagnostic in reporter.diagnostics] == ["no place", "a", "b", "c"]


def test_repeated_errors_count_once():
    reporter = Reporter()
    source = Source("x.hgt", "a")
    for _ in range(2):
        reporter.error("HGT010", "a", source.at(Span(0, 1)))
    assert reporter.error_count == 1 and reporter.has_errors


def test_unregistered_codes_are_refused():
    with pytest.raises(KeyError):
        Reporter().error("HGT999", "message")


def test_codes_are_well_formed():
    for name, code in CODES.items():
        assert name == code.id and re.fullmatch(r"HGT\d{3}", name)
        assert code.title and code.explanation.endswith(".")


def test_json_lines(compiled):
    lines = compiled("type A = TS[flaot]\ntype A = TS[int]\n").reporter.render_json().splitlines()
    unknown, twice = map(json.loads, lines)
    assert (unknown["code"], unknown["severity"], unknown["file"]) == ("HGT010", "error", "schemas.hgt")
    assert (unknown["line"], unknown["column"], unknown["end_line"], unknown["end_column"]) == (1, 13, 1, 18)
    assert "`float`" in unknown["help"]
    assert twice["notes"] == [
        {
            "message": "first declared here",
            "file": "schemas.hgt",
            "line": 1,
            "column": 6,
            "end_line": 1,
            "end_column": 7,
        }
    ]


def test_json_without_a_place(project):
    made = json.loads(project({}, "missing.hgt").reporter.render_json())
    assert (made["file"], made["line"]) == ("missing.hgt", None)


def test_suggestions():
    assert did_you_mean("flaot", ["float", "int"]) == "did you mean `float`?"
    assert did_you_mean("STR", ["str"]) == "did you mean `str`?"
    assert did_you_mean("zzz", ["float"]) == ""
    assert did_you_mean("x" * 1_000_000, ["float"]) == ""
