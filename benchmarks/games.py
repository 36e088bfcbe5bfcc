"""Random games for the cases, and our own ways of solving them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

import solver
from benchmarks.registry import Sizes
from solver._threads import over_ranges
from solver.concepts._rows import SMALLEST_RANGE
from solver.concepts.nash import VertexEnumeration
from solver.kernels.two_by_two import solve_two_by_two, unpack

Floats = NDArray[np.float64]

SEED = 20_240_229


@final
@dataclass(frozen=True, eq=False)
class Games:
    """Two-player games (G, m, n), and what each peer solves of them."""

    A: Floats
    B: Floats
    peers: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    @property
    def form(self) -> solver.NormalForm:
        """The games as our form."""
        return solver.NormalForm(payoffs=(self.A, self.B))


def random_games(sizes: Sizes, number: int, m: int, n: int) -> Games:
    """Payoffs uniform on [0, 1), other ones in each round."""
    random = np.random.default_rng([SEED, number])
    shape = (sizes["games"], m, n)
    return Games(random.random(shape), random.random(shape))


def tied_games(sizes: Sizes, number: int, m: int, n: int) -> Games:
    """Payoffs 0, 1, 2 or 3: nearly all 3×3 games are degenerate."""
    random = np.random.default_rng([SEED, number])
    shape = (sizes["games"], m, n)
    A, B = random.integers(0, 4, shape), random.integers(0, 4, shape)
    return Games(A.astype(float), B.astype(float))


def nash(games: Games) -> solver.Equilibria:
    """Our call, from arrays to certified equilibria."""
    return solver.nash(games.form)


def nash_read(games: Games) -> solver.Equilibria:
    """Our call, and every array of the answer, some of which are made when first read."""
    return read(solver.nash(games.form))


def pure(games: Games) -> solver.Equilibria:
    """All pure equilibria."""
    return solver.pure_nash(games.form)


def pure_read(games: Games) -> solver.Equilibria:
    """All pure equilibria, and every array of the answer."""
    return read(solver.pure_nash(games.form))


def read(found: solver.Equilibria) -> solver.Equilibria:
    """Read what is made on demand: slots of strategies, payoffs, gaps and the certificate."""
    _ = found.strategies, found.payoffs, found.gap, found.certificate
    return found


def answers(found: solver.Equilibria, limit: int) -> list[Floats]:
    """The equilibria of each of the first games."""
    ends = np.cumsum(found.count[:limit])
    return np.split(found.profiles[: ends[-1]], ends[:-1])


@final
class Buffers:
    """2×2 games, and memory for their answers that has been written before."""

    def __init__(self, games: Games) -> None:
        count = len(games.A)
        self.games = games
        self.rows = np.ones((2 * count + 16, 2))
        self.count = np.ones(count, np.int64)
        self.status = np.ones(count, np.int8)

    def solve(self) -> tuple[Buffers, list[tuple[int, int]]]:
        """Run the bare kernel; where each range wrote its rows, as (first, used)."""
        A, B = self.games.form.flat()
        tol = VertexEnumeration().tol

        def work(low: int, high: int) -> tuple[int, int]:
            rows = self.rows[2 * low : 2 * high + 16]
            arrays = rows, self.count, self.status
            used, reached = solve_two_by_two(A, B, low, high, tol, *arrays)
            if reached < high:
                raise RuntimeError("two rows per random game were not enough")
            return 2 * low, used

        return self, over_ranges(len(A), SMALLEST_RANGE, work)

    def moved(self) -> float:
        """Bytes the kernel reads and writes: payoffs in; rows, counts and statuses out."""
        out = self.count.sum() * self.rows.itemsize * 2 + self.count.nbytes + self.status.nbytes
        return float(self.games.A.nbytes + self.games.B.nbytes + out)


def buffer_answers(result: tuple[Buffers, list[tuple[int, int]]], limit: int) -> list[Floats]:
    """The equilibria of each of the first games, from the buffers."""
    buffers, ranges = result
    rows = np.concatenate([buffers.rows[first : first + used] for first, used in ranges])
    ends = np.cumsum(buffers.count[:limit])
    return np.split(unpack(rows[: ends[-1]]), ends[:-1])
