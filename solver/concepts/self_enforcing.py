"""Cooperation that enforces itself: a repeated game with trigger strategies."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from solver.concepts._concept import concept
from solver.concepts._matrix_games import require_tolerance
from solver.concepts._rows import one_hot, regrets
from solver.concepts._triggers import Trigger, highest, trigger
from solver.equilibria import Equilibria, Rows, Status
from solver.errors import ConceptError, ParameterError, unknown
from solver.forms.normal import Floats, NormalForm
from solver.kernels.scaling import TIE

Flags = NDArray[np.bool_]
Profile = str | tuple[str | int, ...]

PROFILES = ("team", "best", "all")


@final
@dataclass(frozen=True)
class NashReversion:
    """Who gains by deviating is punished for good by its worst equilibrium of the stage game.

    ``discount`` is the common factor δ in [0, 1). ``profile`` says what is to be sustained:
    ``"team"``, the profiles that earn the most together; ``"best"``, those of all that can be
    sustained that earn the most; ``"all"`` that can be; or one action, by name or number, per
    player. ``tol`` bounds the gain from deviating, relative to the payoff range.
    """

    name: ClassVar[str] = "nash-reversion"
    discount: float = 0.9
    profile: Profile = "team"
    tol: float = 1e-9

    def __post_init__(self) -> None:
        """Refuse what is no discount factor, profile or tolerance."""
        _require(self.discount, self.profile, self.tol)


@final
@dataclass(frozen=True)
class Minmax:
    """The same with the harshest punishment there is: what the others can hold a player to.

    Nothing more can be sustained. The punishers themselves may want to stop: without more
    elaborate strategies this is an equilibrium of the repeated game, but no subgame-perfect one.
    """

    name: ClassVar[str] = "minmax"
    discount: float = 0.9
    profile: Profile = "team"
    tol: float = 1e-9

    def __post_init__(self) -> None:
        """Refuse what is no discount factor, profile or tolerance."""
        _require(self.discount, self.profile, self.tol)


@final
@dataclass(frozen=True, eq=False)
class CriticalDiscount:
    """How patient players must be, NaN where the input is invalid.

    Attributes
    ----------
    discount : (*B) float
        δ*: the least common discount factor that sustains the profile. Zero if it is an
        equilibrium of the stage game, infinite if no factor below one is enough.
    by_player : (*B, N) float
        The same for each player alone; δ* is the largest.
    actions : (*B, N) int
        The profile.
    cooperation, deviation, punishment : (*B, N) float
        Per period: at the profile, from the best deviation, and once punished (infinite where no
        punishment was found, which happens with three and more players only).
    proven : (*B) bool
        Whether no punishment of this kind is harsher, so that δ* is not only enough but needed.
    """

    discount: Floats
    by_player: Floats
    actions: NDArray[np.intp]
    cooperation: Floats
    deviation: Floats
    punishment: Floats
    proven: Flags


@concept("self-enforcing", NormalForm, [NashReversion, Minmax])
def self_enforcing(form: NormalForm, method: NashReversion | Minmax) -> Equilibria:
    """Cooperation that the threat to end it sustains, if players are patient enough.

    Parameters
    ----------
    form : NormalForm with payoffs (*B, m_1, ..., m_N)
        The stage game, played in every period.
    method : NashReversion or Minmax, optional
        With the discount factor, by default 0.9, and the profiles to sustain, by default those
        that earn the most together.

    Returns
    -------
    Equilibria
        The pure profiles asked for that can be sustained, with their payoffs per period;
        NONE_EXIST where none can. ``gap`` is what a player gains by deviating once, relative to
        its payoff range. ``complete`` where it is proven that no other profile belongs here.
        `critical_discount` gives the factor from which on a profile holds.

    Notes
    -----
    With c, d, p for payoffs from cooperating, from the best deviation, and once punished, a player
    stays if c ≥ (1 - δ) d + δ p. A deviation from which nobody gains is not punished. Under
    Nash reversion, who deviated decides which equilibrium follows, so that each player faces the
    one that is worst for it; the strategies are subgame-perfect. With two players that is the
    worst of all equilibria, mixed ones included. With more, only pure ones are looked at, and the
    minmax of `Minmax` is that of pure actions: harsher punishments may exist, ``complete`` is
    False where a profile failed for want of them. Profiles are the same in every period: paths
    that alternate, and optimal penal codes, may sustain more. It costs the equilibria of the
    stage game, and N·m_1·…·m_N comparisons. Gains below 1e-12 of the range count as none.

    References
    ----------
    J. W. Friedman (1971), A non-cooperative equilibrium for supergames, Rev. Econ. Studies 38.
    D. Abreu (1988), On the theory of infinitely repeated games with discounting, Econometrica 56.

    Examples
    --------
    >>> pd = NormalForm(payoffs=([[2, 0], [3, 1]], [[2, 3], [0, 1]]))
    >>> self_enforcing(pd, NashReversion(discount=0.6)).payoffs.tolist()
    [[2.0, 2.0]]
    >>> int(self_enforcing(pd, NashReversion(discount=0.4)).count)
    0
    """
    wanted = _numbers(form, method.profile)
    found = trigger(form, method.name)
    holds = (found.overall <= method.discount + TIE) & found.valid[:, None]
    asked = _asked(found, wanted)
    kept = holds & asked
    if method.profile == "best":
        among = np.where(holds, found.total, -np.inf)
        kept = holds & highest(found.total, among)
    owner, profiles = np.nonzero(kept)
    rows = one_hot(profiles, form.shape)
    payoffs, gaps = _certified(form, rows, owner, found, method.discount)
    count = kept.sum(axis=1)
    status = np.where(count > 0, Status.SOLVED, Status.NONE_EXIST).astype(np.int8)
    status[owner[~(gaps <= method.tol).all(axis=1)]] = Status.NOT_CONVERGED
    status[~found.valid] = Status.INVALID_INPUT
    whole = (found.punishment.harshest | ~(asked & ~holds).any(axis=1)) & (
        (status == int(Status.SOLVED)) | (status == int(Status.NONE_EXIST))
    )
    shape = form.batch_shape
    return Equilibria(
        form=form,
        concept="self-enforcing",
        method=method.name,
        measure="gain from one deviation",
        tol=method.tol,
        count=count.astype(np.int64).reshape(shape),
        status=status.reshape(shape),
        complete=whole.reshape(shape),
        rows=Rows(lambda: rows, lambda *_: (payoffs, gaps)),
    )


def critical_discount(
    form: NormalForm, profile: Profile = "team", *, punishment: str = "nash-reversion"
) -> CriticalDiscount:
    """The discount factor from which on a profile enforces itself, δ*.

    Parameters
    ----------
    form : NormalForm over (*B)
        The stage game.
    profile : "team" or tuple, optional
        What is to be sustained: the profile that earns the most together, of several the one that
        needs the least patience; or one action, by name or number, per player.
    punishment : "nash-reversion" or "minmax", optional
        See `self_enforcing`.

    Raises
    ------
    ConceptError
        For another profile or punishment, or an action that the game does not have.

    Notes
    -----
    δ*_i = (d_i - c_i)/(d_i - p_i) where deviating gains and the punishment hurts, 0 where it gains
    nothing, infinite where the punishment does not hurt.

    Examples
    --------
    >>> pd = NormalForm(payoffs=([[2, 0], [3, 1]], [[2, 3], [0, 1]]))
    >>> float(critical_discount(pd).discount)
    0.5
    """
    if profile in {"best", "all"}:
        raise ConceptError(f"critical_discount takes team or one profile, not {profile!r}")
    wanted = _numbers(form, profile)
    with np.errstate(all="ignore"):
        found = trigger(form, punishment)
    return critical(form, found, wanted)


def critical(form: NormalForm, found: Trigger, wanted: int | None) -> CriticalDiscount:
    """The entries of `found` at the profile of that number, or at the team's."""
    need = np.where(_asked(found, wanted), found.overall, np.nan)
    # Above every need, infinite ones included: not a profile that was asked for.
    order = np.where(np.isnan(need), 2.0, np.minimum(need, 1.5))
    at = order.argmin(axis=1)
    g = np.arange(len(at))
    flat = form.flat()
    actions = np.unravel_index(at, form.shape)
    cooperation = np.stack([a.reshape(len(a), prod(form.shape))[g, at] for a in flat], axis=-1)
    deviation = np.stack(
        [
            np.moveaxis(a, 1 + i, -1)[(g, *actions[:i], *actions[i + 1 :])].max(axis=-1)
            for i, a in enumerate(flat)
        ],
        axis=-1,
    )
    shape, blank = form.batch_shape, np.where(found.valid, 0.0, np.nan)
    one, each = shape, (*shape, len(flat))
    return CriticalDiscount(
        discount=(found.overall[g, at] + blank).reshape(one),
        by_player=(found.discounts[g, :, at] + blank[:, None]).reshape(each),
        actions=np.stack(actions, axis=-1).reshape(each),
        cooperation=(cooperation + blank[:, None]).reshape(each),
        deviation=(deviation + blank[:, None]).reshape(each),
        punishment=(found.punishment.payoffs + blank[:, None]).reshape(each),
        proven=(found.punishment.harshest & found.valid).reshape(one),
    )


