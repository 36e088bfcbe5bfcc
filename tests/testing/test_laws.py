"""Every law holds for the concepts as they are, over every family of games."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from solver import Equilibria, NormalForm, nash, pure_nash
from solver.errors import ConceptError, FormError, ParameterError
from solver.testing import bimatrix_games, laws, normal_forms
from solver.testing.strategies import KINDS

Solver = Callable[[NormalForm], Equilibria]

BATCHED = bimatrix_games(actions=(1, 4), batch=(2,))
N_PLAYERS = normal_forms(players=(1, 4), actions=(1, 3), batch=(2,))


@pytest.mark.parametrize("law", laws.LAWS)
@given(form=BATCHED)
def test_every_law_holds_for_nash(law: str, form: NormalForm) -> None:
    """Two players, up to four actions: the support kernel and the closed form."""
    laws.check(form, nash, [law])


@pytest.mark.parametrize("law", laws.LAWS)
@given(form=N_PLAYERS)
def test_every_law_holds_for_pure_nash(law: str, form: NormalForm) -> None:
    """One to four players."""
    laws.check(form, pure_nash, [law])
