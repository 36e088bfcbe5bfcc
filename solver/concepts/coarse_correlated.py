"""Coarse correlated equilibria: nobody gains by staying away from the mediator."""

from __future__ import annotations

from solver.concepts._concept import concept
from solver.concepts._correlated import solve
from solver.concepts._objectives import Cvxpy, Highs, MostEntropy, Simplex
from solver.equilibria import Equilibria
from solver.forms.normal import NormalForm

__all__ = ["Cvxpy", "Highs", "MostEntropy", "Simplex", "coarse_correlated"]


@concept("coarse-correlated", NormalForm, [Simplex, Highs, Cvxpy, MostEntropy])
def coarse_correlated(
    form: NormalForm, method: Simplex | Highs | Cvxpy | MostEntropy
) -> Equilibria:
    """The coarse correlated equilibrium that is best for an objective.

    Parameters
    ----------
    form : NormalForm with payoffs (*B, m_1, ..., m_N)
    method : Simplex, Highs, Cvxpy or MostEntropy, optional
        With an ``objective`` as for `correlated`.

    Returns
    -------
    Equilibria
        One for each game, described as those of `correlated` are; ``gap`` is what a player gains
        at most by playing one action instead, whatever the others are told.

    Raises
    ------
    ParameterError
        For an objective that the game does not have.
    ConceptError
        Where the package of the method is not installed.

    Notes
    -----
    A player decides whether to obey before it is told anything (Moulin and Vial 1978). There are
    m_1 + ... + m_N inequalities, fewer and weaker than those of correlated equilibria, all of which
    are coarse. Play without regret leads there (Hannan 1957), and may put weight on dominated
    actions. Solved as `correlated` is.

    References
    ----------
    H. Moulin, J.-P. Vial (1978), Strategically zero-sum games: the class of games whose completely
    mixed equilibria cannot be improved upon, Int. J. Game Theory 7.
    J. Hannan (1957), Approximation to Bayes risk in repeated play, Contributions to the Theory of
    Games 3.

    Examples
    --------
    Who commits before being told can be kept from the worst cells, which correlated equilibria of
    this game cannot avoid: they give the two players one unit together.

    >>> import numpy as np
    >>> A = np.array([[0, 1, 0], [0, 0, 2], [0, 0, 0]])
    >>> coarse_correlated(NormalForm(payoffs=(A, A.T))).payoffs.sum(axis=-1).round(6).tolist()
    [2.0]
    """
    return solve("coarse-correlated", form, method, coarse=True)
