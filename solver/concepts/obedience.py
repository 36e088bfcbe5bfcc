"""Distributions over the cells of a game, and what players gain by disobeying them."""

from __future__ import annotations

from math import prod

import numpy as np
from numpy.typing import ArrayLike

from solver.columns import Column
from solver.concepts._obedience import measured, pattern, stacked
from solver.equilibria import Equilibria
from solver.errors import ConceptError, FormError
from solver.forms.normal import Floats, NormalForm
from solver.parameters import as_floats

#: Concepts whose strategies are no product, so that they do not say what is played jointly.
_TOLD = {"correlated", "coarse-correlated"}


def joint(equilibria: Equilibria) -> Floats:
    """The probability of each cell (*B, K, m_1, ..., m_N) in equilibria of a normal form.

    What a mediator draws from in correlated equilibria, the product of the strategies in others.
    NaN in empty slots.

    Raises
    ------
    ConceptError
        For another form, or correlated equilibria that were read back without distributions.

    Examples
    --------
    >>> from solver import nash
    >>> joint(nash(NormalForm(payoffs=([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])))).tolist()
    [[[0.25, 0.25], [0.25, 0.25]]]
    """
    form = equilibria.form
    if not isinstance(form, NormalForm):
        raise ConceptError(f"joint applies to equilibria of normal games, not of {form.kind} ones")
    rows = equilibria.rows.joint
    if rows is None:
        if equilibria.concept in _TOLD:
            raise ConceptError(f"these {equilibria.concept} equilibria came without distributions")
        rows = _product(equilibria.profiles, form.shape)
    shape = equilibria.count.shape
    dense = np.full((equilibria.count.size, equilibria.slots, prod(form.shape)), np.nan)
    if len(rows):
        filled = np.arange(equilibria.slots) < equilibria.count.ravel()[:, None]
        dense[filled] = rows
    return dense.reshape(*shape, equilibria.slots, *form.shape)


def joint_columns(equilibria: Equilibria) -> dict[str, Column]:
    """``joint`` (*B, K, m_1, ..., m_N): what `joint` gives, as a column."""
    over = tuple(f"action_{player}" for player in equilibria.form.players)
    doc = "the probability of each profile of actions"
    return {"joint": Column(joint(equilibria), ("slot", *over), doc)}


def disobedience(form: NormalForm, joint: ArrayLike, *, coarse: bool = False) -> Floats:
    """What each player gains at most (*B, N) by disobeying a distribution, in its own payoffs.

    Parameters
    ----------
    form : NormalForm with payoffs (*B, m_1, ..., m_N)
    joint : (*B, m_1, ..., m_N)
        Probabilities of the cells; batch axes broadcast.
    coarse : bool, keyword-only
        Whether a player disobeys before it is told its action, by one action for all; otherwise it
        may choose another one for each that it is told.

    Raises
    ------
    FormError
        When `joint` does not fit, or is no distribution up to 1e-9.

    Notes
    -----
    Zero in correlated equilibria, and with `coarse` in coarse correlated ones. NaN where payoffs
    are.

    References
    ----------
    R. Gibson (2013), Regret minimization in non-zero-sum games with applications to building
    champion multiplayer computer poker agents, arXiv:1305.0034, section 2.2.

    Examples
    --------
    Gibson's distribution is a coarse correlated equilibrium and no correlated one.

    >>> form = NormalForm(payoffs=([[1, 0], [0, 2], [-1, 1]], [[0, 0]] * 3))
    >>> told = [[0.5, 0], [0, 0.25], [0, 0.25]]
    >>> disobedience(form, told).tolist(), disobedience(form, told, coarse=True).tolist()
    ([0.25, 0.0], [0.0, 0.0])
    """
    given, shape = as_floats("joint", joint), form.shape
    if given.shape[max(given.ndim - len(shape), 0) :] != shape:
        raise FormError(f"joint has the shape {given.shape}: it must end with {shape}")
    axes = tuple(range(-len(shape), 0))
    if not ((given >= -1e-9).all() and (abs(given.sum(axis=axes) - 1.0) <= 1e-9).all()):
        raise FormError("joint must be probabilities that sum to one for each game")
    try:
        batch = np.broadcast_shapes(form.batch_shape, given.shape[: given.ndim - len(shape)])
    except ValueError:
        raise FormError(
            f"joint has the shape {given.shape}, payoffs {form.payoffs[0].shape}: they do not"
            " broadcast"
        ) from None
    U = stacked(form.over(batch, None))
    rows = np.ascontiguousarray(np.broadcast_to(given, batch + shape)).reshape(len(U), -1)
    _, gaps = measured(U, rows, np.arange(len(U)), pattern(shape, coarse=coarse))
    spread = U.max(axis=2) - U.min(axis=2)
    gains: Floats = gaps * np.where(spread == 0.0, 1.0, spread)
    return gains.reshape(*batch, len(form.players))


def _product(profiles: Floats, shape: tuple[int, ...]) -> Floats:
    """The products (E, cells) of strategies side by side."""
    cells = np.ones((len(profiles), 1))
    for part in np.split(profiles, np.cumsum(shape)[:-1], axis=1):
        cells = (cells[:, :, None] * part[:, None, :]).reshape(len(profiles), -1)
    return cells
