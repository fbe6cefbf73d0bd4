"""The order of packages in each draw, with ties found by an exact rule."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TIE_RULE = (
    "scores are rounded to a grid of 2^-43 of the score scale (1.5e-11 points on 0..100); in one "
    "draw, neighbours in the order that are at most one step of the grid apart are tied, and tied "
    "packages share their ranks equally"
)

GRID_BITS = 43
INDEX_BITS = 16
LARGEST = 2.0**46
"""Scores are below this many steps of the grid: with the index they fit 64 bits."""

STRIP = 2**16
"""Scores handled at a time: what fits a cache."""

# A score, in steps of the grid, taken from it leaves the nearest integer in the low bits.
_ROUNDING = 1.5 * 2.0**52


@dataclass(frozen=True, eq=False)
class Placing:
    """The order of n packages in b draws.

    `cells` (b, n): n times the place plus the package that is there, best first; the order among
    tied ones means nothing. `tied` (k,): the draws with a tie. For these, `starts` (k, n): the
    first place of the tied group that holds each place, `sizes` (k, n): the size of that group.
    """

    cells: Ints
    tied: Ints
    starts: Ints
    sizes: Ints


def grid(scale: float) -> float:
    """Return the step of the grid for scores of this scale: a power of two, so scaling is exact.

    Raises ValueError if the scale is not a positive number.
    """
    if not (scale > 0 and math.isfinite(scale)):
        raise ValueError(f"score scale {scale:g}: a number above 0 is needed, 100 for values")
    return 2.0 ** (math.ceil(math.log2(scale)) - GRID_BITS)


def place(scores: Floats, step: float) -> Placing:
    """Return the order of packages by their scores (b, n), higher is better, on a grid of `step`.

    Rounded scores and the numbers of the packages are packed into one 64-bit integer each and
    sorted as such, which is faster than sorting indices; neighbours whose integers are close are
    then compared without the numbers.

    Raises ValueError if a score is not finite or too large for the scale, naming draw and package.
    """
    draws, n = scores.shape
    if n > 2**INDEX_BITS:
        raise ValueError(f"{n} packages: at most {2**INDEX_BITS} can be ranked")
    cells = np.empty((draws, n), dtype=np.int64)
    rows = max(1, STRIP // n)
    parts = []
    for begin in range(0, draws, rows):
        keys = _sorted_keys(scores[begin : begin + rows], step, begin)
        parts.append(_ties(keys, begin))
        keys &= 2**INDEX_BITS - 1
        np.add(keys, np.arange(0, n * n, n), out=cells[begin : begin + rows])
    tied, starts, sizes = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Placing(cells, tied, starts, sizes)


def packages_of(cells: Ints) -> Ints:
    """Return the package in each cell, (b, n)."""
    n = cells.shape[1]
    return cells - np.arange(0, n * n, n)


def first_sizes(placing: Placing) -> Ints:
    """Return how many packages share the first place in each draw, (b,)."""
    sizes = np.ones(len(placing.cells), dtype=np.int64)
    sizes[placing.tied] = placing.sizes[:, 0]
    return sizes


def _sorted_keys(scores: Floats, step: float, begin: int) -> Ints:
    largest = LARGEST * step
    if not (scores.min() > -largest and scores.max() < largest):
        draw, package = np.argwhere(~(np.abs(scores) < largest))[0]
        raise ValueError(
            f"the score of package {package} in draw {begin + draw} of its block is not finite, or "
            "beyond 8 times the score scale: correct it, or state the scale of the method"
        )
    # The best come first, so scores are negated.
    keys = (_ROUNDING * step - scores).view(np.int64)
    keys <<= INDEX_BITS
    keys |= np.arange(keys.shape[1], dtype=np.int64)
    keys.sort(axis=1)
    return keys


def _ties(keys: Ints, begin: int) -> tuple[Ints, Ints, Ints]:
    """Return the tied draws, counted from `begin`, with the starts and sizes of their groups."""
    n = keys.shape[1]
    # One step apart, two packed integers differ by less than two steps; some that do are not tied.
    # From one draw to the next the gap is mostly negative: without a sign, a very large number.
    gaps = np.diff(keys.ravel()).view(np.uint64)
    if gaps.min(initial=2 << INDEX_BITS) >= 2 << INDEX_BITS:
        return np.zeros(0, dtype=np.int64), *np.zeros((2, 0, n), dtype=np.int64)
    joined = np.diff(keys >> INDEX_BITS, axis=1) <= 1
    rows = np.flatnonzero(joined.any(axis=1))
    apart = np.pad(~joined[rows], ((0, 0), (1, 1)), constant_values=True)
    places = np.arange(n, dtype=np.int64)
    starts = np.maximum.accumulate(np.where(apart[:, :-1], places, 0), axis=1)
    ends = np.where(apart[:, 1:], places, n)
    ends = np.flip(np.minimum.accumulate(np.flip(ends, axis=1), axis=1), axis=1)
    return rows + begin, starts, ends - starts + 1
