"""``coopet solve FILE.nfg|FILE.json [--exact] [--json]``: what is printed of a game in a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import chain, product
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from solver import Status
from solver.concepts.nash import Exact, VertexEnumeration

Run = Callable[..., Any]
Matrix = Sequence[Sequence[str | int]]

KEYS = {
    "game", "parameters", "concept", "method", "status", "complete", "equilibria", "regime",
    "outcomes", "components", "component_index",
}  # fmt: skip


class Known(NamedTuple):
    """A game, each payoff as it stands in the file, and how many extreme equilibria it has."""

    A: Matrix
    B: Matrix
    count: int
    degenerate: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.A), len(self.A[0])

    @property
    def exact(self) -> tuple[list[list[Fraction]], list[list[Fraction]]]:
        A, B = ([[Fraction(u) for u in row] for row in matrix] for matrix in (self.A, self.B))
        return A, B


#: Two meet where both would like to be: mixed with 3/5 and 2/5.
BATTLE = Known([[3, 0], [0, 2]], [[2, 0], [0, 3]], 3)
#: Out: 1 and 5 whatever the other does. In: 0 and 0 in a fight, 2 and 2 otherwise. So entry, or
#: staying out while the threat to fight has probability 1/2 to 1.
ENTRY = Known([[1, 1], [0, 2]], [[5, 5], [0, 2]], 3, degenerate=True)
#: (2, 2) is strict; at (1, 1) nobody loses by leaving, but leaving undoes it.
UNSTABLE = Known([[0, 0], [0, 1]], [[0, 0], [0, 1]], 2, degenerate=True)

GAMES = {
    "battle": BATTLE,
    "entry": ENTRY,
    "unstable": UNSTABLE,
    # Scissors, paper, stone, where winning against stone pays three times.
    "cycle": Known([[0, 1, -1], [-1, 0, 3], [1, -3, 0]], [[0, -1, 1], [1, 0, -3], [-1, 3, 0]], 1),
    "coordination": Known([[1, 0, 0], [0, 2, 0], [0, 0, 3]], [[3, 0, 0], [0, 1, 0], [0, 0, 1]], 7),
    # Bob does not care in row 2, where it is best against 11/26 and more of column 2.
    "fractions": Known(
        [["1/3", 0], [0, "5/11"]], [["2/7", "-1/9"], ["0.1", "1e-1"]], 3, degenerate=True
    ),
    # The last row is the mean of the others: half of row 1 with half of either, against 5/9.
    "mean": Known(
        [["0.1", "0.7"], ["0.5", "0.2"], ["0.3", "0.45"]],
        [[1, 0], [0, 1], [2, 3]],
        2,
        degenerate=True,
    ),
    "row": Known([["1/3", 2, 2]], [[1, "7/3", "7/3"]], 2, degenerate=True),
    "column": Known([[1], ["1/7"]], [[0], [0]], 1),
    "one": Known([["1/3"]], [["-1/3"]], 1),
    # The columns differ in the nineteenth digit.
    "digits": Known([["1000000000000000001", 0], [0, "1e18"]], [[1, 0], [0, 1]], 3),
}

ANN_AND_BOB = (("Ann", "Bob"), (("out", "in"), ("fight", "yield")))


def nfg(
    game: Known,
    title: str = "Known",
    players: Sequence[str] = ("Ann", "Bob"),
    actions: Sequence[Sequence[str]] | None = None,
) -> str:
    """The text of a .nfg file: the row of the matrix runs fastest."""
    m, n = game.shape

    def quoted(names: Sequence[str]) -> str:
        return "{ " + " ".join(f'"{name}"' for name in names) + " }"

    listed = f"{m} {n}" if actions is None else " ".join(map(quoted, actions))
    cells = [f"{game.A[i][j]} {game.B[i][j]}" for j in range(n) for i in range(m)]
    return f'NFG 1 R "{title}" {quoted(players)} {{ {listed} }}\n' + "\n".join(cells) + "\n"


def is_nash(game: Known, x: Sequence[Fraction], y: Sequence[Fraction]) -> bool:
    """By the definition: probabilities, and nobody gains by any action of its own."""
    A, B = game.exact
    m, n = game.shape
    if (len(x), len(y)) != (m, n) or min(*x, *y) < 0 or (1, 1) != (sum(x), sum(y)):
        return False
    rows = [sum(A[i][j] * y[j] for j in range(n)) for i in range(m)]
    columns = [sum(B[i][j] * x[i] for i in range(m)) for j in range(n)]
    return max(rows) == dot(x, rows) and max(columns) == dot(y, columns)


def dot(x: Sequence[Fraction], y: Sequence[Any]) -> Fraction:
    return sum((a * b for a, b in zip(x, y, strict=True)), Fraction(0))


def payoff(matrix: Sequence[Sequence[Fraction]], x: Sequence[Fraction], y: Sequence[Fraction]):
    return dot(x, [dot(y, row) for row in matrix])


def fractions(entry: dict[str, Any]) -> list[list[Fraction]]:
    """The strategies of an equilibrium that was found by --exact."""
    for text in chain(*entry["strategies"]):
        assert isinstance(text, str)
        assert str(Fraction(text)) == text  # in lowest terms, no decimals
    return [[Fraction(text) for text in strategy] for strategy in entry["strategies"]]


def words(text: str) -> list[str]:
    """Lines whose columns are apart by one space."""
    return [" ".join(line.split()) for line in text.splitlines()]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def solve(run: Run) -> Callable[..., dict[str, Any]]:
    """Write a game to a file and solve that."""

    def call(game: Known, *options: str, status: int = 0) -> dict[str, Any]:
        Path("game.nfg").write_text(nfg(game), "utf-8")
        ran = run("solve", "game.nfg", *options, "--json")
        assert (status, "", 1) == (ran.status, ran.err, ran.out.count("\n"))
        found: dict[str, Any] = ran.data
        return found

    return call


@pytest.fixture
def few_vertices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that a 5×5 game exceeds: the default ones take larger games and longer."""
    monkeypatch.setattr(VertexEnumeration.__init__, "__defaults__", (1e-9, 8, 0))
    monkeypatch.setattr(Exact.__init__, "__defaults__", (8,))


