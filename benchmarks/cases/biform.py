"""Biform games of three players with two moves each, against programs of scipy and brute force."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import final

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring import rate
from benchmarks.registry import Case, CheckError, Results, Side, Sizes, Target, register
from solver import Equilibria
from solver.concepts.biform import biform
from solver.forms.biform import BiformGame

Floats = NDArray[np.float64]
#: Cells solved at once, as a sweep would.
CHUNK = 100_000
PROFILES = list(product(range(2), repeat=3))


@final
@dataclass(frozen=True)
class Cells:
    """Worths (cells, 2, 2, 2, 8) and confidence (cells, 3); how many scipy is given."""

    worths: Floats
    confidence: Floats
    sample: int


def _make(sizes: Sizes, number: int) -> Cells:
    random = np.random.default_rng(number)
    worths = random.random((sizes["cells"], 2, 2, 2, 8))
    worths[..., 0] = 0.0
    worths[..., 7] += 3.0  # more than all coalitions could ask for: no core is empty
    return Cells(worths, random.random((sizes["cells"], 3)), sizes["scipy"])


def _solve(given: Cells) -> list[Equilibria]:
    names = ("x", "y")
    parts = []
    for low in range(0, len(given.worths), CHUNK):
        part = slice(low, low + CHUNK)
        form = BiformGame("abc", [names] * 3, given.worths[part], given.confidence[part])
        parts.append(biform(form))
    return parts


def _programs(given: Cells) -> list[list[tuple[int, ...]]]:
    """Pure equilibria of the first cells: six programs per profile, then every deviation."""
    from scipy.optimize import linprog

    member = np.arange(8)[:, None] >> np.arange(3) & 1
    found = []
    for worths, confidence in zip(
        given.worths[: given.sample], given.confidence[: given.sample], strict=True
    ):
        payoffs = np.empty((3, 2, 2, 2))
        for at, i in product(PROFILES, range(3)):
            least, most = (
                sign
                * linprog(
                    sign * np.eye(3)[i], A_ub=-member, b_ub=-worths[at], A_eq=[np.ones(3)],
                    b_eq=[worths[at][7]], bounds=[(None, None)] * 3, method="highs",
                ).fun
                for sign in (1.0, -1.0)
            )  # fmt: skip
            payoffs[(i, *at)] = confidence[i] * most + (1.0 - confidence[i]) * least
        best = [own >= own.max(axis=i, keepdims=True) - 1e-9 for i, own in enumerate(payoffs)]
        found.append([at for at in PROFILES if all(mask[at] for mask in best)])
    return found


def _check(_: Case, results: Results) -> list[str]:
    parts = results[OURS.name, 1]
    expected = results[SCIPY.name, 1]
    for g, profiles in enumerate(expected):
        eq = parts[0]
        rows = range(int(eq.count[g]))
        ours = [tuple(int(s[g, k].argmax()) for s in eq.strategies) for k in rows]
        if ours != profiles:
            raise CheckError(f"cell {g}: {ours}, programs of scipy say {profiles}")
    worst = max(float(np.nanmax(eq.gap, initial=0.0)) for eq in parts[:2])
    if worst > parts[0].tol:
        raise CheckError(f"a gap of {worst:.1e}")
    return [f"the same pure equilibria in {len(expected)} cells; gaps up to {worst:.1e}"]


OURS = Side(name="solver.biform", measure=rate(_solve, lambda c: len(c.worths)), threads=(1, 2))
SCIPY = Side(name="programs of scipy", measure=rate(_programs, lambda c: c.sample))

register(
    Case(
        name="biform-2x2x2",
        summary="first-stage equilibria of biform games, 3 players, 2 moves each, core",
        unit="cells/s",
        sizes={"cells": 1_000_000, "scipy": 20, "rounds": 3},
        smoke={"cells": 2_000, "scipy": 5, "rounds": 2},
        make=_make,
        ours=(OURS,),
        peers=(SCIPY,),
        check=_check,
        # A million cells in ten seconds.
        targets=(Target(side=OURS.name, threads=2, at_least=100_000.0),),
    )
)
