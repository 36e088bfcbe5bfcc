"""Laws that bargaining solutions obey, as plain assertions with a theorem each.

A *solver* is any function from a form to `Equilibria`, such as a concept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from solver.equilibria import Equilibria, Status
from solver.forms.bargaining import BargainingProblem
from solver.forms.frontier import FrontierProblem

Solver = Callable[[Any], Equilibria]

#: Differences that rounding may leave, relative to the payoffs at stake.
NEARLY = 1e-7


def efficient(solve: Solver, form: BargainingProblem) -> None:
    """Nothing is wasted, and nobody gets less than without an agreement (Nash 1950)."""
    eq = solve(form)
    base = np.stack(np.broadcast_arrays(*form.entries("disagreement"), form.total)[:-1], axis=-1)
    total = np.maximum(form.total, base.sum(axis=-1))
    for k in range(eq.slots):
        payoffs = eq.payoffs[..., k, :]
        there = ~np.isnan(payoffs[..., 0])
        np.testing.assert_allclose(payoffs.sum(axis=-1)[there], total[there], atol=NEARLY)
        assert (payoffs >= base - NEARLY)[there].all(), "less than the disagreement payoff"


def scale_covariant(
    solve: Solver, form: FrontierProblem, scale: tuple[float, float], shift: tuple[float, float]
) -> None:
    """Units and zeros of each player's payoffs do not matter (Nash 1950; not egalitarian)."""
    assert form.vertices is not None
    a, b = np.array(scale), np.array(shift)
    base = form.entries("disagreement")
    image = replace(
        form,
        vertices=np.asarray(form.vertices) * a + b,
        disagreement=tuple(d * s + t for d, s, t in zip(base, a, b, strict=True)),
    )
    before, after = solve(form), solve(image)
    assert before.status.tolist() == after.status.tolist()
    size = float(np.abs(form.vertices).max() + np.abs(b / a).max())
    np.testing.assert_allclose(before.payoffs, (after.payoffs - b) / a, atol=NEARLY * size)


def strongly_monotone(solve: Solver, form: FrontierProblem, point: tuple[float, float]) -> None:
    """Nobody loses when more becomes feasible (Kalai 1977; egalitarian only)."""
    before, after = solve(form), solve(_with_point(form, point))
    assert (after.payoffs >= before.payoffs - NEARLY).all(), "somebody loses by a new possibility"


def individually_monotone(solve: Solver, form: FrontierProblem, share: tuple[float, float]) -> None:
    """Nobody loses when more becomes feasible within the same ideal payoffs (KS 1975).

    For zero disagreement payoffs; the new point is at a `share`, of at most one, of the ideal.
    """
    assert form.vertices is not None
    before = solve(form)
    assert form.batch_shape == (), "one problem at a time"
    best = _ideal(np.asarray(form.vertices))
    grown = _with_point(form, (share[0] * best[0], share[1] * best[1]))
    # With points that give somebody less than zero, lotteries may reach beyond the old ideal.
    if not np.allclose(_ideal(np.asarray(grown.vertices)), best, rtol=1e-12, atol=0.0):
        return
    after = solve(grown)
    assert (after.payoffs >= before.payoffs - NEARLY).all(), "somebody loses by a new possibility"


def symmetric(solve: Solver, form: BargainingProblem | FrontierProblem) -> None:
    """Players named in another order get the same (two players)."""
    names = ("disagreement", "outside", "weights", "discounts")
    swapped: dict[str, Any] = {name: form.entries(name)[::-1] for name in names}
    if isinstance(form, FrontierProblem):
        assert form.vertices is not None
        swapped["vertices"] = np.asarray(form.vertices)[..., ::-1]
    eq, other = solve(form), solve(replace(form, players=form.players[::-1], **swapped))
    assert eq.status.tolist() == other.status.tolist()
    np.testing.assert_allclose(eq.payoffs, other.payoffs[..., ::-1], atol=NEARLY)


def batched_is_pointwise(solve: Solver, form: BargainingProblem) -> None:
    """Batches are lists of problems: each is answered as if it were alone."""
    together = solve(form)
    for g in range(int(np.prod(form.batch_shape))):
        alone = solve(_one(form, g))
        assert alone.status.item() == together.status.ravel()[g]
        rows = together.row_values[0][together.owner == g]
        np.testing.assert_allclose(alone.row_values[0], rows, rtol=1e-13, atol=1e-13)
        if Status(int(alone.status)).settled:
            assert (alone.gap <= alone.tol).all(), "settled over the tolerance"


def _one(form: BargainingProblem, g: int) -> BargainingProblem:
    columns = {
        name: [np.broadcast_to(c, int(np.prod(form.batch_shape)))[g] for c in form.columns(name)]
        for name in ("disagreement", "outside", "weights", "discounts")
    }
    risk = np.broadcast_to(form.risk, form.batch_shape).ravel()[g]
    surplus = form.total.ravel()[g]
    return BargainingProblem(players=form.players, surplus=surplus, breakdown=risk, **columns)


def _with_point(form: FrontierProblem, point: tuple[float, float]) -> FrontierProblem:
    assert form.vertices is not None
    vertices = np.asarray(form.vertices)
    added = np.broadcast_to(np.array(point), (*vertices.shape[:-2], 1, 2))
    return replace(form, vertices=np.concatenate((vertices, added), axis=-2))


def _ideal(points: np.ndarray[Any, Any]) -> tuple[float, float]:
    """The most each can get while the other gets at least zero: by every pair of points."""
    best = [0.0, 0.0]
    for i in (0, 1):
        for p in points:
            if p[1 - i] >= 0.0:
                best[i] = max(best[i], p[i])
            for q in points:
                if p[1 - i] < 0.0 < q[1 - i]:
                    share = q[1 - i] / (q[1 - i] - p[1 - i])
                    best[i] = max(best[i], share * p[i] + (1.0 - share) * q[i])
    return best[0], best[1]
