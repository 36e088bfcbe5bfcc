"""Named arrays next to the equilibria of a batch, with what a table has to say about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from solver.equilibria import Equilibria
from solver.errors import FormError

#: What fills a slot without an equilibrium, and a cell that is not computed yet.
_EMPTY = {"b": False, "f": np.nan}


@final
@dataclass(frozen=True, eq=False)
class Column:
    """One array over the batch.

    Attributes
    ----------
    values : (*B, ...) float, bool or int
    over : tuple of str
        What its axes beyond the batch run over: none for a number per game, ``("slot",)`` for one
        per equilibrium, ``("slot", "action_Ann")`` and so on. ``slot`` comes first; ``player`` and
        ``action_<player>`` are those of the form.
    doc : str
        What it says, in a line.
    unit : str
        ``"payoff"`` is the unit of the payoffs, ``"1"`` none.
    empty : int
        Of integers: what stands in slots without an equilibrium. It is False in marks, NaN in
        floats.
    labels : mapping of str to tuple of str
        The names along axes that the form does not have.
    """

    values: NDArray[Any]
    over: tuple[str, ...] = ()
    doc: str = ""
    unit: str = "1"
    empty: int = -1
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def per_slot(self) -> bool:
        """Whether there is an entry per equilibrium, and not per game."""
        return self.over[:1] == ("slot",)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Lengths of the axes beyond the batch and the slot."""
        own = len(self.over) - self.per_slot
        return self.values.shape[self.values.ndim - own :]

    def describe(self, name: str) -> dict[str, Any]:
        """All but the values, as plain data."""
        return {
            "name": name,
            "over": list(self.over),
            "sizes": list(self.sizes),
            "kind": self.values.dtype.kind,
            "empty": self.empty,
            "unit": self.unit,
            "doc": self.doc,
            "labels": {axis: list(names) for axis, names in self.labels.items()},
        }

    def require(self, name: str, equilibria: Equilibria) -> None:
        """Raise FormError unless the array is of a known kind and fits the answer."""
        form = equilibria.form
        actions = zip(form.players, form.actions, strict=True)
        known = {"slot": equilibria.slots, "player": len(form.players)}
        known |= {f"action_{player}": len(names) for player, names in actions}
        known |= {axis: len(names) for axis, names in self.labels.items()}
        odd = [axis for axis in self.over if axis not in known]
        if odd or "slot" in self.over[1:]:
            raise FormError(f"column {name!r}: over = {self.over} is not of the axes {[*known]}")
        wanted = equilibria.count.shape + tuple(known[axis] for axis in self.over)
        if self.values.shape != wanted:
            raise FormError(f"column {name!r} has shape {self.values.shape}, and not {wanted}")
        if self.values.dtype.kind not in "bif":
            raise FormError(f"column {name!r} is {self.values.dtype}: bool, int or float is needed")

    def rows(self, equilibria: Equilibria) -> NDArray[Any]:
        """Per equilibrium (E,) or (E, W), or per game of the flattened batch (G,) or (G, W)."""
        lead: tuple[int, ...] = (equilibria.count.size,)
        if self.per_slot:
            lead = (*lead, equilibria.slots)
        width = () if not self.sizes else (int(np.prod(self.sizes)),)
        flat = self.values.reshape(lead + width)
        if not self.per_slot:
            return flat
        filled = np.arange(equilibria.slots) < equilibria.count.ravel()[:, None]
        taken: NDArray[Any] = flat[filled]
        return taken


def filler(kind: str, empty: int) -> Any:
    """What fills the slots that hold nothing, for a kind of dtype: "b", "i" or "f"."""
    return _EMPTY.get(kind, empty)
