"""Every registered game, whatever its form, is run through the laws of its concepts."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

import games
from solver import ExtensiveForm, Game, NormalForm, Status
from solver.concepts import CONCEPTS, find
from solver.sweep.cells import evaluate
from solver.testing import laws

GAMES = [pytest.param(getattr(games, name), id=name) for name in games.GAMES]
TWO_BY_TWO_AND_MORE = [
    p for p in GAMES if isinstance(p.values[0].form(p.values[0].bind()), NormalForm)
]

#: Actions of a player beyond which a normal form is tried at its defaults only.
LARGE = 5


def draws(game):
    """Values inside the plausible range of every parameter, or inside its domain."""
    ranges = {}
    for p in game.parameters:
        low, high = (p.calibration.low, p.calibration.high) if p.calibration else (p.low, p.high)
        low, high = max(low, p.low), min(high, p.high)
        high = high if np.isfinite(high) else max(2.0 * p.default, low + 1.0)
        ranges[p.name] = st.floats(low, high, allow_subnormal=False)
    return st.fixed_dictionaries(ranges)


def batches(game, size=5):
    """A batch of parameter points, as arrays."""
    return st.lists(draws(game), min_size=size, max_size=size).map(
        lambda points: {name: np.array([p[name] for p in points]) for name in points[0]}
    )


def concepts(game):
    """Those that apply: trees have too many Nash equilibria for every test, no game is zero-sum."""
    form = game.form(game.bind())
    skipped = {"nash", "pure-nash"} if isinstance(form, ExtensiveForm) else {"minimax"}
    if isinstance(form, ExtensiveForm) and len(form.tree.bargains):
        skipped |= {"sequential", "logit"}  # they know no bargaining stages
    return [name for name in CONCEPTS if name not in skipped and find(name).applies(form)]


@pytest.mark.parametrize("game", GAMES)
def test_a_game_has_what_people_need_to_read_it(game: Game):
    assert game.summary.endswith(".")
    assert game.references
    for p in game.parameters:
        assert p.doc.endswith(".")
        assert p.source
        assert p.unit


@pytest.mark.parametrize("game", GAMES)
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=15)
@given(data=st.data())
def test_every_concept_certifies_every_game(game: Game, data):
    bound = game.bind(**data.draw(batches(game)))
    for name in concepts(game):
        cells = evaluate(game, bound, find(name))
        settled = [Status.SOLVED, Status.DEGENERATE, Status.NONE_EXIST]
        assert np.isin(cells.equilibria.status, settled).all()
        assert float(cells.equilibria.certificate.gap.max()) <= cells.equilibria.tol
        if name in {"nash", "pure-nash"}:
            laws.certified(cells.equilibria)


@pytest.mark.parametrize("game", GAMES)
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=15)
@given(data=st.data())
def test_a_batch_is_its_elements_one_by_one(game: Game, data):
    values = data.draw(batches(game))
    together = evaluate(game, game.bind(**values))
    for k in range(5):
        alone = evaluate(game, game.bind(**{name: v[k] for name, v in values.items()}))
        assert together.labels[together.regime[k]] == alone.labels[int(alone.regime)]
        assert together.equilibria.count[k] == alone.equilibria.count
        assert together.equilibria.status[k] == alone.equilibria.status
        count = int(alone.equilibria.count)
        assert_array_equal(together.equilibria.payoffs[k, :count], alone.equilibria.payoffs)
        for name, value in alone.outcomes.items():
            assert_array_equal(together.outcomes[name][k], value)


@pytest.mark.parametrize("game", GAMES)
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=10)
@given(data=st.data())
def test_a_bad_number_in_one_cell_stops_no_other(game: Game, data):
    values = data.draw(batches(game))
    good = evaluate(game, game.bind(**values))
    name = data.draw(st.sampled_from(sorted(values)))
    spoiled = {**values, name: np.where(np.arange(5) == 2, np.nan, values[name])}
    bad = evaluate(game, game.bind(**spoiled))
    others = [0, 1, 3, 4]
    assert Status.INVALID_INPUT == bad.equilibria.status[2]
    assert 0 == bad.equilibria.count[2]
    assert_array_equal(good.equilibria.count[others], bad.equilibria.count[others])
    for outcome, value in good.outcomes.items():
        assert_array_equal(value[others], bad.outcomes[outcome][others])


def is_large(param) -> bool:
    """Too many equilibria, and too slow to list them, for laws at many points."""
    game = param.values[0]
    return max(game.form(game.bind()).shape) > LARGE


@pytest.mark.parametrize("game", [p for p in TWO_BY_TWO_AND_MORE if not is_large(p)])
@pytest.mark.parametrize("law", sorted(laws.LAWS))
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=5)
@given(data=st.data())
def test_normal_forms_obey_every_law(game: Game, law, data):
    form = game.form(game.bind(**data.draw(draws(game))))
    laws.check(form, laws=[law])


@pytest.mark.parametrize("game", [p for p in TWO_BY_TWO_AND_MORE if is_large(p)])
@pytest.mark.parametrize("law", sorted(laws.LAWS))
def test_large_normal_forms_obey_every_law_at_their_defaults(game: Game, law):
    laws.check(game.form(game.bind()), laws=[law])


@pytest.mark.parametrize("game", GAMES)
def test_the_unit_of_money_changes_payoffs_and_nothing_else(game: Game):
    """$k and $M become $ and $k: every payoff is a thousand times as large."""
    money = {"$M", "$k/AE", "$k/chip"}
    base = {p.name: p.default for p in game.parameters}
    scaled = {p.name: p.default * (1000.0 if p.unit in money else 1.0) for p in game.parameters}
    small, large = (evaluate(game, game.bind(**values)) for values in (base, scaled))
    assert small.labels[int(small.regime)] == large.labels[int(large.regime)]
    assert_allclose(large.equilibria.payoffs, 1000.0 * small.equilibria.payoffs, rtol=1e-9)
    for mine, theirs in zip(small.equilibria.strategies, large.equilibria.strategies, strict=True):
        assert_allclose(mine, theirs, rtol=1e-9)
