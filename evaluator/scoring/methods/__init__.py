"""Aggregation methods: values and weights to scores, one vector of weights or a batch of them.

Every method takes `(matrix (n, m), weights (m,) or (draws, m), directions (m,), *, ...)` and
returns a frozen result whose `.scores` are (n,) or (draws, n), higher is better, and whose
`.variant` names the method, its normalisation, its parameters and its source.
"""

from evaluator.scoring.findings import MethodVariant
from evaluator.scoring.methods.additive import waspas, weighted_product, weighted_sum
from evaluator.scoring.methods.distance import VikorResult, topsis, vikor
from evaluator.scoring.methods.electre_tri import ElectreTriResult, electre_tri
from evaluator.scoring.methods.normalization import Normalization
from evaluator.scoring.methods.preference import Preference
from evaluator.scoring.methods.problem import Scored
from evaluator.scoring.methods.promethee import PartialOrder, PrometheeResult, promethee

__all__ = [
    "ElectreTriResult",
    "MethodVariant",
    "Normalization",
    "PartialOrder",
    "Preference",
    "PrometheeResult",
    "Scored",
    "VikorResult",
    "electre_tri",
    "promethee",
    "topsis",
    "vikor",
    "waspas",
    "weighted_product",
    "weighted_sum",
]
