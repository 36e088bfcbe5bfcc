"""What `panel` and the other tools of this package say about equilibria, as columns of a table."""

from __future__ import annotations

import numpy as np

from solver.columns import Column
from solver.equilibria import NO_INDEX, Equilibria
from solver.errors import ConceptError
from solver.forms.normal import NormalForm
from solver.selection.basins import basin_shares
from solver.selection.elimination import rationalizable
from solver.selection.panel import basins_of, panel, require_nash
from solver.selection.quantal import nearest_to_logit

MARKS = {
    "pure": "both play one action",
    "strict": "each is the only best response to the other",
    "quasi_strict": "all best responses are played",
    "undominated": "neither strategy is weakly dominated",
    "payoff_dominant": "no other equilibrium gives either player more",
    "risk_dominant": "strict, and risk-dominates every other strict equilibrium",
    "welfare_maximal": "no other equilibrium has a larger sum of payoffs",
}


def panel_columns(equilibria: Equilibria) -> dict[str, Column]:
    """The marks of `panel` (*B, K) that need no path to be followed, with component and index."""
    found = panel(equilibria)
    columns = {name: Column(getattr(found, name), ("slot",), doc) for name, doc in MARKS.items()}
    if found.component is not None and found.index is not None:
        columns["component"] = Column(
            found.component, ("slot",), "which component of the set of equilibria it belongs to"
        )
        columns["index"] = Column(
            found.index, ("slot",), f"index of that component; {NO_INDEX} where not known",
            empty=NO_INDEX,
        )  # fmt: skip
    return columns


def logit_columns(equilibria: Equilibria) -> dict[str, Column]:
    """``logit_selected`` (*B, K): see `panel`."""
    form = require_nash(equilibria, "logit columns")
    chosen = equilibria.slotted(nearest_to_logit(form, equilibria), empty=False)
    doc = "the limit of the logit equilibria that start from uniform play"
    return {"logit_selected": Column(chosen, ("slot",), doc)}


def basin_columns(equilibria: Equilibria) -> dict[str, Column]:
    """``basin`` (*B, K) and ``basin_elsewhere`` (*B): see `basin_shares`."""
    form = require_nash(equilibria, "basin columns")
    shares = basin_shares(form)
    invalid = ~np.isfinite(sum(payoffs.sum(axis=(-2, -1)) for payoffs in form.payoffs))
    basin = equilibria.slotted(basins_of(equilibria, shares), np.nan)
    return {
        "basin": Column(
            basin, ("slot",), "share of starting points from which replicator dynamics lead there"
        ),
        "basin_elsewhere": Column(
            np.where(invalid, np.nan, shares.elsewhere),
            doc="share of starting points from which they lead to no strict equilibrium",
        ),
    }


def survivor_columns(equilibria: Equilibria) -> dict[str, Column]:
    """``survives_<player>`` (*B, m_i): what iterated strict elimination leaves."""
    form = equilibria.form
    if not isinstance(form, NormalForm):
        raise ConceptError(f"survivor columns are of normal games, not of {form.kind} ones")
    masks = rationalizable(form).masks
    doc = "whether the action survives iterated elimination of strictly dominated ones"
    return {
        f"survives_{player}": Column(mask, (f"action_{player}",), doc)
        for player, mask in zip(form.players, masks, strict=True)
    }
