"""Backward induction: against all pure strategies in fractions, known games, units, refusals."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest

from solver import (
    Status,
    bargaining,
    chance,
    decision,
    get_threads,
    leaf,
    set_threads,
    simultaneous,
    subgame_perfect,
    tree,
)
from solver.concepts._backward import BackwardInduction, backward_induction
from solver.concepts._tree_values import subgame_blocks, tree_values
from solver.errors import ConceptError, ParameterError
from solver.forms.extensive import ExtensiveForm
from solver.forms.tree import BARGAINING, CHANCE, LEAF

GAMES = 6  # per random tree
ODDS = ((0.5, 0.5), (0.25, 0.75), (0.0, 1.0), (0.25, 0.25, 0.5), (1.0,))


def some_tree(seed, *, stages=True, integers=True):
    """A random small tree whose payoffs are small whole numbers, for many ties."""
    rng = np.random.default_rng(seed)
    players = ("x", "y", "z")[: rng.integers(1, 4)]
    budget = [int(rng.integers(2, 6))]  # decisions

    def payoff():
        return rng.integers(0, 3, GAMES) * 1.0 if integers else rng.normal(size=GAMES)

    def node(depth):
        kind = rng.random()
        if depth and (depth > 4 or kind < 0.25 or not budget[0]):
            return leaf(*(payoff() for _ in players))
        if kind < 0.4 and depth:
            odds = ODDS[rng.integers(len(ODDS))]
            return chance({f"c{k}": (p, node(depth + 1)) for k, p in enumerate(odds)})
        if kind < 0.55 and len(players) > 1 and stages:
            one, two = rng.permutation(players)[:2]
            outside = {str(one): payoff()} if rng.random() < 0.5 else None
            share = rng.choice([0.25, 0.5, 1.0])
            weights = {str(one): share, str(two): 1.0 - share}
            return bargaining(weights, node(depth + 1), node(depth + 1), outside=outside)
        budget[0] -= 1
        width = int(rng.integers(1, 4))
        return decision(str(rng.choice(players)), {f"a{k}": node(depth + 1) for k in range(width)})

    return tree(players, node(0))


def fractions(array):
    exact = [None if np.isneginf(v) else Fraction(float(v)) for v in np.asarray(array).ravel()]
    made = np.empty(len(exact), object)
    made[:] = exact
    return made.reshape(np.shape(array))


def shared(agreed, failed, weights, outside, parties):
    """The stage by its definition: try who takes the outside option, smallest group first."""
    alone = {i: failed[i] if outside[i] is None else max(failed[i], outside[i]) for i in parties}
    total = sum(agreed[i] for i in parties)
    if total < sum(alone.values()):
        return [alone.get(i, v) for i, v in enumerate(failed)]
    out = set()
    while True:
        free = [i for i in parties if i not in out]
        left = total - sum(outside[i] for i in out) - sum(failed[i] for i in free)
        rest = sum(weights[i] for i in free)
        part = {i: weights[i] / rest if rest else Fraction(1, len(free)) for i in free}
        got = {i: failed[i] + part[i] * left for i in free} | {i: outside[i] for i in out}
        more = {i for i in free if outside[i] is not None and outside[i] > got[i]}
        if not more:
            return [got.get(i, v) for i, v in enumerate(agreed)]
        out |= more


def all_values(form, g):
    """Per node (*actions of each decision, N): what the players get under every pure profile."""
    t = form.tree
    payoffs, odds, weights, outside = (fractions(part[g]) for part in form.flat())
    sizes = [len(h.actions) for h in t.infosets]
    axis = {t.members[h][0]: h for h in range(len(sizes))}
    leaf_of = {int(v): k for k, v in enumerate(t.leaves)}
    stage_of = {int(v): k for k, v in enumerate(t.bargains)}
    values = {}
    for v in range(t.size - 1, -1, -1):
        table = np.empty((*sizes, len(t.players)), object)
        for profile in product(*map(range, sizes)):
            below = [values[c][profile] for c in t.children[v]]
            if t.mover[v] == LEAF:
                table[profile] = payoffs[leaf_of[v]]
            elif t.mover[v] == CHANCE:
                start = t.chance_start[v]
                table[profile] = sum(odds[start + k] * u for k, u in enumerate(below))
            elif t.mover[v] == BARGAINING:
                s = stage_of[v]
                table[profile] = shared(*map(list, below), weights[s], outside[s], t.parties[s])
            else:
                table[profile] = below[profile[axis[v]]]
        values[v] = table
    return values


def perfect(form, g):
    """Give the profiles that are Nash in every subgame, whether mixtures are plain, the first.

    With bargaining a plan that binds its player to what it would not do can pay, so there only
    deviations at the root of each subgame count. Mixtures are plain if the best actions at each
    node are the same in all of these profiles, and nothing below a bargaining node is tied.
    """
    t = form.tree
    values = all_values(form, g)
    movers = [h.player for h in t.infosets]
    good = np.ones(values[0].shape[:-1], bool)
    for v in range(t.size):
        for i in range(len(t.players)):
            own = tuple(h for h, mover in enumerate(movers) if mover == i)
            if len(t.bargains):
                own = (t.infoset[v],) if t.mover[v] == i else ()
            mine = values[v][..., i]
            if own:
                good &= (mine == mine.max(axis=own, keepdims=True)).astype(bool)
    found = {tuple(map(int, at)) for at in np.argwhere(good)}
    best = [set() for _ in movers]
    for profile in found:
        for h, mover in enumerate(movers):
            worth = [values[c][profile][mover] for c in t.children[t.members[h][0]]]
            best[h].add(tuple(k for k, u in enumerate(worth) if u == max(worth)))
    plain = all(len(sets) == 1 for sets in best)
    for v in t.bargains:
        inside = [h for h in range(len(movers)) if v < t.members[h][0] < t.end[v]]
        plain &= all(len(next(iter(best[h]))) == 1 for h in inside)
    return found, plain, by_rule(t, values)


def by_rule(t, values):
    """The profile in which an indifferent player takes the action listed first."""
    profile = [0] * len(t.infosets)
    for v in range(t.size - 1, -1, -1):
        if t.mover[v] >= 0:
            worth = [values[c][tuple(profile)][t.mover[v]] for c in t.children[v]]
            profile[t.infoset[v]] = worth.index(max(worth))
    return tuple(profile)


def choices(eq, g):
    """The equilibria of one game as tuples, in the order in which they are listed."""
    column = eq.form.tree.column
    rows = eq.profiles[eq.owner == g]
    assert set(np.unique(rows)) <= {0.0, 1.0}
    return [tuple(int(row[a:b].argmax()) for a, b in pairwise(column)) for row in rows]


@pytest.mark.parametrize("seeds", [range(k, k + 15) for k in range(0, 120, 15)], ids=str)
def test_all_pure_equilibria_are_those_of_the_definition(seeds):
    """Nash in every subgame, over all pure profiles, in fractions."""
    ties = 0
    for seed in seeds:
        form = some_tree(seed)
        eq = subgame_perfect(form)
        for g in range(GAMES):
            expected, plain, first = perfect(form, g)
            got = choices(eq, g)
            assert len(got) == len(set(got)) == eq.count[g]
            assert expected == set(got), (seed, g)
            assert first == got[0]
            assert (len(expected) > 1) == (eq.status[g] == Status.DEGENERATE)
            assert plain == eq.complete[g]
            ties += len(expected) > 1
        assert eq.gap[~np.isnan(eq.gap)].max() <= 1e-12
    assert ties > 5


@pytest.mark.parametrize("seed", range(12))
def test_values_are_those_of_the_definition(seed):
    """The compiled certificate agrees with sequences, for any behavior strategies."""
    form = some_tree(100 + seed, integers=False)
    t = form.tree
    rng = np.random.default_rng(seed)
    owner = rng.integers(0, GAMES, 40)
    rows = np.empty((40, t.column[-1]))
    for a, b in pairwise(t.column):
        rows[:, a:b] = rng.dirichlet(np.ones(b - a), 40)
    eq = subgame_perfect(form)
    payoffs, gaps = eq.rows.values(rows, owner)
    expected = tree_values(form, rows, owner, subgame_blocks(t))
    np.testing.assert_allclose(expected[0], payoffs, rtol=0.0, atol=1e-12)
    np.testing.assert_allclose(expected[1], gaps, rtol=0.0, atol=1e-12)
    assert gaps.max() > 0.01 or not len(t.infosets) or t.column[-1] == len(t.infosets)


def entry(shift=0.0, scale=1.0):
    def end(*payoffs):
        return leaf(*(shift + scale * u for u in payoffs))

    follows = decision("incumbent", {"fight": end(-1, 0), "yield": end(1, 1)})
    return tree(
        ("entrant", "incumbent"), decision("entrant", {"enter": follows, "stay out": end(0, 2)})
    )


@pytest.mark.parametrize(("shift", "scale"), [(0, 1), (1e12, 1), (-1e12, 4), (0, 1e12), (0, 1e-9)])
def test_an_empty_threat_is_not_believed(shift, scale):
    """Selten's entry deterrence: enter and yield, although (stay out, fight) is Nash."""
    eq = subgame_perfect(entry(shift, scale))
    assert (eq.status, eq.count, eq.complete) == (Status.SOLVED, 1, True)
    assert [[1.0, 0.0, 0.0, 1.0]] == eq.profiles.tolist()
    np.testing.assert_array_equal([[shift + scale] * 2], eq.payoffs)
    assert eq.certificate.gap == 0.0
    assert (eq.concept, eq.method, eq.measure) == (
        "subgame-perfect", "backward-induction", "one-shot deviation",
    )  # fmt: skip


