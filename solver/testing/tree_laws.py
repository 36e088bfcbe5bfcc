"""Laws that every solver of trees obeys, as plain assertions with a theorem each.

A *solver* is any function from an `ExtensiveForm` to `Equilibria`: a concept, or a concept with its
method filled in. Payoffs and regrets are computed again here by brute force, in fractions, which
limits the laws to small trees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from solver.concepts.subgame_perfect import subgame_perfect
from solver.equilibria import Equilibria, Status
from solver.forms.extensive import ExtensiveForm, Floats, leaf_probabilities
from solver.forms.sequences import plans, sequence_payoffs
from solver.forms.strategic import pure_plans, strategic_form
from solver.testing import tree_oracles as oracles

Solver = Callable[[ExtensiveForm], Equilibria]
Law = Callable[[Solver, ExtensiveForm], None]

#: Positive affine maps (scale, shift) of all payoffs.
MAPS = ((2.0**-40, 0.0), (1e9, 0.0), (1e12, 3e12), (2.0**-30, 5.0))
#: Gains that rounding may leave in a mixture, relative to the payoff range.
NEARLY = 1e-9


def check(
    form: ExtensiveForm, solve: Solver = subgame_perfect, laws: Iterable[str] | None = None
) -> None:
    """Assert the laws of these names, or all of `LAWS`, for one form and one solver."""
    for name in LAWS if laws is None else laws:
        LAWS[name](solve, form)


def certified(eq: Equilibria) -> None:
    """Nobody gains by deviating, in any subgame or (nash) in the game: by brute force."""
    form = _form(eq)
    reported, gaps = eq.row_values
    everywhere = eq.concept in {"subgame-perfect", "sequential"}
    for row, g, values, gap in zip(eq.profiles, eq.owner.tolist(), reported, gaps, strict=True):
        unit = np.array([float(r) for r in oracles.ranges(form, g)])
        expected = np.array([float(x) for x in oracles.payoffs(form, row.tolist(), g)])
        assert np.abs(values - expected).max(initial=0.0) <= NEARLY * unit.max() + 1e-15 * np.abs(
            expected
        ).max(initial=0.0), f"game {g}: payoffs {values}, by the definition {expected}"
        if Status(int(eq.status.ravel()[g])).settled:
            worst = oracles.regret(form, row.tolist(), g, subgames=everywhere)
            assert worst <= max(eq.tol, NEARLY), f"game {g}: {row} has a regret of {worst:g}"
            assert gap.max(initial=0.0) <= eq.tol, f"game {g}: settled with a gap of {gap}"
    _rows_are_strategies(eq, form)


def pure_perfect_are_all_listed(eq: Equilibria) -> None:
    """Every pure subgame-perfect equilibrium is found (Selten 1965): all profiles are tried.

    Holds for SOLVED and DEGENERATE games. What a player does at an information set that it excludes
    itself, in the same subgame, does not count.
    """
    form = _form(eq)
    for g in range(eq.count.size):
        if eq.status.ravel()[g] not in {Status.SOLVED, Status.DEGENERATE}:
            continue
        rows = [oracles.reduced(form, row) for row in eq.profiles[eq.owner == g].tolist()]
        found = [row for row in rows if set(row) <= {0, 1, None}]
        assert len(set(rows)) == len(rows), f"game {g}: listed twice"
        expected = {oracles.reduced(form, row) for row in oracles.pure_subgame_perfect(form, g)}
        assert expected == set(found), f"game {g}: {expected ^ set(found)} missing or wrong"


def perfect_is_nash(eq: Equilibria) -> None:
    """A subgame-perfect equilibrium is one of the strategic form (Selten 1965)."""
    form = _form(eq)
    if len(form.tree.bargains):
        return
    table = strategic_form(form)
    for row, g in zip(eq.profiles, eq.owner.tolist(), strict=True):
        if not Status(int(eq.status.ravel()[g])).settled:
            continue
        mixed = [_mixture(form, plan, i) for i, plan in enumerate(plans(form.tree, row))]
        for i, flat in enumerate(table.flat()):
            value = flat[g]
            for j in reversed([j for j in range(len(mixed)) if j != i]):
                value = np.tensordot(value, mixed[j], axes=(j, 0))
            gain = value.max() - value @ mixed[i]
            assert gain <= NEARLY * float(oracles.ranges(form, g)[i]), f"game {g}: gains {gain}"


def _mixture(form: ExtensiveForm, plan: Floats, player: int) -> Floats:
    """The mixed strategy that makes its choices independently, from a realisation plan."""
    tree = form.tree
    table = pure_plans(tree, player)
    offset = int(tree.column[tree.first_infoset[player]])
    odds = np.ones(len(table))
    for h in range(tree.first_infoset[player], tree.first_infoset[player + 1]):
        start = 1 + int(tree.column[h]) - offset
        own = slice(start, start + len(tree.infosets[h].actions))
        above = plan[tree.sequence[tree.members[h][0], player]]
        local = plan[own] / above if above > 0.0 else np.full(own.stop - own.start, np.nan)
        local = np.where(np.isnan(local), 1.0 / len(local), local)
        comes = table[:, own].any(axis=1)
        odds *= np.where(comes, table[:, own] @ local, 1.0)
    return odds


def forms_agree(form: ExtensiveForm, rows: Floats) -> None:
    """Leaves, sequences and strategies give the same payoffs (Kuhn 1953; von Stengel 1996).

    ``rows`` (G, W) are behavior strategies, one for each game of the batch.
    """
    games = np.arange(len(rows))
    reach = leaf_probabilities(form, rows, games)
    leaves = form.flat()[0]
    expected = np.einsum("gl,gli->gi", reach, leaves)
    letters = "abcdefgh"[: len(form.players)]
    operands = ",".join(f"g{a}" for a in letters)
    by_plan = plans(form.tree, rows)
    table = strategic_form(form)
    mixed = [
        np.array([_mixture(form, plan, i) for plan in by_plan[i]]) for i in range(len(by_plan))
    ]
    sequences = sequence_payoffs(form)
    for i in range(len(form.players)):
        flat = sequences[i].reshape(len(rows), *sequences[i].shape[-len(letters) :])
        got = np.einsum(f"g{letters},{operands}->g", flat, *by_plan)
        np.testing.assert_allclose(got, expected[:, i], rtol=1e-12, atol=1e-12)
        got = np.einsum(f"g{letters},{operands}->g", table.flat()[i], *mixed)
        np.testing.assert_allclose(got, expected[:, i], rtol=1e-12, atol=1e-12)


def batched_is_pointwise(solve: Solver, form: ExtensiveForm) -> None:
    """Batches are lists of games: each is answered as if it were alone, in the same order."""
    together = solve(form)
    payoffs, chance, weights, outside = form.flat()
    for g in range(len(payoffs)):
        alone = solve(
            ExtensiveForm(form.tree, payoffs[g], chance[g], weights=weights[g], outside=outside[g])
        )
        expected = (alone.status.item(), alone.complete.item())
        assert expected == (together.status.ravel()[g], together.complete.ravel()[g])
        rows = together.profiles[together.owner == g]
        np.testing.assert_allclose(rows, alone.profiles, rtol=0.0, atol=1e-12)


def affine_invariant(
    solve: Solver, form: ExtensiveForm, scale: float = 2.0, shift: float = 0.0
) -> None:
    """Positive affine maps of payoffs keep the equilibria (von Neumann and Morgenstern 1944)."""
    before = solve(form)
    mapped = solve(
        ExtensiveForm(
            form.tree,
            form.payoffs * scale + shift,
            form.chance,
            weights=form.weights,
            outside=form.outside * scale + shift,
        )
    )
    assert before.status.tolist() == mapped.status.tolist()
    assert before.count.tolist() == mapped.count.tolist()
    np.testing.assert_allclose(before.profiles, mapped.profiles, rtol=0.0, atol=1e-7)


def _rows_are_strategies(eq: Equilibria, form: ExtensiveForm) -> None:
    rows, column = eq.profiles, form.tree.column
    assert len(rows) == eq.count.sum(), "count is not the number of equilibria"
    assert (rows >= 0.0).all(), "a negative probability"
    for low, high in pairwise(column.tolist()):
        np.testing.assert_allclose(rows[:, low:high].sum(axis=1), 1.0, rtol=0.0, atol=1e-9)


def _form(eq: Equilibria) -> ExtensiveForm:
    assert isinstance(eq.form, ExtensiveForm), f"a {eq.form.kind} game is no tree"
    return eq.form


def _affine(solve: Solver, form: ExtensiveForm) -> None:
    for scale, shift in MAPS:
        affine_invariant(solve, form, scale, shift)


#: Every law by name, as a function of a solver and a form.
LAWS: Mapping[str, Law] = MappingProxyType(
    {
        "certified": lambda solve, form: certified(solve(form)),
        "pure_perfect_are_all_listed": lambda solve, form: pure_perfect_are_all_listed(solve(form)),
        "perfect_is_nash": lambda solve, form: perfect_is_nash(solve(form)),
        "batched_is_pointwise": batched_is_pointwise,
        "affine_invariant": _affine,
    }
)
