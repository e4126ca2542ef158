"""Everything emitted compiles without a warning, under both compilers, also after formatting."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from hgvalue_gen.emit import emit_package
from hgvalue_gen.emit.cpp.identifiers import is_reserved

from . import compilers, golden, nasty
from . import models as make

pytestmark = pytest.mark.compile

PACKAGES: dict[str, Callable[[], dict[str, str]]] = {
    **{case: lambda case=case: golden.package_of(case) for case in golden.CASES},  # type: ignore[misc]
    "market": lambda: emit_package(make.market(), "market"),
    "flights": lambda: emit_package(make.flights(), "flights"),
    "nasty": lambda: emit_package(nasty.everything(), "new.std.market"),
    "clock": lambda: emit_package(make.market(), "clock"),
}

USE = """
#include <market.h>

double use(hgvalue::engine_time_t at) {
    market::Market market;
    market.tick(at);
    market::TickerHandle ticker = market["UA"];
    ticker.quote().set_bid(1.5);
    ticker.book().bids()[3].set_quantity(7);
    ticker.set_last({1.5, 100, market::common::Side::SELL, {}});
    ticker.flags().add("halted");
    ticker.closes().push(2.0);
    market::MarketDelta delta = market.delta();
    market::Market follower;
    follower.tick(at);
    follower.apply(delta);
    double total = 0;
    for (auto [key, child] : follower.modified_items()) total += child.quote().bid().value() + double(key.size());
    return total;
}
"""


@pytest.mark.parametrize("compiler", compilers.COMPILERS)
@pytest.mark.parametrize("package", PACKAGES)
def test_packages_compile(package: str, compiler: str, tmp_path: Path) -> None:
    folder = compilers.write(tmp_path, PACKAGES[package]())
    for source in sorted(folder.glob("*.cpp")):
        compilers.check(compiler, source)


@pytest.mark.parametrize("compiler", compilers.COMPILERS)
def test_formatted_packages_compile(compiler: str, tmp_path: Path) -> None:
    clang_format = shutil.which("clang-format")
    if clang_format is None:
        pytest.skip("clang-format is not installed")
    folder = compilers.write(tmp_path, golden.package_of("orders"))
    shutil.copy(compilers.ROOT / ".clang-format", tmp_path)
    subprocess.run([clang_format, "-i", *map(str, folder.iterdir())], check=True)
    compilers.check(compiler, folder / "orders.cpp")


@pytest.mark.parametrize("compiler", compilers.COMPILERS)
def test_headers_serve_cpp_programs(compiler: str, tmp_path: Path) -> None:
    folder = compilers.write(tmp_path, emit_package(make.market(), "market"))
    source = folder / "use.cpp"
    source.write_text(USE, encoding="utf-8")
    compilers.check(compiler, source, "-UHGVALUE_MODULE")


@pytest.mark.parametrize("compiler", compilers.COMPILERS)
@pytest.mark.parametrize("header", ["market.h", "market_fwd.h", "common.h"])
def test_headers_stand_alone(header: str, compiler: str, tmp_path: Path) -> None:
    folder = compilers.write(tmp_path, emit_package(make.market(), "market"))
    source = folder / "alone.cpp"
    source.write_text(f'#include "{header}"\n#include "{header}"\n', encoding="utf-8")
    compilers.check(compiler, source)


@pytest.mark.parametrize("compiler", compilers.COMPILERS)
def test_every_macro_in_sight_is_reserved(compiler: str, tmp_path: Path) -> None:
    source = tmp_path / "empty.cpp"
    source.write_text("#include <hgvalue/time_series.hpp>\n", encoding="utf-8")
    command = [compilers.require(compiler), "-std=c++20", "-E", "-dM", *compilers.includes(), str(source)]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    names = {line.split()[1].partition("(")[0] for line in listed.splitlines()}
    assert len(names) > 100
    # Lower-case names with an underscore in front belong to the implementation.
    assert [name for name in sorted(names) if not is_reserved(name) and not name.startswith("_")] == []
