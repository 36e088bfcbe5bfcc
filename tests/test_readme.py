"""The README's own examples run."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
COMMAND = Path(sys.executable).with_name("coopet")


def run(*arguments, cwd):
    return subprocess.run(
        [COMMAND, *arguments], cwd=cwd, capture_output=True, text=True, check=True
    )


@pytest.mark.parametrize("block", [b for b in BLOCKS if "my_game.py" not in b])
def test_python_examples_run(block):
    lines = [line for line in block.splitlines() if "open_sweep(" not in line]
    exec(compile("\n".join(lines), "README.md", "exec"), {"__name__": "readme"})


def test_a_game_in_one_file_is_shown_swept_and_drawn(tmp_path):
    (block,) = [b for b in BLOCKS if "my_game.py" in b]
    (tmp_path / "my_game.py").write_text(block)
    assert "Two firms share or grab." in run("show", "my_game.py:GAME", cwd=tmp_path).stdout
    arguments = ["sweep", "my_game.py:GAME", "--axis", "eps=0:2:201", "-o", "mine"]
    assert "201 cells solved" in run(*arguments, cwd=tmp_path).stdout
    run("plot", "mine", "-o", "mine.png", cwd=tmp_path)
    assert (tmp_path / "mine.png").stat().st_size > 10_000


PRINTING = re.findall(r"^coopet (?:list|show|solve|convert|doctor).*$", README, re.MULTILINE)


def test_commands_run_in_the_order_of_the_text(tmp_path):
    for line in PRINTING:
        words = line.partition("#")[0].split()[1:]
        if not any(word.startswith("my_game") for word in words):
            done = run(*words, cwd=tmp_path)
            assert done.stdout + done.stderr
    assert (tmp_path / "game.json").read_text().startswith("{")
