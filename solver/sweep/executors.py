"""Chunks solved by the workers of an executor: processes, MPI ranks, other machines.

The executor is a `concurrent.futures.Executor` of the user's, or a Dask client. One future per
chunk, and few of them at a time. Workers return what they found; they write nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    wait,
)
from itertools import islice
from typing import TypeVar

from solver._threads import get_threads
from solver.errors import CoopetError, ParameterError, WorkerError
from solver.sweep import cluster
from solver.sweep.plan import Plan
from solver.sweep.shipping import pack, solve_parcel

T = TypeVar("T")

#: Chunks under way or waiting, per worker: one to work on and one to go on with.
AHEAD = 2


def over_workers(
    solve: Callable[[Plan, int], T],
    made: Plan,
    numbers: Sequence[int],
    executor: object,
    jobs: int | None = None,
) -> Generator[tuple[int, T], None, None]:
    """Chunk numbers and ``solve(made, number)``, computed by workers, in the order they finish.

    At most two chunks per worker are under way or waiting, which bounds the memory everywhere.

    Raises
    ------
    WorkerError
        When the workers cannot be reached or are of another version; when they die and the
        executor does not put others in their place (Dask does).
    """
    if jobs is not None and jobs < 1:
        raise ParameterError(f"jobs = {jobs} is not a whole number of at least 1")
    if not numbers:
        return
    parcel = pack(solve, made)
    waiting: dict[Future[T], int] = {}
    upcoming = iter(numbers)
    try:
        pool, workers = _attach(executor, jobs)
        while True:
            room = max(0, AHEAD * workers() - len(waiting))
            for number in islice(upcoming, room):
                waiting[pool.submit(solve_parcel, parcel, number)] = number
            if not waiting:
                return
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in sorted(done, key=_failed):  # what was finished is kept first
                result = future.result()
                yield waiting.pop(future), result
    except Exception as error:
        if (word := _loss(error)) is None:
            raise
        raise WorkerError(f"{word}; the same again goes on from there") from error
    finally:
        for future in waiting:
            future.cancel()


def _attach(executor: object, jobs: int | None) -> tuple[Executor, Callable[[], int]]:
    """The executor to submit to, and how many workers it has at the moment."""
    if cluster.is_client(executor):
        return cluster.attach(executor, jobs)
    if not isinstance(executor, Executor):
        raise WorkerError(
            f"executor = {executor!r} is neither a concurrent.futures.Executor nor a Dask Client"
        )
    # mpi4py says num_workers; those of the standard library know but do not say.
    told = getattr(executor, "num_workers", None) or getattr(executor, "_max_workers", None)
    count = jobs or told or get_threads()
    return executor, lambda: count


def _failed(future: Future[T]) -> bool:
    return future.cancelled() or future.exception() is not None


def _loss(error: Exception) -> str | None:
    """What happened to the workers in some words; None for errors that are not about them."""
    if isinstance(error, CoopetError):
        return None
    if isinstance(error, BrokenExecutor):
        return "a worker process died"
    if isinstance(error, CancelledError):
        return "the connection to the workers was lost"
    if isinstance(error, ImportError):
        return f"a worker cannot import what it needs ({error}): coopet must be installed there"
    if type(error).__module__.partition(".")[0] == "distributed":
        return f"workers were lost ({type(error).__name__})"
    return None
