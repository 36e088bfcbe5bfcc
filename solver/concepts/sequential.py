"""Sequential equilibria of trees: strategies with the beliefs that make them rational."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from solver.concepts._assessments import Branch, limit, require_traceable, trace
from solver.concepts._concept import concept
from solver.concepts._signalling import pure_assessments, require_signalling
from solver.equilibria import Equilibria, Rows, Status
from solver.errors import ParameterError
from solver.forms.beliefs import bayes, continuation_values, deviation_gaps
from solver.forms.extensive import ExtensiveForm, Floats

Owner = NDArray[np.intp]

#: Precision at which the branch counts as at its end, per unit of about the payoff range.
END = 3e8
#: Precision below which the beliefs off the path are not called a limit.
LEAST = 1e4


@final
@dataclass(frozen=True)
class Tracing:
    """Follow the agent logit equilibria from uniform play to their limit.

    ``tol`` bounds what a deviation at any information set gains, relative to the payoff range;
    ``max_steps`` the steps along the branch.
    """

    name: ClassVar[str] = "tracing"
    tol: float = 1e-8
    max_steps: int = 5_000

    def __post_init__(self) -> None:
        if not self.tol >= 0.0:
            raise ParameterError(f"tol = {self.tol!r} is no number of at least 0")
        if not (isinstance(self.max_steps, int | np.integer) and self.max_steps >= 1):
            raise ParameterError(f"max_steps = {self.max_steps!r} is no whole number from 1")


@final
@dataclass(frozen=True)
class PureAssessments:
    """All pure equilibria of a signalling game, each with a belief that supports it.

    ``tol`` bounds what a deviation at any information set gains, relative to the payoff range.
    """

    name: ClassVar[str] = "pure"
    tol: float = 1e-9

    def __post_init__(self) -> None:
        if not self.tol >= 0.0:
            raise ParameterError(f"tol = {self.tol!r} is no number of at least 0")


@concept("sequential", ExtensiveForm, [Tracing, PureAssessments])
def sequential(form: ExtensiveForm, method: Tracing | PureAssessments) -> Equilibria:
    """A sequential equilibrium of trees, with its beliefs; all pure ones of signalling games.

    Parameters
    ----------
    form : ExtensiveForm over (*B)
    method : Tracing or PureAssessments, optional

    Returns
    -------
    Equilibria
        ``beliefs`` (*B, K, D) holds the beliefs, information set by information set. ``gap`` is the
        most that a player gains by a deviation at one information set, on the path of play or off
        it, given its belief there; recomputed from the payoffs. ``complete`` is False: there may be
        others. By tracing there is one per game, NOT_CONVERGED if a gap exceeds ``tol`` or the
        branch was lost before its limit. The method "pure" lists all pure equilibria of a
        signalling game and none that mix; NONE_EXIST means that no pure one does.

    Raises
    ------
    ConceptError
        For a tree with bargaining stages or more than 500 actions, and from the method "pure" for
        one that is no signalling game of two players, or has too many pure profiles.

    Notes
    -----
    Limits of agent logit equilibria are sequential equilibria (McKelvey and Palfrey 1998).
    The branch that begins at uniform play is followed until the precision is 3e8 over the
    payoff range (Turocy 2010); payoffs of each player are measured by their own range. Actions
    whose probability falls to zero are then dropped and what is mixed on the path is made exactly
    indifferent. Beliefs on the path are by Bayes' rule. Off the path they are those at the end of
    the branch, which are Bayes' rule too, of a completely mixed profile: so they are consistent
    (Kreps and Wilson 1982), to about eight digits. Where ties leave a continuum of equilibria the
    limit is one of them, and often known to fewer digits.

    "pure" checks every pure profile of a tree in which nature draws a type, the sender sees it and
    sends a signal, and the receiver sees only the signal. Any beliefs off the path are consistent
    there (Fudenberg and Tirole 1991), so a signal that nobody sends may be answered by whatever is
    a best reply to some belief. The belief given is the mean of the extreme ones that support the
    answer.

    References
    ----------
    D. M. Kreps, R. Wilson (1982), Sequential equilibria, Econometrica 50.
    R. D. McKelvey, T. R. Palfrey (1998), Quantal response equilibria for extensive form games,
    Experimental Economics 1.
    T. L. Turocy (2010), Computing sequential equilibria using agent quantal response equilibria,
    Economic Theory 42.
    D. Fudenberg, J. Tirole (1991), Perfect Bayesian equilibrium and sequential equilibrium,
    J. Econ. Theory 53.

    Examples
    --------
    >>> from solver import decision, leaf, tree
    >>> entry = tree(("entrant", "incumbent"), decision("entrant", {
    ...     "enter": decision("incumbent", {"fight": leaf(-1, 0), "yield": leaf(1, 1)}),
    ...     "stay out": leaf(0, 2),
    ... }))
    >>> [strategy.tolist() for strategy in sequential(entry).strategies]
    [[[1.0, 0.0]], [[0.0, 1.0]]]
    """
    if isinstance(method, PureAssessments):
        game = require_signalling(form.tree)
        owner, profiles, beliefs = pure_assessments(form, game)
        return _answer(form, method, _Found(owner, profiles, beliefs))
    require_traceable(form, "sequential")
    branch = trace(form, END, common=False, max_steps=method.max_steps)
    return _answer(form, method, _limits(form, branch, method.tol))


@final
@dataclass(frozen=True, eq=False)
class _Found:
    """Rows: the game, behavior strategies, beliefs; games (G,) that fail whatever their gaps."""

    owner: Owner
    profiles: Floats
    beliefs: Floats
    lost: NDArray[np.bool_] | None = None


def _limits(form: ExtensiveForm, branch: Branch, tol: float) -> _Found:
    """The limit of each branch, or its last point where dropping actions leaves a gap."""
    owner = np.flatnonzero(branch.status != int(Status.INVALID_INPUT))
    logs = branch.logs[owner]
    trembling = bayes(form, logs, owner, logs=True)[0]
    profiles = limit(form, branch)[owner]
    beliefs = bayes(form, profiles, owner, otherwise=trembling)[0]
    gaps = deviation_gaps(form, profiles, beliefs, owner).max(axis=1)
    doubtful = np.flatnonzero(~(gaps <= tol))
    if doubtful.size:
        raw, games = np.exp(logs[doubtful]), owner[doubtful]
        better = deviation_gaps(form, raw, trembling[doubtful], games).max(axis=1) < gaps[doubtful]
        profiles[doubtful[better]] = raw[better]
        beliefs[doubtful[better]] = trembling[doubtful[better]]
    return _Found(owner, profiles, beliefs, branch.precision < LEAST)


def _answer(form: ExtensiveForm, method: Tracing | PureAssessments, found: _Found) -> Equilibria:
    games = len(form.flat()[0])
    gaps = deviation_gaps(form, found.profiles, found.beliefs, found.owner)
    base = form.flat()[0].min(axis=1)
    payoffs = continuation_values(form, found.profiles, found.owner, base)[:, 0]
    payoffs += base[found.owner]
    count = np.bincount(found.owner, minlength=games)
    status = np.where(count > 0, int(Status.SOLVED), int(Status.NONE_EXIST)).astype(np.int8)
    failed = found.owner[~(gaps <= method.tol).all(axis=1)]
    status[failed] = Status.NOT_CONVERGED
    if found.lost is not None:
        status[found.lost] = Status.NOT_CONVERGED
    with np.errstate(all="ignore"):
        spread = form.flat()[0].max(axis=1) - form.flat()[0].min(axis=1)
    status[~np.isfinite(spread).all(axis=1)] = Status.INVALID_INPUT
    shape = form.batch_shape
    return Equilibria(
        form=form,
        concept="sequential",
        method=method.name,
        measure="deviation at an information set",
        tol=method.tol,
        count=count.astype(np.int64).reshape(shape),
        status=status.reshape(shape),
        complete=np.zeros(shape, np.bool_),
        rows=Rows(
            lambda: found.profiles,
            lambda _rows, _owner: (payoffs, gaps),
            beliefs=lambda _rows, _owner: found.beliefs,
        ),
    )
