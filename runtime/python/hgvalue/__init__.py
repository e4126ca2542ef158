"""The runtime that generated value and time-series classes are built on."""

from __future__ import annotations

from hgvalue._paths import cmake_dir, include_dir

__version__ = "0.1.0"

__all__ = ["__version__", "cmake_dir", "include_dir"]
