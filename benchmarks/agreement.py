"""Whether two sides found the same equilibria of the same games."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.registry import Case, CheckError, Results, Side

Floats = NDArray[np.float64]

#: Largest difference of a probability at which two equilibria are the same.
TOLERANCE = 1e-8
#: Games that are compared.
CHECKED = 2_000


def same_equilibria(case: Case, results: Results) -> list[str]:
    """Compare every side with our first one, game by game; return a remark on what peers miss."""
    first = case.ours[0]
    reference = _answers(first, results[first.name, first.threads[0]])
    remarks = []
    for side in (*case.ours, *case.peers):
        for threads in side.threads:
            if side.answers is None or (side.name, threads) not in results:
                continue
            given = _answers(side, results[side.name, threads])
            missed = sum(
                _missed(side, game, ours, theirs)
                for game, (ours, theirs) in enumerate(zip(reference, given, strict=False))
            )
            if missed:
                remarks.append(f"{side.name} misses {missed} equilibria of {len(given)} games")
    return remarks


def _answers(side: Side, result: object) -> list[Floats]:
    if side.answers is None:
        raise TypeError(f"{side.name} has no answers to compare")
    return side.answers(result, CHECKED)


def _missed(side: Side, game: int, ours: Floats, theirs: Floats) -> int:
    """How many of ours this side leaves out of one game; it may give nothing else."""
    distance = np.abs(ours[:, None, :] - theirs[None, :, :]).max(axis=2, initial=0.0)
    near = distance <= TOLERANCE
    missed = len(ours) - len(theirs)
    paired = near.any(axis=0).all() and (side.misses or near.any(axis=1).all())
    if not paired or missed < 0 or (missed and not side.misses):
        raise CheckError(
            f"game {game}: {side.name} gives {theirs.tolist()}, ours gives {ours.tolist()}"
        )
    return missed
