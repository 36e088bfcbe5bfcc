"""``coopet doctor``: what is installed and what it will use."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from solver._jit import cache_directory
from solver._threads import get_threads
from solver.cli.options import json_option, print_json

NEEDED = (
    "click",
    "lazy_loader",
    "numba",
    "numpy",
    "pyarrow",
    "scipy",
    "python-flint",
    "rich",
    "xarray",
)
OPTIONAL = {
    "distributed": "sweeps on more than one machine: pip install 'coopet[cluster]'",
    "matplotlib": "pictures: pip install 'coopet[plot]'",
    "highspy": "linear programs of large trees: pip install 'coopet[programs]'",
    "hypothesis": "solver.testing: pip install 'coopet[testing]'",
    "nashpy": "peer in tests: pip install 'coopet[test]'",
    "pygambit": "exact oracle in tests: pip install 'coopet[test]'",
    "cvxpy": "convex programs: pip install 'coopet[programs]'",
    "quantecon": "peer in benchmarks: pip install 'coopet[bench]'",
}


@click.command("doctor")
@json_option
def command(*, as_json: bool) -> int:
    """Show versions, cores, the kernel cache and optional parts; exit 2 if something is missing."""
    directory = cache_directory()
    found = {
        "coopet": _version("coopet"),
        "python": platform.python_version(),
        "platform": platform.platform(terse=True),
        "cores": os.cpu_count(),
        "threads": get_threads(),
        "cache": str(directory),
        "cached_kernels": len(list(directory.glob("**/*.nbi"))),
        "cache_writable": _writable(directory),
        "needed": {name: _version(name) for name in NEEDED},
        "optional": {name: _version(name) for name in OPTIONAL},
    }
    if as_json:
        print_json(found)
    else:
        click.echo(_text(found))
    return 0 if all(_version(name) for name in NEEDED) else 2


def _text(found: Mapping[str, object]) -> str:
    lines = [f"coopet {found['coopet']}, Python {found['python']}, {found['platform']}"]
    lines.append(f"{found['cores']} cores, {found['threads']} threads in use (COOPET_THREADS)")
    word = "" if found["cache_writable"] else ", which cannot be written: kernels compile anew"
    lines.append(f"{found['cached_kernels']} kernels cached in {found['cache']}{word}")
    lines += [f"  {name:<12} {_version(name) or 'MISSING'}" for name in NEEDED]
    for name, purpose in OPTIONAL.items():
        lines.append(f"  {name:<12} {_version(name) or 'not installed'}  ({purpose})")
    return "\n".join(lines)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _writable(directory: Path) -> bool:
    """Whether the cache, or the nearest folder above it that exists, can be written."""
    there = next(path for path in (directory, *directory.parents) if path.exists())
    return os.access(there, os.W_OK)
