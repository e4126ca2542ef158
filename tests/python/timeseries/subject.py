"""What the tests of the rules run on: generated classes of a backend, or the model, which proves the tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from ..model.generated import BACKENDS, GeneratedModule
from ..model.observe import difference, state
from ..model.reference import ModelApi, reference
from ..model.types import EnumType, Parser, TimeSeries

BUNDLES = {
    "Quote": {"bid": "TS[float]", "ask": "TS[float]"},
    "Mix": {
        "n": "TS[int]",
        "s": "TSS[int]",
        "d": "TSD[str, TS[int]]",
        "li": "TSL[TS[int], Size[2]]",
        "w": "TSW[int, Size[2], Size[1]]",
        "q": "TSB[Quote]",
    },
    "Beats": {"g": "SIGNAL", "n": "TS[int]"},
}
STRUCTS = {"Point": {"x": "int", "y": "float"}, "Maybe": {"x": "int", "y": "float | None"}}
ENUMS = {"Side": EnumType("Side", (("BUY", 1), ("SELL", -1)))}
_PARSER = Parser(BUNDLES, STRUCTS, ENUMS)
_LIMITED = "timedelta(microseconds={})"
#: Every root that the tests of the rules use.
SPELLINGS = (
    *(f"TS[{name}]" for name in ("bool", "int", "float", "str", "bytes", "date", "time", "datetime", "timedelta")),
    *(f"TS[{kind}{bits}]" for kind in ("int", "uint") for bits in (8, 16, 32, 64)),
    *(
        "TS[float32]",
        "TS[object]",
        "TS[Point]",
        "TS[Maybe]",
        "TS[Side]",
        "TS[tuple[int, ...]]",
        "TS[tuple[float, str]]",
    ),
    *("TS[frozenset[int]]", "TS[dict[str, float]]", "TS[list[int]]", "TS[Array[float, Size[3]]]"),
    *("TS[Array[str, Size[2]]]", "TS[dict[str, list[int]]]", "TS[tuple[float, ...]]"),
    *("TSB[Quote]", "TSB[Mix]", "TSD[str, TSB[Mix]]", "TSD[str, TSB[Quote]]", "TSL[TSB[Quote], Size[2]]"),
    *("TSL[TS[int], Size[2]]", "TSL[TS[int], Size[3]]", "TSL[TS[int]]", "TSL[TSS[int], Size[2]]", "TSL[TSB[Quote]]"),
    *("TSS[int]", "TSS[str]", "TSS[float]", "TSS[Point]", "TSD[str, TS[int]]", "TSD[int, TS[float]]"),
    *("TSD[str, TSD[str, TS[int]]]", "TSD[str, TSS[int]]", "TSD[float, TS[int]]", "TSD[str, TSD[str, TSB[Quote]]]"),
    *("TSW[int, Size[3], Size[2]]", "TSW[float, Size[2]]", "TSW[str, Size[2], Size[1]]", "TSW[date, Size[2], Size[1]]"),
    *(f"TSW[int, {_LIMITED.format(size)}, {_LIMITED.format(minimum)}]" for size, minimum in ((3, 0), (6, 3))),
    *("TSW[bool, Size[2]]", "TSW[datetime, Size[2]]", "TSW[timedelta, Size[2]]", "TSW[float32, Size[2]]"),
    "TSD[str, TSW[int, Size[2], Size[1]]]",
    *("SIGNAL", "TSB[Beats]", "TSD[str, SIGNAL]", "TSL[SIGNAL, Size[2]]", "TSL[SIGNAL]"),
)


class Subject:
    """Makes roots by the spelling of their type, and reads their whole state."""

    def __init__(self, module: GeneratedModule | None) -> None:
        self._module = module
        self._types: dict[int, tuple[Any, TimeSeries]] = {}
        every = [_PARSER.time_series(spelling) for spelling in SPELLINGS]
        self._model_api = ModelApi(every)

    @property
    def is_model(self) -> bool:
        return self._module is None

    def make(self, spelling: str, at: int | None = 1) -> Any:
        """Return a new root; with ``at``, its first tick has begun."""
        assert spelling in SPELLINGS, spelling
        type_ = _PARSER.time_series(spelling)
        root = self._module.root(type_) if self._module else reference(type_)
        self._types[id(root)] = root, type_
        if at is not None:
            root.advance(at)
        return root

    def api(self, root: Any) -> Any:
        return self._module.api(self._types[id(root)][1]) if self._module else self._model_api

    def state(self, root: Any) -> dict[str, Any]:
        """Return everything that can be observed of a root and of all below it."""
        return state(root, self._types[id(root)][1], self.api(root))

    @contextmanager
    def refused(self, root: Any, *errors: type[Exception], says: str = "") -> Iterator[None]:
        """Expect an error that is ours and one of ``errors``, and that nothing at all has changed."""
        before = self.state(root)
        with pytest.raises(errors, match=says if says and not self.is_model else None) as caught:
            yield
        if not self.is_model:
            import hgvalue

            assert isinstance(caught.value, hgvalue.HgValueError), repr(caught.value)
        changed = difference(before, self.state(root)) + difference(self.state(root), before)
        assert not changed, "\n".join(changed)


@pytest.fixture(scope="session", params=["model", *BACKENDS])
def subject(request: pytest.FixtureRequest) -> Subject:
    """The model, and then every backend."""
    if request.param == "model":
        return Subject(None)
    types = [_PARSER.time_series(spelling) for spelling in SPELLINGS]
    return Subject(GeneratedModule(types, "rules", request.param))
