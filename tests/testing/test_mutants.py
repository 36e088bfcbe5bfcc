"""Every law bites: it catches a solver that is broken on purpose, on games drawn at random."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from numpy.typing import NDArray

from solver import Equilibria, NormalForm, nash
from solver.equilibria import Rows, Status
from solver.testing import bimatrix_games, laws

Floats = NDArray[np.float64]
Solver = Callable[[NormalForm], Equilibria]

GAMES = bimatrix_games(actions=(2, 3), batch=(2,))


def with_rows(eq: Equilibria, profiles: Floats, count: NDArray[np.int64]) -> Equilibria:
    """Replace the answers, with payoffs and gaps as they come out."""
    return replace(eq, count=count, rows=Rows(lambda: profiles, eq.rows.values))


def keeping(eq: Equilibria, keep: NDArray[np.bool_]) -> Equilibria:
    """Only some of the rows."""
    count = np.bincount(eq.owner[keep], minlength=eq.count.size).reshape(eq.count.shape)
    return with_rows(eq, eq.profiles[keep], count)


def is_last(eq: Equilibria) -> NDArray[np.bool_]:
    """Mark the last equilibrium of every game (E,)."""
    return np.diff(eq.owner, append=eq.count.size) > 0


def drops_the_last(form: NormalForm) -> Equilibria:
    """One equilibrium is forgotten where there are several."""
    eq = nash(form)
    return keeping(eq, ~(is_last(eq) & (eq.count.ravel()[eq.owner] > 1)))


def repeats_the_last(form: NormalForm) -> Equilibria:
    """One equilibrium is listed twice."""
    eq = nash(form)
    times = 1 + is_last(eq)
    return with_rows(eq, eq.profiles.repeat(times, axis=0), eq.count + 1)


def adds_a_midpoint(form: NormalForm) -> Equilibria:
    """Something more is listed, halfway between the last equilibrium and uniform play."""
    eq = nash(form)
    uniform = np.concatenate([np.full(m, 1.0 / m) for m in form.shape])
    extra = (eq.profiles[is_last(eq)] + uniform) / 2.0
    after = np.flatnonzero(is_last(eq)) + 1
    return with_rows(eq, np.insert(eq.profiles, after, extra, axis=0), eq.count + 1)


def swaps_the_players(form: NormalForm) -> Equilibria:
    """Each player is told the other's strategy."""
    eq = nash(form)
    m, n = form.shape
    order = [*range(m, m + n), *range(m)] if m == n else [*range(m)[::-1], *range(m, m + n)]
    return with_rows(eq, eq.profiles[:, order], eq.count)


def trembles(form: NormalForm) -> Equilibria:
    """Every strategy is mixed with a little uniform play."""
    eq = nash(form)
    uniform = np.concatenate([np.full(m, 1.0 / m) for m in form.shape])
    return with_rows(eq, 0.999 * eq.profiles + 0.001 * uniform, eq.count)


def misreports_the_payoffs(form: NormalForm) -> Equilibria:
    """The strategies are right, the payoffs are not."""
    eq = nash(form)

    def values(profiles: Floats, owner: NDArray[np.intp]) -> tuple[Floats, Floats]:
        payoffs, gaps = eq.rows.values(profiles, owner)
        spread = np.stack([np.ptp(p, axis=(1, 2)) for p in form.flat()], axis=1)
        return payoffs + 0.01 * spread[owner], gaps

    return replace(eq, rows=Rows(eq.rows.profiles, values))


def claims_no_regret(form: NormalForm) -> Equilibria:
    """A wrong strategy, with a certificate that was not recomputed."""
    eq = trembles(form)

    def values(profiles: Floats, owner: NDArray[np.intp]) -> tuple[Floats, Floats]:
        payoffs, gaps = eq.rows.values(profiles, owner)
        return payoffs, np.zeros_like(gaps)

    return replace(eq, rows=Rows(eq.rows.profiles, values))


def calls_ties_solved(form: NormalForm) -> Equilibria:
    """Degenerate games are not told apart, and what was found is called everything."""
    eq = nash(form)
    return replace(
        eq,
        status=np.full_like(eq.status, Status.SOLVED),
        complete=np.ones_like(eq.complete),
    )


def calls_all_degenerate(form: NormalForm) -> Equilibria:
    """Never wrong, since nothing is claimed."""
    eq = nash(form)
    return replace(
        eq,
        status=np.full_like(eq.status, Status.DEGENERATE),
        complete=np.zeros_like(eq.complete),
    )


def rounds_to_absolute_units(form: NormalForm) -> Equilibria:
    """An absolute tolerance on payoffs of any scale."""
    coarse = NormalForm([np.round(p, 3) for p in form.payoffs])
    return replace(nash(coarse), form=form)


