"""Shares and means that are taken part by part are those of the whole Dataset."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from solver import Game, open_sweep
from solver.sweep import store
from solver.sweep.plan import Plan
from solver.sweep.reductions import Moments, summarise

Make = Callable[..., Plan]


@pytest.mark.parametrize("chunk", [1, 7, 1000])
def test_regimes_and_moments_are_those_of_the_dataset(
    grid: tuple[Game, dict[str, Any]], make: Make, tmp_path: Path, chunk: int
) -> None:
    game, axes = grid
    store.run(make(game, axes, chunk=chunk), tmp_path / "out")
    dataset, found = open_sweep(tmp_path / "out"), summarise(tmp_path / "out")
    labels = dataset.regime.values
    assert labels.size == found.cells
    assert set(np.unique(labels.astype(str))) == set(found.regimes)
    for name, regime in found.regimes.items():
        here = labels == name
        assert here.sum() == regime.cells
        assert here.mean() == found.share(name)
        for outcome, m in regime.outcomes.items():
            if outcome not in dataset:  # it repeats an axis
                continue
            values = dataset[outcome].values[here]
            values = values[np.isfinite(values)]
            assert values.size == m.count
            if values.size:
                expected = (values.mean(), values.std(), values.min(), values.max())
                np.testing.assert_allclose(
                    (m.mean, m.sd, m.low, m.high), expected, rtol=1e-12, atol=1e-9
                )


def test_the_most_frequent_regime_comes_first(small: Plan, tmp_path: Path) -> None:
    store.run(small, tmp_path / "out")
    cells = [regime.cells for regime in summarise(tmp_path / "out").regimes.values()]
    assert sorted(cells, reverse=True) == cells


def test_of_an_unfinished_sweep_what_is_finished_counts(small: Plan, tmp_path: Path) -> None:
    store.run(small, tmp_path / "out")
    store.part_path(tmp_path / "out", 1).unlink()
    assert 13 == summarise(tmp_path / "out").cells


def test_deviations_of_numbers_far_from_zero_do_not_cancel() -> None:
    """A sum of squares loses all digits here."""
    values = 1e12 + np.arange(1000.0)
    moments = Moments()
    for batch in np.array_split(values, 7):
        moments.add(batch)
    assert np.sqrt((1000**2 - 1) / 12) == pytest.approx(moments.sd, rel=1e-9)
    assert (1e12, 1e12 + 999, 1000) == (moments.low, moments.high, moments.count)


def test_what_is_not_finite_is_left_out() -> None:
    moments = Moments()
    moments.add(np.array([np.nan, np.inf]))
    assert (0, True) == (moments.count, np.isnan(moments.mean) and np.isnan(moments.sd))
    moments.add(np.array([np.nan, 2.0, 4.0]))
    assert (2, 3.0, 1.0) == (moments.count, moments.mean, moments.sd)
