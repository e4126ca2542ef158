"""``python -m tests.python.matrix`` prints the table of routes, layouts and kinds, and fails if something does."""

from __future__ import annotations

import sys

from ..model.generated import load
from .kinds import HOLDERS
from .routes import LAYOUTS
from .table import column, load_all, render


def main() -> int:
    modules = load_all(load)
    columns, failures = {}, []
    for layout in LAYOUTS:
        for holder in HOLDERS:
            columns[layout, holder.name], failed = column(layout, modules, holder)
            failures += failed
    print(render(columns))
    for failure in failures:
        print(failure, file=sys.stderr)
    print(f"{len(failures)} failures", file=sys.stderr)
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
