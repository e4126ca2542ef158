"""Packages whose classes are made without a compiler."""

from __future__ import annotations

import copy
import importlib
import json
import math
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import hgvalue
import hgvalue_gen
from hgvalue._dynamic import build_package as make_classes
from hgvalue_gen.build import BuildOptions, OutputError, UsageError, build_package, loader
from hgvalue_gen.build.package import Request, is_current, stale_outputs
from hgvalue_gen.emit import emit_package

from ..emit import golden, nasty

pytestmark = pytest.mark.row("G-08")

DYNAMIC = BuildOptions(backend="dynamic")
COMMON = '''"""What schemas share."""

class Side(Enum):
    """Who asks."""
    BUY = 1
    SELL = -1

class Venue(CompoundScalar):
    """Where."""
    name: str
    tags: tuple[str, ...] = ("open",)
'''
MARKET = '''"""Prices."""
from common import Side, Venue

class Trade(CompoundScalar):
    """A deal."""
    price: float
    # How many.
    size: int = 3
    side: Side = Side.SELL
    wait: timedelta = timedelta(seconds=2)
    venue: Venue | None = None

class Quote(TimeSeriesSchema):
    """Both sides."""
    bid: TS[float]
    last: TS[Trade]
    items: Annotated[TS[int], item_only]
    recent: TSW[float, timedelta(seconds=5)]
    both: TSB["low": TS[float], "high": TS[Venue]]

type Book = TSD[str, TSB[Quote]]
type Grid = TSL[TSL[TS[int], Size[40]], Size[2]]
type Sides = TSS[Side]
'''


@pytest.fixture
def market(tmp_path: Path) -> Path:
    """A schema that imports another."""
    (tmp_path / "common.hgt").write_text(COMMON)
    path = tmp_path / "market.hgt"
    path.write_text(MARKET)
    return path


@pytest.fixture
def no_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which no compiler, CMake or other program can be found."""
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    monkeypatch.delenv("CXX", raising=False)


@pytest.fixture
def importable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str], str], Any]:
    """Write the texts of a package and import it."""
    monkeypatch.syspath_prepend(str(tmp_path / "packages"))

    def put(texts: dict[str, str], name: str) -> Any:
        for file, text in texts.items():
            path = tmp_path.joinpath("packages", *name.split("."), file)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        importlib.invalidate_caches()
        return importlib.import_module(name)

    return put


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


# -- load -------------------------------------------------------------------------------------------------------------


def test_load_without_a_compiler(market: Path, no_compiler: None) -> None:
    module = hgvalue_gen.load(market, backend="dynamic")
    assert module.__backend__ == "dynamic"
    assert module.__schema__ == MARKET
    assert len(module.__fingerprint__) == 16
    assert hgvalue_gen.load(market, backend="dynamic") is module
    book = module.Book()
    with book.tick(1):
        book.apply_result({"A": {"bid": 1.5, "last": module.Trade(price=2.0), "both": {"low": 0.5}}})
    trade = module.Trade(price=2.0, size=3, side=module.Side.SELL)
    assert book.value == {"A": {"bid": 1.5, "last": trade, "both": {"low": 0.5}}}


def test_auto_falls_back_with_one_warning(market: Path, no_compiler: None) -> None:
    loader._warn_of_fallback.cache_clear()
    with pytest.warns(RuntimeWarning, match=r"no C\+\+ compiler was found"):
        module = hgvalue_gen.load(market)
    assert module.__backend__ == "dynamic"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert hgvalue_gen.load(market) is module


@pytest.mark.compile
def test_auto_compiles_and_keeps_what_is_compiled(
    market: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = hgvalue_gen.load(market)
    assert module.__backend__ == "compiled"
    other = hgvalue_gen.load(market, backend="dynamic")
    assert other is not module and other.__backend__ == "dynamic"
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    assert hgvalue_gen.load(market) is module


@pytest.mark.compile
def test_values_go_from_one_backend_to_the_other(market: Path) -> None:
    one, other = (hgvalue_gen.load(market, backend=backend) for backend in ("compiled", "dynamic"))
    for here, there in ((one, other), (other, one)):
        trade = there.Trade(price=2.5, side=here.Side.BUY, venue=there.Venue(name="x", tags=("a", "b")))
        book = here.Book()
        with book.tick(1):
            book.get_or_create("A").last = trade
            book.get_or_create("A").both = {"high": there.Venue(name="y")}
        stored = book["A"].last.value
        assert type(stored) is here.Trade and type(stored.venue) is here.Venue and stored.side is here.Side.BUY
        assert stored.to_dict() == trade.to_dict()
        assert book["A"].both.high.value.tags == ("open",)
        copied = there.Book()
        with copied.tick(1):
            copied.apply_result(book.delta_value)
        assert copied["A"].last.value.to_dict() == trade.to_dict()


def test_classes_say_where_they_are_from(market: Path) -> None:
    # Another package that has these very classes already would be where they are from.
    for file in (market, market.with_name("common.hgt")):
        file.write_text(file.read_text().replace("Venue", "Bourse").replace("Side", "Way").replace("Trade", "Deal"))
    module = hgvalue_gen.load(market, backend="dynamic")
    common = importlib.import_module(f"{module.__name__}.common")
    assert module.Way is common.Way and module.Bourse is common.Bourse
    assert common.Way.__module__ == common.Bourse.__module__ == common.__name__
    assert module.Deal.__module__ == module.Quote.__module__ == module.Book.__module__ == module.__name__
    assert module.Deal.__doc__ == "A deal." and module.Quote.__doc__ == "Both sides."
    assert common.Way.__doc__ == "Who asks."
    assert module.Quote.items.__doc__ is not None, "that of the method: the field is reached as an item"
    assert common.__doc__ == "What schemas share."


def test_pickles_in_another_process(market: Path, tmp_path: Path) -> None:
    build_package([market], out=tmp_path / "out", options=DYNAMIC)
    use = """