def test_centipede_stops_at_once():
    """Rosenthal 1981: everybody takes at every node."""
    follows = leaf(100, 100)
    for k in range(99, -1, -1):
        pot = (k + 2, k - 1) if k % 2 == 0 else (k - 1, k + 2)
        follows = decision(("first", "second")[k % 2], {"take": leaf(*pot), "pass": follows})
    eq = subgame_perfect(tree(("first", "second"), follows))
    assert eq.status == Status.SOLVED
    assert [[1.0, 0.0] * 100] == eq.profiles.tolist()
    assert [[2.0, -1.0]] == eq.payoffs.tolist()


@pytest.mark.parametrize("steps", [2, 5, 9])
def test_ultimatum_has_two_pure_outcomes(steps):
    """On a grid the responder accepts what is positive; at zero it may do either.

    So the proposer keeps everything or all but one unit: two equilibria, and if the responder mixes
    at zero the proposer's best offer changes, hence no product.
    """
    offers = {
        str(k): decision("responder", {"accept": leaf(steps - k, k), "reject": leaf(0, 0)})
        for k in range(steps + 1)
    }
    eq = subgame_perfect(tree(("proposer", "responder"), decision("proposer", offers)))
    assert (eq.status, eq.count, eq.complete) == (Status.DEGENERATE, 2, False)
    assert [[steps, 0], [steps - 1, 1]] == eq.payoffs.tolist()


