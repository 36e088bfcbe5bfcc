"""A Dask cluster over the loopback interface: a scheduler and workers, each a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

LOCAL = ("--host", "127.0.0.1", "--no-dashboard")


class Cluster:
    """A scheduler; `add_worker` starts workers with one thread each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        self.file = folder / "scheduler.json"
        self._start("scheduler", "--port", "0", "--scheduler-file", str(self.file))
        while not (self.file.exists() and self.file.read_text().strip().endswith("}")):
            assert self.processes[0].poll() is None, self.log()
            time.sleep(0.02)
        self.address: str = json.loads(self.file.read_text())["address"]

    def add_worker(self) -> subprocess.Popen[bytes]:
        """Start a worker; it joins when it is ready."""
        return self._start("worker", self.address, "--nthreads", "1", "--no-nanny")

    def log(self) -> str:
        """What the processes said."""
        return "\n".join(path.read_text() for path in self.folder.glob("*.log"))

    def close(self) -> None:
        """End all processes."""
        for process in reversed(self.processes):
            process.kill()
            process.wait()

    def _start(self, what: str, *options: str) -> subprocess.Popen[bytes]:
        number = len(self.processes)
        with (self.folder / f"{number}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", what, *options, *LOCAL],
                cwd=self.folder,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process


def connect(cluster: Cluster, workers: int) -> Any:
    """A client, once so many workers are there."""
    import distributed

    client = distributed.Client(cluster.address, set_as_default=False)
    client.wait_for_workers(workers, timeout=60)
    return client


def _environment() -> dict[str, str]:
    """Ours, with this checkout first and nothing of the tests on the path."""
    root = Path(__file__).parents[1]
    return {**os.environ, "PYTHONPATH": str(root), "PYTHONSAFEPATH": "1"}
