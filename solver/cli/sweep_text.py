"""What ``coopet sweep`` says before and after."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from solver.cli.options import size
from solver.equilibria import Status
from solver.sweep import store
from solver.sweep.estimate import estimate
from solver.sweep.plan import Plan
from solver.sweep.stored import finished
from solver.sweep.survey import survey
from solver.sweep.wording import design_lines

#: Regimes that are listed.
MOST_SHOWN = 12


def summary_of(out: Path, cells: int, solved: int) -> dict[str, Any]:
    """Counts over the whole store, read part by part."""
    found = survey(out)
    return {
        "cells": cells,
        "solved_now": solved,
        "status": dict(found.status),
        "not_settled": found.not_settled,
        "regimes": {name: regime.cells for name, regime in found.summary.regimes.items()},
    }


def finished_text(out: Path, summary: dict[str, Any]) -> str:
    """The counts for people."""
    cells, regimes = summary["cells"], summary["regimes"]
    if summary["solved_now"] == 0:
        head = f"{out} is finished already: {cells:,} cells"
    else:
        head = f"{summary['solved_now']:,} cells solved into {out} ({cells:,} in all)"
    lines = [head]
    shown = list(regimes.items())[:MOST_SHOWN]
    width = max((len(name) for name, _ in shown), default=0)
    lines += [f"  {name:<{width}}  {count / cells:7.2%}" for name, count in shown]
    if len(regimes) > len(shown):
        lines.append(f"  and {len(regimes) - len(shown)} more regimes")
    for name, count in summary["status"].items():
        lines.append(f"{name}: {count:,} cells, {Status[name].sentence}")
    if summary["not_settled"]:
        lines.append(f"{summary['not_settled']:,} cells are not certified or may not be complete")
    return "\n".join(lines)


def effective(made: Plan, out: Path | None, jobs: int | None, *, fresh: bool) -> dict[str, Any]:
    """What a sweep would be and take; nothing is written.

    Raises
    ------
    StoreError
        When it would be refused because `out` is something else.
    """
    resumes = out is not None and not fresh and store.holds(made, out)
    guess = estimate(made, jobs)
    return {
        "plan": made.describe(),
        "cells": made.cells,
        "chunks": made.chunks,
        "bytes": guess.bytes,
        "seconds": guess.seconds,
        "jobs": guess.jobs,
        "probed": guess.probed,
        "keep": made.keep,
        "out": None if out is None else str(out),
        "resumes": resumes,
        "chunks_done": len(finished(out)) if resumes and out else 0,
    }


def effective_text(told: dict[str, Any]) -> str:
    """The same for people."""
    plan = told["plan"]
    options = ", ".join(f"{k} = {v}" for k, v in plan["method"].items() if k != "name")
    method = plan["method"]["name"] + (f" ({options})" if options else "")
    fixed = [f"{name} = {value:g}" for name, value in plan["parameters"].items()]
    varied = design_lines(plan)
    lines = [
        f"game        {plan['game']}",
        f"concept     {plan['concept']}",
        f"method      {method}",
        *(f"{'' if k else 'varied':<11} {text}" for k, text in enumerate(varied)),
        *(f"{'' if k else 'fixed':<11} {text}" for k, text in enumerate(fixed)),
        f"added       {', '.join(plan.get('add', ())) or 'nothing'}",
        f"kept        {told['keep']}",
        f"points      {told['cells']:,} in {told['chunks']:,} chunks",
        f"time        {duration(told['seconds'])} on {_threads(told['jobs'])}",
        f"disk        {size(told['bytes'])}",
        f"judged by   {told['probed']:,} cells solved now, none of them kept",
    ]
    if told["resumes"]:
        lines.append(f"resumes     {told['out']}, {told['chunks_done']:,} chunks are there")
    return "\n".join([*lines, "nothing was written (--dry-run)"])


def duration(seconds: float) -> str:
    """A time for people, in steps that an estimate deserves."""
    for unit, length in (("days", 86_400.0), ("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= 2 * length:
            return f"about {seconds / length:.0f} {unit}"
    return f"about {seconds:.0f} seconds" if seconds >= 1.5 else f"about {seconds:.1g} seconds"


def _threads(jobs: int) -> str:
    return f"{jobs} thread" if jobs == 1 else f"{jobs} threads"
