"""Learning and evolution by Nashpy, and games to and from it; the only import of nashpy.

Nashpy draws from NumPy's global generator. Here every process takes a seed, and what the generator
was is put back afterwards.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solver.errors import ConceptError, FormError, ParameterError
from solver.forms.normal import Floats, NormalForm

Index = tuple[int, ...]
Integers = NDArray[np.int64]


def to_nashpy(form: NormalForm, index: Index = ()) -> Any:
    """One game of a batch as a ``nashpy.Game``.

    Parameters
    ----------
    form : NormalForm over (*B)
        Two players. Names of players and actions are lost.
    index : tuple of int
        Which game; ``()`` for a single one.

    Raises
    ------
    ConceptError
        Unless there are two players, or where nashpy is not installed.
    ParameterError
        For an index that names no game.

    Examples
    --------
    >>> to_nashpy(NormalForm([[[1, 2]], [[3, 4]]])).payoff_matrices[1].tolist()
    [[3.0, 4.0]]
    """
    if not isinstance(form, NormalForm) or len(form.players) != 2:
        raise ConceptError("nashpy takes normal forms of two players")
    shape = form.batch_shape
    inside = len(index) == len(shape)
    if not inside or any(not -size <= at < size for at, size in zip(index, shape, strict=True)):
        raise ParameterError(f"index = {index!r} names no game of a batch of shape {shape}")
    A, B = (np.array(payoffs[index]) for payoffs in form.payoffs)
    return _nashpy().Game(A, B)


def from_nashpy(
    game: Any,
    players: Sequence[str] | None = None,
    actions: Sequence[Sequence[str]] | None = None,
) -> NormalForm:
    """The game of a ``nashpy.Game``, with names if given.

    Raises
    ------
    FormError
        For what has no payoff matrices.

    Examples
    --------
    >>> import nashpy
    >>> from_nashpy(nashpy.Game([[1, 0], [0, 1]])).payoffs[1].tolist()  # zero-sum
    [[-1.0, 0.0], [0.0, -1.0]]
    """
    matrices = getattr(game, "payoff_matrices", None)
    if matrices is None:
        raise FormError(f"{type(game).__name__} has no payoff_matrices: a nashpy.Game is needed")
    return NormalForm(list(matrices), players, actions)


def fictitious_play(
    form: NormalForm,
    iterations: int,
    *,
    seed: int,
    start: Sequence[ArrayLike] | None = None,
    index: Index = (),
) -> tuple[Floats, Floats]:
    """How often each action has been played, when all reply to what was played before.

    Parameters
    ----------
    form : NormalForm over (*B)
    iterations : int
    seed : int
        Replies that are equally good are drawn.
    start : two arrays (m,) and (n,), optional
        Play counts to begin with; zeros.
    index : tuple of int
        Which game.

    Returns
    -------
    tuple of arrays (iterations + 1, m) and (iterations + 1, n)

    References
    ----------
    G. W. Brown (1951), Iterative solution of games by fictitious play, Activity Analysis of
    Production and Allocation.

    Examples
    --------
    >>> counts, _ = fictitious_play(NormalForm([[[2, 0], [3, 1]], [[2, 3], [0, 1]]]), 9, seed=1)
    >>> counts[-1].tolist()
    [0.0, 9.0]
    """
    game = to_nashpy(form, index)
    _whole("iterations", iterations)
    begin = None if start is None else [np.array(counts, np.float64) for counts in start]
    with _seeded(seed):
        played = list(game.fictitious_play(iterations, play_counts=begin))
    return _columns(played)


def stochastic_fictitious_play(  # noqa: PLR0913
    form: NormalForm,
    iterations: int,
    *,
    seed: int,
    noise: float = 0.1,
    perturbation: float = 0.01,
    start: Sequence[ArrayLike] | None = None,
    index: Index = (),
) -> tuple[Floats, Floats]:
    """How often each action has been played, when all reply with errors.

    Parameters
    ----------
    form : NormalForm over (*B)
    iterations : int
    seed : int
    noise : float
        In units of payoff: replies are logit with precision 1 / noise.
    perturbation : float
        Payoffs are raised by uniform numbers up to this before a reply.
    start : two arrays (m,) and (n,), optional
        Play counts to begin with; zeros.
    index : tuple of int
        Which game.

    Returns
    -------
    tuple of arrays (iterations + 1, m) and (iterations + 1, n)

    Notes
    -----
    Payoffs are given from the least on, since Nashpy takes exponentials of them as they are.

    References
    ----------
    D. Fudenberg, D. M. Kreps (1993), Learning mixed equilibria, Games Econ. Behav. 5.
    J. Hofbauer, W. H. Sandholm (2002), On the global convergence of stochastic fictitious play,
    Econometrica 70.
    """
    _whole("iterations", iterations)
    if not 0.0 < noise < np.inf:
        raise ParameterError(f"noise = {noise!r} is no positive number")
    given = to_nashpy(form, index)
    payoffs = [matrix - matrix.max() for matrix in given.payoff_matrices]
    least = min(float(matrix.min()) for matrix in payoffs)
    if not least > -MOST_EXPONENT * noise:
        raise ParameterError(
            f"noise = {noise!r} is too little for a payoff range of {-least:g}: at least"
            f" {-least / MOST_EXPONENT:g} is needed"
        )
    begin = None if start is None else [np.array(counts, np.float64) for counts in start]
    game = _nashpy().Game(*payoffs)
    with _seeded(seed):
        played = [
            counts
            for counts, _ in game.stochastic_fictitious_play(
                iterations, play_counts=begin, etha=noise, epsilon_bar=perturbation
            )
        ]
    return _columns(played)


#: Exponents beyond which all probabilities of a reply would be zero.
MOST_EXPONENT = 600.0


def replicator_dynamics(
    form: NormalForm,
    times: ArrayLike,
    start: Sequence[ArrayLike] | None = None,
    index: Index = (),
) -> tuple[Floats, Floats]:
    """Shares of each action in two populations that grow with their payoffs.

    Parameters
    ----------
    form : NormalForm over (*B)
    times : (T,) array-like
        Ascending from 0, in units of one over the payoffs.
    start : two arrays (m,) and (n,), optional
        Shares at the first time; equal ones.
    index : tuple of int
        Which game.

    Returns
    -------
    tuple of arrays (T, m) and (T, n)

    References
    ----------
    P. D. Taylor (1979), Evolutionarily stable strategies with two types of player, J. Applied
    Probability 16.
    """
    game = to_nashpy(form, index)
    begin = [None, None] if start is None else [np.array(shares, np.float64) for shares in start]
    x, y = game.asymmetric_replicator_dynamics(
        x0=begin[0], y0=begin[1], timepoints=np.asarray(times, np.float64)
    )
    return x, y


def moran_process(  # noqa: PLR0913
    form: NormalForm,
    population: ArrayLike,
    *,
    seed: int,
    mutation: float = 0.0,
    most: int = 100_000,
    index: Index = (),
) -> Integers:
    """Generations of one finite population whose members are copied in proportion to payoff.

    Parameters
    ----------
    form : NormalForm over (*B)
        As many actions for either player; the payoffs of the first, at least zero, are fitness.
    population : (N,) array-like of int
        The action of each member, from 0 on.
    seed : int
    mutation : float
        Probability that a copy is another action of the first population.
    most : int
        Generations after which to stop; without mutation it ends when all are alike.
    index : tuple of int
        Which game.

    Returns
    -------
    (generations, N) int
        Without the population given, unless that does not change.

    Raises
    ------
    ParameterError
        For members that are no action, or negative payoffs.

    References
    ----------
    P. A. P. Moran (1958), Random processes in genetics, Proc. Cambridge Phil. Soc. 54.
    M. A. Nowak (2006), Evolutionary Dynamics, ch. 6.
    """
    game = to_nashpy(form, index)
    _whole("most", most)
    members, actions = np.asarray(population), form.shape[0]
    right = members.ndim == 1 and members.size > 1 and members.dtype.kind in "iu"
    if not right or not ((members >= 0) & (members < actions)).all():
        raise ParameterError(
            f"population = {population!r} lists no members from 0 to {actions - 1}"
        )
    if form.shape[0] != form.shape[1] or (game.payoff_matrices[0] < 0.0).any():
        raise ParameterError(
            f"a Moran process needs as many actions for either player, not {form.shape}, and"
            " payoffs of at least zero"
        )
    if not 0.0 <= mutation <= 1.0:
        raise ParameterError(f"mutation = {mutation!r} is no probability")
    with _seeded(seed):
        process = game.moran_process(members, mutation_probability=mutation)
        return np.array(list(islice(process, most)), np.int64)


@contextmanager
def _seeded(seed: int) -> Generator[None, None, None]:
    """Seed NumPy's global generator, and put it back."""
    before = np.random.get_state()  # noqa: NPY002  the one that Nashpy uses
    np.random.seed(seed)  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(before)  # noqa: NPY002


def _columns(played: list[Any]) -> tuple[Floats, Floats]:
    """Pairs of counts, one per iteration, as two arrays."""
    first, second = (np.array([pair[i] for pair in played], np.float64) for i in range(2))
    return first, second


def _whole(name: str, value: int) -> None:
    if not (isinstance(value, int | np.integer) and value >= 1):
        raise ParameterError(f"{name} = {value!r} is no whole number from 1")


def _nashpy() -> Any:
    try:
        return import_module("nashpy")
    except ImportError:
        raise ConceptError(
            "learning needs nashpy, which is not installed: pip install coopet[learning]"
        ) from None
