"""Each agency's ranking, side by side."""

import numpy as np
from numpy.typing import ArrayLike

from evaluator.agreement.arrays import Floats, Ints, matrix
from evaluator.decision.ties import POINTS, competition_ranks


def mean_ranks(array: Floats) -> Floats:
    """Ranks of (k, n) along each row, the lowest first; tied entries share their mean place."""
    ordered = np.sort(array, axis=1)
    rows = list(zip(ordered, array, strict=True))
    first = np.array([np.searchsorted(order, row, side="left") for order, row in rows])
    after = np.array([np.searchsorted(order, row, side="right") for order, row in rows])
    ranks: Floats = (first + after + 1) / 2
    return ranks


def rank_differences(scores: ArrayLike, span: float = POINTS) -> Ints:
    """Rank with agency a minus rank with agency b, for every pair and package.

    `scores` (k, n) -> (k, k, n): `[a, b, p] < 0` where agency a places package p higher than
    agency b does. Raises ValueError.
    """
    ranks = competition_ranks(matrix(scores, "scores"), span)
    return ranks[:, None, :] - ranks[None, :, :]
