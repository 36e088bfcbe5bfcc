"""Trees told as nested nodes: topology, payoffs, and what is refused and where."""

from __future__ import annotations

import numpy as np
import pytest

from solver import (
    ExtensiveForm,
    Status,
    Tree,
    bargaining,
    chance,
    decision,
    leaf,
    simultaneous,
    subgame_perfect,
    tree,
)
from solver.errors import FormError
from solver.forms.extensive import leaf_probabilities, reached
from solver.forms.telling import Node
from solver.forms.tree import CHANCE, LEAF, Infoset

PLAYERS = ("Ann", "Bob")


def entry(first: float = 0.0) -> Node:
    return decision(
        "Ann",
        {
            "in": decision("Bob", {"fight": leaf(-1, first), "yield": leaf(1, 1)}),
            "out": leaf(0, 2),
        },
    )


def blind(actions: tuple[str, ...] = ("l", "r")) -> Node:
    """Bob does not see what Ann did."""
    return decision(
        "Ann",
        {a: decision("Bob", {b: leaf(1, 2) for b in actions}, infoset="blind") for a in ("u", "d")},
    )


def test_nodes_are_numbered_in_the_order_of_telling() -> None:
    t = tree(PLAYERS, entry()).tree
    assert (-1, 0, 1, 1, 0) == t.parent
    assert (0, 1, LEAF, LEAF, LEAF) == t.mover
    assert ["the root", "in", "in > fight", "in > yield", "out"] == [t.path(v) for v in range(5)]
    assert [5, 4, 3, 4, 5] == t.end.tolist()
    assert [2, 3, 4] == t.leaves.tolist()


def test_payoffs_stand_leaf_by_leaf_and_broadcast_over_a_batch() -> None:
    form = tree(PLAYERS, entry(np.array([0.0, 5.0])))
    assert (2,) == form.batch_shape
    assert [[[-1, 0], [1, 1], [0, 2]], [[-1, 5], [1, 1], [0, 2]]] == form.payoffs.tolist()


def test_payoffs_on_the_way_are_added_to_what_follows() -> None:
    root = chance(
        {
            "a": (0.5, decision("Ann", {"x": leaf(1, 1), "y": leaf(2, 2)}, payoffs=(10, 20))),
            "b": (0.5, leaf(0, 0)),
        },
        payoffs=(100, 200),
    )
    assert [[111, 221], [112, 222], [100, 200]] == tree(PLAYERS, root).payoffs.tolist()


def test_equal_trees_are_equal_and_hash_alike() -> None:
    one, other = tree(PLAYERS, entry(1.0)).tree, tree(PLAYERS, entry(2.0)).tree
    assert one == other
    assert hash(one) == hash(other)
    assert one != tree(PLAYERS, blind()).tree


def test_a_simultaneous_stage_hides_the_first_move_from_the_second() -> None:
    cells = {(a, b): leaf(a == b, a != b) for a in ("h", "t") for b in ("h", "t")}
    twice = chance({k: (0.5, simultaneous(PLAYERS, cells)) for k in ("sun", "rain")})
    t = tree(PLAYERS, twice).tree
    assert [(0, "sun"), (0, "rain"), (1, "sun > h"), (1, "rain > h")] == [
        (h.player, h.label) for h in t.infosets
    ]
    assert [1, 1, 2, 2] == [len(nodes) for nodes in t.members]
    assert [0, 1, 8] == t.subgame_roots.tolist()


def test_subgames_start_where_nobody_below_is_unsure_of_it() -> None:
    t = tree(PLAYERS, decision("Ann", {"go": blind(), "stop": entry()})).tree
    paths = [t.path(v) for v in t.subgame_roots]
    assert ["the root", "stop", "stop > in"] == [p for p in paths if not p.startswith("go")]
    assert ["go"] == [p for p in paths if p.startswith("go")]


def test_sequences_are_the_own_last_choice() -> None:
    t = tree(
        PLAYERS, decision("Ann", {"in": decision("Ann", {"a": leaf(1, 1), "b": leaf(2, 2)})})
    ).tree
    assert [[0, 0], [1, 0], [2, 0], [3, 0]] == t.sequence.tolist()


