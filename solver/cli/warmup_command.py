"""``coopet warmup``: compile now what would be compiled at first use."""

from __future__ import annotations

import time
from itertools import product

import click
import numpy as np

from solver._jit import cache_directory
from solver.concepts.nash import nash
from solver.concepts.pure_nash import pure_nash
from solver.forms.normal import NormalForm

#: One game for each kernel.
SIZES = {"2x2": (2, 2), "3x3": (3, 3), "up to 4x4": (3, 4), "other sizes": (5, 5)}


@click.command("warmup")
def command() -> None:
    """Fill the cache of compiled kernels, so that the first large batch is fast.

    Takes about half a minute once per machine and version; later processes load what was compiled.
    """
    import numba  # noqa: F401, PLC0415  once it is loaded, kernels are compiled, not interpreted

    begun = time.monotonic()
    for (label, (m, n)), concept in product(SIZES.items(), (nash, pure_nash)):
        click.echo(f"{concept.name} {label} ...", nl=False)
        found = concept(NormalForm(payoffs=(np.eye(m, n), 1.0 - np.eye(m, n))))
        _ = found.gap, found.index
        click.echo(f" {time.monotonic() - begun:.1f} s")
    click.echo(f"kernels are kept in {cache_directory()}")
