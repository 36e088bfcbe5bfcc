"""Games in rational arithmetic: a whole batch, or those that rounding leaves in doubt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from math import prod
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from solver.concepts._rows import Outcome
from solver.equilibria import NO_INDEX, Equilibria, ExactRows, Integers, Rows, Status
from solver.exact import ExactEquilibria, extreme_equilibria, verify
from solver.forms.normal import Floats, NormalForm, rounded

Row = tuple[Fraction, ...]
Game = tuple[Any, ...]

#: Bases per player and cell of the payoff table at which a search that nobody asked for ends.
MOST_WORK = 1_000_000


@final
@dataclass(frozen=True)
class ExactAnswer:
    """What was found for one game: a row per equilibrium; ``sets`` its component and the index."""

    status: Status
    profiles: list[Row]
    payoffs: list[Row]
    gaps: list[Row]
    sets: list[tuple[int, int]]


INVALID = ExactAnswer(Status.INVALID_INPUT, [], [], [], [])


def solve_exactly(form: NormalForm, max_vertices: int) -> Equilibria:
    """All extreme equilibria of every game, one after the other."""
    answers = [
        INVALID if game is None else _answer(game, max_vertices) for game in exact_games(form)
    ]
    sets = np.array([pair for answer in answers for pair in answer.sets], np.int64)
    component, index = sets.reshape(-1, 2).T
    return exact_equilibria(form, "nash", answers, sets=lambda *_: (component, index))


def exact_equilibria(
    form: NormalForm,
    concept: str,
    answers: Sequence[ExactAnswer],
    sets: Callable[[Floats, NDArray[np.intp]], tuple[Integers, Integers]] | None = None,
) -> Equilibria:
    """Fractions as a concept returns them: floats too, of which ``rows.exact`` is the truth."""
    shape, players = form.batch_shape, len(form.players)
    profiles = tuple(chain.from_iterable(answer.profiles for answer in answers))
    payoffs = tuple(chain.from_iterable(answer.payoffs for answer in answers))
    gaps = tuple(chain.from_iterable(answer.gaps for answer in answers))
    status = np.array([answer.status for answer in answers], np.int8).reshape(shape)
    values = as_floats(payoffs, players), as_floats(gaps, players)
    return Equilibria(
        form=form,
        concept=concept,
        method="exact",
        measure="regret",
        tol=0.0,
        count=np.array([len(answer.profiles) for answer in answers], np.int64).reshape(shape),
        status=status,
        complete=(status != Status.TRUNCATED) & (status != Status.INVALID_INPUT),
        rows=Rows(
            lambda: as_floats(profiles, sum(form.shape)),
            lambda *_: values,
            sets=sets,
            exact=ExactRows(profiles, payoffs),
        ),
    )


def settle_doubts(
    form: NormalForm, rows: Floats, outcome: Outcome, doubtful: Iterable[int]
) -> Floats:
    """Solve the games named again, exactly; the rows with theirs replaced.

    A game that takes too long stays as it is.
    """
    ends = np.cumsum(outcome.count)
    pieces, done = [], 0
    for g in doubtful:
        found = extreme_equilibria(*exact_game(form, g), max_vertices=affordable(form.shape))
        if not found.complete:
            continue
        exact = as_floats([_profile(found, k) for k in _in_order(found)], rows.shape[1])
        pieces += [rows[done : ends[g] - outcome.count[g]], exact]
        done = int(ends[g])
        outcome.count[g], outcome.status[g] = len(exact), _status(found)
        outcome.complete[g] = True
    return np.concatenate([*pieces, rows[done:]])


def affordable(shape: tuple[int, ...]) -> int:
    """Bases to visit for what was not asked for: about a second."""
    return max(1, MOST_WORK // prod(shape))


def exact_games(form: NormalForm) -> Iterator[Game | None]:
    """The payoffs of each game as exact numbers; None where one is not finite.

    They are the fractions that the form was made from, or what its floats stand for exactly.
    """
    for g in range(prod(form.batch_shape)):
        game = exact_game(form, g)
        finite = form.fractions is not None or all(np.isfinite(p).all() for p in game)
        yield game if finite else None


def exact_game(form: NormalForm, g: int) -> Game:
    """The payoffs of one game, by its number in the flattened batch."""
    return form.fractions or tuple(payoffs[g] for payoffs in form.flat())


def as_floats(rows: Sequence[Row], wide: int) -> Floats:
    """The nearest floats, (len(rows), wide); infinite beyond the largest."""
    return np.array([[rounded(value) for value in row] for row in rows]).reshape(len(rows), wide)


def component_indices(found: ExactEquilibria) -> list[tuple[int, int]]:
    """Component and its index, for each equilibrium."""
    sets = [(0, NO_INDEX)] * len(found.strategies)
    groups = zip(found.components, found.component_index, strict=True)
    for c, (members, index) in enumerate(groups):
        for k in members:
            sets[k] = c, NO_INDEX if index is None else index
    return sets


def _answer(game: Game, max_vertices: int) -> ExactAnswer:
    found = extreme_equilibria(*game, max_vertices=max_vertices)
    order = _in_order(found)
    sets = component_indices(found)
    number: dict[int, int] = {}  # components are numbered as they come in this order
    return ExactAnswer(
        _status(found),
        [_profile(found, k) for k in order],
        [found.payoffs[k] for k in order],
        [_gaps(game, found, k) for k in order],
        [(number.setdefault(sets[k][0], len(number)), sets[k][1]) for k in order],
    )


def _status(found: ExactEquilibria) -> Status:
    if not found.complete:
        return Status.TRUNCATED
    return Status.DEGENERATE if found.degenerate else Status.SOLVED


def _in_order(found: ExactEquilibria) -> list[int]:
    """Numbers of the equilibria as the kernels list them: by support, small ones first."""

    def key(k: int) -> tuple[int, list[bool], list[Fraction]]:
        row = _profile(found, k)
        return sum(p > 0 for p in row), [p == 0 for p in row], [-p for p in row]

    return sorted(range(len(found.strategies)), key=key)


def _profile(found: ExactEquilibria, k: int) -> Row:
    """The strategies of both players side by side."""
    x, y = found.strategies[k]
    return x + y


def _gaps(game: Game, found: ExactEquilibria, k: int) -> Row:
    """Regrets relative to the payoff ranges, recomputed by the definition."""
    A, B = game
    regrets = zip(verify(A, B, *found.strategies[k]), game, strict=True)
    return tuple(regret / _spread(payoffs) if regret else regret for regret, payoffs in regrets)


def _spread(payoffs: Any) -> Fraction:
    values = [Fraction(u) for u in np.asarray(payoffs, object).ravel().tolist()]
    return max(values) - min(values) or Fraction(1)