@pytest.mark.parametrize(
    ("root", "message"),
    [
        (leaf(1, 2, 3), "tree at the root: 3 payoffs for 2 players"),
        (decision("Ann", {"in": leaf(1)}), "tree at in: 1 payoffs for 2 players"),
        (decision("Ann", {}), "a node that is no leaf needs a branch"),
        (decision("Cid", {"in": leaf(1, 1)}), "'Cid' is none of the players Ann, Bob"),
        (decision("Ann", {"in": 3}), "tree at in: 3 is no node"),
        (
            chance({"a": (0.5, leaf(1, 1)), "b": (0.6, leaf(1, 1))}),
            "tree at the root: probabilities 0.5, 0.6: none negative, one in all",
        ),
        (
            decision("Ann", {"x": chance({"a": (-0.5, leaf(1, 1)), "b": (1.5, leaf(1, 1))})}),
            "tree at x: probabilities -0.5, 1.5",
        ),
        (
            decision(
                "Ann",
                {
                    "u": decision("Bob", {"l": leaf(1, 1)}, infoset="blind"),
                    "d": decision("Bob", {"r": leaf(1, 1)}, infoset="blind"),
                },
            ),
            "tree at d: information set 'blind' has actions l, here they are r",
        ),
        (
            decision(
                "Ann",
                {
                    "u": decision("Ann", {"l": leaf(1, 1)}, infoset="hazy"),
                    "d": decision("Ann", {"l": leaf(1, 1)}, infoset="hazy"),
                },
            ),
            "tree at d: Ann cannot tell this from u, although it did other things before",
        ),
        (
            decision(
                "Ann",
                {
                    "u": decision("Ann", {"u": leaf(1, 1), "d": leaf(0, 0)}, infoset="exit"),
                    "d": leaf(4, 4),
                },
                infoset="exit",
            ),
            "tree at u: Ann is back in its information set 'exit'",
        ),
        (
            decision("Ann", {"x": leaf(np.zeros(2), 0), "y": leaf(np.zeros(3), 0)}),
            r"batch shapes do not broadcast",
        ),
        (decision("Ann", {"x": leaf("much", 0)}), "payoff"),
        (
            bargaining({"Ann": 0.5, "Bob": 0.6}, leaf(1, 1), leaf(0, 0)),
            "weights 0.5, 0.6: none negative, one in all for the parties",
        ),
        (bargaining({"Ann": 1.0}, leaf(1, 1), leaf(0, 0)), "two or more different players"),
    ],
)  # fmt: skip
def test_what_is_no_game_is_refused_by_the_path_of_the_node(root: Node, message: str) -> None:
    with pytest.raises(FormError, match=message):
        tree(PLAYERS, root)


def test_an_own_label_may_be_the_path_of_another_node() -> None:
    one = decision("Bob", {"l": leaf(1, 1)}, infoset="d")
    other = decision("Bob", {"l": leaf(1, 1)})
    t = tree(PLAYERS, decision("Ann", {"u": one, "d": other})).tree
    assert ["", "d", "d'"] == [h.label for h in t.infosets]


def test_bargaining_needs_that_nobody_is_unsure_of_it() -> None:
    def talk(a: str) -> Node:
        after = decision("Bob", {"l": leaf(1, 1), "r": leaf(0, 0)}, infoset="hazy")
        return bargaining({"Ann": 0.5, "Bob": 0.5}, after, leaf(ord(a), 0))

    with pytest.raises(FormError, match="bargaining must end in subgames"):
        tree(PLAYERS, decision("Ann", {"u": talk("u"), "d": talk("d")}))


def test_a_bad_probability_in_one_game_is_invalid_there_only() -> None:
    p = np.array([0.5, 1.5, np.nan])
    form = tree(PLAYERS, chance({"a": (p, leaf(1, 1)), "b": (1 - p, leaf(0, 0))}))
    assert [False, True, True] == np.isnan(form.payoffs).all(axis=(1, 2)).tolist()


def test_a_branch_may_be_used_twice() -> None:
    again = entry()
    form = tree(PLAYERS, decision("Bob", {"a": again, "b": again}))
    assert 11 == form.tree.size
    assert form.payoffs[:3].tolist() == form.payoffs[3:].tolist()


def test_a_chain_of_ten_thousand_moves_is_told_without_recursion() -> None:
    node = leaf(0, 0)
    for k in range(10_000):
        node = decision(PLAYERS[k % 2], {"stop": leaf(k, 1), "go": node})
    assert 20_001 == tree(PLAYERS, node).tree.size


def test_a_form_keeps_its_leaves_slowest_when_broadcast() -> None:
    form = tree(PLAYERS, entry(np.zeros(4))).over((3, 4), np.eye(3, 4, dtype=bool))
    assert (3, 4, 3, 2) == form.payoffs.shape
    assert np.isnan(form.payoffs[1, 1]).all()
    assert not np.isnan(form.payoffs[0, 1]).any()
    payoffs = form.flat()[0]
    assert np.shares_memory(payoffs, form.payoffs)


