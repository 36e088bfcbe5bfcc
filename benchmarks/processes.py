"""Fresh Python processes, as a user would start them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import solver
from benchmarks.registry import CheckError


def environment() -> dict[str, str]:
    """Ours, with bytecode kept on disk, this solver first on the path, and as many threads."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    root = str(Path(solver.__file__).parents[1])
    given = kept.get("PYTHONPATH", "")
    path = os.pathsep.join([root, given] if given else [root])
    return kept | {"PYTHONPATH": path, "COOPET_THREADS": str(solver.get_threads())}


def output(command: Sequence[str]) -> str:
    """What the command prints; it must succeed."""
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        last = done.stderr.strip().rpartition("\n")[2]
        raise CheckError(f"{' '.join(command[1:])!r} exits with {done.returncode}: {last}")
    return done.stdout


def script(name: str) -> str | None:
    """Where the installed command is: next to this Python, or on the path."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.is_file() else shutil.which(name)
