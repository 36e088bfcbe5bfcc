"""The same game under several concepts, side by side in one Dataset."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solver.concepts import CONCEPTS, PLAYERS, find
from solver.concepts._concept import Concept
from solver.coopetition.threat import switched
from solver.errors import ConceptError
from solver.forms import Form
from solver.game import Game
from solver.parameters import as_floats
from solver.sweep.axes import given
from solver.sweep.cells import evaluate
from solver.sweep.design import Grid
from solver.sweep.design import cells as number_of_cells
from solver.sweep.picturing import pictured
from solver.sweep.run import sweep

if TYPE_CHECKING:
    import xarray as xr

#: Forms whose concepts are compared when none is named: each takes little time.
QUICK = frozenset({"bargaining", "coalition"})
#: Attributes of a sweep that belong to its concept.
OWN = ("concept", "method", "measure", "tol")


def compare(
    game: Game,
    concepts: Sequence[str] = (),
    *,
    without: Mapping[str, float] | None = None,
    design: Grid | None = None,
    **values: ArrayLike,
) -> xr.Dataset:
    """Solve a game under several concepts, at a point or along axes.

    Parameters
    ----------
    game : Game
    concepts : sequence of str, optional
        Names of concepts, in the order wanted. By default, for a bargain or a coalition game, all
        that apply.
    without : mapping of str to float, keyword-only, optional
        Values of parameters that switch an option off, such as ``{"nre": np.inf}``: the game is
        then solved a second time with these in place of its own, see `solver.threat_value`.
    design : Grid, keyword-only, optional
        Axes with their scales, in place of arrays.
    **values : float or array-like
        Parameters: a one-dimensional array makes an axis, a number fixes.

    Returns
    -------
    xarray.Dataset
        As `sweep` returns it, with a first dimension ``concept``; slots that a concept does not
        fill are NaN. The method of each stands as JSON in the attribute ``methods``. With
        `without`, also ``<outcome>_without`` and ``payoff_without``, the latter over ``player``.
        At a point also what pictures need of the form, see `solver.sweep.picturing.pictured`.

    Raises
    ------
    ParameterError, AxisError
        Before anything is solved.
    ConceptError
        For a concept that is unknown, named twice or does not apply, or where none is named and
        the form is of another kind.

    Examples
    --------
    >>> from games import bargain
    >>> ds = compare(bargain, ("nash-bargaining", "outside-option"), nre=np.array([0.0, 3000.0]))
    >>> ds.price.values.round(2).tolist()
    [[14.32, 18.52], [16.6, 22.6]]
    """
    arrays = {name: as_floats(name, value) for name, value in values.items()}
    axes = tuple(given(name, value) for name, value in arrays.items() if value.ndim)
    grid = design or Grid(axes)
    fixed: dict[str, Any] = {n: float(value) for n, value in arrays.items() if value.ndim == 0}
    first = {name: found[0] for name, found in grid.values(0, 1).items()}
    form = game.form(game.bind(**{**first, **fixed}))
    chosen = _chosen(game, form, concepts)
    found = [sweep(game, concept=concept, design=grid, **fixed) for concept in chosen]
    made = _stacked(found, [concept.name for concept in chosen])
    if without:
        made = made.assign(_switched_off(game, chosen, without, grid, fixed))
    if not grid.axes:
        variables, attributes = pictured(game.form(game.bind(**fixed)))
        made = made.assign(variables).assign_attrs(attributes)
    return made


def _chosen(game: Game, form: Form, names: Sequence[str]) -> list[Concept]:
    """The concepts of these names, or all that apply."""
    for name in names:
        if list(names).count(name) > 1:
            raise ConceptError(f"concept {name} is named twice")
    if names:
        return [find(name) for name in names]
    if form.kind not in QUICK:
        raise ConceptError(
            f"game {game.name} is of kind {form.kind}: name the concepts that are to be compared"
        )
    players = len(form.players)
    fitting = [name for name in CONCEPTS if players == PLAYERS.get(name, players)]
    return [concept for concept in map(find, fitting) if concept.applies(form)]


def _stacked(found: Sequence[xr.Dataset], names: Sequence[str]) -> xr.Dataset:
    """Datasets of the same axes as one, with slots filled up."""
    import xarray as xr  # noqa: PLC0415  0.9 s, paid by those who read a sweep

    first = found[0]
    slots = max(dataset.sizes["slot"] for dataset in found)
    shared = [name for name in first.data_vars if all(name in dataset for dataset in found)]
    variables = {}
    for name in shared:
        parts = [_filled(dataset[name], slots) for dataset in found]
        variables[name] = (("concept", *first[name].dims), np.stack(parts), first[name].attrs)
    labels = [json.loads(dataset["regime"].attrs["labels"]) for dataset in found]
    union = list(dict.fromkeys(label for each in labels for label in each))
    dims, regimes, _ = variables["regime"]
    variables["regime"] = (dims, regimes, {"labels": json.dumps(union)})
    attributes = {name: value for name, value in first.attrs.items() if name not in OWN}
    methods = {n: dataset.attrs["method"] for n, dataset in zip(names, found, strict=True)}
    coordinates = {"concept": list(names), **first.coords}
    return xr.Dataset(variables, coordinates, {**attributes, "methods": json.dumps(methods)})


def _filled(variable: xr.DataArray, slots: int) -> NDArray[Any]:
    """The values, with NaN in slots that this concept does not have."""
    values: NDArray[Any] = variable.values
    if "slot" not in variable.dims:
        return values
    at = variable.dims.index("slot")
    missing = [(0, slots - n if k == at else 0) for k, n in enumerate(values.shape)]
    return np.pad(values, missing, constant_values=np.nan)


def _switched_off(
    game: Game,
    concepts: Sequence[Concept],
    without: Mapping[str, float],
    grid: Grid,
    fixed: Mapping[str, float],
) -> dict[str, Any]:
    """Outcomes and payoffs of the same cells without the option."""
    flat: dict[str, Any] = {**fixed, **grid.values(0, number_of_cells(grid))}
    gone = switched(game, without, flat, game.bind(**flat))
    cells = [evaluate(game, gone, concept) for concept in concepts]
    dims, shape = ("concept", *grid.dimensions), (len(cells), *grid.shape)
    units = game.units or {}
    made: dict[str, Any] = {}
    for name in cells[0].outcomes:
        values = np.stack([found.outcomes[name] for found in cells]).reshape(shape)
        made[f"{name}_without"] = (dims, values, {"units": units.get(name, "1")})
    solved = [found.equilibria for found in cells]
    payoffs = np.stack([eq.first(eq.payoffs) for eq in solved])
    made["payoff_without"] = ((*dims, "player"), payoffs.reshape(*shape, payoffs.shape[-1]))
    return made
