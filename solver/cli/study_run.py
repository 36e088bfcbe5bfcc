"""Running a study: its sweeps one after the other, then its pictures and its report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from solver import views
from solver.cli.options import print_json, typed
from solver.cli.progress import reporting
from solver.cli.study_page import Page, is_ours, write_page
from solver.cli.sweep_text import effective, effective_text, finished_text, summary_of
from solver.cli.targets import find_game
from solver.errors import CoopetError, StoreError
from solver.sweep import store
from solver.sweep.cluster import opened
from solver.sweep.stored import SPEC
from solver.sweep.study import Run, Study, read

NOT_SETTLED = 3
REPORT = "report.html"
SUFFIX = ".png"


def run_study(  # noqa: PLR0913
    path: Path,
    out: Path | None,
    *,
    jobs: int | None,
    executor: str,
    fresh: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Check all of a study, then make or resume each of its sweeps.

    Every sweep has a store in the folder `out`, by default one named as the file. One that is
    finished is not touched. Returns the exit status.
    """
    study = read(
        path, find_game, sorted(views.VIEWS.keys() - views.OF_POINTS - views.OF_CONCEPTS.keys())
    )
    folder = path.with_suffix("") if out is None else out
    _check(study, folder, fresh=fresh)
    if dry_run:
        return _announce(study, folder, jobs, fresh=fresh, as_json=as_json)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder}: cannot write: {error.strerror or error}") from None
    pages = []
    for run in study.runs:
        solved = _solve(study, run, folder, jobs, executor, fresh=fresh)
        pages.append(_finish(run, folder, solved, quiet=as_json))
    if study.report:
        write_page(folder / REPORT, study.title, pages)
    doubtful = sum(page.summary["not_settled"] for page in pages)
    if as_json:
        runs = {page.run.name: {"out": str(page.store), **page.summary} for page in pages}
        print_json({"out": str(folder), "title": study.title, "runs": runs})
    elif study.report:
        click.echo(f"{folder / REPORT} written")
    return 0 if doubtful == 0 else NOT_SETTLED


def _check(study: Study, folder: Path, *, fresh: bool) -> None:
    """Raise StoreError if a sweep or the report could not be written where it belongs."""
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder} exists and is not a folder: choose another output")
    if (folder / SPEC).exists():
        raise StoreError(f"{folder} holds one sweep: choose another output for a study")
    if study.report and (folder / REPORT).exists() and not is_ours(folder / REPORT):
        raise StoreError(f"{folder / REPORT} is not of a study: choose another output")
    for run in study.runs:
        if not fresh:
            store.holds(run.made, folder / run.name)


def _announce(study: Study, folder: Path, jobs: int | None, *, fresh: bool, as_json: bool) -> int:
    """What each sweep would be and take."""
    told = {
        run.name: effective(run.made, folder / run.name, jobs, fresh=fresh) for run in study.runs
    }
    if as_json:
        print_json({"out": str(folder), "title": study.title, "runs": told})
        return 0
    for name, entry in told.items():
        click.echo(f"[{name}]\n{effective_text(entry)}\n")
    return 0


def _solve(  # noqa: PLR0913
    study: Study, run: Run, folder: Path, jobs: int | None, executor: str, *, fresh: bool
) -> int:
    """Fill one store; an interruption says which are finished."""
    made = run.made
    with reporting(made.cells, f"{run.name}: {made.cells:,} cells") as (progress, done):
        try:
            with opened(executor, jobs) as workers:
                return store.run(
                    made,
                    folder / run.name,
                    jobs=jobs,
                    fresh=fresh,
                    executor=workers,
                    command=typed(),
                    progress=progress,
                )
        except KeyboardInterrupt as stop:
            names = [other.name for other in study.runs]
            before = ", ".join(names[: names.index(run.name)]) or "none"
            stop.add_note(
                f"finished: {before}; {done():,} of {made.cells:,} cells of {run.name} are kept"
            )
            raise


def _finish(run: Run, folder: Path, solved: int, *, quiet: bool) -> Page:
    """Count what is there, and draw it."""
    place = folder / run.name
    summary: dict[str, Any] = summary_of(place, run.made.cells, solved)
    if not quiet:
        click.echo(finished_text(place, summary))
    drawn: list[tuple[str, Path]] = []
    for view in run.views:
        target = folder / f"{run.name}.{view}{SUFFIX}"
        try:
            views.draw(store.open_sweep(place), view, target)
        except CoopetError as error:
            click.echo(f"{run.name}: no picture {view}: {error}", err=True)
        else:
            drawn.append((view, target))
    return Page(run, place, summary, drawn)
