"""Extensive-form games: a tree, with payoffs at its leaves and probabilities at its chance nodes.

Batch axes lead: ``payoffs[b, l, i]`` is what player i gets at leaf l of the game b. The tree is the
same for all games of a batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solver.errors import FormError
from solver.forms import floats
from solver.forms.tree import CHANCE, LEAF, Tree

Floats = NDArray[np.float64]

#: How far probabilities may add up to something else than one.
NEARLY = 1e-9


@final
@dataclass(frozen=True, eq=False)
class ExactTree:
    """Payoffs (L, N) and probabilities (C,) of a single game as fractions."""

    payoffs: NDArray[Any]
    chance: NDArray[Any]


@final
@dataclass(frozen=True, eq=False, init=False)
class ExtensiveForm:
    """A batch of games on one tree.

    Most games are told with `tree`, `decision`, `chance` and `leaf` rather than by these arrays.

    Parameters
    ----------
    tree : Tree
    payoffs : array-like (*B, L, N)
        At each leaf: what the player has got in all, on the way and there.
    chance : array-like (*B, C), optional
        Probabilities of the branches of all chance nodes, node by node.
    weights : array-like (*B, S, N), optional
        At each bargaining node, the share of the surplus that each player gets; they add up to one
        over the parties, and to nothing for others.
    outside : array-like (*B, S, N), optional
        What each player gets by leaving the talks for good; -inf where it cannot.
    fractions : ExactTree, optional
        Exact numbers of a single game, of which the arrays are the roundings. Nobody checks that
        they are. They are lost when the form is broadcast.

    Raises
    ------
    FormError
        Where shapes do not fit the tree, or probabilities or weights are wrong in every game of
        the batch; where they are wrong in some, those become invalid.

    Examples
    --------
    >>> from solver import decision, leaf, tree
    >>> form = tree(("Ann", "Bob"), decision("Ann", {"in": leaf(2, 1), "out": leaf(1, 3)}))
    >>> form.payoffs.shape, form.batch_shape
    ((2, 2), ())
    """

    kind: ClassVar[str] = "extensive"
    tree: Tree
    payoffs: Floats
    chance: Floats
    weights: Floats
    outside: Floats
    fractions: ExactTree | None

    def __init__(  # noqa: PLR0913
        self,
        tree: Tree,
        payoffs: ArrayLike,
        chance: ArrayLike | None = None,
        *,
        weights: ArrayLike | None = None,
        outside: ArrayLike | None = None,
        fractions: ExactTree | None = None,
    ) -> None:
        stages = (len(tree.bargains), len(tree.players))
        cores = {
            "payoffs": (len(tree.leaves), len(tree.players)),
            "chance": (tree.chances,),
            "weights": stages,
            "outside": stages,
        }
        given = {
            "payoffs": payoffs,
            "chance": np.zeros(0) if chance is None else chance,
            "weights": np.zeros((0, stages[1])) if weights is None else weights,
            "outside": np.full(stages, -np.inf) if outside is None else outside,
        }
        arrays = {name: floats(name, value) for name, value in given.items()}
        for name, core in cores.items():
            if arrays[name].shape[max(0, arrays[name].ndim - len(core)) :] != core:
                raise FormError(
                    f"{name} have shape {arrays[name].shape}: the tree needs {('...', *core)}"
                )
        batches = {n: a.shape[: a.ndim - len(cores[n])] for n, a in arrays.items()}
        try:
            batch = np.broadcast_shapes(*batches.values())
        except ValueError:
            shapes = ", ".join(f"{name} {shape}" for name, shape in batches.items())
            raise FormError(f"batch shapes do not broadcast: {shapes}") from None
        object.__setattr__(self, "tree", tree)
        object.__setattr__(self, "fractions", fractions)
        for name, array in arrays.items():
            object.__setattr__(self, name, np.broadcast_to(array, batch + cores[name]))
        invalid = _misfits(self)
        if invalid.any():
            object.__setattr__(self, "payoffs", _erased(self.payoffs, invalid))

    @property
    def players(self) -> tuple[str, ...]:
        """Names of the players."""
        return self.tree.players

    @property
    def actions(self) -> tuple[tuple[str, ...], ...]:
        """Per player, one name per action of each information set."""
        return self.tree.actions

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """Shape of the leading axes; ``()`` for a single game."""
        return self.payoffs.shape[:-2]

    def over(
        self, batch_shape: tuple[int, ...], invalid: NDArray[np.bool_] | None
    ) -> ExtensiveForm:
        """Broadcast to `batch_shape`, with NaN payoffs in the elements marked `invalid`."""
        if batch_shape == self.batch_shape and invalid is None:
            return self
        payoffs = np.broadcast_to(self.payoffs, batch_shape + self.payoffs.shape[-2:])
        if invalid is not None:
            payoffs = _erased(payoffs, invalid)
        return ExtensiveForm(
            self.tree, payoffs, self.chance, weights=self.weights, outside=self.outside
        )

    def flat(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Payoffs (G, L, N), chance (G, C), weights and outside (G, S, N); views where possible."""
        games = int(np.prod(self.batch_shape))
        core = {"payoffs": 2, "chance": 1, "weights": 2, "outside": 2}
        parts = []
        for name, axes in core.items():
            array = getattr(self, name)
            # Leaf-major arrays stay as they are: the batch is merged on its own axes.
            lead = np.moveaxis(array, range(-axes, 0), range(axes))
            merged = lead.reshape(*lead.shape[:axes], games)
            parts.append(np.moveaxis(merged, range(axes), range(-axes, 0)))
        return parts[0], parts[1], parts[2], parts[3]

    def chance_of_leaves(self) -> Floats:
        """(*B, L): the product of the probabilities of chance on the way to each leaf."""
        tree, games = self.tree, self.batch_shape
        reach = [np.ones(())] * tree.size
        for v in range(1, tree.size):
            p = tree.parent[v]
            reach[v] = reach[p]
            if tree.mover[p] == CHANCE:
                reach[v] = reach[p] * self.chance[..., tree.chance_start[p] + tree.choice[v]]
        leaves = [np.broadcast_to(reach[v], games) for v in tree.leaves]
        return np.stack(leaves, axis=-1)

    def exact_chance_of_leaves(self) -> list[Fraction]:
        """The same as fractions, of a single game."""
        assert self.fractions is not None  # noqa: S101
        tree, reach = self.tree, [Fraction(1)] * self.tree.size
        for v in range(1, tree.size):
            p = tree.parent[v]
            reach[v] = reach[p]
            if tree.mover[p] == CHANCE:
                reach[v] *= self.fractions.chance[tree.chance_start[p] + tree.choice[v]]
        return [reach[v] for v in tree.leaves]


