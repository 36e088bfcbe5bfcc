"""Games for the tests of correlated equilibria, and their programs by another route."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from solver import NormalForm

Floats = NDArray[np.float64]

#: Aumann's (1974) game of chicken: dare or yield.
CHICKEN = NormalForm(([[6, 2], [7, 0]], [[6, 7], [2, 0]]))
PENNIES = NormalForm(([[1, -1], [-1, 1]], [[-1, 1], [1, -1]]))
#: Gibson (2013), section 2.2.
GIBSON = NormalForm(([[1, 0], [0, 2], [-1, 1]], np.zeros((3, 2))))
SHAPLEY = NormalForm(([[0, 0, 1], [1, 0, 0], [0, 1, 0]], [[0, 1, 0], [0, 0, 1], [1, 0, 0]]))
#: Coarse equilibria give twice as much as correlated ones.
COARSER = NormalForm(([[0, 1, 0], [0, 0, 2], [0, 0, 0]], [[0, 0, 0], [1, 0, 0], [0, 2, 0]]))


def gains(payoffs: list[Floats], *, coarse: bool) -> Floats:
    """What each way of disobeying gains in each cell (rows, cells), cell by cell."""
    shape = payoffs[0].shape
    rows = []
    for player, actions in enumerate(shape):
        for told, instead in product([None] if coarse else range(actions), range(actions)):
            row = np.zeros(shape)
            for cell in product(*map(range, shape)):
                if told is None or cell[player] == told:
                    other = (*cell[:player], instead, *cell[player + 1 :])
                    row[cell] = payoffs[player][other] - payoffs[player][cell]
            rows.append(row.ravel())
    return np.array(rows)


def best_by_scipy(payoffs: list[Floats], objective: str, *, coarse: bool) -> float:
    """The value of the program as it is written in books, by scipy's HiGHS."""
    G = gains(payoffs, coarse=coarse)
    u = np.array([p.ravel() for p in payoffs])
    count, cells = u.shape
    if objective == "egalitarian":
        A = np.block([[G, np.zeros((len(G), 1))], [-u, np.ones((count, 1))]])
        cost, total = np.append(np.zeros(cells), -1.0), np.append(np.ones(cells), 0.0)
    else:
        weights = {
            "welfare": np.ones(count),
            "least-welfare": -np.ones(count),
            "player-1": np.eye(count)[0],
            "player-2": np.eye(count)[1],
        }[objective]
        A, cost, total = G, -weights @ u, np.ones(cells)
    bounds = [(0, None)] * cells + [(None, None)] * (len(cost) - cells)
    found = linprog(cost, A, np.zeros(len(A)), total[None], [1.0], bounds=bounds)
    assert found.status == 0
    return -found.fun


def value(payoffs: Floats, objective: str) -> Floats:
    """The objective at payoffs (..., N)."""
    if objective == "egalitarian":
        return payoffs.min(axis=-1)
    if objective.startswith("player"):
        return payoffs[..., int(objective[-1]) - 1]
    total = payoffs.sum(axis=-1)
    return total if objective == "welfare" else -total


def random_form(shape: tuple[int, ...], games: int, seed: int) -> NormalForm:
    """Payoffs uniform on [0, 1)."""
    random = np.random.default_rng(seed)
    return NormalForm([random.random((games, *shape)) for _ in shape])
