"""The Shapley value: what each player adds, on average over all orders of arrival."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from solver.concepts._allocations import allocated, exact_worths, exactly_allocated
from solver.concepts._concept import concept
from solver.concepts._linear_values import shapley_weights, weighted_values
from solver.equilibria import Equilibria, Status
from solver.exact.coalition import exact_shapley
from solver.forms.coalition import CoalitionGame


@final
@dataclass(frozen=True)
class Table:
    """One pass over the table of worths, in floats.

    ``tol`` bounds the distance from the definition, relative to the largest worth.
    """

    name: ClassVar[str] = "table"
    tol: float = 1e-9


@final
@dataclass(frozen=True)
class Exact:
    """Rational arithmetic, one game after the other."""

    name: ClassVar[str] = "exact"


@concept("shapley", CoalitionGame, [Table, Exact])
def shapley(form: CoalitionGame, method: Table | Exact) -> Equilibria:
    """The Shapley value: each gets its marginal contribution, averaged over all orders.

    Parameters
    ----------
    form : CoalitionGame over (*B)
    method : Table or Exact, optional

    Returns
    -------
    Equilibria
        One allocation per game, no strategies. The gap is the distance from the weighted sum of
        marginal contributions, player by player, relative to the largest worth. Complete: the
        value exists and is unique.

    Notes
    -----
    φ_i = Σ_S |S|! (N - |S| - 1)!/N! · (v(S ∪ i) - v(S)) over the coalitions S without i. Worths
    are weighted once by the sizes of coalitions and folded player by player, about 2**(N + 3)
    operations per game; the certificate is the definition, a product with a matrix of N · 2**N.
    With stand-alone worths far above the synergies, these are computed first, so that they keep
    their digits.

    References
    ----------
    L. S. Shapley (1953), A value for n-person games, Contributions to the Theory of Games II.

    Examples
    --------
    >>> glove = CoalitionGame(("left", "right", "also right"), [0, 0, 0, 1, 0, 1, 0, 1])
    >>> shapley(glove).payoffs.round(4).tolist()
    [[0.6667, 0.1667, 0.1667]]
    >>> [str(x) for x in shapley(glove, "exact").rows.exact.payoffs[0]]
    ['2/3', '1/6', '1/6']
    """
    if isinstance(method, Exact):
        answers = [
            (Status.INVALID_INPUT, None)
            if worths is None
            else (Status.SOLVED, exact_shapley(worths))
            for worths in exact_worths(form)
        ]
        return exactly_allocated(form, concept="shapley", measure="definition", answers=answers)
    payoffs, gaps, status = weighted_values(form, shapley_weights(len(form.players)))
    return allocated(
        form,
        concept="shapley",
        method=method.name,
        measure="definition",
        tol=method.tol,
        payoffs=payoffs,
        gaps=gaps,
        status=status,
    )