import pickle, sys
import market
trade = market.Trade(price=1.5, venue=market.Venue(name="x"), side=market.Side.BUY)
if len(sys.argv) > 1:
    assert pickle.loads(bytes.fromhex(sys.argv[1])) == trade
print(pickle.dumps(trade).hex())
"""
    written = _run(use, tmp_path / "out")
    _run(use, tmp_path / "out", written.strip())


def _run(code: str, folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(folder)!r})\n{code}", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


# -- packages ----------------------------------------------------------------------------------------------


def test_runs_where_there_is_no_generator(market: Path, tmp_path: Path, no_compiler: None) -> None:
    build_package([market], out=tmp_path / "out", name="acme.market", options=DYNAMIC)
    code = """
for missing in ("hgvalue_gen", "lark", "jinja2", "click", "nanobind", "cmake", "ninja"):
    sys.modules[missing] = None
import acme.market as market, acme.market.common as common
book = market.Book()
with book.tick(1):
    book.get_or_create("A").bid = 2.0
assert book.delta_value == {"A": {"bid": 2.0}}
print(market.__backend__, common.__backend__, market.Trade(price=1.0).side, market.Book.__module__)
"""
    assert _run(code, tmp_path / "out") == "dynamic dynamic Side.SELL acme.market\n"


def test_what_is_written(market: Path, tmp_path: Path, no_compiler: None) -> None:
    folder = build_package([market], out=tmp_path / "out", options=DYNAMIC).folder
    assert files(folder) == [
        "__init__.py", "__init__.pyi", "_dynamic.json", "_dynamic.py", "common.py", "common.pyi", "py.typed",
    ]  # fmt: skip
    result = build_package([market], out=tmp_path / "out", options=DYNAMIC)
    assert result.up_to_date and not result.changed and not result.compiled
    result = build_package([market], out=tmp_path / "out", options=BuildOptions(backend="dynamic", force=True))
    assert not result.changed


def test_what_is_stale(market: Path, tmp_path: Path) -> None:
    request = Request.of([market], tmp_path / "out", options=DYNAMIC)
    schema = _read(request)
    assert "_dynamic.json" in stale_outputs(request, schema)
    build_package([market], out=tmp_path / "out", options=DYNAMIC)
    assert is_current(request) and stale_outputs(request, schema) == []
    (request.folder / "_dynamic.json").write_text("{}")
    assert not is_current(request) and stale_outputs(request, schema) == ["_dynamic.json"]


def _read(request: Request) -> Any:
    from hgvalue_gen.build.package import read_schema

    return read_schema(request)


def test_one_backend_takes_the_place_of_the_other(market: Path, tmp_path: Path) -> None:
    text = BuildOptions(emit_only=True)
    folder = build_package([market], out=tmp_path / "out", options=text).folder
    (folder / "_native.abi3.so").write_bytes(b"compiled")
    result = build_package([market], out=tmp_path / "out", options=DYNAMIC)
    assert "cpp/module.cpp" in result.changed
    assert not [name for name in files(folder) if name.startswith(("cpp/", "_native"))]
    build_package([market], out=tmp_path / "out", options=text)
    assert "cpp/module.cpp" in files(folder)
    assert not [name for name in files(folder) if name.startswith("_dynamic")]


def test_a_file_of_somebody_else_is_not_overwritten(market: Path, tmp_path: Path) -> None:
    own = tmp_path / "out" / "market" / "_dynamic.json"
    own.parent.mkdir(parents=True)
    own.write_text("[1]")
    with pytest.raises(OutputError, match="was not written by hgvalue-gen"):
        build_package([market], out=tmp_path / "out", options=DYNAMIC)
    assert own.read_text() == "[1]"


@pytest.mark.parametrize("options", [{"debug": True}, {"sanitize": ("address",)}, {"compiler": "c++"}])
def test_options_about_compiling_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="the dynamic backend compiles nothing"):
        BuildOptions(backend="dynamic", **options)


def test_an_unknown_backend_is_refused() -> None:
    with pytest.raises(UsageError, match="unknown backend 'fast'; known are compiled, dynamic"):
        BuildOptions(backend="fast")


@pytest.mark.parametrize("case", [*golden.CASES, "nasty"])
def test_stubs_and_modules_are_those_of_the_compiled_backend(case: str) -> None:
    schema = nasty.everything() if case == "nasty" else golden.schema_of(case)
    compiled, dynamic = (emit_package(schema, "a.package", backend) for backend in ("compiled", "dynamic"))
    shared = [name for name in compiled if not name.startswith("cpp/")]
    assert [name for name in dynamic if not name.startswith("_dynamic")] == shared
    for name in shared:
        text = dynamic[name].replace('__backend__ = "dynamic"', '__backend__ = "compiled"')
        assert text.replace("_dynamic import", "_native import") == compiled[name]


def test_any_schema_can_be_made(importable: Callable[[dict[str, str], str], Any]) -> None:
    module = importable(emit_package(nasty.everything(), "awkward.market", "dynamic"), "awkward.market")
    assert module.__backend__ == "dynamic"
    names = {"required": "r", "when": hgvalue.MIN_DT, "day": hgvalue.MIN_DT.date(), "clock": hgvalue.MIN_DT.time()}
    made = next(
        part.Defaults(**names)
        for name, part in sys.modules.items()
        if name.startswith("awkward.market") and "Defaults" in getattr(part, "__all__", ())
    )
    assert (made.low, made.high, made.byte, made.whole) == (-(2**63), 2**64 - 1, -128, 3.0)
    assert math.copysign(1, made.minus_zero) == -1 and math.isnan(made.nan) and made.minus_inf == -math.inf
    assert (made.surely, made.maybe, made.note, made.text) == (False, None, "", 'a"b\\c??/\n\x00\x7f1é\U0001f600')
    assert made.raw == bytes(range(256)) and made.signs == [made.sign, type(made.sign).MINUS]
    assert made.nested == (("a\x00", 1), ("b", -2)) and made.labels == {"a", "b"} and made.deep == {1: [("k", 1)]}
    assert made.wait.total_seconds() == -60 and list(made.recent) == [1.0, 2.0] and made.todo == ["a"]


def test_defaults_do_not_depend_on_the_hash_seed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    schema = tmp_path / "seeds.hgt"
    schema.write_text(
        'class Holder(CompoundScalar):\n    names: set[str] = {"e", "d", "c", "b", "a"}\n'
        "    deep: set[set[int]] = {{1, 2}, {3}}\n"
    )
    build_package([schema], out=tmp_path / "out", options=DYNAMIC)
    texts = set()
    for seed in ("1", "2", "3"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        texts.add(_run("import seeds; print(seeds.Holder().to_json(), seeds.Holder().deep)", tmp_path / "out"))
    assert len(texts) == 1
    assert '"names":["a","b","c","d","e"]' in texts.pop()


# -- descriptions ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def description(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a package says of its schema."""
    folder = tmp_path_factory.mktemp("description")
    (folder / "common.hgt").write_text(COMMON)
    (folder / "market.hgt").write_text(MARKET)
    package = build_package([folder / "market.hgt"], out=folder, options=DYNAMIC).folder
    read: dict[str, Any] = json.loads((package / "_dynamic.json").read_text())
    return read


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "has no description"),
        ("", "is not JSON"),
        ("[1]", "not a JSON object but list"),
        ("{}", "has the form None"),
        ('{"format": 99}', "has the form 99"),
        ('{"format": 1}', "no 'modules'"),
        ('{"format": 1, "modules": 5}', "not iterable"),
    ],
)
def test_what_is_no_description_is_refused(text: str | None, said: str) -> None:
    with pytest.raises(hgvalue.InvalidValueError, match=said):
        make_classes(text)


