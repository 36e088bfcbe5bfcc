"""The design of a sweep in words, as it stands in its plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from solver.sweep.axes import restore


def design_lines(plan: Mapping[str, Any]) -> list[str]:
    """One line per axis, or what is sampled and how."""
    if "sample" in plan:
        return _sample(plan["sample"])
    if "table" in plan:
        held = plan["table"]
        return [f"{', '.join(held['columns'])}: a table of {held['count']:,} rows"]
    lines = []
    for plain in plan["axes"]:
        values = restore(plain).values
        steps = "in equal factors" if plain["scale"] == "log" else "in equal steps"
        how = steps if "count" in plain else "as given"
        ends = f"{values[0]:g} to {values[-1]:g}" if values.size > 1 else f"{values[0]:g}"
        word = "value" if values.size == 1 else f"values, {how}"
        lines.append(f"{plain['name']}: {ends}, {values.size:,} {word}")
    return lines or ["nothing: one point"]


def _sample(held: Mapping[str, Any]) -> list[str]:
    lines = [f"{held['count']:,} points, {held['sampler']}, seed {held['seed']}"]
    for entry in held["distributions"]:
        mode = f", mode {entry['mode']:g}" if "mode" in entry else ""
        spread = f"{entry['low']:g} to {entry['high']:g}{mode}"
        lines.append(f"{entry['name']}: {entry['distribution']}, {spread}")
    lines += [f"correlation of {a} and {b}: {rho:g}" for a, b, rho in held["correlations"]]
    return lines
