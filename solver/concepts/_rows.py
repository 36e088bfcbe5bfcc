"""Running a kernel that writes rows of answers, over threads and into buffers that grow."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.forms.normal import NormalForm
from solver.kernels.response import regret_of

Floats = NDArray[np.float64]

#: Games below which another thread is not worth its start.
SMALLEST_RANGE = 2_000


def gather(
    call: Callable[[int, int, NDArray[Any]], tuple[int, int]],
    games: int,
    width: tuple[int, ...],
    per_game: float,
    dtype: type = np.float64,
) -> list[NDArray[Any]]:
    """Rows of ``call(low, high, buffer) -> (rows used, next game)`` for all games, in order.

    A buffer that fills up is followed by a larger one, so no answer is dropped because room was
    short. Returns consecutive parts; memory that was not used goes back to the system.
    """

    def part(low: int, high: int) -> list[NDArray[Any]]:
        parts = []
        growth = per_game
        while low < high:
            buffer: NDArray[Any] = np.empty((int((high - low) * growth) + 64, *width), dtype)
            used, reached = call(low, high, buffer)
            # Cut only where it saves much: what was cut is not used again for the next batch, which
            # then waits for the system to clear new pages.
            if used < len(buffer) // 2:
                buffer.resize((used, *width), refcheck=False)
            parts.append(buffer[:used])
            growth *= 2.0
            low = reached
        return parts

    ranges = over_ranges(games, SMALLEST_RANGE, part)
    return [buffer for parts in ranges for buffer in parts]


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
    sizes = np.array(form.shape)
    for player, array in enumerate(form.flat()):
        flat = array.reshape(len(array), prod(form.shape))

        def work(low: int, high: int, player: int = player, flat: Floats = flat) -> None:
            steps = (high - low) * flat.shape[1] * players * 5.0
            run(regret_of, steps, flat, player, sizes, profiles, owner, low, high, payoffs, gaps)

        over_ranges(rows, SMALLEST_RANGE, work)
    return payoffs, gaps
