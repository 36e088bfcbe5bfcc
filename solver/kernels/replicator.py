"""Paths of replicator dynamics of two populations, and the strict equilibria they end at.

The logarithms of the probabilities grow by ``u' = A y`` and ``v' = x B``, up to a common constant
each: u depends on v alone and v on u, so that the leapfrog method applies, and near pure states,
where x and y hardly change, its steps may be as long as one likes.
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel
from solver.kernels.scaling import TIE

#: Most that a step may err by in log-odds, as the payoff range times its length times the change of
#: the other's play in it: 0.03 moves borders by about 1e-3. Log-odds of L may err by 1 + L / 50
#: times as much.
CARE, RELATIVE = 0.03, 0.02
FIRST_STEP = 0.1
#: Times the time is doubled while paths still arrive, or are neither at rest nor on the move.
ROUNDS = 7
#: A path is on the move if its probabilities change by so much in all in a round.
MOVED = 2.0
#: Steps of a path in a round.
MOST_STEPS = 100_000
#: What `follow` returns for a path that is at no strict equilibrium.
NOWHERE, CREEPING = -1, -2


@kernel
def basins_of_many(  # type: ignore[no-untyped-def]
    A, B, games, logs, low: int, high: int, time: float, little: float, shares, elsewhere, open_
) -> None:
    """Write the share of starting points from which each pure state is reached.

    For the games (L,), numbers of A, B (G, m, n): shares (G, m, n), elsewhere (G,), and open_ (G,)
    where more than the share `little` of the points are not settled in the end. ``logs``
    (S, m + n) are logarithms of the starting points.
    """
    m, n, points = A.shape[1], A.shape[2], len(logs)
    a, b, strict = np.empty((m, n)), np.empty((m, n)), np.empty((m, n), np.bool_)
    state, ends = np.empty_like(logs), np.empty(points, np.int64)
    work = np.empty((4, m + n))
    for e in range(low, high):
        g = games[e]
        shares[g], elsewhere[g], open_[g] = 0.0, 1.0, False
        horizon = time * scaled(A[g], B[g], a, b)
        if not mark_strict(a, b, strict):
            continue
        state[:] = logs
        ends[:] = CREEPING
        for lap in range(ROUNDS):
            arrived = creeping = 0
            for s in range(points):
                if ends[s] < 0:
                    ends[s] = follow(a, b, strict, state[s], horizon, work)
                    arrived += ends[s] >= 0
                    creeping += ends[s] == CREEPING
            open_[g] = creeping > little * points or (lap == 0 or arrived > little * points)
            left = (ends < 0).sum()
            if left == 0 or not open_[g]:
                open_[g] = False
                break
            horizon *= 2.0 if lap > 0 else 1.0
        for s in range(points):
            if ends[s] >= 0:
                shares[g, ends[s] // n, ends[s] % n] += 1.0 / points
        elsewhere[g] = left / points


@kernel
def follow(a, b, strict, state, horizon: float, work) -> int:  # type: ignore[no-untyped-def]
    """Follow a path for a time, from and into ``state`` (m + n,) in logarithms.

    The strict equilibrium that it cannot miss any more, as i n + j; or NOWHERE at a state of rest
    or on the move; or CREEPING.
    """
    m, n = a.shape
    u, v = state[:m], state[m:]
    x, y, x_new, y_new = work[0, :m], work[0, m:], work[1, :m], work[1, m:]
    u_new, v_new, grown_u, grown_v = work[2, :m], work[2, m:], work[3, :m], work[3, m:]
    shares_of(u, x)
    shares_of(v, y)
    range_a, range_b = a.max(), b.max()
    gone, moved, step = 0.0, 0.0, FIRST_STEP
    for _ in range(MOST_STEPS):
        i, j = largest(x), largest(y)
        if strict[i, j] and trapped(a, y, i, j) and trapped(b.T, x, j, i):
            place: int = i * n + j
            return place
        if gone >= horizon:
            break
        step = min(step, horizon - gone)
        kick(a, y, 0.5 * step, u, u_new)
        shares_of(u_new, x_new)
        kick(b.T, x_new, step, v, v_new)
        shares_of(v_new, y_new)
        kick(a, y_new, 0.5 * step, u_new, grown_u)
        shares_of(grown_u, x_new)
        change_x, change_y = furthest(x, x_new), furthest(y, y_new)
        error = step * max(
            range_a * change_y / (1.0 + RELATIVE * runner_up(grown_u)),
            range_b * change_x / (1.0 + RELATIVE * runner_up(v_new)),
        )
        if error > CARE and step > 1e-3:
            step *= 0.5
            continue
        u[:], v[:], x[:], y[:] = grown_u, v_new, x_new, y_new
        gone += step
        moved += max(change_x, change_y)
        if error < 0.25 * CARE:
            step *= 2.0
    if moved >= MOVED:
        return NOWHERE
    rest = max(gain(a, x, y, grown_u), gain(b.T, y, x, grown_v)) <= TIE
    return NOWHERE if rest else CREEPING


@kernel
def trapped(a, y, i: int, j: int) -> bool:  # type: ignore[no-untyped-def]
    """Whether action i stays the best while nothing gains on the other's action j.

    The odds y_h / y_j can only fall then, so that their worst is zero or what they are now.
    """
    for k in range(a.shape[0]):
        lead = a[i, j] - a[k, j]
        for h in range(a.shape[1]):
            if h != j:
                lead += min(a[i, h] - a[k, h], 0.0) * (y[h] / y[j])
        if k != i and lead <= 0.0:
            return False
    return True


@kernel
def scaled(A, B, a, b) -> float:  # type: ignore[no-untyped-def]
    """Write payoffs from their least on, in units of the larger range; return it over the other."""
    range_a, range_b = A.max() - A.min(), B.max() - B.min()
    top, least = max(range_a, range_b), min(range_a, range_b)
    if top == 0.0:
        a[:], b[:] = 0.0, 0.0
        return 1.0
    a[:], b[:] = (A - A.min()) / top, (B - B.min()) / top
    return top / least if least > 0.0 else 1.0


@kernel
def mark_strict(a, b, strict) -> bool:  # type: ignore[no-untyped-def]
    """Write which pure states are strict equilibria, up to ties; whether any is."""
    m, n = a.shape
    spread_a, spread_b, found = a.max(), b.max(), False
    for i in range(m):
        for j in range(n):
            strict[i, j] = True
            for k in range(m):
                if k != i and a[i, j] - a[k, j] <= TIE * spread_a:
                    strict[i, j] = False
            for h in range(n):
                if h != j and b[i, j] - b[i, h] <= TIE * spread_b:
                    strict[i, j] = False
            found = found or strict[i, j]
    return found


@kernel
def gain(a, x, y, worth) -> float:  # type: ignore[no-untyped-def]
    """By how much the best action beats x, relative to the largest payoff."""
    mean, spread = 0.0, a.max()
    for k in range(a.shape[0]):
        worth[k] = 0.0
        for h in range(a.shape[1]):
            worth[k] += a[k, h] * y[h]
        mean += x[k] * worth[k]
    return (worth.max() - mean) / spread if spread > 0.0 else 0.0


@inlined
def kick(a, y, step: float, u, to) -> None:  # type: ignore[no-untyped-def]
    """Write ``u + step * a y``, shifted to a maximum of zero."""
    top = -np.inf
    for k in range(a.shape[0]):
        worth = 0.0
        for h in range(a.shape[1]):
            worth += a[k, h] * y[h]
        to[k] = u[k] + step * worth
        top = max(top, to[k])
    for k in range(a.shape[0]):
        to[k] -= top


@inlined
def shares_of(u, x) -> None:  # type: ignore[no-untyped-def]
    """Write the probabilities of logarithms."""
    total = 0.0
    for k in range(len(u)):
        x[k] = np.exp(u[k])
        total += x[k]
    for k in range(len(u)):
        x[k] /= total


@inlined
def runner_up(u) -> float:  # type: ignore[no-untyped-def]
    """By how much the second largest is below the largest, which is zero."""
    first, second = -np.inf, -np.inf
    for k in range(len(u)):
        if u[k] > first:
            first, second = u[k], first
        elif u[k] > second:
            second = u[k]
    return first - second


@inlined
def furthest(x, z) -> float:  # type: ignore[no-untyped-def]
    """The largest difference."""
    most = 0.0
    for k in range(len(x)):
        most = max(most, abs(x[k] - z[k]))
    return most


@inlined
def largest(x) -> int:  # type: ignore[no-untyped-def]
    """The action that is played most."""
    where = 0
    for i in range(len(x)):
        where = i if x[i] > x[where] else where
    return where
