"""A tree as lines of text, and what an equilibrium does in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from solver.forms.extensive import ExtensiveForm, Floats
from solver.forms.tree import BARGAINING, CHANCE, LEAF, Tree

#: Lines of a tree that are printed.
MOST_LINES = 400
#: Branches that lead on, and the last one; what stands below them.
MIDDLE, LAST, BELOW, NOTHING = "├─ ", "└─ ", "│  ", "   "


def drawn(form: ExtensiveForm) -> list[str]:
    """A single game, a line per node: who moves, where it leads, and the payoffs at the end.

    Nodes that their player cannot tell apart carry the same label in brackets.
    """
    lines = [_heading(form.tree)]
    for count, line in enumerate(_Drawing(form).lines()):
        if count == MOST_LINES:
            lines.append(f"... {form.tree.size - count:,} more nodes")
            break
        lines.append(line)
    return lines


def _heading(tree: Tree) -> str:
    players = ", ".join(tree.players)
    hidden = any(len(nodes) > 1 for nodes in tree.members)
    known = "; nodes with the same [label] look the same to who moves there" if hidden else ""
    return f"tree of {tree.size:,} nodes, payoffs to {players}{known}"


@final
class _Drawing:
    def __init__(self, form: ExtensiveForm) -> None:
        self.form = form
        self.tree = form.tree
        self.mark = {
            h: f" [{self.tree.infosets[h].label or 'at first'}]"
            for h, nodes in enumerate(self.tree.members)
            if len(nodes) > 1
        }
        self.leaf = {int(v): k for k, v in enumerate(self.tree.leaves)}
        self.stage = {int(v): k for k, v in enumerate(self.tree.bargains)}

    def lines(self) -> Iterator[str]:
        """One line per node, in the order of the tree."""
        tree, indents = self.tree, [""] * self.tree.size
        yield self._what(0)
        for v in range(1, tree.size):
            p = tree.parent[v]
            last = v == tree.children[p][-1]
            indents[v] = indents[p] + (NOTHING if last else BELOW)
            arrow = LAST if last else MIDDLE
            yield f"{indents[p]}{arrow}{self._branch(v)}{self._what(v)}"

    def _branch(self, v: int) -> str:
        tree, p = self.tree, self.tree.parent[v]
        label = tree.branch[v]
        if tree.mover[p] == CHANCE:
            label += f" ({self.form.chance[tree.chance_start[p] + tree.choice[v]]:.4g})"
        return f"{label}: "

    def _what(self, v: int) -> str:
        tree, mover = self.tree, self.tree.mover[v]
        name = f' "{tree.names[v]}"' if tree.names and tree.names[v] else ""
        if mover == LEAF:
            payoffs = ", ".join(f"{x:g}" for x in self.form.payoffs[self.leaf[v]])
            return f"{payoffs}{name}"
        if mover == CHANCE:
            return f"chance{name}"
        if mover == BARGAINING:
            weights = self.form.weights[self.stage[v]]
            parties = (f"{tree.players[i]} {weights[i]:.4g}" for i in tree.parties[self.stage[v]])
            return f"bargaining ({', '.join(parties)}){name}"
        return f"{tree.players[mover]}{self.mark.get(tree.infoset[v], '')}{name}"


def behavior(tree: Tree, row: list[Any] | Floats) -> list[list[list[float | str]]]:
    """Per player and information set, one probability per action: a row of W cut to pieces."""
    cells: list[float | str] = row if isinstance(row, list) else row.tolist()
    pieces = [cells[a:b] for a, b in zip(tree.column[:-1], tree.column[1:], strict=True)]
    return [
        pieces[tree.first_infoset[i] : tree.first_infoset[i + 1]] for i in range(len(tree.players))
    ]


def moves(tree: Tree, row: list[Any] | Floats) -> list[tuple[int, str, str]]:
    """Player, information set and what is played there, for people."""
    pieces = [piece for own in behavior(tree, row) for piece in own]
    return [
        (h.player, h.label or "at first", _mixture(h.actions, piece))
        for h, piece in zip(tree.infosets, pieces, strict=True)
    ]


def _mixture(names: tuple[str, ...], odds: list[float | str]) -> str:
    played = [(n, p) for n, p in zip(names, odds, strict=True) if p not in (0.0, "0")]
    if len(played) == 1:
        return played[0][0]
    return ", ".join(f"{n} ({p if isinstance(p, str) else format(p, '.4g')})" for n, p in played)
