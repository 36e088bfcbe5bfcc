"""The columns next to equilibria: printed examples, and the definitions in fractions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver import NormalForm, Status, leaf, nash, pure_nash, simultaneous, tree
from solver.concepts.logit import Tracing, logit
from solver.errors import ConceptError
from solver.selection.panel import Panel, panel
from solver.testing import bimatrix_games, oracles
from tests.selection.definitions import marks

COLUMNS = (
    "pure", "strict", "quasi_strict", "undominated",
    "payoff_dominant", "risk_dominant", "welfare_maximal",
)  # fmt: skip

#: Payoffs A and B, and by profile of pure equilibria what holds of them.
KNOWN = {
    "Aumann 1990, Nash equilibria are not self-enforcing": (
        [[9, 0], [8, 7]],
        [[9, 8], [0, 7]],
        {
            (0, 0): {"strict", "quasi_strict", "undominated", "payoff_dominant", "welfare_maximal"},
            (1, 1): {"strict", "quasi_strict", "undominated", "risk_dominant"},
        },
    ),
    "Luce and Raiffa 1957, battle of the sexes: equal products, 3 * 2 and 2 * 3": (
        [[3, 0], [0, 2]],
        [[2, 0], [0, 3]],
        {
            (0, 0): {"strict", "quasi_strict", "undominated", "welfare_maximal"},
            (1, 1): {"strict", "quasi_strict", "undominated", "welfare_maximal"},
        },
    ),
    "Young 1993, The evolution of conventions: the third beats 7 by 9 to 4, and 6 by 64 to 36": (
        [[6, 0, 0], [5, 7, 5], [0, 5, 8]],
        [[6, 5, 0], [0, 7, 5], [0, 5, 8]],
        {
            (0, 0): {"strict", "quasi_strict", "undominated"},
            (1, 1): {"strict", "quasi_strict", "undominated"},
            (2, 2): {
                "strict",
                "quasi_strict",
                "undominated",
                "payoff_dominant",
                "risk_dominant",
                "welfare_maximal",
            },
        },
    ),
    "each beats the next, by 4 to 1: nobody beats all": (
        [[10, 9, 8], [8, 10, 9], [9, 8, 10]],
        [[10, 8, 9], [9, 10, 8], [8, 9, 10]],
        {
            (i, i): {"strict", "quasi_strict", "undominated", "payoff_dominant", "welfare_maximal"}
            for i in range(3)
        },
    ),
    "Selten 1978: to stay out of a market, and the threat that deters": (
        [[2, 0], [1, 1]],
        [[1, 0], [2, 2]],
        {
            (0, 0): {"strict", "quasi_strict", "undominated", "risk_dominant", "welfare_maximal"},
            (1, 1): {"welfare_maximal"},
        },
    ),
    "van Damme 1991, §2.2: an equilibrium in dominated strategies": (
        [[1, 0], [0, 0]],
        [[1, 0], [0, 0]],
        {
            (0, 0): {
                "strict",
                "quasi_strict",
                "undominated",
                "payoff_dominant",
                "risk_dominant",
                "welfare_maximal",
            },
            (1, 1): set(),
        },
    ),
    "half of each other row is better than the third, neither row is": (
        [[4, 0, 1], [0, 4, 1], [1, 1, 1]],
        [[0, 0, 1], [0, 0, 1], [0, 0, 1]],
        {
            (0, 2): {"undominated", "payoff_dominant", "welfare_maximal"},
            (1, 2): {"undominated", "payoff_dominant", "welfare_maximal"},
            (2, 2): {"payoff_dominant", "welfare_maximal"},
        },
    ),
}


def columns_of(found: Panel, k: int) -> set[str]:
    return {name for name in COLUMNS if getattr(found, name)[k]}


@pytest.mark.parametrize("scale", [1.0, 1e12, 1e-9], ids=str)
@pytest.mark.parametrize("shift", [0.0, 3.0], ids=str)
@pytest.mark.parametrize("name", KNOWN)
def test_printed_examples_have_their_columns(name: str, scale: float, shift: float) -> None:
    A, B, expected = KNOWN[name]
    eq = nash(NormalForm([(np.array(P) + shift) * scale for P in (A, B)]))
    found = panel(eq)
    pure = {}
    for k in np.flatnonzero(found.pure):
        x, y = (part[k] for part in eq.strategies)
        pure[int(x.argmax()), int(y.argmax())] = columns_of(found, k)
    assert {profile: {"pure", *names} for profile, names in expected.items()} == pure


def test_the_mixed_equilibrium_of_a_coordination_game_is_quasi_strict_only() -> None:
    found = panel(nash(NormalForm([[[3, 0], [0, 2]], [[2, 0], [0, 3]]])))
    assert {"quasi_strict", "undominated"} == columns_of(found, 2)
    assert ([1, 1, -1], [0, 1, 2]) == (found.index.tolist(), found.component.tolist())


EXACT = ["ties", "generic", "sparse", "constant", "duplicates", "irrelevant", "dominated",
         "nearly_dominated", "symmetric", "common_interest", "coordination", "cyclic",
         "constant_sum", "close"]  # fmt: skip


def agrees_with_the_definitions(form: NormalForm, columns=panel) -> None:
    """Every column of every equilibrium, of games with plain payoffs."""
    eq = nash(form)
    found = columns(eq)
    flat = form.flat()
    for g, where in enumerate(np.ndindex(form.batch_shape)):
        A, B = (oracles.exact(payoffs[g]) for payoffs in flat)
        if not eq.complete[where] or oracles.margin(A, B) < 1e-6:
            continue
        expected = marks(A, B)
        profiles = [(*x, *y) for x, y in expected]
        near = np.array(profiles, np.float64)
        for k in range(int(eq.count[where])):
            own = np.concatenate([part[where][k] for part in eq.strategies])
            which = int(np.abs(near - own).max(axis=1).argmin())
            truth = {name for name, holds in list(expected.values())[which].items() if holds}
            got = {name for name in COLUMNS if getattr(found, name)[where][k]}
            assert truth == got, f"{own} of {A}, {B}"


@settings(max_examples=120)
@given(st.sampled_from(EXACT).flatmap(lambda kind: bimatrix_games(actions=(1, 3), kind=kind)))
def test_columns_are_as_defined(form: NormalForm) -> None:
    agrees_with_the_definitions(form)


def test_columns_are_as_defined_in_games_of_four_actions() -> None:
    payoffs = np.random.default_rng(5).integers(0, 4, (2, 12, 4, 3)).astype(float)
    agrees_with_the_definitions(NormalForm(payoffs))


def test_empty_slots_have_no_mark() -> None:
    """A game with three equilibria, one with one, one that is none."""
    A = np.array([[[3, 0], [0, 2]], [[1, 1], [0, 0]], [[np.nan, 0], [0, 1]]])
    B = np.array([[[2, 0], [0, 3]], [[1, 0], [1, 0]], [[1, 0], [0, 1]]])
    eq = nash(NormalForm([A, B]))
    found = panel(eq, basins=True)
    assert Status.INVALID_INPUT == eq.status[2]
    for name in COLUMNS:
        column = getattr(found, name)
        assert ((3, 3), False) == (column.shape, column[1:, 1:].any() or column[2].any())
    np.testing.assert_array_equal(np.isnan(found.basin), np.isnan(eq.gap[..., 0]))
    np.testing.assert_allclose([0.5, 0.5, 0.0], found.basin[0], atol=1e-9)
    assert found.basin[1, 0] == 1.0


def test_equilibria_of_other_kinds_are_refused() -> None:
    form = NormalForm([np.eye(2)] * 2)
    with pytest.raises(ConceptError, match="not of pure-nash of a normal one"):
        panel(pure_nash(form))
    coin = {("l",): leaf(1, 0), ("r",): leaf(0, 1)}
    game = tree(("Ann", "Bob"), simultaneous(("Ann",), coin))
    with pytest.raises(ConceptError, match="of nash of an extensive one"):
        panel(nash(game))


@pytest.mark.parametrize("unit", [1.0, 1e9, 1e-9])
def test_logit_equilibria_lead_to_the_risk_dominant_one(unit: float) -> None:
    """In the stag hunt to hares."""
    form = NormalForm(np.array([[[4, 0], [3, 2]], [[4, 3], [0, 2]]]) * unit + unit)
    assert [False, True, False] == panel(nash(form), logit=True).logit_selected.tolist()
    assert panel(nash(form)).logit_selected is None


def test_logit_selects_what_risk_dominates_in_symmetric_coordination() -> None:
    """Turocy (2005): with a row each of two actions, by the larger loss from leaving it."""
    rng = np.random.default_rng(3)
    a, b, c, d = rng.uniform(0.0, 1.0, (4, 300))
    a, d = c + a + 0.01, b + d + 0.01  # both matches are strict
    close = abs((a - c) - (d - b)) < 0.02
    A = np.stack([a, b, c, d]).T.reshape(-1, 2, 2)[~close]
    found = panel(nash(NormalForm([A, A.swapaxes(1, 2)])), logit=True)
    assert (found.logit_selected.sum(axis=1) == 1).all()
    np.testing.assert_array_equal(found.risk_dominant, found.logit_selected)


def test_logit_selects_the_best_replies_to_uniform_play_where_these_match() -> None:
    """Where both first actions are better against (1/2, 1/2), the branch cannot leave them:
    each is played more than half along it, since that is so for the other.
    """
    rng = np.random.default_rng(4)
    lose, gain = rng.uniform(0.1, 1.0, (2, 200, 2)), rng.uniform(1.1, 2.0, (2, 200, 2))[0]
    A, B = np.zeros((2, 200, 2, 2))
    A[:, 0, 0], A[:, 1, 1] = gain[:, 0], lose[0, :, 0]
    B[:, 0, 0], B[:, 1, 1] = gain[:, 1], lose[0, :, 1]
    eq = nash(NormalForm([A, 5.0 * B]))
    first = eq.strategies[0][..., 0] * eq.strategies[1][..., 0] == 1.0
    np.testing.assert_array_equal(first, panel(eq, logit=True).logit_selected)


@pytest.mark.parametrize("worth", [5, 100])
def test_logit_may_lead_to_no_corner_and_then_selects_nothing(worth: float) -> None:
    """McKelvey and Palfrey (1995), table 1: (D, R) alone is perfect, but M dies out
    faster than the precision grows, so that U and D end alike: odds are exp(precision A p(M)).
    """
    A = np.array([[1, 0, 1], [0, 0, 0], [1, worth, 1]])
    B = np.array([[1, 0, 1], [0, 0, worth], [1, 0, 1]])
    eq = nash(NormalForm([A, B]))
    found = panel(eq, logit=True)
    assert not found.logit_selected.any()
    last = eq.strategies[0][:, 2] * eq.strategies[1][:, 2] == 1.0
    np.testing.assert_array_equal(last, found.undominated)
    limit = logit(eq.form, Tracing(precision=30.0))
    np.testing.assert_allclose([[0.5, 0.0, 0.5]], limit.strategies[0], atol=1e-9)


def test_logit_selects_game_by_game() -> None:
    """The stag hunt, the same with actions exchanged, and a game that is none."""
    stag = np.array([[[4, 0], [3, 2]], [[4, 3], [0, 2]]], np.float64)
    payoffs = np.stack([stag, stag[:, ::-1, ::-1], stag * np.nan], axis=1)
    eq = nash(NormalForm(payoffs))
    chosen = panel(eq, logit=True).logit_selected
    assert [1, 1, 0] == chosen.sum(axis=1).tolist()
    assert [0.0, 1.0] == eq.strategies[0][chosen][:, 0].tolist()
