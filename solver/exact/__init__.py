"""Bimatrix games in rational arithmetic: all extreme equilibria, with proofs instead of tolerances.

`extreme_equilibria` solves one game of any payoff size, ties included; `verify` recomputes regrets
by their definition, sharing only how numbers are read; `components` and `maximal_bicliques` tell
which extreme points span a continuum of equilibria, for answers from anywhere.
"""

from solver.exact.correlated import correlated_vertices as correlated_vertices
from solver.exact.equilibria import ExactEquilibria as ExactEquilibria
from solver.exact.equilibria import extreme_equilibria as extreme_equilibria
from solver.exact.subsets import components as components
from solver.exact.subsets import maximal_bicliques as maximal_bicliques
from solver.exact.verify import verify as verify
