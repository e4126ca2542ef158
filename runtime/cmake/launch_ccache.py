"""Runs a compiler through ccache: `launch_ccache.py CCACHE COMPILER ARGUMENT...`.

CMake compiles a precompiled header with `-include` of that same header. Where an older compiled form of it exists, ccache
takes the command for one that uses this form, and recognises the command by it instead of by the text of the headers: after
an edit it can return the form of a different edit. This program removes the older form first.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def precompiled_header(arguments: Sequence[str]) -> Path | None:
    """Return the file that the command writes a precompiled header to; None if it makes something else."""
    following = dict(zip(arguments, arguments[1:], strict=False))
    if following.get("-x") == "c++-header" and "-o" in following:
        return Path(following["-o"])
    return None


def main(command: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    header = precompiled_header(command)
    if header is not None:
        header.unlink(missing_ok=True)
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
