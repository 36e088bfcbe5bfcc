"""Choices among lotteries over many points, through the prices that support them.

Maximising Σ w_i log g_i over gains g = A'λ is the same as maximising Σ w_i log p_i over
prices p at which no point costs more than 1: as many unknowns as players, whatever the points.
"""

from __future__ import annotations

import numpy as np

from solver._jit import kernel

#: Steps after which a program is given up, and the centring that ends it.
MOST_STEPS, CLOSE = 200, 1e-15


@kernel
def cheapest(A, weights, low: int, high: int, prices, lotteries) -> None:  # type: ignore[no-untyped-def]
    """Maximise Σ w_i log p_i over prices p >= 0 with A p <= 1, by interior points.

    A (G, M, K); weights, prices (G, K). The multipliers of the rows of A go, scaled to sum to one,
    into lotteries (G, M): they are the lottery over points that the prices support, that with the
    largest weighted product of gains. What the answer is worth must be measured from the lottery:
    where some but not all can gain, the steps end early.
    """
    m, n = A.shape[1], A.shape[2]
    s, ratio, ds, dl = np.empty(m), np.empty(m), np.empty(m), np.empty(m)
    H, dp, p, z, dz = np.empty((n, n)), np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    for g in range(low, high):
        lam = lotteries[g]
        top = 1e-300
        for k in range(m):
            cost = 0.0
            for i in range(n):
                cost += A[g, k, i]
            top = max(top, cost)
        p[:] = 0.5 / top
        mu = 0.0
        for i in range(n):
            mu += weights[g, i]
        mu /= m
        for k in range(m):
            s[k] = 1.0
            for i in range(n):
                s[k] -= A[g, k, i] * p[i]
            lam[k] = mu / s[k]
        for i in range(n):
            z[i] = mu / p[i]  # how much more a price of zero costs
        scale = max(mu, 1e-300)
        for _ in range(MOST_STEPS):
            mu = 0.0
            for k in range(m):
                mu += lam[k] * s[k]
            for i in range(n):
                mu += p[i] * z[i]
            mu /= m + n
            off = 0.0
            for i in range(n):
                gain = 0.0
                for k in range(m):
                    gain += A[g, k, i] * lam[k]
                off = max(off, abs(weights[g, i] - p[i] * (gain - z[i])))
            if mu <= CLOSE * scale and off <= 10.0 * CLOSE * scale * m:
                break
            target = 0.1 * mu
            for i in range(n):
                for j in range(n):
                    H[i, j] = 0.0
                dp[i] = (weights[g, i] + target) / p[i]
                H[i, i] = (weights[g, i] / p[i] + z[i]) / p[i]
            for k in range(m):
                ratio[k] = lam[k] / s[k]
                for i in range(n):
                    dp[i] -= A[g, k, i] * (target / s[k])
                    for j in range(i + 1):
                        H[i, j] += ratio[k] * A[g, k, i] * A[g, k, j]
            solve_positive(H, dp)
            step_p = step_l = 1.0
            for i in range(n):
                dz[i] = (target - z[i] * dp[i]) / p[i] - z[i]
                if dp[i] < 0.0:
                    step_p = min(step_p, -0.99 * p[i] / dp[i])
                if dz[i] < 0.0:
                    step_l = min(step_l, -0.99 * z[i] / dz[i])
            for k in range(m):
                ds[k] = 0.0
                for i in range(n):
                    ds[k] -= A[g, k, i] * dp[i]
                dl[k] = (target - lam[k] * ds[k]) / s[k] - lam[k]
                if ds[k] < 0.0:
                    step_p = min(step_p, -0.99 * s[k] / ds[k])
                if dl[k] < 0.0:
                    step_l = min(step_l, -0.99 * lam[k] / dl[k])
            # The prices and multipliers are tied by a curved equation: one step length for both.
            step = min(step_p, step_l)
            if not step > 1e-14:
                break
            for i in range(n):
                p[i] += step * dp[i]
                z[i] += step * dz[i]
            for k in range(m):
                s[k] += step * ds[k]
                lam[k] += step * dl[k]
        total = 0.0
        for k in range(m):
            total += lam[k]
        for k in range(m):
            lam[k] /= total
        for i in range(n):
            prices[g, i] = p[i]


@kernel
def solve_positive(H, b) -> None:  # type: ignore[no-untyped-def]
    """Solve H x = b in place, H positive definite and given by its lower triangle."""
    n = len(b)
    for j in range(n):
        for k in range(j):
            H[j, j] -= H[j, k] * H[j, k]
        H[j, j] = np.sqrt(max(H[j, j], 1e-300))
        for i in range(j + 1, n):
            for k in range(j):
                H[i, j] -= H[i, k] * H[j, k]
            H[i, j] /= H[j, j]
    for i in range(n):
        for k in range(i):
            b[i] -= H[i, k] * b[k]
        b[i] /= H[i, i]
    for i in range(n - 1, -1, -1):
        for k in range(i + 1, n):
            b[i] -= H[k, i] * b[k]
        b[i] /= H[i, i]


@kernel
def support(A, prices, low: int, high: int, most) -> None:  # type: ignore[no-untyped-def]
    """Write the largest price'A_k of any point of A (G, M, N) into most (G,)."""
    for g in range(low, high):
        best = -np.inf
        for k in range(A.shape[1]):
            cost = 0.0
            for i in range(A.shape[2]):
                cost += prices[g, i] * A[g, k, i]
            best = max(best, cost)
        most[g] = best