# What people read.


def test_people_read_players_payoffs_and_probabilities(run: Run) -> None:
    Path("battle.nfg").write_text(nfg(BATTLE, "Battle", actions=(("o", "f"), ("o", "f"))))
    ran = run("solve", "battle.nfg")
    assert (0, "") == (ran.status, ran.err)
    lines = words(ran.out)
    assert "Battle: nash by vertex-enumeration" == lines[0]
    assert "SOLVED: solved and certified (the whole set)" == lines[1]
    mixed = lines.index("equilibrium 3 of 3, index -1")
    assert [
        "Ann payoff 1.2 plays o (0.6), f (0.4)",
        "Bob payoff 1.2 plays o (0.4), f (0.6)",
    ] == lines[mixed + 1 :][:2]
    assert {"equilibrium 1 of 3, index +1", "equilibrium 2 of 3, index +1"} < set(lines)
    assert {"Ann payoff 3 plays o", "Bob payoff 2 plays o", "Bob payoff 3 plays f"} < set(lines)


def test_people_read_fractions_of_an_exact_solution(run: Run) -> None:
    Path("battle.nfg").write_text(nfg(BATTLE, "Battle", actions=(("o", "f"), ("o", "f"))))
    ran = run("solve", "battle.nfg", "--exact")
    assert (0, "") == (ran.status, ran.err)
    lines = words(ran.out)
    assert "Battle: nash by exact" == lines[0]
    mixed = lines.index("equilibrium 3 of 3, index -1")
    assert [
        "Ann payoff 6/5 plays o (3/5), f (2/5)",
        "Bob payoff 6/5 plays o (2/5), f (3/5)",
    ] == lines[mixed + 1 :][:2]
    assert "0.6" not in ran.out


