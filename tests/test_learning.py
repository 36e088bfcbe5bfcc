"""Learning by Nashpy: games there and back, seeds, and where processes lead."""

from __future__ import annotations

import nashpy
import numpy as np
import pytest
from hypothesis import given

from solver import NormalForm, nash
from solver.errors import ConceptError, FormError, ParameterError
from solver.learning import (
    fictitious_play,
    from_nashpy,
    moran_process,
    replicator_dynamics,
    stochastic_fictitious_play,
    to_nashpy,
)
from solver.testing import bimatrix_games

PENNIES = NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
DILEMMA = NormalForm([[[2, 0], [3, 1]], [[2, 3], [0, 1]]])


@given(bimatrix_games(batch=(2, 3)))
def test_games_come_back_as_they_went(form: NormalForm) -> None:
    again = from_nashpy(to_nashpy(form, (1, 2)), form.players, form.actions)
    for payoffs, same in zip(form.payoffs, again.payoffs, strict=True):
        np.testing.assert_array_equal(payoffs[1, 2], same)
    assert (form.players, form.actions) == (again.players, again.actions)


def test_equilibria_of_nashpy_are_among_ours() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        form = NormalForm(rng.normal(size=(2, 3, 3)))
        ours = nash(form).profiles
        for profile in to_nashpy(form).support_enumeration():
            assert np.abs(ours - np.concatenate(profile)).max(axis=1).min() < 1e-9


def test_fictitious_play_of_a_zero_sum_game_leads_to_its_value() -> None:
    """Robinson 1951: shares of play converge to optimal strategies."""
    counts = fictitious_play(PENNIES, 4000, seed=3)
    for played in counts:
        assert (4001, 2) == played.shape
        np.testing.assert_allclose([0.5, 0.5], played[-1] / 4000, atol=0.03)


def test_stochastic_fictitious_play_errs_as_told() -> None:
    """In the dilemma, to confess pays 1 more whatever the other does: e^2 to 1 at noise 1/2."""
    counts, _ = stochastic_fictitious_play(DILEMMA, 4000, seed=1, noise=0.5, perturbation=0.0)
    share = 1.0 / (1.0 + np.exp(-2.0))
    np.testing.assert_allclose([1.0 - share, share], counts[-1] / 4000, atol=0.02)


@pytest.mark.parametrize("shift", [0.0, 1e9])
def test_stochastic_fictitious_play_stands_a_shift_of_payoffs(shift: float) -> None:
    form = NormalForm([payoffs + shift for payoffs in DILEMMA.payoffs])
    counts, _ = stochastic_fictitious_play(form, 50, seed=1)
    expected, _ = stochastic_fictitious_play(DILEMMA, 50, seed=1)
    np.testing.assert_array_equal(expected, counts)


def test_replicator_dynamics_follow_the_logistic_curve() -> None:
    """A gain of 1 whatever the other does: log-odds grow by 1 per unit of time."""
    times = np.linspace(0.0, 5.0, 11)
    x, y = replicator_dynamics(DILEMMA, times)
    for shares in (x, y):
        np.testing.assert_allclose(times, np.log(shares[:, 1] / shares[:, 0]), atol=1e-5)


def test_neutral_members_take_over_by_chance_of_their_number() -> None:
    """Moran 1958: one of four becomes all with probability 1/4."""
    form = NormalForm([np.ones((2, 2))] * 2)
    ends = [moran_process(form, [1, 0, 0, 0], seed=seed)[-1] for seed in range(400)]
    assert all(len({*end.tolist()}) == 1 for end in ends)
    np.testing.assert_allclose(0.25, np.mean([end[0] for end in ends]), atol=0.08)


@pytest.mark.parametrize(
    "draw",
    [
        lambda seed: fictitious_play(PENNIES, 60, seed=seed)[0],
        lambda seed: stochastic_fictitious_play(PENNIES, 60, seed=seed)[0],
        lambda seed: moran_process(DILEMMA, [0, 1] * 5, seed=seed, mutation=0.5, most=60),
    ],
    ids=["fictitious", "stochastic", "Moran"],
)
def test_a_seed_gives_the_same_again_and_disturbs_nobody(draw) -> None:
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    np.testing.assert_array_equal(draw(5), draw(5))
    assert not np.array_equal(draw(5), draw(6))
    np.testing.assert_array_equal(before, np.random.get_state()[1])  # noqa: NPY002


def test_what_nashpy_cannot_take_is_refused() -> None:
    with pytest.raises(ConceptError, match="two players"):
        to_nashpy(NormalForm([np.zeros((2, 2, 2))] * 3))
    with pytest.raises(ParameterError, match=r"index = \(3,\) names no game of a batch of shape"):
        to_nashpy(NormalForm([np.zeros((3, 2, 2))] * 2), (3,))
    with pytest.raises(FormError, match="list has no payoff_matrices"):
        from_nashpy([])
    with pytest.raises(ParameterError, match="iterations = 0 is no whole number"):
        fictitious_play(PENNIES, 0, seed=0)
    with pytest.raises(ParameterError, match=r"noise = 0\.1 is too little for a payoff range of"):
        stochastic_fictitious_play(NormalForm([np.eye(2) * 1e6] * 2), 5, seed=0)
    with pytest.raises(ParameterError, match="lists no members from 0 to 1"):
        moran_process(DILEMMA, [0, 2], seed=0)
    with pytest.raises(ParameterError, match="payoffs of at least zero"):
        moran_process(PENNIES, [0, 1], seed=0)
    assert nashpy.Game is type(to_nashpy(PENNIES))
