"""Weights stated by judgement of each criterion alone: points, swing, rank order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.scoring.findings import WeightingVariant
from evaluator.scoring.weighting.checks import equal_up_to_rounding, finite_vector, refuse
from evaluator.scoring.weighting.result import Floats, Weighting, to_weights

Integers = NDArray[np.signedinteger[Any]]
RankOrderKind = Literal["centroid", "sum", "reciprocal"]

_RANK_ORDER_SOURCES: dict[RankOrderKind, str] = {
    "centroid": "Barron 1992; Edwards & Barron 1994 (SMARTER)",
    "sum": "Stillwell, Seaver & Edwards 1981",
    "reciprocal": "Stillwell, Seaver & Edwards 1981",
}


def points(
    values: ArrayLike, out_of: float = 100.0, *, names: Sequence[str] | None = None
) -> Weighting:
    """Return weights from points (m,) that were divided among the criteria.

    The points must add up to `out_of` (100, or 1 where shares are stated): a sum that misses it
    is a fault in the statement, and is never scaled away.

    Raises:
        ValueError: negative points, or a sum other than `out_of`; the message shows the sum.

    Source: point allocation, von Winterfeldt & Edwards 1986.
    """
    allocated = finite_vector(values, "Direct points", names)
    if not (math.isfinite(out_of) and out_of > 0):
        raise ValueError(f"Direct points: the total must be positive, got out_of={out_of:g}.")
    refuse(allocated, allocated < 0, "Direct points", "points are 0 or more", names)
    if not equal_up_to_rounding(allocated, out_of):
        raise ValueError(
            f"Direct points: they sum to {math.fsum(allocated):.12g}, not to {out_of:g}; "
            "state points that sum to the total (weights are never rescaled in silence)."
        )
    return Weighting(
        weights=to_weights(allocated),
        variant=WeightingVariant(
            "points", (("out_of", float(out_of)),), "von Winterfeldt & Edwards 1986"
        ),
    )


def swing(values: ArrayLike, *, names: Sequence[str] | None = None) -> Weighting:
    """Return weights from swings (m,): value / sum of values, which is the method.

    The criterion whose swing from worst to best matters most is 100, the others are judged
    against it, 0..100. Several may be 100.

    Raises:
        ValueError: a swing outside 0..100, or none that is 100.

    Source: von Winterfeldt & Edwards 1986.
    """
    swings = finite_vector(values, "Swings", names)
    refuse(swings, (swings < 0) | (swings > 100), "Swings", "a swing lies in 0..100", names)
    if swings.max() != 100:
        raise ValueError(
            f"Swings: the largest is {swings.max():g}; the most important swing must be 100 "
            "and the others be judged against it."
        )
    return Weighting(
        weights=to_weights(swings),
        variant=WeightingVariant("swing", (("largest", 100.0),), "von Winterfeldt & Edwards 1986"),
    )


def rank_order(
    ranks: ArrayLike, kind: RankOrderKind = "centroid", *, names: Sequence[str] | None = None
) -> Weighting:
    """Return weights from ranks (m,) of importance, 1 the most important.

    With m criteria, place k has the weight `centroid`: (1/k + ... + 1/m) / m, `sum`:
    2 (m + 1 - k) / (m (m + 1)), or `reciprocal`: (1/k) / (1/1 + ... + 1/m).
    Tied criteria share the mean weight of the places that they take up. A tie is written as a
    competition rank (1, 2, 2, 4) or as a mid-rank (1, 2.5, 2.5, 4).

    Raises:
        ValueError: an unknown kind, or a gap; the message names the rank that is missing.

    Source: Barron 1992, Edwards & Barron 1994 (centroid); Stillwell, Seaver & Edwards 1981.
    """
    if kind not in get_args(RankOrderKind):
        raise ValueError(
            f"Rank order: unknown kind {kind!r}; use one of {get_args(RankOrderKind)}."
        )
    given = finite_vector(ranks, "Ranks", names)
    levels, level_of, sizes = np.unique(given, return_inverse=True, return_counts=True)
    before = np.cumsum(sizes) - sizes
    _refuse_gaps(levels, before, sizes)
    cumulative = np.concatenate(([0.0], np.cumsum(_place_weights(kind, given.size))))
    shared = (cumulative[before + sizes] - cumulative[before]) / sizes
    return Weighting(
        weights=to_weights(shared[level_of]),
        variant=WeightingVariant(
            "rank_order",
            (("kind", kind), ("ties", "mean_of_tied_places")),
            _RANK_ORDER_SOURCES[kind],
        ),
    )


def _place_weights(kind: RankOrderKind, m: int) -> Floats:
    place = np.arange(1.0, m + 1.0)
    if kind == "centroid":
        return np.cumsum(1.0 / place[::-1])[::-1] / m
    if kind == "sum":
        return 2.0 * (m + 1.0 - place) / (m * (m + 1.0))
    return (1.0 / place) / np.sum(1.0 / place)


def _refuse_gaps(levels: Floats, before: Integers, sizes: Integers) -> None:
    mid = before + (sizes + 1.0) / 2.0
    gaps = np.flatnonzero((levels != before + 1.0) & (levels != mid))
    if gaps.size:
        k = gaps[0]
        raise ValueError(
            f"Ranks: rank {before[k] + 1} is missing; {before[k]} criteria come before, yet the "
            f"next rank given is {levels[k]:g}. Ranks run 1..{int(sizes.sum())}, and tied criteria "
            "take up as many places as they are (1, 2, 2, 4)."
        )