def test_people_are_told_of_ties_and_which_corners_belong_together(run: Run) -> None:
    Path("entry.nfg").write_text(nfg(ENTRY, "Entry", *ANN_AND_BOB))
    for options in ((), ("--exact",)):
        ran = run("solve", "entry.nfg", *options)
        assert (0, "") == (ran.status, ran.err)
        lines = words(ran.out)
        assert lines[1].startswith("DEGENERATE: ")
        assert lines[1].endswith("(the whole set)")
        heads = {k: line for k, line in enumerate(lines) if line.startswith("equilibrium ")}
        together = {k: line for k, line in heads.items() if "component" in line}
        assert {"Ann payoff 1 plays out"} == {lines[k + 1] for k in together}
        assert 1 == len({line.partition("(")[2] for line in together.values()})
        ((alone, head),) = heads.items() - together.items()
        assert head.endswith(" of 3, index +1")
        assert ["Ann payoff 2 plays in", "Bob payoff 2 plays yield"] == lines[alone + 1 : alone + 3]


def test_of_hundreds_of_equilibria_people_see_the_first_and_the_number(run: Run) -> None:
    eye = [[int(i == j) for j in range(8)] for i in range(8)]
    Path("eight.nfg").write_text(nfg(Known(eye, eye, 255)))
    ran = run("solve", "eight.nfg", "--exact")
    assert (0, "") == (ran.status, ran.err)
    assert "equilibrium 200 of 255, index" in ran.out
    assert "equilibrium 201 of 255" not in ran.out
    assert "... and 55 more: --json prints all" in words(ran.out)
    assert 255 == len(run("solve", "eight.nfg", "--exact", "--json").data["equilibria"])


def test_names_in_any_script_are_printed_as_they_stand(run: Run) -> None:
    players, actions = ("Änne", "大卫"), (("ja ⊕", "nein"), ("左", "ימין"))
    Path("names.nfg").write_text(nfg(BATTLE, "Übung", players, actions), "utf-8")
    ran = run("solve", "names.nfg", "--exact")
    assert (0, "") == (ran.status, ran.err)
    assert {
        "Änne payoff 6/5 plays ja ⊕ (3/5), nein (2/5)",
        "大卫 payoff 6/5 plays 左 (2/5), ימין (3/5)",
    } < set(words(ran.out))
    game = run("solve", "names.nfg", "--json").data["game"]
    assert ("Übung", list(players), [list(names) for names in actions]) == (
        game["name"], game["players"], game["actions"],
    )  # fmt: skip


# What programs read.


@pytest.mark.parametrize("options", [(), ("--exact",)], ids=["floats", "exact"])
@pytest.mark.parametrize("name", GAMES)
def test_programs_find_the_keys_of_the_contract(
    solve: Callable[..., Any], name: str, options: tuple[str, ...]
) -> None:
    game = GAMES[name]
    found = solve(game, *options)
    assert KEYS <= set(found)
    assert {"name", "form", "players", "actions"} == set(found["game"])
    assert ("Known", "normal") == (found["game"]["name"], found["game"]["form"])
    assert [[str(k + 1) for k in range(size)] for size in game.shape] == found["game"]["actions"]
    assert ({}, {}) == (found["parameters"], found["outcomes"])
    assert "nash" == found["concept"]
    assert ("exact" if options else "vertex-enumeration") == found["method"]
    assert ("DEGENERATE" if game.degenerate else "SOLVED", True) == (
        found["status"], found["complete"],
    )  # fmt: skip
    assert game.count == len(found["equilibria"])
    for entry in found["equilibria"]:
        assert {"strategies", "payoffs", "gap", "index"} <= set(entry)
        assert list(game.shape) == [len(strategy) for strategy in entry["strategies"]]
        kind = str if options else float
        assert all(isinstance(p, kind) for strategy in entry["strategies"] for p in strategy)
        assert all(isinstance(payoff, float) for payoff in entry["payoffs"])
        assert 0.0 <= entry["gap"] <= (0.0 if options else 1e-9)
        assert entry["index"] in (None, -1, 0, 1)


@pytest.mark.parametrize("name", GAMES)
def test_exact_strings_are_probabilities_and_equilibria(
    solve: Callable[..., Any], name: str
) -> None:
    game = GAMES[name]
    A, B = game.exact
    seen = set()
    for entry in solve(game, "--exact")["equilibria"]:
        x, y = fractions(entry)
        assert (1, 1) == (sum(x), sum(y))
        assert is_nash(game, x, y)
        exact = [payoff(A, x, y), payoff(B, x, y)]
        assert list(map(str, exact)) == entry["exact_payoffs"]
        assert list(map(float, exact)) == entry["payoffs"]
        seen.add((*x, *y))
    assert game.count == len(seen)


