"""Best correlated and coarse correlated equilibria, a game at a time.

A distribution p over the cells of a game is an equilibrium if no player gains by disobeying. What
a player gains by one way of disobeying is linear in p, hence the linear program

    maximise c·p  subject to  Σ p = 1,  G p <= 0,  p >= 0

with a row of G for each way (Aumann 1987). The best cell alone, c(q) = max c, is optimal before any
player has been asked, so the dual simplex method starts there, whatever the game is.

The smallest of the payoffs of all players is maximised with a variable s >= 0 outside of the sum:
maximise u_i·p - s subject to (u_i - u_k)·p - s <= 0 for the other players k.

Ways of disobeying are told by a pattern (`solver.concepts._obedience`): entry e says that in cell
``cell[e]`` the way ``row[e]`` of ``player[e]`` leads to the cell ``other[e]`` instead.
"""

from __future__ import annotations

import numpy as np

from solver._jit import kernel
from solver.kernels.dual_simplex import dual_simplex, into_basis
from solver.kernels.obedience import disobedience, distance
from solver.kernels.scaling import power_scale

SOLVED, NOT_CONVERGED, INVALID_INPUT = 0, 4, 5
#: Pivots per row and column after which the search is given up.
PATIENCE = 20
#: Plainly, with rows brought to one size, and twice from the basis where that ended.
ATTEMPTS = 4


@kernel
def solve_correlated(  # type: ignore[no-untyped-def]
    U, weights, least, cell, other, row, player, ends, owners,
    low: int, high: int, tol: float, joint, away, pivots, status,
) -> None:  # fmt: skip
    """Write joint (G, cells), away (G,), pivots (G,) and status (G,) for games low to high.

    U (G, N, cells). The objective is the payoffs times weights (G or 1, N), or with `least` the
    smallest payoff. Rows up to ends[k] are the ways of player owners[k] not yet counted: of them
    one is taken. `away` bounds the distance from the optimum, in units of the objective's range.
    """
    players, cells = U.shape[1], U.shape[2]
    ways = ends[-1]
    more = players - 1 if least else 0
    count = ways + more + 1
    T = np.empty((count + 2, cells - 1 + (1 if least else 0)))
    b, basis = np.empty(count + 2), np.empty(count, np.int64)
    columns, space = np.empty(T.shape[1], np.int64), np.empty(T.shape[1])
    c, unit = np.empty((players, cells)), np.empty((players, 2))
    share, prices = np.empty(players), np.zeros((2, ways + more))
    worth = np.empty(cells)
    gains, gap, norms = np.empty(ways), np.empty(players), np.empty(ways + more)
    wanted = np.zeros(cells + 1 + ways + more, np.bool_)
    basis[:] = 0
    patience = PATIENCE * (count + T.shape[1])
    for g in range(low, high):
        pivots[g] = 0
        joint[g] = 0.0
        away[g] = 0.0
        w = weights[g] if len(weights) > 1 else weights[0]
        ref = objective(U[g], w, least, c, unit)
        if ref < 0:
            status[g] = INVALID_INPUT
            continue
        status[g] = NOT_CONVERGED
        for attempt in range(ATTEMPTS):
            if status[g] == NOT_CONVERGED:
                wanted[:] = False
                for r in range(count):
                    wanted[basis[r]] = True
                first_tableau(
                    U[g], c, ref, least, cell, other, row, player, unit, T, b, basis, columns
                )
                even(T, b, attempt > 0, norms)
                if attempt > 1:  # the same basis again, on a way that rounds less
                    into_basis(T, b, basis, columns, count, wanted, space)
                pivots[g] = dual_simplex(T, b, basis, columns, count, space, patience)
                read_off(T, b, norms, basis, columns, joint[g], prices)
                for again in range(2 if attempt > 0 else 1):
                    if again > 0:
                        refine(T, basis, columns, norms, worth, prices)
                    away[g] = distance(
                        U[g], c, ref, least, cell, other, row, player, unit, joint[g],
                        prices, attempt > 0, share, worth,
                    )  # fmt: skip
                disobedience(
                    U[g], joint[g], cell, other, row, player, ends, owners, unit, gains, gap
                )
                if away[g] <= tol and gap.max() <= tol:
                    status[g] = SOLVED


