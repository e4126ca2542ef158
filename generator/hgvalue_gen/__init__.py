"""Native value and time-series classes, generated from a schema known ahead of time."""

from __future__ import annotations

__version__ = "0.1.0"
