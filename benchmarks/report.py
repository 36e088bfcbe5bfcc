"""A plain text table from the results of a run, and from nothing else."""

from __future__ import annotations

from typing import Any

Record = dict[str, Any]

SIGNS = {"ratio": "x", "percent": "%", "difference": ""}


def table(results: Record) -> str:
    """All cases of a run, as text."""
    return "\n".join([*_head(results), *(line for c in results["cases"] for line in _case(c))])


def _head(results: Record) -> list[str]:
    machine = results["machine"]
    packages = ", ".join(f"{name} {found}" for name, found in machine["packages"].items())
    kind = "smoke run" if results["smoke"] else "full run"
    load = f"load {machine['load']} before, {results['load_after']} after"
    memory = f"{machine['memory_gib']} GiB"
    return [
        f"{results['date']}, {kind}, revision {machine['revision'] or 'unknown'}",
        f"{machine['cpu']}, {machine['cores']} cores, {memory}, {machine['system']}; {load}",
        f"Python {machine['python']}, {packages}",
    ]


def _case(case: Record) -> list[str]:
    sizes = ", ".join(f"{name} {size:,}" for name, size in case["sizes"].items())
    lines = ["", f"{case['name']}: {case['summary']} ({sizes})"]
    if "error" in case:
        return [*lines, f"  FAILED, nothing timed: {case['error']}"]
    lines.append(f"  {case['unit']:<64}{'threads':>7}{'median':>10}{'min':>10}{'max':>10}")
    lines += [_line(row["side"], row, "") for row in case["values"]]
    sign = SIGNS[case["comparison"]]
    link = "minus" if case["comparison"] == "difference" else "/"
    lines += [
        _line(f"{row['side']} {link} {row['against']}", row, sign) for row in case["comparisons"]
    ]
    lines += [f"  skipped: {name}: {reason}" for name, reason in case["skipped"].items()]
    return lines + [f"  note: {remark}" for remark in case["remarks"]]


def _line(label: str, row: Record, sign: str) -> str:
    show = "{:,.0f}".format if sign == "x" and row["median"] >= 100 else _number
    numbers = "".join(f"{show(row[k]) + sign:>10}" for k in ("median", "min", "max"))
    return f"  {label:<64}{row['threads']:>7}{numbers}{_verdict(row)}"


def _verdict(row: Record) -> str:
    if "target" not in row:
        return ""
    target = row["target"]
    least, most = target["at_least"], target["at_most"]
    bound = f">= {least:g}" if least is not None else f"<= {most:g}"
    word = {None: "", True: ": met", False: ": MISSED"}[target["met"]]
    return f"  target {bound}{word}"


def _number(value: float) -> str:
    """Three digits, and a letter for thousands and millions."""
    for least, size, letter in ((1e6, 1e6, "M"), (1e4, 1e3, "k")):
        if abs(value) >= least:
            return f"{value / size:.3g}{letter}"
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"
