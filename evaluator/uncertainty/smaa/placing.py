"""The order of packages in each draw, with ties by the decision's rule."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluator.decision.ties import TIE
from evaluator.uncertainty.smaa.memory import Scratch

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

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
    tied ones means nothing. They stand until their scratch is used again. `tied` (k,): the draws
    with a tie. For these, `starts` (k, n): the first place of the tied group that holds each place,
    `sizes` (k, n): the size of that group.
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


def place(scores: Floats, scale: float, array: Scratch) -> Placing:
    """Return the order of packages by their scores (b, n), higher is better, on a scale.

    Rounded scores and the numbers of the packages are packed into one 64-bit integer each and
    sorted as such, which is faster than sorting indices; neighbours whose integers are close are
    then compared without the numbers, and draws in which rounding might decide by the scores.

    Raises ValueError if a score is not finite or too large for the scale, naming draw and package.
    """
    draws, n = scores.shape
    step = grid(scale)
    if n > 2**INDEX_BITS:
        raise ValueError(f"{n} packages: at most {2**INDEX_BITS} can be ranked")
    cells: Ints = array("cells", (draws, n), np.int64)
    rows = max(1, STRIP // n)
    parts = []
    for begin in range(0, draws, rows):
        strip = scores[begin : begin + rows]
        keys = cells[begin : begin + rows]
        _sort_keys(strip, step, begin, keys)
        gaps = array("gaps", (keys.size - 1,), np.int64)
        parts.append(_ties(keys, strip, step, TIE * scale, begin, gaps))
        keys &= 2**INDEX_BITS - 1
        keys += np.arange(0, n * n, n)
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


def _sort_keys(scores: Floats, step: float, begin: int, keys: Ints) -> None:
    """Put into `keys` those of the scores, each draw's in order."""
    largest = LARGEST * step
    if not (scores.min() > -largest and scores.max() < largest):
        draw, package = np.argwhere(~(np.abs(scores) < largest))[0]
        raise ValueError(
            f"the score of package {package} in draw {begin + draw} of its block is not finite, or "
            "beyond 8 times the score scale: correct it, or state the scale of the method"
        )
    # The best come first, so scores are negated.
    np.subtract(_ROUNDING * step, scores, out=keys.view(np.float64))
    keys <<= INDEX_BITS
    keys |= np.arange(keys.shape[1], dtype=np.int64)
    keys.sort(axis=1)


def _ties(
    keys: Ints, scores: Floats, step: float, within: float, begin: int, gaps: Ints
) -> tuple[Ints, Ints, Ints]:
    """Return the tied draws, counted from `begin`, with the starts and sizes of their groups.

    Draws that rounding leaves open are put in the order of their scores in `keys`. `gaps` is room
    for the gap after each key but the last.
    """
    n = keys.shape[1]
    # Each score is rounded by half a step at most, so a gap by one at most.
    sure, none = int(within / step) - 1, int(within / step) + 2
    # From one draw to the next the gap is mostly negative: without a sign, a very large number.
    flat = keys.reshape(-1)
    unsigned = np.subtract(flat[1:], flat[:-1], out=gaps).view(np.uint64)
    if unsigned.min(initial=(none + 1) << INDEX_BITS) >= (none + 1) << INDEX_BITS:
        return np.zeros(0, dtype=np.int64), *np.zeros((2, 0, n), dtype=np.int64)
    steps = np.diff(keys >> INDEX_BITS, axis=1)
    joined = steps <= sure
    open_ = np.flatnonzero(((steps > sure) & (steps <= none)).any(axis=1))
    order = np.argsort(-scores[open_], axis=1, kind="stable")
    keys[open_] = order
    joined[open_] = -np.diff(np.take_along_axis(scores[open_], order, axis=1), axis=1) <= within
    rows = np.flatnonzero(joined.any(axis=1))
    apart = np.pad(~joined[rows], ((0, 0), (1, 1)), constant_values=True)
    places = np.arange(n, dtype=np.int64)
    starts = np.maximum.accumulate(np.where(apart[:, :-1], places, 0), axis=1)
    ends = np.where(apart[:, 1:], places, n)
    ends = np.flip(np.minimum.accumulate(np.flip(ends, axis=1), axis=1), axis=1)
    return rows + begin, starts, ends - starts + 1
