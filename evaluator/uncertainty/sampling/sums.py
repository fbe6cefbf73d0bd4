"""Means of opinions drawn with replacement from large panels, each by one random number.

The values of a scale are mostly whole steps apart. Then the sum of s opinions is a number of steps,
whose distribution is the s-fold convolution of that of one, and is drawn by an alias table (Walker,
Electronics Letters 10(8), 1974; Vose, IEEE Transactions on Software Engineering 17(9), 1991): the
same bootstrap, without drawing s opinions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MOST_SUMS = 2**11
"""Sums of a panel that are tabled."""
_FINENESS = 1e-9
"""Of a step: how far a value may be from a whole number of steps."""
_WORD = 2.0**32
ROWS = 64
"""Panels drawn together: tables that fit a cache."""


@dataclass(frozen=True, eq=False)
class SumTables:
    """Alias tables of the sums of l panels, each of `width` columns: (l, width).

    A column is taken uniformly; it stands for itself with a chance of `keep` / 2^32, else for
    `other`. Sum number i of a panel is `low` + i `step`, as a mean.
    """

    keep: NDArray[np.uint32]
    other: NDArray[np.uint16]
    low: Floats
    step: Floats


def sum_tables(opinions: Floats) -> tuple[SumTables, Bools]:
    """Return tables for panels of s opinions (l, s), and which of them (l,) have one.

    The others have no common step, or too many sums.
    """
    size = opinions.shape[1]
    low = opinions.min(axis=1)
    above = opinions - low[:, None]
    step = _steps(above)
    number = np.rint(above / step[:, None])
    fits = (np.abs(above / step[:, None] - number) <= _FINENESS).all(axis=1)
    fits &= number.max(axis=1) * size < MOST_SUMS
    number, chosen = number[fits].astype(np.int64), np.flatnonzero(fits)
    top = int(number.max(initial=0))
    one = np.zeros((len(chosen), top + 1))
    np.add.at(one, (np.arange(len(chosen))[:, None], number), 1 / size)
    width = 1 << (top * size).bit_length()
    sums = np.fft.irfft(np.fft.rfft(one, width, axis=1) ** size, width, axis=1)
    begin, sums = _trimmed(np.where(sums > _NOISE, sums, 0.0))
    keep, other = _alias(sums)
    each = step[fits] / size
    return SumTables(keep, other, low[fits] + begin * each, each), fits


def _trimmed(chances: Floats) -> tuple[Ints, Floats]:
    """Return where the chances of each row (l, w) begin to count, and those from there on.

    As many columns as the widest row needs, a power of two. What counts is all but `_TAIL` at
    either end.
    """
    if not len(chances):
        return np.zeros(0, dtype=np.int64), chances
    counts = (np.cumsum(chances, axis=1) > _TAIL) & (
        np.cumsum(chances[:, ::-1], axis=1)[:, ::-1] > _TAIL
    )
    begin = counts.argmax(axis=1)
    widest = int(counts.sum(axis=1).max())
    at = begin[:, None] + np.arange(1 << (widest - 1).bit_length())
    inside = at < chances.shape[1]
    taken = np.take_along_axis(chances, np.where(inside, at, 0), axis=1)
    return begin.astype(np.int64), np.where(inside, taken, 0.0)


_NOISE, _TAIL = 1e-15, 1e-13
"""Chances below which a transform leaves rounding alone, and those that no sample shows."""


def _steps(above: Floats) -> Floats:
    """Return the greatest common step of the numbers of each row (l, s), by Euclid's algorithm."""
    step = above.max(axis=1)
    for column in above.T:
        rest = column.copy()
        for _ in range(_EUCLID):
            whole = np.rint(np.divide(step, rest, out=np.zeros_like(step), where=rest > _SMALL))
            step, rest = (
                np.where(rest > _SMALL, rest, step),
                np.where(rest > _SMALL, np.abs(step - whole * rest), 0.0),
            )
            if not (rest > _SMALL).any():
                break
    found: Floats = np.maximum(step, _SMALL)
    return found


_EUCLID, _SMALL = 40, 1e-7
"""Rounds of the algorithm; points that are none."""


def _alias(chances: Floats) -> tuple[NDArray[np.uint32], NDArray[np.uint16]]:
    """Return the alias tables of distributions (l, width), built side by side by sweeping.

    Light columns are filled up by heavy ones, each in the order of its number.
    """
    rows, width = chances.shape
    mass = chances / chances.sum(axis=1, keepdims=True) * width
    every = np.arange(rows)
    light = mass <= 1
    # columns in two queues: light ones first, then heavy ones
    queue = np.argsort(~light, axis=1, kind="stable")
    count = light.sum(axis=1)
    keep, other = np.full((rows, width), 1.0), np.tile(np.arange(width), (rows, 1))
    at, heavy = np.zeros(rows, dtype=np.int64), count.copy()
    now = queue[every, np.minimum(heavy, width - 1)]
    left = np.where(heavy < width, mass[every, now], 0.0)
    for _ in range(width):
        some = heavy < width
        fill = some & (left > 1) & (at < count)  # a light column is filled by the heavy one
        small = queue[every, np.minimum(at, width - 1)]
        following = np.minimum(heavy + 1, width - 1)
        turn = some & (left <= 1) & (heavy + 1 < width)  # the heavy one is light by now
        nxt = queue[every, following]
        target = np.where(fill, small, now)
        share = np.where(fill, mass[every, small], left)
        by = np.where(fill, now, nxt)
        act = fill | turn
        keep[every[act], target[act]] = share[act]
        other[every[act], target[act]] = by[act]
        if not act.any():
            break
        left = left + np.where(act, mass[every, np.where(fill, small, nxt)] - 1, 0.0)
        at += fill
        heavy += turn
        now = np.where(turn, nxt, now)
    words = np.minimum(np.rint(np.clip(keep, 0, 1) * _WORD), _WORD - 1).astype(np.uint32)
    return words, other.astype(np.uint16)


def draw_means(generator: np.random.Generator, tables: SumTables, draws: int) -> Floats:
    """Return means (l, draws), one random number each."""
    panels, width = tables.keep.shape
    means = np.empty((panels, draws))
    bits = width.bit_length() - 1
    for begin in range(0, panels, ROWS):
        part = slice(begin, begin + ROWS)
        words = generator.integers(0, 2**64, (len(tables.low[part]), draws), dtype=np.uint64)
        column = (words >> np.uint64(64 - bits)).astype(np.int64)
        column += np.arange(0, column.shape[0] * width, width)[:, None]
        stays = words.astype(np.uint32) < tables.keep[part].ravel()[column]
        number = np.where(stays, column & (width - 1), tables.other[part].ravel()[column])
        means[part] = tables.low[part, None] + tables.step[part, None] * number
    return means
