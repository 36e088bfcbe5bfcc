"""Peak memory of solving a batch in a fresh process."""

from __future__ import annotations

import sys

from benchmarks.processes import output
from benchmarks.registry import Case, CheckError, Results, Side, Sizes, register

INPUTS = """
import numpy as np
from solver import NormalForm, nash
random = np.random.default_rng(0)
form = NormalForm(payoffs=(random.random(({games}, 3, 3)), random.random(({games}, 3, 3))))
"""
# Not ru_maxrss: on Linux a child starts with its parent's peak.
PEAK = """
import pathlib, resource
status = pathlib.Path("/proc/self/status")
if status.exists():
    line, = [l for l in status.read_text().splitlines() if l.startswith("VmHWM")]
    kib = int(line.split()[1])
else:
    kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(solved, kib / 1024)
"""
SOLVE = "solved = int(nash(form).status.size)\n"
NOTHING = "solved = 0\n"


def _peak(action: str, games: int) -> tuple[float, int]:
    text = output([sys.executable, "-c", INPUTS.format(games=games) + action + PEAK])
    solved, peak = text.split()
    return float(peak), int(solved)


def _check(case: Case, results: Results) -> list[str]:
    solved = results[OURS.name, 1]
    if solved not in {sizes["games"] for sizes in (case.sizes, case.smoke)}:
        raise CheckError(f"{solved} games solved")
    return []


def _make(sizes: Sizes, number: int) -> int:
    del number  # the process makes its own games
    return sizes["games"]


OURS = Side(name="inputs and solver.nash", measure=lambda games: _peak(SOLVE, games))
INPUTS_ONLY = Side(name="inputs only", measure=lambda games: _peak(NOTHING, games))

register(
    Case(
        name="memory",
        summary="peak resident memory of solving random 3x3 games, in a fresh process",
        unit="MiB",
        sizes={"games": 1_000_000, "rounds": 5},
        smoke={"games": 5_000, "rounds": 1},
        make=_make,
        ours=(OURS,),
        peers=(INPUTS_ONLY,),
        check=_check,
        comparison="difference",
    )
)
