# The table of games: a name and the file it lives in. One file per model, one line per game.

from .bargain import bargain as bargain
from .build_tree import build_tree as build_tree
from .build_tree_hidden import build_tree_hidden as build_tree_hidden
from .build_tree_retaliation import build_tree_retaliation as build_tree_retaliation
from .chain import chain as chain
from .chain import chain_lump_sum as chain_lump_sum
from .chain import chain_one as chain_one
from .chain import chain_two as chain_two
from .chain_inhouse import chain_inhouse as chain_inhouse
from .cheap_talk import cheap_talk as cheap_talk
from .dual_source import dual_source as dual_source
from .dual_source import dual_source_convex as dual_source_convex
from .dual_source import dual_source_priced as dual_source_priced
from .exclusivity import aghion_bolton as aghion_bolton
from .exclusivity import naked_exclusion as naked_exclusion
from .holdup import holdup as holdup
from .holdup import holdup_leverage as holdup_leverage
from .leverage import leverage as leverage
from .leverage import leverage_workloads as leverage_workloads
from .leverage_simultaneous import leverage_simultaneous as leverage_simultaneous
from .limit_price import limit_price as limit_price
from .lockin import lockin as lockin
from .lockin import lockin_attached as lockin_attached
from .marquee import marquee as marquee
from .marquee import marquee_crowd as marquee_crowd
from .phase import phase as phase
from .phase import phase_posted as phase_posted
from .price_build_nf import price_build_grid as price_build_grid
from .price_build_nf import price_build_nf as price_build_nf
from .regulator import regulator as regulator
from .screening import screening as screening
from .screening import screening_uniform as screening_uniform
from .second_source import second_source as second_source
from .signal import signal as signal
from .stakes import stakes as stakes
from .stakes import stakes_backward as stakes_backward
from .stakes_bargained import stakes_financing as stakes_financing
from .stakes_bargained import stakes_lump_sum as stakes_lump_sum
from .stakes_crossed import stakes_build as stakes_build
from .stakes_crossed import stakes_common as stakes_common

GAMES: tuple[str, ...]
