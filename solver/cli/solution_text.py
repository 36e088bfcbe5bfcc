"""An answer for people: the verdict, each equilibrium on its own lines, outcomes with units."""

from __future__ import annotations

from typing import Any

import numpy as np

from solver.cli.solution import MOST_SHOWN, alone, has_panel, labels, row, strategies
from solver.cli.tree_text import moves
from solver.concepts.coco import coco_parts
from solver.concepts.nash_sets import nash_subsets
from solver.concepts.obedience import joint
from solver.concepts.self_enforcing import critical_discount
from solver.equilibria import NO_INDEX, Equilibria, Status
from solver.forms.extensive import ExtensiveForm
from solver.forms.network import BargainingNetwork
from solver.forms.normal import NormalForm
from solver.game import Game
from solver.sweep.cells import Cells

EXACT = "exact"
#: Equilibria whose supports still make a readable label.
MOST_IN_A_LABEL = 5


def as_text(game: Game, cells: Cells) -> str:
    """For people: the verdict, each equilibrium on its own lines, the outcomes with units."""
    equilibria = cells.equilibria
    status = Status(int(equilibria.status))
    whole = "the whole set" if equilibria.complete else "not proven to be the whole set"
    lines = [
        f"{game.name}: {equilibria.concept} by {equilibria.method}",
        f"{status.name}: {status.sentence} ({whole})",
        *_advice(equilibria, status),
    ]
    form, count = equilibria.form, int(equilibria.count)
    for k in range(min(count, MOST_SHOWN)):
        lines += ["", f"equilibrium {k + 1} of {count}{_place(equilibria, k)}"]
        lines += _lines(equilibria, k)
    if count > MOST_SHOWN:
        lines += ["", f"... and {count - MOST_SHOWN} more: --json prints all"]
    lines += _continua(equilibria)
    if equilibria.concept == "coco" and count:
        parts = coco_parts(equilibria)
        one, two = form.players
        gets = f"{one} gets half of it and {float(parts.advantage):.6g} more, {two} that much less"
        lines += ["", f"together {float(parts.team):.6g}: {gets} than half"]
    lines += _patience(equilibria, status)
    if game.regime is not None or 0 < count <= MOST_IN_A_LABEL:
        lines += ["", f"regime: {cells.labels[int(cells.regime)]}"]
    units = game.units or {}
    width = max((len(name) for name in cells.outcomes), default=0)
    for name, value in cells.outcomes.items():
        unit = units.get(name, "")
        shown = "-" if np.isnan(value) else f"{float(value):.6g}"
        lines.append(f"  {name:<{width}}  {shown} {unit if unit != '1' else ''}".rstrip())
    lines += _columns(cells)
    return "\n".join(lines)


def _columns(cells: Cells) -> list[str]:
    """The columns that were added, those of several axes without what they run over."""
    width = max((len(name) for name in cells.columns), default=0)
    lines = [""] if cells.columns else []
    for name, column in cells.columns.items():
        shown = ", ".join(_shown(value) for value in column.values.ravel()[:MOST_SHOWN])
        more = ", ..." if column.values.size > MOST_SHOWN else ""
        over = f"  by {' and '.join(column.over)}" if column.over else ""
        lines.append(f"  {name:<{width}}  {shown or '-'}{more}{over}")
    return lines


def _shown(value: Any) -> str:
    """A mark, a whole number or another one."""
    if value.dtype.kind == "b":
        return "yes" if value else "no"
    return "-" if np.isnan(value) else f"{value:.6g}"


def _advice(equilibria: Equilibria, status: Status) -> list[str]:
    """What to do where an answer is less than what was hoped for."""
    form = equilibria.form
    if status is Status.TRUNCATED and equilibria.method != EXACT:
        return [
            "Only pure equilibria were looked for. Leave out dominated actions, or from Python use",
            "nash(form, VertexEnumeration(max_vertices=...)) of solver.concepts.nash.",
        ]
    if status is Status.NONE_EXIST and len(form.players) > 2:
        return ["Mixed equilibria of three and more players were not looked for."]
    if status is Status.EMPTY_CORE:
        return ["Other divisions are always defined: --method shapley, nucleolus, nash-bargaining."]
    if status is Status.INVALID_INPUT and getattr(form, "fractions", None) is not None:
        return ["A payoff is beyond the largest float: use --exact."]
    return []


