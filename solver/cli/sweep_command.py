"""``coopet sweep``: a grid or a sample into a directory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np

from solver.cli.options import (
    add_option,
    concept_option,
    json_option,
    method_option,
    print_json,
    read_settings,
    set_option,
    target_argument,
)
from solver.cli.progress import announce_compiling, reporting
from solver.cli.targets import find_game
from solver.equilibria import Status
from solver.sweep import plan, store
from solver.sweep.cluster import opened
from solver.sweep.requests import design

NOT_SETTLED = 3


@click.command("sweep")
@target_argument
@click.option(
    "--axis",
    "axes",
    multiple=True,
    metavar="AXIS",
    help="NAME=LOW:HIGH:COUNT[:log] or NAME=a,b,c (repeatable; the first axis varies slowest).",
)
@click.option(
    "--sample",
    metavar="SAMPLE",
    help="Instead of a grid: sobol:N, lhs:N or mc:N points, or a table FILE.csv or .parquet. An"
    " --axis is then NAME=LOW:HIGH[:log], NAME=LOW:MODE:HIGH:triangular, or NAME alone for its"
    " calibrated range; without any, all calibrated parameters vary.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, help="Of the sample; default 0.")
@click.option(
    "--correlate",
    "correlations",
    multiple=True,
    metavar="A,B=RHO",
    help="Correlation of two sampled parameters (repeatable).",
)
@set_option
@concept_option
@method_option
@add_option
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Threads or workers; default all cores.",
)
@click.option(
    "--executor",
    default="threads",
    show_default=True,
    metavar="threads|dask|dask:ADDRESS",
    help="Who solves: threads here, a Dask cluster here, or that of a scheduler.",
)
@click.option("--fresh", is_flag=True, help="Replace a sweep that OUT already holds.")
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path), help="Directory.")
@json_option
def command(  # noqa: PLR0913, PLR0917  one per option
    target: str,
    axes: Sequence[str],
    sample: str | None,
    seed: int,
    correlations: Sequence[str],
    settings: Sequence[str],
    concept: str | None,
    method: str | None,
    add: Sequence[str],
    jobs: int | None,
    executor: str,
    out: Path,
    *,
    fresh: bool,
    as_json: bool,
) -> int:
    """Solve a game over a grid or a sample of points into the directory OUT.

    Running the same command again resumes it; a finished sweep says so. Memory is bounded by
    chunks of cells, whatever their number.

    \b
    Examples:
      coopet sweep phase --axis nre=100:20000:400:log --axis porting_top=1:80:300 -o map
      coopet plot map -o map.png
      coopet sweep phase --sample sobol:65536 --seed 1 -o spread
      coopet sweep price_build_nf --axis win_back=0:1:50 --add panel --add joint -o marks
    """
    announce_compiling()
    game = find_game(target)
    points = design(game, axes, sample, seed, correlations)
    fixed = read_settings(settings, game)
    made = plan.make(game, points, fixed, concept=concept, method=method, add=add)
    with reporting(made.cells, f"{game.name}: {made.cells:,} cells") as (progress, done):
        try:
            with opened(executor, jobs) as workers:
                solved = store.run(
                    made, out, jobs=jobs, fresh=fresh, executor=workers, progress=progress
                )
        except KeyboardInterrupt as stop:
            stop.add_note(f"{done():,} of {made.cells:,} cells are kept in {out}")
            raise
    summary = _summary(out, made.cells, solved)
    if as_json:
        print_json({"out": str(out), **summary})
    else:
        click.echo(_text(out, summary))
    return 0 if summary["not_settled"] == 0 else NOT_SETTLED


def _summary(out: Path, cells: int, solved: int) -> dict[str, Any]:
    """Counts over the whole store, read part by part."""
    status: Counter[str] = Counter()
    regimes: Counter[str] = Counter()
    partial = 0
    for part in store.read_parts(out):
        codes, counts = np.unique(part.status, return_counts=True)
        status.update({Status(c).name: int(n) for c, n in zip(codes, counts, strict=True)})
        partial += int(((part.status == Status.DEGENERATE) & ~part.complete).sum())
        codes, counts = np.unique(part.regime, return_counts=True)
        regimes.update({part.labels[c]: int(n) for c, n in zip(codes, counts, strict=True)})
    unsettled = sum(n for name, n in status.items() if not Status[name].settled)
    return {
        "cells": cells,
        "solved_now": solved,
        "status": dict(status),
        "not_settled": unsettled + partial,
        "regimes": dict(regimes.most_common()),
    }


def _text(out: Path, summary: dict[str, Any]) -> str:
    cells, regimes = summary["cells"], summary["regimes"]
    if summary["solved_now"] == 0:
        head = f"{out} is finished already: {cells:,} cells"
    else:
        head = f"{summary['solved_now']:,} cells solved into {out} ({cells:,} in all)"
    lines = [head]
    shown = list(regimes.items())[:12]
    width = max((len(name) for name, _ in shown), default=0)
    lines += [f"  {name:<{width}}  {count / cells:7.2%}" for name, count in shown]
    if len(regimes) > len(shown):
        lines.append(f"  and {len(regimes) - len(shown)} more regimes")
    for name, count in summary["status"].items():
        lines.append(f"{name}: {count:,} cells, {Status[name].sentence}")
    if summary["not_settled"]:
        lines.append(f"{summary['not_settled']:,} cells are not certified or may not be complete")
    return "\n".join(lines)
