"""Objectives that count the payoffs of others: the same game with payoffs W·π.

Player i maximises Σ_j W_ij π_j. The identity is the game as it is, all ones make a team of it, and
ownership makes what lies between: a stake in a rival, or a common owner, gives its profit a weight.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solver.errors import FormError
from solver.forms import Form, floats
from solver.forms.extensive import ExtensiveForm
from solver.forms.normal import NormalForm

Floats = NDArray[np.float64]


def weighted(form: Form, weights: ArrayLike) -> NormalForm | ExtensiveForm:
    """The same game in which each player maximises a weighted sum of all payoffs.

    Parameters
    ----------
    form : NormalForm or ExtensiveForm over (*B)
    weights : array-like (*B, N, N)
        ``weights[..., i, j]`` is what one unit of player j's payoff is worth to player i. Batch
        axes broadcast with those of the form.

    Returns
    -------
    A form of the same kind, over the common batch. Its payoffs are the objectives W·π: what the
    players earn themselves is what `solver.coopetition.own_payoffs` says. A weight that is not
    finite makes its cell invalid.

    Raises
    ------
    FormError
        For other forms, for trees in which players bargain (a payment between them is then no
        longer neutral), and for weights that are no square or do not broadcast.

    Notes
    -----
    One multiplication per payoff and weight. Equilibria do not change when a row of the weights is
    multiplied by a positive number. With equal weights everywhere every objective is the same, so
    that a profile that earns the most together is an equilibrium.

    References
    ----------
    D. P. O'Brien, S. C. Salop (2000), Competitive effects of partial ownership, Antitrust Law
    Journal 67.

    Examples
    --------
    >>> pd = NormalForm(payoffs=([[2, 0], [3, 1]], [[2, 3], [0, 1]]))
    >>> weighted(pd, [[1, 0.5], [0.5, 1]]).payoffs[0].tolist()
    [[3.0, 1.5], [3.0, 1.5]]
    """
    if not isinstance(form, NormalForm | ExtensiveForm):
        raise FormError(f"weighted takes normal and extensive games, not a {form.kind} one")
    W = _square(weights, len(form.players))
    try:
        np.broadcast_shapes(W.shape[:-2], form.batch_shape)
    except ValueError:
        raise FormError(
            f"weights have batch shape {W.shape[:-2]}, which does not broadcast with that of the"
            f" game, {form.batch_shape}"
        ) from None
    return _of_table(form, W) if isinstance(form, NormalForm) else _of_tree(form, W)


def objective_weights(ownership: ArrayLike, control: ArrayLike | None = None) -> Floats:
    """What the profit of each firm is worth to those who control another (O'Brien and Salop).

    Parameters
    ----------
    ownership : array-like (*B, N, K)
        β: the share of firm j's profit that owner k receives.
    control : array-like (*B, N, K), optional
        γ: the say of owner k in firm i; only the ratios within a firm matter. Default: as owned.

    Returns
    -------
    weights : (*B, N, N)
        w_ij = Σ_k γ_ik β_jk / Σ_k γ_ik β_ik, so one on the diagonal. Weights may exceed one. Not a
        number in the row of a firm whose profit reaches nobody who controls it: such a game is
        invalid.

    Raises
    ------
    FormError
        For arrays that do not fit each other.

    References
    ----------
    D. P. O'Brien, S. C. Salop (2000), Competitive effects of partial ownership, Antitrust Law
    Journal 67.

    Examples
    --------
    A fund holds a tenth of firm 1 and controls firm 2, of which it has a half:

    >>> objective_weights([[0.9, 0.1], [0.0, 0.5]], [[1, 0], [0, 1]]).tolist()
    [[1.0, 0.0], [0.2, 1.0]]
    """
    beta = floats("ownership", ownership)
    gamma = beta if control is None else floats("control", control)
    for name, array in (("ownership", beta), ("control", gamma)):
        if array.ndim < 2:
            raise FormError(f"{name} has shape {array.shape}: firms and owners need two axes")
    if beta.shape[-2:] != gamma.shape[-2:]:
        raise FormError(
            f"control has {gamma.shape[-2:]} firms and owners, ownership {beta.shape[-2:]}"
        )
    try:
        np.broadcast_shapes(beta.shape, gamma.shape)
    except ValueError:
        raise FormError(
            f"control of shape {gamma.shape} does not broadcast with ownership {beta.shape}"
        ) from None
    with np.errstate(all="ignore"):
        through: Floats = np.matmul(gamma, np.swapaxes(beta, -1, -2))
        weights = through / np.einsum("...ii->...i", through)[..., None]
    # A quotient by zero is infinite or none; either says the same.
    return np.where(np.isfinite(weights), weights, np.nan)


def _square(weights: ArrayLike, players: int) -> Floats:
    W = floats("weights", weights)
    if W.shape[-2:] != (players, players):
        raise FormError(
            f"weights have shape {W.shape}: {players} players need (..., {players}, {players})"
        )
    return W


def _of_table(form: NormalForm, W: Floats) -> NormalForm:
    N = len(form.players)
    over = W.reshape(W.shape[:-2] + (1,) * N + (N, N))
    with np.errstate(all="ignore"):
        payoffs = [_sum(form.payoffs, over[..., i, :]) for i in range(N)]
    return NormalForm(payoffs, form.players, form.actions)


def _of_tree(form: ExtensiveForm, W: Floats) -> ExtensiveForm:
    if len(form.tree.bargains):
        raise FormError(
            f"weighted takes no trees with bargaining, this one has {len(form.tree.bargains)} talks"
        )
    N = len(form.players)
    own = tuple(form.payoffs[..., j] for j in range(N))
    with np.errstate(all="ignore"):
        payoffs = np.stack([_sum(own, W[..., None, i, :]) for i in range(N)], axis=-1)
    return ExtensiveForm(form.tree, payoffs, form.chance)


def _sum(payoffs: tuple[Floats, ...], weights: Floats) -> Floats:
    """Σ_j weights[..., j] payoffs[j], in the order of the players."""
    total = weights[..., 0] * payoffs[0]
    for j in range(1, len(payoffs)):
        total = total + weights[..., j] * payoffs[j]
    return total
