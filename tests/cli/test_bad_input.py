"""Bad input exits with 2 and says why in one line; nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HUGE = "9" * 5000

#: Arguments after ``coopet`` and what the line must say.
TABLE: dict[str, tuple[str, str]] = {
    "command": ("slove phase", "unknown command 'slove': did you mean solve?"),
    "no-target": ("solve", "TARGET"),
    "extra-argument": ("list now", "now"),
    "option": ("solve phase --fast", "--fast"),
    "game": ("solve phse", "unknown game 'phse': did you mean phase?"),
    "game-shown": ("show zzz", "choose from aghion_bolton, bargain"),
    "game-swept": ("sweep zzz --axis nre=1,2 -o out", "unknown game 'zzz'"),
    "parameter": ("solve phase --set ner=1", "'ner': did you mean nre?"),
    "parameter-shown": ("show phase --set ner=1", "'ner': did you mean nre?"),
    "parameter-swept": ("sweep phase --axis ner=1,2 -o out", "'ner': did you mean nre?"),
    "parameter-fixed": ("sweep phase --axis nre=1,2 --set valeu=1 -o out", "did you mean value?"),
    "no-value": ("solve phase --set nre", "'nre' is not of the form NAME=VALUE"),
    "no-name": ("solve phase --set =1", "'=1' is not of the form NAME=VALUE"),
    "empty-value": ("solve phase --set nre=", "nre = '' is not a number in [0, inf) $M"),
    "word": ("solve phase --set nre=much", "nre = 'much' is not a number in [0, inf) $M"),
    "nan": ("solve phase --set nre=nan", "nre = nan is not a finite number in [0, inf) $M"),
    "infinite": ("solve phase --set nre=inf", "nre = inf is not a finite number"),
    "below": ("solve phase --set nre=-1", "nre = -1 lies outside [0, inf) $M"),
    "above": ("solve price_build_nf --set win_back=1.5", "win_back = 1.5 lies outside [0, 1]"),
    "set-twice": ("solve phase --set nre=1 --set nre=2", "--set nre is given twice"),
    "concept": ("solve phase --concept nsh", "unknown concept 'nsh': did you mean nash?"),
    "other-form": ("solve phase --concept nash", "nash applies to normal and extensive games"),
    "other-form-swept": ("sweep phase --axis nre=1,2 --concept nash -o out", "nash applies to"),
    "method": ("solve phase --method grid", "unknown method of subgame-perfect 'grid'"),
    "method-swept": ("sweep phase --axis nre=1,2 --method grid -o out", "choose from bracketing"),
    "no-axis": ("sweep phase -o out", "at least one --axis NAME=LOW:HIGH:COUNT"),
    "no-out": ("sweep phase --axis nre=1,2", "--out"),
    "axis-no-values": ("sweep phase --axis nre -o out", "axis 'nre' is not of the form"),
    "axis-no-name": ("sweep phase --axis =1,2 -o out", "axis '=1,2' is not of the form"),
    "axis-no-count": ("sweep phase --axis nre=1:2 -o out", "NAME=LOW:HIGH:COUNT:log"),
    "axis-scale": ("sweep phase --axis nre=1:2:3:cubic -o out", "'nre=1:2:3:cubic' is not of"),
    "axis-five": ("sweep phase --axis nre=1:2:3:log:x -o out", "is not of the form"),
    "axis-gap": ("sweep phase --axis nre=1,,2 -o out", "'' is not a number"),
    "axis-word": ("sweep phase --axis nre=1:much:3 -o out", "'much' is not a number"),
    "axis-nan": ("sweep phase --axis nre=1,nan -o out", "nan is not a finite number"),
    "axis-infinite": ("sweep phase --axis nre=1:inf:3 -o out", "inf is not a finite number"),
    "axis-overflow": ("sweep phase --axis nre=1,1e400 -o out", "1e400 is not a finite number"),
    "axis-no-points": ("sweep phase --axis nre=1:2:0 -o out", "0 points"),
    "axis-negative": ("sweep phase --axis nre=1:2:-3 -o out", "'-3' is not a whole number"),
    "axis-half": ("sweep phase --axis nre=1:2:2.5 -o out", "'2.5' is not a whole number"),
    "axis-huge": ("sweep phase --axis nre=1:2:1000000000 -o out", "1000000000 points"),
    "axis-backwards": ("sweep phase --axis nre=2:1:3 -o out", "low end 2 is not below"),
    "axis-flat": ("sweep phase --axis nre=1:1:3 -o out", "low end 1 is not below"),
    "axis-log-zero": ("sweep phase --axis nre=0:1:3:log -o out", "a low end above 0, not 0"),
    "axis-log-point": ("sweep phase --axis nre=1:0:1:log -o out", "low end 1 is not below"),
    "axis-repeats": ("sweep phase --axis nre=1,2,1 -o out", "axis nre repeats a value"),
    "axis-crowded": ("sweep phase --axis nre=1:1.0000000000000002:9 -o out", "repeats a value"),
    "axis-outside": ("sweep phase --axis nre=-1:2:3 -o out", "nre = -1 lies outside [0, inf)"),
    "axis-twice": ("sweep phase --axis nre=1,2 --axis nre=3,4 -o out", "nre is given twice"),
    "axis-and-set": (
        "sweep phase --axis nre=1,2 --set nre=3 -o out",
        "nre is both an axis and set to 3",
    ),
    "grid-huge": (
        "sweep phase --axis nre=1:2:100000 --axis value=10:20:100000 --axis volume=1:2:100000 -o o",
        "1,000,000,000,000,000 cells",
    ),
    "jobs": ("sweep phase --axis nre=1,2 --jobs 0 -o out", "0 is not in the range"),
    "jobs-word": ("sweep phase --axis nre=1,2 --jobs all -o out", "'all' is not a valid"),
    "out-parent": ("sweep phase --axis nre=1,2 -o nowhere/out", "nowhere/out: cannot write"),
    "out-under-file": ("sweep phase --axis nre=1,2 -o file/out", "file/out: cannot write"),
    "out-is-file": ("sweep phase --axis nre=1,2 -o file", "file exists and is not a sweep"),
    "out-is-file-fresh": ("sweep phase --axis nre=1,2 --fresh -o file", "file"),
    "out-foreign": ("sweep phase --axis nre=1,2 -o foreign", "foreign exists and is not a sweep"),
    "out-foreign-fresh": ("sweep phase --axis nre=1,2 --fresh -o foreign", "is not a sweep"),
    "no-nfg": ("solve gone.nfg", "file gone.nfg does not exist"),
    "no-json": ("show gone.json", "file gone.json does not exist"),
    "bad-nfg": ("solve bad.nfg", "coopet: bad.nfg:2:5: 'x' is not a number such as 3, -2/5"),
    "bad-json": ("solve bad.json", "coopet: bad.json:2:1: Expecting value"),
    "bad-nfg-swept": ("sweep bad.nfg --axis a=1,2 -o out", "bad.nfg:2:5: 'x' is not a number"),
    "no-efg": ("solve gone.efg", "file gone.efg does not exist"),
    "bad-efg": ("solve bad.efg", "coopet: bad.efg:2:1: a node starts with c, p or t, not with 'x'"),
    "nfg-set": ("solve good.nfg --set a=1", "unknown parameter of game Good 'a': it has none"),
    "nfg-axis": ("sweep good.nfg --axis a=1,2 -o out", "parameter of game Good 'a': it has none"),
    "nfg-no-axis": ("sweep good.nfg -o out", "at least one --axis NAME=LOW:HIGH:COUNT"),
    "convert-no-out": ("convert good.nfg", "OUT"),
    "convert-bad": ("convert bad.nfg out.json", "bad.nfg:2:5: 'x' is not a number"),
    "convert-exists": ("convert good.nfg bad.nfg", "bad.nfg exists: choose another name, or --for"),
    "convert-itself": ("convert good.nfg good.nfg", "good.nfg exists"),
    "convert-folder": ("convert good.nfg foreign --force", "foreign: suffix '' is no format"),
    "convert-efg": ("convert bad.efg out.nfg", "coopet: bad.efg:2:1: a node starts with c, p or"),
    "convert-suffix": ("convert good.nfg out.txt", "out.txt: suffix '.txt' is no format of games"),
    "convert-parent": ("convert good.nfg nowhere/out.nfg", "nowhere/out.nfg: cannot be written"),
    "convert-form": ("convert phase out.nfg", "phase is a leader-follower game: files hold normal"),
    "convert-game": ("convert phse out.nfg", "unknown game 'phse': did you mean phase?"),
    "convert-set": ("convert good.nfg out.json --set a=1", "good.nfg has no parameters"),
    "convert-value": ("convert price_build_nf out.nfg --set nre=-1", "nre = -1 lies outside"),
    "convert-stdout": ("convert good.nfg -", "name the format by --to"),
    "convert-to": ("convert good.nfg out.json --to nfg", "the suffix of out.json names the format"),
    "convert-to-what": ("convert good.nfg - --to xml", "'xml'"),
    "no-file": ("solve gone.py:GAME", "file gone.py does not exist"),
}  # fmt: skip


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a file and a directory that are not ours."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("mine")
    (tmp_path / "good.nfg").write_text('NFG 1 R "Good" { "a" "b" } { 1 2 }\n1 2 3 4')
    (tmp_path / "bad.efg").write_text('EFG 2 R "Bad" { "a" "b" }\nx "" 0')
    (tmp_path / "bad.nfg").write_text('NFG 1 R "Bad" { "a" "b" } { 1 2 }\n1 2 x 4')
    (tmp_path / "three.nfg").write_text('NFG 1 R "" { "a" "b" "c" } { 1 1 1 }\n1 2 3')
    (tmp_path / "bad.json").write_text('{"format":\n}')
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "data.txt").write_text("mine")
    return tmp_path


def held(place: Path) -> dict[Path, bytes]:
    """Every path below `place` and what is in it."""
    return {path: path.read_bytes() if path.is_file() else b"" for path in place.rglob("*")}


@pytest.mark.parametrize(("text", "words"), TABLE.values(), ids=TABLE)
def test_bad_input_is_refused_in_one_line(
    run: Callable[..., Any], place: Path, text: str, words: str
) -> None:
    before = held(place)
    ran = run(*text.split())
    assert (2, "") == (ran.status, ran.out)
    assert ran.err.startswith("coopet: ")
    assert 1 == ran.err.count("\n")
    assert words in ran.err
    assert before == held(place)


def test_a_count_of_thousands_of_digits_is_refused(run: Callable[..., Any], place: Path) -> None:
    ran = run("sweep", "phase", "--axis", f"nre=1:2:{HUGE}", "-o", place / "out")
    assert 2 == ran.status


@pytest.mark.parametrize(
    "text",
    [
        "slove phase",
        "solve phase --set nre=nan",
        "sweep phase --axis nre=1:2:1000000000 -o out",
        "sweep phase --axis nre=1,2 -o foreign",
    ],
)
def test_a_shell_sees_the_same(shell: Callable[..., Any], place: Path, text: str) -> None:
    ran = shell(*text.split())
    assert (2, "", 1) == (ran.status, ran.out, ran.err.count("\n"))
    assert ran.err.startswith("coopet: ")


def test_a_bad_number_of_threads_is_refused(shell: Callable[..., Any]) -> None:
    ran = shell("doctor", COOPET_THREADS="two")
    assert (2, "") == (ran.status, ran.out)
    assert "coopet: COOPET_THREADS = 'two' is not a whole number of at least 1\n" == ran.err


def test_help_and_version_are_no_errors(run: Callable[..., Any]) -> None:
    assert run("--version").out.startswith("coopet")
    for arguments in ([], ["--help"], ["-h"], ["sweep", "--help"]):
        ran = run(*arguments)
        assert (0, "") == (ran.status, ran.err)
        assert ran.out.startswith("Usage: coopet")
