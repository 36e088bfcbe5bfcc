"""Leader-follower games with answers known on paper, kinks and narrow pieces included."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from solver import LeaderFollower, Status, subgame_perfect


def game(payoffs, low=0.0, high=1.0, answers=("a", "b"), **parameters):
    return LeaderFollower(
        players=("leader", "follower"),
        action="x",
        low=low,
        high=high,
        answers=answers,
        payoffs=payoffs,
        parameters=parameters,
    )


def best_action(form):
    equilibria = subgame_perfect(form)
    assert (equilibria.status == Status.SOLVED).all()
    return equilibria.leader_action[..., 0]


@pytest.mark.parametrize("top", [0.1, 0.123456789, 1.0 / 3.0, 0.5, 0.7071067811865476, 0.999])
def test_a_smooth_peak_is_found_to_rounding(top):
    form = game(lambda x, top: ([np.exp(-((x - top) ** 2))], [0.0 * x]), answers=("a",), top=top)
    assert_allclose(best_action(form), top, rtol=1e-10)


def test_a_whole_batch_of_peaks_is_found_to_rounding():
    tops = np.linspace(0.01, 0.99, 999)
    form = game(
        lambda x, top: ([np.sin(2.0 * (x - top) + np.pi / 2.0)], [0.0 * x]),
        answers=("a",),
        top=tops,
    )
    assert_allclose(best_action(form), tops, atol=1e-10)


@pytest.mark.parametrize("kink", [0.2, 0.31, 0.77])
def test_a_kink_is_found_to_rounding(kink):
    form = game(
        lambda x, kink: ([np.minimum(x, 4.0 * kink - 3.0 * x)], [0.0 * x]),
        answers=("a",),
        kink=kink,
    )
    assert_allclose(best_action(form), kink, rtol=1e-11)


@pytest.mark.parametrize("edge", [0.3, 1.0 / 7.0, 0.9999, 1e-6])
def test_an_indifferent_follower_gives_the_answer_the_leader_prefers(edge):
    # The leader wants x high but the follower stays ("a") only up to the edge.
    form = game(lambda x, edge: ([x, -1.0 + 0.0 * x], [edge - x, 0.0 * x]), edge=edge)
    assert_allclose(best_action(form), edge, rtol=1e-12)


def test_an_indifferent_leader_takes_the_lowest_action():
    form = game(lambda x: ([0.0 * x], [0.0 * x]), answers=("a",), low=2.0, high=5.0)
    assert 2.0 == best_action(form)


def test_of_answers_equal_for_both_the_last_is_named():
    equilibria = subgame_perfect(game(lambda x: ([x, x], [x, x])))
    assert [[0.0, 1.0]] == equilibria.strategies[1].tolist()


@pytest.mark.parametrize("width", [1e-2, 1e-3, 2e-4])
def test_a_narrow_piece_between_two_samples_is_found(width):
    # The follower gives the answer the leader wants only on a short stretch around 0.4321.
    centre = 0.4321

    def payoffs(x, width):
        near = width**2 - (x - centre) ** 2
        return [0.0 * x, 1.0 - (x - centre) ** 2], [0.0 * x, near]

    assert_allclose(best_action(game(payoffs, width=width)), centre, rtol=1e-9)


def test_a_stretch_of_ties_ends_where_it_ends():
    # Tied up to 0.6; beyond, the follower prefers what the leader does not.
    form = game(lambda x: ([x, 0.0 * x], [0.0 * x, np.maximum(x - 0.6, 0.0)]))
    assert_allclose(best_action(form), 0.6, rtol=1e-11)


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9, 1e12])
def test_the_unit_of_money_does_not_matter(scale):
    form = game(
        lambda x: (
            [scale * x * (1.0 - x), 0.0 * x],
            [scale * (0.4 - x), 0.0 * x],
        )
    )
    assert_allclose(best_action(form), 0.4, rtol=1e-11)


@pytest.mark.parametrize("offset", [0.0, 1e3, 1e6])
def test_where_the_interval_lies_does_not_matter(offset):
    form = game(
        lambda x: ([-((x - offset - 0.3) ** 2)], [0.0 * x]),
        low=offset,
        high=offset + 1.0,
        answers=("a",),
    )
    assert_allclose(best_action(form), offset + 0.3, rtol=1e-9)


def test_one_bad_element_stops_nobody_else():
    tops = np.array([0.2, np.nan, 0.4])
    form = game(lambda x, top: ([-((x - top) ** 2)], [0.0 * x]), answers=("a",), top=tops)
    equilibria = subgame_perfect(form)
    expected = [Status.SOLVED, Status.INVALID_INPUT, Status.SOLVED]
    assert expected == equilibria.status.tolist()
    assert [1, 0, 1] == equilibria.count.tolist()
    assert_allclose(equilibria.leader_action[[0, 2], 0], [0.2, 0.4], rtol=1e-10)
    assert np.isnan(equilibria.leader_action[1, 0])


def test_an_empty_interval_has_no_equilibrium():
    equilibria = subgame_perfect(game(lambda x: ([x], [x]), low=1.0, high=0.0, answers=("a",)))
    assert Status.NONE_EXIST == equilibria.status
    assert (0, 2) == equilibria.payoffs.shape


def test_payoffs_are_those_of_the_action_reported():
    equilibria = subgame_perfect(game(lambda x: ([x * (1.0 - x)], [x + 2.0]), answers=("a",)))
    assert_allclose(equilibria.payoffs, [[0.25, 2.5]], rtol=1e-9)


@pytest.mark.parametrize("where", [0.1234, 0.3123, 0.77])
@pytest.mark.parametrize("width", [0.01, 0.004, 0.002])
def test_a_narrow_stretch_with_kinks_is_found(where, width):
    def payoffs(x, width):
        return [x, 10.0 + 0.0 * x], [0.0 * x, width - np.abs(x - where)]

    action = best_action(game(payoffs, width=width))
    assert abs(action - where) <= width * (1.0 + 1e-9)


@pytest.mark.parametrize("offset", [1e5, 1e6, 1e9])
@pytest.mark.parametrize("edge", [0.3123, 0.7, 1.0 / 3.0])
def test_far_from_zero_the_limit_price_is_not_lost_to_rounding(offset, edge):
    form = game(
        lambda x: ([x - offset, 0.0 * x], [edge - (x - offset), 0.0 * x]),
        low=offset,
        high=offset + 1.0,
    )
    assert_allclose(best_action(form) - offset, edge, atol=20.0 * np.spacing(offset))
