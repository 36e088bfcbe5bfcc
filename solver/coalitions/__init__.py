"""What a coalition game is like: its properties, what players add, and who holds the power."""

from solver.coalitions.contributions import added_values as added_values
from solver.coalitions.contributions import excesses as excesses
from solver.coalitions.contributions import marginal_contributions as marginal_contributions
from solver.coalitions.contributions import sums as sums
from solver.coalitions.intervals import Interval as Interval
from solver.coalitions.intervals import core_interval as core_interval
from solver.coalitions.properties import Properties as Properties
from solver.coalitions.properties import is_big_boss as is_big_boss
from solver.coalitions.properties import properties as properties
from solver.coalitions.related import dual as dual
from solver.coalitions.related import subgame as subgame
from solver.coalitions.related import zero_normalised as zero_normalised
