from __future__ import annotations

import json
from itertools import combinations

import numpy as np
import pytest
from matplotlib.text import Text

from solver.errors import TargetError
from solver.views.regimes import regimes


def legend(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def words(figure):
    return "\n".join(text.get_text() for text in figure.texts)


def named(axes, label):
    return [artist for artist in axes.get_children() if artist.get_label() == label]


def names_in(axes):
    """Names of regions: the texts placed in fractions of the panel."""
    return [text for text in axes.texts if text.get_transform() == axes.transAxes]


@pytest.fixture(scope="module")
def drawn(phase):
    """A map that tests only look at."""
    return regimes(phase(40, 30))


def test_a_map_names_its_regions_in_the_legend_and_where_they_are(phase):
    sweep = phase(200, 150)
    figure = regimes(sweep)
    labels = json.loads(sweep.regime.attrs["labels"])
    present = [name for name in labels if (sweep.regime == name).any()]
    assert present == legend(figure)
    texts = names_in(figure.axes[0])
    assert sorted(present) == sorted(text.get_text() for text in texts)
    for text in texts:
        i, j = (int(f * n) for f, n in zip(text.get_position(), sweep.regime.shape, strict=True))
        assert text.get_text() == sweep.regime.values[i, j]


def test_a_map_has_scales_units_and_sentences_of_its_axes(drawn):
    left, right, bar = drawn.axes
    assert (left.get_xscale(), left.get_yscale()) == ("log", "linear")
    assert (right.get_xscale(), right.get_yscale()) == ("log", "linear")
    assert "nre [$M]" == left.get_xlabel() == right.get_xlabel()
    assert (left.get_ylabel(), right.get_ylabel()) == ("porting_top [$k/AE]", "")
    assert bar.get_ylabel() == "price [$k/AE]"
    assert pytest.approx(left.get_xlim()) == (100.0, 20_000.0)
    assert "Development cost of the chip programme." in [text.get_text() for text in left.texts]


def test_a_map_says_what_was_solved_and_what_was_fixed(drawn):
    said = words(drawn)
    assert "phase · subgame-perfect equilibrium" in said
    assert "Supplier posts a price" in said
    assert "value 60 $k/AE · supplier_cost 9 $k/AE" in said
    assert "nre" not in said
    assert "concept subgame-perfect · method closed-form · 1,200 cells, all certified" in said


def test_dollars_are_no_formulas(drawn):
    assert not any(t.get_parse_math() for t in drawn.findobj(Text) if "$" in t.get_text())


def test_texts_keep_apart(drawn, stripes):
    for figure in (drawn, regimes(stripes(14))):
        boxes = [text.get_window_extent() for text in (*figure.texts, *figure.legends)]
        boxes += [axes.get_tightbbox() for axes in figure.axes]
        assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])]
        for box in boxes:
            assert box.x0 >= 0
            assert box.y0 >= 0
            assert box.x1 <= figure.bbox.x1
            assert box.y1 <= figure.bbox.y1
        sizes = [text.get_fontsize() for text in figure.findobj(Text) if text.get_text()]
        assert min(sizes) >= 8


def test_panels_fill_the_room_between_the_texts(drawn, phase_line):
    for figure in (drawn, regimes(phase_line(400))):
        boxes = [axes.get_tightbbox() for axes in figure.axes]
        low, inch = figure.legends[0].get_window_extent().y1, figure.dpi
        assert min(box.x0 for box in boxes) < 0.4 * inch
        assert max(box.x1 for box in boxes) > figure.bbox.x1 - 0.4 * inch
        assert min(box.y0 for box in boxes) < low + 0.4 * inch


def test_axes_can_be_swapped_and_values_come_in_any_order(phase):
    sweep = phase(20, 15)
    assert regimes(sweep, axes=["porting_top", "nre"]).axes[0].get_xlabel() == "porting_top [$k/AE]"
    shuffled = sweep.isel(
        nre=np.random.default_rng(1).permutation(20), porting_top=slice(None, None, -1)
    )
    for first, second in zip(regimes(sweep).axes[:2], regimes(shuffled).axes[:2], strict=True):
        assert np.array_equal(first.collections[0].get_array(), second.collections[0].get_array())


def test_a_sweep_is_left_as_it_was(phase):
    sweep = phase(12, 9)
    sweep.status.values[0] = "PENDING"
    before = sweep.copy(deep=True)
    regimes(sweep)
    assert before.identical(sweep)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda d: d.expand_dims(volume=[1.0, 2.0]),
            "one or two axes, and this sweep has 3: volume",
        ),
        (lambda d: d.isel(nre=0, porting_top=0), "one or two axes, and this sweep has none"),
        (lambda d: d.isel(nre=[0]), "two values or more on each axis, and nre has 1"),
        (lambda d: d.drop_vars("nre"), "needs a grid: dimension nre has no coordinate values"),
        (lambda d: d.assign_coords(nre=list("abcdefgh")), "needs numbers on axis nre"),
        (lambda d: d.drop_vars("regime"), "needs the variable regime"),
    ],
)
def test_a_sweep_that_is_no_map_is_refused(phase, change, message):
    with pytest.raises(TargetError, match=message) as error:
        regimes(change(phase(8, 6)))
    assert "\n" not in str(error.value)


def test_axes_that_were_not_swept_are_refused(phase):
    with pytest.raises(TargetError, match="axes nre, volume are not those of the sweep: give nre"):
        regimes(phase(8, 6), axes=("nre", "volume"))


