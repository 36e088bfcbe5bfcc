"""A sweep of `build_tree`: from parameters to certified equilibria, against plain recursion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring import rate
from benchmarks.registry import Case, CheckError, Results, Side, Sizes, register
from games import build_tree
from solver import Equilibria, ExtensiveForm, subgame_perfect
from solver.forms.tree import CHANCE, LEAF, Tree

Floats = NDArray[np.float64]


@final
@dataclass(frozen=True, eq=False)
class Points:
    """Values of every parameter, drawn from its plausible range; how many the peer is given."""

    values: dict[str, Floats]
    count: int
    sample: int

    def form(self, count: int) -> ExtensiveForm:
        """The first `count` games."""
        bound = build_tree.bind(**{name: value[:count] for name, value in self.values.items()})
        made = build_tree.form(bound)
        assert isinstance(made, ExtensiveForm)
        return made


def _make(sizes: Sizes, number: int) -> Points:
    random, count = np.random.default_rng(number), sizes["points"]
    values = {}
    for p in build_tree.parameters:
        known = p.calibration
        low, high = (known.low, known.high) if known else (0.5 * p.default, 1.5 * p.default)
        values[p.name] = random.uniform(low, high, count)
    return Points(values, count, sizes["recursion"])


def _recursion(given: Points) -> Floats:
    """Payoffs at the root, a game after the other."""
    form = given.form(given.sample)
    payoffs, chance = (part.tolist() for part in form.flat()[:2])
    tree = form.tree
    number = {int(v): k for k, v in enumerate(tree.leaves)}
    return np.array([_value(tree, 0, number, *each) for each in zip(payoffs, chance, strict=True)])


def _value(
    tree: Tree, v: int, number: dict[int, int], leaves: list[list[float]], chance: list[float]
) -> list[float]:
    if tree.mover[v] == LEAF:
        return leaves[number[v]]
    below = [_value(tree, c, number, leaves, chance) for c in tree.children[v]]
    if tree.mover[v] == CHANCE:
        odds = chance[int(tree.chance_start[v]) :]
        return [
            sum(p * u[i] for p, u in zip(odds, below, strict=False)) for i in range(len(below[0]))
        ]
    return max(below, key=lambda u: u[tree.mover[v]])


def _check(_case: Case, results: Results) -> list[str]:
    expected = results[PLAIN.name, 1]
    tied = 0
    for threads in OURS.threads:
        eq: Equilibria = results[OURS.name, threads]
        if not eq.complete.all() or (eq.count < 1).any():
            raise CheckError("some game is not solved completely")
        first = np.searchsorted(eq.owner, np.arange(len(expected)))
        got = eq.row_values[0][first]
        sure = eq.count.ravel()[: len(expected)] == 1
        tied = int((eq.count > 1).sum())
        off = np.abs(got - expected)[sure].max() / np.abs(expected).max()
        if off > 1e-12:
            raise CheckError(f"payoffs differ from plain recursion by {off:.1e}")
    return [f"{tied} games have ties"]


OURS = Side(
    name="build and subgame_perfect",
    measure=rate(lambda given: subgame_perfect(given.form(given.count)), lambda g: g.count),
    threads=(1, 2),
)
PLAIN = Side(name="plain Python recursion", measure=rate(_recursion, lambda g: g.sample))

register(
    Case(
        name="build-tree",
        summary="points of build_tree, 26 leaves, from parameters to certified equilibria",
        unit="points/s",
        sizes={"points": 1_000_000, "recursion": 2_000, "rounds": 3},
        smoke={"points": 2_000, "recursion": 100, "rounds": 2},
        make=_make,
        ours=(OURS,),
        peers=(PLAIN,),
        check=_check,
    )
)
