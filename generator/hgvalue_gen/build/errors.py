"""What can go wrong between a schema and a built package, each with the exit status of the command line."""

from __future__ import annotations

from typing import ClassVar


class GenError(Exception):
    """Base of everything :func:`hgvalue_gen.build_package` raises on purpose.

    ``message`` is one sentence for the user. ``details`` is text that belongs below it as it stands, such as a
    compiler's own output. ``exit_status`` is what the command line ends with.
    """

    exit_status: ClassVar[int] = 1

    def __init__(self, message: str, *, details: str = "") -> None:
        super().__init__(message)
        self.message, self.details = message, details

    def __str__(self) -> str:
        return f"{self.message}\n{self.details}" if self.details else self.message


class SchemaError(GenError):
    """The schema has errors; the reporter given to the call holds them, ``details`` is their text."""


class OutputError(GenError):
    """The output could not be written, or stands in the way of something that is not ours."""


class UsageError(GenError):
    """A wrong argument: a package name that cannot be imported, an unknown sanitizer."""

    exit_status = 2


class ToolError(GenError):
    """A compiler, CMake, Ninja or the runtime is missing or does not work."""

    exit_status = 3


class CompileError(GenError):
    """The generated C++ did not compile; ``details`` is the compiler's output."""

    exit_status = 3
