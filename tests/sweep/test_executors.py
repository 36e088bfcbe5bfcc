"""Whoever solves the chunks, the answers are those of threads here, to the last bit."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor
from concurrent.futures import ThreadPoolExecutor as Threads
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from games import bargain
from solver import BargainingProblem, Distribution, Game, Parameter, Sample, nash, sweep
from solver._threads import _inside
from solver.errors import FormError, ParameterError, StoreError, WorkerError
from solver.sweep import cluster as door
from solver.sweep import shipping, store
from solver.sweep.plan import Plan
from solver.sweep.run import solve_part
from solver.sweep.shipping import pack, solve_parcel
from tests.clusters import Cluster, connect

Make = Callable[..., Plan]
EPS = Parameter("eps", default=0.1, low=0.0, high=1.0)
AXIS = {"eps": np.linspace(0.0, 1.0, 30)}


@pytest.fixture(scope="module")
def processes() -> Iterator[Executor]:
    """Two processes that know nothing of this one."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        yield pool


@pytest.fixture(scope="module")
def client(cluster: Cluster) -> Iterator[Any]:
    """The cluster, with its worker ready."""
    with connect(cluster, 1) as made:
        yield made


@pytest.fixture(params=["threads", "processes", "client"])
def executor(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Every kind of executor in turn."""
    if request.param == "threads":
        with Threads(2) as pool:
            yield pool
    else:
        yield request.getfixturevalue(request.param)


def bargained(surplus: Callable[..., Any], **fields: Any) -> Game:
    """A game of this file, which no worker can import."""

    def build(*, eps: Any) -> BargainingProblem:
        return BargainingProblem(players=("a", "b"), surplus=surplus(eps), disagreement=(0.0, 0.0))

    return Game(name="mine", parameters=(EPS,), build=build, **fields)


def dies_above(edge: float, cured: Path) -> Game:
    """A game whose process is killed for eps above `edge`, until the file `cured` is there."""

    def surplus(eps: Any) -> Any:
        if eps.max() > edge and not cured.exists():
            import os

            os.kill(os.getpid(), signal.SIGKILL)
        return 1.0 + eps

    return bargained(surplus)


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_answers_are_those_of_threads(grid: tuple[Game, dict[str, Any]], executor: Any) -> None:
    game, axes = grid
    expected = sweep(game, **axes, chunk=3)
    xr.testing.assert_identical(expected, sweep(game, **axes, chunk=3, executor=executor))


@pytest.mark.parametrize("kind", ["sobol", "lhs", "mc"])
def test_samples_are_the_same_points_whoever_draws_them(kind: str, executor: Any) -> None:
    ranges = (
        Distribution("nre", "log-uniform", 100.0, 1e4),
        Distribution("value", "uniform", 40, 80),
    )
    points = Sample(kind, 50, 3, ranges, (("nre", "value", 0.3),))
    expected = sweep(bargain, design=points, chunk=7)
    found = sweep(bargain, design=points, chunk=7, executor=executor)
    xr.testing.assert_identical(expected, found)


def test_the_stores_are_the_same_files(small: Plan, tmp_path: Path, executor: Any) -> None:
    store.run(small, tmp_path / "threads")
    told: list[int] = []
    solved = store.run(small, tmp_path / "workers", executor=executor, progress=told.append)
    assert (20, 20) == (solved, sum(told))
    assert _files(tmp_path / "threads") == _files(tmp_path / "workers")


def test_a_sweep_begun_on_threads_is_finished_by_workers(
    small: Plan, tmp_path: Path, executor: Any
) -> None:
    store.run(small, tmp_path / "out")
    expected = _files(tmp_path / "out")
    store.part_path(tmp_path / "out", 1).unlink()
    assert 7 == store.run(small, tmp_path / "out", executor=executor)
    assert expected == _files(tmp_path / "out")
    assert 0 == store.run(small, tmp_path / "out", executor=executor)


def test_closures_lambdas_and_concepts_of_a_users_game_travel(executor: Any) -> None:
    scale = 2.0
    game = bargained(
        lambda eps: scale * (1.0 + eps),
        outcomes=lambda p, _: {"root": np.sqrt(p["eps"]), "named": 0.0 * p["eps"] + len(nash.name)},
        regime=lambda p, _: np.where(p["eps"] > 0.5, "much", "little"),
    )
    expected = sweep(game, **AXIS, chunk=7)
    assert {"much", "little"} == set(expected.regime.values.tolist())
    xr.testing.assert_identical(expected, sweep(game, **AXIS, chunk=7, executor=executor))


def test_an_error_of_a_users_game_is_the_same_as_here(executor: Any) -> None:
    game = bargained(lambda eps: eps / "x")
    with pytest.raises(FormError, match=r"game mine: build failed at .*: TypeError"):
        sweep(game, eps=AXIS["eps"], chunk=7, executor=executor)


def test_a_worker_uses_one_thread_and_opens_a_parcel_once(make: Make) -> None:
    busy: list[object] = []
    made = make(bargained(lambda eps: 1.0 + eps), AXIS)
    parcel = pack(solve_part, made)
    before = shipping._opened.cache_info().misses
    real = shipping.serially

    def watched(*args: Any) -> Any:
        return real(lambda: (busy.append(_inside.busy), args[0](*args[1:]))[1])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shipping, "serially", watched)
        for number in range(made.chunks):
            solve_parcel(parcel, number)
    assert [True] * 5 == busy
    assert before + 1 == shipping._opened.cache_info().misses


@pytest.mark.parametrize("jobs", [1, 3])
def test_few_chunks_are_under_way_at_a_time(make: Make, jobs: int) -> None:
    most, waiting = [0], [0]
    lock = threading.Lock()

    class Counting(Executor):
        def __init__(self) -> None:
            self.pool = Threads(1)

        def submit(self, *args: Any) -> Any:
            with lock:
                waiting[0] += 1
                most[0] = max(most[0], waiting[0])
            future = self.pool.submit(*args)
            future.add_done_callback(taken)
            return future

    def taken(_future: object) -> None:
        with lock:
            waiting[0] -= 1

    game = bargained(lambda eps: 1.0 + eps)
    counting = Counting()
    sweep(game, eps=np.linspace(0.0, 1.0, 200), chunk=1, executor=counting, jobs=jobs)
    counting.pool.shutdown()
    assert 1 <= most[0] <= 2 * jobs


def test_a_worker_killed_midway_loses_nothing(
    make: Make, tmp_path: Path, cluster: Cluster, client: Any
) -> None:
    def surplus(eps: Any) -> Any:
        import time

        time.sleep(0.05)
        return 1.0 + eps

    made = make(bargained(surplus), {"eps": np.linspace(0.0, 1.0, 40)}, chunk=1)
    store.run(made, tmp_path / "whole")
    victim = cluster.add_worker()
    client.wait_for_workers(2, timeout=60)
    told: list[int] = []

    def progress(cells: int) -> None:
        told.append(cells)
        if len(told) == 8:
            victim.kill()

    assert 40 == store.run(made, tmp_path / "out", executor=client, progress=progress)
    assert -signal.SIGKILL == victim.wait()
    assert [0] + [1] * 40 == told
    assert _files(tmp_path / "whole") == _files(tmp_path / "out")


def test_a_broken_pool_says_what_is_kept_and_the_same_goes_on(make: Make, tmp_path: Path) -> None:
    made = make(dies_above(0.5, tmp_path / "cured"), AXIS, chunk=3)
    with (
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool,
        pytest.raises(StoreError) as caught,
    ):
        store.run(made, tmp_path / "out", executor=pool)
    kept = 3 * len(list((tmp_path / "out").glob("part-*")))
    words = f"{kept} of 30 cells are kept in {tmp_path / 'out'}"
    assert f"a worker process died; the same again goes on from there; {words}" == str(caught.value)
    assert 0 < kept < 30
    (tmp_path / "cured").touch()
    assert 30 - kept == store.run(made, tmp_path / "out", executor=None)
    store.run(made, tmp_path / "whole")
    assert _files(tmp_path / "whole") == _files(tmp_path / "out")


class Failing(Executor):
    """An executor whose first chunk is solved and whose others fail."""

    def __init__(self, error: Exception | None) -> None:
        self.error, self.begun, self.futures = error, 0, []

    def submit(self, solve: Any, *args: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.futures.append(future)
        self.begun += 1
        if self.begun == 1:
            future.set_result(solve(*args))
        elif self.error is None:
            future.cancel()
            future.set_running_or_notify_cancel()
        elif self.begun == 2:
            future.set_exception(self.error)
        return future


def _killed() -> Exception:
    from distributed.scheduler import KilledWorker

    return KilledWorker("chunk", None, 3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (_killed(), r"workers were lost \(KilledWorker\)"),
        (None, "the connection to the workers was lost"),
        (CancelledError(), "the connection to the workers was lost"),
        (ModuleNotFoundError("No module named 'solver'"), "a worker cannot import .*'solver'"),
    ],
)
def test_lost_workers_are_reported_in_one_line(
    small: Plan, tmp_path: Path, error: Exception | None, words: str
) -> None:
    failing = Failing(error)
    with pytest.raises(StoreError, match=rf"{words}.*; 7 of 20 cells are kept in") as caught:
        store.run(small, tmp_path / "out", executor=failing)
    assert "\n" not in str(caught.value)
    assert 1 == len(list((tmp_path / "out").glob("part-*")))
    assert all(future.done() for future in failing.futures)


def test_an_interrupt_cancels_what_waits_and_keeps_what_is_done(
    small: Plan, tmp_path: Path
) -> None:
    failing = Failing(KeyboardInterrupt())  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        store.run(small, tmp_path / "out", executor=failing, jobs=2)
    assert 1 == len(list((tmp_path / "out").glob("part-*")))
    assert all(future.done() for future in failing.futures)


def test_a_worker_of_another_version_refuses(small: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = shipping._versions()
    monkeypatch.setattr(shipping, "_versions", lambda: (*ours[:-1], ("numba", "0.1")))
    parcel = pack(solve_part, small)
    monkeypatch.undo()
    with pytest.raises(WorkerError, match=r"has numba \S+, but 0\.1 is needed"):
        solve_parcel(parcel, 0)


def test_a_worker_with_another_version_of_a_game_refuses(
    small: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipping, "code_digest", lambda _game: "another")
    parcel = pack(solve_part, small)
    monkeypatch.undo()
    with pytest.raises(WorkerError, match="another version of game phase"):
        solve_parcel(parcel, 0)


def test_what_a_worker_lacks_is_named(small: Plan) -> None:
    parcel = pack(solve_part, small)
    lacking = shipping.Parcel("mine", parcel.versions, None, b"cno_such_package\nname\n.")
    with pytest.raises(WorkerError, match=r"game mine cannot be opened .*'no_such_package'"):
        solve_parcel(lacking, 0)


def test_a_cluster_of_another_version_is_refused_before_it_solves(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = door.importlib.metadata.version
    monkeypatch.setattr(door.importlib.metadata, "version", lambda name: f"9{real(name)}")
    with pytest.raises(WorkerError, match=r"worker tcp://\S+ has coopet \S+, but 9\S+ is needed"):
        door.attach(_Answering(client, real), None)


class _Answering:
    """A client of workers with the real versions."""

    def __init__(self, client: Any, real: Any) -> None:
        self.client, self.real = client, real

    def run(self, _function: Any, *args: Any, **options: Any) -> Any:
        return self.client.run(self.real, *args, **options)


def test_workers_without_coopet_are_named() -> None:
    class Client:
        def run(self, *_args: Any, **_options: Any) -> Any:
            return {"tcp://h:1": door.importlib.metadata.PackageNotFoundError("coopet")}

    with pytest.raises(WorkerError, match="coopet is not installed on worker tcp://h:1"):
        door.attach(Client(), None)


def test_what_cannot_be_sent_is_refused_in_one_line() -> None:
    lock = threading.Lock()
    game = bargained(lambda eps: 1.0 + eps * (not lock.locked()))
    with Threads(1) as pool, pytest.raises(WorkerError, match="game mine cannot be sent to w") as e:
        sweep(game, **AXIS, executor=pool)
    assert "\n" not in str(e.value)


@pytest.mark.parametrize(
    ("executor", "jobs", "error", "words"),
    [
        (3, None, WorkerError, "executor = 3 is neither"),
        (Threads(1), 0, ParameterError, "jobs = 0 is not a whole number"),
    ],
)
def test_what_is_no_executor_is_refused(
    executor: object, jobs: int | None, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        sweep(bargained(lambda eps: eps), **AXIS, executor=executor, jobs=jobs)


def test_without_cloudpickle_one_line_says_what_to_install(
    small: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cloudpickle", None)
    with pytest.raises(WorkerError, match=r"cloudpickle.*: pip install 'coopet\[cluster\]'"):
        pack(solve_part, small)


def test_pickling_leaves_no_module_registered(small: Plan) -> None:
    import cloudpickle

    before = cloudpickle.list_registry_pickle_by_value()
    pack(solve_part, small)
    assert before == cloudpickle.list_registry_pickle_by_value()


def test_a_compiled_function_of_a_users_module_travels(tmp_path: Path) -> None:
    (tmp_path / "compiled.py").write_text(COMPILED)
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    ran = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert (0, "same\n") == (ran.returncode, ran.stdout), ran.stderr


COMPILED = """
import numba
from solver import BargainingProblem, Game, Parameter
@numba.njit
def twice(x):
    return 2.0 * x
def build(*, eps):
    pie = 1.0 + twice(eps)
    return BargainingProblem(players=("a", "b"), surplus=pie, disagreement=(0.0, 0.0))
GAME = Game(name="mine", parameters=(Parameter("eps", default=0.1),), build=build)
"""
#: Opens the parcel where the module cannot be imported, as on another machine.
SCRIPT = """
import pickle, subprocess, sys
from solver.sweep import axes, design, plan
from solver.sweep.run import solve_part
from solver.sweep.shipping import pack
import compiled
made = plan.make(compiled.GAME, design.Grid((axes.given("eps", [0.0, 0.5]),)))
code = (
    "import pickle, sys; from solver.sweep.shipping import solve_parcel\\n"
    "p = pickle.load(sys.stdin.buffer); sys.stdout.buffer.write(solve_parcel(p, 0)[0].payoff)"
)
there = subprocess.run(
    [sys.executable, "-P", "-c", code], input=pickle.dumps(pack(solve_part, made)), cwd="/",
    stdout=subprocess.PIPE, check=True,
).stdout
print("same" if there == solve_part(made, 0)[0].payoff.tobytes() else "other")
"""
