"""Files, imports and what can be wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from hgvalue_gen.schema import source_files

ITEM = "class Item(CompoundScalar):\n    name: str\n"
USES_ITEM = "type Latest = TS[Item]\n"


def test_imports_are_found_beside_the_importing_file(project):
    schema = project({"main.hgt": "from common import Item\n" + USES_ITEM, "common.hgt": ITEM}).ok
    assert [module.name for module in schema.modules] == ["common", "main"]
    assert schema.main == ("main",)
    assert schema.module("main").imports == ("common",)


def test_imports_are_found_in_included_folders_after_the_own_one(project):
    files = {
        "main.hgt": "from common import Item\n" + USES_ITEM,
        "inc/common.hgt": ITEM,
        "late/common.hgt": "class Other(CompoundScalar):\n    x: int\n",
    }
    schema = project(files, include=("inc", "late")).ok
    assert Path(schema.module("common").path) == Path("inc/common.hgt")


def test_dotted_imports_name_folders_and_neighbours_share_a_package(project):
    files = {
        "main.hgt": "import geo.shapes as shapes\ntype Latest = TS[shapes.Circle]\n",
        "geo/shapes.hgt": "from base import Point\nclass Circle(CompoundScalar):\n    centre: Point\n",
        "geo/base.hgt": "class Point(CompoundScalar):\n    x: int\n",
    }
    assert [module.name for module in project(files).ok.modules] == ["geo.base", "geo.shapes", "main"]


def test_relative_imports(project):
    files = {
        "main.hgt": "import geo.shapes\ntype Latest = TS[geo.shapes.Circle]\n",
        "geo/shapes.hgt": "from ..common import Item\nfrom . import base\n"
        "class Circle(CompoundScalar):\n    item: Item\n    at: base.Point\n",
        "geo/base.hgt": "class Point(CompoundScalar):\n    x: int\n",
        "common.hgt": ITEM,
    }
    assert {module.name for module in project(files).ok.modules} == {"geo.base", "common", "geo.shapes", "main"}


def test_a_file_given_twice_or_imported_as_well_is_one_module(project):
    files = {"main.hgt": "from common import Item\n" + USES_ITEM, "common.hgt": ITEM}
    schema = project(files, "common.hgt", "main.hgt", "./common.hgt").ok
    assert schema.main == ("common", "main")
    assert len(schema.modules) == 2


def test_two_files_for_one_module(project):
    outcome = project({"a/x.hgt": ITEM, "b/x.hgt": ITEM}, "a/x.hgt", "b/x.hgt")
    assert outcome.error.code == "HGT033"
    assert "a/x.hgt" in outcome.error.message and "b/x.hgt" in outcome.error.message


def test_import_not_found_tells_where_was_looked(project):
    outcome = project({"main.hgt": "from nowhere.at_all import X\n" + ITEM}, include=("inc",))
    assert outcome.error.code == "HGT031"
    assert "nowhere/at_all.hgt" in outcome.error.help and "inc" in outcome.error.help


def test_names_from_what_was_not_found_are_not_reported_again(project):
    outcome = project({"main.hgt": "from nowhere import X\nfrom elsewhere import *\ntype T = TSD[str, TS[X | Y]]\n"})
    assert outcome.codes == ["HGT031", "HGT031"]


def test_installed_packages_are_not_supported_yet(project):
    outcome = project({"main.hgt": "from pytest import Item\n" + USES_ITEM})
    assert outcome.error.code == "HGT050"
    assert "`pytest`" in outcome.error.message


def test_import_cycle_prints_the_cycle(project):
    files = {
        "main.hgt": "from b import B\nclass A(CompoundScalar):\n    x: int\n",
        "b.hgt": "from c import C\nclass B(CompoundScalar):\n    x: int\n",
        "c.hgt": "from main import A\nclass C(CompoundScalar):\n    x: int\n",
    }
    outcome = project(files)
    assert outcome.error.code == "HGT019"
    assert "main → b → c → main" in outcome.error.message


def test_a_file_that_imports_itself(project):
    assert project({"main.hgt": "import main\n" + ITEM}).error.message == "cyclic import: main → main"


@pytest.mark.parametrize(
    "module", ["hgraph", "dataclasses", "enum", "typing", "datetime", "__future__", "collections.abc"]
)
def test_modules_of_the_language_mean_nothing(project, module):
    assert project({"main.hgt": f"import {module}\nfrom {module} import *\nfrom {module} import a, b\n{ITEM}"}).ok


def test_files_that_cannot_be_read(project, tmp_path):
    (tmp_path / "folder.hgt").mkdir()
    outcome = project({"main.hgt": ITEM}, "main.hgt", "folder.hgt", "missing.hgt")
    assert outcome.codes == ["HGT007", "HGT007"]
    assert outcome.schema is None


def test_invalid_utf8_is_located(project):
    outcome = project({"main.hgt": b"# one\n# tw\xff\n"})
    assert outcome.error.code == "HGT008"
    assert outcome.error.location.source.position(outcome.error.location.span.start) == (2, 5)


def test_byte_order_mark_and_line_ends_of_other_systems(project):
    outcome = project({"main.hgt": b"\xef\xbb\xbf" + ITEM.replace("\n", "\r\n").encode()})
    assert outcome.struct("Item").fields[0].name == "name"
    assert outcome.ok.module("main").text == ITEM.replace("\n", "\r\n")


def test_nul_characters_give_one_error(project):
    assert project({"main.hgt": b"\x7fELF\0\0\0" + bytes(range(256)).replace(b"\x80", b"")[:128]}).codes == ["HGT005"]


def test_names_of_files_become_names_of_modules(project):
    assert project({"my-schema.v2.hgt": ITEM}, "my-schema.v2.hgt").ok.main == ("my_schema_v2",)
    assert project({"class.hgt": ITEM}, "class.hgt").ok.main == ("class_",)
    assert project({"2.hgt": ITEM}, "2.hgt").ok.main == ("_2",)
    assert project({"a+b.hgt": ITEM}, "a+b.hgt").ok.main == ("a_b",)
    assert project({"json.hgt": ITEM}, "json.hgt").ok.main == ("json",)
    assert project({"__init__.hgt": ITEM}, "__init__.hgt").error.code == "HGT034"


def test_python_files_are_not_supported_yet(project):
    assert project({"main.py": ITEM}, "main.py").error.code == "HGT050"


def test_source_files_are_known_even_if_there_are_errors(project):
    files = {"main.hgt": "from common import Item\nx y\n", "common.hgt": ITEM}
    outcome = project(files)
    assert outcome.schema is None
    assert source_files(outcome.reporter) == (Path("main.hgt"), Path("common.hgt"))
    assert set(source_files(project({"main.hgt": "from common import Item\n" + USES_ITEM}).ok)) == set(
        source_files(outcome.reporter)
    )
