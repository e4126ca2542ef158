"""Runs a compiler through ccache: `launch_ccache.py CCACHE COMPILER ARGUMENT...`.

CMake compiles a precompiled header with `-include` of that same header. While an older compiled form lies beside it,
ccache takes the command for a use of that form and recognises the command by the form, not by the text of the headers.
After an edit it can then return what another edit made. This program removes the older form first.
"""

import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path


def precompiled_header(arguments: Sequence[str]) -> Path | None:
    """Return the file that the command writes a precompiled header to; None if it makes something else."""
    following = dict(pairwise(arguments))
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
