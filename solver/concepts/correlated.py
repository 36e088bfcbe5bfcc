"""Correlated equilibria: what players do who are told what to play, and do as they are told."""

from __future__ import annotations

from solver.concepts._concept import concept
from solver.concepts._correlated import solve
from solver.concepts._objectives import Cvxpy, Highs, MostEntropy, Simplex
from solver.equilibria import Equilibria
from solver.forms.normal import NormalForm

__all__ = ["Cvxpy", "Highs", "MostEntropy", "Simplex", "correlated"]


@concept("correlated", NormalForm, [Simplex, Highs, Cvxpy, MostEntropy])
def correlated(form: NormalForm, method: Simplex | Highs | Cvxpy | MostEntropy) -> Equilibria:
    """The correlated equilibrium that is best for an objective.

    Parameters
    ----------
    form : NormalForm with payoffs (*B, m_1, ..., m_N)
    method : Simplex, Highs, Cvxpy or MostEntropy, optional
        Its ``objective`` is "welfare" (the default), "least-welfare", "egalitarian" (the smallest
        payoff of any player), "player-1" or 1 and so on, or a tuple of weights, one for each
        player; with Cvxpy also "entropy". The method "entropy" maximises that.

    Returns
    -------
    Equilibria
        One for each game: a distribution over the cells. ``joint(equilibria)`` gives it;
        ``strategies`` are what each player does by itself, of which the distribution is no
        product. ``gap`` is what a player gains at most by disobeying, relative to the range of its
        payoffs, or the distance from the optimum if that is larger, relative to the range of the
        objective over the cells (egalitarian: the largest range of a player who may be the one
        with the least). ``complete`` is False, since other equilibria may be as good. A game is
        NOT_CONVERGED where ``gap`` is above ``tol``: payoffs that differ by 1e-8 of the range and
        less can do that.

    Raises
    ------
    ParameterError
        For an objective that the game does not have.
    ConceptError
        Where the package of the method is not installed.

    Notes
    -----
    A mediator draws a cell and tells each player its own action; in an equilibrium nobody gains by
    playing another one, given what it was told (Aumann 1974, 1987). The set is a polytope of
    m_1(m_1 - 1) + ... + m_N(m_N - 1) inequalities, and contains all Nash equilibria. The dual
    simplex method starts from the best cell, with ties broken lexicographically; weak duality
    bounds the distance from the optimum. Random 3×3 games take about a microsecond and two
    pivots, 5×5 four microseconds and five, and zero-sum games ten times as many pivots. The
    objective of zero-sum games is constant, and any equilibrium may be given.

    The largest entropy is found from the dual, by Newton's method along a central path of some
    thirty steps, each of which factors a matrix with a row per inequality: about 0.1 ms for 3×3
    games and 2 ms for 5×5.

    References
    ----------
    R. J. Aumann (1974), Subjectivity and correlation in randomized strategies, J. Math. Economics
    1.
    R. J. Aumann (1987), Correlated equilibrium as an expression of Bayesian rationality,
    Econometrica 55.
    C. H. Papadimitriou, T. Roughgarden (2008), Computing correlated equilibria in multi-player
    games, J. ACM 55.

    Examples
    --------
    Chicken: the traffic light that never lets both go is worth more than any Nash equilibrium.

    >>> from solver.concepts.obedience import joint
    >>> eq = correlated(NormalForm(payoffs=([[6, 2], [7, 0]], [[6, 7], [2, 0]])))
    >>> eq.payoffs.round(6).tolist(), joint(eq).round(6).tolist()
    ([[5.25, 5.25]], [[[0.5, 0.25], [0.25, 0.0]]])
    """
    return solve("correlated", form, method, coarse=False)
