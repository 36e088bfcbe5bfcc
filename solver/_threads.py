"""Parallel work: ranges of a batch on a pool of threads, the count from one setting.

Kernels release the GIL, so threads are enough. A range inside a range runs where it is: a sweep
that already uses every core over chunks does not start more threads for each of them.
"""

from __future__ import annotations

import operator
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from solver.errors import ParameterError

T = TypeVar("T")

_inside = threading.local()
_setting: list[int] = []


def set_threads(count: int) -> None:
    """Use `count` threads from now on; ``COOPET_THREADS`` sets the same before the first use."""
    try:
        whole = operator.index(count)
    except TypeError:
        whole = 0
    if whole < 1:
        raise ParameterError(f"threads = {count} is not a whole number of at least 1")
    _setting[:] = [whole]


def get_threads() -> int:
    """Threads in use: the setting, ``COOPET_THREADS``, or the cores this process may run on."""
    if _setting:
        return _setting[0]
    given = os.environ.get("COOPET_THREADS", "")
    if not given:
        return (
            len(os.sched_getaffinity(0))
            if hasattr(os, "sched_getaffinity")
            else os.cpu_count() or 1
        )
    if not given.isdecimal() or int(given) < 1:
        raise ParameterError(f"COOPET_THREADS = {given!r} is not a whole number of at least 1")
    return int(given)


def over_ranges(total: int, smallest: int, task: Callable[[int, int], T]) -> list[T]:
    """Results of ``task(low, high)`` over consecutive ranges that cover ``range(total)``.

    There is one range per thread, but none shorter than `smallest`: below that a thread costs
    more than it saves.
    """
    count = min(get_threads(), max(1, total // smallest))
    if count == 1 or getattr(_inside, "busy", False):
        return [task(0, total)]
    edges = [total * i // count for i in range(count + 1)]
    return list(pool(count).map(lambda i: serially(task, edges[i], edges[i + 1]), range(count)))


def serially(task: Callable[..., T], *args: object) -> T:
    """Call `task` so that every range inside it runs on this thread."""
    before = getattr(_inside, "busy", False)
    _inside.busy = True
    try:
        return task(*args)
    finally:
        _inside.busy = before


@cache
def pool(count: int) -> ThreadPoolExecutor:
    """The shared pool of `count` threads."""
    return ThreadPoolExecutor(count, thread_name_prefix="coopet")
