"""What the fuzzers share: options, the loop, replaying, and the report.

A fuzzer is a module of this folder with a function ``play(random, backend)``, which tries some inputs and returns their
number. It raises an exception where a result is wrong. Its last line is ``run(__name__, play)``. For example::

    python -m tests.fuzz.schemas --seed 7 --seconds 60            # as many rounds as fit into a minute
    python -m tests.fuzz.schemas --seed 7 --inputs 100000         # as many rounds as it takes
    python -m tests.fuzz.schemas --seed 7 --round 131             # one round again, in this process, for a debugger

Each round draws from a random generator of its own, which the seed and the number of the round determine, so both
backends play the same rounds. Rounds run in a child process, so a crash ends only the child. The parent names the round
and how to play it again.

A fuzzer that calls ``saw(...)`` with what came of each input has the backends compared: round by round, both must have
seen the same. Where they differ, the parent plays the round twice again and shows the first difference.
"""

from __future__ import annotations

import argparse
import faulthandler
import hashlib
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import IO

ROOT = Path(__file__).parents[2]
BACKENDS = ("compiled", "dynamic")

#: Bytes of what a round saw.
DIGEST = 8

#: ``play(random, backend)`` tries some inputs and returns how many it tried.
Play = Callable[[Random, str], int]

#: What this round saw, as one number; and the file that holds each outcome in words, while a round is played again.
_seen = hashlib.blake2b(digest_size=DIGEST)
_told: IO[str] | None = None


def saw(outcome: object) -> None:
    """Take note of what came of an input, by its ``repr()``: both backends have to see the same."""
    text = repr(outcome)
    _seen.update(text.encode("utf-8", "backslashreplace"))
    if _told is not None:
        print(text, file=_told)


def run(module: str, play: Play, *, backends: Sequence[str] = BACKENDS) -> None:
    """Run the fuzzer if it was started as a program; exit with 1 if a round failed or crashed."""
    if module != "__main__":
        return
    name = Path(sys.argv[0]).stem
    options = _options(name, play.__doc__ or "", backends)
    if options.round is not None:
        _replay(options, play, options.backend or backends[0])
    elif options.progress is not None:
        _rounds(options, play)
    else:
        chosen = [options.backend] if options.backend else list(backends)
        watched = [_watch(name, options, backend, len(chosen)) for backend in chosen]
        alike = _compare(name, options, chosen, [digests for _, digests in watched])
        sys.exit(0 if alike and all(good for good, _ in watched) else 1)