def _patience(equilibria: Equilibria, status: Status) -> list[str]:
    """From which discount factor on what is best for all together holds."""
    form = equilibria.form
    if equilibria.concept != "self-enforcing" or not isinstance(form, NormalForm):
        return []
    if status is Status.INVALID_INPUT:
        return []
    needed = critical_discount(form, punishment=equilibria.method)
    actions = [names[a] for names, a in zip(form.actions, needed.actions, strict=True)]
    best = f"what earns the most together, {' | '.join(actions)},"
    if not np.isfinite(needed.discount):
        return ["", f"{best} is not sustained however patient the players are"]
    return ["", f"{best} is sustained by discount factors from {float(needed.discount):.6g} on"]


def _place(equilibria: Equilibria, k: int) -> str:
    """Its index; or the component that it is a corner of, where there are several corners."""
    component, index = equilibria.component, equilibria.index
    if component is None or index is None or not equilibria.complete:
        return ""
    known = "" if index[k] == NO_INDEX else f", index {index[k]:+d}".replace("+0", "0")
    if alone(equilibria)[k]:
        return known
    return f" (component {component[k] + 1}{known})"


def _continua(equilibria: Equilibria) -> list[str]:
    """Which equilibria may be mixed with each other, where any may."""
    if equilibria.concept != "nash" or Status(int(equilibria.status)) is not Status.DEGENERATE:
        return []
    subsets = [subset for subset in nash_subsets(equilibria) or () if len(subset) > 1]
    if not subsets:
        return []
    shown = [", ".join(str(k + 1) for k in subset) for subset in subsets[:MOST_SHOWN]]
    return ["", "also every mixture of the strategies within", *(f"  {names}" for names in shown)]


def _lines(equilibria: Equilibria, k: int) -> list[str]:
    form = equilibria.form
    width = max(len(player) for player in form.players)
    lines = []
    for i, player in enumerate(form.players):
        plays = "" if isinstance(form, ExtensiveForm) else _plays(equilibria, k, i)
        lines.append(
            f"  {player:<{width}}  payoff {_payoff(equilibria, k, i)}"
            + (f"  plays {plays}" if plays else "")
        )
    bound = f"at most {equilibria.gap[k].max():.1e} of the payoff range"
    if equilibria.rows.exact is not None and not equilibria.gap[k].any():
        bound = "0, exactly"
    lines.append(f"  {equilibria.measure} {bound}")
    lines += _drawn(equilibria, k) + _agreed(equilibria, k)
    if has_panel(equilibria):
        lines.append(f"  {', '.join(labels(equilibria, k)) or 'mixed, not quasi-strict'}")
    return lines + (_moves(form, row(equilibria, k)) if isinstance(form, ExtensiveForm) else [])


def _moves(form: ExtensiveForm, row: list[Any]) -> list[str]:
    """What is played at each information set."""
    lines = [(form.players[i], where, what) for i, where, what in moves(form.tree, row)]
    wide = [max((len(line[c]) for line in lines), default=0) for c in (0, 1)]
    return [f"    {who:<{wide[0]}}  {where:<{wide[1]}}  {what}" for who, where, what in lines]


def _drawn(equilibria: Equilibria, k: int) -> list[str]:
    """The profiles that a mediator draws from, where strategies are no product."""
    if equilibria.rows.joint is None:
        return []
    cells, names = joint(equilibria)[k], equilibria.form.actions
    lines = [
        f"    {cells[at]:.4g}  {' | '.join(own[a] for own, a in zip(names, at, strict=True))}"
        for at in np.ndindex(cells.shape)
        if cells[at] > 0.0
    ]
    return ["  profiles, drawn together with probability", *lines]


def _agreed(equilibria: Equilibria, k: int) -> list[str]:
    """What each pair of a network agrees on."""
    form = equilibria.form
    if equilibria.terms is None or not isinstance(form, BargainingNetwork):
        return []
    terms = zip(form.links, equilibria.terms[k], strict=True)
    return [f"  {' and '.join(pair)} agree on {term:.6g}" for pair, term in terms]


def _payoff(equilibria: Equilibria, k: int, player: int) -> str:
    if equilibria.rows.exact is not None:
        return str(equilibria.rows.exact.payoffs[k][player])
    return f"{equilibria.payoffs[k, player]:.6g}"


def _plays(equilibria: Equilibria, k: int, player: int) -> str:
    names = equilibria.form.actions[player]
    if not names:
        return ""
    if player == 0 and equilibria.leader_action is not None:
        return f"{names[0]} {equilibria.leader_action[k]:.6g}"
    strategy = strategies(equilibria, k)[player]
    played = [(n, p) for n, p in zip(names, strategy, strict=True) if p not in (0.0, "0")]
    if len(played) == 1:
        return played[0][0]
    return ", ".join(f"{n} ({p if isinstance(p, str) else format(p, '.4g')})" for n, p in played)
