"""The stationary equilibrium of alternating offers, with or without outside options.

Write V_i for what player i gets as the proposer. The responder j accepts what is worth at least
max(δ_j V_j, o_j): waiting to propose, or leaving. So V_i = W - max(δ_j V_j, o_j).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from solver.forms.bargaining import BargainingProblem

Floats = NDArray[np.float64]


@final
@dataclass(frozen=True)
class Discounted:
    """Rounds of offers with the discount factors of the form."""

    name: ClassVar[str] = "discounted"
    tol: float = 1e-9


def options(form: BargainingProblem) -> tuple[Floats, Floats]:
    """What each gets without the other: the outside option, or zero by refusing for ever."""
    first, second = form.pair("outside")
    return np.maximum(first, 0.0), np.maximum(second, 0.0)


def offers(form: BargainingProblem, *, with_outside: bool) -> tuple[Floats, Floats]:
    """What each player gets when it proposes, (*B) each: V_1 and V_2.

    The map V_1 -> W - max(δ_2 (W - max(δ_1 V_1, o_1)), o_2) is piecewise linear with slope δ_1 δ_2
    or zero; each of its pieces gives a candidate, and the fixed point is the only candidate that
    reproduces itself.
    """
    (delta1, delta2), total = form.pair("discounts"), form.total
    free = total * (1.0 - delta2) / (1.0 - delta1 * delta2)
    if not with_outside:
        return free, total - delta1 * free
    out1, out2 = options(form)
    first = free
    best = np.full(form.batch_shape, np.inf)
    for candidate in (free, total - out2, total - delta2 * (total - out1)):
        second = total - np.maximum(delta1 * candidate, out1)
        miss = np.abs(candidate - (total - np.maximum(delta2 * second, out2)))
        first, best = np.where(miss < best, candidate, first), np.minimum(miss, best)
    return first, total - np.maximum(delta1 * first, out1)


def one_shot_gaps(
    form: BargainingProblem,
    division: tuple[Floats, Floats],
    second_proposing: Floats,
    *,
    with_outside: bool,
) -> tuple[Floats, Floats]:
    """What each gains by one deviation from the division agreed in the first round.

    The responder could refuse and propose next (worth δ_2 V_2) or leave. The proposer could
    claim what the responder would concede beyond that, or be refused and answer next round.
    """
    (delta1, delta2), total = form.pair("discounts"), form.total
    out1, out2 = options(form) if with_outside else (np.zeros(()), np.zeros(()))
    refusal = np.maximum(delta2 * second_proposing, out2)
    as_responder = np.maximum(delta1 * division[0], out1)
    wasted = np.abs(second_proposing - (total - as_responder))
    left_on_table = division[1] - refusal
    proposer = np.maximum(left_on_table, delta1 * as_responder - division[0])
    return np.maximum(np.maximum(proposer, 0.0), wasted), np.maximum(-left_on_table, 0.0)
