"""Where a table was measured: without that, its figures say nothing."""

from __future__ import annotations

import datetime
import os
import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def installed_version(package: str) -> str | None:
    """Return the version of an installed distribution, None if there is none."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def describe(packages: Sequence[str], samples: int) -> str:
    """Return a paragraph with date, processor, versions and number of samples; missing packages are named."""
    versions = {package: installed_version(package) for package in packages}
    present = [f"{package} {found}" for package, found in versions.items() if found is not None]
    missing = [package for package, found in versions.items() if found is None]
    lines = [
        f"Measured on {datetime.date.today().isoformat()}: {_processor()}, {os.cpu_count()} cores, {platform.system()},"
        f" {platform.python_implementation()} {platform.python_version()}, {', '.join(present)}."
        f" Median ± half the distance between the quartiles of {samples} samples."
    ]
    if missing:
        lines.append(f"Not installed, and therefore not measured: {', '.join(missing)}.")
    return "\n".join(lines)


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
