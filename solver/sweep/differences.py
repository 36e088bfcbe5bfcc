"""In what the plan of a stored sweep differs from another, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from solver.sweep.axes import restore


def difference(held: dict[str, Any], wanted: dict[str, Any]) -> str:
    """Name the first thing in which two plans differ."""
    for key in {**wanted, **held}:
        there: Any = held.get(key)
        here: Any = wanted.get(key)
        if there == here:
            continue
        if key == "parameters":
            name = _differing(there, here)
            return f"{name} = {there.get(name)} there, {here.get(name)} here"
        if key in ("sample", "table") and there and here:
            name = _differing(there, here)
            return f"{name} of the {key} {there.get(name)} there, {here.get(name)} here"
        if key in _TOLD:
            word, told = _TOLD[key]
            return f"{word} {told(there)} there, {told(here)} here"
        return f"its {key.replace('_', ' ')} differs"
    return "it differs"


def _differing(held: dict[str, Any], wanted: dict[str, Any]) -> str:
    return min(name for name in {**held, **wanted} if held.get(name) != wanted.get(name))


def _axes(axes: list[dict[str, Any]]) -> str:
    """Axes in a few words."""
    named = ((axis["name"], restore(axis).values) for axis in axes)
    return " × ".join(f"{name} {v[0]:g}..{v[-1]:g} ({v.size})" for name, v in named) or "none"


#: What a plan has under a key, in words.
_TOLD: dict[str, tuple[str, Callable[[Any], str]]] = {
    "game": ("game", str),
    "concept": ("concept", str),
    "chunk": ("chunk", str),
    "axes": ("axes", _axes),
    "keep": ("keep", lambda held: str(held or "all")),
    "add": ("added columns", lambda held: " and ".join(held or ["none"])),
}
