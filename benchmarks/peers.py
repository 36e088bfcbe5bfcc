"""The peers, as sides: their objects are built before the clock starts, unless a side says so."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.games import Games
from benchmarks.measuring import rate
from benchmarks.registry import Side

Floats = NDArray[np.float64]
One = Callable[[Any], Any]

QUANTECON, BUILDING = "quantecon", "quantecon, game objects built"
VERTICES = "quantecon, vertex enumeration"
PYGAMBIT, NASHPY = "pygambit", "nashpy"


def quantecon_game(pair: tuple[Floats, Floats]) -> Any:
    """A game object; quantecon wants each player's own action first."""
    A, B = pair
    theory = _module("quantecon.game_theory")
    return theory.NormalFormGame([theory.Player(A), theory.Player(B.T)])


def pygambit_game(pair: tuple[Floats, Floats]) -> Any:
    """A game object of pygambit."""
    return _module("pygambit").StrategicGame.from_arrays(*pair)


def nashpy_game(pair: tuple[Floats, Floats]) -> Any:
    """A game object of nashpy."""
    return _module("nashpy").Game(*pair)


BUILDERS: dict[str, One] = {
    QUANTECON: quantecon_game,
    BUILDING: lambda pair: pair,
    VERTICES: quantecon_game,
    PYGAMBIT: pygambit_game,
    NASHPY: nashpy_game,
}


def with_objects(games: Games, counts: dict[str, int]) -> Games:
    """The games with `counts[peer]` of them as that peer's objects, where it is installed."""
    objects = {
        name: [build(pair) for pair in zip(games.A[: counts[name]], games.B, strict=False)]
        for name, build in BUILDERS.items()
        if name in counts and not absent(name)
    }
    return Games(games.A, games.B, objects)


def quantecon(function: str, answers: Callable[[Any, int], list[Floats]]) -> tuple[Side, ...]:
    """Two sides: the solver call alone, and with making the game objects."""

    def solve(game: Any) -> Any:
        return getattr(_module("quantecon.game_theory"), function)(game)

    def alone(objects: Sequence[Any]) -> list[Any]:
        call = getattr(_module("quantecon.game_theory"), function)
        return [call(game) for game in objects]

    def building(objects: Sequence[Any]) -> list[Any]:
        return [solve(quantecon_game(pair)) for pair in objects]

    return _side(QUANTECON, alone, answers), _side(BUILDING, building, answers)


def quantecon_vertices() -> Side:
    """Its other way to all equilibria, the faster one from six actions on; without ties only."""

    def alone(objects: Sequence[Any]) -> list[Any]:
        call = _module("quantecon.game_theory").vertex_enumeration
        return [call(game) for game in objects]

    return _side(VERTICES, alone, profile_answers)


def pygambit(function: str, **options: object) -> Side:
    """One of pygambit's solvers."""

    def alone(objects: Sequence[Any]) -> list[Any]:
        call = getattr(_module("pygambit").nash, function)
        return [call(game, **options) for game in objects]

    return _side(PYGAMBIT, alone, pygambit_answers)


def nashpy(*, misses: bool) -> Side:
    """Support enumeration by nashpy."""

    def alone(objects: Sequence[Any]) -> list[Any]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of an even number of equilibria
            return [list(game.support_enumeration(non_degenerate=True)) for game in objects]

    return _side(NASHPY, alone, profile_answers, misses=misses)


def _side(name: str, solve: One, answers: Callable[[Any, int], list[Floats]], **more: Any) -> Side:
    return Side(
        name=name,
        measure=rate(lambda games: solve(games.peers[name]), lambda games: len(games.peers[name])),
        answers=answers,
        missing=lambda: absent(name),
        **more,
    )


def profile_answers(found: Sequence[Any], limit: int) -> list[Floats]:
    """From lists of strategies per player."""
    return [_rows([np.concatenate(profile) for profile in game]) for game in found[:limit]]


def pure_answers(shape: tuple[int, ...]) -> Callable[[Any, int], list[Floats]]:
    """From lists of profiles of action numbers."""

    def answers(found: Sequence[Any], limit: int) -> list[Floats]:
        eyes = [np.eye(m) for m in shape]
        return [
            _rows([np.concatenate([e[a] for e, a in zip(eyes, p, strict=True)]) for p in game])
            for game in found[:limit]
        ]

    return answers


def pygambit_answers(found: Sequence[Any], limit: int) -> list[Floats]:
    """From pygambit's results, whose profiles are read by the labels of players.

    It lists some equilibria of games with ties more than once; they are counted once.
    """
    games = [_rows([_by_label(p) for p in game.equilibria]) for game in found[:limit]]
    return [rows[np.unique(rows.round(9), axis=0, return_index=True)[1]] for rows in games]


def _by_label(profile: Any) -> Floats:
    players = profile.game.players
    return np.array([float(p) for name in players for p in dict(profile[name]).values()])


def _rows(profiles: list[Floats]) -> Floats:
    return np.array(profiles) if profiles else np.empty((0, 1))


def absent(name: str) -> str:
    """Say that the package of a side is not installed, or nothing."""
    package = name.partition(",")[0]
    return "" if find_spec(package) else f"{package} is not installed"


@cache
def _module(name: str) -> Any:
    return import_module(name)
