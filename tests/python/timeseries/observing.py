"""Observers that write down what they are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any


def us(at: datetime) -> int:
    """Return a time as µs since 1970, as ticks are numbered in tests."""
    return (at - datetime(1970, 1, 1)) // timedelta(microseconds=1)


class Log:
    """Makes callables that note who was told, what, of which place and when."""

    def __init__(self) -> None:
        self.all: list[str] = []

    def __call__(self, name: str = "") -> Callable[[Any], None]:
        def observer(change: Any) -> None:
            assert (change.node is None) == (change.kind == "removed")
            self.all.append(f"{name or change.path} {change.kind} {us(change.at)}")

        return observer

    def take(self) -> list[str]:
        """Return what was noted since the last call."""
        taken, self.all = self.all, []
        return taken


class Own:
    """An observer that is an object."""

    def __init__(self) -> None:
        self.at: list[int] = []
        self.gone: list[int] = []

    def notify(self, at: datetime) -> None:
        self.at.append(us(at))

    def removed(self, at: datetime) -> None:
        self.gone.append(us(at))


class OnlyNotified:
    """An observer that does not care for removals."""

    def __init__(self) -> None:
        self.at: list[int] = []

    def notify(self, at: datetime) -> None:
        self.at.append(us(at))
