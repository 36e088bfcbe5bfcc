"""Kills a real sweep at random moments, resumes it, and compares the files with undisturbed ones.

Run it from the folder of the repository; it takes about five seconds per moment::

    python -m tests.sweep.kills --moments 50 --seed 1

For each moment a sweep of its own is begun by the installed ``coopet``, killed with SIGKILL, and
resumed to its end by the same command. The parts that were finished before must not be touched, and
all files must be, byte for byte, those of a sweep that nobody disturbed.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

COOPET = Path(sys.executable).with_name("coopet")
#: About thirty chunks, some seconds of work.
SWEEP = ("price_build_nf", "--axis", "win_back=0:1:1000", "--axis", "nre=100:9000:1000")
Files = dict[str, bytes]


class Killed(NamedTuple):
    """What a kill left behind: how many parts, and whether the process was still running."""

    parts: int
    running: bool


def whole(folder: Path, sweep: tuple[str, ...] = SWEEP) -> tuple[Files, float]:
    """The files of an undisturbed sweep, and how long it took."""
    folder.mkdir()
    begun = time.monotonic()
    subprocess.run(_command(sweep), cwd=folder, check=True, capture_output=True)
    return _files(folder), time.monotonic() - begun


def kill_and_resume(
    folder: Path, delay: float, expected: Files, sweep: tuple[str, ...] = SWEEP
) -> Killed:
    """Kill after a delay, resume, and compare."""
    folder.mkdir()
    process = subprocess.Popen(
        _command(sweep), cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(delay)
    process.kill()
    running = process.wait() == -signal.SIGKILL
    out = folder / "out"
    kept = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in out.glob("*.parquet")}
    subprocess.run(_command(sweep), cwd=folder, check=True, capture_output=True)
    for path, (changed, data) in kept.items():
        if (changed, data) != (path.stat().st_mtime_ns, path.read_bytes()):
            raise AssertionError(f"{path.name} was finished and has been written again")
    found = _files(folder)
    if found.keys() != expected.keys():
        raise AssertionError(f"other files: {sorted(found.keys() ^ expected.keys())}")
    for name, data in expected.items():
        if data != found[name]:
            raise AssertionError(f"{name} is not as if undisturbed")
    return Killed(len(kept), running)


def _command(sweep: tuple[str, ...]) -> list[str]:
    return [str(COOPET), "sweep", *sweep, "-o", "out"]


def _files(folder: Path) -> Files:
    """All but what a killed process left beside its place."""
    paths = (folder / "out").iterdir()
    return {path.name: path.read_bytes() for path in paths if path.suffix != ".tmp"}


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--moments", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        expected, took = whole(top / "whole")
        parts = sum(name.startswith("part-") for name in expected)
        print(f"undisturbed: {parts} parts, {took:.1f} s")  # noqa: T201
        delays = np.random.default_rng(options.seed).uniform(0.0, took, options.moments)
        killed = []
        for k, delay in enumerate(delays):
            killed.append(kill_and_resume(top / f"k{k}", float(delay), expected))
            print(f"{k + 1}: killed after {delay:.2f} s, {killed[-1]}", flush=True)  # noqa: T201
    midway = sum(1 for found in killed if 0 < found.parts < parts)
    running = sum(found.running for found in killed)
    print(  # noqa: T201
        f"{options.moments} moments: {running} hit a running sweep, {midway} with some parts"
        " finished; every resumed sweep is bit for bit the undisturbed one"
    )


if __name__ == "__main__":
    main()
