"""Hypothesis strategies for games: a mixture of families that break solvers in different ways.

A family is named by `kind`:

- ``generic``: no ties, with probability one (integers plus fixed noise, so that draws shrink);
- ``ties``: payoffs 0 to 3, degenerate more often than not;
- ``close``: the same plus multiples of a millionth, where a loose tolerance sees ties;
- ``huge``, ``tiny``: ``ties`` times 1e9 or 1e12, and times 1e-9, where an absolute tolerance fails;
- ``shifted``: ``ties`` plus 1e12, where differences vanish unless payoffs are centred.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

import numpy as np

from solver.errors import ParameterError, unknown
from solver.forms.normal import Floats, NormalForm

try:
    from hypothesis import strategies as st
    from hypothesis.extra.numpy import arrays
except ImportError as error:
    raise ImportError(
        "solver.testing.strategies needs hypothesis: pip install 'coopet[testing]'"
    ) from error

Shape = tuple[int, ...]


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
        Draw from one family only: a key of `KINDS`.

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

    """
    for name, (low, high) in (("players", players), ("actions", actions)):
        if not 1 <= low <= high:
            raise ParameterError(f"{name} = ({low}, {high}) is not a range of positive numbers")
    if kind is not None and kind not in KINDS:
        raise ParameterError(unknown("kind of game", kind, KINDS))
    kinds = list(KINDS) if kind is None else [kind]
    sizes = st.integers(*players).flatmap(lambda n: st.tuples(*[st.integers(*actions)] * n))
    return st.tuples(st.sampled_from(kinds), sizes).flatmap(
        lambda drawn: KINDS[drawn[0]]((len(drawn[1]), *batch, *drawn[1])).map(_form)
    )


def _form(payoffs: Floats) -> NormalForm:
    return NormalForm(tuple(payoffs))


def _ties(shape: Shape) -> st.SearchStrategy[Floats]:
    return arrays(np.float64, shape, elements=st.integers(0, 3))


def _generic(shape: Shape) -> st.SearchStrategy[Floats]:
    whole = arrays(np.float64, shape, elements=st.integers(-9, 9))
    noise = st.integers(0, 9999).map(lambda seed: np.random.default_rng(seed).random(shape))
    return st.tuples(whole, noise).map(lambda parts: parts[0] + parts[1])


def _close(shape: Shape) -> st.SearchStrategy[Floats]:
    return st.tuples(_ties(shape), _ties(shape)).map(lambda p: p[0] + p[1] * 2.0**-20)


def _huge(shape: Shape) -> st.SearchStrategy[Floats]:
    return st.tuples(_ties(shape), st.sampled_from([1e9, 1e12])).map(lambda p: p[0] * p[1])


def _tiny(shape: Shape) -> st.SearchStrategy[Floats]:
    return _ties(shape).map(lambda payoffs: payoffs * 1e-9)


def _shifted(shape: Shape) -> st.SearchStrategy[Floats]:
    return _ties(shape).map(lambda payoffs: payoffs + 1e12)


#: Family of games by name: from the shape (N, *B, m_1, ..., m_N) to payoffs of that shape.
KINDS: MappingProxyType[str, Callable[[Shape], st.SearchStrategy[Floats]]] = MappingProxyType(
    {
        "ties": _ties,
        "generic": _generic,
        "close": _close,
        "huge": _huge,
        "tiny": _tiny,
        "shifted": _shifted,
    }
)
