"""Results as text: a table of families by shapes, totals by kind of trouble, and single games."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from tests.differential.comparing import Report, Trouble
from tests.differential.families import Games
from tests.differential.running import Tally

Shape = tuple[int, int]


def table(tallies: Mapping[tuple[str, Shape], Tally]) -> str:
    """Games in every cell, preceded by how many of them are wrong, if any; then totals."""
    families = list(dict.fromkeys(family for family, _ in tallies))
    shapes = list(dict.fromkeys(shape for _, shape in tallies))
    lines = [_line("games", [f"{m}x{n}" for m, n in shapes])]
    for family in families:
        cells = [tallies.get((family, shape)) for shape in shapes]
        lines.append(_line(family, [_cell(tally) for tally in cells]))
    columns = ["games", "degenerate", "equilibria", "failed", *Trouble._fields]
    lines += ["", _line("totals", columns, 11)]
    for family in families:
        lines.append(_total(family, [t for t in tallies.values() if t.family == family]))
    lines.append("")
    for m, n in shapes:
        lines.append(_total(f"{m}x{n}", [t for t in tallies.values() if t.shape == (m, n)]))
    lines += ["", _total("all", tallies.values())]
    return "\n".join(lines)


def example(games: Games, index: int, report: Report, seed: int) -> str:
    """One game as it was solved, to be pasted into a test."""
    named = {name: count for name, count in report.trouble._asdict().items() if count}
    truth = np.array(report.truth.profiles, np.float64)
    A, B = (payoff[index].tolist() for payoff in games.payoffs())
    return (
        f"\n# {games.family}, {games.shape[0]}x{games.shape[1]}, game {index}, seed {seed}:"
        f" {named}, {report.status.name}\n"
        f"A = {A}\nB = {B}\n"
        f"expected = {truth.tolist()}\nfound = {report.profiles.tolist()}"
    )


def _cell(tally: Tally | None) -> str:
    if tally is None:
        return "-"
    return f"{tally.failed}!/{tally.games}" if tally.failed else str(tally.games)


def _total(name: str, tallies: Iterable[Tally]) -> str:
    rows = [(t.games, t.degenerate, t.equilibria, t.failed, *t.trouble) for t in tallies]
    return _line(name, [f"{total:,}" for total in np.sum(rows, axis=0).tolist()], 11)


def _line(name: str, cells: Iterable[str], width: int = 7) -> str:
    return f"{name:<13}" + "".join(f"{cell:>{width}}" for cell in cells)
