"""Memory of this process, as far as the platform tells."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def resident_bytes() -> int | None:
    """Return the memory in use now; None where there is no cheap way to know."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


def peak_bytes() -> int | None:
    """Return the most memory ever in use; None where the platform does not keep count."""
    try:
        import resource  # not on Windows
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def megabytes(size: int | None) -> str:
    """Format a size that may be unknown."""
    return "unknown" if size is None else f"{size / 1e6:,.0f} MB"
