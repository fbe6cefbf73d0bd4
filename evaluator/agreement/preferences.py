"""Rankings added up: pairwise preferences, Borda and Copeland."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evaluator.agreement.arrays import (
    DECIMALS,
    Floats,
    Ints,
    matrix,
    rounded,
    weights_of_agencies,
)
from evaluator.agreement.ranks import competition_ranks


@dataclass(frozen=True)
class PointsRanking:
    """A consensus by points: `points` (n,), `ranks` (n,) with 1 the best, and the variant."""

    points: Floats
    ranks: Ints
    variant: str


def pairwise_preferences(
    scores: ArrayLike, weights: ArrayLike | None = None, decimals: int = DECIMALS
) -> Floats:
    """Weight of the agencies that score package i above package j; a tie gives half to each.

    `scores` (k, n), `weights` (k,) of the agencies, 1 each unless given. Returns (n, n) with a
    zero diagonal; `[i, j] + [j, i]` is the sum of the weights. Raises ValueError.
    """
    array = rounded(matrix(scores, "scores"), decimals)
    weight = weights_of_agencies(weights, len(array), "weights")
    preferences = np.zeros((array.shape[1], array.shape[1]))
    for row, counts in zip(array, weight, strict=True):
        preferences += counts * (0.5 + 0.5 * np.sign(row[:, None] - row[None, :]))
    np.fill_diagonal(preferences, 0.0)
    return preferences


def majority_margins(preferences: Floats) -> Floats:
    """Weight by which package i beats package j: (n, n), antisymmetric, ties exactly 0.

    `preferences` (n, n) as from `pairwise_preferences`. A margin below 1e-9 of the total weight
    is a tie: the weights' sums carry rounding errors.
    """
    margins = preferences - preferences.T
    tied = np.abs(margins) < 1e-9 * (preferences + preferences.T)
    return np.where(tied, 0.0, margins)


def borda(
    scores: ArrayLike, weights: ArrayLike | None = None, decimals: int = DECIMALS
) -> PointsRanking:
    """Borda count: per agency, a package gets one point for each package it is placed above.

    `scores` (k, n), `weights` (k,); tied packages share their points equally (half a point for
    each package tied with). Raises ValueError. Borda 1781, translated in de Grazia, Isis 44 (1953).
    """
    points = pairwise_preferences(scores, weights, decimals).sum(axis=1)
    return PointsRanking(
        points, competition_ranks(points, decimals), "Borda count, n - 1 to 0 points, ties averaged"
    )


def copeland(
    scores: ArrayLike, weights: ArrayLike | None = None, decimals: int = DECIMALS
) -> PointsRanking:
    """Copeland: the number of packages beaten by a weighted majority, plus half of those tied with.

    `scores` (k, n), `weights` (k,). Same order as wins minus losses. Raises ValueError.
    Copeland 1951; Copeland^0.5 in Faliszewski et al., JAIR 35 (2009).
    """
    preferences = pairwise_preferences(scores, weights, decimals)
    wins = 0.5 + 0.5 * np.sign(majority_margins(preferences))
    np.fill_diagonal(wins, 0.0)
    points = wins.sum(axis=1)
    return PointsRanking(
        points, competition_ranks(points, decimals), "Copeland, majority wins + 1/2 per tie"
    )
