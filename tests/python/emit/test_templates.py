"""The Jinja environment."""

from __future__ import annotations

import pytest
from jinja2 import TemplateAssertionError, UndefinedError

from hgvalue_gen.emit import templates


def _render(source: str, **values: object) -> str:
    return templates._environment().from_string(source).render(values)


def test_assert_passes() -> None:
    assert _render('{% assert x > 1, "too small" %}ok', x=2) == "ok"


def test_assert_stops_generation() -> None:
    with pytest.raises(TemplateAssertionError, match="too small"):
        _render('{% assert x > 1, "too small" %}ok', x=1)


def test_undefined_names_are_errors() -> None:
    with pytest.raises(UndefinedError):
        _render("{{ nothing }}")


def test_nothing_is_escaped_for_html() -> None:
    assert _render("{{ text }}", text="a<b>&") == "a<b>&"
