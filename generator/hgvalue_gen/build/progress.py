"""How a build tells what it is doing."""

from __future__ import annotations

import logging
from typing import Final, Protocol


class Progress(Protocol):
    """Receives the steps of a build; the command line draws them, the Python API ignores them."""

    def stage(self, text: str) -> None:
        """Say that a new phase begins, such as ``generating``."""

    def step(self, done: int, total: int, text: str) -> None:
        """Say that ``done`` of ``total`` compilations are finished, the last one being ``text``."""

    def output(self, line: str) -> None:
        """Pass on one line a tool printed, of interest to who asked for everything."""


#: What a build does: phases and compilations as INFO, what tools print as DEBUG.
logger: Final = logging.getLogger("hgvalue_gen.build")


class Logged:
    """A :class:`Progress` that goes to the log alone."""

    def stage(self, text: str) -> None:
        """Log the phase."""
        logger.info("%s", text)

    def step(self, done: int, total: int, text: str) -> None:
        """Log how far the compilation is."""
        logger.info("compiling %d/%d: %s", done, total, text)

    def output(self, line: str) -> None:
        """Log what a tool printed."""
        logger.debug("%s", line)


class Silent:
    """A :class:`Progress` that says nothing."""

    def stage(self, text: str) -> None:
        """Ignore it."""

    def step(self, done: int, total: int, text: str) -> None:
        """Ignore it."""

    def output(self, line: str) -> None:
        """Ignore it."""
