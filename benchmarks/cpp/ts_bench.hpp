// The parts of the benchmark of the time-series engine.
#pragma once

/// Prints the rows about dicts and sets.
void bench_keyed();
