"""Games whose equilibria are printed somewhere, to check a solver against."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

Mixture = tuple[int | Fraction, ...]
Matrix = tuple[tuple[int, ...], ...]


class Textbook(NamedTuple):
    """A bimatrix game with payoffs A, B (m, n) and its extreme equilibria (x, y), sorted.

    ``equilibria`` is empty where there are too many to print; ``number`` says how many there are.
    """

    source: str
    A: Matrix
    B: Matrix
    number: int
    equilibria: tuple[tuple[Mixture, Mixture], ...] = ()
    degenerate: bool = False


def coordination(n: int) -> Textbook:
    """Both get 1 where they take the same of `n` actions: uniform play on every set of actions."""
    return Textbook(
        "Quint and Shubik (1997), A theorem on the number of Nash equilibria in a bimatrix game",
        A=_identity(n, 1),
        B=_identity(n, 1),
        number=2**n - 1,
        equilibria=((((1,), (1,)),) if n == 1 else ()),
    )


def indifference(n: int) -> Textbook:
    """Everything pays nothing: all profiles are equilibria, the pure ones are the corners."""
    pure = _identity(n, 1)[::-1]
    return Textbook(
        "all payoffs equal: every pure profile is an extreme equilibrium",
        A=_identity(n, 0),
        B=_identity(n, 0),
        number=n * n,
        equilibria=tuple((x, y) for x in pure for y in pure),
        degenerate=n > 1,
    )


def hide_and_seek(n: int) -> Textbook:
    """The first player seeks in one of `n` places, the second hides there: both are uniform."""
    uniform = (Fraction(1, n),) * n
    return Textbook(
        "von Neumann (1953), A certain zero-sum two-person game equivalent to the optimal"
        " assignment problem, §1",
        A=_identity(n, 1),
        B=_identity(n, -1),
        number=1,
        equilibria=((uniform, uniform),),
        degenerate=n > 2,
    )


def _identity(n: int, value: int) -> Matrix:
    return tuple(tuple(value * (i == j) for j in range(n)) for i in range(n))


_HALF, _THIRD = Fraction(1, 2), Fraction(1, 3)

#: Textbook games by name.
GAMES: Mapping[str, Textbook] = MappingProxyType(
    {
        "prisoner's dilemma": Textbook(
            "Luce and Raiffa (1957), Games and Decisions, §5.4",
            A=((2, 0), (3, 1)),
            B=((2, 3), (0, 1)),
            number=1,
            equilibria=(((0, 1), (0, 1)),),
        ),
        "battle of the sexes": Textbook(
            "Luce and Raiffa (1957), Games and Decisions, §5.3",
            A=((3, 0), (0, 2)),
            B=((2, 0), (0, 3)),
            number=3,
            equilibria=(
                ((0, 1), (0, 1)),
                ((Fraction(3, 5), Fraction(2, 5)), (Fraction(2, 5), Fraction(3, 5))),
                ((1, 0), (1, 0)),
            ),
        ),
        "matching pennies": Textbook(
            "von Neumann (1928), Zur Theorie der Gesellschaftsspiele",
            A=((1, -1), (-1, 1)),
            B=((-1, 1), (1, -1)),
            number=1,
            equilibria=(((_HALF, _HALF), (_HALF, _HALF)),),
        ),
        "entry deterrence": Textbook(
            "Selten (1978), The chain store paradox: to stay out meets any threat that suffices",
            A=((2, 0), (1, 1)),
            B=((1, 0), (2, 2)),
            number=3,
            equilibria=(((0, 1), (0, 1)), ((0, 1), (_HALF, _HALF)), ((1, 0), (1, 0))),
            degenerate=True,
        ),
        **{f"coordination of {n}": coordination(n) for n in range(1, 6)},
        **{f"indifference over {n}": indifference(n) for n in range(1, 5)},
        **{f"hide and seek in {n}": hide_and_seek(n) for n in range(1, 6)},
        "one profile": Textbook("trivial", ((5,),), ((-2,),), 1, (((1,), (1,)),)),
        "one row": Textbook(
            "a decision of the column player with two best actions",
            A=((5, 7, 6),),
            B=((1, 2, 2),),
            number=2,
            equilibria=(((1,), (0, 0, 1)), ((1,), (0, 1, 0))),
            degenerate=True,
        ),
        "one column": Textbook(
            "a decision of the row player", ((1,), (2,)), ((0,), (9,)), 1, (((0, 1), (1,)),)
        ),
        "rock paper scissors": Textbook(
            "von Neumann (1928), Zur Theorie der Gesellschaftsspiele",
            A=((0, -1, 1), (1, 0, -1), (-1, 1, 0)),
            B=((0, 1, -1), (-1, 0, 1), (1, -1, 0)),
            number=1,
            equilibria=(((_THIRD, _THIRD, _THIRD), (_THIRD, _THIRD, _THIRD)),),
        ),
        "Shapley": Textbook(
            "Shapley (1964), Some topics in two-person games, §5",
            A=((1, 0, 0), (0, 1, 0), (0, 0, 1)),
            B=((0, 1, 0), (0, 0, 1), (1, 0, 0)),
            number=1,
            equilibria=(((_THIRD, _THIRD, _THIRD), (_THIRD, _THIRD, _THIRD)),),
        ),
        "three by two": Textbook(
            "von Stengel (2002), Handbook of Game Theory 3, §2",
            A=((3, 3), (2, 5), (0, 6)),
            B=((3, 2), (2, 6), (3, 1)),
            number=3,
            equilibria=(
                ((0, _THIRD, 1 - _THIRD), (_THIRD, 1 - _THIRD)),
                ((Fraction(4, 5), Fraction(1, 5), 0), (1 - _THIRD, _THIRD)),
                ((1, 0, 0), (1, 0)),
            ),
        ),
        "three by two, degenerate": Textbook(
            "von Stengel (2002), Handbook of Game Theory 3, §2: an edge of equilibria",
            A=((3, 3), (2, 5), (0, 6)),
            B=((3, 3), (2, 6), (3, 1)),
            number=3,
            equilibria=(
                ((0, _THIRD, 1 - _THIRD), (_THIRD, 1 - _THIRD)),
                ((1, 0, 0), (1 - _THIRD, _THIRD)),
                ((1, 0, 0), (1, 0)),
            ),
            degenerate=True,
        ),
        "most equilibria": Textbook(
            "von Stengel (1999), New maximal numbers of equilibria in bimatrix games",
            A=(
                (9504, -660, 19976, -20526, 1776, -8976),
                (-111771, 31680, -130944, 168124, -8514, 52764),
                (397584, -113850, 451176, -586476, 29216, -178761),
                (171204, -45936, 208626, -263076, 14124, -84436),
                (1303104, -453420, 1227336, -1718376, 72336, -461736),
                (737154, -227040, 774576, -1039236, 48081, -300036),
            ),
            B=(
                (72336, 48081, 29216, 14124, 1776, -8514),
                (-461736, -300036, -178761, -84436, -8976, 52764),
                (1227336, 774576, 451176, 208626, 19976, -130944),
                (-1718376, -1039236, -586476, -263076, -20526, 168124),
                (1303104, 737154, 397584, 171204, 9504, -111771),
                (-453420, -227040, -113850, -45936, -660, 31680),
            ),
            number=75,
        ),
    }
)
