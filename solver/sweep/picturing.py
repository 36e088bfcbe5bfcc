"""What a picture needs to know of the form of a single game, as variables of a Dataset."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.forms import Form
from solver.forms.bargaining import BargainingProblem
from solver.forms.coalition import CoalitionGame
from solver.forms.extensive import ExtensiveForm
from solver.forms.frontier import FrontierProblem

Floats = NDArray[np.float64]

#: Points at which a frontier that is a function is sampled.
SAMPLES = 513
#: Players of whom all coalitions are listed.
MOST_PLAYERS = 10


def pictured(form: Form) -> tuple[dict[str, Any], dict[str, Any]]:
    """Variables and attributes that describe a form over the batch ().

    Trees: ``leaf_payoff`` over ``leaf`` and ``player``, ``chance_probability`` over
    ``chance_branch``, and the topology as JSON text in the attribute ``tree``. Bargains of two
    players: ``frontier_payoff`` over ``frontier_point`` and ``player``, the efficient payoffs in
    the order of the first player's, ``disagreement`` and ``outside`` over ``player``, and the
    attribute ``transferable``, 1 where the frontier is the line through its two points. Coalition
    games of up to 10 players: ``worth`` over ``coalition``, whose labels are 0 and 1 per player.
    Nothing for other forms, nor for invalid ones.
    """
    if isinstance(form, ExtensiveForm):
        return _tree(form)
    if isinstance(form, BargainingProblem | FrontierProblem):
        return _bargain(form) if len(form.players) == 2 and form.valid.all() else ({}, {})
    if isinstance(form, CoalitionGame) and len(form.players) <= MOST_PLAYERS:
        return _coalitions(form), {}
    return {}, {}


def _tree(form: ExtensiveForm) -> tuple[dict[str, Any], dict[str, Any]]:
    tree = form.tree
    topology = {
        "parent": tree.parent,
        "mover": tree.mover,
        "infoset": tree.infoset,
        "branch": tree.branch,
        "names": tree.names,
        "infosets": [[h.player, h.label, len(h.actions)] for h in tree.infosets],
    }
    variables = {
        "leaf_payoff": (("leaf", "player"), form.payoffs),
        "chance_probability": ("chance_branch", form.chance),
    }
    return variables, {"tree": json.dumps(topology)}


def _bargain(
    form: BargainingProblem | FrontierProblem,
) -> tuple[dict[str, Any], dict[str, Any]]:
    base = np.array([float(entry) for entry in form.entries("disagreement")])
    outside = np.array([float(entry) for entry in form.entries("outside")])
    transferable = isinstance(form, BargainingProblem)
    if isinstance(form, BargainingProblem):
        total = float(form.total)
        points = np.array([[base[0], total - base[0]], [total - base[1], base[1]]])
    else:
        points = efficient(_samples(form))
    variables = {
        "frontier_payoff": (("frontier_point", "player"), points),
        "disagreement": ("player", base),
        "outside": ("player", outside),
    }
    return variables, {"transferable": int(transferable)}


def _samples(form: FrontierProblem) -> Floats:
    """Points of which the frontier is made."""
    if form.points is not None:
        given: Floats = form.points[0]
        return given
    low, high = (float(end[0]) for end in form.ends())
    first = np.linspace(low, high, SAMPLES)
    points = np.stack((first, form.at(first[None])[0]), axis=-1)
    found: Floats = points[np.isfinite(points).all(axis=1)]
    return found


def efficient(points: Floats) -> Floats:
    """The efficient lotteries over some points (M, 2): corners of their frontier, left to right.

    Examples
    --------
    >>> efficient(np.array([[0.0, 1.0], [1.0, 2.0], [2.0, 0.5], [3.0, 1.0]])).tolist()
    [[1.0, 2.0], [3.0, 1.0]]
    """
    kept: list[Floats] = []
    for point in points[np.lexsort((points[:, 1], points[:, 0]))]:
        while kept and kept[-1][1] <= point[1]:
            kept.pop()
        while len(kept) > 1 and _bends_in(kept[-2], kept[-1], point):
            kept.pop()
        kept.append(point)
    return np.array(kept).reshape(-1, 2)


def _bends_in(a: Floats, b: Floats, c: Floats) -> bool:
    """Whether b is on or below the line from a to c."""
    return bool((b[0] - a[0]) * (c[1] - a[1]) >= (c[0] - a[0]) * (b[1] - a[1]))


def _coalitions(form: CoalitionGame) -> dict[str, Any]:
    count = len(form.players)
    names = ["".join(str(s >> i & 1) for i in range(count)) for s in range(1 << count)]
    return {"worth": ("coalition", form.worths), "coalition": ("coalition", names)}
