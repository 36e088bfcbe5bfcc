"""Families of games that break solvers, as hypothesis strategies: each is named for what is odd.

Payoffs that tie:

- ``ties``: whole payoffs 0 to 3, degenerate more often than not: more best responses than a
  mixture plays, which support enumeration does not expect;
- ``sparse``: mostly zeros, so that most supports give singular systems;
- ``constant``: each player is paid the same everywhere: every profile is an equilibrium;
- ``duplicates``: an action listed twice: equilibria come in continua, and vertices repeat;
- ``irrelevant``: a player whose own action changes nothing for it: all it does is a best response.

Payoffs that almost tie:

- ``close``: ``ties`` plus multiples of a millionth, where a loose tolerance sees ties;
- ``dominated``: an action worse than another by 0 or 1 in every cell, often only weakly dominated:
  it may be played at equilibrium, so it may not be left out;
- ``nearly_dominated``: the same by a hair, of either sign: whether it may be left out hangs on
  multiples of a millionth.

Units:

- ``huge``, ``tiny``: ``ties`` times 1e9 or 1e12, and times 1e-9, where an absolute tolerance fails;
- ``shifted``: ``ties`` plus 1e12, where differences vanish unless payoffs are centred;
- ``affine``: the same ``ties`` throughout the batch, each player's in units of its own, most of
  them not powers of two: equal answers are due to unequal numbers, and rounding hides ties;
- ``forbidden``: payoffs of -1000 or -1000000 among small ones, which stretch the range: players mix
  with probabilities that a tolerance takes for zero.

Structure:

- ``constant_sum``: payoffs add up to the same everywhere: an optimal strategy of one player is the
  dual of the other's, and the equilibria of a degenerate game form one convex set;
- ``symmetric``: renaming the players changes nothing, all have equally many actions: equilibria
  that are not symmetric come in pairs, of which half is easily lost;
- ``common_interest``: the same payoffs for all: many pure equilibria, and all players tie at once;
- ``coordination``: everybody gains where labels match, and only there: one equilibrium on every
  support, as many as there can be without ties for up to four actions each;
- ``cyclic``: payoffs depend on the sum of the actions modulo their number, as in rock, paper,
  scissors: best responses run in circles and everybody is indifferent at the centre;
- ``generic``: no ties, with probability one: the control group (integers plus fixed noise, so that
  draws shrink).

All but ``affine`` draw every game of a batch afresh, yet with the same actions singled out. All are
for any number of players.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from hypothesis import strategies as st

from solver.forms.normal import Floats
from solver.testing import _numbers, _structures
from solver.testing._numbers import Shape

Family = Callable[[Shape], st.SearchStrategy[Floats]]

#: Family of games by name: from the shape (N, *B, m_1, ..., m_N) to payoffs of that shape.
KINDS: MappingProxyType[str, Family] = MappingProxyType(
    {
        "ties": _numbers.ties,
        "generic": _numbers.generic,
        "close": _numbers.close,
        "huge": _numbers.huge,
        "tiny": _numbers.tiny,
        "shifted": _numbers.shifted,
        "affine": _numbers.affine,
        "forbidden": _numbers.forbidden,
        "sparse": _numbers.sparse,
        "constant": _numbers.constant,
        "duplicates": _structures.duplicates,
        "irrelevant": _structures.irrelevant,
        "dominated": _structures.dominated,
        "nearly_dominated": _structures.nearly_dominated,
        "constant_sum": _structures.constant_sum,
        "symmetric": _structures.symmetric,
        "common_interest": _structures.common_interest,
        "coordination": _structures.coordination,
        "cyclic": _structures.cyclic,
    }
)

#: Families that need the same number of actions for every player.
SQUARE = frozenset({"symmetric"})
