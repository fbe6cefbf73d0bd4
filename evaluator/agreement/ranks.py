"""Each agency's ranking, side by side."""

import numpy as np
from numpy.typing import ArrayLike

from evaluator.agreement.arrays import DECIMALS, Floats, Ints, matrix, rounded


def competition_ranks(scores: ArrayLike, decimals: int = DECIMALS) -> Ints:
    """Ranks 1, 2, 2, 4 along the last axis; the highest score has rank 1.

    `scores` (..., n), any unit. Two scores are tied when they are equal after rounding to
    `decimals`. Returns whole numbers of the same shape. Raises ValueError for an empty array or
    a cell that is not finite. 'Standard competition ranking': 1 + the number of better scores.
    """
    array = np.asarray(scores, dtype=np.float64)
    if array.ndim == 0 or array.size == 0:
        raise ValueError(f"scores has shape {array.shape}; give at least one score in a list")
    matrix(array.reshape(-1, array.shape[-1]), "scores")
    rows = rounded(array, decimals).reshape(-1, array.shape[-1])
    ranks = [row.size + 1 - np.searchsorted(np.sort(row), row, side="right") for row in rows]
    return np.array(ranks, dtype=np.int64).reshape(array.shape)


def mean_ranks(array: Floats) -> Floats:
    """Ranks of (k, n) along each row, the lowest first; tied entries share their mean place."""
    ordered = np.sort(array, axis=1)
    rows = list(zip(ordered, array, strict=True))
    first = np.array([np.searchsorted(order, row, side="left") for order, row in rows])
    after = np.array([np.searchsorted(order, row, side="right") for order, row in rows])
    ranks: Floats = (first + after + 1) / 2
    return ranks


def rank_differences(scores: ArrayLike, decimals: int = DECIMALS) -> Ints:
    """Rank with agency a minus rank with agency b, for every pair and package.

    `scores` (k, n) -> (k, k, n): `[a, b, p] < 0` where agency a places package p higher than
    agency b does. Raises ValueError as `competition_ranks`.
    """
    ranks = competition_ranks(matrix(scores, "scores"), decimals)
    return ranks[:, None, :] - ranks[None, :, :]
