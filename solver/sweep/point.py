"""One point of a game as a Dataset: for pictures of a single game."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from solver.errors import ParameterError
from solver.game import Game
from solver.sweep.picturing import pictured
from solver.sweep.run import sweep

if TYPE_CHECKING:
    import xarray as xr

    from solver.concepts._concept import Concept, Method


def point(
    game: Game,
    *,
    concept: str | Concept | None = None,
    method: Method | str | None = None,
    add: str | Iterable[str] = (),
    **values: float,
) -> xr.Dataset:
    """Solve a game at one point, and label the answer as a sweep without axes would.

    Parameters
    ----------
    game : Game
    concept, method : optional
        By default the first concept that applies to the game's form.
    add : str or iterable of str, optional
        Sets of columns to add, as for `sweep`.
    **values : float
        Parameters; the others have their default.

    Returns
    -------
    xarray.Dataset
        As `sweep` returns it, with what pictures need of the form beside: for a tree its leaves
        and its topology, for a bargain its frontier, for a coalition game its worths. See
        `solver.sweep.picturing.pictured`.

    Raises
    ------
    ParameterError
        For an unknown name, a value outside its interval, or an array.
    """
    for name, value in values.items():
        if hasattr(value, "__len__"):
            raise ParameterError(f"{name} = {value!r}: a point has one number per parameter")
    given: dict[str, Any] = dict(values)
    dataset = sweep(game, concept=concept, method=method, add=add, **given)
    variables, attributes = pictured(game.form(game.bind(**values)))
    return dataset.assign(variables).assign_attrs(attributes)
