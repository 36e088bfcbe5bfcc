# The table of games: a name and the file it lives in. One file per model, one line per game.

from .bargain import bargain as bargain
from .phase import phase as phase
from .phase import phase_posted as phase_posted
from .price_build_nf import price_build_grid as price_build_grid
from .price_build_nf import price_build_nf as price_build_nf

GAMES: tuple[str, ...]
