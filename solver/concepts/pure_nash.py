"""Pure Nash equilibria of games with any number of players."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.concepts._concept import concept
from solver.concepts._exact import INVALID, ExactAnswer, exact_equilibria, exact_games
from solver.concepts._rows import SMALLEST_RANGE, gather, joined, one_hot, regrets
from solver.concepts._tree_exact import exactly
from solver.concepts._tree_nash import pure, require
from solver.equilibria import Equilibria, Rows, Status
from solver.forms.extensive import ExtensiveForm
from solver.forms.normal import Floats, NormalForm
from solver.kernels.response import collect, mark_best


@final
@dataclass(frozen=True)
class Enumeration:
    """Every pure profile, against every deviation."""

    name: ClassVar[str] = "enumeration"
    tol: float = 1e-9


@final
@dataclass(frozen=True)
class Exact:
    """The same in rational arithmetic: a tie is an equality."""

    name: ClassVar[str] = "exact"


@concept("pure-nash", NormalForm, [Enumeration, Exact])
def pure_nash(form: NormalForm, method: Enumeration | Exact) -> Equilibria:
    """All pure Nash equilibria, for any number of players.

    Parameters
    ----------
    form : NormalForm with payoffs (*B, m_1, ..., m_N), or ExtensiveForm
    method : Enumeration or Exact, optional

    Returns
    -------
    Equilibria
        Every profile in which each action is a best response up to 1e-12 of the payoff range, in
        row-major order. ``complete`` is always True; NONE_EXIST where there is none.

    Raises
    ------
    ConceptError
        For trees with bargaining.
    FormError
        For trees whose strategic form is too large.

    Notes
    -----
    Of a tree the pure equilibria of the reduced strategic form are listed as behavior strategies,
    uniform where a player cannot come given what it does itself.

    Marks best responses player by player: N · m_1 · … · m_N comparisons per game. Nothing is
    missed. The regret of each profile is recomputed from the payoffs. The exact method takes
    payoffs as they stand in a file, or else what the floats of the form stand for, and knows no
    tolerance: about 1 µs per comparison.

    References
    ----------
    J. F. Nash (1950), Equilibrium points in n-person games, PNAS 36.

    Examples
    --------
    >>> eq = pure_nash(NormalForm(payoffs=([[2, 0], [3, 1]], [[2, 3], [0, 1]])))
    >>> eq.strategies[0].tolist(), eq.payoffs.tolist()
    ([[0.0, 1.0]], [[1.0, 1.0]])
    """
    if isinstance(method, Exact):
        return _exactly(form)
    payoffs = form.flat()
    games, profiles = len(payoffs[0]), prod(form.shape)
    mask, valid = _marked(payoffs, form.shape)
    count = np.zeros(games, np.int64)

    def call(low: int, high: int, rows: NDArray[Any]) -> tuple[int, int]:
        steps = (high - low) * profiles * 10.0
        found: tuple[int, int] = run(collect, steps, mask, valid, low, high, rows, count)
        return found

    parts = gather(call, games, (), per_game=1.3, dtype=np.int32)
    status = np.where(count > 0, Status.SOLVED, Status.NONE_EXIST).astype(np.int8)
    status[~valid] = Status.INVALID_INPUT
    return Equilibria(
        form=form,
        concept="pure-nash",
        method=method.name,
        measure="regret",
        tol=method.tol,
        count=count.reshape(form.batch_shape),
        status=status.reshape(form.batch_shape),
        complete=valid.reshape(form.batch_shape),
        rows=Rows(
            lambda: one_hot(joined(parts, ()).astype(np.intp), form.shape),
            lambda rows, owner: regrets(form, rows, owner),
        ),
    )


def _exactly(form: NormalForm) -> Equilibria:
    """Every profile that no deviation improves, in fractions."""
    games = exact_games(form)
    answers = [INVALID if game is None else _exact_answer(game) for game in games]
    return exact_equilibria(form, "pure-nash", answers)


def _exact_answer(game: tuple[Any, ...]) -> ExactAnswer:
    own = [np.vectorize(Fraction, otypes=[object])(values) for values in game]
    best = [values == values.max(axis=i, keepdims=True) for i, values in enumerate(own)]
    cells = np.argwhere(np.logical_and.reduce(best))
    numbers = np.flatnonzero(np.logical_and.reduce(best))
    return ExactAnswer(
        Status.SOLVED if len(cells) else Status.NONE_EXIST,
        [tuple(map(Fraction, row)) for row in one_hot(numbers, own[0].shape).tolist()],
        [tuple(values[tuple(cell)] for values in own) for cell in cells],
        [(Fraction(0),) * len(own)] * len(cells),
        [],
    )


def _marked(
    payoffs: tuple[Floats, ...], shape: tuple[int, ...]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Mask (G, M) of the profiles in which everybody plays a best response; valid games (G,)."""
    games = len(payoffs[0])
    mask = np.empty((games, prod(shape)), np.bool_)
    valid = np.ones(games, np.bool_)
    for player, array in enumerate(payoffs):
        split = (games, prod(shape[:player]), shape[player], prod(shape[player + 1 :]))
        view, marks = array.reshape(split), mask.reshape(split)

        def work(
            low: int, high: int, player: int = player, view: Floats = view, marks: Any = marks
        ) -> None:
            steps = (high - low) * mask.shape[1] * 30.0
            run(mark_best, steps, view, low, high, player == 0, marks, valid)

        over_ranges(games, SMALLEST_RANGE, work)
    return mask, valid


@pure_nash.on(ExtensiveForm, [Enumeration, Exact])
def _of_trees(form: ExtensiveForm, method: Enumeration | Exact) -> Equilibria:
    """Trees of any number of players, through their strategic form."""
    require(form, "pure-nash")
    if isinstance(method, Exact):
        return exactly(form, "pure-nash", lambda strategic: pure_nash(strategic, method))
    return pure(form, method.name, method.tol, lambda strategic: pure_nash(strategic, method))
