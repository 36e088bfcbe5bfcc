"""The table of views: a name and the file it lives in. One file per picture.

A view is a function from the Dataset of a sweep to a figure; it never sees a game. The file of a
view imports matplotlib, which is an optional extra: `find` is the only door to it, and the names
and summaries can be listed without.
"""

from __future__ import annotations

import ast
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from solver.errors import StoreError, TargetError, unknown

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

VIEWS = {
    "regimes": "regimes",
    "boundaries": "boundaries",
    "coopetition": "coopetition",
    "threat": "threat",
    "frontier": "frontier",
    "core": "core",
    "tree": "tree",
}

#: Views of one point of a game, as `point` returns it.
OF_POINTS = frozenset({"tree"})
#: Views of a game under several concepts, as `compare` returns it, with those that are drawn if
#: none is named: all that apply, or these. The others are of sweeps.
OF_CONCEPTS: dict[str, tuple[str, ...]] = {
    "threat": (),
    "frontier": (),
    "core": ("core", "least-core", "shapley", "nucleolus", "tau"),
}
#: The kind of form that a view draws, where it is one.
KINDS = {"tree": "extensive", "frontier": "bargaining", "core": "coalition"}
#: Views of a game along one axis.
ALONG = frozenset({"threat"})

#: What a picture can be saved as, with the metadata that would make two runs differ taken out.
FORMATS: dict[str, dict[str, None]] = {
    ".svg": {"Date": None},
    ".png": {"Software": None},
    ".pdf": {"CreationDate": None},
}

#: Fineness of the cells inside a vector file, where all else is lines and letters.
EMBEDDED_DPI = 320


class View(Protocol):
    """A picture; `axes` names the swept axes in the order x, y, `slot` an equilibrium."""

    def __call__(
        self, dataset: xr.Dataset, *, axes: Sequence[str] | None = None, slot: int = 0
    ) -> Figure:
        """Draw."""


def find(name: str) -> View:
    """The view of that name, or TargetError if it is unknown or matplotlib is missing."""
    module = f"solver.views.{_home(name)}"
    try:
        found: View = getattr(import_module(module), name.replace("-", "_"))
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "matplotlib":
            raise
        raise TargetError("plots need matplotlib: pip install 'coopet[plot]'") from None
    return found


def summary(name: str) -> str:
    """The first line of the documentation, read from the source so that nothing is imported."""
    source = Path(__file__).with_name(f"{_home(name)}.py").read_text("utf-8")
    return (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]


def draw(
    dataset: xr.Dataset,
    view: str,
    path: str | os.PathLike[str],
    *,
    axes: Sequence[str] | None = None,
    slot: int = 0,
) -> None:
    """Draw a view of a sweep and save it; the same Dataset gives the same bytes.

    Parameters
    ----------
    dataset : xarray.Dataset
        As a sweep returns it.
    view : str
        A name in `VIEWS`.
    path : path-like
        Ends in .svg, .png or .pdf. An existing file is replaced once the new one is complete.
    axes : sequence of str, optional
        The swept axes in the order x, y; as swept if not given.
    slot : int
        Which equilibrium a view of one point shows.

    Raises
    ------
    StoreError
        If the file cannot be written, or its name does not end in one of these suffixes.
    TargetError
        If there is no such view, it cannot draw this sweep, or matplotlib is missing.
    """
    target = Path(path)
    check(view, target)
    _save(find(view)(dataset, axes=axes, slot=slot), target)


def check(view: str, target: Path) -> None:
    """Raise what `draw` would raise for such a view and file, before anything is read."""
    _home(view)
    if target.suffix.lower() not in FORMATS:
        raise StoreError(f"cannot draw to {target}: the name must end in {' or '.join(FORMATS)}")
    if not target.parent.is_dir():
        raise StoreError(f"cannot write {target}: there is no folder {target.parent}")
    if target.is_dir():
        raise StoreError(f"cannot write {target}: it is a folder, a file name is needed")


def _home(name: str) -> str:
    if name not in VIEWS:
        raise TargetError(unknown("view", name, VIEWS))
    return VIEWS[name]


def _save(figure: Figure, target: Path) -> None:
    """Write beside the target, then replace it: a reader never sees half a picture."""
    from solver.views._paper import style  # noqa: PLC0415  matplotlib is optional

    suffix = target.suffix.lower()
    dpi = "figure" if suffix == ".png" else EMBEDDED_DPI
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        with style():
            figure.savefig(part, format=suffix[1:], metadata=FORMATS[suffix], dpi=dpi)
        part.replace(target)
    except OSError as error:
        raise StoreError(f"cannot write {target}: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            part.unlink()
