"""``coopet warmup``: compile now what would be compiled at first use."""

from __future__ import annotations

import time

import click
import numpy as np

from solver._jit import cache_directory
from solver.concepts.nash import nash
from solver.concepts.pure_nash import pure_nash
from solver.errors import ParameterError
from solver.forms.normal import NormalForm

DEFAULT = "2x2,2x3,3x2,3x3,4x4,5x3"


@click.command("warmup")
@click.option(
    "--sizes", default=DEFAULT, show_default=True, help="Numbers of actions of two-player games."
)
def command(sizes: str) -> None:
    """Fill the cache of compiled kernels, so that the first answer is fast.

    A kernel is compiled once per number of actions and machine, some seconds each; later
    processes load it.
    """
    import numba  # noqa: F401, PLC0415  once it is loaded, kernels are compiled, not interpreted

    begun = time.monotonic()
    for m, n in [_size(text) for text in sizes.split(",")]:
        click.echo(f"{m}x{n} ...", nl=False)
        game = NormalForm(payoffs=(np.eye(m, n), np.ones((m, n)) - np.eye(m, n)))
        _ = nash(game).gap
        _ = pure_nash(game).gap
        click.echo(f" {time.monotonic() - begun:.1f} s")
    click.echo(f"kernels are kept in {cache_directory()}")


def _size(text: str) -> tuple[int, int]:
    m, times, n = text.strip().partition("x")
    if not (times and m.isdecimal() and n.isdecimal() and 1 <= int(m) <= 9 and 1 <= int(n) <= 9):
        raise ParameterError(f"--sizes: {text!r} is not of the form MxN with 1 to 9 actions each")
    return int(m), int(n)
