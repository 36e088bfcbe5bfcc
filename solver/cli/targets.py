"""Finding the game that a TARGET names: by entry point, or in a file."""

from __future__ import annotations

import sys
import traceback
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from solver.errors import CoopetError, TargetError, unknown
from solver.formats import GameFile, is_game_file, read_game
from solver.game import Game

GROUP = "coopet.games"
FILES = "FILE.py:NAME, FILE.nfg, FILE.efg, FILE.json"


def game_names() -> dict[str, EntryPoint]:
    """Every game that is installed, by name, with the entry point that offers it.

    An entry point ``PACKAGE:NAMES`` leads to the names of games; each is the attribute of that
    name in PACKAGE. Ours and third-party games come by the same door.
    """
    names: dict[str, EntryPoint] = {}
    for entry in entry_points(group=GROUP):
        try:
            table = tuple(entry.load())
        except Exception as error:  # noqa: BLE001  another package's fault must not hide ours
            sys.stderr.write(f"coopet: games of {entry.value} cannot be loaded: {error}\n")
            continue
        names.update(dict.fromkeys(table, entry))
    return names


def find_game(target: str) -> Game:
    """The Game that `target` names.

    Raises
    ------
    TargetError
        Naming the target and what is near it.
    FormatError
        Naming file, line and column of what is no game.
    """
    if is_game_file(target):
        return _as_parametric(read_game(target), Path(target))
    path, _, attribute = target.partition(".py:")
    if target.endswith(".py"):
        return _from_file(Path(target), "GAME")
    if attribute:
        return _from_file(Path(f"{path}.py"), attribute)
    names = game_names()
    if target not in names:
        raise TargetError(f"{unknown('game', target, names)}, or name a file: {FILES}")
    return _as_game(getattr(import_module(names[target].module), target), target)


def _as_parametric(found: GameFile, path: Path) -> Game:
    """A game in a file, as a Game without parameters."""
    return Game(
        name=" ".join(found.title.split()) or path.stem,
        parameters=(),
        build=lambda: found.form,
        doc=found.comment,
    )


def _from_file(path: Path, attribute: str) -> Game:
    module = _load(path)
    if not hasattr(module, attribute):
        games = [name for name, value in vars(module).items() if isinstance(value, Game)]
        held = f"its games are {', '.join(games)}" if games else "it defines no Game"
        raise TargetError(f"{path} has no {attribute!r}: {held}")
    return _as_game(getattr(module, attribute), f"{path}:{attribute}")


def _load(path: Path) -> ModuleType:
    if not path.is_file():
        raise TargetError(f"file {path} does not exist")
    name = f"coopet_user_{path.stem}"
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise TargetError(f"file {path} cannot be loaded as Python")
    module = module_from_spec(spec)
    sys.modules[name] = module
    sys.path.insert(0, str(path.parent.resolve()))  # so that it can import its neighbours
    try:
        spec.loader.exec_module(module)
    except CoopetError:
        raise
    except (Exception, SystemExit) as error:
        raise TargetError(f"{path}{_line(error, path)}: {type(error).__name__}: {error}") from error
    finally:
        sys.path.pop(0)
    return module


def _line(error: BaseException, path: Path) -> str:
    """The line of the user's file at which its code failed."""
    if isinstance(error, SyntaxError):
        return f":{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename) == path.absolute()]
    return f":{own[-1].lineno}" if own else ""


def _as_game(found: object, target: str) -> Game:
    if not isinstance(found, Game):
        raise TargetError(f"{target} is a {type(found).__name__}, not a Game")
    return found
