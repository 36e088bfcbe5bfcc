"""Whether a set of equilibria is the whole set, by brute force."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from solver.equilibria import Status
from solver.forms.normal import Floats
from solver.testing import oracles
from solver.testing._answers import Answer, matching

#: Below this distance from one more tie, rounding decides whether a solver sees it.
NEAR = 1e-9


@contextmanager
def unless_nearly_tied(*answers: Answer) -> Iterator[None]:
    """Excuse a failure about games of two players in which rounding decides what is a tie."""
    try:
        yield
    except AssertionError:
        games = [answer.game for answer in answers if np.isfinite(answer.game).all()]
        if not any(len(game) == 2 and oracles.margin(*game) <= NEAR for game in games):
            raise


def bimatrix_set_is_whole(answer: Answer) -> None:
    """Assert that ties are told, that a set claimed whole is, and that no other is without tie."""
    A, B = answer.game
    expected = {Status.DEGENERATE} if oracles.is_degenerate(A, B) else {Status.SOLVED}
    if oracles.margin(A, B) <= NEAR:
        expected = {Status.SOLVED, Status.DEGENERATE, Status.NOT_CONVERGED}
    assert answer.status in expected, f"game {answer.where}: {answer.status!r}, not in {expected}"
    if answer.complete:
        _is_exact_set(answer)
    else:
        assert answer.status != Status.SOLVED, f"game {answer.where}: solved, but incomplete"
        matching(_distinct(answer.profiles), answer.profiles, answer.where)


def pure_set_is_whole(answer: Answer) -> None:
    """Assert that every pure equilibrium is there, and that the rest is tied up to rounding."""
    where, payoffs = answer.where, answer.game
    parts = np.split(answer.profiles, np.cumsum(payoffs[0].shape)[:-1], axis=1)
    actual = list(zip(*(part.argmax(axis=1).tolist() for part in parts), strict=True))
    assert np.isin(answer.profiles, (0.0, 1.0)).all(), f"game {where}: a mixed strategy"
    assert len(set(actual)) == len(actual), f"game {where}: repeated profiles {actual}"
    missing = set(oracles.pure_equilibria(payoffs)).difference(actual)
    wrong = set(actual).difference(oracles.pure_equilibria(payoffs, NEAR))
    assert not missing, f"game {where}: missing {missing}"
    assert not wrong, f"game {where}: not an equilibrium {wrong}"


def _is_exact_set(answer: Answer) -> None:
    """Compare with the oracle; a near tie that has a plain meaning is taken for it."""
    A, B = map(oracles.exact, answer.game)
    if oracles.margin(A, B) <= NEAR:
        A, B = map(oracles.simplest, answer.game)
    if oracles.margin(A, B) > NEAR:
        expected = [(*x, *y) for x, y in oracles.extreme_equilibria(A, B)]
        matching(np.array(expected, np.float64), answer.profiles, answer.where)


def _distinct(rows: Floats) -> Floats:
    """Drop the rows that repeat an earlier one."""
    apart = np.abs(rows[:, None] - rows[None]).max(axis=2, initial=0.0)
    distinct: Floats = rows[~np.tril(apart < 1e-12, -1).any(axis=1)]
    return distinct
