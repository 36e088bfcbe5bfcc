"""Several concepts in one picture: what they are called, which agree, how they are told apart."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from solver.errors import TargetError
from solver.views._grid import SETTLED
from solver.views._palette import OKABE_ITO
from solver.views._words import Words, fixed_values

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.float64]

#: Concepts whose name is more than its words.
NAMES = {
    "nash-bargaining": "Nash bargaining",
    "kalai-smorodinsky": "Kalai–Smorodinsky",
    "nash-in-nash": "Nash-in-Nash",
    "nash-in-kalai": "Nash-in-Kalai",
    "nntr": "Nash-in-Nash, threat of replacement",
    "shapley": "Shapley value",
    "banzhaf": "Banzhaf value",
    "tau": "τ-value",
    "nash": "Nash equilibrium",
    "pure-nash": "pure Nash equilibrium",
}
#: Colours on white, in an order in which the first contrast most: yellow is too light for lines.
COLOURS = tuple("#{:02x}{:02x}{:02x}".format(*OKABE_ITO[k]) for k in (5, 6, 2, 3, 1, 0))
DASHES: tuple[Any, ...] = (
    "-",
    (0, (5, 1.6)),
    (0, (1.6, 1.2)),
    (0, (5, 1.4, 1.4, 1.4)),
    (0, (9, 2)),
)
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "p")
#: Size of the first of several marks: later ones are smaller, so that those below still show.
LARGEST = 12.0
#: Differences up to this share of the range are none.
SAME = 1e-9
#: Payoffs up to this share of the largest are written as zero.
NOISE = 1e-12


@final
@dataclass(frozen=True, eq=False)
class Group:
    """Concepts with the same answer, and the first one's number among all groups."""

    members: tuple[int, ...]
    values: Floats
    number: int

    @property
    def colour(self) -> str:
        """The colour that tells the group from the others."""
        return COLOURS[self.number % len(COLOURS)]

    @property
    def dashes(self) -> Any:
        """The pattern of its line."""
        return DASHES[self.number % len(DASHES)]

    @property
    def marker(self) -> str:
        """The shape of its point."""
        return MARKERS[self.number % len(MARKERS)]


def called(concept: str) -> str:
    """What a concept is called in a picture."""
    return NAMES.get(concept, concept.replace("-", " "))


def joined(names: Iterable[str]) -> str:
    """Names of what is the same."""
    return " = ".join(names)


def concepts_of(dataset: xr.Dataset, view: str) -> list[str]:
    """The concepts that a Dataset compares, or TargetError."""
    if "concept" not in dataset.dims or "concept" not in dataset.coords:
        raise TargetError(
            f"view {view} needs answers under several concepts: draw a game with"
            f" coopet plot TARGET --view {view}, or a Dataset of solver.compare"
        )
    return [str(name) for name in dataset["concept"].values.tolist()]


def one_point(
    dataset: xr.Dataset, axes: Sequence[str] | None, view: str
) -> tuple[xr.Dataset, list[str]]:
    """One point of a game over its concepts, also if there is only one, or TargetError."""
    if axes:
        raise TargetError(f"the view {view} has no axes: {', '.join(axes)}")
    if "concept" not in dataset.dims and "concept" in dataset.attrs:
        dataset = dataset.expand_dims(concept=[dataset.attrs["concept"]])
    names = concepts_of(dataset, view)
    if dataset["status"].dims != ("concept",):
        raise TargetError(f"view {view} draws one point of a game, not a sweep")
    return dataset, names


def unique(dataset: xr.Dataset) -> NDArray[np.bool_]:
    """Where each concept gives one answer, and that is settled: (concept, *axes)."""
    one: NDArray[np.bool_] = (dataset["count"].values == 1) & np.isin(
        dataset["status"].values.astype(str), sorted(SETTLED)
    )
    return one


def grouped(values: Floats, size: float) -> list[Group]:
    """Rows (C, ...) that are the same up to a share of `size`, in order of first appearance."""
    groups: list[list[int]] = []
    for k, row in enumerate(values):
        home = next((g for g in groups if _same(values[g[0]], row, size)), None)
        if home is None:
            groups.append([k])
        else:
            home.append(k)
    return [Group(tuple(g), values[g[0]], n) for n, g in enumerate(groups)]


def words(dataset: xr.Dataset, what: str, swept: set[str], notes: Sequence[str]) -> Words:
    """Game and picture, the game's summary, and notes with what was held fixed."""
    attrs = dataset.attrs
    methods = json.loads(attrs.get("methods", "{}"))
    how = "methods: " + " · ".join(f"{called(n)} {method}" for n, method in methods.items())
    return Words(
        title=" · ".join(filter(None, (str(attrs.get("game", "")), what))),
        subtitle=str(attrs.get("summary", "")),
        notes=(*notes, fixed_values(attrs, swept), how if methods else ""),
    )


def draw_mark(  # noqa: PLR0913, PLR0917
    panel: Axes, at: Floats, label: str, marker: str, colour: str, size: float = 9.0
) -> Line2D:
    """A point in a panel; the entry for the legend."""
    look: dict[str, Any] = {
        "marker": marker,
        "color": colour,
        "markeredgecolor": "white",
        "markeredgewidth": 0.6,
        "linestyle": "none",
        "label": label,
    }
    panel.plot([at[0]], [at[1]], markersize=size, zorder=6, clip_on=False, **look)
    return Line2D([], [], markersize=8, **look)


def told(values: Floats) -> str:
    """Payoffs in brackets, without the noise of rounding."""
    kept = np.where(np.abs(values) <= NOISE * np.abs(values).max(), 0.0, values)
    texts = (f"{value:,.5g}".replace("-", "\N{MINUS SIGN}") for value in kept.tolist())
    return f"({', '.join(texts)})"


def _same(a: Floats, b: Floats, size: float) -> bool:
    known = np.isfinite(a)
    if not np.array_equal(known, np.isfinite(b)):
        return False
    return bool((np.abs(a[known] - b[known]) <= SAME * size).all())
