"""A study is checked as a whole, and what is wrong in it is reported with its line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import games
from solver import Game
from solver.errors import FormatError, TargetError, unknown
from solver.sweep import plan
from solver.sweep.requests import design
from solver.sweep.study import Study, read

GOOD = """\
title = "Who designs"

[scenarios.base]
[scenarios.scarce]
volume = 300

[sweeps.map]
game = "phase"
axes = ["nre=100:20000:4:log", "porting_top=1:80:3"]
set = { value = 70 }
views = ["regimes"]

[sweeps.spread]
game = "phase"
sample = "mc:20"
seed = 1
axes = { nre = "100:20000:log", porting_top = "1:80" }
correlations = ["nre,porting_top=0.5"]
scenarios = ["base"]
keep = "points"
"""


def _find(target: str) -> Game:
    if not hasattr(games, target):
        raise TargetError(unknown("game", target, games.GAMES))
    found: Game = getattr(games, target)
    return found


def _study(tmp_path: Path, text: str) -> Study:
    path = tmp_path / "study.toml"
    path.write_text(text, "utf-8")
    return read(path, _find, ["regimes"])


def test_each_sweep_is_made_in_each_of_its_scenarios(tmp_path: Path) -> None:
    study = _study(tmp_path, GOOD)
    assert ("Who designs", True) == (study.title, study.report)
    assert ["map.base", "map.scarce", "spread.base"] == [run.name for run in study.runs]
    assert [("regimes",), ("regimes",), ()] == [run.views for run in study.runs]
    expected = [
        plan.make(games.phase, design(games.phase, axes, *sampled), fixed, keep=keep)
        for axes, sampled, fixed, keep in (
            (("nre=100:20000:4:log", "porting_top=1:80:3"), (), {"value": 70.0}, "all"),
            (
                ("nre=100:20000:4:log", "porting_top=1:80:3"),
                (),
                {"value": 70.0, "volume": 300.0},
                "all",
            ),
            (
                ("nre=100:20000:log", "porting_top=1:80"),
                ("mc:20", 1, ["nre,porting_top=0.5"]),
                {},
                "points",
            ),
        )
    ]
    assert [made.describe() for made in expected] == [run.made.describe() for run in study.runs]


def test_without_scenarios_a_sweep_is_made_once(tmp_path: Path) -> None:
    study = _study(tmp_path, '[sweeps.one]\ngame = "bargain"\naxes = {chip_cost = [1, 2.5]}\n')
    assert ["one"] == [run.name for run in study.runs]
    assert "study" == study.title
    np.testing.assert_array_equal([1.0, 2.5], study.runs[0].made.design.values(0, 2)["chip_cost"])


def test_a_parameter_alone_is_sampled_over_its_calibrated_range(tmp_path: Path) -> None:
    text = '[sweeps.one]\ngame = "phase"\nsample = "mc:9"\naxes = {value = "calibrated"}\n'
    expected = design(games.phase, ["value"], "mc:9")
    assert expected.describe() == _study(tmp_path, text).runs[0].made.design.describe()


def test_tables_stand_beside_the_study(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("nre\n100\n200\n")
    text = '[sweeps.one]\ngame = "phase"\nsample = "points.csv"\n'
    assert 2 == _study(tmp_path, text).runs[0].made.cells


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("title =", "titel =", 1, "unknown key 'titel': did you mean title?"),
        ('title = "Who designs"', "title = 3", 1, "title = 3: a text is needed"),
        ("seed", "sead", 16, "unknown key 'sead': did you mean seed? in [sweeps.spread]"),
        ("seed = 1", 'seed = "x"', 16, "seed = 'x': a whole number is needed"),
        ("seed = 1", "seed = true", 16, "seed = True: a whole number is needed"),
        ("seed = 1", "seed = -1", 16, "seed = -1"),
        ("volume = 300", 'volume = "300"', 5, "volume = '300' is not a number"),
        ("volume = 300", "volum = 300", 5, "unknown parameter of game phase 'volum'"),
        ("volume = 300", "volume = -3", 5, "volume = -3"),
        ("volume = 300", "nre = 300", 5, "nre is both an axis and set to 300"),
        ("value = 70", "valu = 70", 10, "unknown parameter of game phase 'valu'"),
        ('"phase"\naxes', '"fase"\naxes', 8, "unknown game 'fase'"),
        ('["regimes"]', '["regime"]', 11, "unknown view of a sweep 'regime': did you mean regimes"),
        ('["base"]', '["bass"]', 19, "unknown scenario 'bass': did you mean base?"),
        ("porting_top=1:80:3", "porting_top=1:80", 9, "'porting_top=1:80' is not of the form"),
        ("porting_top=1:80:3", "porting_tip=1:80:3", 9, "'porting_tip'"),
        ("nre=100:20000:4:log", "nre=-100:20000:4", 9, "nre = -100"),
        ('"1:80" }', "[] }", 17, "axis porting_top = []"),
        ('porting_top = "1:80"', 'porting_tip = "1:80"', 18, "sampled parameter 'porting_top'"),
        ('"1:80" }', '"1:80", volum = "1:2" }', 17, "unknown parameter of game phase 'volum'"),
        ("mc:20", "mx:20", 15, "unknown sampler 'mx'"),
        ("=0.5", "=1.5", 18, "= 1.5"),
        ('"points"', '"point"', 20, "unknown choice of what to keep 'point'"),
        ('game = "phase"\nsample', "sample", 13, "sweep 'spread' needs a game"),
        ("[sweeps.map]", '[sweeps."../map"]', 7, "name '../map': letters, digits"),
        ("set = {", "concept = 'shapley'\nset = {", 10, "shapley"),
        ("set = {", "method = 'best'\nset = {", 10, "'best'"),
        ("set = {", "add = ['panl']\nset = {", 10, "unknown set of columns 'panl'"),
        ("seed = 1", "seed = ", 16, "invalid value"),
        ("seed = 1", "seed = 1\nseed = 2", 17, "cannot overwrite a value"),
    ],
)
def test_a_mistake_is_reported_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, words: str
) -> None:
    assert GOOD.count(old) >= 1
    with pytest.raises(FormatError) as error:
        _study(tmp_path, GOOD.replace(old, new, 1))
    message = str(error.value)
    assert f"{tmp_path / 'study.toml'}:{line}: " == message[: message.find(": ") + 2]
    assert words in message
    assert "\n" not in message


@pytest.mark.parametrize("text", ["", 'title = "x"\n', "[sweeps]\n"])
def test_a_study_without_sweeps_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(FormatError, match="at least one table"):
        _study(tmp_path, text)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"gone\.toml: there is no such file"):
        read(tmp_path / "gone.toml", _find, [])
