"""What a concept is: a function from a form and a method to equilibria, with a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, final

import numpy as np

from solver.equilibria import Equilibria
from solver.errors import ConceptError, unknown
from solver.forms import Form


class Method(Protocol):
    """How a concept is computed: a small frozen value that carries its tolerances."""

    name: ClassVar[str]


@final
@dataclass(frozen=True)
class Concept:
    """A solution concept; call it with a form, and with a method if not the default."""

    name: str
    forms: tuple[type[Any], ...]
    methods: tuple[type[Any], ...]
    solve: Callable[[Any, Any], Equilibria]

    def __call__(self, form: Form, method: Method | str | None = None) -> Equilibria:
        """Solve every game of the batch that `form` holds."""
        self.require(form)
        with np.errstate(all="ignore"):
            return self.solve(form, self.method(method))

    def method(self, given: Method | str | None) -> Method:
        """The method of that name with its default settings; the first one for None."""
        names = [method.name for method in self.methods]
        if given is None:
            return _default(self.methods)
        if isinstance(given, str):
            if given not in names:
                raise ConceptError(unknown(f"method of {self.name}", given, names))
            return _default([m for m in self.methods if m.name == given])
        if not isinstance(given, self.methods):
            raise ConceptError(f"{self.name} cannot use {given!r}: choose from {', '.join(names)}")
        chosen: Method = given
        return chosen

    def applies(self, form: Form) -> bool:
        """Whether the concept is defined for this kind of form."""
        return isinstance(form, self.forms)

    def require(self, form: Form) -> None:
        """Raise ConceptError unless the concept is defined for this kind of form."""
        if not self.applies(form):
            kinds = " and ".join(kind.kind for kind in self.forms)
            got = f"a {form.kind} one" if isinstance(form, Form) else f"a {type(form).__name__}"
            raise ConceptError(f"{self.name} applies to {kinds} games, not to {got}")

    @property
    def summary(self) -> str:
        """The first line of the documentation."""
        return (self.__doc__ or "").strip().partition("\n")[0]


def concept(
    name: str, forms: Sequence[type[Any]], methods: Sequence[type[Any]]
) -> Callable[[Callable[[Any, Any], Equilibria]], Concept]:
    """Turn ``solve(form, method)`` into a Concept that carries its documentation."""

    def wrap(solve: Callable[[Any, Any], Equilibria]) -> Concept:
        made = Concept(name, tuple(forms), tuple(methods), solve)
        for attribute in ("__doc__", "__module__", "__qualname__", "__wrapped__"):
            object.__setattr__(made, attribute, getattr(solve, attribute, solve))
        return made

    return wrap


def _default(methods: Sequence[type[Any]]) -> Method:
    method: Method = methods[0]()
    return method
