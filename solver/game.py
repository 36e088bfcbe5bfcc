"""A game: a name, parameters, and a function of them that returns a form."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solver.equilibria import Equilibria
from solver.errors import FormError, ParameterError, attempt
from solver.forms import Form
from solver.parameters import Bound, Parameter, bind

Values = Mapping[str, NDArray[np.float64]]

#: Keywords of `sweep`, `thresholds` and `boundaries`, and names of Dataset variables, which a
#: parameter may not take.
RESERVED = frozenset({
    "game", "concept", "method", "jobs", "chunk", "design", "sample", "add", "executor",
    "resolution", "spacing", "refinements", "sharpness",
    "slot", "player", "payoff", "gap", "count", "status", "complete", "regime", "leader_action",
})  # fmt: skip


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class Game:
    """A parametric game.

    Parameters
    ----------
    name : str
    parameters : tuple of Parameter
    build : callable
        ``build(*, name=value, ...)`` with one keyword per parameter, scalars or broadcastable
        arrays; returns a form whose batch shape is the broadcast of its arguments.
    doc : str
        What it models: first line a summary, for `coopet list`; the rest for `coopet show`.
    references : tuple of str
    outcomes : callable, optional
        ``outcomes(parameters, equilibria)`` returns named arrays over the batch, such as the
        price. With several equilibria they speak of the first slot.
    regime : callable, optional
        ``regime(parameters, equilibria)`` returns one label per element of the batch, or an
        integer index into `regimes`. Without it the regime is the set of equilibrium supports.
    regimes : tuple of str
        The labels that `regime` can return, in the order a legend shows them.
    units : mapping of str to str
        Unit of each outcome, for tables and axes.
    """

    name: str
    parameters: tuple[Parameter, ...]
    build: Callable[..., Form]
    doc: str = ""
    references: tuple[str, ...] = ()
    outcomes: Callable[[Values, Equilibria], Mapping[str, ArrayLike]] | None = None
    regime: Callable[[Values, Equilibria], NDArray[Any]] | None = None
    regimes: tuple[str, ...] = ()
    units: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        names = [parameter.name for parameter in self.parameters]
        for name in names:
            if names.count(name) > 1:
                raise ParameterError(f"game {self.name}: parameter {name!r} is declared twice")
            if name in RESERVED:
                raise ParameterError(f"game {self.name}: parameter name {name!r} is reserved")
        try:
            signature = inspect.signature(self.build)
        except (TypeError, ValueError):
            raise ParameterError(
                f"game {self.name}: build = {self.build!r} is no function whose arguments are known"
            ) from None
        for p in signature.parameters.values():
            if p.kind is p.POSITIONAL_ONLY:
                raise ParameterError(f"game {self.name}: build must take {p.name!r} by name")
        keywords = {p.name for p in signature.parameters.values() if p.kind is not p.VAR_KEYWORD}
        catches_all = any(p.kind is p.VAR_KEYWORD for p in signature.parameters.values())
        odd = keywords ^ set(names) if not catches_all else keywords - set(names)
        if odd:
            raise ParameterError(
                f"game {self.name}: build and parameters disagree on {', '.join(sorted(odd))}"
            )

    @property
    def summary(self) -> str:
        """The first line of `doc`."""
        return self.doc.strip().partition("\n")[0]

    def bind(self, /, **given: object) -> Bound:
        """Check `given` against the parameters and broadcast them; see `parameters.bind`."""
        return bind(self.parameters, given, f"game {self.name}")

    def form(self, bound: Bound) -> Form:
        """Build the form for bound values; impossible elements are made invalid.

        Raises
        ------
        FormError
            When `build` returns something else, or a batch shape that its arguments do not have.
        """
        with np.errstate(all="ignore"):
            form = attempt(f"game {self.name}: build", self.build, **bound.values)
        if not isinstance(form, Form):
            raise FormError(f"game {self.name}: build returned {type(form).__name__}, not a form")
        try:
            broadcasts = np.broadcast_shapes(form.batch_shape, bound.batch_shape)
        except ValueError:
            broadcasts = ()
        if broadcasts != bound.batch_shape:
            raise FormError(
                f"game {self.name}: build returned batch shape {form.batch_shape}"
                f" for parameters of shape {bound.batch_shape}"
            )
        return form.over(bound.batch_shape, bound.invalid)

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that name, or None."""
        return next((p for p in self.parameters if p.name == name), None)
