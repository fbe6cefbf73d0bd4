"""What every elicitation method returns: the weights, and what exactly made them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Variant:
    """Which form of a method was used: its name, its parameters and its source.

    >>> print(Variant("rank_order", (("kind", "centroid"),), "Barron 1992"))
    rank_order (kind = centroid; Barron 1992)
    """

    method: str
    parameters: tuple[tuple[str, str | float], ...]
    source: str

    def __str__(self) -> str:
        facts = ", ".join(f"{name} = {value}" for name, value in self.parameters)
        return f"{self.method} ({facts}; {self.source})"


@dataclass(frozen=True, eq=False, kw_only=True)
class Weighting:
    """Weights (m,), read-only and summing to 1, with their variant and what to warn of."""

    weights: Floats
    variant: Variant
    warnings: tuple[str, ...] = ()


def to_weights(importance: Floats) -> Floats:
    """Return non-negative importances (m,) as read-only weights (m,) that sum to 1."""
    weights: Floats = importance / importance.sum()
    weights.setflags(write=False)
    return weights
