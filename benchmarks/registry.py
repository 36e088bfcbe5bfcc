"""What a benchmark case is, and the table of all of them.

A case measures its sides, ours and the peers', in turn on the same inputs; a comparison sets one
of ours against one peer, round by round. Nothing is timed before `check` has passed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, final

#: One measurement: the value in the unit of the case, and what the measured call returned.
Measure = Callable[[Any], tuple[float, Any]]
#: What every side returned, by name and number of threads.
Results = Mapping[tuple[str, int], Any]
Sizes = Mapping[str, int]


class CheckError(AssertionError):
    """A wrong answer, or one that a peer does not give: there is nothing to time."""


def available() -> str:
    """Say that nothing is missing."""
    return ""


@final
@dataclass(frozen=True, kw_only=True)
class Side:
    """One thing that is measured.

    Parameters
    ----------
    name : str
    measure : callable
        ``measure(inputs) -> (value, result)``.
    threads : tuple of int
        It is measured once with each of these thread counts.
    answers : callable, optional
        ``answers(result, limit)`` gives, for the first `limit` games, an array (equilibria,
        m_1 + ... + m_N) each.
    misses : bool
        Whether this peer is known to leave out equilibria: what it gives must be among ours, and
        what it leaves out is counted in the results.
    missing : callable
        Says what this side needs and does not find, or ``""``.
    """

    name: str
    measure: Measure
    threads: tuple[int, ...] = (1,)
    answers: Callable[[Any, int], list[Any]] | None = None
    misses: bool = False
    missing: Callable[[], str] = available


@final
@dataclass(frozen=True, kw_only=True)
class Target:
    """A bound on one of our sides, or on its comparison with the peer `against`."""

    side: str
    threads: int = 1
    against: str | None = None
    at_least: float | None = None
    at_most: float | None = None

    def met(self, value: float) -> bool:
        """Whether the value is within the bound."""
        above = self.at_least is None or value >= self.at_least
        return above and (self.at_most is None or value <= self.at_most)


@final
@dataclass(frozen=True, kw_only=True)
class Case:
    """A benchmark.

    Parameters
    ----------
    name, summary : str
    unit : str
        Of the values, such as ``"games/s"``.
    sizes, smoke : mapping of str to int
        What `make` is given in a full and in a smoke run; ``rounds`` is required.
    make : callable
        ``make(sizes, round)`` builds the inputs, anew for every round, from a fixed seed.
    ours, peers : tuple of Side
        The first of ours is compared with every peer, the others with the first peer.
    check : callable
        ``check(case, results)`` raises CheckError, or returns remarks for the report. Every
        process or call that fails raises it too.
    comparison : {"ratio", "percent", "difference"}
        How a value of ours is set against a peer's.
    targets : tuple of Target
    """

    name: str
    summary: str
    unit: str
    sizes: Sizes
    smoke: Sizes
    make: Callable[[Sizes, int], Any]
    ours: tuple[Side, ...]
    peers: tuple[Side, ...]
    check: Callable[[Case, Results], list[str]]
    comparison: Literal["ratio", "percent", "difference"] = "ratio"
    targets: tuple[Target, ...] = ()


CASES: dict[str, Case] = {}


def register(case: Case) -> Case:
    """Add a case to the table; its name must be new."""
    if case.name in CASES:
        raise ValueError(f"benchmark case {case.name!r} is registered twice")
    names = [side.name for side in (*case.ours, *case.peers)]
    if len(set(names)) < len(names):
        raise ValueError(f"benchmark case {case.name!r} names two sides alike: {', '.join(names)}")
    CASES[case.name] = case
    return case
