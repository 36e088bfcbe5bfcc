"""Running a case: check, then rounds in which every side is measured once, in turn."""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

import solver
from benchmarks.registry import Case, CheckError, Measure, Side, Target

Record = dict[str, Any]
Values = dict[tuple[str, int], list[float]]

COMPARISONS: dict[str, Callable[[float, float], float]] = {
    "ratio": lambda ours, peer: ours / peer,
    "percent": lambda ours, peer: 100.0 * ours / peer,
    "difference": lambda ours, peer: ours - peer,
}


def rate(call: Callable[[Any], Any], amount: Callable[[Any], float]) -> Measure:
    """Measure units of work per second of one call; ``amount(inputs)`` is its work."""

    def measure(inputs: Any) -> tuple[float, Any]:
        start = perf_counter()
        result = call(inputs)
        seconds = perf_counter() - start
        return amount(inputs) / seconds, result

    return measure


def run_case(case: Case, *, smoke: bool) -> Record:
    """Check and measure a case; a disagreement is recorded as an error, without any value."""
    sizes = case.smoke if smoke else case.sizes
    record: Record = {
        "name": case.name,
        "summary": case.summary,
        "unit": case.unit,
        "comparison": case.comparison,
        "sizes": dict(sizes),
        "skipped": {side.name: side.missing() for side in _sides(case) if side.missing()},
    }
    sides = [side for side in _sides(case) if side.name not in record["skipped"]]
    try:
        # The first call of every side also compiles and warms it.
        inputs = case.make(sizes, 0)
        results = {(s.name, t): _once(s, t, inputs)[1] for s in sides for t in s.threads}
        record["remarks"] = case.check(case, results)
        del inputs, results
        values = _rounds(case, sides, sizes)
    except CheckError as error:
        return record | {"error": str(error)}
    return record | {
        "values": [_value(case, key, series, smoke=smoke) for key, series in values.items()],
        "comparisons": _comparisons(case, values, smoke=smoke),
    }


def _sides(case: Case) -> tuple[Side, ...]:
    return (*case.ours, *case.peers)


def _rounds(case: Case, sides: list[Side], sizes: Any) -> Values:
    values: Values = {(side.name, t): [] for side in sides for t in side.threads}
    for number in range(1, sizes["rounds"] + 1):
        inputs = case.make(sizes, number)
        gc.collect()
        for side in sides:
            for threads in side.threads:
                values[side.name, threads].append(_once(side, threads, inputs)[0])
    return values


def _once(side: Side, threads: int, inputs: Any) -> tuple[float, Any]:
    before = solver.get_threads()
    solver.set_threads(threads)
    try:
        with _no_collection():
            return side.measure(inputs)
    finally:
        solver.set_threads(before)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the garbage collector out: peers make many objects, and would pay for ours."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _value(case: Case, key: tuple[str, int], series: list[float], *, smoke: bool) -> Record:
    name, threads = key
    role = "ours" if name in {side.name for side in case.ours} else "peer"
    target = _target(case, name, threads, None)
    head = {"side": name, "role": role, "threads": threads}
    return head | _summary(series) | _verdict(target, series, smoke=smoke)


def _comparisons(case: Case, values: Values, *, smoke: bool) -> list[Record]:
    """Ours against the peers, round by round, with as many threads where the peer has them."""
    compare = COMPARISONS[case.comparison]
    pairs = [(side, peer) for side in case.ours for peer in _opponents(case, side)]
    records = []
    for side, peer in pairs:
        for threads in side.threads:
            ours = values.get((side.name, threads))
            theirs = values.get((peer.name, threads)) or values.get((peer.name, peer.threads[0]))
            if ours is None or theirs is None:
                continue
            series = [compare(*pair) for pair in zip(ours, theirs, strict=True)]
            target = _target(case, side.name, threads, peer.name)
            head = {"side": side.name, "threads": threads, "against": peer.name}
            records.append(head | _summary(series) | _verdict(target, series, smoke=smoke))
    return records


def _opponents(case: Case, side: Side) -> tuple[Side, ...]:
    """Every peer for our first side; the others are variants of it, and one peer will do."""
    return case.peers if side is case.ours[0] else case.peers[:1]


def _target(case: Case, name: str, threads: int, against: str | None) -> Target | None:
    wanted = (name, threads, against)
    found = [t for t in case.targets if (t.side, t.threads, t.against) == wanted]
    return found[0] if found else None


def _verdict(target: Target | None, series: list[float], *, smoke: bool) -> Record:
    """The target and whether the median meets it; tiny inputs say nothing about that."""
    if target is None:
        return {}
    met = None if smoke else target.met(statistics.median(series))
    return {"target": {"at_least": target.at_least, "at_most": target.at_most, "met": met}}


def _summary(series: list[float]) -> Record:
    return {
        "median": statistics.median(series),
        "min": min(series),
        "max": max(series),
        "rounds": series,
    }
