"""The value of a threat: the same game with an option and without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solver.concepts import default, find
from solver.errors import ParameterError, unknown
from solver.forms.normal import Floats
from solver.game import Game
from solver.parameters import Bound, as_floats


@final
@dataclass(frozen=True, eq=False)
class ThreatValue:
    """What an option changes, under each of C concepts. NaN where either game has no answer.

    Attributes
    ----------
    concepts, players : tuple of str
        What the axes C and N stand for.
    with_option, without : (*B, C, N) float
        Payoffs in the two games, of the first equilibrium where there are several.
    status_with, status_without : (*B, C) int
        Members of `Status`.
    units : (*B) float or None
        What payoffs are divided by to get values per unit.
    """

    concepts: tuple[str, ...]
    players: tuple[str, ...]
    with_option: Floats
    without: Floats
    status_with: NDArray[np.int8]
    status_without: NDArray[np.int8]
    units: Floats | None

    @property
    def total(self) -> Floats:
        """(*B, C, N): what each player gains by the option being there."""
        gain: Floats = self.with_option - self.without
        return gain

    @property
    def per_unit(self) -> Floats:
        """(*B, C, N): the same per unit, in the unit of a price."""
        if self.units is None:
            raise ParameterError("threat_value was not told what a unit is: give per=...")
        gain: Floats = self.total / self.units[..., None, None]
        return gain

    def of(self, concept: str, player: str) -> Floats:
        """(*B): what one player gains in total under one concept."""
        for subject, name, names in (
            ("concept", concept, self.concepts),
            ("player", player, self.players),
        ):
            if name not in names:
                raise ParameterError(unknown(f"{subject} of this value", name, names))
        gain: Floats = self.total[..., self.concepts.index(concept), self.players.index(player)]
        return gain


def threat_value(
    game: Game,
    without: Mapping[str, float],
    concepts: Sequence[str] = (),
    *,
    per: str | None = None,
    **given: ArrayLike,
) -> ThreatValue:
    """What it is worth to the players that an option exists, whether or not it is used.

    Parameters
    ----------
    game : Game
    without : mapping of str to float
        Values of parameters that switch the option off, such as ``{"nre": np.inf}``. Infinity is
        taken where the parameter has no bound on that side. These replace values in `given`.
    concepts : sequence of str, optional
        Names of concepts; by default the one that solves the game's form when none is named.
    per : str, keyword-only, optional
        The parameter that counts units, such as ``"volume"``.
    **given : float or array-like
        Parameters of the game, broadcast as everywhere.

    Raises
    ------
    ParameterError
        For an unknown parameter, or a value outside its interval.
    ConceptError
        For a concept that is unknown or does not apply.

    Notes
    -----
    The game is solved twice under each concept. The answer depends on the concept: a disagreement
    payoff moves the Nash bargaining solution everywhere, an outside option moves nothing until it
    binds. So it is always an answer per concept, never one number.

    Examples
    --------
    >>> from games import bargain
    >>> names = ("nash-bargaining", "outside-option")
    >>> worth = threat_value(bargain, {"nre": np.inf}, names, per="volume", value=60.0, nre=1000.0)
    >>> worth.per_unit[:, 1].round(3).tolist()  # what the customer saves on each unit
    [28.98, 26.1]
    """
    here = game.bind(**given)
    gone = switched(game, without, given, here)
    forms = game.form(here), game.form(gone)
    chosen = [find(name) for name in concepts] or [default(forms[0])]
    answers = [[concept(form) for concept in chosen] for form in forms]
    payoffs = [np.stack([eq.first(eq.payoffs) for eq in found], axis=-2) for found in answers]
    status = [np.stack([eq.status for eq in found], axis=-1) for found in answers]
    units = None
    if per is not None:
        if per not in here.values:
            raise ParameterError(unknown(f"parameter of game {game.name}", per, here.values))
        units = np.broadcast_to(here.values[per], here.batch_shape)
    return ThreatValue(
        concepts=tuple(concept.name for concept in chosen),
        players=forms[0].players,
        with_option=payoffs[0],
        without=payoffs[1],
        status_with=status[0],
        status_without=status[1],
        units=units,
    )


def switched(
    game: Game, without: Mapping[str, float], given: Mapping[str, ArrayLike], here: Bound
) -> Bound:
    """The values with an option switched off, over the batch of those with it.

    Parameters are as in `threat_value`; `here` holds the values with the option.
    """
    if not without:
        raise ParameterError("without = {}: name the parameter that switches the option off")
    values = {name: as_floats(name, value) for name, value in without.items()}
    ends = {name: value for name, value in values.items() if _open_end(game, name, value)}
    inside = {name: value for name, value in values.items() if name not in ends}
    kept = {name: value for name, value in given.items() if name not in without}
    bound = game.bind(**kept, **inside)
    invalid = bound.invalid
    if invalid is not None:
        invalid = np.broadcast_to(invalid, here.batch_shape)
    return Bound(bound.values | ends, here.batch_shape, invalid)


def _open_end(game: Game, name: str, value: Floats) -> bool:
    """Whether the value is an infinity to which the parameter's interval reaches."""
    parameter = game.parameter(name)
    if value.ndim:
        raise ParameterError(f"without: {name} has shape {value.shape}, one number is needed")
    end = float(value)
    return parameter is not None and np.isinf(end) and end in {parameter.low, parameter.high}
