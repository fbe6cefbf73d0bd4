"""Agreement between agencies: whose rankings agree, who objects, on what, and what decides."""

from evaluator.agreement.concordance import (
    Concordance,
    RankCorrelation,
    kendall_tau_b,
    kendall_w,
    opposed_pairs,
    spearman,
)
from evaluator.agreement.decisive import Decisive, Membership, decisive_agencies
from evaluator.agreement.differences import (
    Drivers,
    ScoreDifference,
    WeightDirections,
    drivers_apart,
    same_direction,
    score_difference,
)
from evaluator.agreement.kemeny import Kemeny, disagreements_by_agency, kemeny
from evaluator.agreement.packages import (
    Dominance,
    ObjectionRule,
    Objections,
    Spread,
    dominance,
    objections,
    spread,
)
from evaluator.agreement.preferences import (
    PointsRanking,
    borda,
    copeland,
    majority_margins,
    pairwise_preferences,
)
from evaluator.agreement.ranks import rank_differences

__all__ = [
    "Concordance",
    "Decisive",
    "Dominance",
    "Drivers",
    "Kemeny",
    "Membership",
    "ObjectionRule",
    "Objections",
    "PointsRanking",
    "RankCorrelation",
    "ScoreDifference",
    "Spread",
    "WeightDirections",
    "borda",
    "copeland",
    "decisive_agencies",
    "disagreements_by_agency",
    "dominance",
    "drivers_apart",
    "kemeny",
    "kendall_tau_b",
    "kendall_w",
    "majority_margins",
    "objections",
    "opposed_pairs",
    "pairwise_preferences",
    "rank_differences",
    "same_direction",
    "score_difference",
    "spearman",
    "spread",
]
