"""Options and arguments that several subcommands share."""

from __future__ import annotations

import json
import math
import shlex
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from solver.errors import ParameterError
from solver.game import Game

F = TypeVar("F", bound=Callable[..., Any])

target_argument = click.argument("target")
set_option = click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", help="Fix a parameter (repeatable)."
)
concept_option = click.option(
    "--concept", metavar="NAME", help="Solution concept; by default the first that applies."
)
method_option = click.option("--method", metavar="NAME", help="Method of the concept.")
add_option = click.option(
    "--add",
    "add",
    multiple=True,
    metavar="SET",
    help="Add a set of columns: panel, logit, basins, survivors, joint, coco,"
    " coopetition or coalition (repeatable).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def read_settings(settings: Sequence[str], game: Game, option: str = "--set") -> dict[str, float]:
    """``NAME=VALUE`` strings as numbers; the last one of a name does not silently win."""
    values: dict[str, float] = {}
    for text in settings:
        name, equals, value = text.partition("=")
        name = name.strip()
        if not equals or not name:
            raise ParameterError(f"{option} {text!r} is not of the form NAME=VALUE")
        if name in values:
            raise ParameterError(f"{option} {name} is given twice")
        try:
            values[name] = float(value)
        except ValueError:
            parameter = game.parameter(name)
            allowed = f" in {parameter.allowed}" if parameter else ""
            raise ParameterError(f"{name} = {value.strip()!r} is not a number{allowed}") from None
    return values


def print_json(data: object) -> None:
    """Print data as one JSON object, NaN as null."""
    click.echo(json.dumps(plain(data), allow_nan=False, ensure_ascii=False))


def plain(value: Any) -> Any:
    """NumPy scalars and arrays as JSON values; what is not finite becomes null."""
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def typed() -> str:
    """The command as it was typed, without what would make it start over."""
    arguments = click.get_current_context().find_root().obj or []
    return shlex.join(["coopet", *(text for text in arguments if text != "--fresh")])


def size(count: float) -> str:
    """A number of bytes for people."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"
