"""What equilibria of signalling games say: who sends what, and whether beliefs are reasonable."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solver.concepts._signalling import Answer, Payoffs, Signalling, require_signalling
from solver.equilibria import Equilibria
from solver.errors import ConceptError
from solver.forms.beliefs import bayes, continuation_values, log_reach
from solver.forms.extensive import ExtensiveForm, Floats

Masks = NDArray[np.bool_]

#: Probabilities up to this count as none.
NEVER = 1e-7


def beliefs(equilibria: Equilibria) -> Floats:
    """Beliefs of any equilibria of trees.

    Parameters
    ----------
    equilibria : Equilibria of an ExtensiveForm

    Returns
    -------
    (*B, K, D) float
        How likely each node of an information set is to its owner, set by set in the order of
        ``form.tree.infosets``, nodes in the order of ``form.tree.members``. Those that the concept
        found, else by Bayes' rule; then zeros at sets that are not reached, of which it says
        nothing. NaN in empty slots.

    Raises
    ------
    ConceptError
        For another form.
    """
    if equilibria.beliefs is not None:
        return equilibria.beliefs
    form = _tree_form(equilibria, "beliefs")
    found = bayes(form, equilibria.profiles, equilibria.owner)[0]
    columns = [equilibria.slotted(column, np.nan) for column in found.T]
    shape = (*equilibria.count.shape, equilibria.slots)
    return np.stack(columns, axis=-1) if columns else np.zeros((*shape, 0))


def signalling_label(equilibria: Equilibria) -> NDArray[np.str_]:
    """How the sender's signals tell its types apart.

    Parameters
    ----------
    equilibria : Equilibria of a signalling tree
        Nature draws a type, the sender sees it and sends a signal, the receiver sees only that.

    Returns
    -------
    (*B, K) str
        "pooling": all types send each signal equally often, so it says nothing. "separating": no
        signal is sent by two types, so it says everything. Otherwise "semi-separating" if no type
        mixes, "hybrid" if one does. Types that nature never draws do not count. Empty in empty
        slots.

    Raises
    ------
    ConceptError
        For a tree that is no signalling game of two players, and why.
    """
    form = _tree_form(equilibria, "signalling_label")
    game = require_signalling(form.tree)
    sent = _sent(form, game, equilibria.profiles)
    drawn = form.flat()[1][equilibria.owner][:, : len(game.types)] > 0.0
    some = np.where(drawn[:, :, None], sent, np.nan)
    with np.errstate(all="ignore"):
        spread = np.fmax.reduce(some, axis=1) - np.fmin.reduce(some, axis=1)
    senders = ((sent > NEVER) & drawn[:, :, None]).sum(axis=1)
    mixes = (((sent > NEVER).sum(axis=2) > 1) & drawn).any(axis=1)
    label = np.where(mixes, "hybrid", "semi-separating")
    label[(senders <= 1).all(axis=1)] = "separating"
    label[~(spread > NEVER).any(axis=1)] = "pooling"
    return equilibria.slotted(label, "")


def _sent(form: ExtensiveForm, game: Signalling, profiles: Floats) -> Floats:
    """(E, T, S): how often each type sends each signal.

    Signals that the receiver hears alike are one; the others go by their names.
    """
    tree = form.tree
    names: dict[object, int] = {}
    keys = [
        [r if r >= 0 else tree.branch[v] for v, r in zip(below, heard, strict=True)]
        for below, heard in zip(game.signals, game.heard, strict=True)
    ]
    for key in (key for row in keys for key in row):
        names.setdefault(key, len(names))
    sent = np.zeros((len(profiles), len(game.types), len(names)))
    for t, row in enumerate(keys):
        first = int(tree.column[tree.infoset[game.types[t]]])
        for k, key in enumerate(row):
            sent[:, t, names[key]] += profiles[:, first + k]
    return sent


def intuitive(equilibria: Equilibria) -> Masks:
    """Which equilibria pass the intuitive criterion.

    Parameters
    ----------
    equilibria : Equilibria of a signalling tree

    Returns
    -------
    (*B, K) bool
        False in empty slots.

    Raises
    ------
    ConceptError
        For a tree that is no signalling game of two players, and why.

    Notes
    -----
    Take a signal that nobody sends. A type could not gain by it, whatever it is answered, if even
    the best answer for that type, among all that are best replies to some belief, leaves it less
    than it has: so the receiver should not believe in such types. An equilibrium fails if now some
    other type gains for sure: by each answer that is a best reply to some belief over the types
    that are left. Best replies to beliefs are found from the extreme beliefs; mixed ones need no
    look, since the least and the most that a type gets from a set of mixtures is at a pure one.
    Where no type is left the signal says nothing. Ties are 1e-12 of the payoff range.

    References
    ----------
    I.-K. Cho, D. M. Kreps (1987), Signaling games and stable equilibria, Q. J. Econ. 102.
    """
    form = _tree_form(equilibria, "intuitive")
    game = require_signalling(form.tree)
    payoffs = Payoffs(form, game)
    profiles, owner = equilibria.profiles, equilibria.owner
    base = form.flat()[0].min(axis=1)
    now = continuation_values(form, profiles, owner, base)[:, list(game.types), game.sender]
    reach = np.exp(log_reach(form, profiles, owner)[0])
    passes = np.ones(len(profiles), np.bool_)
    for answer in game.answers:
        rows = np.flatnonzero(reach[:, list(answer.nodes)].sum(axis=1) <= NEVER)
        fails = _unreasonable(payoffs, answer, now[rows], owner[rows])
        passes[rows[fails]] = False
    return equilibria.slotted(passes, empty=False)


def _unreasonable(payoffs: Payoffs, answer: Answer, now: Floats, owner: NDArray[np.intp]) -> Masks:
    """Rows (E,) in which a type gains for sure by a signal that it does not send."""
    game = payoffs.game
    everybody = tuple(range(len(answer.nodes)))
    gains = payoffs.of(game.sender, answer)[owner]
    have = now[:, list(answer.types)]
    slack = payoffs.tie[owner, game.sender]
    replies = payoffs.best_replies(answer, everybody)[0][owner]
    most = np.where(replies[:, None], gains, -np.inf).max(axis=2)
    left = have <= most + slack[:, None]
    left &= payoffs.prior[owner][:, list(answer.types)] > 0.0
    fails = np.zeros(len(now), np.bool_)
    for among in {tuple(np.flatnonzero(row).tolist()) for row in np.unique(left, axis=0)}:
        if not among:
            continue
        rows = np.flatnonzero((left == np.isin(everybody, among)).all(axis=1))
        replies = payoffs.best_replies(answer, among)[0][owner[rows]]
        least = np.where(replies[:, None], gains[rows], np.inf).min(axis=2)
        surely = least > have[rows] + slack[rows, None]
        fails[rows] = surely[:, list(among)].any(axis=1)
    return fails


def _tree_form(equilibria: Equilibria, name: str) -> ExtensiveForm:
    form = equilibria.form
    if not isinstance(form, ExtensiveForm):
        raise ConceptError(f"{name} is for equilibria of extensive games, these are {form.kind}")
    return form