def test_the_indifferent_take_what_is_listed_first():
    """All payoffs equal: every profile, and the first takes the first action everywhere."""
    deep = {str(k): decision("y", {"l": leaf(1, 1), "r": leaf(1, 1)}) for k in range(3)}
    eq = subgame_perfect(tree(("x", "y"), decision("x", deep)))
    assert (eq.status, eq.count, eq.complete) == (Status.DEGENERATE, 3 * 2**3, True)
    assert [1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0] == eq.profiles[0].tolist()
    assert len(np.unique(eq.profiles, axis=0)) == 24


@pytest.mark.parametrize("most", [1, 5, 23, 24])
def test_a_limit_keeps_the_first_and_says_so(most):
    """Of 24 equilibria."""
    deep = {str(k): decision("y", {"l": leaf(1, 1), "r": leaf(1, 1)}) for k in range(3)}
    form = tree(("x", "y"), decision("x", deep))
    eq = subgame_perfect(form, BackwardInduction(max_equilibria=most))
    status = Status.DEGENERATE if most == 24 else Status.TRUNCATED
    assert (eq.status, eq.count, eq.complete) == (status, most, most == 24)
    np.testing.assert_array_equal(subgame_perfect(form).profiles[:most], eq.profiles)


def test_games_that_are_not_finite_are_marked_and_harm_nobody():
    """NaN and infinite payoffs, and probabilities that cannot be."""
    bad = np.array([1.0, np.nan, np.inf, 1.0, -np.inf, 1.0])
    half = np.array([0.5, 0.5, 0.5, 0.7, 0.5, np.nan])
    form = tree(
        ("x",),
        decision(
            "x", {"l": chance({"u": (half, leaf(0)), "d": (0.5, leaf(bad))}), "r": leaf(0.25)}
        ),
    )
    eq = subgame_perfect(form)
    invalid = Status.INVALID_INPUT
    assert [Status.SOLVED, *[invalid] * 5] == eq.status.tolist()
    assert [1, 0, 0, 0, 0, 0] == eq.count.tolist()
    assert not eq.complete[1:].any()
    assert [0.5] == eq.payoffs[0].tolist()[0]


def test_chance_far_from_zero_keeps_its_digits():
    """At 1e12 a payoff has three decimals; lotteries a third apart are told from equal ones."""
    for shift in (0.0, 1e12, -3e12):
        lottery = chance({str(k): (1 / 3, leaf(shift + u)) for k, u in enumerate((0, 1, 5))})
        for sure, count in ((2, 2), (1, 1), (3, 1)):
            eq = subgame_perfect(
                tree(("x",), decision("x", {"l": lottery, "s": leaf(shift + sure)}))
            )
            assert (count, sure <= 2) == (eq.count, eq.profiles[0, 0] == 1.0)
            assert eq.certificate.gap <= 1e-9


