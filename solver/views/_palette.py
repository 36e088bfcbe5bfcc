"""Categories of cells, with colours and hatches that colour-blind readers can tell apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int32]

#: Okabe and Ito (2008) without black, in an order in which neighbours contrast, and mixed with
#: white by `TINT` so that lines and names stay readable on them.
OKABE_ITO = (
    (86, 180, 233),
    (230, 159, 0),
    (0, 158, 115),
    (204, 121, 167),
    (240, 228, 66),
    (0, 114, 178),
    (213, 94, 0),
)
TINT = 0.25
#: Share of black in the lines of a hatch.
SHADE = 0.45
#: One for each cycle through the colours.
HATCHES = ("", "///", "...")
#: More categories than these cannot be told apart: the rarest are then shown as one.
MOST = len(OKABE_ITO) * len(HATCHES)
INK, FAINT = "#222222", "#555555"
#: Marks of cells whose answer is not certified.
ALARM = "#8b0000"

#: How a sweep writes that a cell has no regime.
NO_REGIME = {"", "none", "None", "nan"}


@final
@dataclass(frozen=True)
class Kind:
    """What a cell can be: the name, fill, hatch and pen by which the legend shows it."""

    name: str
    colour: str
    hatch: str = ""
    pen: str = FAINT


NO_EQUILIBRIUM = Kind("no equilibrium", "#e6e6e6", "////", "#999999")
NOT_CERTIFIED = Kind("not certified", "#ffffff", "xxxx", ALARM)
#: A cell that has neither a regime nor a settled status: only the mark of the latter is drawn.
BLANK = Kind("", "#ffffff")


def categories(
    codes: Codes, found: list[str], listed: list[str], uncertified: NDArray[np.bool_]
) -> tuple[Codes, tuple[Kind, ...]]:
    """Cells as codes into the categories that are present, in legend order.

    Parameters
    ----------
    codes : (*axes) int
        Index into `found`, the regimes as the sweep writes them.
    listed : list of str
        All regimes the game can have, in legend order; others follow alphabetically.
    uncertified : (*axes) bool
        Without a regime, such a cell is blank rather than without equilibrium.
    """
    order = list(dict.fromkeys([*listed, *sorted(found)]))
    names = [name for name in order if name in found and name not in NO_REGIME]
    kinds = _kinds(names, [name for name in order if name not in NO_REGIME])
    place = {name: k for k, name in enumerate(names)}
    full = np.array([place.get(name, len(names)) for name in found], np.int32)[codes]
    full[(full == len(names)) & uncertified] += 1
    return _present(*_merged(full, [*kinds, NO_EQUILIBRIUM, BLANK]))


def _kinds(names: list[str], possible: list[str]) -> list[Kind]:
    """A colour by place among all regimes if these are few, so that figures agree."""
    places = possible if len(possible) <= len(OKABE_ITO) else names
    made = []
    for name in names:
        cycle, index = divmod(places.index(name), len(OKABE_ITO))
        colour = OKABE_ITO[index]
        hatch = HATCHES[cycle % len(HATCHES)]
        made.append(Kind(name, _mixed(colour, 255, TINT), hatch, _mixed(colour, 0, SHADE)))
    return made


def _merged(codes: Codes, kinds: list[Kind]) -> tuple[Codes, list[Kind]]:
    """Put the rarest regimes beyond `MOST` under one name; the last two kinds are special."""
    regimes = len(kinds) - 2
    if regimes <= MOST:
        return codes, kinds
    cells = np.bincount(codes.ravel(), minlength=len(kinds))[:regimes]
    kept = np.sort(np.argsort(-cells, kind="stable")[: MOST - 1])
    renamed = _kinds([kinds[k].name for k in kept], [kinds[k].name for k in kept])
    others = Kind(f"{regimes - len(kept)} other regimes", "#b5b5b5")
    target = np.full(len(kinds), len(kept), np.int32)
    target[kept] = np.arange(len(kept))
    target[-2:] = len(kept) + 1, len(kept) + 2
    return target[codes], [*renamed, others, *kinds[-2:]]


def _present(codes: Codes, kinds: list[Kind]) -> tuple[Codes, tuple[Kind, ...]]:
    held = np.bincount(codes.ravel(), minlength=len(kinds)) > 0
    target = (np.cumsum(held) - 1).astype(np.int32)
    return target[codes], tuple(kind for kind, here in zip(kinds, held, strict=True) if here)


def _mixed(rgb: tuple[int, int, int], other: int, share: float) -> str:
    """A colour with a share of white, 255, or of black, 0."""
    return "#" + "".join(f"{round((1 - share) * part + share * other):02x}" for part in rgb)
