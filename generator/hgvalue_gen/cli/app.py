"""Which command is meant, and what becomes of errors: one sentence and an exit status, never a traceback."""

from __future__ import annotations

import os
import sys
from typing import Final

import click

from hgvalue_gen.cli.generate import generate

#: Commands by name; anything else is the main form, whose arguments are schema files.
COMMANDS: Final = ("doctor",)


def run(arguments: list[str]) -> int:
    """Run the command that the arguments mean and return its exit status."""
    command: click.Command = generate
    name = "hgvalue-gen"
    if arguments and arguments[0] in COMMANDS:
        from hgvalue_gen.cli.doctor import doctor

        command, name, arguments = doctor, f"hgvalue-gen {arguments[0]}", arguments[1:]
    try:
        status = command.main(arguments, prog_name=name, standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None
    except BrokenPipeError:
        # Whoever read our output has gone; Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status if isinstance(status, int) else 0
