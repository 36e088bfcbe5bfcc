"""Reading answers for the laws: one game at a time, as sets, and against the payoffs themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.equilibria import Equilibria, Status
from solver.errors import FormError
from solver.forms.normal import Floats, NormalForm

#: Largest difference between two probabilities, or two payoffs over the range, called the same.
SAME = 1e-7

_STATUS = {status.value: status for status in Status}


class Answer(NamedTuple):
    """What was found for one game: profiles (K, m_1 + ... + m_N) and payoffs (K, N).

    ``game`` holds the payoffs that were solved, one array (m_1, ..., m_N) per player; ``unit`` (N,)
    is the least difference between payoffs that is not rounding.
    """

    where: tuple[int, ...]
    game: tuple[Floats, ...]
    status: Status
    complete: bool
    profiles: Floats
    payoffs: Floats
    unit: Floats


def answers(eq: Equilibria) -> list[Answer]:
    """One answer for each game of the batch, in order."""
    unit = units(form_of(eq))
    flat = form_of(eq).flat()
    games = [np.flatnonzero(eq.owner == g) for g in range(eq.count.size)]
    return [
        Answer(
            where=tuple(map(int, np.unravel_index(g, eq.count.shape))),
            game=tuple(payoff[g] for payoff in flat),
            status=_STATUS[int(eq.status.flat[g])],
            complete=bool(eq.complete.flat[g]),
            profiles=eq.profiles[rows],
            payoffs=eq.row_values[0][rows],
            unit=unit[g],
        )
        for g, rows in enumerate(games)
    ]


def paired(one: Equilibria, other: Equilibria) -> Iterator[tuple[Answer, Answer]]:
    """Pair the answers of two solutions, game by game."""
    return zip(answers(one), answers(other), strict=True)


def form_of(eq: Equilibria) -> NormalForm:
    """Return the form that was solved; the laws apply to normal forms only."""
    if not isinstance(eq.form, NormalForm):
        raise FormError(f"these laws are about NormalForm, not {type(eq.form).__name__}")
    return eq.form


def matching(expected: Floats, actual: Floats, where: object) -> NDArray[np.intp]:
    """Assert that two sets of rows are the same; return where in `actual` each expected row is."""
    near = np.abs(expected[:, None] - actual[None]).max(axis=2, initial=0.0) <= SAME
    missing, wrong = expected[~near.any(axis=1)], actual[~near.any(axis=0)]
    assert missing.size == 0, f"game {where}: missing {missing.tolist()}"
    assert wrong.size == 0, f"game {where}: not an answer {wrong.tolist()}"
    assert len(expected) == len(actual), f"game {where}: repeated rows {actual.tolist()}"
    return np.array([row.argmax() for row in near], np.intp)


def same_answer(expected: Answer, actual: Answer, *, partial: bool = False) -> None:
    """Assert the same status and, where it is claimed whole or with `partial`, the same set."""
    where = expected.where
    assert expected.status == actual.status, f"game {where}: {expected.status!r}, {actual.status!r}"
    assert expected.complete == actual.complete, f"game {where}: complete is {actual.complete}"
    if partial or expected.complete:
        payoffs = actual.payoffs[matching(expected.profiles, actual.profiles, where)]
        unit = np.maximum(expected.unit, actual.unit)
        assert (np.abs(payoffs - expected.payoffs) <= unit).all(), (
            f"game {where}: payoffs {payoffs.tolist()}, expected {expected.payoffs.tolist()}"
        )


def values(form: NormalForm, profiles: Floats, owner: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Payoffs and regrets over the range (E, N), by the definition and from the payoffs alone.

    profiles (E, m_1 + ... + m_N); owner (E,) is the flat index of each row's game.
    """
    mixtures = blocks(form, profiles)
    payoffs, gaps = np.empty((2, len(profiles), len(mixtures)))
    for i, array in enumerate(form.flat()):
        least, spread = _extent(array)
        # Relative to the least payoff: a common shift of 1e12 must not hide the differences.
        own = _against((array[owner].T - least[owner]).T, mixtures, i)
        mean = (own * mixtures[i]).sum(axis=1)
        payoffs[:, i] = least[owner] + mean
        gaps[:, i] = (own.max(axis=1) - mean) / np.where(spread > 0.0, spread, 1.0)[owner]
    return payoffs, gaps


def blocks(form: NormalForm, profiles: Floats) -> list[Floats]:
    """Split rows of profiles into one array (E, m_i) per player."""
    return np.split(profiles, np.cumsum(form.shape)[:-1], axis=1)


def units(form: NormalForm) -> Floats:
    """Return the least difference between payoffs (G, N) that is not rounding."""
    columns = []
    for array in form.flat():
        least, spread = _extent(array)
        with np.errstate(invalid="ignore"):
            columns.append(SAME * spread + 8.0 * np.spacing(np.abs(least) + spread))
    return np.stack(columns, axis=1)


def _against(payoff: Floats, mixtures: list[Floats], player: int) -> Floats:
    """Compute what each action of `player` pays (E, m_i) against the mixtures of the others."""
    axes = "abcdefghijklm"[: len(mixtures)]
    others = [i for i in range(len(mixtures)) if i != player]
    inputs = ",".join([f"z{axes}", *(f"z{axes[i]}" for i in others)])
    own: Floats = np.einsum(f"{inputs}->z{axes[player]}", payoff, *(mixtures[i] for i in others))
    return own


def _extent(array: Floats) -> tuple[Floats, Floats]:
    """Least payoff and range (G,) of payoffs (G, m_1, ..., m_N)."""
    core = tuple(range(1, array.ndim))
    least = array.min(axis=core)
    with np.errstate(invalid="ignore", over="ignore"):
        return least, array.max(axis=core) - least
