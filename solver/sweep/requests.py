"""What a user asks to be swept, in words: the texts of axes and samples turned into a design."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from solver.errors import AxisError
from solver.game import Game
from solver.sweep import axes as grids
from solver.sweep import distributions
from solver.sweep.axes import number
from solver.sweep.design import Design, Grid
from solver.sweep.listing import read
from solver.sweep.samples import Sample, calibrated, calibrated_axes, parse_sample

FORM = "--sample is SAMPLER:N with sobol, lhs or mc, or a table FILE.csv or FILE.parquet"
TABLES = (".csv", ".parquet")


def design(
    game: Game,
    axes: Sequence[str],
    sample: str | None = None,
    seed: int = 0,
    correlations: Sequence[str] = (),
) -> Design:
    """The grid of axes, the sample over them, or the table that is asked for.

    Parameters
    ----------
    game : Game
        Whose calibrated ranges a sample uses where an axis has none.
    axes : sequence of str
        Of a grid ``NAME=LOW:HIGH:COUNT[:log]`` or ``NAME=a,b,c``; of a sample ``NAME`` (the
        calibrated range), ``NAME=LOW:HIGH[:log]`` or ``NAME=LOW:MODE:HIGH:triangular``; without
        any, a sample varies all calibrated parameters.
    sample : str, optional
        ``sobol:N``, ``lhs:N``, ``mc:N``, or the name of a table.
    seed : int
    correlations : sequence of str
        ``FIRST,SECOND=RHO``.

    Raises
    ------
    AxisError, ParameterError
        With the text that is wrong and what is allowed.
    """
    if sample is None:
        if correlations:
            raise AxisError(f"correlation {correlations[0]!r}: only a sample has correlations")
        if not axes:
            raise AxisError("a sweep needs at least one --axis NAME=LOW:HIGH:COUNT, or a --sample")
        return Grid(tuple(grids.parse(text) for text in axes))
    if Path(sample).suffix.lower() in TABLES:
        if axes or correlations:
            extra = (*axes, *correlations)[0]
            raise AxisError(f"{extra!r} cannot be combined with the table {sample}")
        return read(Path(sample))
    if ":" not in sample:
        raise AxisError(f"sample {sample!r}: {FORM}")
    kind, count = parse_sample(sample)
    spread = [
        distributions.parse(text) if "=" in text else calibrated(game, text.strip())
        for text in axes
    ]
    pairs = tuple(_correlation(text) for text in correlations)
    return Sample(kind, count, seed, tuple(spread or calibrated_axes(game)), pairs)


def _correlation(text: str) -> tuple[str, str, float]:
    """Read ``FIRST,SECOND=RHO``."""
    names, equals, rho = text.partition("=")
    pair = [name.strip() for name in names.split(",")]
    if not equals or len(pair) != 2 or not all(pair):
        raise AxisError(f"correlation {text!r} is not of the form FIRST,SECOND=RHO")
    return pair[0], pair[1], number(rho, text)
