"""Threads: one setting, ranges that cover, and no range inside a range that starts more."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver import Game, LeaderFollower, Parameter, _threads, get_threads, set_threads, sweep
from solver.errors import ParameterError
from solver.sweep.run import over_chunks


@pytest.fixture(autouse=True)
def setting() -> Iterator[None]:
    """Whatever a test sets is taken back."""
    before = list(_threads._setting)
    yield
    _threads._setting[:] = before


@pytest.mark.parametrize(
    "count",
    [
        0,
        -1,
        *(pytest.param(bad) for bad in (2.5, float("nan"), "2", None)),
    ],
)
def test_a_number_of_threads_is_a_whole_number_of_at_least_one(count: Any) -> None:
    with pytest.raises(ParameterError, match=r"threads = .* is not a whole number of at least 1"):
        set_threads(count)


def test_the_setting_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOPET_THREADS", "5")
    _threads._setting.clear()
    assert 5 == get_threads()
    set_threads(3)
    assert 3 == get_threads()


@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5", " "])
def test_the_environment_is_checked(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("COOPET_THREADS", text)
    _threads._setting.clear()
    with pytest.raises(ParameterError, match=f"COOPET_THREADS = '{text}' is not a whole number"):
        get_threads()


@pytest.mark.parametrize("text", ["", None])
def test_without_a_setting_every_core_is_used(
    monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    _threads._setting.clear()
    if text is None:
        monkeypatch.delenv("COOPET_THREADS", raising=False)
    else:
        monkeypatch.setenv("COOPET_THREADS", text)
    assert get_threads() >= 1


@given(st.integers(0, 5000), st.integers(1, 700), st.integers(1, 9))
def test_ranges_cover_everything_once_and_none_is_short(
    total: int, smallest: int, threads: int
) -> None:
    set_threads(threads)
    ranges = _threads.over_ranges(total, smallest, range)
    assert list(range(total)) == [i for part in ranges for i in part]
    assert len(ranges) <= threads
    assert len(ranges) == 1 or min(map(len, ranges)) >= smallest


def test_a_range_inside_a_range_runs_where_it_is() -> None:
    set_threads(2)
    barrier = threading.Barrier(2, timeout=30)

    def outer(low: int, high: int) -> tuple[str, list[str]]:
        barrier.wait()  # both threads are at work
        inner = _threads.over_ranges(100, 1, lambda _low, _high: threading.current_thread().name)
        return threading.current_thread().name, inner

    found = _threads.over_ranges(2, 1, outer)
    assert 2 == len({name for name, _ in found})
    assert [([name]) for name, _ in found] == [inner for _, inner in found]


def test_an_exception_reaches_the_caller_and_threads_go_on_being_useful() -> None:
    set_threads(2)

    def failing(low: int, high: int) -> int:
        if low:
            raise ZeroDivisionError
        return high

    with pytest.raises(ZeroDivisionError):
        _threads.over_ranges(10, 1, failing)
    assert [(0, 5), (5, 10)] == _threads.over_ranges(10, 1, lambda low, high: (low, high))


@pytest.mark.parametrize("jobs", [1, 2, 3])
@pytest.mark.parametrize("chunks", [0, 1, 2, 11])
def test_chunks_come_in_order(jobs: int, chunks: int) -> None:
    squares = over_chunks(lambda k: k * k, range(chunks), jobs)
    assert [k * k for k in range(chunks)] == list(squares)


def test_few_chunks_are_under_way_at_a_time() -> None:
    begun: list[int] = []
    squares = over_chunks(begun.append, range(100), 2)
    next(squares)
    squares.close()
    assert len(begun) <= 4


def test_nothing_is_left_running_after_an_error() -> None:
    begun = threading.Event()
    ended: list[int] = []

    def work(number: int) -> None:
        if number == 0:
            begun.wait(30.0)
            raise ZeroDivisionError
        begun.set()
        time.sleep(0.2)
        ended.append(number)

    with pytest.raises(ZeroDivisionError):
        list(over_chunks(work, range(2), 2))
    assert [1] == ended


def test_one_job_is_one_thread() -> None:
    set_threads(2)
    names: set[str] = set()

    def payoffs(action: Any, eps: Any) -> Any:
        names.add(threading.current_thread().name)
        return ([action], [eps])

    def build(*, eps: Any) -> LeaderFollower:
        return LeaderFollower(
            players=("a", "b"), action="x", low=0.0, high=1.0, answers=("y",),
            payoffs=payoffs, parameters={"eps": eps},
        )  # fmt: skip

    game = Game(name="g", parameters=(Parameter("eps", default=0.5),), build=build)
    sweep(game, eps=np.linspace(0.0, 1.0, 9000), jobs=1)
    assert {threading.main_thread().name} == names