@kernel
def state_correlated(U, weights, least, low: int, high: int, c, unit, ref) -> None:  # type: ignore[no-untyped-def]
    """Write what other methods need of the games low to high; ref (G,) is -1 for those not finite.

    c (G, N, cells) and unit (G, N, 2) are those of `objective`.
    """
    for g in range(low, high):
        w = weights[g] if len(weights) > 1 else weights[0]
        ref[g] = objective(U[g], w, least, c[g], unit[g])


@kernel
def certify_correlated(  # type: ignore[no-untyped-def]
    U, weights, least, cell, other, row, player, ends, owners,
    low: int, high: int, tol: float, joint, prices, away, status,
) -> None:  # fmt: skip
    """Write `away` and status of distributions (G, cells) with prices (G, rows), from anywhere."""
    players, cells = U.shape[1], U.shape[2]
    c, unit = np.empty((players, cells)), np.empty((players, 2))
    share, gains, gap = np.empty(players), np.empty(ends[-1]), np.empty(players)
    told, worth = np.zeros((2, prices.shape[1])), np.empty(cells)
    for g in range(low, high):
        w = weights[g] if len(weights) > 1 else weights[0]
        ref = objective(U[g], w, least, c, unit)
        p = joint[g]
        told[0] = prices[g]
        away[g] = distance(
            U[g], c, ref, least, cell, other, row, player, unit, p, told, True, share, worth
        )
        disobedience(U[g], p, cell, other, row, player, ends, owners, unit, gains, gap)
        good = away[g] <= tol and gap.max() <= tol
        status[g] = SOLVED if good else NOT_CONVERGED


@kernel
def objective(u, w, least, c, unit) -> int:  # type: ignore[no-untyped-def]
    """Write what is maximised as c (N, cells), scaled, and the scales of payoffs, unit (N, 2).

    The sum over c is maximised, or the smallest. Returns the player whose highest payoff is lowest,
    for whom alone the smallest is certain to matter; -1 if a payoff is not finite.
    """
    players, cells = u.shape
    ref, top_of_ref, base_of_ref = 0, np.inf, 0.0
    for i in range(players):
        base = top = u[i, 0]
        total = 0.0
        for j in range(cells):
            v = u[i, j]
            total += v - v
            base = v if v < base else base
            top = v if v > top else top
        if not (total == 0.0 and top - base < np.inf):
            return -1
        unit[i, 0], unit[i, 1] = power_scale(top - base)
        share = 1.0 if least else w[i]
        if top < top_of_ref:
            ref, top_of_ref, base_of_ref = i, top, base
        # For now, the base and the range of each.
        c[i, 0], c[i, cells - 1] = base, abs(share) * (top - base)
    big = 0.0
    for i in range(players):
        matters = not least or c[i, 0] < top_of_ref
        big = max(big, c[i, cells - 1]) if matters else big
    lift, scale = power_scale(big)
    for i in range(players):
        base = c[i, 0]
        if least:
            # A payoff that is always above the lowest may as well be close to it.
            rise = min(base - base_of_ref, top_of_ref - base_of_ref)
            narrow = base < top_of_ref
            for j in range(cells):
                own = (u[i, j] - base) if narrow else 0.0
                c[i, j] = (own + rise) * lift * scale
        else:
            for j in range(cells):
                c[i, j] = w[i] * (u[i, j] - base) * lift * scale
    return ref


