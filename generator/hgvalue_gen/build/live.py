"""How far a build is, drawn on a terminal while it runs and gone when it is done."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from hgvalue_gen.build.progress import Logged, Progress, logger

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress


def is_terminal(stream: TextIO | None) -> bool:
    """Tell whether somebody watches ``stream`` who can be shown what comes and goes."""
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


class Live:
    """A :class:`~hgvalue_gen.build.progress.Progress` that draws on stderr between ``__enter__`` and ``__exit__``."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as RichProgress

        # Markup and highlighting off: names of files are shown as they are.
        self._bar: RichProgress = RichProgress(
            SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn(),
            console=Console(stderr=True), transient=True,
        )  # fmt: skip
        self._task = self._bar.add_task("reading", total=None)

    def __enter__(self) -> Live:
        self._bar.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._bar.stop()

    def stage(self, text: str) -> None:
        """Show the phase that begins."""
        self._bar.update(self._task, description=text)

    def step(self, done: int, total: int, text: str) -> None:
        """Show how far the compilation is."""
        self._bar.update(self._task, description=f"compiling {done}/{total}: {text}", completed=done, total=total)

    def output(self, line: str) -> None:
        """Ignore it."""


class _Both:
    """Passes on what it is told to two others."""

    def __init__(self, one: Progress, other: Progress) -> None:
        self._both = (one, other)

    def stage(self, text: str) -> None:
        for progress in self._both:
            progress.stage(text)

    def step(self, done: int, total: int, text: str) -> None:
        for progress in self._both:
            progress.step(done, total, text)

    def output(self, line: str) -> None:
        for progress in self._both:
            progress.output(line)


@contextmanager
def logged_and_shown() -> Iterator[Progress]:
    """Give a progress that goes to the log and, unless that is shown already, to the terminal that stderr is."""
    if not is_terminal(sys.stderr) or logger.isEnabledFor(logging.INFO):
        yield Logged()
        return
    with Live() as live:
        yield _Both(Logged(), live)
