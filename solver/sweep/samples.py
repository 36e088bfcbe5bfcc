"""Samples of a parameter space: points that follow from a sampler, a seed and their number.

No point is stored: any stretch of a sample is made again from its first and last number, the same
on any machine and executor. That is what lets a sweep be cut into chunks and resumed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from solver.errors import AxisError, ParameterError, unknown
from solver.game import Game
from solver.parameters import Parameter
from solver.sweep.distributions import Distribution, describe, restored

Floats = NDArray[np.float64]

#: The one dimension of a sweep that is no grid.
SAMPLE = "sample"
#: Points drawn at once by the independent sampler: chunks of any size see the same points.
BLOCK = 4_096
#: Fineness of Sobol' points: with more bits SciPy 1.17 cannot skip points.
SOBOL_BITS = 32
#: Points of a sample by which its description tells whether it is made as it was.
WITNESSES = 256
#: Points of the largest sample of each kind; a Latin hypercube is held in memory whole.
MOST_POINTS = {"sobol": 2**SOBOL_BITS, "lhs": 20_000_000, "mc": 10_000_000_000}


@final
@dataclass(frozen=True, eq=False)
class Sample:
    """Points of some parameters.

    Parameters
    ----------
    kind : "sobol", "lhs" or "mc"
        Scrambled Sobol' points, a Latin hypercube, or independent draws.
    count : int
    seed : int
    distributions : tuple of Distribution
        One per varied parameter, which they are in the order of.
    correlations : tuple of (name, name, rho)
        Correlation of the normal scores of two parameters; the others are independent.
    """

    kind: str
    count: int
    seed: int
    distributions: tuple[Distribution, ...]
    correlations: tuple[tuple[str, str, float], ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in SAMPLERS:
            raise AxisError(unknown("sampler", self.kind, SAMPLERS))
        most = MOST_POINTS[self.kind]
        if not 1 <= self.count <= most:
            raise AxisError(f"sample of {self.count:,} points: 1 to {most:,} are allowed")
        if not 0 <= self.seed < 2**63:
            raise AxisError(f"seed = {self.seed}: a whole number from 0 to 2^63 is needed")
        if not self.distributions:
            raise AxisError("a sample needs at least one parameter to vary")
        for name in self.names:
            if self.names.count(name) > 1:
                raise AxisError(f"axis {name} is given twice")
        _ = self._mixing  # the correlations are checked now

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of points."""
        return (self.count,)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """One dimension, over the points."""
        return (SAMPLE,)

    @property
    def names(self) -> tuple[str, ...]:
        """The varied parameters."""
        return tuple(d.name for d in self.distributions)

    def values(self, start: int, stop: int) -> dict[str, Floats]:
        """Parameter values of the points ``start ... stop - 1``."""
        uniform = self._correlated(SAMPLERS[self.kind](self, start, stop))
        return {d.name: d.quantile(u) for d, u in zip(self.distributions, uniform.T, strict=True)}

    def extremes(self) -> dict[str, Floats]:
        """The ends of each distribution."""
        return {d.name: np.array((d.low, d.high)) for d in self.distributions}

    def describe(self) -> dict[str, Any]:
        """The sample as plain data, which `restore` reads."""
        plain = {
            "sampler": self.kind,
            "count": self.count,
            "seed": self.seed,
            "distributions": [describe(d) for d in self.distributions],
            "correlations": [list(entry) for entry in self.correlations],
            "digest": self._digest,
        }
        return {"axes": [], "sample": plain}

    @cached_property
    def _digest(self) -> str:
        """Of the first points: libraries may change what they draw from a seed."""
        values = self.values(0, min(WITNESSES, self.count))
        # Rounded, because the last bits may differ between processors.
        text = ";".join(",".join(f"{v:.9e}" for v in values[name]) for name in self.names)
        return hashlib.sha256(text.encode()).hexdigest()

    @cached_property
    def _mixing(self) -> Floats | None:
        """Lower factor of the correlation matrix of the normal scores."""
        if not self.correlations:
            return None
        matrix = np.eye(len(self.names))
        for first, second, rho in self.correlations:
            for name in (first, second):
                if name not in self.names:
                    raise ParameterError(unknown("sampled parameter", name, self.names))
            if first == second or not -1.0 <= rho <= 1.0:
                raise AxisError(
                    f"correlation of {first} and {second} = {rho:g}: two parameters and a number"
                    " in [-1, 1] are needed"
                )
            i, j = self.names.index(first), self.names.index(second)
            matrix[i, j] = matrix[j, i] = rho
        values, vectors = np.linalg.eigh(matrix)
        if values[0] < -1e-12:
            raise AxisError(
                "the correlations contradict each other: no joint distribution has them"
            )
        factor: Floats = vectors * np.sqrt(np.maximum(values, 0.0))
        return factor

    def _correlated(self, uniform: Floats) -> Floats:
        if self._mixing is None:
            return uniform
        from scipy.special import ndtr, ndtri  # noqa: PLC0415  0.2 s, where correlations are

        tiny = np.finfo(np.float64).tiny
        scores = ndtri(np.clip(uniform, tiny, 1.0 - 2.0**-53))
        mixed: Floats = ndtr(scores @ self._mixing.T)
        return mixed

    @cached_property
    def _hypercube(self) -> Floats:
        """All points (count, D) of a Latin hypercube: one in each stratum of each axis."""
        rng = np.random.Generator(np.random.PCG64(self.seed))
        points = np.empty((self.count, len(self.names)))
        for column in points.T:
            column[:] = (rng.permutation(self.count) + rng.random(self.count)) / self.count
        return points


