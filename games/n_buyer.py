"""One supplier and several buyers, each with an alternative, and a capacity that may not do.

What a coalition of buyers earns with the supplier and without it is in `games._capacity`. In
`n_buyer` three buyers are told by the value of a unit, by what one from elsewhere leaves them and
by their volume; `n_buyer_two` has the first two of them. In `n_buyer_five` the alternative of each
of five is a chip of its own: it serves the share φ of the workload at a cost of c_t and a programme
of F + σ, so that a unit from elsewhere leaves b_i = max(φ(v - c_t) - (F + σ)/Q_i, 0): the larger
the buyer, the better its alternative.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from games import _capacity
from games._capacity import Market
from games.calibration import calibrated
from solver.equilibria import Equilibria
from solver.forms.coalition import CoalitionGame
from solver.game import Game, Values
from solver.parameters import Parameter

Floats = NDArray[np.float64]

TWO, THREE, FIVE = range(1, 3), range(1, 4), range(1, 6)


def market(p: Values) -> Market:
    """Two or three buyers, as the parameters tell them."""
    buyers = [i for i in THREE if f"value_{i}" in p]
    return Market(
        values=[p[f"value_{i}"] for i in buyers],
        elsewhere=[p[f"build_{i}"] for i in buyers],
        volumes=[p[f"volume_{i}"] for i in buyers],
        cost=p["supplier_cost"],
        others=p["next_value"],
        capacity=p["capacity"],
    )


def market_of_five(p: Values) -> Market:
    """Five buyers who differ in size, and so in what an own chip costs per unit."""
    saved = p["addressable"] * (p["value"] - p["chip_cost"] / p["performance"])
    volumes = [p[f"volume_{i}"] for i in FIVE]
    programme = p["nre"] + p["porting_lump"]
    return Market(
        values=[p["value"]] * len(volumes),
        elsewhere=[np.maximum(saved - programme / np.maximum(q, 1e-300), 0.0) for q in volumes],
        volumes=volumes,
        cost=p["supplier_cost"],
        others=p["next_value"],
        capacity=p["capacity"],
    )


def _players(numbers: range) -> tuple[str, ...]:
    return ("supplier", *(f"buyer {i}" for i in numbers))


def build(**p: Floats) -> CoalitionGame:
    """Supplier and its buyers."""
    made = market(p)
    return CoalitionGame(_players(range(1, 1 + len(made.values))), made.worths())


def build_five(**p: Floats) -> CoalitionGame:
    """Supplier and five buyers."""
    return CoalitionGame(_players(FIVE), market_of_five(p).worths())


def outcomes(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Those of `games._capacity`; a buyer that leaves takes all of its units elsewhere."""
    return _capacity.outcomes(market(p), equilibria, 1.0)


def outcomes_of_five(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """The same; a buyer that leaves does so with what its chip can serve."""
    return _capacity.outcomes(market_of_five(p), equilibria, p["addressable"])


def regime(p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """Who has the power; see `games._capacity.regime`."""
    return _capacity.regime(market(p), equilibria)


def regime_of_five(p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """The same for five."""
    return _capacity.regime(market_of_five(p), equilibria)


_assumed = partial(Parameter, low=0.0, source="assumption")


def _capacity_of(default: float) -> Parameter:
    known = "Accelerator equivalents that the supplier can deliver."
    return _assumed("capacity", default=default, unit="kAE", doc=known)


def _volumes(sizes: tuple[float, ...]) -> tuple[Parameter, ...]:
    return tuple(
        _assumed(f"volume_{i}", default=size, unit="kAE", doc=f"Units that buyer {i} needs.")
        for i, size in enumerate(sizes, start=1)
    )


def _buyers(numbers: range) -> tuple[Parameter, ...]:
    return (
        *(
            _assumed(
                f"value_{i}", default=v, unit="$k/AE", doc=f"What a unit is worth to buyer {i}."
            )
            for i, v in zip(numbers, (60.0, 55.0, 50.0), strict=False)
        ),
        *(
            _assumed(
                f"build_{i}",
                default=b,
                unit="$k/AE",
                doc=f"What a unit from elsewhere, or of its own chip, leaves to buyer {i}.",
            )
            for i, b in zip(numbers, (20.0, 17.0, 16.0), strict=False)
        ),
    )


_SCARCITY = """Whether there is enough for all decides who has the power. If there is not, each
buyer can be replaced by the best one that is not served, and price is at least what that one would
pay; if there is, every buyer has something that the supplier cannot get elsewhere. More capacity
can therefore leave the supplier with less, by the nucleolus and Nash-in-Nash; Shapley's value, an
average over orders of arrival, may see it otherwise. Demand from others, such as sovereigns, enters
through `next_value`: what they pay for any unit that is left."""

n_buyer = Game(
    name="n_buyer",
    parameters=(
        *_buyers(THREE),
        *_volumes((500.0, 500.0, 500.0)),
        _capacity_of(1000.0),
        calibrated("next_value"),
        calibrated("supplier_cost"),
    ),
    build=build,
    doc=f"""One supplier divides with three buyers what they create, with capacity for all or not.

{_SCARCITY}""",
    references=_capacity.REFERENCES,
    outcomes=outcomes,
    regime=regime,
    regimes=_capacity.REGIMES,
    units=_capacity.UNITS,
)

n_buyer_two = Game(
    name="n_buyer_two",
    parameters=(
        *_buyers(TWO),
        *_volumes((500.0, 500.0)),
        _capacity_of(800.0),
        calibrated("next_value"),
        calibrated("supplier_cost"),
    ),
    build=build,
    doc=f"""One supplier divides with two buyers what they create, with capacity for both or not.

{_SCARCITY}""",
    references=_capacity.REFERENCES,
    outcomes=outcomes,
    regime=regime,
    regimes=_capacity.REGIMES,
    units=_capacity.UNITS,
)

n_buyer_five = Game(
    name="n_buyer_five",
    parameters=(
        calibrated("value"),
        calibrated("supplier_cost"),
        calibrated("chip_cost"),
        calibrated("performance", low=1e-9),
        calibrated("nre"),
        calibrated("porting_lump"),
        calibrated("addressable", high=1.0),
        *_volumes((1500.0, 1000.0, 500.0, 300.0, 200.0)),
        _capacity_of(2500.0),
        calibrated("next_value"),
    ),
    build=build_five,
    doc=f"""One supplier divides with five buyers of unlike size, each of which could build a chip.

The costs of a programme are spread over what the chip serves: large buyers have the better
alternative and pay the lower price. {_SCARCITY}""",
    references=_capacity.REFERENCES,
    outcomes=outcomes_of_five,
    regime=regime_of_five,
    regimes=_capacity.REGIMES,
    units=_capacity.UNITS,
)
