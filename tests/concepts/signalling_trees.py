"""Signalling games told from tables, and the textbook's."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from solver.forms.extensive import ExtensiveForm
from solver.forms.telling import chance, decision, leaf, tree


def told(
    prior: dict[str, ArrayLike],
    signals: str,
    replies: str,
    payoffs: Callable[[str, str, str], tuple[ArrayLike, ArrayLike]],
) -> ExtensiveForm:
    """Nature draws a type, the sender sees it, the receiver sees the signal."""

    def heard(kind: str, signal: str):
        ends = {reply: leaf(*payoffs(kind, signal, reply)) for reply in replies}
        return decision("receiver", ends, infoset=signal)

    def sender(kind: str):
        return decision("sender", {s: heard(kind, s) for s in signals}, infoset=kind)

    return tree(("sender", "receiver"), chance({k: (p, sender(k)) for k, p in prior.items()}))


def random_batch(
    rng: np.random.Generator,
    games: int,
    types: str = "sw",
    signals: str = "lr",
    replies: str = "ab",
    *,
    whole: bool = False,
) -> ExtensiveForm:
    """Games of one shape; with whole payoffs from 0 to 3 most have ties."""
    prior = dict(zip(types, rng.dirichlet(np.full(len(types), 3.0), games).T, strict=True))

    def payoff() -> np.ndarray:
        return rng.integers(0, 4, games).astype(float) if whole else rng.normal(size=games)

    return told(prior, signals, replies, lambda *_: (payoff(), payoff()))


def beer_quiche() -> ExtensiveForm:
    """Cho and Kreps (1987): w(imp) and s(urly), b(eer) and q(uiche), f(ight) or n(ot)."""

    def payoffs(kind: str, signal: str, reply: str) -> tuple[float, float]:
        liked = {"s": "b", "w": "q"}[kind] == signal
        return liked + 2.0 * (reply == "n"), float((reply == "f") == (kind == "w"))

    return told({"s": 0.9, "w": 0.1}, "bq", "fn", payoffs)


def schooling(cost: float) -> ExtensiveForm:
    """Spence (1973) with ability 1 (l) or 2 (h), school (s) or not (n), and three wages.

    School costs l 1.5 and h `cost`. The receiver loses the square of how far the wage is off.
    """
    ability, wage = {"l": 1.0, "h": 2.0}, {"1": 1.0, "m": 1.5, "2": 2.0}

    def payoffs(kind: str, signal: str, reply: str) -> tuple[float, float]:
        price = {"l": 1.5, "h": cost}[kind] * (signal == "s")
        return wage[reply] - price, -((wage[reply] - ability[kind]) ** 2)

    return told({"l": 0.5, "h": 0.5}, "sn", "1m2", payoffs)
