"""How thoroughly properties are tried: ``COOPET_HYPOTHESIS_PROFILE`` is dev, ci or deep."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.clusters import Cluster

if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    # Peers that compile share a cache without a lock, which processes can spoil for each other.
    peers = Path(tempfile.gettempdir()) / f"coopet-peers-{os.getuid()}-{worker}"
    os.environ.setdefault("NUMBA_CACHE_DIR", str(peers))

# No deadline anywhere: a kernel compiles when it is first used.
settings.register_profile("dev", max_examples=40, deadline=None)
settings.register_profile("ci", settings.get_profile("dev"), derandomize=True)
settings.register_profile("deep", settings.get_profile("dev"), max_examples=2000)

_default = "ci" if os.environ.get("CI", "").lower() == "true" else "dev"
settings.load_profile(os.environ.get("COOPET_HYPOTHESIS_PROFILE", _default))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A Dask scheduler and a worker over loopback; starting them takes seconds."""
    made = Cluster(tmp_path_factory.mktemp("cluster"))
    made.add_worker()
    yield made
    made.close()
