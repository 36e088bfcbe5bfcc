"""Games as files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Write text or bytes to a file of the working directory; its name is short in messages."""
    monkeypatch.chdir(tmp_path)

    def write(content: str | bytes, name: str = "g.nfg") -> Path:
        data = content.encode() if isinstance(content, str) else content
        (tmp_path / name).write_bytes(data)
        return Path(name)

    return write