@kernel
def first_tableau(  # type: ignore[no-untyped-def]
    u, c, ref: int, least, cell, other, row, player, unit, T, b, basis, columns
) -> None:
    """Write the tableau in which the best cell has all the weight."""
    players, cells = c.shape
    count = len(basis)
    ways = count - 1 - (players - 1 if least else 0)
    T[:] = 0.0
    b[:] = 0.0
    # The sum over players goes into the row of costs first, cell j at min(j, width - 1).
    q, best = 0, -np.inf
    for j in range(cells):
        worth = c[ref, j] if least else c[:, j].sum()
        if worth > best:
            q, best = j, worth
    for e in range(len(cell)):
        i, j, r = player[e], cell[e], row[e]
        value = (u[i, other[e]] - u[i, j]) * unit[i, 0] * unit[i, 1]
        if j == q:
            b[r] = -value
        else:
            T[r, j - (j > q)] = value
    if least:
        r = ways
        for k in range(players):
            if k != ref:
                for j in range(cells):
                    value = c[ref, j] - c[k, j]
                    if j == q:
                        b[r] = -value
                    else:
                        T[r, j - (j > q)] = value
                r += 1
    for r in range(count - 1):
        if b[r] != 0.0:
            for k in range(cells - 1):
                T[r, k] += b[r]
        basis[r] = cells + 1 + r
    if least:
        for r in range(ways, count - 1):
            T[r, cells - 1] = -1.0
        T[count, cells - 1] = 1.0
        T[count + 1, cells - 1] = 1.0
        columns[cells - 1] = cells
    basis[count - 1], b[count - 1] = q, 1.0
    for j in range(cells):
        if j != q:
            k = j - (j > q)
            columns[k] = j
            T[count - 1, k] = 1.0
            T[count, k] = best - (c[ref, j] if least else c[:, j].sum())
            # Generic: the fractional parts of multiples of the golden ratio.
            T[count + 1, k] = 1.0 + (0.6180339887498949 * (j + 1)) % 1.0


@kernel
def even(T, b, wanted, norms) -> None:  # type: ignore[no-untyped-def]
    """Bring rows to one size if wanted, so that small gains count as much; write the factors."""
    for r in range(len(norms)):
        size = abs(b[r])
        for k in range(T.shape[1]):
            size = max(size, abs(T[r, k]))
        lift, scale = power_scale(size if wanted else 0.0)
        norms[r] = lift * scale
        for k in range(T.shape[1]):
            T[r, k] *= norms[r]
        b[r] *= norms[r]


@kernel
def read_off(T, b, norms, basis, columns, p, prices) -> None:  # type: ignore[no-untyped-def]
    """Write the distribution and the price of each row, both without rounding below zero."""
    cells, count = len(p), len(basis)
    total = 0.0
    for r in range(count):
        if basis[r] < cells:
            p[basis[r]] = max(b[r], 0.0)
            total += p[basis[r]]
    for j in range(cells):
        p[j] = p[j] / total if total > 0.0 else 1.0 / cells  # none, after a breakdown
    prices[:] = 0.0
    for k in range(len(columns)):
        if columns[k] > cells:
            r = columns[k] - cells - 1
            prices[0, r] = max(T[count, k], 0.0) * norms[r]


@kernel
def refine(T, basis, columns, norms, worth, prices) -> None:  # type: ignore[no-untyped-def]
    """Write second prices, so that all cells in the basis are worth the same.

    Iterative refinement: the tableau holds the inverse of the basis, which turns what is left over
    into prices.
    """
    cells, count = len(worth), len(basis)
    level = 0.0
    for r in range(count):
        level = worth[basis[r]] if basis[r] < cells else level
    for k in range(len(columns)):
        if columns[k] > cells:
            more, row = 0.0, columns[k] - cells - 1
            for r in range(count):
                if basis[r] < cells:
                    more += (worth[basis[r]] - level) * T[r, k]
            prices[1, row] += more * norms[row]
            prices[1, row] = max(prices[1, row], -prices[0, row])
