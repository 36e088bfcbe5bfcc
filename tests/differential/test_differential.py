"""A slice of the differential run, and proof that the comparison notices what it should."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from click.testing import CliRunner

from solver import Equilibria, NormalForm, nash
from solver.equilibria import Rows, Status
from solver.testing import oracles
from tests.differential import __main__ as command
from tests.differential.comparing import Trouble, compare, matched
from tests.differential.families import FAMILIES, SHAPES, Games, Units, draw
from tests.differential.running import run
from tests.differential.tables import example
from tests.differential.truth import gambit, truth, truths

Solver = Callable[[NormalForm], Equilibria]

#: Small ones of every kind: what takes long to compile or to enumerate is left to the command.
SLICE = [shape for shape in SHAPES if max(shape) <= 4] + [(5, 5)]


@pytest.mark.parametrize("shape", SLICE, ids=lambda shape: f"{shape[0]}x{shape[1]}")
def test_random_games_have_exactly_the_equilibria_of_exact_enumeration(shape):
    """Two of each family; see the command for more."""
    tallies = list(run(nash, 2 * len(FAMILIES), 20, list(FAMILIES), [shape], jobs=1))
    wrong = [example(*one, 20) for tally in tallies for one in tally.examples]
    assert 2 * len(FAMILIES) == sum(tally.games for tally in tallies)
    assert not wrong, "\n".join(wrong)


def rows_changed(eq: Equilibria, profiles, count) -> Equilibria:
    return replace(eq, count=count, rows=Rows(lambda: profiles, eq.rows.values))


#: Games by the difference `h` that almost is a tie, in integers of which 1 is that difference.
HARD = {
    "a third best response crosses two that tie": lambda h: (
        np.zeros((2, 4), int),
        [[h, -1, 0, 3 * h], [h, 3 * h + 1, 3 * h, 0]],
    ),
    "a dominated row, and ties in all others": lambda h: (
        [[h, 0, 0, 0], [0, 0, 0, 0], [-1, h - 1, -1, -1], [0, h, 0, 0]],
        np.zeros((4, 4), int),
    ),
}


@pytest.mark.parametrize("bits", [8, 10, 13, 16, 20])
@pytest.mark.parametrize("name", HARD)
def test_a_hair_beside_a_tie_adds_and_hides_no_equilibrium(name, bits):
    """Reduced from games in which solvers dropped or repeated one, or doubted the whole set."""
    A, B = map(np.array, HARD[name](2**bits))
    game = Games(name, A.shape, A[None], B[None], Units())
    [report] = compare(nash, [game], truths([(A, B)]))
    assert not report.trouble, example(game, 0, report, 0)


def one_in(eq: Equilibria):
    """Row g counts one for game g."""
    return np.eye(eq.count.size, dtype=np.int64)


def drops_one(form: NormalForm) -> Equilibria:
    """The last equilibrium of the last game that has two."""
    eq = nash(form)
    game = np.flatnonzero(eq.count > 1)[-1]
    last = np.flatnonzero(eq.owner == game)[-1]
    return rows_changed(eq, np.delete(eq.profiles, last, 0), eq.count - one_in(eq)[game])


def repeats_one(form: NormalForm) -> Equilibria:
    """The first equilibrium of the first game."""
    eq = nash(form)
    profiles = np.insert(eq.profiles, 0, eq.profiles[0], axis=0)
    return rows_changed(eq, profiles, eq.count + one_in(eq)[0])


def adds_one(form: NormalForm) -> Equilibria:
    """Something that is no extreme equilibrium, a little off the first."""
    eq = nash(form)
    m, n = form.shape
    uniform = np.concatenate([np.full(m, 1 / m), np.full(n, 1 / n)])
    extra = (1 - 1e-6) * eq.profiles[0] + 1e-6 * uniform
    profiles = np.insert(eq.profiles, 1, extra, axis=0)
    return rows_changed(eq, profiles, eq.count + one_in(eq)[0])


def moves_one(form: NormalForm) -> Equilibria:
    """By ten times the tolerance."""
    eq = nash(form)
    profiles = eq.profiles.copy()
    profiles[0, :2] += [1e-8, -1e-8]
    return rows_changed(eq, profiles, eq.count)


def flips_the_status(form: NormalForm) -> Equilibria:
    """Of the first game."""
    eq = nash(form)
    status = eq.status.copy()
    status[0] = Status.SOLVED if status[0] == Status.DEGENERATE else Status.DEGENERATE
    return replace(eq, status=status)


def doubts(form: NormalForm) -> Equilibria:
    """The first set is not claimed to be whole."""
    eq = nash(form)
    complete = eq.complete.copy()
    complete[0] = False
    return replace(eq, complete=complete)


def misreports_a_gap(form: NormalForm) -> Equilibria:
    """The strategies are right, the certificate of the first is not."""
    eq = nash(form)

    def values(profiles, owner):
        payoffs, gaps = eq.rows.values(profiles, owner)
        gaps[0, 0] = np.nan
        return payoffs, gaps

    return replace(eq, rows=Rows(eq.rows.profiles, values))


@pytest.mark.parametrize(
    ("mutant", "expected"),
    [
        (nash, Trouble()),
        (drops_one, Trouble(missing=1)),
        (repeats_one, Trouble(repeated=1)),
        (adds_one, Trouble(wrong=1)),
        (moves_one, Trouble(missing=1, wrong=1)),
        (flips_the_status, Trouble(status=1)),
        (doubts, Trouble(incomplete=1)),
        (misreports_a_gap, Trouble(gap=1)),
    ],
    ids=lambda part: getattr(part, "__name__", ""),
)
@pytest.mark.parametrize("family", ["0..3", "0..100", "coordination"])
def test_one_mistake_in_a_batch_is_counted_once_and_named(family, mutant: Solver, expected):
    cell = draw(3, family, (3, 3), 20)
    reports = compare(mutant, [cell], truths(list(zip(cell.A, cell.B, strict=True))))
    total = Trouble(*np.sum([report.trouble for report in reports], axis=0).tolist())
    assert total._replace(gap=0) == expected._replace(gap=0)
    assert total.gap >= expected.gap


def test_an_oracle_that_lacks_an_equilibrium_is_reported():
    """Even if the solver agrees with one of them."""
    cell = draw(3, "coordination", (3, 3), 1)
    [exact] = truths([(cell.A[0], cell.B[0])])
    [report] = compare(nash, [cell], [exact._replace(disagreements=1)])
    assert report.trouble == Trouble(oracles=1)


def test_pairs_are_one_to_one():
    """Two answers near one equilibrium do not make up for one that is missing."""
    expected, found = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[1.0, 0.0], [1.0, 1e-10]])
    assert matched(expected, found) == Trouble(missing=1, repeated=1)
    assert matched(expected, expected[::-1] + 1e-10) == Trouble()
    assert matched(expected, np.empty((0, 2))) == Trouble(missing=2)
    close = np.array([[0.5, 0.5], [0.5 + 1e-12, 0.5 - 1e-12]])
    assert matched(close, close[::-1]) == Trouble()
    assert matched(close, close[:1]) == Trouble(missing=1)


def test_both_oracles_know_an_answer_that_can_be_checked_by_hand():
    A, B = np.array([[2, 0], [0, 1]]), np.array([[1, 0], [0, 2]])
    mixed = Fraction(2, 3), Fraction(1, 3), Fraction(1, 3), Fraction(2, 3)
    assert {(1, 0, 1, 0), (0, 1, 0, 1), mixed} == gambit(A, B)
    assert (sorted(gambit(A, B)), False, 0) == truth(A, B)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (2, 5)])
def test_a_family_is_drawn_from_the_seed_alone(family, shape):
    one, again, other = (draw(seed, family, shape, 9) for seed in (1, 1, 2))
    assert (9, *shape) == one.A.shape == one.B.shape
    np.testing.assert_array_equal([one.A, one.B], [again.A, again.B])
    if shape != (1, 1):
        assert not np.array_equal([one.A, one.B], [other.A, other.B])


def test_families_are_what_they_are_called():
    cells = {family: draw(5, family, (4, 4), 12) for family in FAMILIES}

    def pairs(P, axis):  # every two actions of a player, in one game: P[..., k] along the last
        rows = np.moveaxis(P, axis, 0)
        return [(rows[a], rows[b]) for a in range(4) for b in range(4) if a != b]

    copies = 0
    for A, B in zip(cells["duplicated"].A, cells["duplicated"].B, strict=True):
        both = np.stack([A, B])
        copies += any(np.array_equal(u, v) for axis in (1, 2) for u, v in pairs(both, axis))
    assert copies > 6  # a copy may be of itself
    for A, B in zip(cells["dominated"].A, cells["dominated"].B, strict=True):
        assert any((u <= v).all() for u, v in pairs(A, 0))
        assert any((u <= v).all() for u, v in pairs(B, 1))
    for A, B in zip(cells["by a hair"].A, cells["by a hair"].B, strict=True):
        assert any((np.abs(u - v) <= 1).all() for u, v in pairs(A, 0))
        assert any((np.abs(u - v) <= 1).all() for u, v in pairs(B, 1))
    zero_sum, square, common = (cells[k] for k in ("constant sum", "symmetric", "common"))
    assert (zero_sum.A + zero_sum.B == 5).all()
    np.testing.assert_array_equal(square.A, square.B.swapaxes(1, 2))
    np.testing.assert_array_equal(common.A, common.B)
    assert ((cells["coordination"].A > 0).sum(axis=(1, 2)) == 4).all()
    assert (np.ptp(cells["irrelevant"].A, axis=1) == 0).all()
    assert (cells["forbidden"].A == -1000).any()
    assert 0.5 < (cells["sparse"].A == 0).mean() < 1.0
    assert cells["0..100"].A.max() > 9 == cells["0..9"].A.max()
    ties = [
        oracles.is_degenerate(A, B) for A, B in zip(cells["0..1"].A, cells["0..1"].B, strict=True)
    ]
    assert 2 * sum(ties) > len(ties)


def test_units_are_those_of_the_name():
    for family, scale, shift in [("x1e9", 1e9, 0), ("x1e-9", 1e-9, 0), ("+1e12", 1, 1e12)]:
        cell = draw(1, family, (2, 2), 5)
        np.testing.assert_array_equal(cell.A * scale + shift, cell.payoffs()[0])


def test_the_command_prints_a_table_and_ends_well(monkeypatch):
    arguments = "--games 30 --seed 4 --jobs 1 --shape 2x2 --shape 3x3 --family 0..9 --family x1e9"
    done = CliRunner().invoke(command.main, arguments.split())
    assert done.exit_code == 0, done.output
    assert "30 games, seed 4" in done.output
    assert "none wrong" in done.output


def test_the_command_prints_wrong_games_as_python_and_ends_with_status_one(monkeypatch):
    monkeypatch.setattr(command, "nash", drops_one)
    arguments = "--games 20 --seed 4 --jobs 1 --shape 3x3 --family 0..3"
    done = CliRunner().invoke(command.main, arguments.split())
    assert done.exit_code == 1
    assert "# 0..3, 3x3, game" in done.output
    assert "'missing': 1" in done.output
    assert "1!/20" in done.output
    code = done.output[done.output.index("A = ") : done.output.index("expected")]
    names: dict = {}
    exec(code, names)
    assert np.shape(names["A"]) == np.shape(names["B"]) == (3, 3)


def test_the_command_names_a_shape_that_is_not_drawn():
    done = CliRunner().invoke(command.main, ["--shape", "9x9"])
    assert done.exit_code == 2
    assert "9x9 is none of 1x1" in done.output
