"""The columns of the panel by their definitions, in fractions and by brute force."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from solver.testing import oracles


def gains(table, mixture):
    """What each row (k, n) gains over a mixture of the rows, column by column."""
    mean = [sum(p * row[j] for p, row in zip(mixture, table, strict=True)) for j in columns(table)]
    return [[u - v for u, v in zip(row, mean, strict=True)] for row in table]


def weakly_dominated(table, mixture) -> bool:
    """Whether some vertex of the mixtures that never lose gains somewhere."""
    M, k = gains(table, mixture), len(table)
    sides = [[Fraction(i == h) for h in range(k)] for i in range(k)]
    sides += [[row[j] for row in M] for j in columns(table)]
    for tight in combinations(sides, k - 1):
        system = [[Fraction(1)] * (k + 1), *([*side, Fraction(0)] for side in tight)]
        x = oracles._solve(system)
        feasible = x is not None and all(dot(side, x) >= 0 for side in sides)
        if feasible and sum(dot(side, x) for side in sides[k:]) > 0:
            return True
    return False


def strictly_dominated(table, mixture) -> bool:
    """Whether the zero-sum game of gains has a positive value (Pearce 1984, lemma 3)."""
    M = gains(table, mixture)
    x, y = oracles.extreme_equilibria(M, [[-u for u in row] for row in M])[0]
    return dot(x, [dot(row, y) for row in M]) > 0


def undominated(A, B, x, y) -> bool:
    return not (weakly_dominated(A, x) or weakly_dominated(transposed(B), y))


def marks(A, B) -> dict[tuple, dict[str, bool]]:
    """Columns of all extreme equilibria, by profile, of fractions A and B."""
    found = oracles.extreme_equilibria(A, B)
    values = {(x, y): (mean(A, x, y), mean(B, x, y)) for x, y in found}
    flat = [u for P in (A, B) for u in (u for row in P for u in row)]
    assert all(isinstance(u, Fraction) for u in flat)
    strict = {(x, y): is_strict(A, B, x, y) for x, y in found}
    return {
        (x, y): {
            "pure": max(x) == max(y) == 1,
            "strict": strict[x, y],
            "quasi_strict": best(A, y) == played(x) and best(transposed(B), x) == played(y),
            "undominated": undominated(A, B, x, y),
            "payoff_dominant": all(
                values[x, y][0] >= u and values[x, y][1] >= v for u, v in values.values()
            ),
            "welfare_maximal": sum(values[x, y]) == max(map(sum, values.values())),
            "risk_dominant": strict[x, y]
            and all(
                beats(A, B, (x, y), other) for other in found if strict[other] and other != (x, y)
            ),
        }
        for x, y in found
    }


def is_strict(A, B, x, y) -> bool:
    pure = max(x) == max(y) == 1
    return pure and len(best(A, y)) == 1 and len(best(transposed(B), x)) == 1


def beats(A, B, one, other) -> bool:
    """Product of deviation losses in the 2×2 game between two strict equilibria."""
    (i, j), (k, h) = [(x.index(1), y.index(1)) for x, y in (one, other)]
    here = (A[i][j] - A[k][j]) * (B[i][j] - B[i][h])
    return here > (A[k][h] - A[i][h]) * (B[k][h] - B[k][j])


def best(table, y) -> set[int]:
    values = [dot(row, y) for row in table]
    return {i for i, value in enumerate(values) if value == max(values)}


def played(x) -> set[int]:
    return {i for i, p in enumerate(x) if p > 0}


def mean(table, x, y):
    return dot(x, [dot(row, y) for row in table])


def dot(values, weights):
    return sum((u * w for u, w in zip(values, weights, strict=True)), Fraction(0))


def transposed(table):
    return tuple(zip(*table, strict=True))


def columns(table) -> range:
    return range(len(table[0]))
