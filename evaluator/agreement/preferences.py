"""Rankings added up: pairwise preferences, Borda and Copeland."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evaluator.agreement.arrays import (
    Floats,
    Ints,
    levels,
    weights_of_agencies,
)
from evaluator.agreement.findings import BordaCount, CopelandCount
from evaluator.decision.ties import POINTS, TIE, competition_ranks
from evaluator.results.findings import Finding


@dataclass(frozen=True)
class PointsRanking:
    """A consensus by points: `points` (n,), `ranks` (n,) with 1 the best, and the variant."""

    points: Floats
    ranks: Ints
    variant: Finding


def pairwise_preferences(
    scores: ArrayLike, weights: ArrayLike | None = None, span: float = POINTS
) -> Floats:
    """Weight of the agencies that score package i above package j; a tie gives half to each.

    `scores` (k, n), `weights` (k,) of the agencies, 1 each unless given. Returns (n, n) with a
    zero diagonal; `[i, j] + [j, i]` is the sum of the weights. Raises ValueError.
    """
    array = levels(scores, span)
    weight = weights_of_agencies(weights, len(array), "weights")
    preferences = np.zeros((array.shape[1], array.shape[1]))
    for row, counts in zip(array, weight, strict=True):
        preferences += counts * (0.5 + 0.5 * np.sign(row[:, None] - row[None, :]))
    np.fill_diagonal(preferences, 0.0)
    return preferences


def majority_margins(preferences: Floats) -> Floats:
    """Weight by which package i beats package j: (n, n), antisymmetric, ties exactly 0.

    `preferences` (n, n) as from `pairwise_preferences`; their scale is the total weight.
    """
    margins = preferences - preferences.T
    tied = np.abs(margins) <= TIE * (preferences + preferences.T)
    return np.where(tied, 0.0, margins)


def borda(
    scores: ArrayLike, weights: ArrayLike | None = None, span: float = POINTS
) -> PointsRanking:
    """Borda count: per agency, a package gets one point for each package it is placed above.

    `scores` (k, n), `weights` (k,); tied packages share their points equally (half a point for
    each package tied with). Raises ValueError. Borda 1781, translated in de Grazia, Isis 44 (1953).
    """
    preferences = pairwise_preferences(scores, weights, span)
    points = preferences.sum(axis=1)
    most = float((preferences + preferences.T).sum(axis=1).max(initial=0.0))
    return PointsRanking(points, competition_ranks(points, most), BordaCount())


def copeland(
    scores: ArrayLike, weights: ArrayLike | None = None, span: float = POINTS
) -> PointsRanking:
    """Copeland: the number of packages beaten by a weighted majority, plus half of those tied with.

    `scores` (k, n), `weights` (k,). Same order as wins minus losses. Raises ValueError.
    Copeland 1951; Copeland^0.5 in Faliszewski et al., JAIR 35 (2009).
    """
    preferences = pairwise_preferences(scores, weights, span)
    wins = 0.5 + 0.5 * np.sign(majority_margins(preferences))
    np.fill_diagonal(wins, 0.0)
    points = wins.sum(axis=1)
    return PointsRanking(points, competition_ranks(points, len(points)), CopelandCount())