def tolerates_in_absolute_units(form: NormalForm) -> Equilibria:
    """Payoffs closer than a millionth are called equal: in small units all are."""
    snapped = []
    for payoff in form.payoffs:
        near = np.abs(payoff - payoff.min()) < 1e-6
        snapped.append(np.where(near, payoff.min(), payoff))
    return replace(nash(NormalForm(snapped)), form=form)


def favours_the_first_row(form: NormalForm) -> Equilibria:
    """Of several equilibria only those that play the first row are found."""
    eq = nash(form)
    first = eq.profiles[:, 0] > 0.0
    none = np.bincount(eq.owner, first, minlength=eq.count.size) == 0
    return keeping(eq, first | none[eq.owner])


def favours_the_row_player(form: NormalForm) -> Equilibria:
    """Of several equilibria only those best for the first player are found."""
    eq = nash(form)
    payoffs = eq.row_values[0][:, 0]
    best = np.full(eq.count.size, -np.inf)
    np.maximum.at(best, eq.owner, payoffs)
    return keeping(eq, payoffs == best[eq.owner])


def leaks_into_the_next(form: NormalForm) -> Equilibria:
    """Each game of a batch gets the answer of the one before it."""
    eq = nash(form)
    games = eq.count.size
    order = [np.flatnonzero(eq.owner == (g - 1) % games) for g in range(games)]
    return with_rows(eq, eq.profiles[np.concatenate(order)], np.roll(eq.count, 1))


def averages_over_actions(form: NormalForm) -> Equilibria:
    """Payoffs are a plain mean over the actions: right only when there are no copies."""
    eq = nash(form)

    def values(profiles: Floats, owner: NDArray[np.intp]) -> tuple[Floats, Floats]:
        _, gaps = eq.rows.values(profiles, owner)
        means = np.stack([p.mean(axis=(1, 2)) for p in form.flat()], axis=1)
        return means[owner], gaps

    return replace(eq, rows=Rows(eq.rows.profiles, values))


def name_of(part: Solver | str) -> str:
    """Name a law or a mutant in a test's id."""
    return part if isinstance(part, str) else part.__name__


MUTANTS: list[tuple[str, Solver]] = [
    ("certified", swaps_the_players),
    ("certified", trembles),
    ("certified", misreports_the_payoffs),
    ("certified", claims_no_regret),
    ("certified", rounds_to_absolute_units),
    ("certified", leaks_into_the_next),
    ("complete", drops_the_last),
    ("complete", repeats_the_last),
    ("complete", adds_a_midpoint),
    ("complete", calls_ties_solved),
    ("complete", calls_all_degenerate),
    ("complete", favours_the_first_row),
    ("odd_number", drops_the_last),
    ("odd_number", repeats_the_last),
    ("bounded_number", repeats_the_last),
    ("bounded_number", calls_ties_solved),
    ("affine_invariant", rounds_to_absolute_units),
    ("affine_invariant", tolerates_in_absolute_units),
    ("relabelling_invariant", favours_the_first_row),
    ("player_swap_invariant", favours_the_row_player),
    ("player_swap_invariant", favours_the_first_row),
    ("batched_is_pointwise", leaks_into_the_next),
    ("dominated_changes_nothing", trembles),
    ("dominated_changes_nothing", swaps_the_players),
    ("duplicate_keeps_payoffs", averages_over_actions),
    ("duplicate_keeps_payoffs", trembles),
]


@pytest.mark.parametrize(("law", "mutant"), MUTANTS, ids=name_of)
def test_a_law_catches_its_mutant(law: str, mutant: Solver) -> None:
    """Within a few games of the families that the laws are tried on."""

    @settings(
        max_examples=200,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        report_multiple_bugs=False,
    )
    @given(form=GAMES)
    def holds(form: NormalForm) -> None:
        laws.check(form, mutant, [law])

    with pytest.raises(AssertionError):
        holds()


@pytest.mark.parametrize("law", laws.LAWS)
def test_every_law_has_a_mutant(law: str) -> None:
    """A law without one could be vacuous."""
    assert law in dict(MUTANTS)


@pytest.mark.parametrize("mutant", sorted({m for _, m in MUTANTS}, key=name_of), ids=name_of)
def test_mutants_break_one_thing_and_run(mutant: Solver) -> None:
    """A mutant that crashes would prove nothing; here all of them answer."""
    pennies = NormalForm([[[[1, 0], [0, 1]]], [[[0, 1], [1, 0]]]])
    assert int(mutant(pennies).count[0]) >= 1
