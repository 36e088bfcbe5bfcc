"""Running a kernel that writes rows of answers, over threads and into buffers that grow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.equilibria import Status
from solver.forms.normal import NormalForm
from solver.kernels.response import regret_of, regrets_of_two

Floats = NDArray[np.float64]

#: Games below which another thread is not worth its start.
SMALLEST_RANGE = 2_000
#: Rows beyond the expected number, so that one game with many finds room.
SPARE = 64


@final
@dataclass(frozen=True, eq=False)
class Outcome:
    """What a kernel writes about each game (G,)."""

    count: NDArray[np.int64]
    status: NDArray[np.int8]
    complete: NDArray[np.bool_]

    @property
    def in_doubt(self) -> NDArray[np.bool_]:
        """Games (G,) of which rounding may hide or displace an equilibrium."""
        final = (self.status == Status.INVALID_INPUT) | (self.status == Status.TRUNCATED)
        doubt: NDArray[np.bool_] = ~(self.complete | final)
        return doubt

    @classmethod
    def of(cls, games: int) -> Outcome:
        """Room for so many games."""
        return cls(np.zeros(games, np.int64), np.zeros(games, np.int8), np.zeros(games, np.bool_))


def gather(  # noqa: PLR0913
    call: Callable[[int, int, NDArray[Any]], tuple[int, int]],
    games: int,
    width: tuple[int, ...],
    per_game: float,
    *,
    dtype: type = np.float64,
    smallest: int = SMALLEST_RANGE,
) -> list[NDArray[Any]]:
    """Rows of ``call(low, high, buffer) -> (rows used, next game)`` for all games, in order.

    A buffer that fills up is followed by a larger one, so no answer is dropped because room was
    short; a thread gets `smallest` games at least. Returns consecutive parts.
    """
    # One buffer for all threads, made here: the memory of the last batch is used again, where a
    # buffer made on a thread would wait for the system to clear new pages.
    room: NDArray[Any] = np.empty((int(games * per_game) + SPARE, *width), dtype)

    def part(low: int, high: int) -> list[NDArray[Any]]:
        parts = []
        growth, spare = per_game, SPARE
        buffer = room[int(low * growth) : int(high * growth) + (SPARE if high == games else 0)]
        while low < high:
            used, reached = call(low, high, buffer)
            parts.append(buffer[:used])
            if reached < high:
                if reached > low:
                    growth *= 2.0
                else:  # one game alone has more
                    spare *= 8
                buffer = np.empty((int((high - reached) * growth) + spare, *width), dtype)
            low = reached
        return parts

    ranges = over_ranges(games, smallest, part)
    found = [buffer for parts in ranges for buffer in parts]
    little = 2 * sum(map(len, found)) < len(room)
    return [buffer.copy() for buffer in found] if little else found


def joined(parts: list[NDArray[Any]], width: tuple[int, ...]) -> NDArray[Any]:
    """The parts as one array."""
    return np.concatenate(parts) if parts else np.empty((0, *width))


def regrets(form: NormalForm, profiles: Floats, owner: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Payoffs and gaps (E, N) of strategy profiles (E, m_1 + ... + m_N).

    ``owner`` names the game of each row. The gap is what the player could gain by deviating,
    relative to the range of its payoffs in that game.
    """
    players, rows = len(form.payoffs), len(profiles)
    payoffs, gaps = np.empty((rows, players)), np.empty((rows, players))
    cells = prod(form.shape) * players
    if players == 2:
        A, B = form.flat()

        def both(low: int, high: int) -> None:
            steps = (high - low) * cells * 10.0
            run(regrets_of_two, steps, A, B, profiles, owner, low, high, payoffs, gaps)

        over_ranges(rows, SMALLEST_RANGE, both)
        return payoffs, gaps
    sizes = np.array(form.shape)
    for player, array in enumerate(form.flat()):
        flat = array.reshape(len(array), prod(form.shape))

        def work(low: int, high: int, player: int = player, flat: Floats = flat) -> None:
            steps = (high - low) * cells * 5.0
            run(regret_of, steps, flat, player, sizes, profiles, owner, low, high, payoffs, gaps)

        over_ranges(rows, SMALLEST_RANGE, work)
    return payoffs, gaps


def one_hot(profiles: NDArray[np.intp], shape: tuple[int, ...]) -> Floats:
    """Profile numbers (E,) as rows of pure strategies (E, m_1 + ... + m_N)."""
    digits = np.unravel_index(profiles, shape)
    parts = [np.eye(m)[d] for m, d in zip(shape, digits, strict=True)]
    return np.concatenate(parts, axis=1)
