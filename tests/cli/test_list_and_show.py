"""``coopet list``, ``show`` and ``doctor``: complete, and readable by a program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from typing import Any

import pytest

from games import GAMES
from solver import views
from solver.cli import targets
from solver.concepts import CONCEPTS


def test_list_names_everything_there_is(run: Callable[..., Any]) -> None:
    ran = run("list", "--json")
    assert (0, "") == (ran.status, ran.err)
    assert set(GAMES) <= {game["name"] for game in ran.data["games"]}
    assert list(CONCEPTS) == [concept["name"] for concept in ran.data["concepts"]]
    assert list(views.VIEWS) == [view["name"] for view in ran.data["views"]]
    assert all(entry["summary"] for entries in ran.data.values() for entry in entries)
    assert all(concept["forms"] and concept["methods"] for concept in ran.data["concepts"])


def test_list_for_people_has_a_line_for_each(run: Callable[..., Any]) -> None:
    ran = run("list")
    listed = [line.split()[0] for line in ran.out.splitlines() if line.startswith("  ")]
    assert {*GAMES, *CONCEPTS, *views.VIEWS} <= set(listed)


@pytest.mark.parametrize("name", GAMES)
def test_show_gives_every_parameter_with_unit_interval_and_source(
    run: Callable[..., Any], name: str
) -> None:
    ran = run("show", name, "--json")
    assert (0, "", name) == (ran.status, ran.err, ran.data["name"])
    assert {"name", "form", "doc", "players", "actions", "regimes", "references", "parameters"} == (
        set(ran.data)
    )
    for parameter in ran.data["parameters"]:
        assert parameter["doc"]
        assert parameter["unit"]
        assert parameter["source"]
        assert 2 == len(parameter["allowed"])
        assert parameter["default"] == parameter["value"]


@pytest.mark.parametrize("name", GAMES)
def test_show_for_people_says_the_same(run: Callable[..., Any], name: str) -> None:
    ran, data = run("show", name), run("show", name, "--json").data
    assert (0, "") == (ran.status, ran.err)
    first_words = [line.split()[0] for line in ran.out.splitlines() if line.strip()]
    assert {parameter["name"] for parameter in data["parameters"]} <= set(first_words)
    assert data["doc"].partition("\n")[0] in ran.out


def test_show_takes_values(run: Callable[..., Any]) -> None:
    ran = run("show", "phase", "--set", "nre=123", "--json")
    values = {p["name"]: p["value"] for p in ran.data["parameters"]}
    assert 123.0 == values["nre"]


def test_doctor_reports_as_data(run: Callable[..., Any]) -> None:
    ran = run("doctor", "--json")
    assert (0, "") == (ran.status, ran.err)
    assert all(ran.data["needed"].values())
    assert ran.data["threads"] >= 1


def test_a_broken_package_of_games_hides_nobody_elses(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = list(targets.entry_points(group=targets.GROUP))
    broken = EntryPoint("other", "no_such_package:GAMES", targets.GROUP)

    def entry_points(*, group: str) -> Iterator[EntryPoint]:
        assert targets.GROUP == group
        return iter([broken, *found])

    monkeypatch.setattr(targets, "entry_points", entry_points)
    ran = run("solve", "phase", "--json")
    assert (0, "SOLVED") == (ran.status, ran.data["status"])
    assert ran.err.startswith("coopet: games of no_such_package:GAMES cannot be loaded")
