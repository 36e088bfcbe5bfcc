"""Subgame-perfect equilibria of trees, hidden information inside subgames included.

The tree falls into blocks: a subgame without the subgames below it. A profile is subgame-perfect if
and only if, in every block, it is a Nash equilibrium of the block with each subgame below replaced
by what it is worth (Selten 1965; Kuhn 1953, theorem 2, gives perfect recall its part). So blocks
are solved from the last to the first, once for every choice of equilibria in the subgames below.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, final

import numpy as np
from numpy.typing import NDArray

from solver._threads import over_ranges
from solver.concepts._subgame_blocks import stages
from solver.concepts._subgame_ends import Games
from solver.concepts._subgame_rows import CrowdedError, Found, profiles
from solver.concepts._subgame_steps import Flags, take_step
from solver.concepts._tree_values import levels, subgame_blocks, tree_values
from solver.equilibria import Equilibria, Rows, Status
from solver.forms.extensive import ExtensiveForm, Floats

#: Games solved at once: enough to hide what a call of NumPy costs, few enough for the cache.
PART = 16_384
#: Games below which another thread is not worth its start.
SMALLEST_RANGE = 4_096


class Limits(Protocol):
    """How a tree is solved: a bound on the certificate, and on the equilibria of one game."""

    @property
    def name(self) -> str:
        """Name of the method."""

    @property
    def tol(self) -> float:
        """Largest gap, relative to the payoff range of the player."""

    @property
    def max_equilibria(self) -> int:
        """Most equilibria of one game that are listed."""


def solve_subgames(form: ExtensiveForm, method: Limits) -> Equilibria:
    """All subgame-perfect equilibria of trees, in behavior strategies.

    Parameters
    ----------
    form : ExtensiveForm over (*B)
    method : Limits
        ``tol`` bounds the certificate, ``max_equilibria`` the list of each game.

    Returns
    -------
    Equilibria
        ``strategies[i]`` (*B, K, W_i): the probabilities of the actions of player i, information
        set by information set, as ``form.actions[i]`` names them. The gap is the most that a player
        gains by deviating inside one block, relative to the range of its payoffs.

        SOLVED: the equilibria listed. DEGENERATE: ties, hence continua; their corners are listed.
        TRUNCATED: more than `max_equilibria`, or a block that is too large, or in which three or
        more players move and have no pure equilibrium. NOT_CONVERGED: a certificate exceeds `tol`.
        ``complete`` says that the list is proven whole, as corners where there are continua.

    Notes
    -----
    Blocks are solved from the last to the first for each combination of equilibria in the subgames
    below. An end counts for a tie if it is worth as much up to 1e-12 of the range of the mover's
    payoffs.

    - A single decision: all best actions, the first listed first. At chance nodes the mean, at
      bargaining nodes the weighted Nash solution (`settled`).
    - One player with hidden information: all best plans, that is reduced pure strategies.
    - Two players: all extreme equilibria of the table of their plans, by `nash`. Mixtures of plans
      that are the same behavior count once.
    - Three players and more, and two with more than 10,000 profiles of plans: the pure equilibria,
      and ``complete`` is False. Beyond 1,000,000 profiles nothing is listed.

    Where a player's own earlier choice in a block excludes an information set, no equilibrium says
    what it does there: strategies are uniform there, and complete means all reduced strategies.

    A continuum in a block is a continuum of problems for those who move above. Payoffs are linear
    in each mixture, so a single decision is settled by the corners if the same actions are best at
    all of them. If not, or if the corners differ in value to those who move in a block with hidden
    information or bargain, mixtures may allow what no corner does: equilibria are missed, and
    ``complete`` is False. So it is where rounding leaves `nash` in doubt about a block.

    The time is about that of the tables: for 2×2 stages a microsecond per block and combination.

    References
    ----------
    R. Selten (1965), Spieltheoretische Behandlung eines Oligopolmodells mit Nachfrageträgheit,
    Z. ges. Staatswiss. 121. H. W. Kuhn (1953), Extensive games and the problem of information.
    """
    shape = form.batch_shape
    flat = form.flat()
    valid = _valid(flat)
    games = len(valid)
    status = np.full(games, int(Status.INVALID_INPUT), np.int8)
    count, complete = np.zeros(games, np.int64), np.zeros(games, np.bool_)
    numbers = np.flatnonzero(valid)

    def work(low: int, high: int) -> list[tuple[NDArray[np.intp], _Part]]:
        return _in_parts(form, flat, numbers[low:high], method)

    done = [each for some in over_ranges(len(numbers), SMALLEST_RANGE, work) for each in some]
    parts = [part for _, part in done]
    for own, part in done:
        count[own], status[own], complete[own] = part.count, part.status, part.complete
    players = len(form.players)
    payoffs, gaps = (
        np.concatenate([np.zeros((0, players)), *each])
        for each in ([part.payoffs for part in parts], [part.gaps for part in parts])
    )
    width = int(form.tree.column[-1])
    return Equilibria(
        form=form,
        concept="subgame-perfect",
        method=method.name,
        measure="one-shot deviation",
        tol=method.tol,
        count=count.reshape(shape),
        status=status.reshape(shape),
        complete=complete.reshape(shape),
        rows=Rows(
            lambda: np.concatenate([np.zeros((0, width)), *(part.profiles() for part in parts)]),
            lambda *_: (payoffs, gaps),
        ),
    )


@final
@dataclass(frozen=True, eq=False)
class _Part:
    """Answers for some of the games."""

    form: ExtensiveForm
    found: list[Found]
    payoffs: Floats
    gaps: Floats
    count: NDArray[np.int64]
    status: NDArray[np.int8]
    complete: NDArray[np.bool_]

    def profiles(self) -> Floats:
        tree = self.form.tree
        return profiles(stages(tree), self.found, int(tree.column[-1]))


def _in_parts(
    form: ExtensiveForm, flat: tuple[Floats, ...], numbers: NDArray[np.intp], method: Limits
) -> list[tuple[NDArray[np.intp], _Part]]:
    """Answers for the games of these numbers, some of them at a time."""
    done = []
    waiting = [numbers[low : low + PART] for low in range(0, len(numbers), PART)][::-1]
    while waiting:
        own = waiting.pop()
        try:
            with np.errstate(all="ignore"):
                done.append((own, _solve(_some(form, flat, own), method)))
        except CrowdedError:
            waiting += [own[len(own) // 2 :], own[: len(own) // 2]]
    return done


def _valid(flat: tuple[Floats, ...]) -> NDArray[np.bool_]:
    """Games (G,) with finite payoffs, the range too, that nobody can leave for infinite gains."""
    payoffs, chance, _, outside = flat
    with np.errstate(all="ignore"):
        spread = payoffs.max(axis=1) - payoffs.min(axis=1)
    valid: NDArray[np.bool_] = np.isfinite(spread).all(axis=1) & np.isfinite(chance).all(axis=1)
    return valid & (outside < np.inf).all(axis=(1, 2))


def _some(form: ExtensiveForm, flat: tuple[Floats, ...], numbers: NDArray[Any]) -> ExtensiveForm:
    """Games by their numbers, in the flattened batch."""
    chosen: Any = numbers
    if int(numbers[-1]) - int(numbers[0]) == len(numbers) - 1:
        chosen = slice(int(numbers[0]), int(numbers[-1]) + 1)
    payoffs, chance, weights, outside = (array[chosen] for array in flat)
    return ExtensiveForm(form.tree, payoffs, chance, weights=weights, outside=outside)


def _solve(form: ExtensiveForm, method: Limits) -> _Part:
    tree = form.tree
    payoffs, chance, weights, outside = form.flat()
    base = levels(payoffs)[:, None]
    games = Games(
        *(
            np.ascontiguousarray(np.moveaxis(array, 0, -1))
            for array in (payoffs - base, chance, weights, outside - base)
        )
    )
    flags = Flags(len(payoffs))
    steps = stages(tree)
    made: dict[int, Found] = {}
    for k in range(len(steps) - 1, -1, -1):
        below = [made[child] for child in steps[k].children]
        made[k] = take_step(steps[k], games, below, flags, method.max_equilibria, method.tol)
    found = [made[k] for k in range(len(steps))]
    if flags.invalid.any():
        found[0] = found[0].kept(~flags.invalid[found[0].owner])
    width = int(tree.column[-1])
    owner = found[0].owner
    rows = profiles(steps, found, width)
    worth, gaps = tree_values(form, rows, owner, subgame_blocks(tree))
    flags.failed[owner[~(gaps <= method.tol).all(axis=1)]] = True
    return _Part(form, found, worth, gaps, found[0].count, *_judged(flags, found[0]))


def _judged(flags: Flags, found: Found) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
    """Status and completeness of each game."""
    status = np.where(flags.tied, int(Status.DEGENERATE), int(Status.SOLVED))
    status[flags.truncated] = Status.TRUNCATED
    status[flags.failed | (found.count == 0) & ~flags.truncated] = Status.NOT_CONVERGED
    status[flags.invalid] = Status.INVALID_INPUT
    settled = (status == Status.SOLVED) | (status == Status.DEGENERATE)
    return status.astype(np.int8), settled & ~flags.partial
