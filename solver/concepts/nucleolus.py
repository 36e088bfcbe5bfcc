"""The nucleolus: the allocation whose largest complaint is least, then the next largest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from solver.concepts._allocations import Answer, allocated, exact_worths, exactly_allocated
from solver.concepts._concept import concept
from solver.concepts._nucleoli import nucleoli
from solver.equilibria import Equilibria, Status
from solver.exact.coalition import exact_nucleolus
from solver.forms.coalition import CoalitionGame


@final
@dataclass(frozen=True)
class Programs:
    """A sequence of linear programs over the imputations.

    ``tol`` bounds the violation of Kohlberg's criterion, relative to the largest synergy.
    """

    name: ClassVar[str] = "programs"
    tol: float = 1e-9


@final
@dataclass(frozen=True)
class Prenucleolus:
    """The same over all allocations, where a player may get less than it is worth alone."""

    name: ClassVar[str] = "prenucleolus"
    tol: float = 1e-9


@final
@dataclass(frozen=True)
class Exact:
    """Rational arithmetic, one game after the other."""

    name: ClassVar[str] = "exact"


@concept("nucleolus", CoalitionGame, [Programs, Prenucleolus, Exact])
def nucleolus(form: CoalitionGame, method: Programs | Prenucleolus | Exact) -> Equilibria:
    """The nucleolus: excesses of coalitions made as small as can be, the largest first.

    Parameters
    ----------
    form : CoalitionGame over (*B)
    method : Programs, Prenucleolus or Exact, optional

    Returns
    -------
    Equilibria
        One allocation per game, no strategies; in the core wherever there is one. NONE_EXIST
        where players are worth more alone than all together: there are no imputations (the
        prenucleolus exists for every game). The gap, the same for all players, is the violation
        of Kohlberg's criterion, recomputed from the worths, beyond what rounding of the payoffs
        explains and relative to the largest synergy. Complete: the nucleolus is unique.

    Notes
    -----
    At most N - 1 linear programs per game, each solved by a simplex method on a basis of at most N
    coalitions; which coalitions have a fixed excess is read off dual weights, which do not depend
    on the worths, so ties need no perturbation. About 3, 8 and 90 microseconds a game for N = 4, 6
    and 10; a table of 2**N worths limits it to about 16 players.

    References
    ----------
    D. Schmeidler (1969), The nucleolus of a characteristic function game, SIAM J. Appl. Math. 17.
    E. Kohlberg (1971), On the nucleolus of a characteristic function game, ibid. 20. T. Solymosi
    (1993), On computing the nucleolus of cooperative games, PhD thesis, Chicago.

    Examples
    --------
    The Talmud's division of an estate of 200 among claims of 100, 200 and 300:

    >>> worths = [0, 0, 0, 0, 0, 0, 100, 200]
    >>> nucleolus(CoalitionGame(("100", "200", "300"), worths)).payoffs.round(9).tolist()
    [[50.0, 75.0, 75.0]]
    """
    if isinstance(method, Exact):
        answers: list[Answer] = []
        for worths in exact_worths(form):
            if worths is None:
                answers.append((Status.INVALID_INPUT, None))
                continue
            found = exact_nucleolus(worths)
            status = Status.SOLVED if found.proven else Status.NOT_CONVERGED
            if found.allocation is None:
                status = Status.NONE_EXIST
            answers.append((status, found.allocation))
        return exactly_allocated(
            form, concept="nucleolus", measure="Kohlberg criterion", answers=answers
        )
    made = nucleoli(form, imputations=isinstance(method, Programs), tol=method.tol)
    return allocated(
        form,
        concept="nucleolus",
        method=method.name,
        measure="Kohlberg criterion",
        tol=method.tol,
        payoffs=made.payoffs,
        gaps=np.repeat(made.gap[:, None], len(form.players), axis=1),
        status=made.status,
    )