def test_mixtures_of_thirds_are_spelled_out(solve: Callable[..., Any]) -> None:
    """Known by hand: 3/5, 1/5, 1/5; and a decimal is the fraction that it looks like."""
    (only,) = solve(GAMES["cycle"], "--exact")["equilibria"]
    assert [["3/5", "1/5", "1/5"]] * 2 == only["strategies"]
    assert ["0", "0"] == only["exact_payoffs"]
    tenths = Known([["0.1", 0], [0, "0.2"]], [[0, 1], [1, 0]], 1)
    (only,) = solve(tenths, "--exact")["equilibria"]
    assert [["1/2", "1/2"], ["2/3", "1/3"]] == only["strategies"]
    assert ["1/15", "1/2"] == only["exact_payoffs"]


@pytest.mark.parametrize("name", GAMES)
def test_floats_are_the_fractions_rounded(solve: Callable[..., Any], name: str) -> None:
    """With the same components, and the indices of those that rounded ties leave."""

    def keyed(found: dict[str, Any]) -> dict[tuple[float, ...], tuple[Any, ...]]:
        keys = [
            tuple(round(float(Fraction(p)), 9) for strategy in e["strategies"] for p in strategy)
            for e in found["equilibria"]
        ]
        groups = zip(found["components"], found["component_index"], strict=True)
        own = {k: ({keys[j] for j in group}, index) for group, index in groups for k in group}
        return {
            key: (e["payoffs"], e["index"], *own[k])
            for k, (key, e) in enumerate(zip(keys, found["equilibria"], strict=True))
        }

    floats, exact = keyed(solve(GAMES[name])), keyed(solve(GAMES[name], "--exact"))
    assert floats.keys() == exact.keys()
    for key, (payoffs, index, together, component_index) in exact.items():
        assert floats[key][0] == pytest.approx(payoffs, rel=1e-12, abs=1e-12)
        assert (index, together) == floats[key][1:3]
        assert floats[key][3] in {component_index, None if name == "mean" else component_index}


@pytest.mark.parametrize("options", [(), ("--exact",)], ids=["floats", "exact"])
def test_a_json_file_gives_what_the_nfg_file_gives(run: Run, options: tuple[str, ...]) -> None:
    game = GAMES["fractions"]
    Path("game.nfg").write_text(nfg(game))
    Path("game.json").write_text(
        json.dumps({
            "format": "coopet-game", "version": 1, "title": "Known", "comment": "",
            "players": ["Ann", "Bob"], "actions": [["1", "2"]] * 2, "payoffs": [game.A, game.B],
        })
    )  # fmt: skip
    for last in ((), ("--json",)):
        one, other = (run("solve", f"game.{suffix}", *options, *last) for suffix in ("nfg", "json"))
        assert (0, "") == (one.status, one.err)
        assert one == other


# Components and indices.


@pytest.mark.parametrize("options", [(), ("--exact",)], ids=["floats", "exact"])
@pytest.mark.parametrize("name", ["battle", "cycle", "coordination"])
def test_without_ties_each_equilibrium_has_its_index_and_they_sum_to_one(
    solve: Callable[..., Any], name: str, options: tuple[str, ...]
) -> None:
    """Where players coordinate, the sign is that of the size of the support."""
    found = solve(GAMES[name], *options)
    entries = found["equilibria"]
    assert [[k] for k in range(len(entries))] == found["components"]
    indices = [entry["index"] for entry in entries]
    assert indices == found["component_index"]
    assert 1 == sum(indices)
    sizes = [sum(Fraction(p) > 0 for p in entry["strategies"][0]) for entry in entries]
    if name != "cycle":
        assert [(-1) ** (size - 1) for size in sizes] == indices


