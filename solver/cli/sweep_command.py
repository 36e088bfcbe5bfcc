"""``coopet sweep``: a grid or a sample into a directory, or a whole study."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from solver.cli.options import (
    add_option,
    concept_option,
    json_option,
    method_option,
    print_json,
    read_settings,
    set_option,
    typed,
)
from solver.cli.progress import announce_compiling, reporting
from solver.cli.study_run import run_study
from solver.cli.sweep_text import effective, effective_text, finished_text, summary_of
from solver.cli.targets import find_game
from solver.errors import ParameterError
from solver.sweep import plan, store
from solver.sweep.cluster import opened
from solver.sweep.parts import KEEP
from solver.sweep.plan import Plan
from solver.sweep.requests import design

NOT_SETTLED = 3


@click.command("sweep")
@click.argument("target", required=False)
@click.option(
    "--spec",
    type=click.Path(path_type=Path),
    metavar="FILE.toml",
    help="Instead of TARGET and options: a study of several sweeps and scenarios, see above.",
)
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
@click.option("--seed", type=click.IntRange(min=0), help="Of the sample; default 0.")
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
@click.option(
    "--keep",
    type=click.Choice(list(KEEP)),
    help="all (default): each cell and each of its equilibria; points: each cell only, with regime,"
    " status and outcomes, but no payoffs and strategies; small.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be solved, and what it takes.")
@click.option("--fresh", is_flag=True, help="Replace a sweep that OUT already holds.")
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Directory.")
@json_option
def command(  # noqa: PLR0913, PLR0917  one per option
    target: str | None,
    spec: Path | None,
    axes: Sequence[str],
    sample: str | None,
    seed: int | None,
    correlations: Sequence[str],
    settings: Sequence[str],
    concept: str | None,
    method: str | None,
    add: Sequence[str],
    jobs: int | None,
    executor: str,
    keep: str | None,
    out: Path | None,
    *,
    dry_run: bool,
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

    \b
    A study is written down in a file and run by  coopet sweep --spec FILE.toml -o OUT
      title = "Who designs the chip"
      [scenarios.base]              settings that sweeps share; each sweep is made in each
      [scenarios.scarce]
      volume = 300
      [sweeps.map]                  its sweeps are then in OUT/map.base and OUT/map.scarce,
      game = "phase"                pictures beside them, and OUT/report.html shows all
      axes = ["nre=100:20000:40:log", "porting_top=1:80:30"]
      views = ["regimes"]
    Other keys of a sweep, each as the option of its name: sample, seed, correlations, set,
    concept, method, add, keep; and scenarios, those it is for. More: pydoc solver.sweep.study
    """
    announce_compiling()
    given = {
        "--axis": axes, "--sample": sample, "--seed": seed, "--correlate": correlations,
        "--set": settings, "--concept": concept, "--method": method, "--add": add, "--keep": keep,
    }  # fmt: skip
    if spec is not None:
        _require_alone(target, given)
        return run_study(
            spec, out, jobs=jobs, executor=executor, fresh=fresh, dry_run=dry_run, as_json=as_json
        )
    if target is None:
        raise click.UsageError("name a TARGET to sweep (see coopet list), or give --spec FILE.toml")
    if out is None and not dry_run:
        raise click.UsageError("where to? give a directory, --out OUT, or --dry-run")
    game = find_game(target)
    points = design(game, axes, sample, seed or 0, correlations)
    fixed = read_settings(settings, game)
    made = plan.make(
        game, points, fixed, concept=concept, method=method, add=add, keep=keep or "all"
    )
    if dry_run:
        told = effective(made, out, jobs, fresh=fresh)
        _print(told, effective_text(told), as_json=as_json)
        return 0
    assert out is not None
    solved = _solve(made, out, jobs, executor, fresh=fresh)
    summary = summary_of(out, made.cells, solved)
    _print({"out": str(out), **summary}, finished_text(out, summary), as_json=as_json)
    return 0 if summary["not_settled"] == 0 else NOT_SETTLED


def _solve(made: Plan, out: Path, jobs: int | None, executor: str, *, fresh: bool) -> int:
    """Fill the store; return how many cells were solved."""
    with reporting(made.cells, f"{made.game.name}: {made.cells:,} cells") as (progress, done):
        try:
            with opened(executor, jobs) as workers:
                return store.run(
                    made,
                    out,
                    jobs=jobs,
                    fresh=fresh,
                    executor=workers,
                    command=typed(),
                    progress=progress,
                )
        except KeyboardInterrupt as stop:
            stop.add_note(f"{done():,} of {made.cells:,} cells are kept in {out}")
            raise


def _require_alone(target: str | None, given: dict[str, Any]) -> None:
    """Raise ParameterError for what a study says itself."""
    if target is not None:
        raise ParameterError(f"{target}: --spec names its games itself, give no TARGET")
    for option, value in given.items():
        if value not in (None, ()):
            raise ParameterError(f"{option} cannot be combined with --spec: write it in the file")


def _print(data: dict[str, Any], text: str, *, as_json: bool) -> None:
    if as_json:
        print_json(data)
    else:
        click.echo(text)
