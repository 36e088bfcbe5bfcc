"""Hypothesis strategies for games: a mixture of families that break solvers in different ways.

`families` lists them and says what each of them breaks.
"""

from __future__ import annotations

from solver.errors import ParameterError, unknown
from solver.forms.normal import Floats, NormalForm

try:
    from hypothesis import strategies as st

    from solver.testing._numbers import Shape
    from solver.testing.families import KINDS, SQUARE
except ImportError as error:
    raise ImportError(
        "solver.testing.strategies needs hypothesis: pip install 'coopet[testing]'"
    ) from error

__all__ = ["KINDS", "bimatrix_games", "normal_forms"]


def bimatrix_games(
    *, actions: tuple[int, int] = (1, 4), batch: Shape = (), kind: str | None = None
) -> st.SearchStrategy[NormalForm]:
    """Draw games of two players.

    Parameters
    ----------
    actions : (int, int)
        Least and most actions of each player, both included.
    batch : tuple of int
        Batch shape of the form: every element is a game of the same family and size.
    kind : str, optional
        Draw from one family only: a key of `KINDS`, described in `families`.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(bimatrix_games(actions=(3, 3), kind="ties"))
    ... def test_three_by_three(form):
    ...     assert (3, 3) == form.shape

    """
    return normal_forms(players=(2, 2), actions=actions, batch=batch, kind=kind)


def normal_forms(
    *,
    players: tuple[int, int] = (2, 3),
    actions: tuple[int, int] = (1, 3),
    batch: Shape = (),
    kind: str | None = None,
) -> st.SearchStrategy[NormalForm]:
    """Draw games with `players` players, least and most; see `bimatrix_games` for the rest.

    Raises
    ------
    ParameterError
        For an unknown family, or a range without a positive whole number in it.

    Notes
    -----
    Games shrink towards one action each, payoffs of zero, and the family ``ties``.

    """
    for name, (low, high) in (("players", players), ("actions", actions)):
        if not 1 <= low <= high:
            raise ParameterError(f"{name} = ({low}, {high}) is not a range of positive numbers")
    if kind is not None and kind not in KINDS:
        raise ParameterError(unknown("kind of game", kind, KINDS))
    kinds = list(KINDS) if kind is None else [kind]
    return st.tuples(st.sampled_from(kinds), st.integers(*players)).flatmap(
        lambda drawn: _sizes(*drawn, actions).flatmap(
            lambda sizes: KINDS[drawn[0]]((drawn[1], *batch, *sizes)).map(_form)
        )
    )


def _sizes(kind: str, players: int, actions: tuple[int, int]) -> st.SearchStrategy[Shape]:
    """How many actions each player has."""
    sizes = st.tuples(*[st.integers(*actions)] * players)
    # All are drawn in any case, for no family may look simpler than ``ties`` when it shrinks.
    return sizes.map(lambda drawn: drawn[:1] * players) if kind in SQUARE else sizes


def _form(payoffs: Floats) -> NormalForm:
    return NormalForm(tuple(payoffs))
