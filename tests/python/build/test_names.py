from __future__ import annotations

from pathlib import Path

import pytest

from hgvalue_gen.build import UsageError
from hgvalue_gen.build.names import check_package_name, default_package_name


@pytest.mark.parametrize("name", ["schemas", "acme.market", "a.b.c", "_private", "match", "größe", "x1"])
def test_good_names(name: str) -> None:
    assert check_package_name(name) == name


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "empty package name"),
        ("a..b", "empty part"),
        (".a", "empty part"),
        ("a.", "empty part"),
        ("1a", "'1a' is not a Python identifier"),
        ("a b", "not a Python identifier"),
        ("a/b", "not a Python identifier"),
        ("../a", "empty part"),
        ("a.class", "'class' is a Python keyword"),
        ("__main__", "two underscores"),
        ("json", "would hide Python's own module 'json'"),
        ("json.schemas", "would hide Python's own module 'json'"),
        ("hgvalue", "would hide the package 'hgvalue'"),
        ("hgvalue_gen.x", "would hide the package 'hgvalue_gen'"),
        ("nanobind", "would hide the package 'nanobind'"),
    ],
)
def test_bad_names(name: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        check_package_name(name)


def test_a_name_below_the_top_may_be_that_of_a_standard_module() -> None:
    assert check_package_name("acme.json") == "acme.json"


@pytest.mark.parametrize(
    ("file", "name"), [("schemas.hgt", "schemas"), ("market-data.hgt", "market_data"), ("v1.2 x.hgt", "v1_2_x")]
)
def test_default_name(file: str, name: str) -> None:
    assert default_package_name(Path("somewhere") / file) == name


@pytest.mark.parametrize("file", ["2024.hgt", "class.hgt", "json.hgt", "hgvalue.hgt", "a+b.hgt"])
def test_no_default_name_asks_for_one(file: str) -> None:
    with pytest.raises(UsageError, match=r"cannot name the package after .*give a name with -n"):
        default_package_name(Path(file))
