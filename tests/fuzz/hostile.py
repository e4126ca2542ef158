"""Objects whose special methods run code of the test's before they answer: what a careless operation trips over.

Each takes a callable ``act`` and calls it whenever Python asks it for something. ``hostile(random, act, plain)`` puts
such objects in the place of parts of a plain value, so that an operation that takes the value meets them at any depth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from random import Random
from typing import Any

Act = Callable[[], None]


class Number:
    """An int or float to whoever asks for one."""

    def __init__(self, act: Act, value: Any) -> None:
        self._act, self._value = act, value

    def __index__(self) -> int:
        self._act()
        return int(self._value)

    def __float__(self) -> float:
        self._act()
        return float(self._value)

    def __bool__(self) -> bool:
        self._act()
        return bool(self._value)

    def __len__(self) -> int:
        self._act()
        return 1

    def __hash__(self) -> int:
        self._act()
        return hash(self._value)

    def __eq__(self, other: object) -> bool:
        self._act()
        return bool(self._value == other)

    def __repr__(self) -> str:
        self._act()
        return f"Number({self._value!r})"


class Text(str):
    """A str of a class of its own, which no fast path may take for one."""

    act: Act

    def __hash__(self) -> int:
        self.act()
        return super().__hash__()

    def __eq__(self, other: object) -> bool:
        self.act()
        return super().__eq__(other)

    def __repr__(self) -> str:
        self.act()
        return super().__repr__()


class Whole(int):
    """An int of a class of its own."""

    act: Act

    def __hash__(self) -> int:
        self.act()
        return super().__hash__()

    def __eq__(self, other: object) -> bool:
        self.act()
        return super().__eq__(other)

    def __repr__(self) -> str:
        self.act()
        return super().__repr__()


class HostileMapping(Mapping[Any, Any]):
    """A mapping that is no dict."""

    def __init__(self, act: Act, entries: dict[Any, Any]) -> None:
        self._act, self._entries = act, entries

    def __getitem__(self, key: Any) -> Any:
        self._act()
        return self._entries[key]

    def __iter__(self) -> Iterator[Any]:
        for key in list(self._entries):
            self._act()
            yield key

    def __len__(self) -> int:
        self._act()
        return len(self._entries)


class HostileSequence(Sequence[Any]):
    """A sequence that is neither a list nor a tuple."""

    def __init__(self, act: Act, items: Sequence[Any]) -> None:
        self._act, self._items = act, list(items)

    def __getitem__(self, index: Any) -> Any:
        self._act()
        return self._items[index]

    def __len__(self) -> int:
        self._act()
        return len(self._items)


class HostileSet(Set[Any]):
    """A set that is none of the builtin ones."""

    def __init__(self, act: Act, items: Sequence[Any]) -> None:
        self._act, self._items = act, list(items)

    def __contains__(self, item: object) -> bool:
        self._act()
        return item in self._items

    def __iter__(self) -> Iterator[Any]:
        for item in self._items:
            self._act()
            yield item

    def __len__(self) -> int:
        self._act()
        return len(self._items)


class HostileDict(dict[Any, Any]):
    """A dict of a class of its own."""

    act: Act

    def items(self) -> Any:
        self.act()
        return super().items()

    def keys(self) -> Any:
        self.act()
        return super().keys()

    def __getitem__(self, key: Any) -> Any:
        self.act()
        return super().__getitem__(key)


class Observer:
    """Told of changes, called, or asked for any attribute."""

    def __init__(self, act: Act, as_object: bool) -> None:
        self._act, self._as_object = act, as_object

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        self._act()
        if name in ("notify", "removed") and self._as_object:
            return self
        raise AttributeError(name)

    def __call__(self, *_: Any) -> None:
        self._act()

    def __eq__(self, other: object) -> bool:
        self._act()
        return self is other

    def __hash__(self) -> int:
        return id(self)


class Finalised:
    """Acts when the collector lets go of it, which is never before: it holds itself."""

    def __init__(self, act: Act) -> None:
        self._act, self._self = act, self

    def __del__(self) -> None:
        self._act()


def hostile(random: Random, act: Act, plain: Any) -> Any:
    """Return what means the same as a plain value, with hostile objects in some places."""
    again = lambda part: hostile(random, act, part)  # noqa: E731
    if random.random() < 0.25:
        return plain
    if isinstance(plain, bool) or plain is None:
        return plain
    if type(plain) in (int, float):
        if type(plain) is int and random.random() < 0.4:
            whole = Whole(plain)
            whole.act = act
            return whole
        return Number(act, plain)
    if type(plain) is str:
        text = Text(plain)
        text.act = act
        return text
    if type(plain) is dict:
        entries = {key: again(value) for key, value in plain.items()}
        if random.random() < 0.3:
            return HostileMapping(act, {again(key): value for key, value in entries.items()})
        if random.random() < 0.2:
            made = HostileDict(entries)
            made.act = act
            return made
        return {again(key): value for key, value in entries.items()}
    if type(plain) in (list, tuple):
        items = [again(item) for item in plain]
        return HostileSequence(act, items) if random.random() < 0.2 else type(plain)(items)
    if type(plain) in (set, frozenset):
        items = [again(item) for item in plain]
        return HostileSet(act, items) if random.random() < 0.4 else type(plain)(items)
    return plain