def test_without_a_price_the_first_outcome_is_drawn_and_without_any_only_the_map(phase):
    sweep = phase(20, 15)
    assert regimes(sweep.drop_vars("price")).axes[1].get_title("left") == "built_share"
    assert len(regimes(sweep.drop_vars(["price", "built_share"])).axes) == 1
    sweep["price"][:] = np.nan
    assert len(regimes(sweep).axes) == 1


@pytest.mark.parametrize("label", ["", "none"])
def test_cells_without_equilibrium_are_said_to_be_so(phase, label):
    sweep = phase(40, 30)
    sweep.regime.values[:10], sweep.status.values[:10] = label, "NONE_EXIST"
    figure = regimes(sweep)
    assert legend(figure)[-1] == "no equilibrium"
    assert "all certified" in words(figure)
    assert "no equilibrium" in [text.get_text() for text in names_in(figure.axes[0])]


def test_cells_that_are_not_certified_are_counted_and_hatched_in_both_panels(phase):
    sweep = phase(40, 30)
    sweep.status.values[5, 7], sweep.status.values[20:22, 3] = "NOT_CONVERGED", "TRUNCATED"
    sweep.status.values[30] = "DEGENERATE"
    figure = regimes(sweep)
    assert legend(figure)[-1] == "not certified"
    assert "3 of 1,200 cells not certified (1 not converged, 2 truncated)" in words(figure)
    for axes in figure.axes[:2]:
        assert [patch.get_hatch() for patch in axes.patches if patch.get_hatch()] == ["xxxx"]
        assert len(named(axes, "uncertified")) == 1


def test_a_sweep_without_status_is_not_said_to_be_certified(phase_line):
    said = words(regimes(phase_line(8).drop_vars("status")))
    assert said.endswith("· 8 cells")


def test_cells_not_computed_yet_are_not_called_without_equilibrium(phase):
    sweep = phase(40, 30)
    sweep.regime.values[:20], sweep.status.values[:20] = "", "PENDING"
    figure = regimes(sweep)
    assert "no equilibrium" not in legend(figure)
    assert "600 of 1,200 cells not certified (600 pending)" in words(figure)


def test_a_sweep_of_one_regime_has_no_boundary(phase):
    sweep = phase(20, 15)
    sweep.regime[:], sweep.price[:] = "dual", 60.0
    figure = regimes(sweep)
    assert legend(figure) == ["dual"]
    assert not named(figure.axes[0], "boundaries")


def test_boundaries_are_one_artist_in_each_panel(drawn):
    paths = [named(axes, "boundaries")[0].get_path() for axes in drawn.axes[:2]]
    assert np.array_equal(paths[0].vertices, paths[1].vertices)


def test_four_cells_meet_half_way_as_seen_on_paper(phase):
    path = named(regimes(phase(2, 2)).axes[0], "boundaries")[0].get_path()
    corners = {tuple(np.round(corner, 6)) for corner in path.vertices}
    middle = round(np.sqrt(100.0 * 20_000.0), 6)
    assert {(middle, 40.5), (middle, 80.0), (100.0, 40.5), (20_000.0, 40.5)} == corners


def test_one_axis_gives_bands_and_a_curve_broken_between_them(phase_line):
    sweep = phase_line(400)
    figure = regimes(sweep)
    (axes,) = figure.axes
    assert legend(figure) == ["buy-blockaded", "buy-deterred", "dual"]
    assert set(legend(figure)) == {text.get_text() for text in names_in(axes)}
    assert axes.get_ylabel() == "price [$k/AE]"
    assert np.isnan(axes.lines[0].get_xdata()).sum() == 2
    assert len(named(axes, "boundaries")) == 1
    highest = np.nanmax(axes.lines[0].get_ydata())
    assert all(
        t.get_window_extent().y0 > axes.transData.transform((1, highest))[1] for t in names_in(axes)
    )


def test_a_lone_value_on_one_axis_is_a_dot(phase_line):
    sweep = phase_line(400)
    sweep.price.values[[100, 102]] = np.nan
    dots = regimes(sweep).axes[0].lines[1]
    assert [sweep.nre.values[101]] == dots.get_xdata().tolist()


def test_one_axis_without_outcome_gives_bands_only(phase_line):
    (axes,) = regimes(phase_line(50).drop_vars(["price", "built_share"])).axes
    assert not axes.lines
    assert len(names_in(axes)) == 3


def test_many_regimes_differ_in_colour_or_hatch_and_the_rarest_are_put_together(stripes):
    for count, entries in ((21, 21), (40, 21)):
        figure = regimes(stripes(count))
        patches = figure.legends[0].get_patches()
        assert entries == len(patches)
        assert entries == len({(p.get_facecolor(), p.get_hatch()) for p in patches})
    assert legend(figure)[-1] == "20 other regimes"


def test_a_regime_keeps_its_colour_when_others_are_absent(phase):
    def colours(sweep):
        patches = regimes(sweep).legends[0].get_patches()
        return {patch.get_label(): patch.get_facecolor() for patch in patches}

    sweep = phase(20, 15)
    whole, part = colours(sweep), colours(sweep.isel(nre=slice(0, 5)))
    assert part.items() < whole.items()


def test_labels_may_be_absent_and_then_follow_the_alphabet(phase):
    sweep = phase(40, 30)
    del sweep.regime.attrs["labels"]
    assert legend(regimes(sweep)) == ["buy-blockaded", "buy-deterred", "dual"]


def test_a_name_is_written_into_each_large_part_of_a_regime(phase):
    sweep = phase(40, 30)
    sweep.regime[:] = "dual"
    sweep.regime[15:25] = "build"
    figure = regimes(sweep)
    assert sorted(t.get_text() for t in names_in(figure.axes[0])) == ["build", "dual", "dual"]
