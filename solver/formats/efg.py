r"""Gambit's ``.efg`` files: a game as a tree, its nodes listed in the order in which it is told.

A file is ``EFG 2 R "title" { players } "comment"`` and then nodes, a node before everything below
its first branch, that before everything below its second, and so on; the comment may be missing.

- ``c "name" event "label" { "branch" 1/2 ... } outcome`` where chance moves,
- ``p "name" player set "label" { "action" ... } outcome`` where a player does,
- ``t "name" outcome`` where the game ends.

Players, information sets, events and outcomes are numbers from 1. An outcome may be followed by
``"its name" { payoffs }``, and comes at any kind of node: what is paid on the way is added up. The
outcome 0 pays nothing. A label with actions, or payoffs, stand where their number comes first; they
may be left out, or repeated unchanged, elsewhere.

More is read than Gambit reads: numbers that are used before they are described; comments, commas
left out or too many by one; decimal probabilities that add up to one within 1e-9, which are divided
by their sum; information sets of a player with the same label (``h h`` become ``h_1 h_2``, and
without labels the second set of the first player is ``1:2``), actions, branches or players of the
same name, nodes of the same name. A leaf without a name is called like its outcome. Quoted text is
that of ``.nfg`` files. What could change a game is an error: another label, other actions or other
payoffs under a number that has some; nodes left over; players that forget. Up to 32 players and
250,000 nodes are read, fewer for more than four players.

What is written, Gambit reads, if no label has white space at its ends or two in a row. Names of
inner nodes that repeat are written with numbers; names of leaves become names of their outcomes.

References
----------
The Gambit Project, Game representation formats, https://gambitproject.readthedocs.io
"""

from __future__ import annotations

from pathlib import Path

from solver.formats._convert import as_extensive
from solver.formats._efg_nodes import told
from solver.formats._efg_text import node_lines
from solver.formats._efg_tree import linked
from solver.formats._gambit import listed, player_names, signature
from solver.formats._game_file import GameFile, as_game_file
from solver.formats._text import read_text, write_text
from solver.formats._tokens import Tokens, as_text
from solver.forms.extensive import ExtensiveForm
from solver.forms.normal import NormalForm


def read_efg(path: Path | str) -> GameFile:
    """Read an ``.efg`` file, whatever its suffix; see `read_game`."""
    return parse(read_text(Path(path)), str(path))


def write_efg(
    path: Path | str,
    game: GameFile | ExtensiveForm | NormalForm,
    *,
    index: int | tuple[int, ...] | None = None,
    overwrite: bool = False,
) -> None:
    """Write an ``.efg`` file; see `write_game`."""
    write_text(Path(path), render(as_game_file(game, index)), overwrite=overwrite)


def parse(text: str, name: str) -> GameFile:
    """Read the text of an ``.efg`` file; `name` stands in messages.

    Time and memory are linear in the text, however deep the tree.

    Raises
    ------
    FormatError
        At the line and column of the first token or node that does not fit.
    """
    tokens = Tokens(text, name)
    signature(tokens, "EFG", "2", "a game as a tree")
    title = tokens.text("the title")
    players = player_names(tokens)
    comment = tokens.text("the comment") if tokens.kind == "text" else ""
    return GameFile(linked(told(tokens, players), tokens), title, comment)


def render(game: GameFile) -> str:
    """The text of an ``.efg`` file; a normal form becomes a tree of simultaneous moves.

    Raises
    ------
    FormatError
        For bargaining nodes, payoffs that are not finite, or a game of too many nodes.
    """
    form = as_extensive(game.form)
    lines = [
        f"EFG 2 R {as_text(game.title)} {listed(form.players)}",
        as_text(game.comment),
        "",
        *node_lines(form),
        "",
    ]
    return "\n".join(lines)
