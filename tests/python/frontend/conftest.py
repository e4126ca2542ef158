"""Shared by the tests of the front end: compiling a text or a few files, and building models by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from hgvalue_gen.diagnostics import Diagnostic, Reporter
from hgvalue_gen.schema import Schema, compile_files, compile_text
from hgvalue_gen.schema import model as m


@dataclass(frozen=True)
class Outcome:
    """What came of one compilation."""

    schema: Schema | None
    reporter: Reporter

    @property
    def codes(self) -> list[str]:
        return [diagnostic.code for diagnostic in self.reporter.diagnostics]

    @property
    def ok(self) -> Schema:
        """The schema; fails the test with all messages if there is none."""
        assert self.schema is not None, self.reporter.render_text()
        return self.schema

    @property
    def error(self) -> Diagnostic:
        """The one error; fails the test if there is another number of them."""
        assert len(self.reporter.diagnostics) == 1, self.reporter.render_text() or "no errors"
        assert self.schema is None
        return self.reporter.diagnostics[0]

    @property
    def quoted(self) -> str:
        """The text that the one error is about."""
        location = self.error.location
        assert location is not None and location.span is not None
        return location.source.slice(location.span)

    def named(self, name: str) -> m.Declaration:
        return next(item for module in self.ok.modules for item in module.declarations if item.name == name)

    def struct(self, name: str) -> m.StructType:
        found = self.named(name)
        assert isinstance(found, m.StructType)
        return found

    def bundle(self, name: str) -> m.Bundle:
        found = self.named(name)
        assert isinstance(found, m.Bundle)
        return found

    def root(self, name: str) -> m.TimeSeriesType:
        found = self.named(name)
        assert isinstance(found, m.Root)
        return found.type


class Build:
    """Types of the model, in few words."""

    int = m.Primitive("int64")
    float = m.Primitive("float64")
    str = m.Primitive("str")

    @staticmethod
    def struct(name: str, **fields: m.ScalarType) -> m.StructType:
        return m.StructType("schemas", name, tuple(m.StructField(field, type) for field, type in fields.items()))

    @staticmethod
    def bundle(name: str | None, **fields: m.TimeSeriesType) -> m.Bundle:
        made = tuple(m.BundleField(field, type) for field, type in fields.items())
        return m.Bundle("schemas" if name else "", name, made)


@pytest.fixture
def build() -> type[Build]:
    return Build


@pytest.fixture
def compiled() -> Callable[[str], Outcome]:
    """Compile a text."""

    def run(text: str) -> Outcome:
        reporter = Reporter()
        return Outcome(compile_text(text, reporter=reporter), reporter)

    return run


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Outcome]:
    """Write files, by their relative paths, and compile one or several of them (by default ``main.hgt``)."""
    monkeypatch.chdir(tmp_path)

    def run(files: Mapping[str, str | bytes], *main: str, include: tuple[str, ...] = ()) -> Outcome:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        reporter = Reporter()
        inputs = [Path(name) for name in main or ("main.hgt",)]
        return Outcome(compile_files(inputs, [Path(name) for name in include], reporter=reporter), reporter)

    return run
