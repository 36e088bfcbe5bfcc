"""A hypothesis strategy for networks of bargains, and laws that every solver of them obeys.

A *solver* is any function from a `BargainingNetwork` to `Equilibria`: a concept, or one with its
method filled in. The laws use nothing of the code that solves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from solver.equilibria import Equilibria, Status
from solver.errors import FormError
from solver.forms.network import BargainingNetwork, Floats

try:
    from hypothesis import strategies as st
except ImportError as error:
    raise ImportError(
        "solver.testing.networks needs hypothesis: pip install 'coopet[testing]'"
    ) from error

Solver = Callable[[BargainingNetwork], Equilibria]
Law = Callable[[Solver, BargainingNetwork], None]

#: Terms per link that `no_pair_gains` tries.
TRIED = 41


def bargaining_networks(
    *, suppliers: tuple[int, int] = (1, 2), customers: tuple[int, int] = (1, 2), batch: int = 3
) -> st.SearchStrategy[BargainingNetwork]:
    """Draw networks in which every customer buys from every supplier at a price per unit.

    Parameters
    ----------
    suppliers, customers : (int, int)
        Least and most of each.
    batch : int
        Networks in the batch, all of the same shape.

    Notes
    -----
    A customer takes α - t of a good at the price t, and more the dearer the other goods and the
    dearer the same good to its rivals, a little. Payoffs are concave in a pair's own price.
    """
    drawn = st.tuples(st.integers(*suppliers), st.integers(*customers), st.integers(0, 2**32 - 1))
    return drawn.map(lambda d: _oligopoly(*d, batch))


def _oligopoly(suppliers: int, customers: int, seed: int, batch: int) -> BargainingNetwork:
    rng = np.random.default_rng(seed)
    pairs = [(s, b) for s in range(suppliers) for b in range(customers)]

    def payoffs(
        terms: Sequence[Floats], active: tuple[bool, ...], **given: Floats
    ) -> list[Floats | float]:
        paid: list[Floats | float] = [0.0] * (suppliers + customers)
        for k, (s, b) in enumerate(pairs):
            if active[k]:
                q = given[f"size {k}"] - terms[k]
                for m, other in enumerate(pairs):
                    if active[m] and m != k and (other[0] == s or other[1] == b):
                        q = q + given["rivalry"] * (terms[m] - 0.5)
                paid[s] = paid[s] + (terms[k] - given[f"cost {s}"]) * q
                paid[suppliers + b] = paid[suppliers + b] + q * q / 2.0
        return paid

    names = [f"supplier {s}" for s in range(suppliers)]
    names += [f"customer {b}" for b in range(customers)]
    parameters = {f"size {k}": rng.uniform(1.0, 2.0, batch) for k in range(len(pairs))}
    parameters |= {f"cost {s}": rng.uniform(0.0, 0.3, batch) for s in range(suppliers)}
    parameters["rivalry"] = rng.uniform(0.0, 0.15, batch)
    weights = rng.uniform(0.2, 0.8, (len(pairs), batch))
    return BargainingNetwork(
        players=tuple(names),
        links=[(names[s], names[suppliers + b]) for s, b in pairs],
        payoffs=payoffs,
        parameters=parameters,
        bounds=[(0.0, 1.0)] * len(pairs),
        weights=[(w, 1.0 - w) for w in weights],
    )


def check(form: BargainingNetwork, solve: Solver, laws: Iterable[str] | None = None) -> None:
    """Assert the laws of these names, or all of `LAWS`, for one form and one solver."""
    for name in LAWS if laws is None else laws:
        LAWS[name](solve, form)


def no_pair_gains(solve: Solver, form: BargainingNetwork) -> None:
    """No other term of a pair has a larger Nash product (Horn and Wolinsky 1988): terms are tried.

    For nash-in-kalai the smaller of the gains per weight is compared (Kalai 1977). Excluded links
    do not count, so this law is not for nntr with threats.
    """
    eq = solve(form)
    flat = form.flat()
    terms, owner = _rows(eq)
    solved = (eq.status.ravel() == Status.SOLVED)[owner]
    assert (eq.count.ravel()[eq.status.ravel() == Status.SOLVED] > 0).all(), "solved, without terms"
    part, terms = flat.part(owner[solved]), terms[solved].T
    for k, (i, j) in enumerate(form.ends[: len(terms)]):
        apart = part.at(terms, part.active(k))
        tried = np.linspace(part.low[k], part.high[k], TRIED)
        near = terms[k] + 1e-3 * np.array([[-1.0], [1.0]]) * (part.high[k] - part.low[k])
        x = np.clip(np.concatenate((terms[k][None], tried, near)), part.low[k], part.high[k])
        paid = part.at([*terms[:k], x, *terms[k + 1 :]], part.active())
        gain = np.stack((paid[i] - apart[i], paid[j] - apart[j]))
        assert (gain[:, 0] >= -1e-8 * np.abs(paid).max()).all(), f"link {k}: {gain[:, 0]} is a loss"
        w = part.weights[:, k][:, None]
        both = (gain >= 0.0).all(axis=0)
        gain = np.maximum(gain, 0.0)
        kalai = eq.concept == "nash-in-kalai"
        value = (gain / w).min(axis=0) if kalai else (gain**w).prod(axis=0)
        best = np.where(both, value, 0.0).max(axis=0)
        short = best - value[0]
        assert (short <= 1e-8 * best).all(), f"link {k}: another term adds {short.max():g}"


def payoffs_are_those_of_the_terms(solve: Solver, form: BargainingNetwork) -> None:
    """What is reported as paid is what the payoffs say about the terms."""
    eq = solve(form)
    terms, owner = _rows(eq)
    flat = form.flat().part(owner)
    expected = flat.at(terms.T, flat.active()).T
    np.testing.assert_allclose(eq.row_values[0], expected, rtol=1e-12, atol=1e-12)


def affine_invariant(solve: Solver, form: BargainingNetwork) -> None:
    """The unit of all payoffs, and what is added to one, moves no term (Nash 1950)."""
    for scale, shift in ((2.0**20, 0.0), (1e-6, 0.0), (1.0, 3.0), (1e9, -1e9)):

        def mapped(
            *arguments: object, scale: float = scale, shift: float = shift, **given: Floats
        ) -> list[Floats]:
            return [scale * np.asarray(p) + shift for p in form.payoffs(*arguments, **given)]

        _same_terms(solve(form), solve(replace(form, payoffs=mapped)), 1e-7)


def ends_can_be_swapped(solve: Solver, form: BargainingNetwork) -> None:
    """Which player of a pair is named first does not matter if its weight goes with it."""
    swapped = replace(
        form,
        links=[(b, a) for a, b in form.links],
        weights=[(b, a) for a, b in form.weights],
    )
    _same_terms(solve(form), solve(swapped), 1e-9)


def batched_is_pointwise(solve: Solver, form: BargainingNetwork) -> None:
    """Batches are lists of networks: each is answered as if it were alone (batch of one axis)."""
    together = solve(form)
    for g in range(together.count.size):
        alone = solve(
            replace(
                form,
                parameters={k: _entry(v, g) for k, v in form.parameters.items()},
                bounds=[(_entry(a, g), _entry(b, g)) for a, b in form.bounds],
                weights=[(_entry(a, g), _entry(b, g)) for a, b in form.weights],
            )
        )
        assert together.status[g] == alone.status, f"network {g}: {together.status[g]}, alone other"
        mine = _rows(together)[0][_rows(together)[1] == g]
        np.testing.assert_allclose(mine, _rows(alone)[0], rtol=0.0, atol=1e-9)


def _entry(value: object, g: int) -> Floats:
    array = np.asarray(value, np.float64)
    entry: Floats = array[g] if array.ndim else array
    return entry


def _rows(eq: Equilibria) -> tuple[Floats, np.ndarray[tuple[int, ...], np.dtype[np.intp]]]:
    if eq.rows.terms is None:
        raise FormError(f"{eq.concept} gives no terms: it was given a {eq.form.kind} form")
    return eq.rows.terms, eq.owner


def _same_terms(before: Equilibria, after: Equilibria, room: float) -> None:
    assert (before.count == after.count).all(), f"{before.count} fixed points, now {after.count}"
    np.testing.assert_allclose(_rows(after)[0], _rows(before)[0], rtol=0.0, atol=room)


#: Every law by name, as a function of a solver and a form.
LAWS: Mapping[str, Law] = MappingProxyType(
    {
        "no_pair_gains": no_pair_gains,
        "payoffs_are_those_of_the_terms": payoffs_are_those_of_the_terms,
        "affine_invariant": affine_invariant,
        "ends_can_be_swapped": ends_can_be_swapped,
        "batched_is_pointwise": batched_is_pointwise,
    }
)
