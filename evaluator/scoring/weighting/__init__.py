"""Elicitation of weights: what an agency states, turned into weights that sum to 1.

Stated: `points`, `swing`, `rank_order`, `ahp`, `best_worst`, `group_ahp` and
`group_best_worst` for many respondents, and `hierarchy` for trees. From data, for comparison only:
`entropy`, `critic`.
"""

from evaluator.scoring.findings import WeightingVariant
from evaluator.scoring.weighting.ahp import (
    AhpWeighting,
    Judgement,
    ahp,
    pairwise_from_judgements,
)
from evaluator.scoring.weighting.best_worst import BestWorstWeighting, best_worst
from evaluator.scoring.weighting.direct import points, rank_order, swing
from evaluator.scoring.weighting.group import GroupWeighting, group_ahp, group_best_worst
from evaluator.scoring.weighting.hierarchy import HierarchyWeighting, Tree, hierarchy
from evaluator.scoring.weighting.objective import critic, entropy
from evaluator.scoring.weighting.random_index import RANDOM_INDICES, RandomIndex
from evaluator.scoring.weighting.result import Weighting

__all__ = [
    "RANDOM_INDICES",
    "AhpWeighting",
    "BestWorstWeighting",
    "GroupWeighting",
    "HierarchyWeighting",
    "Judgement",
    "RandomIndex",
    "Tree",
    "Weighting",
    "WeightingVariant",
    "ahp",
    "best_worst",
    "critic",
    "entropy",
    "group_ahp",
    "group_best_worst",
    "hierarchy",
    "pairwise_from_judgements",
    "points",
    "rank_order",
    "swing",
]
