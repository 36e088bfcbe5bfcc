"""``coopet threshold``: where the regime changes along one axis, or its boundaries over two."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from solver import views
from solver.cli.options import (
    concept_option,
    json_option,
    method_option,
    print_json,
    read_settings,
    set_option,
    target_argument,
)
from solver.cli.progress import announce_compiling
from solver.cli.sweep_command import NOT_SETTLED
from solver.cli.targets import find_game
from solver.errors import AxisError, StoreError
from solver.sweep.axes import parse_range
from solver.sweep.boundaries import RESOLUTION as SQUARES
from solver.sweep.boundaries import Boundaries, boundaries
from solver.sweep.thresholds import RESOLUTION as POINTS
from solver.sweep.thresholds import Thresholds, thresholds


@click.command("threshold")
@target_argument
@click.option(
    "--axis",
    "axes",
    multiple=True,
    metavar="AXIS",
    help="NAME=LOW:HIGH[:log]; twice for the boundaries over two parameters.",
)
@set_option
@concept_option
@method_option
@click.option(
    "--resolution",
    type=click.IntRange(min=2, max=1_000_000),
    metavar="N",
    help=f"Points searched first: {POINTS:,}, or {SQUARES} along each of two axes.",
)
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    help="Of two axes: draw the boundaries too, to FIG.svg, .png or .pdf.",
)
@click.option("--force", is_flag=True, help="Replace the picture if it exists.")
@json_option
def command(  # noqa: PLR0913, PLR0917  one per option
    target: str,
    axes: Sequence[str],
    settings: Sequence[str],
    concept: str | None,
    method: str | None,
    resolution: int | None,
    out: Path | None,
    *,
    force: bool,
    as_json: bool,
) -> int:
    """Find every value of a parameter at which the regime of TARGET changes, to 1e-9.

    Each comes with the regimes on both sides and with what binds there: the incentive that is zero.
    With two axes the boundaries between regimes are traced as curves.

    \b
    Examples:
      coopet threshold phase --axis nre=100:20000
      coopet threshold phase --axis nre=100:20000 --axis porting_top=1:80 --json
      coopet threshold phase --axis nre=100:20000 --axis porting_top=1:80 -o boundaries.svg
    """
    _require_picture(out, len(axes), force=force)
    announce_compiling()
    game = find_game(target)
    fixed: Any = read_settings(settings, game)
    ranges = [parse_range(text) for text in axes]
    how: Any = {"concept": concept, "method": method}
    if resolution is not None:
        how["resolution"] = resolution
    if len(ranges) == 1:
        name, low, high, scale = ranges[0]
        line = thresholds(game, name, low, high, spacing=scale, **how, **fixed)
        print_json(_line_data(line)) if as_json else click.echo(_line_text(line))
        return NOT_SETTLED if line.unsettled else 0
    if len(ranges) == 2:
        plane = boundaries(game, *ranges, **how, **fixed)
        if out is not None:
            views.draw(plane.dataset(), "boundaries", out)
        print_json(_plane_data(plane)) if as_json else click.echo(_plane_text(plane))
        return NOT_SETTLED if plane.unsettled else 0
    raise AxisError(f"{len(ranges)} axes: give --axis NAME=LOW:HIGH once, or twice for boundaries")


def _require_picture(out: Path | None, axes: int, *, force: bool) -> None:
    """Raise, before anything is solved, if the picture asked for cannot be drawn."""
    if out is None:
        return
    if axes == 1:
        raise AxisError("-o draws boundaries, which takes two axes: one was given")
    views.check("boundaries", out)
    if out.exists() and not force:
        raise StoreError(f"{out} exists: choose another name, or --force to replace it")
    views.find("boundaries")


def _line_data(found: Thresholds) -> dict[str, Any]:
    return {
        "axis": found.axis,
        "thresholds": [
            {
                "value": t.value,
                "below": t.below,
                "above": t.above,
                "at": list(t.at),
                "binding": t.binding,
            }
            for t in found.thresholds
        ],
        "resolution": found.resolution,
        "low": found.low,
        "high": found.high,
        "scale": found.scale,
        "widest": found.widest,
        "evaluations": found.evaluations,
        "unsettled": found.unsettled,
    }


def _plane_data(found: Boundaries) -> dict[str, Any]:
    return {
        "axes": list(found.axes),
        "boundaries": [
            {"regimes": list(curve.regimes), "points": curve.points} for curve in found.curves
        ],
        "resolution": found.resolution,
        "finest": found.finest,
        "sharpness": found.sharpness,
        "low": list(found.low),
        "high": list(found.high),
        "scales": list(found.scales),
        "evaluations": found.evaluations,
        "unsettled": found.unsettled,
    }


def _line_text(found: Thresholds) -> str:
    lines = []
    if not found.thresholds:
        regime = found.regimes[0]
        lines.append(f"{found.axis} from {found.low:g} to {found.high:g}: {regime} throughout")
    for t in found.thresholds:
        lines.append(f"{found.axis} = {t.value:.12g}: {t.below} below, {t.above} above")
        if t.at:
            lines.append(f"  at the value itself: {', '.join(t.at)}")
        lines.append(f"  {t.binding}")
    lines.append(
        f"searched at {found.resolution:,} points ({found.scale}); a regime narrower than a step"
        f" (at most {found.widest:.3g}) between two stretches of one other may be missed"
    )
    return "\n".join(lines + _doubt(found.unsettled, found.evaluations))


def _plane_text(found: Boundaries) -> str:
    lines = [f"{', '.join(found.regimes)}: {len(found.curves)} boundaries"]
    for curve in found.curves:
        ends = (f"({p[0]:.6g}, {p[1]:.6g})" for p in (curve.points[0], curve.points[-1]))
        between = " | ".join(curve.regimes)
        lines.append(f"  {between}: {len(curve.points)} points from {' to '.join(ends)}")
    lines.append(
        f"searched at {found.resolution} squares along each axis, {found.finest} near a boundary:"
        f" {found.evaluations:,} games solved; a regime inside one square may be missed"
    )
    return "\n".join(lines + _doubt(found.unsettled, found.evaluations))


def _doubt(unsettled: int, evaluations: int) -> list[str]:
    if not unsettled:
        return []
    return [
        f"{unsettled:,} of {evaluations:,} answers are not certified: their regime may be wrong"
    ]
