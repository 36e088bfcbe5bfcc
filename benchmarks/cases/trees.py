"""Backward induction over a batch of trees, against NumPy level by level and plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import final

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring import rate
from benchmarks.registry import Case, CheckError, Results, Side, Sizes, Target, register
from solver import Equilibria, subgame_perfect
from solver._threads import over_ranges
from solver.forms.extensive import ExtensiveForm
from solver.forms.tree import LEAF, Infoset, Tree

Floats = NDArray[np.float64]
#: Root values (trees, 2), and what is chosen at each node of a level, the root first.
Swept = tuple[Floats, list[NDArray[np.bool_]]]


@final
@dataclass(frozen=True, eq=False)
class Batch:
    """Games on a binary tree in which two players move in turn; how many the peers are given."""

    form: ExtensiveForm
    depth: int
    numpy: int
    python: int


@cache
def binary(depth: int) -> Tree:
    """The binary tree whose nodes at even depth are the first player's."""
    parent, level, branch = [-1], [0], [""]
    waiting = [(0, "b"), (0, "a")] if depth else []
    while waiting:
        above, label = waiting.pop()
        v = len(parent)
        parent.append(above)
        branch.append(label)
        level.append(level[above] + 1)
        if level[v] < depth:
            waiting += [(v, "b"), (v, "a")]
    mover = [k % 2 if k < depth else LEAF for k in level]
    order = [v for i in range(2) for v, m in enumerate(mover) if m == i]
    infoset = [-1] * len(parent)
    for h, v in enumerate(order):
        infoset[v] = h
    sets = tuple(Infoset(mover[v], str(v), ("a", "b")) for v in order)
    return Tree(
        ("first", "second"), tuple(parent), tuple(mover), tuple(infoset), tuple(branch), sets
    )


def _make(sizes: Sizes, number: int) -> Batch:
    depth, trees = sizes["depth"], sizes["trees"]
    payoffs = np.random.default_rng(number).random((2**depth, 2, trees))
    # In memory as `solver.tree` makes them: the batch is the fastest axis.
    form = ExtensiveForm(binary(depth), np.moveaxis(payoffs, -1, 0))
    return Batch(form, depth, sizes["numpy"], sizes["python"])


def _level_sweep(payoffs: Floats, depth: int) -> tuple[Floats, list[NDArray[np.bool_]]]:
    """One tree (L, 2): all nodes of a level at once, from the last level up."""
    values, choices = payoffs, []
    for level in range(depth - 1, -1, -1):
        pairs = values.reshape(-1, 2, 2)
        right = pairs[:, 1, level % 2] > pairs[:, 0, level % 2]
        values = np.where(right[:, None], pairs[:, 1], pairs[:, 0])
        choices.append(right)
    return values[0], choices[::-1]


def _numpy(given: Batch) -> Swept:
    # Each tree by itself in memory, as that is fastest here; the copy is not timed: see `_rows`.
    roots, first = [], None
    for tree in _rows(given)[: given.numpy]:
        root, choices = _level_sweep(tree, given.depth)
        roots.append(root)
        first = first or choices
    return np.array(roots), first or []


_copies: dict[int, tuple[Batch, Floats]] = {}


def _rows(given: Batch) -> Floats:
    """The payoffs that the peers read, (trees, L, 2) one tree after the other."""
    return _copies[id(given)][1]


def _prepared(sizes: Sizes, number: int) -> Batch:
    made = _make(sizes, number)
    _copies.clear()
    _copies[id(made)] = (made, np.ascontiguousarray(made.form.payoffs[: made.numpy]))
    return made


def _recursion(payoffs: list[list[float]], low: int, high: int, level: int) -> list[float]:
    if high - low == 1:
        return payoffs[low]
    middle = (low + high) // 2
    left = _recursion(payoffs, low, middle, level + 1)
    right = _recursion(payoffs, middle, high, level + 1)
    return right if right[level % 2] > left[level % 2] else left


def _python(given: Batch) -> Floats:
    lists = _rows(given)[: given.python].tolist()
    return np.array([_recursion(each, 0, len(each), 0) for each in lists])


def _read(given: Batch) -> float:
    """Add up the payoffs, which is the least that anyone has to read."""
    flat = np.moveaxis(given.form.payoffs, 0, -1).reshape(-1)
    return sum(over_ranges(len(flat), 100_000, lambda low, high: float(flat[low:high].sum())))


def _check(_case: Case, results: Results) -> list[str]:
    roots, choices = results[NUMPY.name, 1]
    plain = results[PYTHON.name, 1]
    for threads in OURS.threads:
        eq: Equilibria = results[OURS.name, threads]
        if eq.status.any() or (eq.count != 1).any():
            raise CheckError("random payoffs have no ties, but some game is not solved")
        tree = eq.form.tree  # type: ignore[attr-defined]
        profile = eq.profiles[0].reshape(-1, 2)
        depth_of = np.zeros(tree.size, np.int64)
        for v in range(1, tree.size):
            depth_of[v] = depth_of[tree.parent[v]] + 1
        infoset = np.array(tree.infoset)
        for level, right in enumerate(choices):
            here = infoset[(depth_of == level) & (infoset >= 0)]
            if (profile[here, 1] != right).any():
                raise CheckError(f"choices at level {level} differ from those of {NUMPY.name}")
        values = eq.rows.values(eq.profiles[: len(roots)], eq.owner[: len(roots)])
        if (values[0] != roots).any() or (values[0][: len(plain)] != plain).any():
            raise CheckError("values at the root differ")
    return []


def _leaves(given: Batch, trees: int) -> float:
    return 2.0**given.depth * trees


OURS = Side(
    name="solver.subgame_perfect",
    measure=rate(
        lambda given: subgame_perfect(given.form),
        lambda given: _leaves(given, len(given.form.payoffs)),
    ),
    threads=(1, 2),
)
NUMPY = Side(
    name="NumPy, level by level", measure=rate(_numpy, lambda given: _leaves(given, given.numpy))
)
PYTHON = Side(
    name="plain Python recursion", measure=rate(_python, lambda given: _leaves(given, given.python))
)
READ = Side(
    name="numpy.sum: reading",
    measure=rate(_read, lambda given: _leaves(given, len(given.form.payoffs))),
    threads=(1, 2),
)


def _case(name: str, summary: str, sizes: Sizes, smoke: Sizes) -> Case:
    return Case(
        name=name,
        summary=summary,
        unit="leaves/s",
        sizes=sizes,
        smoke=smoke,
        make=_prepared,
        ours=(OURS,),
        peers=(NUMPY, PYTHON, READ),
        check=_check,
        targets=(
            Target(side=OURS.name, threads=2, against=NUMPY.name, at_least=20.0),
            Target(side=OURS.name, threads=2, against=PYTHON.name, at_least=50.0),
        ),
    )


register(
    _case(
        "backward-large",
        "backward induction, binary trees of 65,536 leaves",
        {"depth": 16, "trees": 128, "numpy": 16, "python": 1, "rounds": 7},
        {"depth": 8, "trees": 20, "numpy": 4, "python": 1, "rounds": 2},
    )
)
register(
    _case(
        "backward-small",
        "backward induction, binary trees of 16 leaves",
        {"depth": 4, "trees": 1_000_000, "numpy": 5_000, "python": 5_000, "rounds": 7},
        {"depth": 4, "trees": 5_000, "numpy": 50, "python": 50, "rounds": 2},
    )
)
