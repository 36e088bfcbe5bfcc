"""The table of solution concepts: a name and where it lives. One file per concept.

The first concept that applies to a form is its default.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from solver.errors import ConceptError, unknown

if TYPE_CHECKING:
    from solver.concepts._concept import Concept
    from solver.forms import Form

CONCEPTS = (
    "subgame-perfect",
    "nash",
    "pure-nash",
    "sequential",
    "logit",
    "minimax",
    "coco",
    "stackelberg",
    "correlated",
    "coarse-correlated",
    "nash-bargaining",
    "alternating-offers",
    "outside-option",
    "kalai-smorodinsky",
    "egalitarian",
    "equal-loss",
    "utilitarian",
    "variable-threats",
    "shapley",
    "nucleolus",
    "core",
    "least-core",
    "tau",
    "banzhaf",
    "nash-in-nash",
    "nash-in-kalai",
    "nntr",
    "biform",
    "self-enforcing",
)

#: Number of players that a concept is limited to, where it is.
PLAYERS = {"nash": 2, "minimax": 2, "coco": 2, "stackelberg": 2, "variable-threats": 2}


def find(name: str) -> Concept:
    """The concept of that name, or ConceptError with the near names."""
    if name not in CONCEPTS:
        raise ConceptError(unknown("concept", name, CONCEPTS))
    attribute = name.replace("-", "_")
    found: Concept = getattr(import_module(f"solver.concepts.{attribute}"), attribute)
    return found


def default(form: Form) -> Concept:
    """The concept that solves a form when none is named."""
    players = len(form.players)
    for name in CONCEPTS:
        concept = find(name)
        if concept.applies(form) and players == PLAYERS.get(name, players):
            return concept
    raise ConceptError(f"no concept applies to {type(form).__name__}")
