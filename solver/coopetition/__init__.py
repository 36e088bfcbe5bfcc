"""What competition costs, what cooperation needs, and what a threat is worth."""

from solver.coopetition.measures import Coopetition as Coopetition
from solver.coopetition.measures import coopetition as coopetition
from solver.coopetition.objectives import own_payoffs as own_payoffs
from solver.coopetition.objectives import weighted_game as weighted_game
from solver.coopetition.threat import ThreatValue as ThreatValue
from solver.coopetition.threat import threat_value as threat_value
