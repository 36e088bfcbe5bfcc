"""Running a sweep: chunks over threads, in bounded memory, into a Dataset or a store."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, wait
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, TypeVar

from solver._threads import get_threads, pool, serially
from solver.errors import ParameterError
from solver.game import Game
from solver.parameters import as_floats
from solver.sweep import parts, plan
from solver.sweep.axes import given
from solver.sweep.dataset import assemble
from solver.sweep.design import Design, Grid
from solver.sweep.executors import over_workers
from solver.sweep.parts import Part
from solver.sweep.plan import Plan

if TYPE_CHECKING:
    import xarray as xr

    from solver.concepts._concept import Concept, Method

T = TypeVar("T")


def sweep(  # noqa: PLR0913
    game: Game,
    *,
    concept: str | Concept | None = None,
    method: Method | str | None = None,
    jobs: int | None = None,
    chunk: int = plan.CHUNK,
    design: Design | None = None,
    add: str | Iterable[str] = (),
    executor: object = None,
    **values: Any,
) -> xr.Dataset:
    """Solve a game over a grid and label the answers.

    Parameters
    ----------
    game : Game
    concept, method : optional
        By default the first concept that applies to the game's form.
    jobs : int, optional
        Threads; by default `solver.get_threads()`. With an executor, the number of its workers
        where it does not say that itself.
    chunk : int
        Cells solved at once.
    design : Sample or Listing, optional
        Points that are no grid: a sample, or a table of parameters.
    add : str or iterable of str, optional
        Sets of columns to add to the answers, of which each becomes a variable:

        - ``panel``, of nash: ``pure``, ``strict``, ``quasi_strict``, ``undominated``,
          ``payoff_dominant``, ``risk_dominant``, ``welfare_maximal``, ``component``, ``index``,
          each over ``slot``. See `solver.selection.panel`.
        - ``logit``, of nash: ``logit_selected`` over ``slot``.
        - ``basins``, of nash: ``basin`` over ``slot``, and ``basin_elsewhere``.
        - ``survivors``, of normal forms: ``survives_<player>`` over ``action_<player>``.
        - ``joint``, of normal forms: ``joint`` over ``slot`` and each ``action_<player>``.
        - ``coco``, of coco: ``team``, ``advantage``, and ``threat_<player>`` over
          ``action_<player>``.
        - ``coopetition``, of nash or pure-nash: ``team``, ``welfare_best``, ``welfare_worst``,
          ``gap_best``, ``gap_worst``, ``advantage``, ``critical_discount``. See
          `solver.coopetition.coopetition`.
        - ``coalition``, of coalition games: ``monotone``, ``superadditive``, ``convex``,
          ``essential``, ``balanced``, and over ``player`` ``added_value``, ``core_low``,
          ``core_high``. See `solver.coalitions`.
    executor : concurrent.futures.Executor or distributed.Client, optional
        Solves the chunks instead of threads here, one thread per worker; the answers are the same
        to the bit. It stays open. What is shipped, and what workers must have installed: see
        `solver.sweep.shipping`.
    **values : float or array-like
        Parameters: a one-dimensional array makes an axis, in the order given; a number fixes.

    Returns
    -------
    xarray.Dataset
        One dimension per axis, in the order given (for a design the dimension `sample`, with the
        parameters as coordinates along it); `slot`, `player`, `action_<player>`; variables
        `regime`, `count`, `status`, `complete`, `payoff`, `gap`, `strategy_<player>` and the
        game's outcomes and added columns. NaN marks an empty slot, False one of marks, -1 of
        ``component`` and -128 of ``index``. Held in memory whole: for more cells than that
        allows, let `coopet sweep` write a store.

    Raises
    ------
    ParameterError, AxisError, ConceptError
        Before anything is solved.
    WorkerError
        When the executor's workers cannot be reached, are of another version, or die.

    Examples
    --------
    >>> import numpy as np
    >>> from games import phase
    >>> ds = sweep(phase, nre=np.array([100.0, 1000.0]), porting_top=40.0)
    >>> ds.regime.values.tolist(), ds.price.values.round(4).tolist()
    (['dual', 'buy-deterred'], [32.5, 28.6491])
    """
    arrays = {name: as_floats(name, value) for name, value in values.items()}
    axes = tuple(given(name, value) for name, value in arrays.items() if value.ndim)
    if design is not None and axes:
        raise ParameterError(f"{axes[0].name}: an array makes an axis, but a design is given")
    fixed = {name: value for name, value in arrays.items() if value.ndim == 0}
    points = Grid(axes) if design is None else design
    made = plan.make(game, points, fixed, concept=concept, method=method, chunk=chunk, add=add)
    numbers = range(made.chunks)
    if executor is None:
        found = list(over_chunks(lambda number: solve_part(made, number), numbers, jobs))
    else:
        found = [part for _, part in over_workers(solve_part, made, numbers, executor, jobs)]
    parts_found = [part for part, _ in found]
    return assemble(description(made, found[0][1]), parts_found, made.design)


def solve_part(made: Plan, number: int) -> tuple[Part, dict[str, Any]]:
    """One chunk as columns, and their layout."""
    cells = made.solve(number)
    start = made.bounds(number)[0]
    return parts.from_cells(start, cells, made.keep), parts.schema_of(cells, made.keep)


def description(made: Plan, schema: dict[str, Any]) -> dict[str, Any]:
    """What a sweep says about itself besides its cells."""
    game = made.game
    return {
        "plan": made.describe(),
        "schema": schema,
        "about": {
            "summary": game.summary,
            "parameters": {p.name: {"units": p.unit, "long_name": p.doc} for p in game.parameters},
            "units": dict(game.units or {}),
            "regimes": list(game.regimes),
        },
        "versions": {name: version(name) for name in ("coopet", "numpy", "numba", "xarray")},
    }


def over_chunks(
    work: Callable[[int], T], numbers: Sequence[int], jobs: int | None = None
) -> Generator[T, None, None]:
    """Results of ``work(number)`` in order, computed on `jobs` threads.

    At most two chunks per thread are under way or waiting to be taken, which bounds the memory
    whatever the number of cells. A single chunk runs here, and may itself use every thread.
    """
    threads = get_threads() if jobs is None else jobs
    if threads < 1:
        raise ParameterError(f"jobs = {threads} is not a whole number of at least 1")
    if threads == 1:
        yield from (serially(work, number) for number in numbers)
        return
    if len(numbers) == 1:
        yield from (work(number) for number in numbers)
        return
    waiting: deque[Future[T]] = deque()
    try:
        for number in numbers:
            waiting.append(pool(threads).submit(serially, work, number))
            if len(waiting) >= 2 * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()
        wait(waiting)  # nothing is left running, nor writing
