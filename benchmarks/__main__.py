"""The command: run cases, write their results as JSON, print the table made from it."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

import benchmarks.cases  # noqa: F401  registers them
from benchmarks import machine
from benchmarks.measuring import run_case
from benchmarks.registry import CASES
from benchmarks.report import table

RESULTS = Path(__file__).parent / "results"


def run(names: list[str], *, smoke: bool) -> dict[str, Any]:
    """Results of the named cases, ready for JSON."""
    results: dict[str, Any] = {
        "date": datetime.now(UTC).date().isoformat(),
        "smoke": smoke,
        "machine": machine.describe(),
        "cases": [],
    }
    for name in names:
        click.echo(f"{name} ...", err=True)
        results["cases"].append(run_case(CASES[name], smoke=smoke))
    return results | {"load_after": machine.load()}


@click.command()
@click.option("--smoke", is_flag=True, help="Tiny inputs: checks the answers, times nothing.")
@click.option(
    "--only", multiple=True, metavar="NAME", type=click.Choice(sorted(CASES)), help="Repeatable."
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="JSON to write.")
@click.option("--list", "listing", is_flag=True, help="Name the cases and stop.")
def main(*, smoke: bool, only: tuple[str, ...], out: Path | None, listing: bool) -> None:
    """Measure speed, memory and start-up; answers are compared with the peers' first."""
    if listing:
        wide = max(map(len, CASES)) + 2
        click.echo("\n".join(f"{case.name:<{wide}}{case.summary}" for case in CASES.values()))
        return
    results = run([name for name in CASES if not only or name in only], smoke=smoke)
    if out is None and not smoke:
        out = RESULTS / f"{results['date']}.json"
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(results, indent=1) + "\n")
    click.echo(table(results))
    if any("error" in case for case in results["cases"]):
        sys.exit(1)


if __name__ == "__main__":
    main()
