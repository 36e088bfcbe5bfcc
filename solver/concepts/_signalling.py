"""Signalling games among trees: their parts, and all their pure equilibria."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product
from math import comb, prod
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver.errors import ConceptError
from solver.forms.beliefs import bayes, belief_nodes, continuation_values
from solver.forms.extensive import ExtensiveForm, Floats
from solver.forms.tree import CHANCE, Tree

Masks = NDArray[np.bool_]
Owner = NDArray[np.intp]

#: Most pure profiles, and most candidates for an extreme belief, that are looked at.
MOST_PROFILES, MOST_CORNERS = 100_000, 20_000
#: Differences of payoffs that count as none, and errors of beliefs, both relative.
TIE = 1e-12
ERROR = 1e-10


@final
@dataclass(frozen=True)
class Answer:
    """An information set of the receiver: who may have sent it there, and its actions.

    ``infoset`` is its number, ``types`` the type at each of its nodes ``nodes``; ``ends[k][a]`` the
    node that action a leads to from the k-th.
    """

    infoset: int
    types: tuple[int, ...]
    nodes: tuple[int, ...]
    ends: tuple[tuple[int, ...], ...]


@final
@dataclass(frozen=True)
class Signalling:
    """The parts of a signalling game.

    ``types`` (T,) are the sender's nodes. The k-th action of type t leads to the node
    ``signals[t][k]``, where the receiver answers in ``answers[heard[t][k]]``, or nobody (-1).
    """

    sender: int
    receiver: int
    types: tuple[int, ...]
    signals: tuple[tuple[int, ...], ...]
    heard: tuple[tuple[int, ...], ...]
    answers: tuple[Answer, ...]


@lru_cache(maxsize=64)
def require_signalling(tree: Tree) -> Signalling:
    """The parts of a tree that is a signalling game, or ConceptError that says why it is none."""
    types = tree.children[0]
    if tree.mover[0] != CHANCE:
        raise _other("nature has to draw the type first")
    sender = tree.mover[types[0]]
    if any(tree.mover[v] != sender or sender < 0 for v in types):
        raise _other("one player, the sender, has to move after every draw")
    if any(len(tree.members[tree.infoset[v]]) > 1 for v in types):
        raise _other(f"{tree.players[sender]} has to know its type")
    signals = tuple(tree.children[v] for v in types)
    answering = {tree.infoset[c]: 0 for below in signals for c in below if tree.mover[c] >= 0}
    movers = {tree.infosets[h].player for h in answering}
    if len(movers) != 1 or sender in movers:
        raise _other("one other player, the receiver, has to answer the signals")
    known = {tree.infoset[v] for v in types} | set(answering)
    if len(known) < len(tree.infosets):
        odd = next(h for k, h in enumerate(tree.infosets) if k not in known)
        raise _other(f"{tree.players[odd.player]} moves again at {odd.label!r}")
    order = {h: k for k, h in enumerate(sorted(answering))}
    heard = tuple(tuple(order.get(tree.infoset[c], -1) for c in below) for below in signals)
    answers = tuple(_answer(tree, h, signals) for h in order)
    return Signalling(sender, movers.pop(), types, signals, heard, answers)


def _answer(tree: Tree, h: int, signals: tuple[tuple[int, ...], ...]) -> Answer:
    nodes = tree.members[h]
    types = tuple(next(t for t, below in enumerate(signals) if v in below) for v in nodes)
    if len(set(types)) < len(types):
        raise _other(f"the receiver cannot tell two signals apart at {tree.infosets[h].label!r}")
    return Answer(h, types, nodes, tuple(tree.children[v] for v in nodes))


def _other(why: str) -> ConceptError:
    return ConceptError(f"no signalling game of a sender and a receiver: {why}")


@final
class Payoffs:
    """What the players get of a batch of signalling games, relative to their least payoffs.

    ``prior`` (G, T); ``values`` (G, V, N), right at nodes below which nobody moves; ``tie`` (G, N)
    differences that count as none.
    """

    def __init__(self, form: ExtensiveForm, game: Signalling) -> None:
        payoffs, chance = form.flat()[:2]
        base = payoffs.min(axis=1)
        width = int(form.tree.column[-1])
        games = len(payoffs)
        self.game = game
        self.valid = np.isfinite(payoffs).all(axis=(1, 2))
        self.prior = np.broadcast_to(chance[:, : len(game.types)], (games, len(game.types)))
        with np.errstate(invalid="ignore"):
            self.values = continuation_values(
                form, np.zeros((games, width)), np.arange(games), base
            )
            self.tie = TIE * (payoffs.max(axis=1) - base)

    def of(self, player: int, answer: Answer) -> Floats:
        """(G, types, actions): what a player gets after an answer to each type."""
        return self.values[:, np.array(answer.ends), player]

    def best_replies(self, answer: Answer, among: tuple[int, ...]) -> tuple[Masks, Floats]:
        """Answers (G, A) that are best against some belief over the nodes `among`.

        Also the mean (G, A, nodes) of the extreme beliefs that support each. Types that nature
        never draws get no belief where there are others.
        """
        gains = self.of(self.game.receiver, answer)[:, list(among)]
        possible = self.prior[:, [answer.types[k] for k in among]] > 0.0
        possible |= ~possible.any(axis=1, keepdims=True)
        mask = np.zeros((len(gains), gains.shape[2]), np.bool_)
        mean = np.zeros((len(gains), gains.shape[2], len(answer.nodes)))
        unit = self.tie[:, self.game.receiver] / TIE
        unit[unit == 0.0] = 1.0
        for a in range(gains.shape[2]):
            others = [b for b in range(gains.shape[2]) if b != a]
            better = (gains[:, :, a, None] - gains[:, :, others]) / unit[:, None, None]
            mask[:, a], mean[:, a, list(among)] = _supporting(better, possible)
        return mask, mean


def _supporting(better: Floats, possible: Masks) -> tuple[Masks, Floats]:
    """Whether some belief p (T,) has p @ better >= 0, and the mean of the extreme ones that do.

    better (G, T, A - 1). The extreme ones have T - 1 tight ones among these and "p[t] >= 0".
    """
    games, types, others = better.shape
    if comb(types + others, types - 1) > MOST_CORNERS:
        raise ConceptError(
            f"sequential by pure assessments: {types} types and {others + 1} answers are too many"
        )
    identity = np.broadcast_to(np.eye(types), (games, types, types))
    rows = np.concatenate([identity, np.swapaxes(better, 1, 2)], axis=1)
    right = np.eye(types)[0]
    total, number = np.zeros((games, types)), np.zeros(games)
    for tight in combinations(range(types + others), types - 1):
        system = np.concatenate([np.ones((games, 1, types)), rows[:, list(tight)]], axis=1)
        regular = np.isfinite(system).all(axis=(1, 2))
        regular[regular] = np.abs(np.linalg.det(system[regular])) > TIE
        system[~regular] = np.eye(types)
        p = np.linalg.solve(system, np.broadcast_to(right[:, None], (games, types, 1)))[..., 0]
        fits = regular & (p >= -ERROR).all(axis=1) & (possible | (p <= ERROR)).all(axis=1)
        fits &= (np.einsum("gt,gto->go", p, better) >= -TIE).all(axis=1)
        total[fits] += np.clip(p[fits], 0.0, None)
        number += fits
    mean = total / np.maximum(total.sum(axis=1, keepdims=True), ERROR)
    return number > 0, mean


def pure_assessments(form: ExtensiveForm, game: Signalling) -> tuple[Owner, Floats, Floats]:
    """Game, behavior strategies (E, W) and beliefs (E, D) of all pure sequential equilibria."""
    tree = form.tree
    counts = [len(below) for below in game.signals]
    replies = [len(answer.ends[0]) for answer in game.answers]
    if prod(counts) * prod(replies) > MOST_PROFILES:
        raise ConceptError(
            f"sequential by pure assessments: {prod(counts) * prod(replies)} pure profiles,"
            f" at most {MOST_PROFILES}"
        )
    payoffs = Payoffs(form, game)
    everybody = [payoffs.best_replies(a, tuple(range(len(a.nodes)))) for a in game.answers]
    owners, profiles, otherwise = [], [], []
    sincere = [_right_answers(payoffs, plan, everybody) for plan in product(*map(range, counts))]
    for reply in product(*map(range, replies)):
        gains = list(_sender_gains(payoffs, reply))
        right = [_satisfied(gain, payoffs.tie[:, game.sender]) for gain in gains]
        for plan, answers in zip(product(*map(range, counts)), sincere, strict=True):
            holds = payoffs.valid.copy()
            for t, k in enumerate(plan):
                holds &= right[t][:, k]
            for r, a in enumerate(reply):
                holds &= answers[r][:, a]
            owner = np.flatnonzero(holds)
            if owner.size:
                owners.append(owner)
                row = _pure_row(tree, game, plan, reply)
                profiles.append(np.broadcast_to(row, (len(owner), len(row))))
                otherwise.append(_off_path(tree, game, everybody, reply, owner))
    if not owners:
        none = np.zeros((0, len(belief_nodes(tree)[0])))
        return np.zeros(0, np.intp), np.zeros((0, int(tree.column[-1]))), none
    owner = np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    owner, rows = owner[order], np.concatenate(profiles)[order]
    beliefs = bayes(form, rows, owner, otherwise=np.concatenate(otherwise)[order])[0]
    return owner, rows, beliefs


def _right_answers(
    payoffs: Payoffs, plan: tuple[int, ...], everybody: list[tuple[Masks, Floats]]
) -> list[Masks]:
    """Per answer (G, A): which actions are best given who sends that signal; or some belief."""
    game, found = payoffs.game, []
    for r, answer in enumerate(game.answers):
        sends = [game.heard[t][plan[t]] == r for t in answer.types]
        weight = payoffs.prior[:, list(answer.types)] * np.array(sends)
        worth = np.einsum("gt,gta->ga", weight, payoffs.of(game.receiver, answer))
        mass = weight.sum(axis=1, keepdims=True)
        slack = payoffs.tie[:, game.receiver, None] * mass
        best = worth >= worth.max(axis=1, keepdims=True) - slack
        found.append(np.where(mass > 0.0, best, everybody[r][0]))
    return found


def _sender_gains(payoffs: Payoffs, reply: tuple[int, ...]) -> Iterator[Floats]:
    """Per type (G, signals): what the sender gets by each signal."""
    game = payoffs.game
    for below, heard in zip(game.signals, game.heard, strict=True):
        ends = []
        for v, r in zip(below, heard, strict=True):
            answer = game.answers[r]
            ends.append(answer.ends[answer.nodes.index(v)][reply[r]] if r >= 0 else v)
        yield payoffs.values[:, ends, game.sender]


def _satisfied(gain: Floats, tie: Floats) -> Masks:
    best: Masks = gain >= gain.max(axis=1, keepdims=True) - tie[:, None]
    return best


def _pure_row(
    tree: Tree, game: Signalling, plan: tuple[int, ...], reply: tuple[int, ...]
) -> Floats:
    row = np.zeros(int(tree.column[-1]))
    for v, k in zip(game.types, plan, strict=True):
        row[tree.column[tree.infoset[v]] + k] = 1.0
    for answer, a in zip(game.answers, reply, strict=True):
        row[tree.column[answer.infoset] + a] = 1.0
    return row


def _off_path(
    tree: Tree,
    game: Signalling,
    everybody: list[tuple[Masks, Floats]],
    reply: tuple[int, ...],
    owner: Owner,
) -> Floats:
    """(E, D): beliefs that support each reply, used where nobody sends the signal."""
    nodes, start = belief_nodes(tree)
    beliefs = np.ones((len(owner), len(nodes)))  # the sender knows its type
    for (_, mean), answer, a in zip(everybody, game.answers, reply, strict=True):
        beliefs[:, start[answer.infoset] : start[answer.infoset + 1]] = mean[owner, a]
    return beliefs
