"""The command line. Nothing is imported here but what every run needs."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``hgvalue-gen`` with the given arguments, by default those of the process; return the exit status."""
    try:
        from hgvalue_gen.cli.app import run

        return run(list(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt:
        print("\nhgvalue-gen: interrupted", file=sys.stderr)
        return 130
