"""What every elicitation method returns: the weights, and what exactly made them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluator.scoring.findings import Doubt, WeightingVariant

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, kw_only=True)
class Weighting:
    """Weights (m,), read-only and summing to 1, with their variant and what to warn of."""

    weights: Floats
    variant: WeightingVariant
    warnings: tuple[Doubt, ...] = ()
    """Of criteria by their names, or else by their positions from 0."""


def to_weights(importance: Floats) -> Floats:
    """Return non-negative importances (m,) as read-only weights (m,) that sum to 1."""
    weights: Floats = importance / importance.sum()
    weights.setflags(write=False)
    return weights