@pytest.mark.parametrize("games", [1, 3, 40, 200])
def test_a_batch_is_its_games_and_memory_does_not_matter(games):
    """Leaf-major, game-major, backwards and broadcast arrays; one game alone."""
    base = some_tree(3, integers=False)
    rng = np.random.default_rng(5)
    shape = (games, *base.payoffs.shape[1:])
    payoffs = rng.normal(size=shape)
    payoffs[::3] = rng.integers(0, 3, payoffs[::3].shape)
    parts = {"weights": base.weights[:1], "outside": base.outside[:1]}
    lead = np.moveaxis(np.ascontiguousarray(np.moveaxis(payoffs, 0, -1)), -1, 0)
    flipped = payoffs[::-1, :, ::-1].copy()[::-1, :, ::-1]
    expected = None
    for same in (payoffs, lead, flipped):
        eq = subgame_perfect(ExtensiveForm(base.tree, same, base.chance[:1], **parts))
        got = [eq.count.tolist(), eq.status.tolist(), eq.profiles.tolist()]
        assert got == (expected or got)
        expected = got
    for g in range(0, games, 7):
        one = subgame_perfect(
            ExtensiveForm(
                base.tree,
                payoffs[g],
                base.chance[0],
                **{name: part[0] for name, part in parts.items()},
            )
        )
        np.testing.assert_array_equal(one.profiles, eq.profiles[eq.owner == g])
        np.testing.assert_array_equal(one.row_values, np.array(eq.row_values)[:, eq.owner == g])
    again = np.broadcast_to(payoffs[0], shape)
    eq = subgame_perfect(ExtensiveForm(base.tree, again, base.chance[:1], **parts))
    assert len(np.unique(eq.count)) == 1
    np.testing.assert_array_equal(eq.profiles[: eq.count[0]], eq.profiles[-eq.count[0] :])


@pytest.fixture
def _threads_restored():
    before = get_threads()
    yield
    set_threads(before)


@pytest.mark.usefixtures("_threads_restored")
def test_two_threads_answer_as_one():
    """Ranges are put back in order."""
    rng = np.random.default_rng(0)
    base = some_tree(8)
    payoffs = rng.integers(0, 4, (9_000, *base.payoffs.shape[1:]))
    form = ExtensiveForm(base.tree, payoffs, base.chance[:1])
    answers = []
    for threads in (1, 2):
        set_threads(threads)
        eq = subgame_perfect(form)
        answers.append((eq.count.tobytes(), eq.profiles.tobytes(), eq.complete.tobytes()))
    assert answers[0] == answers[1]


def test_a_game_that_is_over_has_one_equilibrium():
    """A single leaf, which is a game of nobody's choice."""
    eq = subgame_perfect(tree(("x", "y"), leaf(np.array([1.0, np.nan]), 2.0)))
    assert [Status.SOLVED, Status.INVALID_INPUT] == eq.status.tolist()
    assert [1.0, 2.0] == eq.payoffs[0, 0].tolist()
    assert (1, 0) == eq.profiles.shape


@pytest.mark.parametrize("actions", [2, 127, 128, 200])
def test_wide_nodes(actions):
    """More actions than a byte counts; one player, the best is the last."""
    pick = {str(k): leaf(k % 199, 0) for k in range(actions)}
    eq = subgame_perfect(tree(("x", "y"), decision("x", pick)))
    assert min(actions - 1, 198) == eq.profiles[0].argmax()
    assert (1, Status.SOLVED) == (eq.count, eq.status)


@pytest.mark.parametrize("seed", range(4))
def test_a_large_tree_of_one_player_finds_the_maximum(seed):
    """Lone decisions only: its value is the largest payoff."""
    rng = np.random.default_rng(seed)
    payoffs = rng.normal(size=(3**6, 70))

    def node(low, high):
        third = (high - low) // 3
        if not third:
            return leaf(payoffs[low])
        return decision(
            "x", {str(k): node(low + k * third, low + (k + 1) * third) for k in range(3)}
        )

    eq = subgame_perfect(tree(("x",), node(0, 3**6)))
    np.testing.assert_array_equal(payoffs.max(axis=0), eq.payoffs[:, 0, 0])


def test_a_player_who_does_not_know_where_it_is_cannot_be_solved_node_by_node():
    """By name: such trees are solved by subgames."""
    cells = {(a, b): leaf(0, 0) for a in "lr" for b in "lr"}
    form = tree(("x", "y"), simultaneous(("x", "y"), cells))
    with pytest.raises(ConceptError, match="perfect information: y has 2 nodes"):
        backward_induction(form, BackwardInduction())
    assert subgame_perfect(form).count == 4


@pytest.mark.parametrize(
    "options", [{"max_equilibria": 0}, {"max_equilibria": 1.5}, {"tol": float("nan")}], ids=str
)
def test_settings_that_are_no_numbers_are_refused(options):
    """With the name."""
    with pytest.raises(ParameterError, match=f"{next(iter(options))} = .* is no"):
        BackwardInduction(**options)
