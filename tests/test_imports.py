"""What is loaded when: `coopet --help` answers at once, and nobody pays for what is not used."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import games
import solver
from games import GAMES
from solver import Game

SOLVER = Path(solver.__file__).parent
HEAVY = {
    "numba", "scipy", "pandas", "cvxpy", "matplotlib", "xarray", "pyarrow", "hypothesis",
    "distributed", "dask",
}  # fmt: skip


def _loaded(code: str) -> set[str]:
    """Top-level modules in a fresh process after `code`."""
    script = f"import sys\n{code}\nprint('\\n' + __import__('json').dumps(sorted(sys.modules)))"
    ran = subprocess.run([sys.executable, "-W", "error", "-c", script],
                         capture_output=True, text=True, check=True)  # fmt: skip
    return {name.partition(".")[0] for name in json.loads(ran.stdout.splitlines()[-1])}


def _command(*arguments: str) -> str:
    return (
        "from solver.cli.__main__ import main\n"
        f"try:\n    main({list(arguments)!r})\n"
        "except SystemExit as stop:\n    assert not stop.code, stop.code"
    )


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("slove",)])
def test_help_needs_no_numpy(arguments: tuple[str, ...]) -> None:
    code = _command(*arguments)
    if arguments == ("slove",):
        code = code.replace("not stop.code", "stop.code == 2")
    assert not _loaded(code) & (HEAVY | {"numpy", "rich"})


@pytest.mark.parametrize(
    "arguments",
    [("list",), ("list", "--json"), ("show", "price_build_nf"), ("show", "phase", "--json")],
    ids=" ".join,
)
def test_list_and_show_load_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert not _loaded(_command(*arguments)) & HEAVY


def test_one_small_game_is_solved_without_a_compiler() -> None:
    loaded = _loaded(_command("solve", "price_build_nf", "--json"))
    assert not loaded & HEAVY


def test_the_package_itself_loads_nothing() -> None:
    assert not _loaded("import solver, games") & (HEAVY | {"numpy", "click", "rich"})


@pytest.mark.parametrize(
    "before",
    ["import solver.sweep.store", "import solver.sweep", "import solver.concepts.nash", "pass"],
)
def test_functions_are_not_hidden_by_modules_of_their_name(before: str) -> None:
    _loaded(
        f"{before}\n"
        "from solver import nash, sweep\nimport solver\n"
        "assert callable(nash) and callable(sweep)\n"
        "import solver.sweep.run, solver.concepts.pure_nash\n"
        "assert callable(solver.sweep) and callable(solver.pure_nash)\n"
        "from solver.sweep import plan, store\n"
    )


PUBLIC = [
    alias.asname or alias.name
    for node in ast.parse((SOLVER / "__init__.pyi").read_text("utf-8")).body
    if isinstance(node, ast.ImportFrom)
    for alias in node.names
]


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_resolves_and_is_documented(name: str) -> None:
    found = getattr(solver, name)
    assert (found.__doc__ or "").strip()
    assert not (found.__doc__ or "").startswith(f"{name}(")  # made up by dataclass
    assert name in dir(solver)


def test_the_table_of_games_lists_the_files_of_the_folder() -> None:
    folder = Path(games.__file__).parent
    homes = re.findall(r"^from \.(\w+) import", (folder / "__init__.pyi").read_text(), re.MULTILINE)
    assert len(GAMES) == len(homes)
    files = {path.stem for path in folder.glob("*.py")}
    assert {"calibration", *homes} == {name for name in files if not name.startswith("_")}


@pytest.mark.parametrize("name", GAMES)
def test_every_game_goes_by_its_key(name: str) -> None:
    game = getattr(games, name)
    assert isinstance(game, Game)
    assert name == game.name
    assert name in dir(games)


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").partition(".")[0])
    return found


def test_the_solver_never_imports_a_game() -> None:
    sources = sorted(SOLVER.rglob("*.py"))
    assert len(sources) > 30
    assert [] == [path.name for path in sources if "games" in _imports(path)]


def test_only_one_module_imports_the_compiler() -> None:
    users = {path.relative_to(SOLVER).as_posix() for path in SOLVER.rglob("*.py")
             if "numba" in _imports(path)}  # fmt: skip
    assert {"_jit.py", "cli/warmup_command.py"} == users
