"""Logit equilibria of normal forms: the definition, a peer, and both ends of the branch."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from solver import NormalForm, Status, leaf, nash, simultaneous, tree
from solver.concepts._rows import regrets
from solver.concepts.logit import Tracing, logit
from solver.errors import ConceptError

SHAPES = [(2, 2), (2, 3), (3, 3), (4, 4), (5, 5), (2, 2, 2), (3, 3, 3), (2, 3, 2, 2)]


def random_games(seed: int, games: int, shape: tuple[int, ...]) -> NormalForm:
    """Payoffs uniform on [0, 1)."""
    rng = np.random.default_rng(seed)
    return NormalForm([rng.random((games, *shape)) for _ in shape])


def worth(form: NormalForm, game: int, mixes: list[np.ndarray], player: int) -> np.ndarray:
    """What each action of a player pays on average, one player after the other averaged out."""
    values = np.asarray(form.flat()[player][game])
    for j in reversed(range(len(mixes))):
        if j != player:
            values = np.tensordot(values, mixes[j], axes=(j, 0))
    return values


@pytest.mark.parametrize("precision", [0.0, 0.7, 5.0, 300.0])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_log_odds_are_precision_times_differences_of_worth(
    shape: tuple[int, ...], precision: float
) -> None:
    """McKelvey and Palfrey (1995), equation 1."""
    form = random_games(1, 20, shape)
    eq = logit(form, Tracing(precision=precision))
    assert (eq.status == Status.SOLVED).all()
    for g in range(20):
        mixes = [part[g, 0] for part in eq.strategies]
        for i, mix in enumerate(mixes):
            gains = precision * worth(form, g, mixes, i)
            response = np.exp(gains - gains.max())
            np.testing.assert_allclose(response / response.sum(), mix, atol=1e-11)
            assert eq.payoffs[g, 0, i] == pytest.approx(mix @ worth(form, g, mixes, i))


@pytest.mark.parametrize("precision", [0.5, 3.0, 20.0])
@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (4, 4), (2, 2, 2)], ids=str)
def test_gambit_finds_the_same_point(shape: tuple[int, ...], precision: float) -> None:
    """Its tracer is another implementation (Turocy 2005)."""
    gambit = pytest.importorskip("pygambit")
    form = random_games(2, 50, shape)
    ours = logit(form, Tracing(precision=precision))
    for g in range(50):
        game = gambit.StrategicGame.from_arrays(*[p[g] for p in form.payoffs])
        profile = gambit.qre.logit_solve_lambda(game, precision)[0].profile
        theirs = [float(p) for name in game.players for p in dict(profile[name]).values()]
        np.testing.assert_allclose(theirs, ours.profiles[g], atol=1e-6)


def test_known_answer_ochs_at_three_precisions() -> None:
    """Asymmetric matching pennies as in McKelvey and Palfrey (1995), table of their figure 6."""
    form = NormalForm(([[1.1141, 0], [0, 0.2785]], [[0, 1.1141], [1.1141, 0]]))
    for precision, p, q in [(1.0, 0.5868, 0.4518), (2.0, 0.6175, 0.3720), (3.0, 0.6169, 0.3140)]:
        eq = logit(form, Tracing(precision=precision))
        assert (p, q) == (eq.profiles[0, 0].round(4), eq.profiles[0, 2].round(4))


def test_one_player_chooses_by_odds() -> None:
    """No others to take into account: probabilities in proportion to exp(precision payoff)."""
    eq = logit(NormalForm(([0.0, np.log(2.0), np.log(3.0)],)), Tracing(precision=2.0))
    np.testing.assert_allclose([1 / 14, 4 / 14, 9 / 14], eq.profiles[0], atol=1e-14)
    assert eq.complete


def test_symmetric_players_of_a_zero_sum_game_are_uniform_at_every_precision() -> None:
    """Rock, paper and scissors: all actions are worth 0 against uniform play."""
    A = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])
    for precision in (1.0, 100.0, 1e5):
        eq = logit(NormalForm((A, -A)), Tracing(precision=precision))
        assert eq.status == Status.SOLVED
        np.testing.assert_allclose(1 / 3, eq.profiles, atol=1e-12)


def test_symmetric_play_goes_on_where_branches_cross() -> None:
    """Hawk and dove, 2 at stake and a fight costs 4: hawk 1/2 on the branch from uniform play."""
    A = np.array([[-1.0, 2.0], [0.0, 1.0]])
    eq = logit(NormalForm((A, A.T)), Tracing(precision=500.0))
    assert eq.status == Status.SOLVED
    np.testing.assert_allclose(0.5, eq.profiles, atol=1e-12)


@pytest.mark.parametrize("scale", [1.0, 2.0, 0.3])
def test_a_precision_exactly_where_branches_cross_is_solved(scale: float) -> None:
    """Coordination on equal terms: the response to 1/2 + e is 1/2 + e to first order there."""
    form = NormalForm((scale * np.eye(2), scale * np.eye(2)))
    for precision in (2.0 / scale, 2.5 / scale):
        eq = logit(form, Tracing(precision=precision))
        assert eq.status == Status.SOLVED
        np.testing.assert_allclose(0.5, eq.profiles, atol=1e-12)


def test_the_branch_of_the_two_by_two_by_two_game_goes_on_beyond_its_crossing() -> None:
    """McKelvey and McLennan (1997), nine equilibria: another branch crosses at 0.597.

    Players 1 and 2 stay at 1/2, where each is indifferent whatever the third does.
    """
    payoffs = np.zeros((3, 2, 2, 2))
    payoffs[:, 0, 0, 0], payoffs[:, 1, 1, 0] = (9, 8, 12), (9, 8, 2)
    payoffs[:, 1, 0, 1] = payoffs[:, 0, 1, 1] = (3, 4, 6)
    for precision in (0.5, 0.7, 5.0):
        eq = logit(NormalForm(tuple(payoffs)), Tracing(precision=precision))
        assert eq.status == Status.SOLVED
        np.testing.assert_allclose(0.5, eq.profiles[0, :4], atol=1e-9)
        first = 1.0 / (1.0 + np.exp(precision * (3.0 - 3.5)))
        np.testing.assert_allclose([first, 1.0 - first], eq.profiles[0, 4:], atol=1e-9)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_regret_is_less_than_entropy_over_precision(shape: tuple[int, ...]) -> None:
    """A logit response maximises worth plus entropy over precision: so regret vanishes."""
    form = random_games(3, 100, shape)
    spread = np.array([np.ptp(p.reshape(100, -1), axis=1) for p in form.payoffs]).T
    for precision in (2.0, 50.0, 1e4):
        eq = logit(form, Tracing(precision=precision))
        assert (eq.status == Status.SOLVED).all()
        gaps = regrets(form, eq.profiles, eq.owner)[1]
        assert (gaps * spread <= np.log(shape) / precision + 1e-12).all()


@pytest.mark.parametrize("shape", [(2, 2), (3, 3)], ids=str)
def test_the_branch_leads_to_a_nash_equilibrium(shape: tuple[int, ...]) -> None:
    """In games without ties the limit is one of all equilibria (McKelvey and Palfrey 1995)."""
    form = random_games(4, 300, shape)
    eq, every = logit(form, Tracing(precision=1e5)), nash(form)
    assert (eq.status == Status.SOLVED).all()
    for g in range(300):
        listed = every.profiles[every.owner == g]
        assert np.abs(listed - eq.profiles[g]).max(axis=1).min() <= 1e-2


def test_where_it_is_called_complete_every_start_leads_to_it() -> None:
    """Newton's method from elsewhere finds no other; and a game with three is not complete."""
    rng = np.random.default_rng(5)
    form = random_games(5, 60, (3, 3))
    eq = logit(form, Tracing(precision=4.0))
    proven = np.flatnonzero(eq.complete)
    assert 5 < len(proven) < 60
    for g in proven.tolist():
        x, y = rng.dirichlet(np.full(3, 0.3)), rng.dirichlet(np.full(3, 0.3))
        for _ in range(400):  # a contraction: play that answers the last play comes closer
            x, y = _response(form, g, [x, y], 0), _response(form, g, [x, y], 1)
        np.testing.assert_allclose(np.concatenate([x, y]), eq.profiles[g], atol=1e-9)
    coordination = NormalForm((np.eye(2), np.eye(2)))
    assert logit(coordination, Tracing(precision=1.99)).complete
    assert not logit(coordination, Tracing(precision=2.01)).complete  # crosses at 2 exactly


