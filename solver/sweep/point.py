"""One point of a game as a Dataset: for pictures of a single game."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from solver.errors import ParameterError
from solver.forms.extensive import ExtensiveForm
from solver.game import Game
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
        As `sweep` returns it. For a game that is a tree also ``leaf_payoff`` over ``leaf`` and
        ``player``, ``chance_probability`` over ``chance_branch``, and the tree itself as JSON text
        in the attribute ``tree``: what the view ``tree`` draws.

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
    form = game.form(game.bind(**values))
    if not isinstance(form, ExtensiveForm):
        return dataset
    found = dataset.assign(
        leaf_payoff=(("leaf", "player"), form.payoffs),
        chance_probability=("chance_branch", form.chance),
    )
    found.attrs["tree"] = json.dumps(_topology(form))
    return found


def _topology(form: ExtensiveForm) -> dict[str, Any]:
    tree = form.tree
    return {
        "parent": tree.parent,
        "mover": tree.mover,
        "infoset": tree.infoset,
        "branch": tree.branch,
        "names": tree.names,
        "infosets": [[h.player, h.label, len(h.actions)] for h in tree.infosets],
    }
