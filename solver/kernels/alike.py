"""Rows that say the same, told apart by a tolerance."""

from __future__ import annotations

from solver._jit import kernel


@kernel
def first_of_each(rows, ends, low: int, high: int, near: float, keep) -> None:  # type: ignore[no-untyped-def]
    """Set keep (E,) for rows (E, W) that no kept one before, of the same game, is near to.

    The rows of game g end before ends[g]; `near` bounds the largest difference.
    """
    for g in range(low, high):
        start = ends[g - 1] if g > 0 else 0
        for e in range(start, ends[g]):
            keep[e] = True
            f = start
            while keep[e] and f < e:
                if keep[f]:
                    apart = False
                    c = 0
                    while not apart and c < rows.shape[1]:
                        apart = abs(rows[e, c] - rows[f, c]) > near
                        c += 1
                    keep[e] = apart
                f += 1
