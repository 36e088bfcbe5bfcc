"""Logit quantal response equilibria: players that err, and less often where it costs more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from solver.concepts._assessments import require_traceable, trace
from solver.concepts._concept import concept
from solver.concepts._logit_normal import MEASURE, Stacked, assemble
from solver.concepts._logit_normal import trace as trace_normal
from solver.equilibria import Equilibria, Rows, Status
from solver.errors import ParameterError
from solver.forms.beliefs import action_values, bayes, continuation_values
from solver.forms.extensive import ExtensiveForm, Floats
from solver.forms.normal import NormalForm

Owner = NDArray[np.intp]


@final
@dataclass(frozen=True)
class Tracing:
    """Follow the principal branch from uniform play to the precision wanted.

    ``precision`` is lambda, per unit of payoff: with payoffs in $M, 2.0 means that an action worth
    $1M more is e^2 times as likely. Another unit of money needs another precision. ``tol`` bounds
    how far any probability is from the logit response; ``max_steps`` the steps along the branch.
    """

    name: ClassVar[str] = "tracing"
    precision: float = 1.0
    tol: float = 1e-9
    max_steps: int = 5_000

    def __post_init__(self) -> None:
        if not 0.0 <= self.precision < np.inf:
            raise ParameterError(f"precision = {self.precision!r} lies outside [0, inf)")
        if not self.tol >= 0.0:
            raise ParameterError(f"tol = {self.tol!r} is no number of at least 0")
        if not (isinstance(self.max_steps, int | np.integer) and self.max_steps >= 1):
            raise ParameterError(f"max_steps = {self.max_steps!r} is no whole number from 1")


@concept("logit", ExtensiveForm, [Tracing])
def logit(form: ExtensiveForm, method: Tracing) -> Equilibria:
    """The logit equilibrium at a given precision on the principal branch; of trees, by agents.

    Parameters
    ----------
    form : NormalForm with payoffs (*B, m_1, ..., m_N), or ExtensiveForm over (*B)
    method : Tracing, optional

    Returns
    -------
    Equilibria
        One per game, completely mixed, of trees with beliefs by Bayes' rule. It is no Nash
        equilibrium, and ``gap`` is not a regret: it is the largest distance of a probability of
        the player from its logit response, recomputed from the payoffs. ``complete`` is True only
        where a normal form is proven to have no other at this precision. NOT_CONVERGED if
        the branch could not be followed to the end, or is known to fewer digits than ``tol``: the
        probabilities are then those where it stopped.

    Raises
    ------
    ConceptError
        For a tree with bargaining stages, and for more than 500 actions in all.

    Notes
    -----
    The log-odds of two actions are the precision times the difference of what they are worth,
    given that all others err in the same way. At an information set of a tree that is given
    beliefs by Bayes' rule, and that the player itself errs at its other sets. Precision is per unit
    of payoff: of payoffs a thousand times as large, take a thousandth. At precision 0 play is
    uniform. From there one branch leads, in almost all games, to every precision; it is followed by
    arclength with a predictor along the tangent and a Newton corrector, all in log-probabilities,
    through turning points (Turocy 2005, 2010). If it turns, the first point at the precision is
    given; `logit_branch` tells where. In games with symmetries branches may cross; then it is
    followed straight on, where play is symmetric. A step solves as many linear equations as there
    are actions. Rounding limits what is known at precision times payoff range above 1e5 or so.

    In normal forms, where logit responses are a contraction, there is no other equilibrium and
    Newton's method goes there at once. The total variation of the response of a player varies by at
    most c = precision times d / 4 per unit of that of another one, with d how much the advantage of
    one of its actions over another can vary with what others do. With two players it takes
    c_1 c_2 < 1, with more that the sum of c / (1 + c) is below one.

    References
    ----------
    R. D. McKelvey, T. R. Palfrey (1995), Quantal response equilibria for normal form games, Games
    Econ. Behav. 10.
    R. D. McKelvey, T. R. Palfrey (1998), Quantal response equilibria for extensive form games,
    Experimental Economics 1.
    T. L. Turocy (2005), A dynamic homotopy interpretation of the logistic quantal response
    equilibrium correspondence, Games Econ. Behav. 51.
    T. L. Turocy (2010), Computing sequential equilibria using agent quantal response equilibria,
    Economic Theory 42.

    Examples
    --------
    >>> from solver import decision, leaf, tree
    >>> form = tree(("Ann",), decision("Ann", {"left": leaf(1), "right": leaf(0)}))
    >>> logit(form, Tracing(precision=2.0)).strategies[0].round(3).tolist()  # e^2 to 1
    [[0.881, 0.119]]
    >>> game = NormalForm(payoffs=([[9, 0], [0, 1]], [[0, 1], [1, 0]]))
    >>> logit(game, Tracing(precision=1.0)).strategies[0].round(3).tolist()
    [[0.894, 0.106]]
    """
    require_traceable(form, "logit")
    branch = trace(form, method.precision, common=True, max_steps=method.max_steps)
    status = branch.status
    owner = np.flatnonzero(status != int(Status.INVALID_INPUT))
    logs = branch.logs[owner]
    believed = bayes(form, logs, owner, logs=True)[0]
    profiles = np.exp(logs)
    gaps = response_gaps(form, profiles, believed, owner, method.precision)
    base = form.flat()[0].min(axis=1)
    payoffs = continuation_values(form, profiles, owner, base)[:, 0] + base[owner]
    status[owner[~(gaps <= method.tol).all(axis=1)]] = Status.NOT_CONVERGED
    shape = form.batch_shape
    return Equilibria(
        form=form,
        concept="logit",
        method=method.name,
        measure=MEASURE,
        tol=method.tol,
        count=(status != int(Status.INVALID_INPUT)).astype(np.int64).reshape(shape),
        status=status.reshape(shape),
        complete=np.zeros(shape, np.bool_),
        rows=Rows(
            lambda: profiles,
            lambda _rows, _owner: (payoffs, gaps),
            beliefs=lambda _rows, _owner: believed,
        ),
    )


@logit.on(NormalForm, [Tracing])
def _of_normal_forms(form: NormalForm, method: Tracing) -> Equilibria:
    """Each player as one agent."""
    stacked = Stacked.of(form, "logit")
    targets = np.full((len(stacked.payoffs), 1), float(method.precision))
    found = trace_normal(stacked, targets, method.max_steps)
    return assemble(form, stacked, found, targets, method.tol)


def response_gaps(
    form: ExtensiveForm, profiles: Floats, beliefs: Floats, owner: Owner, precision: float
) -> Floats:
    """(E, N): how far probabilities are from the logit response to what actions are worth."""
    tree = form.tree
    base = form.flat()[0].min(axis=1)
    worth = action_values(form, profiles, beliefs, owner, base)
    gaps = np.zeros((len(profiles), len(form.players)))
    for h, infoset in enumerate(tree.infosets):
        span = slice(int(tree.column[h]), int(tree.column[h + 1]))
        own = worth[:, span] - worth[:, span].max(axis=1, keepdims=True)
        response = np.exp(precision * own)
        response /= response.sum(axis=1, keepdims=True)
        distance = np.abs(response - profiles[:, span]).max(axis=1)
        np.maximum(gaps[:, infoset.player], distance, out=gaps[:, infoset.player])
    return gaps
