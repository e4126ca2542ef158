"""The Jinja environment: strict, and with an ``assert`` tag, so that templates can state what they rely on."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateAssertionError, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

import hgvalue_gen


class AssertTag(Extension):
    """``{% assert condition, "reason" %}``: stops generation, naming template and line, when the condition fails."""

    tags = {"assert"}  # noqa: RUF012 - declared by the base class

    def parse(self, parser: Parser) -> nodes.Node:
        """Turn the tag into a call that is made only when the condition is false."""
        lineno = next(parser.stream).lineno
        condition = parser.parse_expression()
        parser.stream.expect("comma")
        reason = parser.parse_expression()
        arguments: list[nodes.Expr] = [reason, nodes.Const(lineno), nodes.Const(parser.name)]
        failure = nodes.ExprStmt(self.call_method("_fail", arguments), lineno=lineno)
        return nodes.If(nodes.Not(condition), [failure], [], [], lineno=lineno)

    def _fail(self, reason: str, lineno: int, name: str | None) -> NoReturn:
        raise TemplateAssertionError(reason, lineno, name)


def render(template: str, values: Mapping[str, Any]) -> str:
    """Fill in one template, named by its path below ``templates/``."""
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_folder(), encoding="utf-8"),
        extensions=[AssertTag],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        auto_reload=False,  # no look at the file for each of a hundred thousand inclusions
    )


def _folder() -> str:
    """Return the folder of the templates: part of an installed package, beside it in the source tree."""
    package = Path(hgvalue_gen.__file__).parent
    for base in [*map(Path, hgvalue_gen.__path__), package.parents[1]]:
        if (base / "templates" / "cpp").is_dir():
            return str(base / "templates")
    raise FileNotFoundError(
        f"hgvalue-gen is installed without its templates (looked in {package}); reinstall hgvalue-gen"
    )
