"""One equilibrium of a signalling game over a sweep, next to Gambit's Lemke on the same trees."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

import solver
from benchmarks.games import SEED, read
from benchmarks.measuring import rate
from benchmarks.registry import Case, CheckError, Results, Side, Sizes, Target, register
from solver.concepts._sequences import SequenceForm
from solver.concepts._tree_values import tree_values, whole_block

Floats = NDArray[np.float64]
TYPES, MEALS, ANSWERS = ("strong", "weak"), ("beer", "quiche"), ("fight", "defer")
#: Largest regret and difference of payoffs, in payoffs of about one.
CLOSE = 1e-8

HEAD = 'EFG 2 R "Beer and quiche" { "sender" "receiver" }\n\n'


@final
@dataclass(frozen=True, eq=False)
class Signals:
    """Games that differ in payoffs and in the share of the strong; the first as Gambit's too."""

    form: solver.ExtensiveForm
    texts: Sequence[str]
    objects: Sequence[Any]


def _make(sizes: Sizes, number: int) -> Signals:
    """Beer and quiche (Cho and Kreps 1987), every payoff moved by up to a half."""
    random = np.random.default_rng([SEED, number])
    games = sizes["games"]
    strong = random.integers(10, 91, games) / 100.0

    def meal(kind: str, meal_: str) -> Any:
        liked = float((meal_ == "beer") == (kind == "strong"))
        ends = {
            answer: solver.leaf(
                liked + 2.0 * (answer == "defer") + random.uniform(-0.5, 0.5, games),
                float((answer == "fight") == (kind == "weak")) + random.uniform(-0.5, 0.5, games),
            )
            for answer in ANSWERS
        }
        return solver.decision("receiver", ends, infoset=meal_)

    told = {
        kind: (
            share,
            solver.decision("sender", {m: meal(kind, m) for m in MEALS}, infoset=kind),
        )
        for kind, share in zip(TYPES, (strong, 1.0 - strong), strict=True)
    }
    form = solver.tree(("sender", "receiver"), solver.chance(told))
    if _absent():
        return Signals(form, (), ())
    texts = [_text(form, g) for g in range(min(sizes["pygambit"], games))]
    return Signals(form, texts, [_read(text) for text in texts])


def _text(form: solver.ExtensiveForm, g: int) -> str:
    """One of the games as a file of Gambit's."""
    payoffs = iter(enumerate(form.payoffs[g].tolist(), start=1))
    shares = (100.0 * form.chance[g]).round().astype(int).tolist()  # Gambit adds them up exactly
    odds = " ".join(f'"{k}" {p}/100' for k, p in zip(TYPES, shares, strict=True))
    lines = [f'c "" 1 "" {{ {odds} }} 0']
    for h, kind in enumerate(TYPES, start=1):
        lines.append(f'p "" 1 {h} "{kind}" {{ "beer" "quiche" }} 0')
        for k, meal in enumerate(MEALS, start=1):
            lines.append(f'p "" 2 {k} "{meal}" {{ "fight" "defer" }} 0')
            for number, (mine, yours) in (next(payoffs), next(payoffs)):
                lines.append(f't "" {number} "" {{ {mine!r}, {yours!r} }}')
    return HEAD + "\n".join(lines) + "\n"


def _read(text: str) -> Any:
    import pygambit

    return pygambit.read_efg(io.StringIO(text))


def _absent() -> str:
    return "" if find_spec("pygambit") else "pygambit is not installed"


def _solve(given: Signals) -> solver.Equilibria:
    return solver.nash(given.form, "sequence-form")


def _solve_and_read(given: Signals) -> solver.Equilibria:
    return read(_solve(given))


def _warm(given: Signals) -> solver.Equilibria:
    return solver.nash(given.form, SequenceForm(warm_start=True))


def _lemke(games: Sequence[Any]) -> list[Any]:
    import pygambit

    call = pygambit.nash.lcp_solve
    return [call(game, rational=False, use_strategic=False).equilibrium for game in games]


def _build_and_solve(given: Signals) -> list[Any]:
    return _lemke([_read(text) for text in given.texts])


OURS, READ, WARM = "solver.nash", "solver.nash, all arrays read", "solver.nash, warm start"
PEER, BUILT = "pygambit lcp_solve", "pygambit lcp_solve, games read"


def _check(case: Case, results: Results) -> list[str]:
    """Every answer is an equilibrium by our certificate, and the first ones by Gambit's too."""
    given = results[OURS, 1].form
    for name in (OURS, READ, WARM):
        for threads in (1, 2):
            found = results[name, threads]
            if (found.status != solver.Status.SOLVED).any() or found.gap.max() > CLOSE:
                raise CheckError(f"{name}: {int((found.status != 0).sum())} games not solved")
    remarks: list[str] = []
    for name in (PEER, BUILT):
        profiles = results.get((name, 1))
        if profiles is None:
            continue
        rows = np.array([_row(profile) for profile in profiles])
        owner = np.arange(len(rows))
        payoffs, gaps = tree_values(given, rows, owner, whole_block(given.tree))
        told = np.array([[float(u) for u in dict(p.payoffs).values()] for p in profiles])
        if gaps.max() > CLOSE or np.abs(payoffs - told).max() > CLOSE:
            raise CheckError(f"{name}: gap {gaps.max():g} of an equilibrium of {case.name}")
        remarks = _theirs(results[OURS, 1], [profile.game for profile in profiles], rows)
    return remarks


def _theirs(found: solver.Equilibria, games: Sequence[Any], rows: Floats) -> list[str]:
    """Ours by Gambit's regret and payoffs; how often both found the same."""
    ours = found.profiles[: len(rows)]
    for g, game in enumerate(games):
        mixed = game.mixed_behavior_profile(
            data=[row.tolist() for row in ours[g].reshape(2, 2, 2)], rational=False
        )
        paid = np.array([float(u) for u in dict(mixed.payoffs).values()])
        if mixed.max_regret() > CLOSE or np.abs(paid - found.row_values[0][g]).max() > CLOSE:
            raise CheckError(f"game {g}: pygambit sees a regret of {mixed.max_regret():g} in ours")
    same = int((np.abs(ours - rows).max(axis=1) <= CLOSE).sum())
    return [f"the same equilibrium as pygambit in {same} of {len(rows)} games"]


def _row(profile: Any) -> Floats:
    names = profile.game.players
    return np.array([float(p) for n in names for _, h in profile[n] for p in dict(h).values()])


def _games(given: Signals) -> float:
    return float(given.form.batch_shape[0])


def _target(at_least: float, threads: int, against: str) -> Target:
    return Target(side=OURS, threads=threads, against=against, at_least=at_least)


register(
    Case(
        name="sequence-form",
        summary="one equilibrium of a signalling game by Lemke on the sequence form",
        unit="games/s",
        sizes={"games": 10_000, "pygambit": 500, "rounds": 7},
        smoke={"games": 200, "pygambit": 10, "rounds": 2},
        make=_make,
        ours=tuple(
            Side(name=name, measure=rate(call, _games), threads=(1, 2))
            for name, call in ((OURS, _solve), (READ, _solve_and_read), (WARM, _warm))
        ),
        peers=(
            Side(
                name=PEER,
                measure=rate(lambda g: _lemke(g.objects), lambda g: len(g.objects)),
                missing=_absent,
            ),
            Side(
                name=BUILT,
                measure=rate(_build_and_solve, lambda g: len(g.texts)),
                missing=_absent,
            ),
        ),
        check=_check,
        targets=(_target(50.0, 1, PEER), _target(50.0, 2, PEER)),
    )
)
