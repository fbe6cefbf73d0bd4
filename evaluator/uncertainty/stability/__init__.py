"""How far weights, influence and values may move before the result changes.

Exact algebra where the method that ranks allows it; elsewhere it is scored again, to a tolerance.
"""

from evaluator.uncertainty.stability.improvement import Improvement, smallest_improvements
from evaluator.uncertainty.stability.intervals import Stability, stability
from evaluator.uncertainty.stability.moves import in_proportion
from evaluator.uncertainty.stability.reach import Reach, smallest_reach
from evaluator.uncertainty.stability.solving import SolvedStanding, standing_by_solving
from evaluator.uncertainty.stability.swap import Swap, smallest_swap
from evaluator.uncertainty.stability.walk import Change, Standing

__all__ = [
    "Change",
    "Improvement",
    "Reach",
    "SolvedStanding",
    "Stability",
    "Standing",
    "Swap",
    "in_proportion",
    "smallest_improvements",
    "smallest_reach",
    "smallest_swap",
    "stability",
    "standing_by_solving",
]
