"""A few hundred spoiled files; ``python -m tests.fuzz`` reads as many as one likes."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import solver.formats
from solver.formats import FORMATS, read_game
from tests.fuzz import running
from tests.fuzz.corpus import corpus
from tests.fuzz.mutants import mutant
from tests.fuzz.running import MOST_MEGABYTES, judge, read_all, within


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_spoiled_files_are_games_or_refused_with_line_and_column() -> None:
    tally = read_all(seed=2, start=0, stop=400)
    assert [] == tally.failures
    assert tally.megabytes < MOST_MEGABYTES
    for suffix in FORMATS:
        assert tally.count[suffix, "refused"] > 0
    assert tally.count[".efg", "read"] > 5


def test_the_files_that_are_spoiled_are_good() -> None:
    assert set(FORMATS) == set(corpus())
    for suffix, files in corpus().items():
        for content in files:
            assert ("read", "") == judge(suffix, content)


def test_a_mutant_is_found_again_by_its_number() -> None:
    assert mutant(1, 7) == mutant(1, 7)
    assert mutant(1, 7) != mutant(2, 7)


def _no_place(path: Path) -> None:
    raise running.FormatError(f"{path}: something is wrong")


def _crash(_: Path) -> None:
    raise ZeroDivisionError


def _hang(_: Path) -> None:
    while True:
        pass


def _no_memory(_: Path) -> None:
    raise MemoryError


@pytest.mark.parametrize(
    ("reader", "word"),
    [(_no_place, "message"), (_crash, "ZeroDivision"), (_hang, "Slow"), (_no_memory, "MemoryErr")],
)
def test_each_kind_of_failure_is_noticed(
    monkeypatch: pytest.MonkeyPatch, reader: object, word: str
) -> None:
    monkeypatch.setattr(running, "read_game", reader)
    monkeypatch.setattr(running, "MOST_SECONDS", 0.1)
    verdict, why = judge(".efg", b"")
    assert "failed" == verdict
    assert word in why


def test_another_game_after_writing_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    content = corpus()[".efg"][0]
    monkeypatch.setattr(running, "rendered", lambda *_: corpus()[".efg"][1].decode())
    assert ("failed", "read back as another game") == judge(".efg", content)


def test_one_returns_to_the_folder_one_was_in(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with within(tmp_path / "in"):
        assert Path.cwd() == tmp_path / "in"
    assert Path.cwd() == tmp_path


#: What would run what a file says.
FORBIDDEN = {
    "eval", "exec", "compile", "__import__", "pickle", "marshal", "shelve", "yaml", "subprocess",
    "literal_eval", "system", "popen", "getattr", "setattr", "globals", "sympify", "fromstring",
}  # fmt: skip


def test_nothing_in_a_file_is_ever_run() -> None:
    folder = Path(solver.formats.__file__).parent
    for path in folder.glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        modules = {
            alias.name.partition(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        called = {
            node.func.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        } - {"compile"}  # re.compile
        assert not FORBIDDEN & (names | modules | called), path


def test_code_in_a_file_leaves_no_trace() -> None:
    code = "__import__('pathlib').Path('trace').touch()"
    texts = {
        "a.nfg": f'NFG 1 R "{code}" {{ "a" }} {{ 1 }} {code}',
        "a.efg": f'EFG 2 R "{code}" {{ "{code}" }} t "" 1 "" {{ {code} }}',
        "a.json": f'{{"format": {code}}}',
    }
    for name, text in texts.items():
        Path(name).write_text(text)
        with pytest.raises(running.FormatError):
            read_game(name)
    assert sorted(texts) == sorted(path.name for path in Path().iterdir())
