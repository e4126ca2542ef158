"""Measurements, one program a table: `python -m benchmarks TABLE`, from the root of the repository."""
