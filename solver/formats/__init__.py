"""Games in files: one module per format, found by the suffix of the file.

Numbers are read as exact fractions, whatever their notation: ``0.1`` in a file is 1/10. Nothing in
a file is evaluated, and its size is bounded before anything is built from it.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType

from solver.errors import FormatError
from solver.formats._game_file import GameFile as GameFile
from solver.formats._game_file import as_game_file
from solver.formats._text import read_text, write_text
from solver.forms.extensive import ExtensiveForm
from solver.forms.normal import NormalForm

#: Module of each format, by suffix: ``parse(text, name)`` and ``render(game)``.
FORMATS = {".nfg": "nfg", ".efg": "efg", ".json": "game_json"}
#: Suffixes of the formats that hold trees; the others hold tables.
TREES = (".efg",)


def read_game(path: Path | str) -> GameFile:
    """Read a game from a file; its suffix names the format.

    Parameters
    ----------
    path : path of a ``.nfg``, ``.efg`` or ``.json`` file

    Returns
    -------
    GameFile
        ``form`` is a single NormalForm, or an ExtensiveForm from an ``.efg`` file, with exact
        numbers in ``form.fractions``; ``title`` and ``comment`` are empty where the file has none.

    Raises
    ------
    FormatError
        ``FILE:LINE:COLUMN: what is wrong, and what is allowed``.

    Examples
    --------
    >>> import solver, tempfile
    >>> path = Path(tempfile.mkdtemp()) / "share.nfg"
    >>> text = 'NFG 1 R "Share" { "Ann" "Bob" } { 2 2 }  2 2  3 1/3  0.1 3  1 1'
    >>> _ = path.write_text(text)
    >>> game = solver.read_game(path)
    >>> game.title, game.form.payoffs[1].tolist()
    ('Share', [[2.0, 3.0], [0.3333333333333333, 1.0]])
    >>> str(game.form.fractions[1][1, 0])
    '1/3'
    """
    path = Path(path)
    parse: Callable[[str, str], GameFile] = _format(path.suffix, path).parse
    return parse(read_text(path), str(path))


def write_game(
    path: Path | str,
    game: GameFile | NormalForm | ExtensiveForm,
    *,
    index: int | tuple[int, ...] | None = None,
    overwrite: bool = False,
) -> None:
    """Write a game to a file; its suffix names the format.

    What is read back has the same players, actions, title, comment and payoffs: exact ones are
    written as fractions, floats in the fewest digits that give the same float again.

    Parameters
    ----------
    path : path of a ``.nfg``, ``.efg`` or ``.json`` file
    game : GameFile, NormalForm or ExtensiveForm
        A tree becomes its reduced strategic form in a ``.nfg`` or ``.json`` file, a normal form a
        tree of simultaneous moves in an ``.efg`` file.
    index : int or tuple of int, optional
        Which game of a batch; a batch without it is refused.
    overwrite : bool
        Replace a file that exists. It is complete or untouched at any moment.

    Raises
    ------
    FormatError
        For an unknown suffix, a file in the way, a batch, a payoff that is not finite, a name that
        no file can hold, bargaining nodes, or a game too large for the format.

    Examples
    --------
    >>> import solver, tempfile
    >>> path = Path(tempfile.mkdtemp()) / "share.json"
    >>> solver.write_game(path, NormalForm(payoffs=([[2, 0], [3, 1]], [[2, 3], [0, 1]])))
    >>> solver.read_game(path).form.payoffs[0].tolist()
    [[2.0, 0.0], [3.0, 1.0]]
    """
    path = Path(path)
    _format(path.suffix, path)
    try:
        text = rendered(as_game_file(game, index), path.suffix)
    except FormatError as error:
        raise FormatError(f"{path}: {error}") from None
    write_text(path, text, overwrite=overwrite)


def rendered(game: GameFile, suffix: str) -> str:
    """The text of a game in the format of a suffix."""
    text: str = _format(suffix, suffix).render(as_game_file(game))
    return text


def is_game_file(target: str) -> bool:
    """Whether `target` is the path of a game file, rather than the name of a game."""
    return Path(target).suffix.lower() in FORMATS


def _format(suffix: str, subject: object) -> ModuleType:
    """The module of a format; `subject` is what a message is about."""
    suffix = suffix.lower()
    if suffix in FORMATS:
        return import_module(f"solver.formats.{FORMATS[suffix]}")
    *most, last = FORMATS
    choice = f"{', '.join(most)} and {last}"
    raise FormatError(f"{subject}: suffix {suffix!r} is no format of games, {choice} are")
