"""Laws that every solver of normal forms obeys, as plain assertions with a theorem each.

A *solver* is any function from a `NormalForm` to `Equilibria`: a concept, or a concept with its
method filled in. `LAWS` names the laws, each with fixed variations of the form that it is given;
`check` applies them. None of them trusts the code that solved: payoffs and regrets are computed
again here, and sets are compared with exact brute force, which limits them to small games.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from solver.concepts.nash import nash
from solver.equilibria import Equilibria, Status
from solver.errors import ConceptError
from solver.forms.normal import NormalForm
from solver.testing import _variants
from solver.testing._answers import (
    answers,
    blocks,
    form_of,
    matching,
    paired,
    same_answer,
    units,
    values,
)
from solver.testing._whole import bimatrix_set_is_whole, pure_set_is_whole, unless_nearly_tied

Solver = Callable[[NormalForm], Equilibria]
Law = Callable[[Solver, NormalForm], None]

#: Positive affine maps (scale, shift) that `LAWS` tries wherever they do not move the payoffs.
MAPS = ((2.0**-40, 0.0), (1e9, 0.0), (1e12, 0.0), (1e-9, 0.0), (1.0, 1e12), (1e12, -1e12))

_SETTLED = [status for status in Status if status.settled]


def check(form: NormalForm, solve: Solver = nash, laws: Iterable[str] | None = None) -> None:
    """Assert the laws of these names, or all of `LAWS`, for one form and one solver."""
    for name in LAWS if laws is None else laws:
        LAWS[name](solve, form)


def certified(eq: Equilibria) -> None:
    """Nobody gains by deviating from an equilibrium (Nash 1950): recomputed from the payoffs."""
    form = form_of(eq)
    _slots_hold_probabilities(eq, form)
    payoffs, gaps = values(form, eq.profiles, eq.owner)
    reported, reported_gaps = eq.row_values
    away = np.abs(payoffs - reported) > units(form)[eq.owner]
    assert not away.any(), f"payoffs {reported[away]}, by the definition {payoffs[away]}"
    np.testing.assert_allclose(reported_gaps, gaps.clip(0.0), rtol=0.0, atol=1e-12)
    settled = np.isin(eq.status, _SETTLED).ravel()
    worst = gaps[settled[eq.owner]].max(initial=0.0)
    assert worst <= eq.tol, f"a settled game has a regret of {worst:g} of the payoff range"
    _statuses_fit(eq, form)


def complete(form: NormalForm, eq: Equilibria) -> None:
    """Extreme equilibria are the pairs of vertices that have all labels (Mangasarian 1964).

    Where ``eq.complete``, the set is compared with `oracles.extreme_equilibria`, or for pure-nash
    with `oracles.pure_equilibria`. The games without it must be DEGENERATE, and all those that are
    must have a tie.
    """
    if not _is_pure(eq) and len(form.players) != 2:
        raise ConceptError(f"no oracle for {eq.concept} with {len(form.players)} players")
    is_whole = pure_set_is_whole if _is_pure(eq) else bimatrix_set_is_whole
    for answer in answers(eq):
        if answer.status != Status.INVALID_INPUT:
            is_whole(answer)


def odd_number(eq: Equilibria) -> None:
    """Non-degenerate games have an odd number of equilibria (Wilson 1971)."""
    even = eq.complete & (eq.status == Status.SOLVED) & (eq.count % 2 == 0)
    assert _is_pure(eq) or not even.any(), f"an even number in games {np.argwhere(even).tolist()}"


def bounded_number(eq: Equilibria) -> None:
    """Non-degenerate n by n games have at most 2^n - 1 equilibria, for n up to 5.

    Proved up to 4 (Quint and Shubik 1997; Keiding 1997; McLennan and Park 1999); for 5 it is a
    conjecture without known exception, and for 6 there are 75 (von Stengel 1999).
    """
    n, *others = set(form_of(eq).shape)
    if not others and n <= 5 and len(form_of(eq).shape) == 2:
        many = (eq.status == Status.SOLVED) & (eq.count > 2**n - 1)
        assert _is_pure(eq) or not many.any(), f"{eq.count[many]} equilibria of {n} by {n} games"


def affine_invariant(
    solve: Solver, form: NormalForm, scale: ArrayLike = 2.0, shift: ArrayLike = 0.0
) -> None:
    """Positive affine maps of payoffs keep the equilibria (von Neumann and Morgenstern 1944).

    ``scale`` and ``shift`` are numbers, or one for each player. A map that moves some payoff by
    more than 1e-15 of the range makes another game, and is refused with ParameterError.
    """
    n = len(form.players)
    scales, shifts = np.broadcast_to(scale, n), np.broadcast_to(shift, n)
    image = solve(_variants.mapped(form, scales.tolist(), shifts.tolist()))
    for before, after in paired(solve(form), image):
        moved = before._replace(payoffs=before.payoffs * scales + shifts, unit=before.unit * scales)
        with unless_nearly_tied(before):
            same_answer(moved, after, partial=True)


def relabelling_invariant(solve: Solver, form: NormalForm, orders: Sequence[Sequence[int]]) -> None:
    """Isomorphic games have isomorphic equilibria (Harsanyi and Selten 1988): actions reordered.

    ``orders[i]`` lists the actions of player i, by their old numbers, in the new order.
    """
    relabelled = solve(_variants.relabelled(form, orders))
    for before, after in paired(solve(form), relabelled):
        parts = zip(blocks(form, before.profiles), orders, strict=True)
        moved = np.concatenate([part[:, list(order)] for part, order in parts], axis=1)
        with unless_nearly_tied(before):
            same_answer(before._replace(profiles=moved), after)


def player_swap_invariant(solve: Solver, form: NormalForm) -> None:
    """Isomorphic games have isomorphic equilibria (Harsanyi and Selten 1988): players reversed."""
    for before, after in paired(solve(form), solve(_variants.swapped(form))):
        moved = np.concatenate(blocks(form, before.profiles)[::-1], axis=1)
        swapped = before._replace(
            profiles=moved, payoffs=before.payoffs[:, ::-1], unit=before.unit[::-1]
        )
        with unless_nearly_tied(before):
            same_answer(swapped, after)


def batched_is_pointwise(solve: Solver, form: NormalForm) -> None:
    """Batches are lists of games: each is answered as if it were alone, in the same order."""
    flat = form.flat()
    for g, together in enumerate(answers(solve(form))):
        alone = answers(solve(NormalForm([payoff[g] for payoff in flat])))[0]
        expected = alone.status, alone.complete
        assert expected == (together.status, together.complete), f"{together}, alone {alone}"
        np.testing.assert_allclose(together.profiles, alone.profiles, rtol=0.0, atol=1e-12)
        np.testing.assert_allclose(together.payoffs, alone.payoffs, rtol=1e-12, atol=0.0)


def dominated_changes_nothing(solve: Solver, form: NormalForm, depth: float = 1.0) -> None:
    """Strictly dominated actions are never best responses (Pearce 1984), so they can be left out.

    The action is added for each player in turn and pays it `depth` payoff ranges less than its
    worst outcome.
    """
    for player in range(len(form.players)):
        larger = solve(_variants.with_dominated(form, player, depth))
        added = sum(form.shape[: player + 1])
        for before, after in paired(solve(form), larger):
            played = after.profiles[:, added]
            assert (played == 0.0).all(), f"game {before.where}: plays a dominated action, {played}"
            # The payoff range grows with the depth, and what counts as a tie with the range.
            with unless_nearly_tied(before, after):
                assert before.status == after.status, f"game {before.where}: now {after.status!r}"
                if before.complete and after.complete:
                    rest = np.delete(after.profiles, added, axis=1)
                    matching(before.profiles, rest, before.where)


def duplicate_keeps_payoffs(solve: Solver, form: NormalForm) -> None:
    """Only the reduced normal form matters (Kohlberg and Mertens 1986): copies add up."""
    for player in range(len(form.players)):
        doubled = solve(_variants.with_copy(form, player))
        added = sum(form.shape[: player + 1])
        merged = np.delete(doubled.profiles, added, axis=1)
        merged[:, added - 1] += doubled.profiles[:, added]
        payoffs, gaps = values(form, merged, doubled.owner)
        wrong = np.abs(payoffs - doubled.row_values[0]) > units(form)[doubled.owner]
        assert not wrong.any(), f"payoffs {doubled.row_values[0][wrong]}, without copies {payoffs}"
        assert (gaps <= doubled.tol).all(), f"a copy makes new equilibria, with regrets {gaps}"
        for before, after in paired(solve(form), doubled):
            if before.complete and after.complete:
                away = np.abs(before.payoffs[:, None] - after.payoffs[None]) - before.unit
                nearest = away.max(axis=2, initial=-np.inf).min(axis=1, initial=np.inf)
                lost = before.payoffs[nearest > 0.0]
                with unless_nearly_tied(before):
                    assert lost.size == 0, f"game {before.where}: payoffs {lost} lost to a copy"


def _slots_hold_probabilities(eq: Equilibria, form: NormalForm) -> None:
    """NaN in empty slots and nowhere else, probabilities in the others."""
    filled = np.arange(eq.slots) < eq.count[..., None]
    assert len(eq.profiles) == eq.count.sum(), "count is not the number of equilibria"
    arrays = [*zip(form.shape, eq.strategies, strict=True)]
    for width, array in (*arrays, (len(form.players), eq.payoffs), (len(form.players), eq.gap)):
        assert (*form.batch_shape, eq.slots, width) == array.shape
        assert (np.isnan(array) == ~filled[..., None]).all(), "NaN means an empty slot, no more"
    for _, strategies in arrays:
        given = strategies[filled]
        assert (given >= 0.0).all(), f"a negative probability in {given}"
        np.testing.assert_allclose(given.sum(axis=-1), 1.0, rtol=0.0, atol=1e-12)


def _statuses_fit(eq: Equilibria, form: NormalForm) -> None:
    """Status, count and certificate say the same thing about every game."""
    core = tuple(range(-len(form.players), 0))
    finite = np.all([np.isfinite(payoff).all(axis=core) for payoff in form.payoffs], axis=0)
    assert (eq.status[~finite] == Status.INVALID_INPUT).all(), "a payoff is not finite"
    assert (eq.count[eq.status == Status.SOLVED] > 0).all(), "solved, without an equilibrium"
    empty = [Status.NONE_EXIST, Status.INVALID_INPUT, Status.PENDING]
    assert (eq.count[np.isin(eq.status, empty)] == 0).all(), "equilibria of an unsolved game"
    assert np.isin(eq.status[eq.complete], _SETTLED).all(), "complete, but not settled"
    worst = np.nan_to_num(eq.gap).max(axis=(-2, -1), initial=0.0)
    np.testing.assert_array_equal(eq.certificate.gap, worst)
    np.testing.assert_array_equal(eq.certificate.complete, eq.complete)


def _is_pure(eq: Equilibria) -> bool:
    return eq.concept == "pure-nash"


def _affine(solve: Solver, form: NormalForm) -> None:
    """Several maps, another one for each player at a time."""
    faithful = [[m for m in MAPS if _variants.is_faithful(p, *m)] for p in form.flat()]
    for k in range(min(map(len, faithful))):
        chosen = [maps[(k + i) % len(maps)] for i, maps in enumerate(faithful)]
        affine_invariant(solve, form, [m[0] for m in chosen], [m[1] for m in chosen])


def _reversed(solve: Solver, form: NormalForm) -> None:
    relabelling_invariant(solve, form, [range(m)[::-1] for m in form.shape])


#: Every law by name, as a function of a solver and a form.
LAWS: Mapping[str, Law] = MappingProxyType(
    {
        "certified": lambda solve, form: certified(solve(form)),
        "complete": lambda solve, form: complete(form, solve(form)),
        "odd_number": lambda solve, form: odd_number(solve(form)),
        "bounded_number": lambda solve, form: bounded_number(solve(form)),
        "affine_invariant": _affine,
        "relabelling_invariant": _reversed,
        "player_swap_invariant": player_swap_invariant,
        "batched_is_pointwise": batched_is_pointwise,
        "dominated_changes_nothing": dominated_changes_nothing,
        "duplicate_keeps_payoffs": duplicate_keeps_payoffs,
    }
)
