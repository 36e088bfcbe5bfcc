"""What binds at a threshold: the incentive that is zero there, in words.

The equilibria just below and just above are compared. Those that exist on one side only end where
one of their conditions becomes an equality: a player is indifferent between what it does and
something else, a probability reaches zero, a choice reaches the end of its interval.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from solver.equilibria import Equilibria
from solver.forms.bargaining import BargainingProblem
from solver.forms.extensive import ExtensiveForm
from solver.forms.leader import LeaderFollower
from solver.forms.normal import NormalForm
from solver.sweep.cells import PLAYED
from solver.sweep.labels import Labeller

Floats = NDArray[np.float64]
#: Differences above this, relative to the size, are no rounding.
APART = 1e-6
#: A condition counts as an equality below this, relative to the range of the payoffs.
ZERO = 1e-6


def binding(label: Labeller, axis: str, below: float, above: float) -> str:
    """What is zero between two neighbouring values of an axis."""
    cells = label.cells({axis: np.array([below, above])})
    equilibria = cells.equilibria
    form = equilibria.form
    missing = [k for k, number in enumerate(equilibria.count) if number == 0]
    said: str | None = None
    if len(missing) == 1:
        said = f"an equilibrium exists only {('above', 'below')[missing[0]]}"
    if isinstance(form, NormalForm):
        said = _incentive(form, equilibria) or said
    elif isinstance(form, LeaderFollower):
        said = _choice(form, equilibria) or said
    elif isinstance(form, ExtensiveForm):
        said = _decision(form, equilibria) or said
    elif isinstance(form, BargainingProblem):
        said = _division(form, equilibria) or said
    return said or "no incentive that is known here: the rule by which the game names its regimes"


def _changed(equilibria: Equilibria) -> Iterator[int]:
    """Rows whose support is that of no equilibrium on the other side."""
    played = equilibria.profiles > PLAYED
    for row, side in enumerate(equilibria.owner.tolist()):
        others = played[equilibria.owner != side]
        if not (others == played[row]).all(axis=1).any():
            yield row


def _incentive(form: NormalForm, equilibria: Equilibria) -> str | None:
    """The smallest margin of an equilibrium that exists on one side only."""
    found: list[tuple[float, int, str]] = []
    for row in _changed(equilibria):
        side = int(equilibria.owner[row])
        ends = np.cumsum([len(names) for names in form.actions])[:-1]
        mixed = np.split(equilibria.profiles[row], ends)
        for i, names in enumerate(form.actions):
            worth, spread = _worths(form, side, mixed, i)
            best = max(range(len(names)), key=lambda a: (mixed[i][a] > PLAYED, worth[a]))
            who = form.players[i]
            for a, name in enumerate(names):
                if mixed[i][a] <= PLAYED:
                    margin = abs(worth[best] - worth[a]) / spread
                    said = f"{who}: indifferent between {names[best]} and {name}"
                    given = _given(form, mixed, i)
                    found.append((margin, 0, said + (f" against {given}" if given else "")))
                elif mixed[i][a] < 1.0 - PLAYED:
                    said = f"{who}: the probability of {name} reaches zero"
                    found.append((float(mixed[i][a]), 1, said))
    near = [entry for entry in found if entry[0] <= ZERO]
    # An indifference says more than the probability that vanishes with it.
    return min(near, key=lambda entry: (entry[1], entry[0]))[2] if near else None


def _worths(form: NormalForm, side: int, mixed: list[Floats], player: int) -> tuple[Floats, float]:
    """What each action of a player is worth against the others, and the range of its payoffs."""
    payoffs = form.payoffs[player]
    table = np.broadcast_to(payoffs, (2, *payoffs.shape[1:]))[side]
    # Where the threshold makes all payoffs equal, their range says nothing.
    spread = max(float(table.max() - table.min()), APART * float(np.abs(table).max())) or 1.0
    for j in reversed(range(len(mixed))):
        if j != player:
            table = np.tensordot(table, mixed[j], axes=(j, 0))
    return table, spread


def _given(form: NormalForm, mixed: list[Floats], player: int) -> str:
    """The pure actions of the others, nothing where they mix."""
    words = []
    for j, (names, weights) in enumerate(zip(form.actions, mixed, strict=True)):
        if j != player:
            if weights.max() < 1.0 - PLAYED:
                return ""
            words.append(names[int(weights.argmax())])
    return ", ".join(words)


def _choice(form: LeaderFollower, equilibria: Equilibria) -> str | None:
    """An end of the leader's interval, a tie of the leader, or one of the follower."""
    if (equilibria.count == 0).any():
        return None
    assert equilibria.leader_action is not None  # noqa: S101  for the type checker
    leader, follower = form.players
    actions = equilibria.leader_action[:, 0]
    answers = [form.answers[k] for k in np.argmax(equilibria.strategies[1][:, 0], axis=-1)]
    low, high = (np.broadcast_to(end, (2,)) for end in (form.low, form.high))
    size = np.maximum(np.abs(actions).max(), 1e-300)
    if abs(actions[1] - actions[0]) > APART * size:
        first, second = (f"{a:.6g} ({b})" for a, b in zip(actions, answers, strict=True))
        return f"{leader}: indifferent between {form.action} {first} and {second}"
    if answers[0] != answers[1]:
        return f"{follower}: indifferent between {answers[0]} and {answers[1]}"
    for end, word in ((high, "upper"), (low, "lower")):
        at = np.abs(actions - end) <= PLAYED * size
        if at[0] != at[1] or (at.any() and not np.array_equal(low, high)):
            return f"{leader}: {form.action} reaches the {word} end of its interval"
    return None


