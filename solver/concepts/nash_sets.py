"""How the equilibria of a two-player game hang together, and the index of each component."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.concepts._exact import affordable, component_indices, exact_game
from solver.concepts._rows import SMALLEST_RANGE
from solver.equilibria import NO_INDEX, Equilibria, Integers, Status
from solver.errors import ConceptError
from solver.exact import components, extreme_equilibria, maximal_bicliques
from solver.exact.subsets import Groups
from solver.forms.normal import Floats, NormalForm
from solver.kernels.index import index_of

Slots = NDArray[np.intp]
#: Probabilities closer than this are the same when floats are matched with fractions.
CLOSE = 1e-9


def equilibrium_sets(
    form: NormalForm, status: NDArray[np.int8], profiles: Floats, owner: NDArray[np.intp]
) -> tuple[Integers, Integers]:
    """Component within its game, and the index of that component, of each row of profiles.

    In TRUNCATED games the components are those of the list, which is not whole.

    Isolated equilibria have their own index, in closed form. A component of several is solved
    exactly, by its perturbation; its index is NO_INDEX where the ties of the game are ties of
    rounded numbers only.
    """
    rows = np.arange(len(owner))
    first = np.searchsorted(owner, owner)
    component: Integers = rows - first
    index = np.empty(len(owner), np.int64)
    A, B = form.flat()

    def work(low: int, high: int) -> None:
        steps = (high - low) * 100.0
        run(index_of, steps, A, B, profiles, owner, low, high, index)

    over_ranges(len(owner), SMALLEST_RANGE, work)
    codes = status.ravel()[owner]
    index[codes == Status.TRUNCATED] = NO_INDEX  # of what was not found, some may be connected
    for g, members in groupby(np.flatnonzero(codes != Status.SOLVED).tolist(), owner.__getitem__):
        own = np.array(list(members))
        _connect(profiles[own], form.shape[0], own, component)
        if status.ravel()[g] == Status.DEGENERATE:
            _settle(exact_game(form, g), profiles[own], own, component, index)
    return component, index


def nash_subsets(equilibria: Equilibria, game: int = 0) -> Groups | None:
    """Maximal Nash subsets of one game: which of its equilibria may be mixed with each other.

    Parameters
    ----------
    equilibria : Equilibria
        What `nash` returned.
    game : int
        Number of the game in the flattened batch.

    Returns
    -------
    tuple of tuple of int, or None
        Slots of the equilibria at the corners of each subset. A subset is a product of two
        polytopes: any mixture of its x with any mixture of its y is an equilibrium, and there are
        no others. An isolated equilibrium is a subset alone. None beyond 10,000 subsets of a game
        with ties, and where the list of equilibria is not complete.

    Raises
    ------
    ConceptError
        For another concept, whose equilibria do not combine like this.

    Notes
    -----
    The maximal bicliques of the graph that joins x and y for each extreme equilibrium, in time
    proportional to their number times that of vertices (Winkels 1979; Avis, Rosenberg, Savani and
    von Stengel 2010).

    Examples
    --------
    >>> from solver import NormalForm, nash
    >>> nash_subsets(nash(NormalForm([[[1, 1], [1, 0]], [[1, 1], [1, 0]]])))
    ((0, 1), (0, 2))
    """
    if equilibria.concept != "nash":
        raise ConceptError(f"nash_subsets takes equilibria of nash, not of {equilibria.concept}")
    if not equilibria.complete.ravel()[game]:
        return None
    if equilibria.status.ravel()[game] == Status.SOLVED:
        return tuple((k,) for k in range(int(equilibria.count.ravel()[game])))
    m = equilibria.form.shape[0] if isinstance(equilibria.form, NormalForm) else 0
    own = equilibria.profiles[equilibria.owner == game]
    return maximal_bicliques(list(zip(_numbers(own[:, :m]), _numbers(own[:, m:]), strict=True)))


def _connect(profiles: Floats, m: int, members: Slots, component: Integers) -> None:
    """Write the components of one game: equilibria that share a strategy are connected."""
    pairs = list(zip(_numbers(profiles[:, :m]), _numbers(profiles[:, m:]), strict=True))
    for c, group in enumerate(components(pairs)):
        component[members[list(group)]] = c


def _settle(
    game: tuple[Any, ...], profiles: Floats, members: Slots, component: Integers, index: Integers
) -> None:
    """Write the indices of the exact solution, if it has the same equilibria and components."""
    index[members] = NO_INDEX
    found = extreme_equilibria(*game, max_vertices=affordable(np.shape(game[0])))
    if not found.complete or len(found.strategies) != len(members):
        return
    m = len(found.strategies[0][0])
    x, y = (np.array(part, float) for part in zip(*found.strategies, strict=True))
    own_x, own_y = _counterparts(profiles[:, :m], x), _counterparts(profiles[:, m:], y)
    if own_x is None or own_y is None:
        return
    theirs = zip(_numbers(x), _numbers(y), strict=True)
    exact = dict(zip(theirs, component_indices(found), strict=True))
    pairs = list(zip(own_x, own_y, strict=True))
    if exact.keys() != set(pairs):
        return
    number: dict[int, int] = {}  # components are numbered in the order of the rows
    sets = [exact[pair] for pair in pairs]
    if [number.setdefault(c, len(number)) for c, _ in sets] == component[members].tolist():
        index[members] = [value for _, value in sets]


def _counterparts(strategies: Floats, exact: Floats) -> list[int] | None:
    """The number, among the different rows of `exact`, of the one close to each strategy.

    None unless each different strategy is close to one of them, and no two to the same.
    """
    own, numbers = np.unique(strategies, axis=0, return_inverse=True)
    other = np.unique(exact, axis=0)
    near = np.ones((len(own), len(other)), np.bool_)
    for c in range(own.shape[1]):
        near &= np.abs(own[:, c, None] - other[:, c]) <= CLOSE
    if (near.sum(axis=0) != 1).any() or (near.sum(axis=1) != 1).any():
        return None
    return list(near.argmax(axis=1)[numbers.ravel()].tolist())


def _numbers(strategies: Floats) -> list[int]:
    """A number for each row; equal rows have equal ones."""
    return list(np.unique(strategies, axis=0, return_inverse=True)[1].ravel().tolist())
