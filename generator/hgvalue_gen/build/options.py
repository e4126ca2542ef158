"""The choices that change what a build produces or how it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hgvalue_gen.build.errors import UsageError

#: Sanitizers that GCC or Clang offer for a module loaded into an ordinary Python.
SANITIZERS: Final = ("address", "leak", "thread", "undefined")
#: What makes the classes of a package.
BACKENDS: Final = ("compiled", "dynamic")


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How a package is built.

    ``sanitize`` holds names of :data:`SANITIZERS`; ``compiler`` is a path or a command, ``None`` for the one
    CMake would take; ``jobs`` limits parallel compilations, ``None`` for one a core. ``backend`` is one of
    :data:`BACKENDS`: ``dynamic`` compiles nothing and leaves it to the runtime to make the classes.
    Raises :class:`~hgvalue_gen.build.errors.UsageError` for values that cannot work.
    """

    debug: bool = False
    sanitize: tuple[str, ...] = ()
    compiler: str | None = None
    jobs: int | None = None
    emit_only: bool = False
    force: bool = False
    backend: str = "compiled"

    def __post_init__(self) -> None:
        if self.backend not in BACKENDS:
            raise UsageError(f"unknown backend '{self.backend}'; known are {', '.join(BACKENDS)}")
        if self.backend == "dynamic" and (self.debug or self.sanitize or self.compiler):
            raise UsageError("the dynamic backend compiles nothing: debug, sanitize and compiler mean nothing to it")
        for name in self.sanitize:
            if name not in SANITIZERS:
                raise UsageError(f"unknown sanitizer '{name}'; known are {', '.join(SANITIZERS)}")
        if "thread" in self.sanitize and {"address", "leak"} & set(self.sanitize):
            raise UsageError("the thread sanitizer cannot be combined with address or leak")
        if self.jobs is not None and self.jobs < 1:
            raise UsageError(f"the number of jobs must be at least 1, not {self.jobs}")

    @property
    def compiles(self) -> bool:
        """Tell whether a compiler takes part."""
        return self.backend == "compiled" and not self.emit_only

    @property
    def variant(self) -> tuple[str, ...]:
        """What makes the binary another one: builds of different variants share no build tree."""
        return ("debug" if self.debug else "release", ",".join(sorted(set(self.sanitize))), self.compiler or "")


def parse_sanitizers(text: str) -> tuple[str, ...]:
    """Split ``address,undefined`` into names, dropping blanks and repeats."""
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
