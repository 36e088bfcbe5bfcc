"""The report of a study: one page with everything in it, which opens without a network."""

from __future__ import annotations

import secrets
from base64 import b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, final

from solver.equilibria import Status
from solver.errors import StoreError
from solver.sweep.study import Run
from solver.sweep.wording import design_lines

#: By which a page of ours is known, and may be replaced.
MARK = '<meta name="generator" content="coopet study">'
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
       color: #1a1a1a; background: #fff; }
h1, h2 { line-height: 1.2; } h2 { margin-top: 3rem; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { text-align: left; padding: .2rem 1rem .2rem 0; border-bottom: 1px solid #ddd; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
img { max-width: 100%; height: auto; } .doubt { color: #a00; font-weight: 600; }
"""


@final
@dataclass(frozen=True)
class Page:
    """What one sweep adds to the report."""

    run: Run
    store: Path
    summary: dict[str, Any]
    pictures: list[tuple[str, Path]]


def is_ours(path: Path) -> bool:
    """Whether a file is the report of a study."""
    try:
        return MARK in path.read_text("utf-8")[:1000]
    except (OSError, UnicodeDecodeError):
        return False


def write_page(target: Path, title: str, pages: list[Page]) -> None:
    """Write beside the target and rename."""
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        beside.write_text(html(title, pages), "utf-8")
        beside.replace(target)
    except OSError as error:
        raise StoreError(f"cannot write {target}: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            beside.unlink()


def html(title: str, pages: list[Page]) -> str:
    """The whole page."""
    body = [f"<h1>{escape(title)}</h1>", *_scenarios(pages), *(_section(page) for page in pages)]
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en"><head><meta charset="utf-8">',
            MARK,
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>",
            *body,
            "</body></html>",
            "",
        ]
    )


def _scenarios(pages: list[Page]) -> list[str]:
    """What each sweep fixes where its game has other defaults."""
    rows = []
    for page in pages:
        settings = ", ".join(f"{k} = {v:g}" for k, v in page.run.settings.items())
        rows.append((page.run.sweep, page.run.scenario or "–", settings or "the game's defaults"))
    return ["<h2>Sweeps and scenarios</h2>", _table(("sweep", "scenario", "settings"), rows)]


def _section(page: Page) -> str:
    """One sweep: what it is, shares of regimes, what was not settled, pictures."""
    plan, cells = page.run.made.describe(), page.summary["cells"]
    facts = [
        ("game", plan["game"]),
        ("concept", f"{plan['concept']}, method {plan['method']['name']}"),
        ("varied", "; ".join(design_lines(plan))),
        ("fixed", ", ".join(f"{k} = {v:g}" for k, v in plan["parameters"].items())),
        ("cells", f"{cells:,}"),
    ]
    shares = [
        (name, f"{count:,}", f"{count / cells:.2%}")
        for name, count in page.summary["regimes"].items()
    ]
    states = [
        (name, f"{count:,}", Status[name].sentence)
        for name, count in page.summary["status"].items()
    ]
    doubtful = page.summary["not_settled"]
    words = [f'<p class="doubt">{doubtful:,} cells are not certified or may not be complete.</p>']
    return "\n".join(
        [
            f"<h2>{escape(page.run.name)}</h2>",
            _table(("", ""), facts),
            _table(("regime", "cells", "share"), shares, numbers=(1, 2)),
            _table(("status", "cells", "meaning"), states, numbers=(1,)),
            *(words if doubtful else []),
            *(_picture(page, view, path) for view, path in page.pictures),
        ]
    )


def _picture(page: Page, view: str, path: Path) -> str:
    data = b64encode(path.read_bytes()).decode()
    words = escape(f"{view} of {page.run.name}", quote=True)
    return f'<p><img alt="{words}" src="data:image/png;base64,{data}"></p>'


def _table(
    headings: tuple[str, ...], rows: Sequence[tuple[str, ...]], numbers: tuple[int, ...] = ()
) -> str:
    def line(cells: tuple[str, ...], tag: str) -> str:
        kinds = [' class="number"' if k in numbers else "" for k in range(len(cells))]
        pairs = zip(cells, kinds, strict=True)
        made = "".join(f"<{tag}{kind}>{escape(cell)}</{tag}>" for cell, kind in pairs)
        return f"<tr>{made}</tr>"

    head = [line(headings, "th")] if any(headings) else []
    return "\n".join(["<table>", *head, *(line(row, "td") for row in rows), "</table>"])
