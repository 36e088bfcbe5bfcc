"""Networks of supplier and customers that the tests share."""

from __future__ import annotations

import numpy as np

from solver.forms.network import BargainingNetwork


def bought(terms, active, a):
    """Quantities of two Cournot competitors; who is alone is a monopolist."""
    first, second = terms
    if active == (True, True):
        return (a - 2 * first + second) / 3, (a - 2 * second + first) / 3
    return (a - first) / 2 * active[0], (a - second) / 2 * active[1]


def common(terms, active, a, c):
    """One supplier of cost c, two customers who compete in quantities, demand a - p."""
    first, second = terms
    q1, q2 = bought(terms, active, a)
    return (first - c) * q1 + (second - c) * q2, q1**2, q2**2


def separate(terms, active, a, c):
    """The same with a supplier for each customer."""
    first, second = terms
    q1, q2 = bought(terms, active, a)
    return (first - c) * q1, (second - c) * q2, q1**2, q2**2


def common_supplier(beta, a=1.0, c=0.0):
    return BargainingNetwork(
        players=("supplier", "first", "second"),
        links=[("supplier", "first"), ("supplier", "second")],
        payoffs=common,
        parameters={"a": a, "c": c},
        bounds=[(c, a)] * 2,
        weights=[(beta, 1 - np.asarray(beta))] * 2,
    )


def separate_suppliers(beta, a=1.0, c=0.0):
    return BargainingNetwork(
        players=("one", "two", "first", "second"),
        links=[("one", "first"), ("two", "second")],
        payoffs=separate,
        parameters={"a": a, "c": c},
        bounds=[(c, a)] * 2,
        weights=[(beta, 1 - np.asarray(beta))] * 2,
    )


def monopolist(beta, a=10.0, c=2.0):
    """One supplier and one customer with demand a - p, at a price per unit."""
    return BargainingNetwork(
        players=("supplier", "customer"),
        links=[("supplier", "customer")],
        payoffs=lambda terms, active, a, c: (
            (terms[0] - c) * (a - terms[0]) / 2 * active[0],
            (a - terms[0]) ** 2 / 4 * active[0],
        ),
        parameters={"a": a, "c": c},
        bounds=[(c, a)],
        weights=[(beta, 1 - np.asarray(beta))],
    )


def unit_purchase(beta, value, cost, excluded, sigma, *, lump_sums=False, scale=1.0, shift=0.0):
    """A customer buys a unit from j, and could buy from an excluded k: value, cost, porting σ."""
    other_value, other_cost = excluded

    def earned(active, payments):
        t, r = payments
        return (
            shift + scale * ((t - cost) * active[0]),
            shift + scale * ((r - other_cost) * active[1]),
            shift + scale * ((value - t) * active[0] + (other_value - sigma - r) * active[1]),
        )

    prices = {
        "payoffs": lambda terms, active: earned(active, terms),
        "bounds": [(0.0, 100.0)] * 2,
    }
    sums = {"payoffs": lambda active: earned(active, (0.0, 0.0)), "lump_sums": True}
    return BargainingNetwork(
        players=("j", "k", "customer"),
        links=[("j", "customer")],
        excluded=[("k", "customer")],
        weights=[(beta, 1 - np.asarray(beta))],
        **(sums if lump_sums else prices),
    )


def tied(slope):
    """Pairs that agree on t1 = s(t2) and t2 = s(t1), s rising with `slope` in the middle."""

    def follow(x):
        return 0.5 + 0.45 * np.tanh(slope * (x - 0.5))

    def payoffs(terms, active):
        first, second = terms
        one, two = first - follow(second), second - follow(first)
        return ((1 + one) * active[0], (1 - one) * active[0], (1 + two) * active[1],
                (1 - two) * active[1])  # fmt: skip

    form = BargainingNetwork(
        players=("a", "b", "c", "d"),
        links=[("a", "b"), ("c", "d")],
        payoffs=payoffs,
        bounds=[(0.0, 1.0)] * 2,
    )
    return form, follow


def random_oligopoly(rng, suppliers, customers, batch):
    """Every customer buys from every supplier at a price per unit, with linear demands.

    Customer b takes q_sb = α_sb - t_sb + γ Σ t of its other suppliers + η Σ t that its rivals pay
    this supplier, and values them by what makes that its best choice if γ = η = 0; what matters is
    that payoffs are smooth and differ.
    """
    links = [(s, b) for s in range(suppliers) for b in range(customers)]
    alpha = rng.uniform(1.0, 2.0, (len(links), batch))
    cost = rng.uniform(0.0, 0.3, (suppliers, batch))
    gamma, eta = rng.uniform(0.0, 0.15, (2, batch))

    def payoffs(terms, active, gamma, eta, **rest):
        paid = [0.0] * (suppliers + customers)
        for k, (s, b) in enumerate(links):
            if not active[k]:
                continue
            q = rest[f"alpha{k}"] - terms[k]
            for m, (s2, b2) in enumerate(links):
                if active[m] and m != k and b2 == b:
                    q = q + gamma * (terms[m] - 0.5)
                if active[m] and m != k and s2 == s:
                    q = q + eta * (terms[m] - 0.5)
            paid[s] = paid[s] + (terms[k] - rest[f"cost{s}"]) * q
            paid[suppliers + b] = paid[suppliers + b] + q**2 / 2
        return paid

    names = [f"s{s}" for s in range(suppliers)] + [f"b{b}" for b in range(customers)]
    weights = rng.uniform(0.2, 0.8, (len(links), batch))
    parameters = {f"alpha{k}": alpha[k] for k in range(len(links))}
    parameters |= {f"cost{s}": cost[s] for s in range(suppliers)} | {"gamma": gamma, "eta": eta}
    return BargainingNetwork(
        players=tuple(names),
        links=[(names[s], names[suppliers + b]) for s, b in links],
        payoffs=payoffs,
        parameters=parameters,
        bounds=[(0.0, 1.0)] * len(links),
        weights=[(w, 1 - w) for w in weights],
    )
