"""``coopet status``: how far a sweep is and what of it can be relied on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from solver.cli.options import json_option, print_json, size
from solver.cli.summary_text import regimes, table
from solver.equilibria import Status
from solver.errors import StoreError
from solver.sweep.stored import SPEC
from solver.sweep.survey import Survey, survey
from solver.sweep.wording import design_lines

NOT_SETTLED = 3
#: Chunks and files that are named.
MOST_NAMED = 8


@click.command("status")
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--summary", is_flag=True, help="Also the means of the outcomes within each regime.")
@json_option
def command(out: Path, *, summary: bool, as_json: bool) -> int:
    """Show how far the sweep in the directory OUT is, what is missing, what was not certified.

    Exit status: 0 if it is finished and every cell is settled, 3 if not, 2 if OUT is no sweep.

    \b
    Examples:
      coopet status map
      coopet status map --summary
    """
    _require_one(out)
    found = survey(out, outcomes=summary)
    if as_json:
        print_json(_data(out, found, summary=summary))
    else:
        click.echo("\n".join(_lines(out, found, summary=summary)))
    return 0 if found.finished and not found.not_settled else NOT_SETTLED


def _require_one(out: Path) -> None:
    """Name the sweeps of a study where OUT holds several."""
    if out.is_dir() and not (out / SPEC).exists():
        held = sorted(str(path.parent) for path in out.glob(f"*/{SPEC}"))
        if held:
            raise StoreError(f"{out} holds several sweeps: choose {' or '.join(held)}")


def _data(out: Path, found: Survey, *, summary: bool) -> dict[str, Any]:
    plan = found.spec["plan"]
    shares = {
        name: {
            "cells": regime.cells,
            "share": regime.cells / found.summary.cells,
            **({"outcomes": _moments(regime.outcomes)} if summary else {}),
        }
        for name, regime in found.summary.regimes.items()
    }
    return {
        "out": str(out),
        "finished": found.finished,
        "cells": found.bounds.cells,
        "cells_done": found.summary.cells,
        "chunks": found.bounds.chunks,
        "missing": found.missing,
        "faults": found.faults,
        "status": dict(found.status),
        "not_settled": found.not_settled,
        "examples": found.examples,
        "regimes": shares,
        "bytes": found.bytes,
        "command": found.spec.get("command"),
        "plan": plan,
        "versions": found.spec["versions"],
    }


def _moments(outcomes: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {"count": m.count, "mean": m.mean, "sd": m.sd, "min": m.low, "max": m.high}
        for name, m in outcomes.items()
    }


def _lines(out: Path, found: Survey, *, summary: bool) -> list[str]:
    cells, done = found.bounds.cells, found.summary.cells
    lines = [
        f"{out}: finished, {cells:,} cells"
        if found.finished
        else f"{out}: {done:,} of {cells:,} cells are done ({done / cells:.1%})",
        *_plan_lines(found),
        f"on disk     {size(found.bytes)}, {_chunks(found.bounds.chunks)} in all",
    ]
    if found.missing:
        lines.append(f"missing     {_few(found.missing)}")
    lines += [f"damaged     {name} {word}" for name, word in found.faults.items()][:MOST_NAMED]
    if not found.finished and "command" in found.spec:
        lines.append(f"to go on    {found.spec['command']}")
    if done:
        lines += ["", *regimes(found.summary), ""]
    for name, count in found.status.items():
        lines.append(f"{name}: {count:,} cells, {Status[name].sentence}")
    if found.not_settled:
        word = "cells are not certified or may not be complete; the first of them:"
        lines.append(f"{found.not_settled:,} {word}")
    for example in found.examples:
        values = ", ".join(f"{k} = {v:.9g}" for k, v in example["parameters"].items())
        lines.append(f"  cell {example['cell']}: {example['status']} at {values or 'this point'}")
    return [*lines, "", *table(found.summary)] if summary and done else lines


def _plan_lines(found: Survey) -> list[str]:
    plan = found.spec["plan"]
    method = plan["method"]["name"]
    fixed = ", ".join(f"{name} = {value:g}" for name, value in plan["parameters"].items())
    lines = [
        f"game        {plan['game']}",
        f"concept     {plan['concept']}, method {method}",
        *(f"{'varied' if k == 0 else '':<11} {text}" for k, text in enumerate(design_lines(plan))),
        *([f"fixed       {fixed}"] if fixed else []),
    ]
    if plan.get("add"):
        lines.append(f"added       {', '.join(plan['add'])}")
    if plan.get("keep", "all") != "all":
        lines.append(f"kept        {plan['keep']}")
    return lines


def _few(numbers: list[int]) -> str:
    """Numbers of chunks as ranges, the first of them."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    texts = [f"{a}" if a == b else f"{a}-{b}" for a, b in runs]
    more = f" and {len(texts) - MOST_NAMED} more ranges" if len(texts) > MOST_NAMED else ""
    return f"{_chunks(len(numbers))}: {', '.join(texts[:MOST_NAMED])}{more}"


def _chunks(count: int) -> str:
    return f"{count:,} chunk" if count == 1 else f"{count:,} chunks"
