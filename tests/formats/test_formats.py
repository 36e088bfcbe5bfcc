"""The table of formats, and files as such: found, replaced, left alone."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import solver.formats
from solver import GameFile, NormalForm, read_game, write_game
from solver.errors import FormatError
from solver.formats import FORMATS
from solver.forms.strategic import strategic_form

Put = Callable[..., Path]
PD = NormalForm(([[2, 0], [3, 1]], [[2, 3], [0, 1]]), ("a", "b"), (("x", "y"), ("u", "v")))


def test_the_table_lists_the_files_of_the_folder() -> None:
    folder = Path(solver.formats.__file__).parent
    modules = {path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")}
    assert modules == set(FORMATS.values())


def table(game: GameFile) -> NormalForm:
    """The game as a table; a tree of simultaneous moves is one again."""
    return game.form if isinstance(game.form, NormalForm) else strategic_form(game.form)


@pytest.fixture(params=FORMATS)
def path(request: Any, put: Put) -> Path:
    """A path of each format at which nothing is yet."""
    del put
    return Path(f"game{request.param}")


def test_every_format_reads_what_it_writes(path: Path) -> None:
    write_game(path, GameFile(PD, "T", "C"))
    game = read_game(str(path))
    form = table(game)
    assert ("T", "C", PD.players, PD.actions) == (
        game.title, game.comment, form.players, form.actions,
    )  # fmt: skip
    assert [p.tolist() for p in PD.payoffs] == [p.tolist() for p in form.payoffs]
    assert form.fractions is not None
    assert Fraction(3) == form.fractions[0][1, 0]


def test_suffixes_are_read_in_any_case(put: Put) -> None:
    assert "t" == read_game(put('NFG 1 R "t" { "a" } { 1 } 1', "G.NFG")).title


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("g.txt", r"^g\.txt: suffix '\.txt' is no format of games, \.nfg, \.efg and \.json are$"),
        ("g", r"^g: suffix '' is no format of games"),
    ],
)
def test_other_formats_are_refused(put: Put, name: str, words: str) -> None:
    with pytest.raises(FormatError, match=words):
        read_game(put("", name))
    with pytest.raises(FormatError, match=words):
        write_game(Path(name), PD, overwrite=True)


def test_a_file_that_exists_is_left_alone(put: Put) -> None:
    path = put("mine")
    with pytest.raises(FormatError, match=r"^g\.nfg exists: choose another name, or --force"):
        write_game(path, PD)
    assert "mine" == path.read_text()
    write_game(path, PD, overwrite=True)
    assert PD.players == read_game(path).form.players
    assert [path.name] == [p.name for p in Path().iterdir()]


def test_a_link_stays_a_link_and_a_mode_stays_a_mode(put: Put) -> None:
    path = put("mine")
    path.chmod(0o600)
    link = Path("link.nfg")
    link.symlink_to(path)
    write_game(link, PD, overwrite=True)
    assert link.is_symlink()
    assert 0o600 == path.stat().st_mode & 0o777
    assert PD.players == read_game(path).form.players


def test_a_link_to_nowhere_is_not_replaced(put: Put) -> None:
    del put
    Path("link.nfg").symlink_to("gone.nfg")
    with pytest.raises(FormatError, match="exists"):
        write_game("link.nfg", PD)


def test_a_folder_is_never_replaced(put: Put) -> None:
    del put
    Path("d.nfg").mkdir()
    with pytest.raises(FormatError, match="exists and is not a file"):
        write_game("d.nfg", PD, overwrite=True)
    with pytest.raises(FormatError, match="is not a file"):
        read_game("d.nfg")


@pytest.mark.parametrize("name", ["gone/x.nfg", "g.nfg/x.nfg", "x" * 300 + ".nfg"])
def test_what_cannot_be_written_or_read_is_named(put: Put, name: str) -> None:
    put("")
    with pytest.raises(FormatError, match="cannot be written"):
        write_game(name, PD)
    with pytest.raises(FormatError, match=r"cannot be read|does not exist"):
        read_game(name)
    assert ["g.nfg"] == [p.name for p in Path().iterdir()]


def test_nothing_is_left_when_writing_fails(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    write_game(path, PD)
    before = path.read_bytes()
    monkeypatch.setattr("solver.formats._text.os.fsync", fail)
    with pytest.raises(FormatError, match=r"cannot be written: No space left"):
        write_game(path, GameFile(PD, "other"), overwrite=True)
    assert before == path.read_bytes()
    assert [path.name] == [p.name for p in Path().iterdir()]


@pytest.mark.parametrize(
    ("game", "words"),
    [
        (NormalForm(np.full((2, 1, 1), np.nan)), r"'player 1' at (\(1, 1\)|'1 > 1') is nan"),
        (NormalForm(([[0, 1]], [[0, np.inf]])), r"'player 2' at (\(1, 2\)|'1 > 2') is inf"),
        (NormalForm(np.zeros((1, 1)), ["\x07"]), r"player '\\x07' has the character U\+0007"),
        (NormalForm(np.zeros((1, 1)), None, [["\ud800"]]), r"action '\\ud800' has the char"),
        (GameFile(PD, "\x00"), "title"),
        (GameFile(PD, "", "\x7f"), "comment"),
        (NormalForm(np.zeros((33, *[1] * 33))), "33 players: at most 32"),
        (NormalForm([[0.0]], fractions=[[Fraction(1, 10**2000)]]), "one of them has over 2,000"),
    ],
)  # fmt: skip
def test_what_no_file_can_hold_is_refused(path: Path, game: Any, words: str) -> None:
    with pytest.raises(FormatError, match=rf"^game\.\w+: .*{words}"):
        write_game(path, game)
    assert not path.exists()


def test_exact_payoffs_are_written_even_beyond_floats(path: Path) -> None:
    form = NormalForm([[np.inf, 1 / 3]], fractions=[[Fraction(10**400), Fraction(1, 3)]])
    write_game(path, form)
    back = table(read_game(path))
    assert back.fractions is not None
    assert [10**400, Fraction(1, 3)] == back.fractions[0].tolist()


def test_one_game_of_a_batch_is_written_by_its_index(path: Path) -> None:
    batch = NormalForm(np.arange(48.0).reshape(2, 2, 3, 2, 2))
    with pytest.raises(FormatError, match=r"this is a batch of shape \(2, 3\), give an index"):
        write_game(path, batch)
    for bad in (1, (1,), (1, 3), (0, 0, 0)):
        with pytest.raises(FormatError, match=r"the batch has shape \(2, 3\)"):
            write_game(path, batch, index=bad)
    assert not path.exists()
    write_game(path, batch, index=(1, 2))
    expected = [payoff[1, 2].tolist() for payoff in batch.payoffs]
    assert expected == [payoff.tolist() for payoff in table(read_game(path)).payoffs]


def test_a_file_beyond_the_limit_is_not_read(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put("x" * 1001)
    monkeypatch.setattr("solver.formats._text.MOST_BYTES", 1000)
    with pytest.raises(FormatError, match=r"^g\.nfg:1:1: the file has 1,001 bytes, at most 1,000"):
        read_game(path)
