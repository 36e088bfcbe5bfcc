"""A plan as one parcel of bytes that another process or machine opens and solves chunks of.

What is installed here, and so on the workers too, travels as a reference: coopet, numpy, games of
packages. The rest travels by value: functions of a user's game file with their closures, lambdas,
and whatever neighbouring modules they use. Concepts of ours travel as their names.

A worker refuses a parcel made by other versions before it opens it, and a game of a package whose
code differs. Nothing that was read from a store or a data file is ever unpickled: parcels are made
here and go to the workers that the user named.
"""

from __future__ import annotations

import io
import pickle
import platform
import sys
import sysconfig
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.metadata import packages_distributions, version
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar, final

from solver._threads import serially
from solver.concepts import CONCEPTS, find
from solver.concepts._concept import Concept
from solver.errors import CoopetError, WorkerError
from solver.sweep.plan import Plan, code_digest

T = TypeVar("T")

EXTRA = "pip install 'coopet[cluster]'"
OURS = frozenset({"solver", "games"})

_opening = threading.Lock()


@final
@dataclass(frozen=True)
class Parcel:
    """What a worker is sent: a function and its plan as bytes, and what they were made with."""

    game: str
    versions: tuple[tuple[str, str], ...]
    code: str | None
    payload: bytes


def pack(solve: Callable[[Plan, int], T], made: Plan) -> Parcel:
    """Make the parcel of ``solve(made, number)``.

    Raises
    ------
    WorkerError
        When cloudpickle is not installed, or the game holds what cannot be sent, such as an open
        file or a lock.
    """
    cloudpickle = _cloudpickle()

    class Pickler(cloudpickle.Pickler):  # type: ignore[name-defined, misc]
        """Writes concepts of ours as their names."""

        def persistent_id(self, value: object) -> str | None:
            """Name of a concept in the table, None for everything else."""
            ours = isinstance(value, Concept) and value.name in CONCEPTS
            return value.name if ours and find(value.name) is value else None  # type: ignore[attr-defined]

    buffer = io.BytesIO()
    try:
        with _by_value(cloudpickle):
            Pickler(buffer).dump((solve, made))
    except Exception as error:  # pickling calls whatever objects define
        raise WorkerError(
            f"game {made.game.name} cannot be sent to workers: {type(error).__name__}: {error}"
        ) from error
    home = sys.modules.get(made.game.build.__module__)
    code = code_digest(made.game) if home and _is_installed(home, _packages()) else None
    return Parcel(made.game.name, _versions(), code, buffer.getvalue())


def solve_parcel(parcel: Parcel, number: int) -> Any:
    """Solve one chunk on a worker, on one thread; the parcel is opened once per process."""
    with _opening:
        solve, made = _opened(parcel)
    return serially(solve, made, number)


@lru_cache(maxsize=2)
def _opened(parcel: Parcel) -> tuple[Callable[[Plan, int], Any], Plan]:
    ours = dict(_versions())
    for name, needed in parcel.versions:
        if ours.get(name) != needed:
            raise WorkerError(
                f"worker {platform.node()} has {name} {ours.get(name)}, but {needed} is needed:"
                " the same versions must be installed everywhere"
            )
    solve: Callable[[Plan, int], Any]
    made: Plan
    try:
        solve, made = _Unpickler(io.BytesIO(parcel.payload)).load()
    except CoopetError:
        raise
    except Exception as error:  # noqa: BLE001  unpickling imports what the user's file imports
        raise WorkerError(
            f"game {parcel.game} cannot be opened on worker {platform.node()}"
            f" ({type(error).__name__}: {error}): what it imports must be installed there"
        ) from None
    if parcel.code is not None and parcel.code != code_digest(made.game):
        raise WorkerError(
            f"worker {platform.node()} has another version of game {parcel.game}:"
            " the same code must be installed everywhere"
        )
    return solve, made


@final
class _Unpickler(pickle.Unpickler):
    """Reads concepts of ours from their names."""

    def persistent_load(self, pid: str) -> Concept:
        """Return the concept of that name."""
        return find(pid)


def _versions() -> tuple[tuple[str, str], ...]:
    """What must be the same for the same bits, and for functions to travel by value."""
    python = ".".join(platform.python_version_tuple()[:2])
    named = ((name, version(name)) for name in ("coopet", "numpy", "numba"))
    return (("Python", python), *named)


@contextmanager
def _by_value(cloudpickle: Any) -> Iterator[None]:
    """Have functions and classes of modules that are not installed pickled by value."""
    packages = _packages()
    loaded = dict(sys.modules)
    travelling = [
        module
        for name, module in loaded.items()
        if isinstance(module, ModuleType)
        and module.__name__ == name != "__main__"  # which always travels
        and not _is_installed(module, packages)
    ]
    # numba pickles its functions with a copy of cloudpickle that it brings along.
    copies = [c for c in (cloudpickle, loaded.get("numba.cloudpickle")) if c is not None]
    added = [
        (copy, module)
        for copy in copies
        for module in travelling
        if module.__name__ not in copy.list_registry_pickle_by_value()
    ]
    for copy, module in added:
        copy.register_pickle_by_value(module)
    try:
        yield
    finally:
        for copy, module in added:
            copy.unregister_pickle_by_value(module)


def _is_installed(module: ModuleType, packages: frozenset[str]) -> bool:
    """Whether a worker has it too: part of Python, or of a package that pip knows."""
    if module.__name__.partition(".")[0] in packages:
        return True
    file = getattr(module, "__file__", None)
    if file is None:  # built in
        return module.__name__ != "__main__"
    return any(Path(file).is_relative_to(folder) for folder in _folders())


@lru_cache(maxsize=1)
def _packages() -> frozenset[str]:
    """Top-level modules of every distribution that is installed, editable ones too."""
    return OURS | sys.stdlib_module_names | packages_distributions().keys()


@lru_cache(maxsize=1)
def _folders() -> tuple[str, ...]:
    """Where Python and pip put modules."""
    return tuple(sysconfig.get_path(n) for n in ("stdlib", "platstdlib", "purelib", "platlib"))


def _cloudpickle() -> Any:
    try:
        return import_module("cloudpickle")
    except ImportError:
        raise WorkerError(f"workers need cloudpickle, which is not installed: {EXTRA}") from None
