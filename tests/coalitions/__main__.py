"""The command: random coalition games against other routes to the same answers.

    python -m tests.coalitions --games 10000 --seed 1

Games of every family with three to six players. Nucleolus and prenucleolus are compared with linear
programs by HiGHS, core vertices and intervals with brute force (five players: every eighth game,
they have 30,000 corners each; six: none), and all of them, the Shapley value and τ with coopgame-py
where that is installed, whose nucleolus is exact.
Exit status 1 if anything differs; the first few games are printed.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator

import click
import numpy as np
from numpy.typing import NDArray

from tests.coalitions import truth
from tests.coalitions.comparing import against_corners, against_peer, against_programs
from tests.coalitions.games import FAMILIES, draw

Floats = NDArray[np.float64]
#: What differs, by the number of the game.
Route = Callable[[Floats], Iterator[tuple[int, str]]]

#: Games that are printed in full, and those compared before there is a word of progress.
EXAMPLES, CHUNK = 10, 25
#: Of so many games one is compared with all corners, by the number of players.
CORNERS = {3: 1, 4: 1, 5: 8}


@click.command()
@click.option("--games", default=10_000, show_default=True, help="Shared by families and sizes.")
@click.option("--seed", default=1, show_default=True)
@click.option("--players", default="3-6", show_default=True, help="Such as 3-6.")
@click.option("--programs/--no-programs", default=True, help="Compare with HiGHS, which is slow.")
def main(games: int, seed: int, players: str, *, programs: bool) -> None:
    """Compare coalition games with other routes."""
    start = time.perf_counter()
    low, _, high = players.partition("-")
    sizes = range(int(low), int(high or low) + 1)
    each = -(-games // (len(FAMILIES) * len(sizes)))
    routes = [against_corners] + [against_programs] * programs + [against_peer] * truth.PEER
    wrong: Counter[str] = Counter()
    done = 0
    for size in sizes:
        for family in FAMILIES:
            table = draw(family, each, size, seed)
            for first in range(0, each, CHUNK):
                part = table[first : first + CHUNK]
                for route in routes:
                    some = _sampled(part, route, size)
                    for g, words in route(some):
                        wrong[route.__name__] += 1
                        if sum(wrong.values()) <= EXAMPLES:
                            click.echo(f"{family}, {some[g].tolist()}\n    {words}")
                done += len(part)
        click.echo(f"{done:,} games up to {size} players: {dict(wrong) or 'none wrong'}", err=True)
    names = ", ".join(route.__name__.removeprefix("against_") for route in routes)
    seconds = time.perf_counter() - start
    total = sum(wrong.values()) or "none"
    click.echo(f"{done:,} games against {names}, seed {seed}, in {seconds:,.0f} s: {total} wrong")
    sys.exit(int(bool(wrong)))


def _sampled(part: Floats, route: Route, players: int) -> Floats:
    """The games of a chunk that this route is asked about."""
    if route is not against_corners:
        return part
    step = CORNERS.get(players, 1 if players < 3 else 0)
    return part[::step] if step else part[:0]


if __name__ == "__main__":
    main()
