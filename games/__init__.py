"""The table of games: a name and the file it lives in. One file per model.

``from games import phase`` gives the Game of that name.
"""

import lazy_loader

GAMES = {
    "phase": "phase",
    "phase_posted": "phase",
    "price_build_nf": "price_build_nf",
    "price_build_grid": "price_build_nf",
    "bargain": "bargain",
}

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        module: [name for name, home in GAMES.items() if home == module]
        for module in set(GAMES.values())
    },
)
