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

# Added to a number below 2^51, it leaves the nearest integer in the low bits of the sum.
_ROUNDING = 1.5 * 2.0**52


@dataclass(frozen=True, eq=False)
class Placing:
    """The order of n packages in b draws.

    `packages` (b, n): the package at each place, best first; the order among tied ones means
    nothing. `tied` (k,): the draws with a tie. For these, `starts` (k, n): the first place of the
    tied group that holds each place, `sizes` (k, n): the size of that group.
    """

    packages: Ints
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


def place(steps: Floats) -> Placing:
    """Return the order of packages by `steps` (b, n): scores in steps of the grid, negated.

    The array is used up. Rounded scores and the numbers of the packages are packed into one
    64-bit integer each and sorted as such, which is faster than sorting indices; neighbours whose
    integers are close are then compared without the numbers.

    Raises ValueError if a score is not finite or too large for the scale, naming draw and package.
    """
    _check(steps)
    steps += _ROUNDING
    keys = steps.view(np.int64)
    keys <<= INDEX_BITS
    keys |= np.arange(keys.shape[1], dtype=np.int64)
    keys.sort(axis=1)
    tied, starts, sizes = _ties(keys)
    keys &= 2**INDEX_BITS - 1
    return Placing(keys, tied, starts, sizes)


def first_sizes(placing: Placing) -> Ints:
    """Return how many packages share the first place in each draw, (b,)."""
    sizes = np.ones(len(placing.packages), dtype=np.int64)
    sizes[placing.tied] = placing.sizes[:, 0]
    return sizes


def _ties(keys: Ints) -> tuple[Ints, Ints, Ints]:
    # One step apart, two packed integers differ by less than two steps; some that do are not tied.
    close = keys[:, 1:] - keys[:, :-1] < 2 << INDEX_BITS
    rows = np.flatnonzero(close.any(axis=1)) if close.any() else np.zeros(0, dtype=np.int64)
    rounded = keys[rows] >> INDEX_BITS
    joined = np.diff(rounded, axis=1) <= 1
    rows, joined = rows[joined.any(axis=1)], joined[joined.any(axis=1)]
    first = np.column_stack([np.ones(len(rows), dtype=bool), ~joined])
    places = np.arange(keys.shape[1], dtype=np.int64)
    starts = np.maximum.accumulate(np.where(first, places, 0), axis=1)
    last = np.column_stack([~joined, np.ones(len(rows), dtype=bool)])
    ends = np.where(last, places, keys.shape[1])
    ends = np.flip(np.minimum.accumulate(np.flip(ends, axis=1), axis=1), axis=1)
    return rows, starts, ends - starts + 1


def _check(steps: Floats) -> None:
    packages = steps.shape[1]
    if packages > 2**INDEX_BITS:
        raise ValueError(f"{packages} packages: at most {2**INDEX_BITS} can be ranked")
    if -LARGEST < steps.min() and steps.max() < LARGEST:
        return
    draw, package = np.argwhere(~(np.abs(steps) < LARGEST))[0]
    raise ValueError(
        f"the score of package {package} in draw {draw} of its block is not finite, or beyond 8 "
        "times the score scale: correct it, or state the scale of the method"
    )
