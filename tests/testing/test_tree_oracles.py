"""The oracles of trees against what is worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from solver import bargaining, leaf, subgame_perfect, tree
from solver.testing import tree_oracles


@pytest.mark.parametrize("parties", ["ABC", "CBA", "BCA"])
def test_only_those_get_their_option_who_would_get_less(parties: str) -> None:
    # By weights 2.75, 2.75, 3.5; C would leave for 4, so A and B share 5. Nobody else leaves.
    talks = bargaining(
        {i: 0.5 if i == "C" else 0.25 for i in parties},
        leaf(9, 0, 0),
        leaf(2, 2, 2),
        outside={"A": 0.0, "B": 1.0, "C": 4.0},
    )
    form = tree("ABC", talks)
    expected = (Fraction(5, 2), Fraction(5, 2), Fraction(4))
    assert expected == tree_oracles.payoffs(form, ())
    assert [float(x) for x in expected] == subgame_perfect(form).payoffs[0].tolist()
