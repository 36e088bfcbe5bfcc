from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

import solver.views
from solver.errors import StoreError, TargetError
from solver.views import FORMATS, VIEWS, draw, find, summary

MAGIC = {".png": b"\x89PNG", ".pdf": b"%PDF", ".svg": b"<?xml"}


def python(code):
    """Run `code` in a fresh interpreter and return what it prints."""
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )
    assert run.stderr == ""
    return run.stdout.strip()


def test_the_table_is_the_folder():
    folder = Path(solver.views.__file__).parent
    assert sorted(VIEWS.values()) == sorted(p.stem for p in folder.glob("[!_]*.py"))


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_has_a_summary_and_can_be_called(name):
    assert summary(name).endswith(".")
    assert callable(find(name))


def test_names_and_summaries_load_nothing_heavy():
    code = (
        "import sys; from solver.views import VIEWS, summary; [summary(v) for v in VIEWS];"
        "print(*({'matplotlib', 'xarray', 'numpy', 'numba'} & set(sys.modules)))"
    )
    assert python(code) == ""


@pytest.mark.parametrize("ask", [find, summary])
def test_an_unknown_view_is_answered_with_near_names(ask):
    with pytest.raises(TargetError, match=r"unknown view 'regims': did you mean regimes\?"):
        ask("regims")


def test_without_matplotlib_a_view_says_what_to_install():
    code = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "from solver.views import find\n"
        "try: find('regimes')\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    assert python(code) == "TargetError plots need matplotlib: pip install 'coopet[plot]'"


def test_drawing_does_not_import_pyplot(tmp_path):
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from conftest import phase\n"
        "from solver.views import draw\n"
        f"draw(phase(8, 6), 'regimes', {str(tmp_path / 'a.png')!r})\n"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    assert python(code) == "False"


@pytest.mark.parametrize("suffix", [*FORMATS, ".PNG"])
def test_the_same_sweep_gives_the_same_file_and_nothing_else(phase_line, tmp_path, suffix):
    first, second = tmp_path / f"first{suffix}", tmp_path / f"second{suffix}"
    draw(phase_line(12), "regimes", first)
    draw(phase_line(12), "regimes", str(second))
    assert first.read_bytes().startswith(MAGIC[suffix.lower()])
    assert first.read_bytes() == second.read_bytes()
    assert sorted(tmp_path.iterdir()) == [first, second]


def test_settings_of_the_user_change_nothing_and_are_kept(phase, tmp_path):
    draw(phase(20, 15), "regimes", tmp_path / "plain.svg")
    mine = {"font.size": 20, "axes.facecolor": "red", "lines.linewidth": 9, "savefig.dpi": 30}
    with mpl.rc_context(mine):
        draw(phase(20, 15), "regimes", tmp_path / "mine.svg")
        assert mine == {key: mpl.rcParams[key] for key in mine}
    assert (tmp_path / "plain.svg").read_bytes() == (tmp_path / "mine.svg").read_bytes()


def test_a_vector_file_of_many_cells_stays_small(phase, tmp_path):
    draw(phase(), "regimes", tmp_path / "map.svg")
    assert (tmp_path / "map.svg").stat().st_size < 1_000_000


def test_a_picture_replaces_another_and_a_failed_one_leaves_it(phase_line, tmp_path, monkeypatch):
    path = tmp_path / "map.png"
    path.write_text("old")
    draw(phase_line(8), "regimes", path)
    good = path.read_bytes()
    assert good != b"old"

    def full(_figure, part, **_options):
        Path(part).write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Figure, "savefig", full)
    with pytest.raises(StoreError, match=r"cannot write .*map.png: No space left on device"):
        draw(phase_line(8), "regimes", path)
    assert good == path.read_bytes()
    assert [path] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("map.jpg", r"cannot draw to .*map\.jpg: the name must end in \.svg or \.png or \.pdf"),
        ("map", r"cannot draw to .*map: the name must end in"),
        ("none/map.png", r"cannot write .*map\.png: there is no folder .*none"),
        ("folder.png", r"cannot write .*folder\.png: it is a folder"),
    ],
)
def test_a_path_that_cannot_be_written_is_refused_before_drawing(tmp_path, name, message):
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(StoreError, match=message):
        draw(None, "regimes", tmp_path / name)
