"""Dask distributed: its only import, and how a sweep reaches a cluster.

Dask gives the chunks of a worker that died to the others. The scheduler and the workers of a
cluster can run whatever a client sends them, as Dask means them to: on a network that others
share, start them with TLS.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import logging
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib import import_module
from time import monotonic
from typing import Any

from solver._threads import get_threads
from solver.errors import WorkerError, unknown
from solver.sweep.shipping import EXTRA

#: Seconds to reach a scheduler, to wait for its first worker, and between counts of workers.
REACH, JOIN, COUNT = 5.0, 30.0, 3.0
EXECUTORS = ("threads", "dask", "dask:ADDRESS")


@contextmanager
def opened(spec: str, jobs: int | None = None) -> Iterator[Any]:
    """What ``threads``, ``dask`` or ``dask:ADDRESS`` stands for, as `executor` of a sweep.

    Yields
    ------
    None or distributed.Client
        None for threads of this process. ``dask`` starts `jobs` workers here, each a process, on
        the loopback interface; they end with the block. ``dask:ADDRESS`` connects to a scheduler.

    Raises
    ------
    WorkerError
        For another word; without Dask; when no scheduler answers at ADDRESS, or has no worker.
    """
    name, colon, address = spec.partition(":")
    if name not in ("threads", "dask") or (colon and (name == "threads" or not address)):
        raise WorkerError(unknown("executor", spec, EXECUTORS))
    if name == "threads":
        yield None
        return
    distributed = _distributed()
    with (
        _quiet(),
        _connected(distributed, address) if colon else _local(distributed, jobs) as client,
    ):
        yield client


@contextmanager
def _local(distributed: Any, jobs: int | None) -> Iterator[Any]:
    """Workers here, on the loopback interface. Ctrl-C is for this process, which ends them."""
    main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN) if main else None  # they inherit it
    try:
        local = distributed.LocalCluster(
            n_workers=jobs or get_threads(),
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},  # its HTTP server, any free port
            memory_limit=None,
            silence_logs=logging.CRITICAL,
        )
    finally:
        if main:
            signal.signal(signal.SIGINT, before)
    with local, distributed.Client(local, set_as_default=False) as client:
        yield client


@contextmanager
def _connected(distributed: Any, address: str) -> Iterator[Any]:
    try:
        # A client would not give up on an address without a port, or on a server that is silent.
        distributed.comm.get_address_host_port(address)
        asyncio.run(_greet(distributed, address))
        client = distributed.Client(address, timeout=REACH, set_as_default=False)
    except Exception as error:  # noqa: BLE001  whatever can be wrong with an address
        raise WorkerError(f"no Dask scheduler answers at {address}: {_first_line(error)}") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=JOIN)
        except TimeoutError:
            raise WorkerError(
                f"no worker joined the Dask scheduler at {address} within {JOIN:g} s:"
                f" start some with `dask worker {address}`"
            ) from None
        yield client


async def _greet(distributed: Any, address: str) -> None:
    """Shake hands as a client would, or raise."""
    options = distributed.Security().get_connection_args("client")
    connecting = distributed.comm.connect(address, timeout=REACH, **options)
    try:
        comm = await asyncio.wait_for(connecting, REACH)
    except TimeoutError as error:
        raise TimeoutError(str(error) or f"no greeting within {REACH:g} s") from None
    comm.abort()


def is_client(executor: object) -> bool:
    """Whether it is a Dask client; Dask need not be installed to know."""
    kinds = {(kind.__module__.partition(".")[0], kind.__name__) for kind in type(executor).__mro__}
    return ("distributed", "Client") in kinds


def attach(client: Any, jobs: int | None) -> tuple[Executor, Callable[[], int]]:
    """The client as an executor, and how many chunks its workers can work on at the moment.

    Raises
    ------
    WorkerError
        When coopet is not installed on a worker, or in another version.
    """
    _require_version(client)
    counted = [-COUNT, 0.0]

    def workers() -> int:
        if jobs is not None:
            return jobs
        if monotonic() - counted[0] > COUNT:  # workers come and go
            counted[:] = monotonic(), sum(client.nthreads().values())
        return max(1, int(counted[1]))

    pool: Executor = client.get_executor(pure=False)
    return pool, workers


def _require_version(client: Any) -> None:
    """Ask every worker for its coopet with a function of Python's own: it may have none."""
    ours = importlib.metadata.version("coopet")
    theirs = client.run(importlib.metadata.version, "coopet", on_error="return")
    for address, found in sorted(theirs.items()):
        if isinstance(found, importlib.metadata.PackageNotFoundError):
            raise WorkerError(f"coopet is not installed on worker {address}: {ours} is needed")
        if isinstance(found, Exception):
            raise WorkerError(f"worker {address} does not answer: {_first_line(found)}")
        if found != ours:
            raise WorkerError(
                f"worker {address} has coopet {found}, but {ours} is needed:"
                " the same versions must be installed everywhere"
            )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's log off stderr: what matters is raised."""
    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__


def _distributed() -> Any:
    try:
        return import_module("distributed")
    except ImportError:
        raise WorkerError(f"--executor dask needs Dask, which is not installed: {EXTRA}") from None
