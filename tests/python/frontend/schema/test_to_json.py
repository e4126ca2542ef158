"""Another generator can work from the JSON alone."""

from __future__ import annotations

import json

from hgvalue_gen.schema import schema_to_json

TEXT = '''"""Module."""
class Side(Enum):
    BUY = 1
class Item(CompoundScalar):
    """Struct."""
    side: Side = Side.BUY
    "Field."
    raw: bytes = b"\\x00"
    pause: timedelta = timedelta(seconds=1)
    window: Window[float, timedelta(seconds=2)]
    names: dict[str, tuple[int, ...]] = {"a": (1, 2)}
    ids: set[int] = {2, 1}
    more: tuple[Array[int, 2], CyclicBuffer[int, 3], Queue[int], list[int | None]] | None = None
class Quote(TimeSeriesSchema):
    value: Annotated[TS[Item], item_only]
type Board = TSD[str, TSB["quote": Quote, "last": TSL[TSW[float, 5, 2], 3], "seen": TSS[str]]]
'''


def test_everything_is_there(compiled):
    made = json.loads(json.dumps(schema_to_json(compiled(TEXT).ok)))
    (module,) = made["modules"]
    side, item, quote, board = module["declarations"]
    assert (made["main"], module["doc"]) == (["schemas"], "Module.")
    assert side["members"] == [{"name": "BUY", "value": 1}]
    assert item["doc"] == "Struct." and not item["hashable"]
    fields = {field["name"]: field for field in item["fields"]}
    assert fields["side"]["doc"] == "Field."
    assert fields["side"]["default"] == {"kind": "enum", "module": "schemas", "name": "Side", "member": "BUY"}
    assert fields["raw"]["default"] == {"kind": "bytes", "base64": "AA=="}
    assert fields["pause"]["default"] == {"kind": "timedelta", "microseconds": 1_000_000}
    assert fields["names"]["default"] == {"kind": "map", "items": [["a", {"kind": "tuple", "items": [1, 2]}]]}
    assert fields["ids"]["default"] == {"kind": "set", "items": [1, 2]}
    assert "default" not in fields["window"]
    assert fields["window"]["type"]["size"] == {"kind": "timedelta", "microseconds": 2_000_000}
    assert quote["fields"][0]["item_only"]
    assert quote["fields"][0]["type"]["value"] == {"kind": "struct", "module": "schemas", "name": "Item"}
    assert board["type"]["child"]["schema"]["fields"][1]["type"]["child"]["minimum"] == 2
