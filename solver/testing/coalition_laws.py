"""Laws of allocations in coalition games, as plain assertions with a theorem each.

A *solver* is any function from a `CoalitionGame` to `Equilibria` with one allocation per game: a
concept, or a concept with its method filled in. `LAWS` maps the name of each concept to those that
hold for it; `check` applies them. None trusts the code that solved.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from solver.coalitions.contributions import excesses, sums
from solver.equilibria import Equilibria, Status
from solver.forms.coalition import CoalitionGame
from solver.testing import coalition_oracles

Solver = Callable[[CoalitionGame], Equilibria]
Law = Callable[[Solver, CoalitionGame], None]
Floats = NDArray[np.float64]

#: How far payoffs may differ, relative to the largest worth.
CLOSE = 1e-9


def efficient(solver: Solver, game: CoalitionGame) -> None:
    """All that there is is handed out."""
    x = _allocation(solver, game)
    if x is not None:
        _same(game, game.worths[-1:], x.sum(keepdims=True), "the payoffs do not sum to v(N)")


def relabelled(solver: Solver, game: CoalitionGame) -> None:
    """Names do not matter: players in the opposite order get what they got (anonymity)."""
    n = len(game.players)
    table = [sum(1 << (n - 1 - i) for i in range(n) if s >> i & 1) for s in range(1 << n)]
    turned = CoalitionGame(game.players[::-1], game.worths[table])
    _equal(solver, game, turned, lambda x: x[::-1], "players in another order")


def covariant(solver: Solver, game: CoalitionGame) -> None:
    """Units and what players bring along do not matter: a v + b gives a x + b."""
    brought = np.arange(1.0, len(game.players) + 1.0)
    moved = CoalitionGame(game.players, 4.0 * game.worths + sums(brought))
    _equal(solver, game, moved, lambda x: 4.0 * x + brought, "4 v and what players bring along")


def null_player(solver: Solver, game: CoalitionGame) -> None:
    """A player who adds nothing gets nothing, and leaves the others what they had."""
    larger = CoalitionGame((*game.players, "null"), np.concatenate((game.worths, game.worths)))
    _equal(solver, game, larger, lambda x: np.append(x, 0.0), "a player who adds nothing")


def equal_treatment(solver: Solver, game: CoalitionGame) -> None:
    """Players who add the same to every coalition get the same."""
    x = _allocation(solver, game)
    every = np.arange(len(game.worths))
    for i in range(len(game.players)):
        for j in range(i):
            rest = every[every & (1 << i | 1 << j) == 0]
            alike = (game.worths[rest | 1 << i] == game.worths[rest | 1 << j]).all()
            if alike and x is not None:
                _same(game, x[i : i + 1], x[j : j + 1], f"players {j} and {i} add the same")


def additive(solver: Solver, game: CoalitionGame) -> None:
    """The value of a sum of games is the sum of the values: here 3 v(S) and v(S) |S|."""
    sizes = sums(np.ones(len(game.players)))
    other = CoalitionGame(game.players, game.worths * sizes)
    both = CoalitionGame(game.players, 3.0 * game.worths + other.worths)
    x, y, z = (_allocation(solver, one) for one in (game, other, both))
    if x is not None and y is not None and z is not None:
        _same(game, 3.0 * x + y, z, "the value of a sum is another")


def in_the_core(solver: Solver, game: CoalitionGame) -> None:
    """The allocation is in the core wherever there is one (up to five players)."""
    if len(game.players) > 5 or not coalition_oracles.core_vertices(game.worths.tolist()):
        return
    x = _allocation(solver, game)
    assert x is not None, "there is a core, and no allocation"
    worst = excesses(game, x)[1:].max()
    assert worst <= CLOSE * _size(game), f"a coalition lacks {worst} of what it could earn"


def batched(solver: Solver, game: CoalitionGame) -> None:
    """In a batch every game is solved as it is alone, and one that is not finite bothers nobody."""
    worths = np.stack((game.worths, np.full_like(game.worths, np.nan), 2.0 * game.worths))
    worths[1, 0] = 0.0
    together = solver(CoalitionGame(game.players, worths))
    alone = solver(game)
    assert together.status[1] == Status.INVALID_INPUT, "a game that is not finite is solved"
    for g, factor in ((0, 1.0), (2, 2.0)):
        assert together.status[g] == alone.status, f"status {together.status[g]} in a batch"
        if alone.count:
            _same(game, factor * alone.payoffs[0], together.payoffs[g, 0], "another in a batch")


#: The laws that hold for a concept, by its name.
LAWS: MappingProxyType[str, Sequence[Law]] = MappingProxyType(
    {
        "shapley": (
            efficient, relabelled, covariant, null_player, equal_treatment, additive, batched,
        ),
        "banzhaf": (relabelled, covariant, null_player, equal_treatment, additive, batched),
        "nucleolus": (
            efficient, relabelled, covariant, null_player, equal_treatment, in_the_core, batched,
        ),
        "tau": (efficient, relabelled, covariant, null_player, equal_treatment, batched),
        "least-core": (efficient, relabelled, covariant, equal_treatment, in_the_core, batched),
    }
)  # fmt: skip


def check(game: CoalitionGame, solver: Solver, laws: Sequence[Law]) -> None:
    """Assert every law for one game."""
    for law in laws:
        law(solver, game)


def _allocation(solver: Solver, game: CoalitionGame) -> Floats | None:
    """The allocation (N,), or None if the concept has none for this game."""
    found = solver(game)
    if found.status == Status.NONE_EXIST:
        return None
    assert found.status == Status.SOLVED, f"not solved: {Status(int(found.status)).name}"
    assert found.count == 1, f"{found.count} allocations"
    allocation: Floats = found.payoffs[0]
    return allocation


def _equal(
    solver: Solver,
    game: CoalitionGame,
    other: CoalitionGame,
    moved: Callable[[Floats], Floats],
    words: str,
) -> None:
    x, y = _allocation(solver, game), _allocation(solver, other)
    assert (x is None) == (y is None), f"{words}: one game has an allocation, the other has none"
    if x is not None and y is not None:
        _same(other, moved(x), y, words)


def _same(game: CoalitionGame, expected: Floats, actual: Floats, words: str) -> None:
    off = abs(expected - actual).max()
    near = CLOSE * _size(game)
    assert off <= near, f"{words}: {expected} is expected, not {actual} (off by {off:.1e})"


def _size(game: CoalitionGame) -> float:
    return max(1.0, float(abs(game.worths).max()))
