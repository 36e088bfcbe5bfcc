"""The benchmarks run, compare answers before they time anything, and fail on a wrong peer."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray

pytest.importorskip("quantecon")
pytest.importorskip("pygambit")
pytest.importorskip("nashpy")

from benchmarks import cases
from benchmarks.__main__ import main
from benchmarks.measuring import run_case
from benchmarks.registry import CASES, Case, CheckError, Side, register
from benchmarks.report import table

Floats = NDArray[np.float64]
QUICK = "bandwidth-2x2", "memory", "nash-2x2", "pure-2x2"


@pytest.mark.parametrize("name", QUICK)
def test_smoke_run_of_a_quick_case_passes(name: str) -> None:
    record = run_case(CASES[name], smoke=True)
    assert "error" not in record
    assert record["comparisons"]
    for row in record["comparisons"]:
        assert row["min"] <= row["median"] <= row["max"]
        assert row.get("target", {}).get("met") is None


def test_families_are_the_files_of_the_folder() -> None:
    files = {path.stem for path in Path(cases.__file__).parent.glob("*.py")} - {"__init__"}
    names = [family.__name__.rpartition(".")[2] for family in cases.FAMILIES]
    assert sorted(names) == sorted(files)
    assert all(hasattr(family, "register") for family in cases.FAMILIES)


def test_names_are_keys_and_duplicates_are_rejected() -> None:
    assert all(name == case.name for name, case in CASES.items())
    with pytest.raises(ValueError, match="'nash-2x2' is registered twice"):
        register(CASES["nash-2x2"])


def test_two_sides_of_one_name_are_rejected() -> None:
    case = CASES["nash-2x2"]
    with pytest.raises(ValueError, match="two sides alike"):
        register(replace(case, name="other", peers=case.peers[:1] * 2))
    assert "other" not in CASES


def test_every_target_speaks_of_sides_that_exist() -> None:
    for case in CASES.values():
        ours, peers = {s.name for s in case.ours}, {s.name for s in case.peers}
        for target in case.targets:
            assert target.side in ours
            assert target.against is None or target.against in peers


def _moved(answers: list[Floats]) -> list[Floats]:
    return [answers[0] + 1e-6, *answers[1:]]


def _fewer(answers: list[Floats]) -> list[Floats]:
    return [answers[0][:-1], *answers[1:]]


def _more(answers: list[Floats]) -> list[Floats]:
    return [np.concatenate([answers[0], answers[0][:1]]), *answers[1:]]


def _strange(answers: list[Floats]) -> list[Floats]:
    return [np.concatenate([answers[0], np.full((1, 4), 0.5)]), *answers[1:]]


def _wrong_peer(case: Case, mutation: Callable[[list[Floats]], list[Floats]]) -> Case:
    peer = case.peers[0]

    def answers(result: Any, limit: int) -> list[Floats]:
        assert peer.answers is not None
        return mutation(peer.answers(result, limit))

    return replace(case, peers=(replace(peer, answers=answers),))


@pytest.mark.parametrize("mutation", [_moved, _fewer, _more, _strange])
def test_a_peer_that_disagrees_fails_the_case_before_timing(
    mutation: Callable[[list[Floats]], list[Floats]],
) -> None:
    record = run_case(_wrong_peer(CASES["nash-2x2"], mutation), smoke=True)
    assert record["error"].startswith("game 0: quantecon gives")
    assert "values" not in record
    assert "comparisons" not in record


def test_a_peer_known_to_miss_equilibria_may_not_give_others() -> None:
    case = CASES["nash-2x2"]
    loose = replace(case, peers=(replace(case.peers[0], misses=True),))
    assert "misses 1 equilibria" in run_case(_wrong_peer(loose, _fewer), smoke=True)["remarks"][0]
    assert "error" in run_case(_wrong_peer(loose, _moved), smoke=True)


def test_a_failing_case_is_reported_and_ends_with_status_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(CASES, "pure-2x2", _wrong_peer(CASES["pure-2x2"], _strange))
    out = tmp_path / "results.json"
    done = CliRunner().invoke(main, ["--smoke", "--only", "pure-2x2", "--out", str(out)])
    assert done.exit_code == 1
    assert "FAILED, nothing timed" in done.output
    assert "error" in json.loads(out.read_text())["cases"][0]


def test_a_command_that_fails_fails_its_case() -> None:
    def broken(inputs: object) -> tuple[float, object]:
        raise CheckError(f"no {inputs}")

    case = CASES["startup"]
    record = run_case(replace(case, ours=(Side(name="broken", measure=broken),)), smoke=True)
    assert record["error"] == "no None"


def test_a_side_that_is_not_installed_is_skipped_by_name() -> None:
    case = CASES["nash-2x2"]
    absent = replace(case.peers[0], missing=lambda: "quantecon is not installed")
    record = run_case(replace(case, peers=(absent, case.peers[3])), smoke=True)
    assert record["skipped"] == {"quantecon": "quantecon is not installed"}
    assert {row["against"] for row in record["comparisons"]} == {"nashpy"}


def test_the_table_is_made_from_the_json_which_names_no_path(tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    arguments = ["--smoke", "--only", "pure-2x2", "--out", str(out)]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0
    text = out.read_text()
    assert done.stdout.rstrip("\n") == table(json.loads(text))
    assert str(Path.home()) not in text
    assert str(Path(cases.__file__).parents[2]) not in text


def test_the_list_names_every_case() -> None:
    listed = CliRunner().invoke(main, ["--list"]).stdout
    assert [line.split()[0] for line in listed.splitlines()] == list(CASES)
