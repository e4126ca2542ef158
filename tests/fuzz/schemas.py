"""Mutated schemas: each is refused with its place, or gives a package that is well formed and holds values."""

from __future__ import annotations

import faulthandler
import itertools
import json
import re
import sys
from random import Random
from typing import Literal

from hgvalue import CompoundScalar, Delta, Value
from hgvalue._dynamic import build_package
from hgvalue_gen.diagnostics import Diagnostic, Reporter, Source
from hgvalue_gen.emit import EmitError, emit_package
from hgvalue_gen.schema import Schema, compile_text, schema_to_json
from hgvalue_gen.syntax.parser import parse, parse_with_lark

from .forms import form
from .harness import run
from .schema_texts import mutated, texts

MUTANTS = 20
#: Function calls that checking may take: so many for each character, and for a text of any length.
CALLS_PER_CHARACTER = 400
CALLS = 300_000
#: Values of types with so many elements in place are not made.
LARGE = 1000
#: After so many seconds an input hangs.
PATIENCE = 60

_numbers = itertools.count()
#: Comments and literals of C++. What opens one and does not close it stays, and so unbalances the brackets.
_NO_CODE = re.compile(r"""//[^\n]*|/\*.*?\*/|(?<![0-9a-fA-F])'(?:[^'\\\n]|\\.)+'|"(?:[^"\\\n]|\\.)*\"""", re.DOTALL)
_BRACKETS = re.compile(r"[][(){}\"]")


def outcome(text: str) -> tuple[Schema | None, Reporter]:
    """Check a schema. It has an error exactly if there is no schema, and every error has its place in the text."""
    reporter = Reporter()
    schema = compile_text(text, reporter=reporter)
    assert (schema is None) == reporter.has_errors
    for diagnostic in reporter.diagnostics:
        _check_place(diagnostic)
    assert bool(reporter.render_text()) == reporter.has_errors
    for line in reporter.render_json().splitlines():
        record = json.loads(line)
        assert record["line"] is None or 1 <= record["line"] <= record["end_line"]
    return schema, reporter


def check_parsers(text: str) -> None:
    """See that plain statements are read as the grammar reads them, and all errors the same."""
    source = Source("mutant.hgt", text)
    quick, whole = Reporter(), Reporter()
    assert parse(source, quick) == parse_with_lark(source, whole)
    assert quick.diagnostics == whole.diagnostics


def _check_place(diagnostic: Diagnostic) -> None:
    assert diagnostic.message
    places = [diagnostic.location, *(note.location for note in diagnostic.notes if note.location)]
    for location in places:
        # Only the absence of any declaration has no place in the text.
        assert location is not None, diagnostic
        span, source = location.span, location.source
        if span is None:
            assert diagnostic.code == "HGT009", diagnostic
        else:
            assert 0 <= span.start <= span.end <= len(source.text), diagnostic


def counted(text: str) -> None:
    """Check a schema, and that it takes no more function calls than its length allows."""
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        compile_text(text, reporter=Reporter())
    finally:
        sys.setprofile(None)
    assert calls <= CALLS + CALLS_PER_CHARACTER * len(text), f"{calls} calls for {len(text)} characters"


def check_files(schema: Schema, backend: Literal["compiled", "dynamic"]) -> dict[str, str]:
    """Return the files of the package after looking at the form of each."""
    try:
        files = emit_package(schema, "mutant", backend)
    except EmitError as error:
        assert str(error)
        return {}
    for name, content in files.items():
        if name.endswith((".py", ".pyi")):
            compile(content, name, "exec")
        elif name.endswith(".json"):
            json.loads(content)
        else:
            _check_cpp(name, content)
    return files


def _check_cpp(name: str, text: str) -> None:
    """Check that brackets are balanced outside comments and literals, and that the rest is ASCII."""
    opened: list[str] = []
    pairs = {")": "(", "]": "[", "}": "{"}
    code = _NO_CODE.sub("", text)
    assert code.isascii(), name
    for bracket in _BRACKETS.findall(code):
        if bracket in pairs:
            assert opened and opened.pop() == pairs[bracket], name
        else:
            opened.append(bracket)
    assert not opened, name


def check_values(schema: Schema, random: Random) -> None:
    """Make the classes of a schema at run time, and see a value of each go out and come in again."""
    declarations = [each for module in schema.modules for each in module.declarations]
    if any(getattr(getattr(each, "type", each), "in_place", 0) > LARGE for each in declarations):
        return
    try:
        # Types are registered by module and name, for good: each mutant is a package of its own.
        files = emit_package(schema, f"mutant{next(_numbers)}", "dynamic")
    except EmitError:
        return
    for module in build_package(files["_dynamic.json"].encode()).values():
        for cls in vars(module).values():
            if isinstance(cls, type) and issubclass(cls, (CompoundScalar, Value)):
                meta = cls().schema if issubclass(cls, Value) else Delta(cls).schema
                made = Value(meta, form(random, meta))
                assert Value.decode(made.encode()) == made
                assert Value.from_json(meta, made.to_json()) == made


def play(random: Random, backend: str) -> int:
    """Change schemas at random places, check them, and make packages of those that pass."""
    text = random.choice(texts())
    for _ in range(MUTANTS):
        mutant = mutated(random, text)
        faulthandler.dump_traceback_later(PATIENCE, exit=True)
        schema, reporter = outcome(mutant)
        again, same = outcome(mutant)
        assert reporter.render_text() == same.render_text()
        if "\0" not in mutant:
            check_parsers(mutant)
        if random.random() < 0.05:
            counted(mutant)
        if schema is not None:
            assert again is not None
            assert schema.fingerprint == again.fingerprint
            assert schema_to_json(schema) == schema_to_json(again)
            check_files(schema, "compiled" if backend == "compiled" else "dynamic")
            if backend == "dynamic" and random.random() < 0.2:
                check_values(schema, random)
        faulthandler.cancel_dump_traceback_later()
    return MUTANTS


run(__name__, play)
