"""Sweeps made by hand from the closed form of the posted-price model, so that no solver is run."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest

xr = pytest.importorskip("xarray")
pytest.importorskip("matplotlib")

LABELS = ("buy-blockaded", "buy-deterred", "dual", "build")
VOLUME, SUPPLIER, CHIP, VALUE = 500.0, 9.0, 16.0, 60.0
NRE = {"units": "$M", "scale": "log", "long_name": "Development cost of the chip programme."}
PORTING = {
    "units": "$k/AE",
    "scale": "linear",
    "long_name": "Porting cost of the workload that is hardest to move.",
}
ATTRS = {
    "game": "phase",
    "summary": "Supplier posts a price; the customer buys, dual-sources or builds its own chip.",
    "concept": "subgame-perfect",
    "method": "closed-form",
    "parameters": json.dumps(
        {"value": 60.0, "supplier_cost": 9.0, "chip_cost": 16.0, "performance": 1.0, "volume": 500}
    ),
    "parameter_units": json.dumps(
        {"value": "$k/AE", "supplier_cost": "$k/AE", "chip_cost": "$k/chip", "volume": "kAE"}
        | {"performance": "AE/chip", "nre": "$M", "porting_top": "$k/AE"}
    ),
}


def solved(nre: Any, top: Any) -> tuple[Any, Any]:
    """Regime code and price where deterring and admitting the chip are compared."""
    deterring = CHIP + np.sqrt(2 * top * nre / VOLUME)
    deterring = np.where(deterring <= CHIP + top, deterring, CHIP + nre / VOLUME + top / 2)
    highest = np.minimum(VALUE, CHIP + top)
    admitting = np.clip(0.5 * (SUPPLIER + CHIP + top), np.minimum(deterring, highest), highest)
    ported = np.minimum((admitting - CHIP) / top, 1.0)
    admits = (admitting - SUPPLIER) * (1 - ported) > deterring - SUPPLIER
    blockaded = deterring >= VALUE
    code = np.where(blockaded, 0, np.where(~admits, 1, np.where(ported < 1.0, 2, 3)))
    return code, np.where(blockaded, VALUE, np.where(admits, admitting, deterring))


def labelled(
    coordinates: Mapping[str, tuple[Any, Mapping[str, str]]],
    codes: Any,
    labels: Sequence[str],
    price: Any = None,
) -> Any:
    """A Dataset as a sweep returns it."""
    axes = list(coordinates)
    variables: dict[str, Any] = {
        "regime": (
            axes,
            np.array(labels, dtype=object)[codes],
            {"labels": json.dumps(list(labels))},
        ),
        "status": (axes, np.full(codes.shape, "SOLVED", dtype=object)),
        "count": (axes, np.ones(codes.shape, np.int64)),
        "gap": ([*axes, "slot", "player"], np.zeros((*codes.shape, 1, 2))),
    }
    if price is not None:
        variables["built_share"] = (axes, np.asarray(codes > 1, float), {"units": "1"})
        variables["price"] = (axes, price, {"units": "$k/AE"})
    made = {name: (name, values, attrs) for name, (values, attrs) in coordinates.items()}
    return xr.Dataset(variables, made, ATTRS)


def phase(columns: int = 400, rows: int = 300) -> Any:
    """Regimes over development cost (log) and porting cost (linear)."""
    nre, top = np.geomspace(100.0, 20_000.0, columns), np.linspace(1.0, 80.0, rows)
    code, price = solved(nre[:, None], top)
    return labelled({"nre": (nre, NRE), "porting_top": (top, PORTING)}, code, LABELS, price)


def phase_line(points: int = 400) -> Any:
    """Regimes along development cost alone."""
    nre = np.geomspace(100.0, 20_000.0, points)
    code, price = solved(nre, 60.0)
    return labelled({"nre": (nre, NRE)}, code, LABELS, price)


def stripes(count: int, listed: int | None = None) -> Any:
    """As many regimes side by side as asked for, named like sets of equilibrium supports."""
    names = [f"a{k} | b{k} ; a{k}+c | b{k}+d" for k in range(listed or count)]
    x, y = np.arange(4.0 * count), np.arange(6.0)
    codes = np.repeat(np.arange(count), 4)[:, None] * np.ones(6, int)
    return labelled({"eps": (x, {"units": "1"}), "stake": (y, {})}, codes, names)


@pytest.fixture(name="phase", scope="session")
def _phase() -> Callable[..., Any]:
    return phase


@pytest.fixture(name="phase_line", scope="session")
def _phase_line() -> Callable[..., Any]:
    return phase_line


@pytest.fixture(name="stripes", scope="session")
def _stripes() -> Callable[..., Any]:
    return stripes
