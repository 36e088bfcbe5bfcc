"""What is to be best among correlated equilibria, and the ways to find the best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple, TypeAlias, final

import numpy as np

from solver.errors import ParameterError, unknown
from solver.forms.normal import Floats

#: The name of an objective, the number of a player counted from 1, or a weight for each player.
Objective: TypeAlias = str | int | tuple[float, ...]

WELFARE, LEAST_WELFARE, EGALITARIAN, ENTROPY = "welfare", "least-welfare", "egalitarian", "entropy"
NAMES = (WELFARE, LEAST_WELFARE, EGALITARIAN, "player-1", "player-2", "...")
PLAYER = "player-"


class Aim(NamedTuple):
    """An objective: weights (1, N) of the payoffs, or their smallest, or entropy."""

    weights: Floats
    least: bool = False
    entropy: bool = False


@final
@dataclass(frozen=True)
class Simplex:
    """The dual simplex method on tableaux; HiGHS takes what it cannot certify, where installed.

    ``objective`` is "welfare" (the sum of payoffs), "least-welfare", "egalitarian" (the smallest
    payoff of any player), "player-1" or 1 and so on, or a tuple of weights, one for each player.
    ``tol`` bounds gains from disobeying, relative to the range of the player's payoffs, and the
    distance from the optimum, relative to the range of what is maximised.
    """

    name: ClassVar[str] = "simplex"
    objective: Objective = WELFARE
    tol: float = 1e-9

    def __post_init__(self) -> None:
        """Refuse what is no objective and no tolerance."""
        _check(self.objective, self.tol, NAMES)


@final
@dataclass(frozen=True)
class Highs:
    """The linear program, by HiGHS; needs highspy. The settings are those of `Simplex`."""

    name: ClassVar[str] = "highs"
    objective: Objective = WELFARE
    tol: float = 1e-9

    def __post_init__(self) -> None:
        """Refuse what is no objective and no tolerance."""
        _check(self.objective, self.tol, NAMES)


@final
@dataclass(frozen=True)
class Cvxpy:
    """The program as it is written in books, by cvxpy: milliseconds per game, and fewer digits.

    The objective may also be "entropy": of all equilibria the one that tells the least, which is
    unique.
    """

    name: ClassVar[str] = "cvxpy"
    objective: Objective = WELFARE
    tol: float = 1e-6

    def __post_init__(self) -> None:
        """Refuse what is no objective and no tolerance."""
        _check(self.objective, self.tol, (*NAMES, ENTROPY))


@final
@dataclass(frozen=True)
class MostEntropy:
    """The equilibrium of the largest entropy, which is unique: Newton's method on its dual.

    ``tol`` bounds gains from disobeying, relative to the range of the player's payoffs, and the
    distance from the largest entropy, relative to that of the uniform distribution.
    """

    name: ClassVar[str] = "entropy"
    objective: ClassVar[str] = ENTROPY
    tol: float = 1e-9

    def __post_init__(self) -> None:
        """Refuse what is no tolerance."""
        _check(1, self.tol, NAMES)


def aim(objective: Objective, players: int) -> Aim:
    """The objective for that many players; ParameterError if it names another player."""
    if objective == EGALITARIAN:
        return Aim(np.ones((1, players)), least=True)
    if objective == ENTROPY:
        return Aim(np.ones((1, players)), entropy=True)
    if isinstance(objective, tuple):
        if len(objective) != players:
            raise ParameterError(
                f"objective = {objective!r} has {len(objective)} weights, for {players} players"
            )
        return Aim(np.array([objective], np.float64))
    if objective in {WELFARE, LEAST_WELFARE}:
        return Aim(np.full((1, players), 1.0 if objective == WELFARE else -1.0))
    number = int(str(objective).removeprefix(PLAYER))
    if not 1 <= number <= players:
        raise ParameterError(
            f"objective = {objective!r}: the players are player-1 to player-{players}"
        )
    return Aim(np.eye(players)[[number - 1]])


def _check(objective: Objective, tol: float, names: tuple[str, ...]) -> None:
    if not tol >= 0.0:
        raise ParameterError(f"tol = {tol!r} is no number of at least 0")
    if isinstance(objective, tuple):
        if not (objective and np.isfinite(objective).all()):
            raise ParameterError(f"objective = {objective!r}: weights must be finite numbers")
        return
    number = str(objective).removeprefix(PLAYER)
    if objective not in names[:3] + names[6:] and not number.isdecimal():
        raise ParameterError(unknown("objective", str(objective), names))