def _asked(found: Trigger, wanted: int | None) -> Flags:
    """Mask (G, M) of the profiles to sustain; `wanted` is a number, -1 for all, None for team."""
    if wanted is None:
        return found.team
    asked = np.zeros_like(found.team)
    asked[:, slice(None) if wanted < 0 else wanted] = True
    return asked


def _numbers(form: NormalForm, profile: Profile) -> int | None:
    """The number of the profile, -1 for all of them, None for the team's."""
    if isinstance(profile, str):
        return -1 if profile == "all" else None
    if len(profile) != len(form.players):
        raise ConceptError(
            f"profile = {profile!r} has {len(profile)} actions for {len(form.players)} players"
        )
    numbers = []
    for player, names, action in zip(form.players, form.actions, profile, strict=True):
        if isinstance(action, str):
            if action not in names:
                raise ConceptError(unknown(f"action of {player}", action, names))
            numbers.append(names.index(action))
        elif 0 <= action < len(names):
            numbers.append(int(action))
        else:
            raise ConceptError(
                f"{player} has no action {action}: choose from 0 to {len(names) - 1}"
            )
    return int(np.ravel_multi_index(tuple(numbers), form.shape))


def _certified(
    form: NormalForm, rows: Floats, owner: NDArray[np.intp], found: Trigger, discount: float
) -> tuple[Floats, Floats]:
    """Payoffs, and by how much deviating pays, from the regret of the stage game."""
    payoffs, regret = regrets(form, rows, owner)
    flat = [a.reshape(len(a), prod(form.shape)) for a in form.flat()]
    spread = np.stack([np.ptp(a, axis=1) for a in flat], axis=-1)[owner]
    scale = np.where(spread > 0.0, spread, 1.0)
    hurt = (payoffs - found.punishment.payoffs[owner]) / scale
    pays = np.where(regret > TIE, (1.0 - discount) * regret - discount * hurt, 0.0)
    return payoffs, np.maximum(pays, 0.0)


def _require(discount: float, profile: Profile, tol: float) -> None:
    if not 0.0 <= discount < 1.0:
        raise ParameterError(f"discount = {discount!r} lies outside [0, 1)")
    if isinstance(profile, str) and profile not in PROFILES:
        raise ConceptError(unknown("profile", profile, PROFILES))
    require_tolerance(tol)
