"""Nash equilibria of trees in rational arithmetic, through the strategic form."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import Any

import numpy as np

from solver.concepts._exact import Row, as_floats
from solver.concepts._tree_nash import Core
from solver.equilibria import Equilibria, ExactRows, Rows, Status
from solver.forms.extensive import ExactTree, ExtensiveForm, Floats
from solver.forms.sequences import sequence_forms
from solver.forms.strategic import pure_plans, strategic_form
from solver.forms.tree import Tree


def exactly(form: ExtensiveForm, concept: str, core: Core) -> Equilibria:
    """What `core` finds in the strategic form of each game, as behavior strategies in fractions.

    Payoffs and probabilities are the fractions of the form, or what its floats stand for; the
    latter probabilities are divided by their sum at each chance node, as floats hardly ever sum
    to one.
    """
    profiles: list[Row] = []
    payoffs: list[Row] = []
    gaps: list[Floats] = []
    count, status = [], []
    for g in range(prod(form.batch_shape)):
        single = _single(form, g)
        before = len(profiles)
        status.append(int(Status.INVALID_INPUT))
        if single is not None:
            found = core(strategic_form(single))
            status[-1] = int(found.status)
            _add(form.tree, found, profiles, payoffs, gaps)
        count.append(len(profiles) - before)
    shape, players = form.batch_shape, len(form.players)
    codes = np.array(status, np.int8).reshape(shape)
    values = as_floats(payoffs, players), np.reshape(gaps, (-1, players)).astype(np.float64)
    return Equilibria(
        form=form,
        concept=concept,
        method="exact",
        measure="regret",
        tol=0.0,
        count=np.array(count, np.int64).reshape(shape),
        status=codes,
        complete=(codes != Status.TRUNCATED) & (codes != Status.INVALID_INPUT),
        rows=Rows(
            lambda: as_floats(profiles, int(form.tree.column[-1])),
            lambda *_: values,
            exact=ExactRows(tuple(profiles), tuple(payoffs)),
        ),
    )


def _add(
    tree: Tree, found: Equilibria, profiles: list[Row], payoffs: list[Row], gaps: list[Floats]
) -> None:
    """Add the equilibria of one game, those that agree in behavior once."""
    exact = found.rows.exact
    assert exact is not None  # noqa: S101
    seen: set[Row] = set()
    for k, mixed in enumerate(exact.profiles):
        row = exact_behavior(tree, mixed)
        if row not in seen:
            seen.add(row)
            profiles.append(row)
            payoffs.append(exact.payoffs[k])
            gaps.append(found.row_values[1][k])


def exact_behavior(tree: Tree, mixed: Row) -> Row:
    """A row of behavior from mixtures of reduced strategies; uniform where a plan never comes."""
    row: list[Fraction] = []
    start = 0
    for i, form in enumerate(sequence_forms(tree)):
        table = pure_plans(tree, i)
        plan = [Fraction(0)] * form.count
        for weight, pure in zip(mixed[start : start + len(table)], table, strict=True):
            if weight:
                for s in np.flatnonzero(pure).tolist():
                    plan[s] += weight
        start += len(table)
        for h, parent in enumerate(form.parent.tolist()):
            low, high = int(form.start[h]), int(form.start[h + 1])
            whole = plan[parent]
            row += [p / whole if whole else Fraction(1, high - low) for p in plan[low:high]]
    return tuple(row)


def _single(form: ExtensiveForm, g: int) -> ExtensiveForm | None:
    """One game of the flattened batch with exact numbers; None if a payoff is not finite."""
    payoffs, chance = (part[g] for part in form.flat()[:2])
    exact = form.fractions
    if exact is None:
        if not np.isfinite(payoffs).all():
            return None
        exact = ExactTree(_fractions(payoffs), _shares(form.tree, chance))
    return ExtensiveForm(form.tree, payoffs, chance, fractions=exact)


def _fractions(values: Floats) -> Any:
    exact = np.empty(values.shape, np.object_)
    for place, value in np.ndenumerate(values):
        exact[place] = Fraction(float(value))
    return exact


def _shares(tree: Tree, chance: Floats) -> Any:
    """Exact probabilities that sum to one at each chance node."""
    exact = _fractions(chance)
    for v, start in enumerate(tree.chance_start.tolist()):
        if start >= 0:
            here = slice(start, start + len(tree.children[v]))
            exact[here] /= exact[here].sum()
    return exact
