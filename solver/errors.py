"""Every deliberate exception, and the one way an unknown name is reported.

A message names the subject, the value that was given and what is allowed, on one line: the
command line prints it as it stands and exits with status 2.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any, TypeVar

T = TypeVar("T")


class CoopetError(Exception):
    """Root of every error this package raises on purpose."""


class ParameterError(CoopetError):
    """A parameter that does not exist, or a value it cannot take."""


class FormError(CoopetError):
    """Payoffs, players or actions that do not make up a game."""


class FormatError(CoopetError):
    """A game file that cannot be read, or a game that a file cannot hold."""


class ConceptError(CoopetError):
    """A concept or method that is unknown, or does not apply to the form it was given."""


class TargetError(CoopetError):
    """A game, file or view that cannot be found or loaded."""


class AxisError(CoopetError):
    """A sweep axis that cannot be read."""


class StoreError(CoopetError):
    """A sweep directory or an output file that is missing, foreign, or in the way."""


class WorkerError(CoopetError):
    """Workers of a sweep that cannot be reached, are not like this machine, or were lost."""


class UncertifiedError(CoopetError):
    """Raised by ``Equilibria.check`` when some element of the batch is not settled."""


def unknown(subject: str, name: str, allowed: Iterable[str]) -> str:
    """Say that `name` is not one of `allowed`, with the nearest names first if any is near."""
    options = sorted(allowed)
    if not options:
        return f"unknown {subject} {name!r}: it has none"
    near = get_close_matches(name.lower(), options, n=3, cutoff=0.6)
    hint = f"did you mean {' or '.join(near)}?" if near else f"choose from {', '.join(options)}"
    return f"unknown {subject} {name!r}: {hint}"


def attempt(subject: str, function: Callable[..., T], *args: Any, **options: Any) -> T:
    """Call a function of the user's; what it raises becomes a FormError with file and line."""
    try:
        return function(*args, **options)
    except CoopetError:
        raise
    except Exception as error:
        home = getattr(getattr(function, "__code__", None), "co_filename", None)
        own = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == home]
        place = f" at {own[-1].filename}:{own[-1].lineno}" if own else ""
        raise FormError(f"{subject} failed{place}: {type(error).__name__}: {error}") from error
