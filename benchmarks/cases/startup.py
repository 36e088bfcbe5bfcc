"""Wall time of fresh processes: imports and commands."""

from __future__ import annotations

import sys

from benchmarks.measuring import rate
from benchmarks.processes import output, script
from benchmarks.registry import Case, Results, Side, Sizes, Target, register

COMMANDS = {
    "--help": 0.15,
    "list": 0.5,
    "show price_build_nf": 0.5,
    "solve price_build_nf": 1.5,
}
NUMPY = "import numpy"
#: `import solver` loads names when they are used, so the second is what a script pays.
IMPORTS = "import solver", "from solver import NormalForm, nash"
OVER_NUMPY = 0.3


def _seconds(command: list[str]) -> tuple[float, str]:
    per_second, text = rate(lambda _: output(command), lambda _: 1.0)(None)
    return 1.0 / per_second, text


def _python(code: str) -> Side:
    command = [sys.executable, "-c", code]
    return Side(name=code, measure=lambda _: _seconds(command))


def _command(arguments: str) -> Side:
    return Side(
        name=f"coopet {arguments}",
        measure=lambda _: _seconds([script("coopet") or "coopet", *arguments.split()]),
        missing=lambda: "" if script("coopet") else "the command coopet is not installed",
    )


def _check(case: Case, results: Results) -> list[str]:
    """Every command has succeeded, or it would have raised; the first run wrote the bytecode."""
    del case, results
    return []


def _make(sizes: Sizes, number: int) -> None:
    del sizes, number


register(
    Case(
        name="startup",
        summary="wall time of a fresh process",
        unit="s",
        sizes={"rounds": 7},
        smoke={"rounds": 1},
        make=_make,
        ours=(*map(_python, IMPORTS), *map(_command, COMMANDS)),
        peers=(_python(NUMPY),),
        check=_check,
        comparison="difference",
        targets=(
            *(Target(side=code, against=NUMPY, at_most=OVER_NUMPY) for code in IMPORTS),
            *(Target(side=f"coopet {words}", at_most=s) for words, s in COMMANDS.items()),
        ),
    )
)
