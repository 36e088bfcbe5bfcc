"""The only import of numba: kernels are compiled on first use and kept on disk.

A kernel is written once, as plain Python over arrays. `run` interprets it while that is faster
than importing numba (one small game), and otherwise compiles it; both give the same floats, since
nothing is reassociated (no fastmath). There is one compiled variant of each kernel, serial, with
the GIL released: parallel work is the same kernel over ranges of the batch (`solver._threads`).
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, final

import numpy as np

#: Elementary steps, of about 0.2 µs interpreted, below which interpreting beats importing numba
#: and loading a kernel (0.9 s).
INTERPRETED_STEPS = 2_000_000

_lock = threading.RLock()
_listeners: list[Callable[[], None]] = []
_state = threading.local()
#: Steps interpreted so far.
_spent = [0.0]


@final
class Kernel:
    """A function of arrays that is compiled when it is first called.

    numba reads ``_numba_type_`` when another kernel calls this one, so that kernels can be
    composed before numba is imported.
    """

    def __init__(
        self, function: Callable[..., Any], *, inlined: bool = False, apart: bool = False
    ) -> None:
        self.function = function
        self.inlined = inlined
        self.apart = apart
        self.__doc__ = function.__doc__
        self.__name__ = function.__name__
        self._dispatcher: Any = None

    @property
    def dispatcher(self) -> Any:
        """The numba dispatcher, made on first use."""
        if self._dispatcher is None:
            with _lock:
                if self._dispatcher is None:
                    self._dispatcher = _compile(self)
        return self._dispatcher

    @property
    def _numba_type_(self) -> Any:
        return self.dispatcher._numba_type_

    def __call__(self, *args: Any) -> Any:
        """Call the compiled kernel, or the plain function while `run` interprets."""
        if getattr(_state, "interpreting", False):
            return self.function(*args)
        return self.dispatcher(*args)


def kernel(function: Callable[..., Any]) -> Kernel:
    """Declare a kernel. It imports numpy at most, and allocates little."""
    return Kernel(function)


def inlined(function: Callable[..., Any]) -> Kernel:
    """Declare a part of kernels, compiled into each that calls it.

    For what is called once per vertex or row: handing over arrays costs about 20 ns a call.
    """
    return Kernel(function, inlined=True)


def apart(function: Callable[..., Any]) -> Kernel:
    """Declare a part of kernels as `inlined` does, none of whose arrays overlap another.

    For inner loops of constant length over several arrays: LLVM writes them out, and makes vectors
    of what is left if nothing that is written can be what is read next.
    """
    return Kernel(function, inlined=True, apart=True)


def run(target: Kernel, steps: float, *args: Any) -> Any:
    """Run a kernel that takes about `steps` elementary steps, interpreted if that is faster.

    Steps of many small calls add up: who has waited as long as numba takes to load, loads it.
    """
    _spent[0] += steps
    if "numba" in sys.modules or _spent[0] > INTERPRETED_STEPS:
        return target(*args)
    return interpret(target, *args)


def interpret(target: Kernel, *args: Any) -> Any:
    """Run a kernel, and those that it calls, as plain Python: on arrays of Fraction, for one."""
    before = getattr(_state, "interpreting", False)
    _state.interpreting = True
    try:
        with np.errstate(all="ignore"):
            return target.function(*args)
    finally:
        _state.interpreting = before


def on_compiling(listener: Callable[[], None]) -> None:
    """Have `listener` called once, before the first kernel is compiled that is not in the cache."""
    _listeners.append(listener)


def cache_directory() -> Path:
    """Where compiled kernels are kept: one folder per version of everything that shapes them.

    numba notices a change of a kernel's own file but not of the kernels it calls, hence the digest
    over all of them. ``COOPET_CACHE_DIR`` moves the folder.
    """
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    root = Path(os.environ.get("COOPET_CACHE_DIR") or home / "coopet")
    return root / f"kernels-{_digest()}"


@cache
def _digest() -> str:
    digest = hashlib.sha256()
    sources = sorted((Path(__file__).parent / "kernels").glob("*.py"))
    for source in (Path(__file__), *sources):
        digest.update(source.name.encode())
        digest.update(source.read_bytes())
    for part in (platform.python_version(), platform.machine(), np.__version__, version("numba")):
        digest.update(part.encode())
    return digest.hexdigest()[:16]


def _compile(kernel: Kernel) -> Any:
    import numba  # noqa: PLC0415  0.6 s, paid by those who solve

    function = kernel.function
    directory = cache_directory()
    keep = _writable(directory)
    if _listeners and not any(directory.rglob(f"*.{function.__name__}-*.nbi")):
        _listeners.pop()()
    config: Any = numba.config
    before = config.CACHE_DIR
    config.CACHE_DIR = str(directory)  # read when the dispatcher is made, not later
    try:
        wrap = numba.njit(cache=keep, nogil=True, error_model="numpy", forceinline=kernel.inlined)
        made = wrap(function)
        if kernel.apart:
            _declare_apart(made)
        if keep:
            _save_alone(made, directory)
        return made
    finally:
        config.CACHE_DIR = before


def _declare_apart(dispatcher: Any) -> None:
    """Have LLVM know that no two arrays overlap, and make vectors of statements that are alike.

    Options that numba does not offer for one function. Without them code is slower, and otherwise
    the same.
    """
    import numba  # noqa: PLC0415  in use by now

    config: Any = numba.config
    compiler = getattr(dispatcher, "_compiler", None)
    flags_before = getattr(compiler, "_customize_flags", None)
    compile_before = getattr(compiler, "compile", None)
    if compiler is None or flags_before is None or compile_before is None:
        return

    def customize(flags: Any) -> Any:
        flags = flags_before(flags)
        flags.noalias = True
        return flags

    def compile_with_vectors(*args: Any) -> Any:  # numba holds its lock meanwhile
        before = config.SLP_VECTORIZE
        config.SLP_VECTORIZE = 1
        try:
            return compile_before(*args)
        finally:
            config.SLP_VECTORIZE = before

    compiler._customize_flags = customize  # noqa: SLF001
    compiler.compile = compile_with_vectors


def _save_alone(dispatcher: Any, directory: Path) -> None:
    """Let one process at a time write to the cache.

    numba reads which files there are, takes the next number and writes: two processes that do so
    at once can leave the code of one signature under the name of another, and whoever loads it
    crashes.
    """
    cache = getattr(dispatcher, "_cache", None)
    save = getattr(cache, "save_overload", None)
    if cache is None or save is None:
        return

    def save_overload(signature: Any, data: Any) -> None:
        with _lock_of(directory):
            save(signature, data)

    cache.save_overload = save_overload


@contextmanager
def _lock_of(directory: Path) -> Iterator[None]:
    """Hold the lock of the cache; where the system has none, go on without."""
    try:
        import fcntl  # noqa: PLC0415  not on Windows

        file = (directory / ".lock").open("wb")
    except (ImportError, OSError):
        yield
        return
    with file:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _writable(directory: Path) -> bool:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(directory, os.W_OK)