def test_arrays_must_fit_the_tree() -> None:
    t = Tree(("Ann",), (-1, 0, 0), (CHANCE, LEAF, LEAF), (-1, -1, -1), ("", "a", "b"), ())
    assert () == ExtensiveForm(t, [[1.0], [2.0]], [0.5, 0.5]).batch_shape
    with pytest.raises(FormError, match=r"payoffs have shape \(3, 1\): the tree needs"):
        ExtensiveForm(t, [[1.0], [2.0], [3.0]], [0.5, 0.5])
    with pytest.raises(FormError, match=r"chance have shape \(3,\)"):
        ExtensiveForm(t, [[1.0], [2.0]], [0.5, 0.25, 0.25])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"parent": (-1, 0, 1, 0, 1)}, "node 4 is not told right below its parent 1"),
        ({"parent": (0, 0, 1, 1, 0)}, "node 0 is the root"),
        ({"mover": (0, 1, LEAF, LEAF)}, "needs as many movers"),
        ({"mover": (0, 7, LEAF, LEAF, LEAF)}, "mover 7 is none of 2 players"),
        ({"infoset": (0, -1, -1, -1, -1)}, "decision nodes, and only they"),
        ({"infoset": (0, 5, -1, -1, -1)}, "beyond the 2"),
        (
            {"infosets": (Infoset(1, "", ("in", "out")), Infoset(0, "", ("fight", "yield")))},
            "stand player by player",
        ),
    ],
)
def test_a_tree_of_arrays_is_checked(changed: dict[str, tuple[int, ...]], message: str) -> None:
    t = tree(PLAYERS, entry()).tree
    given = {
        name: getattr(t, name)
        for name in ("players", "parent", "mover", "infoset", "branch", "infosets")
    }
    with pytest.raises(FormError, match=message):
        Tree(**{**given, **changed})


def test_probabilities_of_leaves_multiply_along_the_path() -> None:
    form = tree(PLAYERS, chance({"a": (0.25, entry()), "b": (0.75, leaf(0, 0))}))
    row = np.array([[0.5, 0.5, 0.1, 0.9], [0.0, 1.0, 0.5, 0.5]])
    expected = [[0.0125, 0.1125, 0.125, 0.75], [0.0, 0.0, 0.25, 0.75]]
    assert expected == leaf_probabilities(form, row, np.array([0, 0])).round(12).tolist()
    on_path = reached(form, row, np.array([0, 0]))
    assert [[True] * 4, [True, True, False, False]] == on_path.tolist()


def test_nodes_whose_paths_read_alike_have_labels_of_their_own() -> None:
    def reply() -> Node:
        return decision("Bob", {"l": leaf(0, 0), "r": leaf(1, 1)})

    deep = decision("Ann", {"y": reply(), "z": leaf(0, 0)})
    form = tree(PLAYERS, decision("Ann", {"x": deep, "x > y": reply()}))
    assert ["x > y", "x > y'"] == [h.label for h in form.tree.infosets if h.player == 1]
    unnamed = tree(PLAYERS, chance({"": (0.5, reply()), "?": (0.5, reply())}))
    assert ["?", "?'"] == [h.label for h in unnamed.tree.infosets]


def test_an_empty_label_is_a_label() -> None:
    again = decision("Ann", {"u": leaf(1, 1), "d": leaf(0, 0)}, infoset="")
    form = tree(PLAYERS, decision("Ann", {"in": again, "out": leaf(0, 0)}))
    assert ["'", ""] == [h.label for h in form.tree.infosets]


@pytest.mark.parametrize("option", [np.nan, np.inf])
def test_an_outside_option_that_is_no_payoff_is_invalid_there_only(option: float) -> None:
    def talks(outside: object) -> ExtensiveForm:
        stage = bargaining(
            {"Ann": 0.5, "Bob": 0.5}, leaf(5, 5), leaf(1, 1), outside={"Ann": outside}
        )
        return tree(PLAYERS, stage)

    eq = subgame_perfect(talks(np.array([option, -np.inf, 8.0])))
    assert [Status.INVALID_INPUT, Status.SOLVED, Status.SOLVED] == eq.status.tolist()
    assert [[5.0, 5.0], [8.0, 2.0]] == eq.payoffs[1:, 0].tolist()
    assert Status.INVALID_INPUT == subgame_perfect(talks(option)).status
    with pytest.raises(FormError, match="outside options"):
        talks(np.array([option, option]))