def _decision(form: ExtensiveForm, equilibria: Equilibria) -> str | None:
    """The last information set at which a different action is chosen."""
    tree = form.tree
    played = equilibria.profiles > PLAYED
    sets = []
    start = 0
    for i in range(len(tree.players)):
        for h in tree.infosets:
            if h.player == i:
                sets.append((h, slice(start, start + len(h.actions))))
                start += len(h.actions)
    for row in _changed(equilibria):
        others = played[equilibria.owner != equilibria.owner[row]]
        if not len(others):
            continue
        nearest = others[int((others != played[row]).sum(axis=1).argmin())]
        differ = [
            k for k, (_, part) in enumerate(sets) if (nearest[part] != played[row][part]).any()
        ]
        depth = {k: min(tree.members[tree.infosets.index(sets[k][0])], default=0) for k in differ}
        h, part = sets[max(differ, key=depth.__getitem__)]
        names = [
            n for n, a, b in zip(h.actions, nearest[part], played[row][part], strict=True) if a or b
        ]
        where = f" at {h.label}" if h.label else ""
        return f"{tree.players[h.player]}: indifferent between {' and '.join(names)}{where}"
    return None


def _division(form: BargainingProblem, equilibria: Equilibria) -> str | None:
    """The gains from trade, or an outside option."""
    total = np.broadcast_to(form.total, (2,))
    size = max(float(np.abs(total).max()), 1e-300)
    disagreement = np.broadcast_to(sum(np.asarray(d) for d in form.disagreement), (2,))
    outside = np.broadcast_to(sum(np.asarray(d) for d in form.outside), (2,))
    for name, alone in (("disagreement payoffs", disagreement), ("outside options", outside)):
        if (np.abs(total - alone) <= ZERO * size).all():
            return f"together: the surplus equals the {name}"
    payoffs = equilibria.first(equilibria.payoffs)
    for i, player in enumerate(form.players):
        own = np.broadcast_to(np.asarray(form.outside[i], np.float64), (2,))
        if (np.abs(payoffs[:, i] - own) <= ZERO * size).any() and own.any():
            return f"{player}: its outside option begins to bind"
    return None
