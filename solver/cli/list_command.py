"""``coopet list``: what there is."""

from __future__ import annotations

from typing import Any

import click

from solver import views
from solver.cli.options import json_option, print_json
from solver.cli.targets import find_game, game_names
from solver.concepts import CONCEPTS, find


@click.command("list")
@json_option
def command(*, as_json: bool) -> None:
    """List games, concepts and views."""
    found: dict[str, list[dict[str, Any]]] = {
        "games": [{"name": name, "summary": find_game(name).summary} for name in game_names()],
        "concepts": [
            {
                "name": name,
                "summary": find(name).summary,
                "forms": [form.kind for form in find(name).forms],
                "methods": find(name).method_names,
            }
            for name in CONCEPTS
        ],
        "views": [{"name": name, "summary": views.summary(name)} for name in views.VIEWS],
    }
    if as_json:
        print_json(found)
        return
    for heading, entries in found.items():
        click.echo(heading)
        width = max(len(entry["name"]) for entry in entries)
        for entry in entries:
            click.echo(f"  {entry['name']:<{width}}  {entry['summary']}")
        click.echo()
    click.echo("More about one of the games: coopet show NAME")
