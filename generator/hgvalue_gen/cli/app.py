"""Which command is meant, and what becomes of errors: one sentence and an exit status, never a traceback."""

from __future__ import annotations

import os
import sys
from typing import Final

import click

from hgvalue_gen.cli.generate import generate

#: Commands by name; anything else is the main form, whose arguments are schema files.
COMMANDS: Final = ("doctor",)
#: Set to see where an internal error comes from.
TRACEBACK: Final = "HGVALUE_GEN_TRACEBACK"


def run(arguments: list[str]) -> int:
    """Run the command that the arguments mean and return its exit status."""
    command: click.Command = generate
    name = "hgvalue-gen"
    if arguments and arguments[0] in COMMANDS:
        from hgvalue_gen.cli.doctor import doctor

        command, name, arguments = doctor, f"hgvalue-gen {arguments[0]}", arguments[1:]
    try:
        with command.make_context(name, arguments) as context:
            status = command.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        # Whoever read our output has gone; Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (MemoryError, RecursionError):
        raise  # no fault of the generator, and not to be told as one
    except Exception as error:
        if os.environ.get(TRACEBACK):
            raise
        what = f"{type(error).__name__}: {error}".strip(": ")
        print(
            f"error: internal error, please report it with the schema: {what} ({TRACEBACK}=1 shows where)",
            file=sys.stderr,
        )
        return 1
    return status if isinstance(status, int) else 0
