"""How a build tells what it is doing."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Receives the steps of a build; the command line draws them, the Python API ignores them."""

    def stage(self, text: str) -> None:
        """Say that a new phase begins, such as ``generating``."""

    def step(self, done: int, total: int, text: str) -> None:
        """Say that ``done`` of ``total`` compilations are finished, the last one being ``text``."""

    def output(self, line: str) -> None:
        """Pass on one line a tool printed, of interest to who asked for everything."""


class Silent:
    """A :class:`Progress` that says nothing."""

    def stage(self, text: str) -> None:
        """Ignore it."""

    def step(self, done: int, total: int, text: str) -> None:
        """Ignore it."""

    def output(self, line: str) -> None:
        """Ignore it."""
