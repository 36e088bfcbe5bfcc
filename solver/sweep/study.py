"""A study: several sweeps, each in several scenarios, written down in one TOML file.

::

    title = "Who designs the chip"          # of the report; optional

    [scenarios.base]                        # named settings of parameters; optional
    [scenarios.scarce]
    volume = 300

    [sweeps.map]                            # one or more
    game = "phase"                          # a name, FILE.py:NAME, FILE.nfg, ...
    axes = ["nre=100:20000:40:log", "porting_top=1:80:30"]
    set = { value = 70 }
    views = ["regimes"]

    [sweeps.spread]
    game = "phase"
    sample = "sobol:4096"
    seed = 1
    axes = ["nre", "porting_top=1:80"]
    correlations = ["nre,porting_top=0.5"]
    scenarios = ["base"]

Each sweep is made in each scenario, unless it names those it is for. Keys of a sweep, which mean
what the options of ``coopet sweep`` mean: `game`; `axes`, a list of texts as of ``--axis`` or a
table ``{nre = "100:20000:40:log", porting_top = [1, 40, 80]}``; `sample`, `seed`, `correlations`;
`set`; `concept`, `method`, `add`, `keep`; `scenarios`; `views`, pictures that are drawn afterwards;
`chunk`, cells per file of the store.
`report = false` makes no report. Files are looked for beside the TOML file.

Everything is checked before anything is solved, and a mistake is reported with its line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, final

from solver.errors import CoopetError, FormatError, unknown
from solver.game import Game
from solver.sweep import plan
from solver.sweep.design import Design
from solver.sweep.plan import Plan
from solver.sweep.requests import TABLES, design
from solver.sweep.toml_lines import KeyPath, key_lines

#: Keys of the file and of each sweep, with what their values are.
KEYS: dict[str, tuple[type, ...]] = {
    "title": (str,),
    "report": (bool,),
    "scenarios": (dict,),
    "sweeps": (dict,),
}
SWEEP_KEYS: dict[str, tuple[type, ...]] = {
    "game": (str,),
    "axes": (list, dict),
    "sample": (str,),
    "seed": (int,),
    "correlations": (list,),
    "set": (dict,),
    "concept": (str,),
    "method": (str,),
    "add": (list,),
    "keep": (str,),
    "chunk": (int,),
    "scenarios": (list,),
    "views": (list,),
}
WORDS = {
    str: "a text",
    bool: "true or false",
    dict: "a table",
    list: "a list",
    int: "a whole number",
}
#: By which a message about these is known.
HINTS = {
    "correlations": ("correlation", "sampled parameter"),
    "sample": ("sampler", "sample of", "sample '", *TABLES),
    "seed": ("seed =",),
}
#: Sweeps and scenarios name folders.
NAME = re.compile(r"[A-Za-z0-9_-]+")


@final
@dataclass(frozen=True)
class Run:
    """One sweep in one scenario; `name` is that of its folder."""

    name: str
    sweep: str
    scenario: str
    settings: Mapping[str, float]
    made: Plan
    views: tuple[str, ...]


@final
@dataclass(frozen=True)
class Study:
    """A file that has been checked."""

    path: Path
    title: str
    report: bool
    runs: tuple[Run, ...]


def read(path: Path, find_game: Callable[[str], Game], views: Collection[str]) -> Study:
    """Read and check a whole study; nothing is solved but one cell per sweep.

    Parameters
    ----------
    path : Path
    find_game : callable
        Turns a target into a game, as the command line does.
    views : collection of str
        Pictures that can be drawn of a sweep.

    Raises
    ------
    FormatError
        With the file, the line, what is there and what is allowed.
    """
    try:
        text = path.read_text("utf-8")
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said, _, where = str(error).partition(" (at ")
        line = re.match(r"line (\d+)", where)
        at = line[1] if line else len(text.splitlines()) or 1
        raise FormatError(f"{path}:{at}: {said[:1].lower()}{said[1:]}") from None
    except FileNotFoundError:
        raise FormatError(f"{path}: there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"{path} cannot be read: {error}") from None
    return _Reader(path, data, key_lines(text), find_game, views).study()


@final
class _Reader:
    """Checks the data of one file; each method is one part of it."""

    def __init__(
        self,
        path: Path,
        data: dict[str, Any],
        lines: dict[KeyPath, int],
        find_game: Callable[[str], Game],
        views: Collection[str],
    ) -> None:
        self.path, self.data, self.lines = path, data, lines
        self.find_game, self.views = find_game, views

    def study(self) -> Study:
        """All of it."""
        self._keys((), self.data, KEYS)
        scenarios = self.data.get("scenarios", {})
        for name, settings in scenarios.items():
            self._name(("scenarios", name), name)
            self._numbers(("scenarios", name), settings)
        sweeps = self.data.get("sweeps", {})
        if not sweeps:
            self._fail((), "a study needs at least one table [sweeps.NAME]")
        runs = [run for name in sweeps for run in self._sweep(name, sweeps[name], scenarios)]
        title = self.data.get("title", self.path.stem)
        return Study(self.path, title, self.data.get("report", True), tuple(runs))

    def _sweep(self, name: str, held: Any, scenarios: dict[str, Any]) -> list[Run]:
        """One sweep in each of its scenarios."""
        at: KeyPath = ("sweeps", name)
        self._name(at, name)
        if not isinstance(held, dict):
            self._fail(at, f"{'.'.join(map(str, at))} = {held!r}: a table is needed")
        self._keys(at, held, SWEEP_KEYS)
        if "game" not in held:
            self._fail(at, f"sweep {name!r} needs a game: game = NAME")
        self._texts(at, held, "scenarios", scenarios, "scenario")
        self._texts(at, held, "views", self.views, "view of a sweep")
        self._numbers((*at, "set"), held.get("set", {}))
        game = self._try([(*at, "game")], self.find_game, self._beside(held["game"]))
        points = self._design(at, held, game)
        chosen = held.get("scenarios", list(scenarios))
        return [self._run(name, held, game, points, scenario) for scenario in chosen or [""]]

    def _run(
        self, sweep: str, held: dict[str, Any], game: Game, points: Design, scenario: str
    ) -> Run:
        at: KeyPath = ("sweeps", sweep)
        fixed: dict[str, float] = {}
        parts = [((*at, "set"), held.get("set", {}))]
        if scenario:
            parts.append((("scenarios", scenario), self.data["scenarios"][scenario]))
        for place, settings in parts:
            self._settings(place, settings, game, points)
            fixed |= {name: float(value) for name, value in settings.items()}
        options = {key: held[key] for key in ("concept", "method", "keep", "chunk") if key in held}
        _, axes = self._axes((*at, "axes"), held.get("axes", []))
        places = [*((*at, key) for key in ("add", *options)), *axes, (*at, "sample"), (*at, "game")]
        made = self._try(places, plan.make, game, points, fixed, add=held.get("add", ()), **options)
        name = f"{sweep}.{scenario}" if scenario else sweep
        return Run(name, sweep, scenario, fixed, made, tuple(held.get("views", ())))

    def _settings(
        self, place: KeyPath, settings: Mapping[str, Any], game: Game, points: Design
    ) -> None:
        """Each is a parameter of the game, in its interval and not an axis."""
        allowed = [parameter.name for parameter in game.parameters]
        for name, value in settings.items():
            at = (*place, name)
            parameter = game.parameter(name)
            if parameter is None:
                self._fail(at, unknown(f"parameter of game {game.name}", name, allowed))
            if name in points.names:
                self._fail(at, f"{name} is both an axis and set to {value:g}")
            self._try([at], game.bind, **{name: float(value)})
            self._try([at], parameter.require, float(value))

    def _design(self, at: KeyPath, held: dict[str, Any], game: Game) -> Design:
        axes, places = self._axes((*at, "axes"), held.get("axes", []))
        pairs = self._strings((*at, "correlations"), held.get("correlations", []))
        sample = held.get("sample")
        if sample and Path(sample).suffix.lower() in TABLES:
            sample = self._beside(sample)
        for text, place in zip(axes, places, strict=True):
            if sample is None:  # each alone, so that the line of the wrong one is known
                self._try([place], design, game, [text])
        keys = [*((*at, key) for key in HINTS), *places, (*at, "axes")] if sample else places
        seed = held.get("seed", 0)
        found: Design = self._try([*keys, at], design, game, axes, sample, seed, pairs)
        return found

    def _axes(self, at: KeyPath, held: Any) -> tuple[list[str], list[KeyPath]]:
        """Axes as texts of the command line, and where each stands."""
        if isinstance(held, list):
            return self._strings(at, held), [(*at, k) for k in range(len(held))]
        texts = []
        for name, spec in held.items():
            if isinstance(spec, list) and all(_is_number(value) for value in spec) and spec:
                texts.append(f"{name}={','.join(map(repr, spec))}")
            elif isinstance(spec, str):
                texts.append(name if spec == "calibrated" else f"{name}={spec}")
            else:
                self._fail((*at, name), f"axis {name} = {spec!r}: a text or numbers are needed")
        return texts, [(*at, name) for name in held]

    def _keys(self, at: KeyPath, held: Mapping[str, Any], allowed: dict[str, Any]) -> None:
        """Every key is known, and its value of the right type."""
        where = f" in [{'.'.join(map(str, at))}]" if at else ""
        for key, value in held.items():
            if key not in allowed:
                self._fail((*at, key), f"{unknown('key', key, allowed)}{where}")
            kinds = allowed[key]
            if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
                wanted = " or ".join(WORDS[kind] for kind in kinds)
                self._fail((*at, key), f"{key} = {value!r}: {wanted} is needed")

    def _numbers(self, at: KeyPath, held: Any) -> None:
        if not isinstance(held, dict):
            self._fail(at, f"{at[-1]} = {held!r}: a table of parameters is needed")
        for name, value in held.items():
            if not _is_number(value):
                self._fail((*at, name), f"{name} = {value!r} is not a number")

    def _strings(self, at: KeyPath, held: Sequence[Any]) -> list[str]:
        for k, value in enumerate(held):
            if not isinstance(value, str):
                self._fail((*at, k), f"{at[-1]}: {value!r} is not a text")
        return list(held)

    def _texts(
        self, at: KeyPath, held: Mapping[str, Any], key: str, allowed: Collection[str], word: str
    ) -> None:
        """Every entry of a list is one of those allowed."""
        for k, value in enumerate(held.get(key, ())):
            if not isinstance(value, str) or value not in allowed:
                self._fail((*at, key, k), unknown(word, str(value), allowed))

    def _name(self, at: KeyPath, name: str) -> None:
        if not NAME.fullmatch(name):
            self._fail(at, f"name {name!r}: letters, digits, - and _ only, since it names a folder")

    def _beside(self, target: str) -> str:
        """A file that is named relative to the study; names of games stay."""
        head = target.partition(".py:")[0]
        is_file = head != target or "." in Path(target).name
        return str(self.path.parent / target) if is_file else target

    def _try(
        self, places: Sequence[KeyPath], function: Callable[..., Any], *given: Any, **options: Any
    ) -> Any:
        """Call; what it refuses is reported at the place whose value the message speaks of."""
        try:
            return function(*given, **options)
        except CoopetError as error:
            said = str(error)
            for place in places:
                if any(word in said for word in self._words(place)):
                    self._fail(place, said)
            self._fail(next((p for p in places[::-1] if p in self.lines), ()), said)

    def _words(self, place: KeyPath) -> Sequence[str]:
        """What a message would call the value at a place."""
        key = place[-1]
        if key in HINTS:
            return HINTS[str(key)]
        if isinstance(key, str) and key not in SWEEP_KEYS:
            return [key]  # a parameter
        value: Any = self.data
        for step in place:
            try:
                value = value[step]
            except (KeyError, IndexError):
                return []
        texts = value if isinstance(value, list) else [value]
        return [str(text).partition("=")[0] for text in texts if str(text)]

    def _fail(self, place: KeyPath, message: str) -> NoReturn:
        while place and place not in self.lines:
            place = place[:-1]
        raise FormatError(f"{self.path}:{self.lines.get(place, 1)}: {message}") from None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
