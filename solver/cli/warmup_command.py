"""``coopet warmup``: compile now what would be compiled at first use."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product

import click
import numpy as np

from solver._jit import cache_directory
from solver.concepts import find
from solver.concepts.logit import logit
from solver.concepts.nash import nash
from solver.concepts.pure_nash import pure_nash
from solver.concepts.sequential import sequential
from solver.concepts.subgame_perfect import subgame_perfect
from solver.equilibria import Equilibria
from solver.forms.extensive import ExtensiveForm
from solver.forms.normal import NormalForm
from solver.forms.telling import Node, chance, decision, leaf, tree

#: One game for each kernel.
SIZES = {"2x2": (2, 2), "3x3": (3, 3), "up to 4x4": (3, 4), "other sizes": (5, 5)}


@click.command("warmup")
def command() -> None:
    """Fill the cache of compiled kernels, so that the first large batch is fast.

    Takes some minutes once per machine and version; later processes load what was compiled.
    """
    import numba  # noqa: F401, PLC0415  once it is loaded, kernels are compiled, not interpreted

    begun = time.monotonic()
    for label, solve in _jobs():
        click.echo(f"{label} ...", nl=False)
        found = solve()
        _ = found.gap, found.index
        click.echo(f" {time.monotonic() - begun:.1f} s")
    click.echo(f"kernels are kept in {cache_directory()}")


def _jobs() -> Iterator[tuple[str, Callable[[], Equilibria]]]:
    """What to solve, by name: between them these use every kernel."""
    for (label, (m, n)), concept in product(SIZES.items(), (nash, pure_nash)):
        table = NormalForm(payoffs=(np.eye(m, n), 1.0 - np.eye(m, n)))
        yield f"{concept.name} {label}", partial(concept, table)
    for name in ("minimax", "coco", "stackelberg", "correlated", "coarse-correlated", "logit"):
        for label, (m, n) in SIZES.items():
            table = NormalForm(payoffs=(np.eye(m, n), -np.eye(m, n)))
            yield f"{name} {label}", partial(find(name), table)
    for label, (m, n) in SIZES.items():
        table = NormalForm(payoffs=(np.eye(m, n), 1.0 - np.eye(m, n)))
        yield f"nash {label}, lemke-howson", partial(nash, table, "lemke-howson")
    known, hidden = _game(hidden=False), _game(hidden=True)
    yield "subgame-perfect of trees", partial(subgame_perfect, known)
    for method in ("strategic-form", "sequence-form", "cfr"):
        yield f"nash of trees, {method}", partial(nash, hidden, method)
    for concept, name in ((sequential, "tracing"), (sequential, "pure"), (logit, "tracing")):
        yield f"{concept.name} of trees, {name}", partial(concept, hidden, name)


def _game(*, hidden: bool) -> ExtensiveForm:
    """Two types, two signals, two answers; zero-sum."""

    def answered(name: str, pay: float) -> Node:
        branches = {"up": leaf(pay, -pay), "down": leaf(-pay, pay)}
        return decision("receiver", branches, infoset=name if hidden else None)

    def sent(kind: float) -> Node:
        return decision("sender", {"l": answered("l", kind), "r": answered("r", -kind)})

    return tree(
        ("sender", "receiver"), chance({"weak": (0.5, sent(1.0)), "strong": (0.5, sent(2.0))})
    )
