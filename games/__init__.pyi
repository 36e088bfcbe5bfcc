# The table of games: a name and the file it lives in. One file per model, one line per game.

from .bargain import bargain as bargain
from .bargain_common import bargain_common as bargain_common
from .bargain_replacement import bargain_replacement as bargain_replacement
from .bargain_separate import bargain_separate as bargain_separate
from .build_tree import build_tree as build_tree
from .build_tree_hidden import build_tree_hidden as build_tree_hidden
from .build_tree_retaliation import build_tree_retaliation as build_tree_retaliation
from .cheap_talk import cheap_talk as cheap_talk
from .exclusivity import aghion_bolton as aghion_bolton
from .exclusivity import naked_exclusion as naked_exclusion
from .limit_price import limit_price as limit_price
from .lockin import lockin as lockin
from .lockin import lockin_attached as lockin_attached
from .phase import phase as phase
from .phase import phase_posted as phase_posted
from .price_build_nf import price_build_grid as price_build_grid
from .price_build_nf import price_build_nf as price_build_nf
from .regulator import regulator as regulator
from .screening import screening as screening
from .screening import screening_uniform as screening_uniform
from .second_source import second_source as second_source
from .signal import signal as signal

GAMES: tuple[str, ...]