def _misfits(form: ExtensiveForm) -> NDArray[np.bool_]:
    """Games whose probabilities or weights cannot be; FormError where no game has good ones."""
    tree, bad = form.tree, np.zeros(form.batch_shape, np.bool_)
    for v, start in enumerate(tree.chance_start.tolist()):
        if start < 0:
            continue
        part = form.chance[..., start : start + len(tree.children[v])]
        with np.errstate(invalid="ignore"):
            fits = (part >= 0.0).all(axis=-1) & (np.abs(part.sum(axis=-1) - 1.0) <= NEARLY)
        bad |= _wrong(form, v, fits, "probabilities", part, "none negative, one in all")
    for s, v in enumerate(tree.bargains.tolist()):
        part = form.weights[..., s, :]
        others = [i for i in range(len(tree.players)) if i not in tree.parties[s]]
        with np.errstate(invalid="ignore"):
            fits = (part >= 0.0).all(axis=-1) & (np.abs(part.sum(axis=-1) - 1.0) <= NEARLY)
            fits &= (part[..., others] == 0.0).all(axis=-1)
        bad |= _wrong(form, v, fits, "weights", part, "none negative, one in all for the parties")
        outside = form.outside[..., s, :]
        fits = np.asarray((outside < np.inf).all(axis=-1))
        bad |= _wrong(form, v, fits, "outside options", outside, "finite, or -inf for none")
    return bad


def _wrong(  # noqa: PLR0913, PLR0917
    form: ExtensiveForm, v: int, fits: NDArray[np.bool_], name: str, part: Floats, rule: str
) -> NDArray[np.bool_]:
    if part.size and not fits.any():
        first = part.reshape(-1, part.shape[-1])[0]
        if form.batch_shape or np.isfinite(first).all():
            shown = ", ".join(f"{value:g}" for value in first)
            raise FormError(f"tree at {form.tree.path(v)}: {name} {shown}: {rule}")
    return np.asarray(~fits)


def _erased(payoffs: Floats, invalid: NDArray[np.bool_]) -> Floats:
    """NaN payoffs where `invalid`; the leaves stay the slowest axes in memory."""
    lead = np.moveaxis(payoffs, (-2, -1), (0, 1))
    return np.moveaxis(np.where(invalid, np.nan, lead), (0, 1), (-2, -1))


def leaf_probabilities(form: ExtensiveForm, behavior: Floats, owner: NDArray[np.intp]) -> Floats:
    """(E, L): how likely each leaf is under rows (E, W) of behavior strategies.

    ``owner`` is the number of the game of each row in the flattened batch. At bargaining nodes the
    parties count as agreed.
    """
    return np.stack([p for v, p in _arrivals(form, behavior, owner) if _ends(form, v)], axis=-1)


def reached(form: ExtensiveForm, behavior: Floats, owner: NDArray[np.intp]) -> NDArray[np.bool_]:
    """(E, W): whether the information set of each action is reached with positive probability."""
    tree = form.tree
    found = np.zeros(behavior.shape, np.bool_)
    for v, probability in _arrivals(form, behavior, owner):
        h = tree.infoset[v]
        if h >= 0:
            found[:, tree.column[h] : tree.column[h + 1]] |= (probability > 0.0)[:, None]
    return found


def _ends(form: ExtensiveForm, v: int) -> bool:
    return form.tree.mover[v] == LEAF


def _arrivals(
    form: ExtensiveForm, behavior: Floats, owner: NDArray[np.intp]
) -> Iterator[tuple[int, Floats]]:
    """Every node in preorder with its probability (E,) under rows of behavior strategies."""
    tree = form.tree
    chance = form.flat()[1]
    reach: list[Any] = [np.ones(len(behavior))] + [None] * (tree.size - 1)
    yield 0, reach[0]
    for v in range(1, tree.size):
        p, k = tree.parent[v], int(tree.choice[v])
        mover = tree.mover[p]
        if mover == CHANCE:
            reach[v] = reach[p] * chance[owner, tree.chance_start[p] + k]
        elif mover >= 0:
            reach[v] = reach[p] * behavior[:, tree.column[tree.infoset[p]] + k]
        else:
            reach[v] = reach[p] * (k == 0)
        yield v, reach[v]
        if v == tree.children[p][-1]:
            reach[p] = None  # what is done with makes room
        if tree.mover[v] == LEAF:
            reach[v] = None