def _sobol(sample: Sample, start: int, stop: int) -> Floats:
    from scipy.stats import qmc  # noqa: PLC0415  1.5 s, for this sampler only

    rng = np.random.default_rng(sample.seed)
    engine = qmc.Sobol(len(sample.names), scramble=True, bits=SOBOL_BITS, rng=rng)
    # The first point is drawn alone: for more, a number that is no power of two is warned about.
    parts = [engine.random(1)[start:]] if start < stop else []
    if start > 1:
        engine.fast_forward(start - 1)
    parts.append(engine.random(stop - max(start, 1)))
    return np.concatenate(parts)


def _latin(sample: Sample, start: int, stop: int) -> Floats:
    found: Floats = sample._hypercube[start:stop]  # noqa: SLF001
    return found


def _independent(sample: Sample, start: int, stop: int) -> Floats:
    first = start // BLOCK
    blocks = [
        np.random.default_rng((sample.seed, number)).random((BLOCK, len(sample.names)))
        for number in range(first, -(-stop // BLOCK))
    ]
    found: Floats = np.concatenate(blocks)[start - first * BLOCK : stop - first * BLOCK]
    return found


SAMPLERS: dict[str, Callable[[Sample, int, int], Floats]] = {
    "sobol": _sobol,
    "lhs": _latin,
    "mc": _independent,
}


def restore(plain: Mapping[str, Any]) -> Sample:
    """The sample that `Sample.describe` wrote down."""
    return Sample(
        plain["sampler"],
        plain["count"],
        plain["seed"],
        tuple(restored(entry) for entry in plain["distributions"]),
        tuple((first, second, rho) for first, second, rho in plain["correlations"]),
    )


def parse_sample(text: str) -> tuple[str, int]:
    """Read ``SAMPLER:COUNT``."""
    kind, _, count = text.partition(":")
    if kind not in SAMPLERS:
        raise AxisError(unknown("sampler", kind, SAMPLERS))
    if not count.isdecimal() or len(count) > 18:
        raise AxisError(f"sample {text!r}: give {kind}:N with N a whole number of points")
    return kind, int(count)


def calibrated_axes(game: Game, names: Sequence[str] | None = None) -> list[Distribution]:
    """Triangular distributions over the plausible ranges of a game's calibrated parameters."""
    known = [p for p in game.parameters if p.calibration is not None]
    if names is None and not known:
        raise AxisError(f"game {game.name} has no calibrated parameter: give --axis NAME=LOW:HIGH")
    wanted = [p.name for p in known] if names is None else list(names)
    return [calibrated(game, name) for name in wanted]


def calibrated(game: Game, name: str) -> Distribution:
    """Triangular over the plausible range of a parameter, with its mode at the base value."""
    parameter = game.parameter(name)
    if parameter is None:
        allowed = [p.name for p in game.parameters]
        raise ParameterError(unknown(f"parameter of game {game.name}", name, allowed))
    known = parameter.calibration
    if known is None:
        raise AxisError(f"{name} is not calibrated: give --axis {name}=LOW:HIGH")
    low, high = _allowed(parameter, known.low, known.high)
    return Distribution(name, "triangular", low, high, min(max(known.base, low), high))


def _allowed(parameter: Parameter, low: float, high: float) -> tuple[float, float]:
    return max(low, parameter.low), min(high, parameter.high)
