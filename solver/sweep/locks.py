"""Who writes to a store: any number of processes that fill it, or one that replaces it.

The lock is that of the operating system on ``sweep.json``; it ends with the process however that
dies, so that nothing stale is left behind. Where the system or the file system has none, nothing is
locked: answers are still right, since parts are renamed into place and name their sweep.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from solver.errors import StoreError

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None


@contextmanager
def writing(spec: Path) -> Iterator[None]:
    """Keep others from replacing the sweep that is described there."""
    word = "is being replaced by another process"
    with _locked(spec, word, exclusive=False):
        yield


@contextmanager
def replacing(spec: Path) -> Iterator[None]:
    """Keep others from filling the sweep that is described there, or StoreError if some do."""
    word = "is being written by another process: let it finish, or stop it, before --fresh"
    with _locked(spec, word, exclusive=True):
        yield


@contextmanager
def _locked(spec: Path, refusal: str, *, exclusive: bool) -> Iterator[None]:
    if fcntl is None or not spec.exists():
        yield
        return
    with spec.open("rb") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError(f"{spec.parent} {refusal}") from None
        except OSError:  # a file system without locks
            pass
        yield
