"""Games in which players count each other, and what they then earn themselves."""

from __future__ import annotations

import numpy as np
import pytest

from games import price_build_nf
from solver import Game, NormalForm, Parameter, nash
from solver.coopetition import own_payoffs, weighted_game
from solver.errors import ConceptError, ParameterError
from solver.forms.weighted import weighted

STAKE = Parameter("stake", default=0.0, low=0.0, high=1.0, doc="Supplier's share in the customer.")


def shared(*, stake):
    """Weights of a supplier that owns a part of its customer."""
    stake = np.asarray(stake)
    W = np.zeros((*stake.shape, 2, 2))
    W[..., 0, 0], W[..., 0, 1], W[..., 1, 1] = 1.0, stake, 1.0 - stake
    return W


GAME = weighted_game(price_build_nf, shared, parameters=[STAKE])


def test_without_a_stake_it_is_the_game_it_was() -> None:
    own, wrapped = price_build_nf.form(price_build_nf.bind()), GAME.form(GAME.bind())
    np.testing.assert_array_equal(own.payoffs, wrapped.payoffs)
    assert "price_build_nf-weighted" == GAME.name


def test_a_stake_is_swept_like_any_parameter() -> None:
    """The customer's objective keeps its best replies; the supplier's moves with its stake."""
    bound = GAME.bind(stake=np.linspace(0.0, 0.9, 4), nre=np.array([[500.0], [2000.0]]))
    form = GAME.form(bound)
    base = price_build_nf.form(price_build_nf.bind(nre=np.array([[500.0], [2000.0]])))
    assert (2, 4) == form.batch_shape
    S, B = base.payoffs
    for k, stake in enumerate(np.linspace(0.0, 0.9, 4)):
        np.testing.assert_allclose((S + stake * B)[:, 0], form.payoffs[0][:, k])
        np.testing.assert_allclose(((1 - stake) * B)[:, 0], form.payoffs[1][:, k])


def test_own_payoffs_are_what_the_strategies_earn_in_the_game_without_weights() -> None:
    payoffs = np.random.default_rng(1).normal(size=(2, 25, 3, 3))
    form = NormalForm(payoffs)
    eq = nash(weighted(form, [[1.0, 0.4], [0.2, 1.0]]))
    expected = np.stack(
        [np.einsum("gki,gij,gkj->gk", eq.strategies[0], P, eq.strategies[1]) for P in payoffs], -1
    )
    np.testing.assert_allclose(expected, own_payoffs(form, eq), atol=1e-12)
    # Objectives are something else.
    assert not np.allclose(np.nan_to_num(expected), np.nan_to_num(eq.payoffs))


def test_what_does_not_fit_is_refused() -> None:
    eq = nash(NormalForm(np.ones((2, 4, 2, 2))))
    with pytest.raises(ConceptError, match="the same actions"):
        own_payoffs(NormalForm(np.ones((2, 3, 3))), eq)
    with pytest.raises(ConceptError, match=r"batch shape \(3,\), the equilibria \(4,\)"):
        own_payoffs(NormalForm(np.ones((2, 3, 2, 2))), eq)
    nre = Parameter("nre", default=0.0)
    with pytest.raises(ParameterError, match="'nre' is declared twice"):
        weighted_game(price_build_nf, np.eye(2), parameters=[nre])


def test_fixed_weights_need_no_parameter() -> None:
    game = weighted_game(price_build_nf, np.ones((2, 2)), name="team")
    assert isinstance(game, Game)
    assert "team" == game.name
    A, B = game.form(game.bind()).payoffs
    np.testing.assert_array_equal(A, B)
