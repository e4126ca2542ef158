"""What the fuzzers share: options, the loop, replaying, and the report.

A fuzzer is a module of this folder with a function ``play(random, backend)``, which tries some inputs and returns their
number. It raises an exception where a result is wrong. Its last line is ``run(__name__, play)``. For example::

    python -m tests.fuzz.schemas --seed 7 --seconds 60            # as many rounds as fit into a minute
    python -m tests.fuzz.schemas --seed 7 --inputs 100000         # as many rounds as it takes
    python -m tests.fuzz.schemas --seed 7 --round 131             # one round again, in this process, for a debugger

Each round draws from a random generator of its own, which the seed, the backend and the number of the round determine.
Rounds run in a child process, so a crash ends only the child. The parent names the round and how to play it again.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[2]
BACKENDS = ("compiled", "dynamic")

#: ``play(random, backend)`` tries some inputs and returns how many it tried.
Play = Callable[[Random, str], int]


def run(module: str, play: Play, *, backends: Sequence[str] = BACKENDS) -> None:
    """Run the fuzzer if it was started as a program; exit with 1 if a round failed or crashed."""
    if module != "__main__":
        return
    name = Path(sys.argv[0]).stem
    options = _options(name, play.__doc__ or "", backends)
    if options.round is not None:
        print(f"{play(_random(options, options.round), options.backend or backends[0])} inputs")
    elif options.progress is not None:
        _rounds(options, play)
    else:
        chosen = [options.backend] if options.backend else list(backends)
        results = [_watch(name, options, backend, len(chosen)) for backend in chosen]
        sys.exit(0 if all(results) else 1)


def _options(name: str, description: str, backends: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"python -m tests.fuzz.{name}", description=description)
    parser.add_argument("--seed", type=int, default=0, help="what the random choices follow from")
    parser.add_argument("--seconds", type=float, help="how long to go on, all backends together (10)")
    parser.add_argument("--inputs", type=int, help="how many inputs to try at least, all backends together")
    parser.add_argument("--backend", choices=backends, help="one backend instead of all")
    parser.add_argument("--round", type=int, help="play this one round in this process")
    parser.add_argument("--progress", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.seconds is None and options.inputs is None:
        options.seconds = 10.0
    return options


def _random(options: argparse.Namespace, number: int) -> Random:
    return Random(f"{options.seed}/{options.backend}/{number}")


def _rounds(options: argparse.Namespace, play: Play) -> None:
    """Play rounds until time is over or enough was tried; report each before it begins and the inputs at the end."""
    faulthandler.enable()
    end = None if options.seconds is None else time.monotonic() + options.seconds
    tried = number = 0
    while (end is None or time.monotonic() < end) and (options.inputs is None or tried < options.inputs):
        # One write of fixed length to a file is cheap, and what it says outlives a crash.
        os.pwrite(options.progress, b"%20d %20d" % (number, tried), 0)
        tried += play(_random(options, number), options.backend)
        number += 1
    os.pwrite(options.progress, b"%20d %20d" % (number, tried), 0)


def _watch(name: str, options: argparse.Namespace, backend: str, share: int) -> bool:
    """Run the rounds of one backend in a child process, and say how it ended."""
    # Written by the child and read here when it has ended, by a crash as well.
    with tempfile.TemporaryFile() as file:
        return _watch_child(name, options, backend, share, file.fileno())


def _watch_child(name: str, options: argparse.Namespace, backend: str, share: int, progress: int) -> bool:
    command = [sys.executable, "-m", f"tests.fuzz.{name}", f"--progress={progress}", f"--backend={backend}"]
    command.append(f"--seed={options.seed}")
    if options.seconds is not None:
        command.append(f"--seconds={options.seconds / share}")
    if options.inputs is not None:
        command.append(f"--inputs={-(-options.inputs // share)}")
    start = time.monotonic()
    code = subprocess.run(command, cwd=ROOT, pass_fds=[progress], check=False).returncode
    words = os.pread(progress, 64, 0).split()
    number, tried = (int(words[0]), int(words[1])) if words else (0, 0)
    print(f"{name}, {backend}: {tried} inputs in {time.monotonic() - start:.0f} s, seed {options.seed}", flush=True)
    if code == 0:
        return True
    how = f"was ended by signal {-code}" if code < 0 else f"failed with status {code}"
    print(
        f"{name}, {backend}: round {number} {how}; again:\n"
        f"  python -m tests.fuzz.{name} --seed {options.seed} --backend {backend} --round {number}",
        flush=True,
    )
    return False
