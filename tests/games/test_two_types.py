"""Labels of signalling equilibria, read off what both types send."""

import numpy as np
import pytest

from games._two_types import SIGNALLING, menu, signalling

SEPARATING = [[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]]
POOLING = [[0.0, 1.0, 0.0], [0.0, 1.0, 0.0]]
MIXED_POOLING = [[0.3, 0.7, 0.0], [0.3, 0.7, 0.0]]
SEMI = [[0.9, 0.1, 0.0], [0.0, 1.0, 0.0]]
EMPTY = np.full((2, 3), np.nan).tolist()


@pytest.mark.parametrize(
    ("slots", "label"),
    [
        ([SEPARATING], "separating"),
        ([POOLING], "pooling"),
        ([MIXED_POOLING, EMPTY], "pooling"),
        ([SEMI], "semi-separating"),
        ([POOLING, SEPARATING], "separating+pooling"),
        ([SEMI, EMPTY, POOLING], "pooling+semi-separating"),
        ([SEMI, SEPARATING, POOLING], "separating+pooling+semi-separating"),
    ],
)
def test_a_label_names_the_kinds_that_are_there(slots, label):
    assert label == SIGNALLING[int(signalling(np.array(slots)))]


@pytest.mark.parametrize("slots", [np.zeros((0, 2, 3)), np.array([EMPTY, EMPTY])])
def test_no_equilibrium_has_no_label(slots):
    assert -1 == signalling(slots)


def test_labels_of_a_batch_are_those_of_its_elements():
    batch = np.array([[SEMI, EMPTY], [POOLING, SEPARATING]])
    expected = ["semi-separating", "separating+pooling"]
    assert expected == [SIGNALLING[k] for k in signalling(batch)]


def test_a_menu_puts_arrays_and_numbers_side_by_side():
    assert [[1.0, 5.0], [2.0, 5.0]] == menu(np.array([1, 2]), 5.0).tolist()
