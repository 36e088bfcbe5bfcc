"""Second routes and problems for the tests of bargaining concepts."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from solver.forms.frontier import FrontierProblem

PAIR = ("a", "b")
TRIO = ("a", "b", "c")


def parabola(**more: object) -> FrontierProblem:
    """The frontier y = 1 - x²."""
    return FrontierProblem(players=PAIR, function=lambda x: 1.0 - x**2, **more)


def reach(points: np.ndarray, start: np.ndarray, step: np.ndarray) -> np.ndarray:
    """By HiGHS: the last point of start + t step below a lottery over points (M, N)."""
    m = len(points)
    done = linprog(
        np.r_[np.zeros(m), -1.0], A_ub=np.c_[-points.T, step], b_ub=-start,
        A_eq=[np.r_[np.ones(m), 0.0]], b_eq=[1.0], bounds=[(0, None)] * m + [(None, None)],
        method="highs",
    )  # fmt: skip
    return start - done.fun * step


def best_sum(points: np.ndarray, floor: np.ndarray, weights: np.ndarray) -> float:
    """By HiGHS: the largest weighted sum of a lottery that gives everybody the floor."""
    m = len(points)
    done = linprog(
        -points @ weights, A_ub=-points.T, b_ub=-floor, A_eq=[np.ones(m)], b_eq=[1.0],
        bounds=[(0, None)] * m, method="highs",
    )  # fmt: skip
    return -done.fun


def ideal(points: np.ndarray, floor: np.ndarray) -> np.ndarray:
    """What each could get at most, without anybody else below the floor."""
    return np.array([best_sum(points, floor, e) for e in np.eye(points.shape[1])])


def random_points(seed: int, games: int, m: int, players: int, kind: str) -> np.ndarray:
    """Points around the base zero, from which everybody can gain; degenerate if `whole`."""
    rng = np.random.default_rng([seed, m, players])
    points = rng.normal(size=(games, m, players))
    if kind == "whole":
        points = rng.integers(-2, 4, size=points.shape).astype(float)
        points[:, -1] = points[:, 0]
    points[:, 0] = np.abs(points[:, 0]) + 0.25
    return points
