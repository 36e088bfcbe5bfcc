"""The picture of a threat: which curves there are, and what is said instead of drawn."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from matplotlib.text import Text

from games import bargain, bargain_replacement
from solver import Game, Parameter, sweep
from solver.errors import TargetError
from solver.forms.bargaining import BargainingProblem
from solver.sweep.compare import compare
from solver.views import draw
from solver.views.threat import threat

NRE = np.linspace(0.0, 20_000.0, 41)


def legend(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def words(figure):
    return "\n".join(text.get_text() for text in figure.texts)


def curves(panel):
    """Curves by colour and not the line at zero."""
    return [line for line in panel.lines if len(line.get_xdata()) == len(NRE)]


@pytest.fixture(scope="module")
def compared():
    return compare(bargain, nre=NRE, without={"nre": np.inf})


@pytest.fixture(scope="module")
def drawn(compared):
    return threat(compared)


def test_concepts_that_agree_share_a_curve(drawn):
    assert legend(drawn) == [
        "Nash bargaining = egalitarian",
        "alternating offers",
        "outside option",
        "Kalai–Smorodinsky = equal loss",
    ]
    assert len(legend(drawn)) == len(curves(drawn.axes[0])) == len(curves(drawn.axes[1]))


def test_the_curves_are_straight_flat_and_kinked(drawn):
    nash, offers, outside, _ = (line.get_ydata() for line in curves(drawn.axes[0]))
    cap = 16 + (NRE + 300) / 500
    assert pytest.approx(9 + 0.7 * (cap - 9)) == nash
    assert pytest.approx(np.full(len(NRE), 9 + 51 / 1.9)) == offers
    assert pytest.approx(np.minimum(cap, 44.7)) == outside


def test_the_second_panel_is_what_the_threat_takes_off(drawn):
    nash, offers, outside, _ = (line.get_ydata() for line in curves(drawn.axes[1]))
    cap = 16 + (NRE + 300) / 500
    assert pytest.approx(0.7 * (60 - cap)) == nash
    assert pytest.approx(np.zeros(len(NRE)), abs=1e-12) == offers
    assert pytest.approx(np.maximum(44.7 - cap, 0), abs=1e-9) == outside


def test_without_a_price_without_there_is_one_panel(compared):
    figure = threat(compared.drop_vars(["price_without"]))
    assert len(figure.axes) == 1
    assert figure.axes[0].get_ylabel() == "price [$k/AE]"


def test_a_concept_of_several_answers_is_named_and_not_drawn(drawn):
    assert "not drawn, for lack of a single certified price: utilitarian" in words(drawn)


def test_curves_differ_in_colour_and_in_dashes(drawn):
    lines = drawn.axes[0].lines
    assert len(lines) == len({line.get_color() for line in lines})
    assert len(lines) == len({str(line._unscaled_dash_pattern) for line in lines})


def test_texts_keep_apart(drawn):
    boxes = [text.get_window_extent() for text in (*drawn.texts, *drawn.legends)]
    boxes += [axes.get_tightbbox() for axes in drawn.axes]
    assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])]
    assert min(t.get_fontsize() for t in drawn.findobj(Text) if t.get_text()) >= 8


def test_a_network_shows_the_threat_of_replacement():
    figure = threat(compare(bargain_replacement, rival_chip_cost=np.linspace(0, 60, 31)))
    assert legend(figure) == [
        "Nash-in-Nash = Nash-in-Kalai",
        "Nash-in-Nash, threat of replacement",
    ]
    flat, kinked = (line.get_ydata() for line in figure.axes[0].lines)
    assert pytest.approx(44.7) == flat
    assert np.isnan(kinked[0])  # below cost the customer goes to the rival
    assert pytest.approx(44.7) == kinked[-1]


def test_a_game_without_outcomes_shows_payoffs():
    game = Game(
        name="pie",
        parameters=(Parameter("pie", 1.0), Parameter("own", 0.0)),
        build=lambda *, pie, own: BargainingProblem(
            players=("Ann", "Bob"), surplus=pie, disagreement=(0.0, own)
        ),
    )
    names = ("nash-bargaining", "outside-option")
    figure = threat(compare(game, names, own=np.linspace(0, 1, 5), without={"own": 0.0}))
    assert figure.axes[0].get_ylabel() == "payoff of Ann"
    assert pytest.approx(np.linspace(0, 0.5, 5)) == figure.axes[1].lines[0].get_ydata()


def test_values_in_any_order_give_the_same_picture(compared):
    shuffled = compared.isel(nre=np.random.default_rng(1).permutation(len(NRE)))
    first, second = (curves(threat(d).axes[0]) for d in (compared, shuffled))
    for a, b in zip(first, second, strict=True):
        assert np.array_equal(a.get_xydata(), b.get_xydata())


def test_the_same_comparison_gives_the_same_bytes(compared, tmp_path):
    for name in ("a.svg", "b.svg"):
        draw(compared, "threat", tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: threat(sweep(bargain, nre=NRE)), "needs answers under several concepts"),
        (lambda: threat(compare(bargain)), "draws one axis, and this comparison has none"),
        (
            lambda: threat(compare(bargain, nre=NRE, value=[40.0, 60.0])),
            "draws one axis, and this comparison has nre, value",
        ),
        (
            lambda: threat(compare(bargain, nre=NRE), axes=["value"]),
            "axes value are not those compared over: give nre",
        ),
        (lambda: threat(compare(bargain, nre=[1.0])), "needs two values or more"),
        (
            lambda: threat(compare(bargain, ("utilitarian",), nre=NRE)),
            "no concept gives a single price",
        ),
    ],
    ids=["sweep", "point", "two", "axes", "one-value", "nothing"],
)
def test_what_cannot_be_drawn_is_said_in_one_line(ask, message):
    with pytest.raises(TargetError, match=message) as error:
        ask()
    assert "\n" not in str(error.value)
