"""`python -m benchmarks TABLE`: measures one table and prints it as Markdown."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from benchmarks.harness import MINIMUM_SAMPLES

TABLES = {
    "objects": "Python objects against their peers",
    "ticks": "one tick from Python: write, read the delta",
    "columns": "many keys from arrays, and all of them to Arrow",
    "replay": "the flights example, a year of departures",
    "build": "from a schema to a module",
}

REPORT = Path(__file__).parents[1] / "docs" / "performance.md"


def main() -> int:
    """Run one program; returns the exit status."""
    listing = "\n".join(f"  {name:<8} {about}" for name, about in TABLES.items())
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=f"tables:\n{listing}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("table", choices=TABLES, metavar="TABLE")
    parser.add_argument("--samples", type=int, default=MINIMUM_SAMPLES, metavar="N", help="default: %(default)s")
    parser.add_argument("--write", action="store_true", help=f"put the table into docs/{REPORT.name} as well")
    options = parser.parse_args()
    if options.samples < MINIMUM_SAMPLES:
        parser.error(f"fewer than {MINIMUM_SAMPLES} samples say nothing about their spread")
    text: str = importlib.import_module(f"benchmarks.{options.table}").run(options.samples)
    print(text)
    if options.write:
        write_section(options.table, text)
    return 0


def write_section(table: str, text: str) -> None:
    """Replace what stands between the marks of a table in the report."""
    begin, end = f"<!-- {table}: begin -->\n", f"<!-- {table}: end -->"
    report = REPORT.read_text(encoding="utf-8")
    before, begin_mark, rest = report.partition(begin)
    _, end_mark, after = rest.partition(end)
    if not begin_mark or not end_mark:
        raise SystemExit(f"{REPORT.name} has no section for {table}")
    REPORT.write_text(f"{before}{begin}{text}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
