"""The coco value: what two players do together, and how the contest between them divides it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from solver.columns import Column
from solver.concepts._concept import concept
from solver.concepts._contest import contest
from solver.concepts._matrix_games import require_tolerance, require_two
from solver.equilibria import Equilibria, Rows, Status
from solver.errors import ConceptError
from solver.forms.normal import Floats, NormalForm


@final
@dataclass(frozen=True)
class Decomposition:
    """Split the game into a common and a zero-sum one, and solve both.

    ``tol`` bounds the duality gap of the zero-sum part, relative to the range of its payoffs.
    """

    name: ClassVar[str] = "decomposition"
    tol: float = 1e-9

    def __post_init__(self) -> None:
        """Refuse what no gap can be compared with."""
        require_tolerance(self.tol)


@final
@dataclass(frozen=True, eq=False)
class CocoParts:
    """The two parts of the coco value, NaN where the input is invalid.

    Attributes
    ----------
    team : (*B) float
        The most that the two can earn together, max(A + B).
    advantage : (*B) float
        Half the value of A - B: what player 1 gets beyond half of that, and player 2 less.
    advantage_strategies : tuple of (*B, m) and (*B, n) float
        Optimal strategies in the zero-sum game A - B: the threats behind the advantage.
    """

    team: Floats
    advantage: Floats
    advantage_strategies: tuple[Floats, Floats]


@final
@dataclass(frozen=True, eq=False)
class _Values:
    """Payoffs and gaps of the rows, and the parts they come from."""

    payoffs: Floats
    gaps: Floats
    parts: CocoParts

    def __call__(self, *_: object) -> tuple[Floats, Floats]:
        return self.payoffs, self.gaps


@concept("coco", NormalForm, [Decomposition])
def coco(form: NormalForm, method: Decomposition) -> Equilibria:
    """Cooperative-competitive value of two-player games with transferable payoffs.

    Parameters
    ----------
    form : NormalForm with payoffs (*B, m, n)
        In units that can be paid from one player to the other.
    method : Decomposition, optional

    Returns
    -------
    Equilibria
        One per game. ``payoffs`` are the coco values, after the side payment; ``strategies`` the
        pure profile that earns the most together, the first listed of ties up to 1e-12 of the
        range. `coco_parts` gives the team's maximum, the advantage and the threats behind it.
        ``gap`` is the duality gap of A - B relative to its range. ``complete`` wherever solved:
        the value is unique.

    Raises
    ------
    ConceptError
        For another number of players.

    Notes
    -----
    Every game (A, B) is the sum of a common one, in which both get (A + B)/2, and a zero-sum one,
    in which they get ±(A - B)/2. The coco value gives each the maximum of the first and the
    minimax value of the second: ½ max(A + B) ± ½ val(A - B). It costs one zero-sum game, is
    defined for every finite game, and need not be an equilibrium without the side payment.

    References
    ----------
    A. Kalai, E. Kalai (2013), Cooperation in strategic games revisited, QJE 128.

    Examples
    --------
    >>> eq = coco(NormalForm(payoffs=([[2, 0], [3, 1]], [[2, 3], [0, 1]])))
    >>> eq.payoffs.tolist(), eq.strategies[0].tolist()
    ([[2.0, 2.0]], [[1.0, 0.0]])
    """
    require_two(form, "coco")
    m, n = form.shape
    made = contest(form, method.tol)
    status, valid, place = made.status, made.valid, made.place
    payoffs, gaps = made.rows()
    parts = _parts(form, valid, made.team, made.advantage, made.found.strategies)
    rows = np.concatenate((np.eye(m)[place // n], np.eye(n)[place % n]), axis=1)
    shape = form.batch_shape
    return Equilibria(
        form=form,
        concept="coco",
        method=method.name,
        measure="duality gap",
        tol=method.tol,
        count=valid.astype(np.int64).reshape(shape),
        status=status.reshape(shape),
        complete=(status == int(Status.SOLVED)).reshape(shape),
        rows=Rows(lambda: rows[valid], _Values(payoffs, gaps, parts)),
    )


def coco_parts(equilibria: Equilibria) -> CocoParts:
    """Team maximum, advantage and threats behind coco values.

    Parameters
    ----------
    equilibria : Equilibria
        As `coco` returned them.

    Raises
    ------
    ConceptError
        For the answer of another concept.

    Examples
    --------
    >>> parts = coco_parts(coco(NormalForm(payoffs=([[2, 0], [3, 1]], [[2, 3], [0, 1]]))))
    >>> float(parts.team), float(parts.advantage)
    (4.0, 0.0)
    """
    values = equilibria.rows.values
    if not isinstance(values, _Values):
        raise ConceptError(f"coco_parts takes what coco returned, not {equilibria.concept}")
    return values.parts


def coco_columns(equilibria: Equilibria) -> dict[str, Column]:
    """``team``, ``advantage`` (*B) and ``threat_<player>`` (*B, m_i): `coco_parts` as columns."""
    parts, unit = coco_parts(equilibria), "payoff"
    players = equilibria.form.players
    columns = {
        "team": Column(parts.team, doc="the most that the two can earn together", unit=unit),
        "advantage": Column(
            parts.advantage, doc=f"what {players[0]} gets beyond half of that", unit=unit
        ),
    }
    for player, threat in zip(players, parts.advantage_strategies, strict=True):
        columns[f"threat_{player}"] = Column(
            threat, (f"action_{player}",), "optimal strategy in the game for the difference"
        )
    return columns


def _parts(
    form: NormalForm,
    valid: NDArray[np.bool_],
    team: Floats,
    advantage: Floats,
    strategies: Floats,
) -> CocoParts:
    shape, m = form.batch_shape, form.shape[0]
    threats = np.where(valid[:, None], strategies, np.nan)
    return CocoParts(
        np.where(valid, team, np.nan).reshape(shape),
        np.where(valid, advantage, np.nan).reshape(shape),
        (
            threats[:, :m].reshape(*shape, form.shape[0]),
            threats[:, m:].reshape(*shape, form.shape[1]),
        ),
    )
