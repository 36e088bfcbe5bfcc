"""Nash's bargaining with variable threats, where payoffs can be transferred."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from solver.concepts._concept import concept
from solver.concepts._contest import contest
from solver.concepts._matrix_games import require_tolerance, require_two
from solver.equilibria import Equilibria, Rows, Status
from solver.errors import ConceptError
from solver.forms.normal import NormalForm


@final
@dataclass(frozen=True)
class Threats:
    """Optimal threats from one zero-sum game; ``tol`` bounds its duality gap, by its range."""

    name: ClassVar[str] = "threats"
    tol: float = 1e-9

    def __post_init__(self) -> None:
        """Refuse what no gap can be compared with."""
        require_tolerance(self.tol)


@concept("variable-threats", NormalForm, [Threats])
def variable_threats(form: NormalForm, method: Threats) -> Equilibria:
    """Nash's bargaining with variable threats: each commits to what it does if talks fail.

    Parameters
    ----------
    form : NormalForm with payoffs (*B, m, n)
        In units that can be paid from one player to the other.
    method : Threats, optional

    Returns
    -------
    Equilibria
        ``strategies`` are optimal threats: what each would do without an agreement, not what is
        done. ``payoffs`` are what the agreement gives; `threat_point` what the threats would
        have given. ``gap`` is the duality gap of A - B relative to its range. ``complete`` where
        the threats are proven to be the only optimal ones; the payoffs always are unique.

    Raises
    ------
    ConceptError
        For another number of players.

    Notes
    -----
    Threats (x, y) set the disagreement payoffs xAy and xBy, over which the players divide the
    largest A + B equally: half of it, plus and minus half of x(A - B)y. So one maximises and the
    other minimises x(A - B)y (Nash 1953). The payoffs are the coco value. Threats need not be
    equilibria of the game: carrying them out may hurt both. Where payoffs cannot be transferred,
    threats are an equilibrium of a game over Nash solutions of a curved frontier, which is not
    computed here.

    References
    ----------
    J. F. Nash (1953), Two-person cooperative games, Econometrica 21. R. Selten (1960), Bewertung
    strategischer Spiele, Zeitschrift für die gesamte Staatswissenschaft 116.

    Examples
    --------
    >>> eq = variable_threats(NormalForm(payoffs=([[2, 0], [3, 1]], [[2, 3], [0, 1]])))
    >>> eq.payoffs.tolist(), threat_point(eq).tolist()
    ([[2.0, 2.0]], [1.0, 1.0])
    """
    require_two(form, "variable-threats")
    made = contest(form, method.tol)
    status, valid = made.status, made.valid
    payoffs, gaps = made.rows()
    threats, shape = made.found.strategies[valid], form.batch_shape
    return Equilibria(
        form=form,
        concept="variable-threats",
        method=method.name,
        measure="duality gap",
        tol=method.tol,
        count=valid.astype(np.int64).reshape(shape),
        status=status.reshape(shape),
        complete=(made.found.unique & (status == int(Status.SOLVED))).reshape(shape),
        rows=Rows(lambda: threats, lambda *_: (payoffs, gaps)),
    )


def threat_point(equilibria: Equilibria) -> NDArray[np.float64]:
    """What the players would get if they carried out their threats, (*B, 2).

    Parameters
    ----------
    equilibria : Equilibria
        As `variable_threats` returned them. NaN where the input is invalid.

    Raises
    ------
    ConceptError
        For the answer of another concept.
    """
    form = equilibria.form
    if equilibria.concept != "variable-threats" or not isinstance(form, NormalForm):
        raise ConceptError(
            f"threat_point takes what variable_threats returned, not {equilibria.concept}"
        )
    m = form.shape[0]
    x, y = equilibria.profiles[:, :m], equilibria.profiles[:, m:]
    point = np.full((equilibria.count.size, 2), np.nan)
    for i, payoffs in enumerate(form.flat()):
        point[equilibria.owner, i] = np.einsum("gi,gij,gj->g", x, payoffs[equilibria.owner], y)
    return point.reshape(*form.batch_shape, 2)