def _response(form: NormalForm, game: int, mixes: list[np.ndarray], player: int) -> np.ndarray:
    gains = np.exp(4.0 * worth(form, game, mixes, player))
    return gains / gains.sum()


@pytest.mark.parametrize("precision", [0.4, 6.0])
def test_the_tree_of_simultaneous_moves_has_the_same(precision: float) -> None:
    """One information set each: the agents are the players."""
    form = random_games(6, 5, (3, 2, 2))
    for g in range(5):
        cells = {}
        for profile in product(*map(range, form.shape)):
            names = tuple(str(a) for a in profile)
            cells[names] = leaf(*[p[(g, *profile)] for p in form.payoffs])
        agents = logit(tree("ABC", simultaneous("ABC", cells)), Tracing(precision=precision))
        alone = NormalForm([p[g] for p in form.payoffs])
        players = logit(alone, Tracing(precision=precision))
        np.testing.assert_allclose(agents.profiles, players.profiles, atol=1e-9)


@pytest.mark.parametrize("scale", [1e-9, 1e12])
@pytest.mark.parametrize("precision", [1.0, 40.0])
def test_precision_is_per_unit_of_payoff(scale: float, precision: float) -> None:
    """Payoffs times as large and precision as much smaller: the same choices."""
    form = random_games(7, 30, (3, 3))
    large = NormalForm([p * scale for p in form.payoffs])
    expected = logit(form, Tracing(precision=precision)).profiles
    found = logit(large, Tracing(precision=precision / scale))
    assert (found.status == Status.SOLVED).all()
    np.testing.assert_allclose(expected, found.profiles, atol=1e-9)


