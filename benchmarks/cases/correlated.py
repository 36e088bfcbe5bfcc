"""Best correlated and coarse correlated equilibria of random two-player games."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

import solver
from benchmarks import games
from benchmarks.games import Games
from benchmarks.measuring import rate
from benchmarks.registry import Case, CheckError, Results, Side, Sizes, Target, register
from solver.concepts.coarse_correlated import coarse_correlated
from solver.concepts.correlated import Highs, Simplex, correlated

Floats = NDArray[np.float64]

SCIPY, HIGHS = "scipy, linprog with HiGHS", "solver, method highs"
CONCEPTS = {"correlated": correlated, "coarse-correlated": coarse_correlated}
#: Largest difference of welfare, of payoffs in [0, 1), at which two answers are the same.
TOLERANCE = 1e-8
CERTIFIED = 1e-9


def _ours(name: str, given: Games) -> solver.Equilibria:
    return CONCEPTS[name](given.form, Simplex())


def _read(name: str, given: Games) -> solver.Equilibria:
    return games.read(CONCEPTS[name](given.form, Simplex()))


def _few(given: Games) -> Games:
    count = given.peers["few"][0]
    return Games(given.A[:count], given.B[:count])


def _highs(name: str, given: Games) -> solver.Equilibria:
    return CONCEPTS[name](_few(given).form, Highs())


def _scipy(given: Games) -> Floats:
    """The welfare of each game; its matrices are built before the clock starts."""
    from scipy.optimize import linprog

    worth = []
    for cost, rows, zeros, ones in given.peers["programs"]:
        found = linprog(cost, A_ub=rows, b_ub=zeros, A_eq=ones, b_eq=[1.0], method="highs")
        worth.append(-found.fun)
    return np.array(worth)


def _programs(given: Games, *, coarse: bool) -> list[Any]:
    """What linprog is given for each game: the inequalities, written out by the definition."""
    programs = []
    m, n = given.A.shape[1:]
    for A, B in zip(given.A, given.B, strict=True):
        rows = []
        for own, payoff in ((m, A), (n, B.T)):
            for told in range(1 if coarse else own):
                for instead in range(own):
                    row = payoff[instead][None] - payoff
                    if not coarse:
                        row = np.where(np.arange(own)[:, None] == told, row, 0.0)
                    rows.append((row if payoff is A else row.T).ravel())
        keep = [row for row in rows if row.any()]
        ones = np.ones((1, m * n))
        programs.append((-(A + B).ravel(), np.array(keep), np.zeros(len(keep)), ones))
    return programs


def _make(name: str, size: int, given: Sizes, number: int) -> Games:
    made = games.random_games(given, number, size, size)
    few = Games(made.A[: given["scipy"]], made.B[: given["scipy"]])
    programs = _programs(few, coarse=name != "correlated")
    return Games(made.A, made.B, {"programs": programs, "few": [given["highs"]]})


def _same(case: Case, results: Results) -> list[str]:
    """Compare the welfare of all sides game by game, and look at every certificate of ours."""
    remarks: list[str] = []
    reference: Floats | None = None
    for (name, threads), found in results.items():
        if isinstance(found, np.ndarray):
            worth = found
        else:
            worth = found.payoffs[:, 0].sum(axis=-1)
            gap = float(found.certificate.gap.max())
            if not (found.status == solver.Status.SOLVED).all() or gap > CERTIFIED:
                raise CheckError(f"{name}: {np.bincount(found.status)} by status, gap {gap:g}")
            if name == case.ours[0].name and threads == 1:
                remarks.append(f"largest gap of {len(worth)} games: {gap:.1e}")
        if reference is None:
            reference = worth
        common = min(len(worth), len(reference))
        away = float(np.abs(worth[:common] - reference[:common]).max())
        if away > TOLERANCE:
            raise CheckError(f"{name} differs by {away:g} in {common} games")
    return remarks


def _side(label: str, name: str, solve: Callable[[str, Games], Any]) -> Side:
    return Side(
        name=label, measure=rate(partial(solve, name), lambda g: len(g.A)), threads=(1, 2)
    )  # fmt: skip


def _peers(name: str) -> tuple[Side, ...]:
    missing = "" if find_spec("scipy") else "scipy is not installed"
    return (
        Side(
            name=SCIPY,
            measure=rate(_scipy, lambda g: len(g.peers["programs"])),
            missing=lambda: missing,
        ),
        Side(
            name=HIGHS,
            measure=rate(partial(_highs, name), lambda g: g.peers["few"][0]),
            missing=lambda: "" if find_spec("highspy") else "highspy is not installed",
        ),
    )


def _case(name: str, size: int, sizes: Sizes, at_least: float) -> Case:
    ours = _side(f"solver.{name}", name, _ours)
    target = Target(side=ours.name, threads=2, against=SCIPY, at_least=at_least)
    return Case(
        name=f"{name}-{size}x{size}",
        summary=f"{name} equilibria of most welfare, random {size}x{size} games",
        unit="games/s",
        sizes=sizes,
        smoke={"games": 2_000, "scipy": 20, "highs": 50, "rounds": 2},
        make=partial(_make, name, size),
        ours=(ours, _side(f"solver.{name}, all arrays read", name, _read)),
        peers=_peers(name),
        check=_same,
        targets=(target,),
    )


def _sizes(games: int, scipy: int, highs: int) -> Sizes:
    return {"games": games, "scipy": scipy, "highs": highs, "rounds": 7}


register(_case("correlated", 3, _sizes(300_000, 300, 1_000), 400.0))
register(_case("correlated", 5, _sizes(50_000, 200, 500), 100.0))
register(_case("coarse-correlated", 3, _sizes(300_000, 300, 1_000), 400.0))
register(_case("coarse-correlated", 5, _sizes(50_000, 200, 500), 100.0))
