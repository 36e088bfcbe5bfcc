"""Networks of bargains as a form: what is refused, and what the names mean."""

import numpy as np
import pytest

from solver.errors import FormError
from solver.forms.network import BargainingNetwork


def network(**changes):
    given = {
        "players": ("s", "a", "b"),
        "links": [("s", "a"), ("s", "b")],
        "payoffs": lambda terms, active, **_: (terms[0] + terms[1], -terms[0], -terms[1]),
        "bounds": [(0.0, 1.0), (0.0, [1.0, 2.0])],
    }
    return BargainingNetwork(**(given | changes))


def test_a_network_is_a_bargaining_form_over_its_batch():
    form = network(parameters={"x": np.zeros((3, 1))})
    assert ("bargaining", (3, 2)) == (form.kind, form.batch_shape)
    assert ((), (), ()) == form.actions
    assert ((0, 1), (0, 2)) == form.ends


def test_excluded_links_threaten_the_links_they_share_a_player_with():
    given = {"links": [("s", "a")], "excluded": [("b", "a"), ("s", "b")]}
    form = network(**given, bounds=[(0, 1)] * 3)
    # a could turn from s to b; s could turn from a to b.
    assert (((1, 1, 2), (0, 2, 2)),) == form.threats


def test_links_that_are_there_and_not_are_told_apart():
    flat = network(links=[("s", "a")], excluded=[("s", "b")]).flat()
    assert (True, False) == flat.active()
    assert (False, False) == flat.active(0)
    assert (False, True) == flat.active(0, 1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"links": []}, "at least one link"),
        ({"links": [("s", "s")]}, "('s', 's') is not a pair"),
        ({"links": ["sa"]}, "'sa' is not a pair"),
        ({"links": [("s", "c")]}, "unknown player 'c'"),
        ({"links": [("s", "a"), ("a", "s")]}, "links must differ"),
        ({"bounds": [(0, 1)]}, "2 pairs are needed"),
        ({"bounds": [(0, 1), 3.0]}, "2 pairs are needed"),
        ({"weights": [(1, 1)]}, "2 pairs are needed"),
        ({"lump_sums": True}, "0 pairs are needed"),
        ({"players": ("s", "s", "b")}, "names must differ"),
        ({"parameters": {"x": [1, 2, 3]}}, "do not broadcast"),
        ({"parameters": {"x": "one"}}, "x = 'one' is not a number"),
    ],
)
def test_what_makes_no_network_is_refused(changes, message):
    with pytest.raises(FormError) as error:
        network(**changes).flat()
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("payoffs", "message"),
    [
        (lambda *_: (1.0, 2.0), "2 values for 3 players"),
        (lambda *_: 1.0, "1.0 values for 3 players"),
        (lambda *_: (1.0, 2.0, np.zeros(7)), "shape (7,)"),
        (lambda *_: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_payoffs_of_another_shape_are_refused(payoffs, message):
    flat = network(payoffs=payoffs).flat()
    with pytest.raises(FormError) as error:
        flat.at((np.zeros(2), np.zeros(2)), flat.active())
    assert message in str(error.value)


def test_bad_numbers_are_marked_and_nothing_else():
    form = network(
        bounds=[(0.0, [1.0, -1.0, np.inf, 1.0, 1.0, 1.0])] * 2,
        weights=[([1, 1, 1, -1, 0, 1], [1, 1, 1, 1, 0, 0])] * 2,
    )
    assert [True, False, False, False, False, True] == form.valid.tolist()
    spread = network().over((2, 2), np.array([[True, False], [False, False]]))
    assert [[False, True], [True, True]] == spread.valid.tolist()