def test_far_from_zero_the_choices_are_the_same() -> None:
    """What everybody gets anyway does not matter."""
    rng = np.random.default_rng(8)
    payoffs = rng.integers(0, 9, (2, 40, 3, 3)).astype(float)
    expected = logit(NormalForm(tuple(payoffs)), Tracing(precision=2.0))
    moved = logit(NormalForm(tuple(payoffs + 2.0**40)), Tracing(precision=2.0))
    assert (moved.status == Status.SOLVED).all()
    np.testing.assert_allclose(expected.profiles, moved.profiles, atol=1e-9)


def test_at_dollar_scale_precision_one_means_no_errors() -> None:
    """Ten dollars more is a difference of e^10 in odds: dominant actions, and what answers them."""
    form = NormalForm(([[1e9, 4e9], [0, 3e9]], [[2e9, 1e9], [0, 5e9]]))
    eq = logit(form, Tracing(precision=1.0))
    assert eq.status == Status.SOLVED
    np.testing.assert_array_equal([[1, 0, 1, 0]], eq.profiles)


def test_batched_is_pointwise_and_a_bad_game_stops_nobody() -> None:
    """With the status of each."""
    form = random_games(9, 5, (3, 3))
    payoffs = [p.copy() for p in form.payoffs]
    payoffs[1][2, 0, 0] = np.nan
    eq = logit(NormalForm(payoffs), Tracing(precision=30.0))
    assert [0, 0, Status.INVALID_INPUT, 0, 0] == eq.status.tolist()
    assert [1, 1, 0, 1, 1] == eq.count.tolist()
    for g in (0, 1, 3, 4):
        alone = logit(NormalForm([p[g] for p in payoffs]), Tracing(precision=30.0))
        rows = np.concatenate([part[g, 0] for part in eq.strategies])
        np.testing.assert_allclose(alone.profiles[0], rows, rtol=1e-9)


@pytest.mark.parametrize("top", [1, 2, 3])
def test_ties_need_no_care(top: int) -> None:
    """Payoffs of whole numbers, most games degenerate: the branch is found or said to be lost."""
    rng = np.random.default_rng(top)
    form = NormalForm(tuple(rng.integers(0, top + 1, (2, 400, 3, 3)).astype(float)))
    for precision in (1.0, 20.0):
        eq = logit(form, Tracing(precision=precision))
        assert (eq.status == Status.SOLVED).mean() > 0.99
        assert (eq.gap[eq.status == Status.SOLVED] <= eq.tol).all()


def test_what_rounding_hides_is_not_called_solved() -> None:
    """At a precision of 1e15 differences of worth of 1e-16 matter."""
    A = np.array([[3.0, -1.0], [-1.0, 1.1]])
    eq = logit(NormalForm((A, -A)), Tracing(precision=1e15))
    assert eq.status == Status.NOT_CONVERGED


def test_steps_that_run_out_are_not_called_solved() -> None:
    """The point reached is no equilibrium at the precision wanted."""
    eq = logit(random_games(10, 3, (3, 3)), Tracing(precision=1e3, max_steps=3))
    assert (eq.status == Status.NOT_CONVERGED).all()
    assert (eq.gap.max(axis=(1, 2)) > eq.tol).all()


def test_the_gap_is_a_distance_of_probabilities() -> None:
    """By name."""
    eq = logit(random_games(11, 1, (2, 2)))
    assert (eq.concept, eq.method) == ("logit", "tracing")
    assert eq.measure == "distance from the logit response"


def test_too_many_actions_are_refused() -> None:
    """With their number."""
    with pytest.raises(ConceptError, match="logit: 501 actions"):
        logit(NormalForm((np.zeros((500, 1)), np.zeros((500, 1)))))
