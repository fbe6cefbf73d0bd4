"""What is tied, and what meets a floor: the only tolerance and the only comparison of scores.

On a method's scale taken as a span of 1, neighbours in the order are linked where they are within
`TIE` of each other, so that ties are transitive: with a, b and c a step apart, all three are tied.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

TIE = 1e-10
"""Of the span of a scale. Rounding in sums of products is below 1e-14 of it, a difference that
means something far above it."""
POINTS = 100.0
"""The span of values, agency scores and overall scores: 0 to 100 points."""


def levelled(scores: Floats, span: float = POINTS) -> Floats:
    """Return scores (..., n) in which those that are tied are equal, so that `==`, `<`, `>` decide.

    Each becomes the highest of those that it is linked with. Where nothing is tied but what is
    equal, the scores themselves are returned.
    """
    rows = scores.reshape(math.prod(scores.shape[:-1]), scores.shape[-1])
    gaps = np.diff(np.sort(rows, axis=1), axis=1)
    linked = ((gaps > 0) & (gaps <= TIE * span)).any(axis=1)
    if not linked.any():
        return scores
    levels = rows.copy()
    levels[linked] = _linked(rows[linked], TIE * span)
    return levels.reshape(scores.shape)


def competition_ranks(scores: Floats, span: float = POINTS) -> Ints:
    """Return ranks (..., n) along the last axis: 1, 2, 2, 4, the highest score first.

    'Standard competition ranking': 1 + the number of better scores.
    """
    order = np.argsort(-scores, axis=-1, kind="stable")
    gaps = -np.diff(np.take_along_axis(scores, order, axis=-1), axis=-1)
    places = np.zeros(scores.shape, dtype=np.int64)
    places[..., 1:] = np.where(gaps > TIE * span, np.arange(1, scores.shape[-1]), 0)
    ranks = np.empty_like(places)
    np.put_along_axis(ranks, order, 1 + np.maximum.accumulate(places, axis=-1), axis=-1)
    return ranks


def meets(scores: float | Floats, floor: float | Floats, span: float = POINTS) -> Bools:
    """Return which scores (...) meet a floor, up to the tolerance of a tie."""
    return np.asarray(scores) >= floor - TIE * span


def tied(one: float | Floats, other: float | Floats, span: float = POINTS) -> Bools:
    """Return where two numbers of one scale are tied, with no third between them."""
    return np.asarray(np.abs(one - other) <= TIE * span)


def _linked(rows: Floats, within: float) -> Floats:
    order = np.argsort(rows, axis=1)
    ordered = np.take_along_axis(rows, order, axis=1)
    last = np.pad(np.diff(ordered, axis=1) > within, ((0, 0), (0, 1)), constant_values=True)
    n = rows.shape[1]
    ends = np.where(last, np.arange(n), n - 1)
    highest = np.flip(np.minimum.accumulate(np.flip(ends, axis=1), axis=1), axis=1)
    levels = np.empty_like(rows)
    np.put_along_axis(levels, order, np.take_along_axis(ordered, highest, axis=1), axis=1)
    return levels
