"""Nash equilibria of two-player games: all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import comb
from typing import ClassVar, final

import numpy as np

from solver._jit import Kernel, run
from solver.concepts._concept import Method, concept
from solver.concepts._exact import settle_doubts, solve_exactly
from solver.concepts._lemke_howson import AllLabels, LemkeHowson, solve_by_paths
from solver.concepts._rows import SMALLEST_RANGE, Outcome, gather, joined, regrets
from solver.concepts._sequences import SequenceForm
from solver.concepts._tree_exact import exactly
from solver.concepts._tree_nash import StrategicForm, by_sequences, by_strategies, require
from solver.concepts._tree_zero_sum import (
    CounterfactualRegret,
    LinearProgram,
    solve_by_regret,
    solve_linear_program,
)
from solver.concepts.nash_sets import equilibrium_sets
from solver.equilibria import Equilibria, Integers, Rows, Status
from solver.errors import ConceptError, ParameterError
from solver.forms.extensive import ExtensiveForm
from solver.forms.normal import Floats, NormalForm
from solver.kernels.bimatrix import solve_bimatrix
from solver.kernels.blocks import LARGEST, solve_blocks, support_pairs
from solver.kernels.three_by_three import solve_three_by_three
from solver.kernels.two_by_two import solve_two_by_two, unpack

Profiles = Callable[[], Floats]

#: Most vertices per player that may be asked for: a hundred gigabytes of them.
MOST = 10**9


@final
@dataclass(frozen=True)
class VertexEnumeration:
    """Every vertex of both best-response polyhedra; up to 4×4 supports first, ties permitting.

    ``tol`` bounds the regret of what is reported, relative to the payoff range; ``max_vertices``
    the vertices of either polyhedron, at about 100 ns each in random games of ten actions. Of the
    games that rounding leaves in doubt, the first ``max_exact`` are solved exactly.
    """

    name: ClassVar[str] = "vertex-enumeration"
    tol: float = 1e-9
    max_vertices: int = 65_000
    max_exact: int = 100

    def __post_init__(self) -> None:
        """Refuse what is no number of vertices or games."""
        for name, least in (("max_vertices", 1), ("max_exact", 0)):
            value = getattr(self, name)
            if not (isinstance(value, int | np.integer) and least <= value <= MOST):
                raise ParameterError(
                    f"{name} = {value!r} is no whole number from {least} to {MOST}"
                )
        if not self.tol >= 0.0:
            raise ParameterError(f"tol = {self.tol!r} is no number of at least 0")


@final
@dataclass(frozen=True)
class Exact:
    """Rational arithmetic, from the payoffs as they were read; a millisecond and more per game.

    ``max_vertices`` bounds the bases of either polytope that are visited.
    """

    name: ClassVar[str] = "exact"
    max_vertices: int = 100_000


@concept("nash", NormalForm, [VertexEnumeration, Exact, LemkeHowson, AllLabels])
def nash(
    form: NormalForm, method: VertexEnumeration | Exact | LemkeHowson | AllLabels
) -> Equilibria:
    """All Nash equilibria of two-player games; or one of them, fast.

    Parameters
    ----------
    form : NormalForm with payoffs (*B, m, n), or ExtensiveForm
    method : VertexEnumeration, Exact, LemkeHowson or AllLabels, optional
        The latter two, ``"lemke-howson"`` and ``"lemke-howson-all"``, follow paths: one
        equilibrium, or those that some path leads to, and never a proof that these are all.
        For trees StrategicForm, SequenceForm or Exact.

    Returns
    -------
    Equilibria
        All extreme equilibria, ties included, and ``complete`` says so. SOLVED
        games are non-degenerate: the equilibria are isolated and these are all. In DEGENERATE
        games the set is a union of polytopes whose corners are the equilibria listed;
        ``component`` says which are connected. A TRUNCATED game has more than ``max_vertices``
        vertices per player, and only its pure equilibria are listed. ``index`` has the sign of
        each isolated equilibrium, and sums to one over the components.

    Raises
    ------
    ConceptError
        For another number of players, and for trees with bargaining.

    Notes
    -----
    Of a tree the extreme equilibria of the reduced strategic form are listed as behavior
    strategies, uniform where a player cannot come given what it does itself; those that agree in
    behavior are listed once, and their components are not computed. A tree is TRUNCATED, and one
    equilibrium from the sequence form listed, beyond 256 reduced strategies or 8,000 vertices; the
    method sequence-form gives one equilibrium of each tree, in a time that grows with the cube of
    the number of actions: 1 µs for 8 of them.

    Extreme equilibria are the pairs of vertices of the two best-response polyhedra that have all
    labels (Mangasarian 1964). The vertices come by double description, a row at a time, so that
    ties need no perturbation; 2×2 games, and games up to 4×4 without ties, are solved by supports
    in closed form. The time is that of the vertices, which grow exponentially: 50 per player of a
    random 6×6 game, 1,000 of 10×10, at most binom(m + n, n). Payoff differences below 1e-12 of the
    range count as ties. The regret of each equilibrium is recomputed from the payoffs.

    A game is in doubt, and ``complete`` is False unless it is solved exactly, where a tie is off by
    more than rounding makes it, or two vertices are so close that a mixture has less than eight
    digits. The exact method takes payoffs as they stand in a file, or else what the floats of the
    form stand for; there 0.1 + 0.2 is no tie with 0.3.

    References
    ----------
    O. L. Mangasarian (1964), Equilibrium points of bimatrix games, J. SIAM 12.
    B. von Stengel (2002), Computing equilibria for two-person games, Handbook of Game Theory 3.
    T. S. Motzkin, H. Raiffa, G. L. Thompson, R. M. Thrall (1953), The double description method,
    Contributions to the Theory of Games 2.
    D. Avis, G. Rosenberg, R. Savani, B. von Stengel (2010), Enumeration of Nash equilibria for
    two-player games, Economic Theory 42.
    L. S. Shapley (1974), A note on the Lemke-Howson algorithm, Math. Programming Study 1.

    Examples
    --------
    >>> eq = nash(NormalForm(payoffs=([[3, 0], [0, 2]], [[2, 0], [0, 3]])))
    >>> int(eq.count), eq.strategies[0].round(3).tolist()
    (3, [[1.0, 0.0], [0.0, 1.0], [0.6, 0.4]])
    """
    if len(form.players) != 2:
        raise ConceptError(
            f"nash lists the equilibria of two players, this game has {len(form.players)}:"
            " pure-nash takes any number"
        )
    if isinstance(method, Exact):
        return solve_exactly(form, method.max_vertices)
    if isinstance(method, LemkeHowson | AllLabels):
        return solve_by_paths(form, method)
    A, B = form.flat()
    outcome = Outcome.of(len(A))
    solve = _closed_form if form.shape == (2, 2) else _vertices
    profiles = _sharpened(form, solve(A, B, method, outcome), outcome, method.max_exact)
    shape = form.batch_shape
    status = outcome.status.reshape(shape)
    return Equilibria(
        form=form,
        concept="nash",
        method=method.name,
        measure="regret",
        tol=method.tol,
        count=outcome.count.reshape(shape),
        status=status,
        complete=outcome.complete.reshape(shape),
        rows=Rows(
            profiles,
            lambda rows, owner: regrets(form, rows, owner),
            sets=lambda rows, owner: equilibrium_sets(form, status, rows, owner),
        ),
    )


def _closed_form(A: Floats, B: Floats, method: VertexEnumeration, outcome: Outcome) -> Profiles:
    count, status = outcome.count, outcome.status

    def call(low: int, high: int, rows: Floats) -> tuple[int, int]:
        steps = (high - low) * 40.0
        found: tuple[int, int] = run(
            solve_two_by_two, steps, A, B, low, high, method.tol, rows, count, status
        )
        return found

    parts = gather(call, len(A), (2,), per_game=1.6)
    # A member of Status would be cast to int64.
    np.less_equal(status, int(Status.DEGENERATE), out=outcome.complete)
    return lambda: unpack(joined(parts, (2,)))


def _vertices(A: Floats, B: Floats, method: VertexEnumeration, outcome: Outcome) -> Profiles:
    m, n = A.shape[1:]
    solve, tables = _kernel(m, n)
    effort = 20.0 * min(comb(m + n, m), method.max_vertices) * (m + n)

    def call(low: int, high: int, rows: Floats) -> tuple[int, int]:
        found: tuple[int, int] = run(
            solve, (high - low) * effort, A, B, low, high, method.tol, method.max_vertices,
            *tables, rows, outcome.count, outcome.status, outcome.complete,
        )  # fmt: skip
        return found

    smallest = min(SMALLEST_RANGE, 1 + int(2e6 / effort))
    parts = gather(call, len(A), (m + n,), per_game=2.0, smallest=smallest)
    return lambda: joined(parts, (m + n,))


def _sharpened(form: NormalForm, profiles: Profiles, outcome: Outcome, max_exact: int) -> Profiles:
    """The profiles, those of games in doubt from rational arithmetic.

    A game from a file is in doubt as soon as it has a tie, which may be one of its floats only.
    """
    doubt = outcome.in_doubt
    if form.fractions is not None:
        doubt |= outcome.status == int(Status.DEGENERATE)
    doubtful = np.flatnonzero(doubt)[:max_exact]
    if not len(doubtful):
        return profiles
    rows = settle_doubts(form, profiles(), outcome, doubtful)
    return lambda: rows


def _kernel(m: int, n: int) -> tuple[Kernel, tuple[Integers, ...]]:
    """The kernel that is fastest for a size, and the tables it needs."""
    if (m, n) == (3, 3):
        return solve_three_by_three, ()
    if min(m, n) > 1 and max(m, n) <= LARGEST:
        return solve_blocks, (support_pairs(m, n),)
    return solve_bimatrix, ()


@nash.on(ExtensiveForm, [StrategicForm, SequenceForm, LinearProgram, CounterfactualRegret, Exact])
def _of_trees(form: ExtensiveForm, method: Method) -> Equilibria:
    """Two-player trees: through their strategic form, or by their sequences."""
    require(form, "nash", players=2)
    if isinstance(method, LinearProgram):
        return solve_linear_program(form, method)
    if isinstance(method, CounterfactualRegret):
        return solve_by_regret(form, method)
    if isinstance(method, SequenceForm):
        return by_sequences(form, method)
    if isinstance(method, Exact):
        return exactly(form, "nash", lambda strategic: nash(strategic, method))
    assert isinstance(method, StrategicForm)  # noqa: S101
    core = VertexEnumeration(method.tol, method.max_vertices, method.max_exact)
    return by_strategies(form, method, lambda strategic: nash(strategic, core))
