"""Samples follow from their description alone, and have the distributions that they say."""

import numpy as np
import pytest
from scipy import stats

from games import phase
from solver.errors import AxisError, ParameterError
from solver.sweep.distributions import Distribution, parse
from solver.sweep.samples import SAMPLERS, Sample, calibrated, calibrated_axes, restore

UNIT = (Distribution("x", "uniform", 0.0, 1.0), Distribution("y", "uniform", 0.0, 1.0))


@pytest.fixture(params=sorted(SAMPLERS))
def kind(request):
    return request.param


def test_any_stretch_is_made_again_from_its_numbers(kind):
    sample = Sample(kind, 10_000, 3, UNIT)
    whole = sample.values(0, 10_000)
    again = restore(sample.describe()["sample"])
    for start, stop in ((0, 1), (5_000, 5_003), (4_095, 4_097), (9_999, 10_000), (17, 8_193)):
        part = again.values(start, stop)
        for name in ("x", "y"):
            assert (whole[name][start:stop] == part[name]).all()


def test_another_seed_is_another_sample(kind):
    first, second = (Sample(kind, 64, seed, UNIT).values(0, 64)["x"] for seed in (1, 2))
    assert (first != second).all()


def test_two_samples_are_the_same_if_and_only_if_their_descriptions_are(kind):
    plain = Sample(kind, 64, 1, UNIT).describe()
    assert plain == Sample(kind, 64, 1, UNIT).describe()
    assert plain != Sample(kind, 64, 2, UNIT).describe()
    assert plain["sample"]["digest"] != Sample(kind, 64, 2, UNIT).describe()["sample"]["digest"]


@pytest.mark.parametrize(
    ("distribution", "exact"),
    [
        (Distribution("x", "uniform", 2.0, 5.0), stats.uniform(2.0, 3.0)),
        (Distribution("x", "log-uniform", 1.0, 1e4), stats.loguniform(1.0, 1e4)),
        (Distribution("x", "triangular", 1.0, 9.0, 3.0), stats.triang(0.25, 1.0, 8.0)),
        (Distribution("x", "triangular", 1.0, 9.0, 1.0), stats.triang(0.0, 1.0, 8.0)),
        (Distribution("x", "triangular", 1.0, 9.0, 9.0), stats.triang(1.0, 1.0, 8.0)),
    ],
)
def test_quantiles_are_those_of_the_named_distribution(distribution, exact):
    share = np.linspace(0.0, 1.0, 101)
    assert exact.ppf(share) == pytest.approx(distribution.quantile(share), rel=1e-12)


def test_samples_have_their_distributions(kind):
    made = (Distribution("x", "triangular", 0.0, 3.0, 1.0), UNIT[1])
    values = Sample(kind, 4_096, 5, made).values(0, 4_096)
    assert stats.kstest(values["x"], stats.triang(1 / 3, 0.0, 3.0).cdf).pvalue > 1e-3
    assert stats.kstest(values["y"], "uniform").pvalue > 1e-3
    assert abs(stats.spearmanr(values["x"], values["y"]).statistic) < 0.06


def test_a_latin_hypercube_has_one_point_in_every_stratum():
    values = Sample("lhs", 1_000, 5, UNIT).values(0, 1_000)
    for name in ("x", "y"):
        assert (np.arange(1_000) == np.sort((values[name] * 1_000).astype(int))).all()


def test_sobol_points_fill_more_evenly_than_independent_ones():
    def discrepancy(kind):
        values = Sample(kind, 1_024, 5, UNIT).values(0, 1_024)
        return stats.qmc.discrepancy(np.stack((values["x"], values["y"]), -1))

    assert 10.0 * discrepancy("sobol") < discrepancy("mc")


def test_correlations_are_those_of_the_normal_scores(kind):
    sample = Sample(kind, 8_192, 2, UNIT, (("x", "y", 0.7),))
    values = sample.values(0, 8_192)
    scores = stats.norm.ppf(values["x"]), stats.norm.ppf(values["y"])
    assert pytest.approx(np.corrcoef(*scores)[0, 1], abs=0.02) == 0.7
    assert stats.kstest(values["y"], "uniform").pvalue > 1e-3
    part = restore(sample.describe()["sample"]).values(5_000, 5_010)
    assert (values["y"][5_000:5_010] == part["y"]).all()


def test_calibrated_parameters_have_their_base_as_mode():
    made = {d.name: d for d in calibrated_axes(phase)}
    known = phase.parameter("nre").calibration
    assert Distribution("nre", "triangular", known.low, known.high, known.base) == made["nre"]
    assert {p.name for p in phase.parameters if p.calibration} == set(made)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x=1:2", Distribution("x", "uniform", 1.0, 2.0)),
        ("x=1:2:linear", Distribution("x", "uniform", 1.0, 2.0)),
        ("x=1:2:log", Distribution("x", "log-uniform", 1.0, 2.0)),
        ("x=1:2:4:triangular", Distribution("x", "triangular", 1.0, 4.0, 2.0)),
    ],
)
def test_distributions_are_read_from_text(text, expected):
    assert expected == parse(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x", "is not of the form"),
        ("x=1", "is not of the form"),
        ("x=1:2:3", "is not of the form"),
        ("x=1:2:triangular", "is not of the form"),
        ("x=1:two", "'two' is not a number"),
        ("x=2:1", "above the high end"),
        ("x=0:1:log", "needs a low end above 0"),
        ("x=1:5:3:triangular", "mode 5.0 lies outside"),
    ],
)
def test_bad_distributions_are_refused_in_one_line(text, message):
    with pytest.raises(AxisError, match=message):
        parse(text)


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"kind": "sobel"}, "did you mean sobol"),
        ({"count": 0}, "1 to"),
        ({"seed": -1}, "seed = -1"),
        ({"distributions": ()}, "at least one parameter"),
        ({"distributions": (UNIT[0], UNIT[0])}, "x is given twice"),
        ({"correlations": (("x", "y", 1.5),)}, r"in \[-1, 1\]"),
        ({"correlations": (("x", "x", 0.5),)}, "two parameters"),
    ],
)
def test_bad_samples_are_refused_in_one_line(how, message):
    good = {"kind": "mc", "count": 8, "seed": 1, "distributions": UNIT}
    with pytest.raises(AxisError, match=message):
        Sample(**{**good, **how})


def test_correlations_that_contradict_each_other_are_refused():
    three = tuple(Distribution(name, "uniform", 0.0, 1.0) for name in "xyz")
    pairs = (("x", "y", 0.9), ("y", "z", 0.9), ("x", "z", -0.9))
    with pytest.raises(AxisError, match="contradict"):
        Sample("mc", 8, 1, three, pairs)


def test_unknown_names_are_refused_with_their_neighbours():
    with pytest.raises(ParameterError, match="nre"):
        calibrated(phase, "nrre")
    with pytest.raises(ParameterError, match="sampled parameter"):
        Sample("mc", 8, 1, UNIT, (("x", "w", 0.5),))