@pytest.mark.parametrize("options", [(), ("--exact",)], ids=["floats", "exact"])
def test_staying_out_is_a_component_of_index_zero(
    solve: Callable[..., Any], options: tuple[str, ...]
) -> None:
    """Entry is strict, so of index 1; what is left of one is 0 for the threats together."""
    found = solve(ENTRY, *options)
    profiles = [
        tuple(Fraction(p) for strategy in entry["strategies"] for p in strategy)
        for entry in found["equilibria"]
    ]
    half = Fraction(1, 2)
    threats = {(1, 0, 1, 0), (1, 0, half, half)}
    assert {(0, 1, 0, 1), *threats} == set(profiles)
    groups = [{profiles[k] for k in group} for group in found["components"]]
    assert [1, 2] == sorted(map(len, groups))
    assert {1: 1, 2: 0} == dict(zip(map(len, groups), found["component_index"], strict=True))
    assert threats in groups
    indices = dict(zip(profiles, (e["index"] for e in found["equilibria"]), strict=True))
    assert indices == {(0, 1, 0, 1): 1, **dict.fromkeys(threats)}


@pytest.mark.parametrize("options", [(), ("--exact",)], ids=["floats", "exact"])
def test_an_isolated_equilibrium_with_ties_may_have_index_zero(
    solve: Callable[..., Any], options: tuple[str, ...]
) -> None:
    found = solve(UNSTABLE, *options)
    first = [Fraction(entry["strategies"][0][0]) for entry in found["equilibria"]]
    assert {1: 0, 0: 1} == dict(zip(first, (e["index"] for e in found["equilibria"]), strict=True))
    assert [[0], [1]] == found["components"]


# Games that are too large.


@pytest.mark.usefixtures("few_vertices")
@pytest.mark.parametrize("options", [(), ("--exact",)], ids=["floats", "exact"])
def test_a_truncated_game_exits_with_3_and_claims_no_more_than_it_found(
    run: Run, solve: Callable[..., Any], options: tuple[str, ...]
) -> None:
    eye = [[int(i == j) for j in range(5)] for i in range(5)]
    game = Known(eye, eye, 31)
    found = solve(game, *options, status=3)
    assert ("TRUNCATED", False) == (found["status"], found["complete"])
    assert 0 < len(found["equilibria"]) < 31
    for entry in found["equilibria"]:
        assert is_nash(game, *([Fraction(p) for p in s] for s in entry["strategies"]))
    ran = run("solve", "game.nfg", *options)
    assert (3, "") == (ran.status, ran.err)
    assert words(ran.out)[1].startswith("TRUNCATED: ")
    assert Status.TRUNCATED.sentence in words(ran.out)[1]
    assert "more equilibria may exist" in words(ran.out)[1]
    assert "(not proven to be the whole set)" in words(ran.out)[1]
    assert f"equilibrium 1 of {len(found['equilibria'])}" in ran.out


@pytest.mark.usefixtures("few_vertices")
def test_a_truncated_game_does_not_pass_connected_equilibria_off_as_isolated(
    solve: Callable[..., Any],
) -> None:
    """Rows 1 and 2 are the same; two equilibria of index 1 would leave none for the others."""
    rows = [[int(max(i, 1) == max(j, 1)) for j in range(6)] for i in range(6)]
    found = solve(Known(rows, rows, 0), status=3)
    assert "TRUNCATED" == found["status"]
    firsts = [k for k, e in enumerate(found["equilibria"]) if 1.0 in e["strategies"][0][:2]]
    assert 4 == len(firsts)
    assert {None} == {found["equilibria"][k]["index"] for k in firsts}


def test_by_default_a_random_game_of_twenty_actions_is_too_large(run: Run) -> None:
    random = Random(2)  # with two pure equilibria
    A, B = ([[random.randint(-999, 999) for _ in range(20)] for _ in range(20)] for _ in "AB")
    Path("large.nfg").write_text(nfg(Known(A, B, 0)))
    ran = run("solve", "large.nfg", "--json")
    assert (3, "TRUNCATED", False) == (ran.status, ran.data["status"], ran.data["complete"])
    pure = {
        (i, j)
        for i, j in product(range(20), repeat=2)
        if A[i][j] == max(row[j] for row in A) and B[i][j] == max(B[i])
    }
    assert pure == {tuple(s.index(1.0) for s in e["strategies"]) for e in ran.data["equilibria"]}


# More than two players, and one.

