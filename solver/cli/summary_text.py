"""Shares of regimes and means within them as lines of text."""

from __future__ import annotations

from solver.sweep.reductions import Summary

#: Regimes that are listed.
MOST_SHOWN = 12


def regimes(summary: Summary) -> list[str]:
    """One line per regime, the most frequent first."""
    names = list(summary.regimes)[:MOST_SHOWN]
    width = max((len(name) for name in names), default=0)
    lines = [f"  {name:<{width}}  {summary.share(name):7.2%}" for name in names]
    more = len(summary.regimes) - len(names)
    return [*lines, f"  and {more} more regimes"] if more > 0 else lines


def table(summary: Summary) -> list[str]:
    """The moments of each outcome in each regime."""
    rows = [("regime", "outcome", "mean", "sd", "min", "max")]
    for name in list(summary.regimes)[:MOST_SHOWN]:
        for outcome, m in summary.regimes[name].outcomes.items():
            numbers = (f"{value:.6g}" for value in (m.mean, m.sd, m.low, m.high))
            rows.append((name, outcome, *numbers))  # type: ignore[arg-type]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            text.ljust(width) if k < 2 else text.rjust(width)
            for k, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