def test_errors_name_the_class(description: dict[str, Any]) -> None:
    broken = copy.deepcopy(description)
    trade = next(d for d in broken["modules"][-1]["declarations"] if d["name"] == "Trade")
    trade["fields"][1]["default"] = "many"
    with pytest.raises(hgvalue.InvalidValueError, match=r"'Trade' of schema 'market' .*Trade\.size: expected int"):
        make_classes(broken)
    trade["fields"][1] = trade["fields"][0]
    with pytest.raises(hgvalue.InvalidValueError, match="each with a name of its own"):
        make_classes(broken)
    del trade["fields"]
    with pytest.raises(hgvalue.InvalidValueError, match="no 'fields'"):
        make_classes(broken)


def test_any_damage_is_an_error_or_harmless(description: dict[str, Any]) -> None:
    """Each value replaced in turn by values of other kinds: never a crash, never an error that is not ours."""
    places = list(_places(description))
    assert len(places) > 200
    refused = 0
    for place in places:
        for wrong in (None, "nonsense", "", -1, 0, 2**70, True, [], {}, [[]], {"kind": "list"}):
            broken = copy.deepcopy(description)
            holder: Any = broken
            for step in place[:-1]:
                holder = holder[step]
            holder[place[-1]] = wrong
            try:
                make_classes(broken)
            except hgvalue.InvalidValueError:
                refused += 1
    assert refused > 5 * len(places), "most damage is noticed"


def _places(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key, value in part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ():
        yield (*path, key)
        yield from _places(value, (*path, key))
