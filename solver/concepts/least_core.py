"""The least core: allocations at which the largest excess of a coalition is as small as can be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from solver.concepts._allocations import Floats, allocated
from solver.concepts._concept import concept
from solver.concepts._nucleoli import nucleoli
from solver.equilibria import Equilibria
from solver.errors import ConceptError
from solver.forms.coalition import CoalitionGame


@final
@dataclass(frozen=True)
class Central:
    """Its most central point, the prenucleolus; ``tol`` as there."""

    name: ClassVar[str] = "central"
    tol: float = 1e-9


@concept("least-core", CoalitionGame, [Central])
def least_core(form: CoalitionGame, method: Central) -> Equilibria:
    """A point of the least core, where the largest excess ε of a coalition is least.

    Parameters
    ----------
    form : CoalitionGame over (*B)
    method : Central, optional

    Returns
    -------
    Equilibria
        One allocation per game, no strategies: the prenucleolus, which treats equals equally and
        moves continuously with the worths. `least_core_excess` gives ε: positive where the core
        is empty. ``complete`` where the least core is proven to be that point alone. The gap is
        that of the prenucleolus.

    References
    ----------
    M. Maschler, B. Peleg, L. S. Shapley (1979), Geometric properties of the kernel, nucleolus, and
    related solution concepts, Math. OR 4.

    Examples
    --------
    >>> majority = least_core(CoalitionGame("abc", [0, 0, 0, 1, 0, 1, 1, 1]))
    >>> majority.payoffs.round(4).tolist(), float(least_core_excess(majority).round(4))
    ([[0.3333, 0.3333, 0.3333]], 0.3333)
    """
    found = nucleoli(form, imputations=False, tol=method.tol)
    return allocated(
        form,
        concept="least-core",
        method=method.name,
        measure="Kohlberg criterion",
        tol=method.tol,
        payoffs=found.payoffs,
        gaps=np.repeat(found.gap[:, None], len(form.players), axis=1),
        status=found.status,
        complete=found.alone,
    )


def least_core_excess(equilibria: Equilibria) -> Floats:
    """The least largest excess ε (*B) of a coalition other than nobody and all.

    Parameters
    ----------
    equilibria : Equilibria
        As `least_core` returned them.

    Returns
    -------
    (*B) float
        NaN where the input is invalid; minus infinity for a single player, who has no such
        coalitions.

    Raises
    ------
    ConceptError
        For the answer of another concept.
    """
    form = equilibria.form
    if equilibria.concept != "least-core" or not isinstance(form, CoalitionGame):
        raise ConceptError(
            f"least_core_excess takes what least_core returned, not {equilibria.concept}"
        )
    V, n = form.flat(), len(form.players)
    x = equilibria.first(equilibria.payoffs).reshape(len(V), n)
    worst = np.full(len(V), -np.inf)
    for s in range(1, (1 << n) - 1):
        paid = x[:, [i for i in range(n) if s >> i & 1]].sum(axis=1)
        worst = np.maximum(worst, V[:, s] - paid)
    return worst.reshape(form.batch_shape)