#: The third player chooses who of the others is paid, who must agree; it likes company.
THREE = 'NFG 1 R "Three" { "Ann" "Bob" "Cid" } { 2 2 2 }\n'
AGREE = "1 1 2  0 0 0  0 0 0  1/3 1/3 2  1 1 1  0 0 0  0 0 0  1/3 1/3 3"


@pytest.mark.parametrize("options", [(), ("--exact",)], ids=["floats", "exact"])
def test_three_players_play_the_pure_equilibria(run: Run, options: tuple[str, ...]) -> None:
    Path("three.nfg").write_text(THREE + AGREE)
    ran = run("solve", "three.nfg", *options, "--json")
    assert (0, "") == (ran.status, ran.err)
    found = ran.data
    assert ("pure-nash", "SOLVED", True) == (found["concept"], found["status"], found["complete"])
    assert found["components"] is None
    one, nil = ("1", "0") if options else (1.0, 0.0)
    first, second = [one, nil], [nil, one]
    entries = {json.dumps(e["strategies"]): e for e in found["equilibria"]}
    assert {json.dumps([first] * 3), json.dumps([second] * 3)} == set(entries)
    last = entries[json.dumps([second] * 3)]
    assert (last["payoffs"], last["gap"], last["index"]) == ([1 / 3, 1 / 3, 3.0], 0.0, None)
    if options:
        assert ["1/3", "1/3", "3"] == last["exact_payoffs"]
    lines = words(run("solve", "three.nfg", *options).out)
    assert lines[0].startswith("Three: pure-nash by ")
    assert "equilibrium 2 of 2" in lines
    assert f"Ann payoff {'1/3' if options else '0.333333'} plays 2" in lines


@pytest.mark.parametrize("options", [(), ("--exact",)], ids=["floats", "exact"])
def test_three_players_without_a_pure_equilibrium_are_no_failure(
    run: Run, options: tuple[str, ...]
) -> None:
    """Ann matches Bob, Bob flees Ann."""
    Path("flee.nfg").write_text(THREE + "1 0 0 0 1 0 0 1 0 1 0 0 " * 2)
    ran = run("solve", "flee.nfg", *options, "--json")
    assert (0, "") == (ran.status, ran.err)
    assert ("pure-nash", "NONE_EXIST", []) == tuple(
        ran.data[key] for key in ("concept", "status", "equilibria")
    )


def test_one_player_takes_the_best(run: Run) -> None:
    Path("alone.nfg").write_text('NFG 1 R "" { "Ann" } { 3 }\n1 7/3 2')
    (only,) = run("solve", "alone.nfg", "--exact", "--json").data["equilibria"]
    assert ([["0", "1", "0"]], ["7/3"]) == (only["strategies"], only["exact_payoffs"])


# Payoffs that no float holds.

HUGE = Known([["1e400", 0], [0, 1]], [["-1e400", 0], [0, 3]], 1)


def test_payoffs_beyond_floats_are_solved_exactly(run: Run, solve: Callable[..., Any]) -> None:
    """(2, 2) alone: to Bob, column 1 against row 1 costs more than a float can say."""
    assert "INVALID_INPUT" == solve(HUGE, status=3)["status"]
    found = solve(HUGE, "--exact")
    assert ("SOLVED", True) == (found["status"], found["complete"])
    (only,) = found["equilibria"]
    assert is_nash(HUGE, *fractions(only))
    assert ([["0", "1"], ["0", "1"]], ["1", "3"]) == (only["strategies"], only["exact_payoffs"])
    assert 0 == run("solve", "game.nfg", "--exact").status


@pytest.mark.parametrize("concept", ["nash", "pure-nash"])
def test_equilibrium_payoffs_beyond_floats_are_fractions_and_null(
    solve: Callable[..., Any], concept: str
) -> None:
    """No float is made up for them; what has one keeps it."""
    game = Known([["1e400", 0], [0, "1/3"]], [["-1e400", "-2e400"], [0, 1]], 3)
    found = solve(game, "--exact", "--concept", concept)
    by_payoff = {tuple(e["exact_payoffs"]): e for e in found["equilibria"]}
    first = by_payoff[str(10**400), str(-(10**400))]
    assert [["1", "0"], ["1", "0"]] == first["strategies"]
    assert [None, None] == first["payoffs"]
    assert [1 / 3, 1.0] == by_payoff["1/3", "1"]["payoffs"]
    for entry in found["equilibria"]:
        assert is_nash(game, *fractions(entry))


