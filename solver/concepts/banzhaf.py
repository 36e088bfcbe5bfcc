"""The Banzhaf value: what each player adds, on average over all coalitions of the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from solver.concepts._allocations import allocated
from solver.concepts._concept import concept
from solver.concepts._linear_values import banzhaf_weights, weighted_values
from solver.equilibria import Equilibria, Status
from solver.forms.coalition import CoalitionGame
from solver.kernels.scaling import TIE


@final
@dataclass(frozen=True)
class Raw:
    """The averages as they are: in general they do not sum to the worth of all.

    ``tol`` bounds the distance from the definition, relative to the largest worth.
    """

    name: ClassVar[str] = "raw"
    tol: float = 1e-9


@final
@dataclass(frozen=True)
class Normalised:
    """The averages scaled so that they sum to the worth of all players together."""

    name: ClassVar[str] = "normalised"
    tol: float = 1e-9


@concept("banzhaf", CoalitionGame, [Raw, Normalised])
def banzhaf(form: CoalitionGame, method: Raw | Normalised) -> Equilibria:
    """The Banzhaf value: each player's marginal contribution, averaged over all coalitions.

    Parameters
    ----------
    form : CoalitionGame over (*B)
    method : Raw or Normalised, optional
        The raw value is not efficient; the normalised one is, but not additive.

    Returns
    -------
    Equilibria
        One vector per game, no strategies. The gap is the distance from the average of marginal
        contributions, relative to the largest worth. Normalised, a game whose raw values sum to
        nothing has none (NONE_EXIST).

    Notes
    -----
    β_i = 2**(1 - N) Σ_S (v(S ∪ i) - v(S)) over the coalitions S without i; cost as `shapley`.

    References
    ----------
    J. F. Banzhaf (1965), Weighted voting does not work, Rutgers Law Review 19. P. Dubey,
    L. S. Shapley (1979), Mathematical properties of the Banzhaf power index, Math. OR 4.

    Examples
    --------
    >>> majority = CoalitionGame("abc", [0, 0, 0, 1, 0, 1, 1, 1])
    >>> banzhaf(majority).payoffs.tolist(), banzhaf(majority, "normalised").payoffs.sum().round(9)
    ([[0.5, 0.5, 0.5]], np.float64(1.0))
    """
    payoffs, gaps, status = weighted_values(form, banzhaf_weights(len(form.players)))
    if isinstance(method, Normalised):
        total, raw = form.flat()[:, -1:], payoffs.sum(axis=1, keepdims=True)
        none = (abs(raw) <= TIE * abs(payoffs).sum(axis=1, keepdims=True)) & (total != 0.0)
        share = total / np.where(raw == 0.0, 1.0, raw)
        payoffs, gaps = payoffs * share, gaps * abs(share)
        status = np.where(none[:, 0] & (status == Status.SOLVED), Status.NONE_EXIST, status)
    return allocated(
        form,
        concept="banzhaf",
        method=method.name,
        measure="definition",
        tol=method.tol,
        payoffs=payoffs,
        gaps=gaps,
        status=status.astype(np.int8),
    )
