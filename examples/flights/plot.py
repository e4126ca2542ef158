"""A picture of the year: how late the flights left, and how many did not leave at all."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path

import matplotlib

matplotlib.use("Agg")  # writes files, needs no display

import matplotlib.pyplot as plt
import numpy as np
from totals import Span


def save_plot(days: defaultdict[date, Span], path: Path) -> None:
    """Plot each day's mean departure delay and its flights that never departed."""
    dates = sorted(days)
    means = np.array([days[day].delay / days[day].departed if days[day].departed else np.nan for day in dates])
    cancelled = [days[day].cancelled for day in dates]
    figure, (above, below) = plt.subplots(2, 1, figsize=(10, 6), sharex=True, height_ratios=(2, 1))
    above.plot(dates, means, linewidth=0.8, color="tab:blue", label="one day")
    above.plot(dates, _smooth(means), linewidth=2, color="tab:orange", label="a week around it")
    above.set_ylabel("mean departure delay, minutes")
    above.legend()
    below.bar(dates, cancelled, width=1.0, color="tab:red")
    below.set_ylabel("flights cancelled")
    figure.suptitle("Departures from New York")
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    plt.close(figure)


def _smooth(values: np.ndarray, width: int = 7) -> np.ndarray:
    """Return the mean over `width` days around each one, leaving out days without a value."""
    known = ~np.isnan(values)
    kernel = np.ones(width)
    sums = np.convolve(np.where(known, values, 0.0), kernel, mode="same")
    counts = np.convolve(known.astype(float), kernel, mode="same")
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
