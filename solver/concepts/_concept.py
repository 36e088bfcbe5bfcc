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
class Part:
    """How a concept is computed for one kind of form: its methods, the default first."""

    methods: tuple[type[Any], ...]
    solve: Callable[[Any, Any], Equilibria]


@final
@dataclass(frozen=True, eq=False)
class Concept:
    """A solution concept; call it with a form, and with a method if not the default."""

    name: str
    parts: dict[type[Any], Part]

    def __call__(self, form: Form, method: Method | str | None = None) -> Equilibria:
        """Solve every game of the batch that `form` holds."""
        self.require(form)
        with np.errstate(all="ignore"):
            return self.parts[type(form)].solve(form, self.method(form, method))

    def on(
        self, form: type[Any], methods: Sequence[type[Any]]
    ) -> Callable[[Callable[[Any, Any], Equilibria]], Callable[[Any, Any], Equilibria]]:
        """Say how the concept is computed for another kind of form."""

        def add(solve: Callable[[Any, Any], Equilibria]) -> Callable[[Any, Any], Equilibria]:
            self.parts[form] = Part(tuple(methods), solve)
            return solve

        return add

    @property
    def forms(self) -> tuple[type[Any], ...]:
        """The kinds of forms it is defined for."""
        return tuple(self.parts)

    @property
    def method_names(self) -> list[str]:
        """Names of the methods there are for any kind of form."""
        return list(dict.fromkeys(m.name for part in self.parts.values() for m in part.methods))

    def methods(self, form: Form) -> tuple[type[Any], ...]:
        """The methods there are for a form, the default first."""
        self.require(form)
        return self.parts[type(form)].methods

    def method(self, form: Form, given: Method | str | None) -> Method:
        """The method of that name with its default settings; the first one for None."""
        methods = self.methods(form)
        names = [method.name for method in methods]
        if given is None:
            return _default(methods)
        if isinstance(given, str):
            if given not in names:
                raise ConceptError(unknown(f"method of {self.name}", given, names))
            return _default([m for m in methods if m.name == given])
        if not isinstance(given, methods):
            raise ConceptError(f"{self.name} cannot use {given!r}: choose from {', '.join(names)}")
        chosen: Method = given
        return chosen

    def applies(self, form: Form) -> bool:
        """Whether the concept is defined for this kind of form."""
        return type(form) in self.parts

    def require(self, form: Form) -> None:
        """Raise ConceptError unless the concept is defined for this kind of form."""
        if not self.applies(form):
            kinds = " and ".join(kind.kind for kind in self.forms)
            got = form.kind if isinstance(form, Form) else type(form).__name__
            article = "an" if got[0] in "aeio" else "a"
            raise ConceptError(f"{self.name} applies to {kinds} games, not to {article} {got} one")

    @property
    def summary(self) -> str:
        """The first line of the documentation."""
        return (self.__doc__ or "").strip().partition("\n")[0]


def concept(
    name: str, form: type[Any], methods: Sequence[type[Any]]
) -> Callable[[Callable[[Any, Any], Equilibria]], Concept]:
    """Turn ``solve(form, method)`` into a Concept that carries its documentation.

    ``made.on(other_form, methods)`` adds another kind of form to it.
    """

    def wrap(solve: Callable[[Any, Any], Equilibria]) -> Concept:
        made = Concept(name, {form: Part(tuple(methods), solve)})
        for attribute in ("__doc__", "__module__", "__qualname__", "__wrapped__"):
            object.__setattr__(made, attribute, getattr(solve, attribute, solve))
        return made

    return wrap


def _default(methods: Sequence[type[Any]]) -> Method:
    method: Method = methods[0]()
    return method