def test_payoffs_smaller_than_floats_are_no_ties_to_the_exact_method(
    solve: Callable[..., Any],
) -> None:
    game = Known([["1e-400", 0], [0, "2e-400"]], [[1, 0], [0, 1]], 3)
    found = solve(game, "--exact")
    assert ("SOLVED", 3) == (found["status"], len(found["equilibria"]))
    assert [["1/2", "1/2"], ["2/3", "1/3"]] in [e["strategies"] for e in found["equilibria"]]


# What is refused.

#: Arguments after ``coopet solve`` and what the line must say.
REFUSED = {
    "missing": ("gone.nfg", "file gone.nfg does not exist"),
    "folder": ("folder.nfg", "folder.nfg is not a file"),
    "empty": ("empty.nfg", "empty.nfg:1:1: "),
    "short": ("short.nfg", "short.nfg:2:6: the file ends after 3 payoffs: 2 players with 2×2"),
    "long": ("long.nfg", "long.nfg:2:17: '9' stands after the last entry"),
    "nan": ("nan.nfg", "nan.nfg:2:15: 'nan' is not a number"),
    "zero": ("zero.nfg", "zero.nfg:2:15: '1/0' divides by zero"),
    "tree": ("tree.nfg", "tree.nfg:1:1: a game in normal form starts with NFG 1 R, not with 'EFG'"),
    "bytes": ("bytes.nfg", "bytes.nfg:1:10: byte 0xE9 is not UTF-8"),
    "json": ("shape.json", "shape.json: payoffs[1][1]: a list of 2 is needed"),
    "set": ("good.nfg --set a=1", "unknown parameter of game Good 'a': it has none"),
    "concept": ("good.nfg --concept nsh", "unknown concept 'nsh': did you mean nash?"),
    "form": (
        "good.nfg --concept subgame-perfect",
        "applies to leader-follower and extensive",
    ),
    "method": ("good.nfg --method exat", "unknown method of nash 'exat': did you mean exact?"),
    "two-methods": ("good.nfg --exact --method vertex-enumeration", "two methods: choose one"),
    "players": ("three.nfg --concept nash", "this game has 3: pure-nash takes any number"),
    "players-exact": ("three.nfg --concept nash --exact", "this game has 3: pure-nash takes any"),
    "inexact-form": (
        "phase --exact",
        "no exact method for leader-follower games: nash",
    ),
    "inexact": ("bargain --concept outside-option --exact", "outside-option has no exact method"),
    "two-files": ("good.nfg three.nfg", "three.nfg"),
}
HEAD = 'NFG 1 R "Good" { "a" "b" } { 2 2 }\n'


@pytest.mark.parametrize("last", [(), ("--json",)], ids=["text", "json"])
@pytest.mark.parametrize(("text", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_solved_is_refused_in_one_line(
    run: Run, text: str, said: str, last: tuple[str, ...]
) -> None:
    Path("folder.nfg").mkdir()
    Path("bytes.nfg").write_bytes(b'NFG 1 R "\xe9"')
    Path("three.nfg").write_text(THREE + AGREE)
    Path("tree.nfg").write_text('EFG 2 R "Tree" { "a" "b" }\n')
    bodies = {
        "empty": "", "good": "1 2 3 4 5 6 7 8", "short": "1 2 3", "long": "1 2 3 4 5 6 7 8 9",
        "nan": "1 2 3 4 5 6 7 nan", "zero": "1 2 3 4 5 6 7 1/0",
    }  # fmt: skip
    for name, body in bodies.items():
        Path(f"{name}.nfg").write_text(HEAD + body if body else "")
    Path("shape.json").write_text(
        '{"format": "coopet-game", "version": 1, "players": ["a", "b"],'
        ' "actions": [["x", "y"], ["z", "w"]], "payoffs": [[[1, 0], [0, 1]], [[1, 0], [0]]]}'
    )
    ran = run("solve", *text.split(), *last)
    assert (2, "", 1) == (ran.status, ran.out, ran.err.count("\n"))
    assert ran.err.startswith("coopet: ")
    assert said in ran.err
