"""Equilibria of two-player signalling trees by brute force.

Nothing here but the numbers of the tree: every pure strategy of the sender is tried with every pure
answer of the receiver, on the path against the posterior (Bayes), off it against any belief.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np

from solver.concepts._tree_values import tree_values, whole_block
from solver.equilibria import Equilibria, Rows, Status

#: Gains below this share of a player's payoff range are rounding.
ROUNDING = 1e-10


@dataclass(frozen=True, eq=False)
class Signalling:
    """Two types of sender: prior (2,), payoffs (2, signals, answers) relative to their range."""

    prior: np.ndarray
    sender: np.ndarray
    receiver: np.ndarray


@dataclass(frozen=True)
class Perfect:
    """A pure perfect Bayesian equilibrium: a signal for each type, an answer to each signal."""

    signals: tuple[int, int]
    answers: tuple[int, ...]

    @property
    def kind(self):
        return "pooling" if self.signals[0] == self.signals[1] else "separating"


def signalling(form, sender):
    """Read a tree told as nature, sender, receiver; `sender` is the number of that player."""
    signals = len(form.tree.infosets[form.tree.first_infoset[sender]].actions)
    cells = form.payoffs.reshape(2, signals, -1, 2)
    spread = np.ptp(form.payoffs, axis=0)
    cells = cells / np.where(spread > 0.0, spread, 1.0)
    return Signalling(form.chance[:2], cells[..., sender], cells[..., 1 - sender])


def posterior(game, sent):
    """Probability of the first type after a signal, or None where no type sends it."""
    weights = game.prior * sent
    return None if weights.sum() <= 0.0 else weights[0] / weights.sum()


def best_answers(game, signal, belief):
    """Answers that are best for the receiver at a probability of the first type."""
    values = belief * game.receiver[0, signal] + (1.0 - belief) * game.receiver[1, signal]
    return set(np.flatnonzero(values >= values.max() - ROUNDING).tolist())


def conceivable(game, signal):
    """Answers that are best at some belief: each rival excludes an end of the unit interval."""
    found = set()
    first, second = game.receiver[:, signal]
    for a in range(len(first)):
        low, high = 0.0, 1.0
        for b in range(len(first)):
            at_one, at_zero = first[a] - first[b], second[a] - second[b]
            if min(at_one, at_zero) >= -ROUNDING:
                continue
            if max(at_one, at_zero) < -ROUNDING:
                low = 2.0
            cross = at_zero / (at_zero - at_one) if at_zero != at_one else 2.0
            low, high = (max(low, cross), high) if at_one > at_zero else (low, min(high, cross))
        if low <= high + ROUNDING:
            found.add(a)
    return found


def perfect(game):
    """All pure perfect Bayesian equilibria; priors inside the unit interval."""
    signals = range(game.sender.shape[1])
    found = []
    for sent in product(signals, repeat=2):
        choices = []
        for m in signals:
            belief = posterior(game, np.array([sent[0] == m, sent[1] == m], float))
            unseen = belief is None
            choices.append(conceivable(game, m) if unseen else best_answers(game, m, belief))
        for answers in product(*map(sorted, choices)):
            got = game.sender[:, signals, answers]
            if all(got[t, sent[t]] >= got[t].max() - ROUNDING for t in (0, 1)):
                found.append(Perfect(sent, answers))
    return found


def intuitive(game, equilibrium):
    """Whether no type would send an unused signal that only it could gain from.

    Cho and Kreps (1987): beliefs put no weight on a type that loses by the signal whatever the
    answer; then the other type must not gain at the answers that are best against it.
    """
    got = [game.sender[t, m, equilibrium.answers[m]] for t, m in enumerate(equilibrium.signals)]
    for m in set(range(game.sender.shape[1])) - set(equilibrium.signals):
        may = sorted(conceivable(game, m))
        hopes = [game.sender[t, m, may].max() >= got[t] - ROUNDING for t in (0, 1)]
        for t in (0, 1):
            if hopes[t] and not hopes[1 - t]:
                worst = min(game.sender[t, m, a] for a in best_answers(game, m, float(t == 0)))
                if worst > got[t] + ROUNDING:
                    return False
    return True


def behavior_row(form, sender, equilibrium):
    """The same equilibrium as a row of behavior strategies of the tree."""
    own = np.eye(len(equilibrium.answers))[list(equilibrium.signals)].ravel()
    width = len(form.tree.infosets[form.tree.first_infoset[1 - sender]].actions)
    other = np.eye(width)[list(equilibrium.answers)].ravel()
    return np.concatenate([own, other] if sender == 0 else [other, own])


def by_hand(form, *rows):
    """The given rows of behavior strategies of one game, equilibria or not."""

    def values(profiles, owner):
        return tree_values(form, profiles, owner, whole_block(form.tree))

    return Equilibria(
        form=form,
        concept="nash",
        method="by-hand",
        measure="regret",
        tol=1e-9,
        count=np.array(len(rows)),
        status=np.array(Status.SOLVED),
        complete=np.array(False),
        rows=Rows(lambda: np.array(rows), values),
    )