def _options(name: str, description: str, backends: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"python -m tests.fuzz.{name}", description=description)
    parser.add_argument("--seed", type=int, default=0, help="what the random choices follow from")
    parser.add_argument("--seconds", type=float, help="how long to go on, all backends together (10)")
    parser.add_argument("--inputs", type=int, help="how many inputs to try at least, all backends together")
    parser.add_argument("--backend", choices=backends, help="one backend instead of all")
    parser.add_argument("--round", type=int, help="play this one round in this process")
    parser.add_argument("--outcomes", help="with --round: the file to write what was seen to, a line for each input")
    parser.add_argument("--progress", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--digests", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.seconds is None and options.inputs is None:
        options.seconds = 10.0
    return options


def _random(options: argparse.Namespace, number: int) -> Random:
    return Random(f"{options.seed}/{number}")


def _environment(options: argparse.Namespace) -> dict[str, str]:
    """Return the environment in which sets have the same order in each run with the same seed."""
    return os.environ | {"PYTHONHASHSEED": str(options.seed % 2**32)}


def _replay(options: argparse.Namespace, play: Play, backend: str) -> None:
    """Play one round as it was played before."""
    global _told
    if os.environ.get("PYTHONHASHSEED") != (environment := _environment(options))["PYTHONHASHSEED"]:
        os.execve(sys.executable, sys.orig_argv, environment)
    faulthandler.enable()
    with open(options.outcomes or os.devnull, "w", encoding="utf-8", errors="backslashreplace") as _told:
        print(f"{play(_random(options, options.round), backend)} inputs")


def _rounds(options: argparse.Namespace, play: Play) -> None:
    """Play rounds until time is over or enough was tried; report each before it begins and the inputs at the end."""
    global _seen
    faulthandler.enable()
    end = None if options.seconds is None else time.monotonic() + options.seconds
    tried = number = 0
    while (end is None or time.monotonic() < end) and (options.inputs is None or tried < options.inputs):
        # One write of fixed length to a file is cheap, and what it says outlives a crash.
        os.pwrite(options.progress, b"%20d %20d" % (number, tried), 0)
        _seen = hashlib.blake2b(digest_size=DIGEST)
        tried += play(_random(options, number), options.backend)
        os.pwrite(options.digests, _seen.digest(), number * DIGEST)
        number += 1
    os.pwrite(options.progress, b"%20d %20d" % (number, tried), 0)


def _watch(name: str, options: argparse.Namespace, backend: str, share: int) -> tuple[bool, list[bytes]]:
    """Run the rounds of one backend in a child process; say how it ended, and return that and what each round saw."""
    # Written by the child and read here when it has ended, by a crash as well.
    with tempfile.TemporaryFile() as progress, tempfile.TemporaryFile() as digests:
        good = _watch_child(name, options, backend, share, progress.fileno(), digests.fileno())
        digests.seek(0)
        return good, list(iter(lambda: digests.read(DIGEST), b""))


def _watch_child(
    name: str, options: argparse.Namespace, backend: str, share: int, progress: int, digests: int
) -> bool:  # fmt: skip
    command = [sys.executable, "-m", f"tests.fuzz.{name}", f"--progress={progress}", f"--digests={digests}"]
    command += [f"--backend={backend}", f"--seed={options.seed}"]
    if options.seconds is not None:
        command.append(f"--seconds={options.seconds / share}")
    if options.inputs is not None:
        command.append(f"--inputs={-(-options.inputs // share)}")
    start = time.monotonic()
    code = subprocess.run(
        command, cwd=ROOT, env=_environment(options), pass_fds=[progress, digests], check=False
    ).returncode
    words = os.pread(progress, 64, 0).split()
    number, tried = (int(words[0]), int(words[1])) if words else (0, 0)
    print(f"{name}, {backend}: {tried} inputs in {time.monotonic() - start:.0f} s, seed {options.seed}", flush=True)
    if code == 0:
        return True
    how = f"was ended by signal {-code}" if code < 0 else f"failed with status {code}"
    print(f"{name}, {backend}: round {number} {how}; again:\n  {_again(name, options, backend, number)}", flush=True)
    return False


def _again(name: str, options: argparse.Namespace, backend: str, number: int) -> str:
    return f"python -m tests.fuzz.{name} --seed {options.seed} --backend {backend} --round {number}"


def _compare(name: str, options: argparse.Namespace, backends: list[str], digests: list[list[bytes]]) -> bool:
    """Tell whether all backends saw the same in the rounds that all played to the end, and show where they did not."""
    for number, seen in enumerate(zip(*digests, strict=False)):
        if len(set(seen)) == 1:
            continue
        print(f"{name}: the backends differ in round {number}; again:")
        with tempfile.TemporaryDirectory() as folder:
            outcomes = []
            for backend in backends:
                print(f"  {_again(name, options, backend, number)}")
                file = Path(folder) / backend
                command = [*_again(name, options, backend, number).split()[1:], f"--outcomes={file}"]
                subprocess.run([sys.executable, *command], cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
                outcomes.append(file.read_text("utf-8").splitlines())
        for at, lines in enumerate(itertools.zip_longest(*outcomes)):
            if len(set(lines)) > 1:
                print(
                    f"  outcome {at}:", *(f"{b}: {line}" for b, line in zip(backends, lines, strict=True)), sep="\n    "
                )
                break
        return False
    return True
