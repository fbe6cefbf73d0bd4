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
    number = number[fits].astype(np.int64)
    begin, sums = _trimmed(_chances(number, size))
    keep, other = _alias(sums)
    each = step[fits] / size
    return SumTables(keep, other, low[fits] + begin * each, each), fits


def _chances(number: Ints, size: int) -> Floats:
    """Return the chances (l, w) of the sums of s numbers drawn again from each row of (l, s)."""
    top = int(number.max(initial=0))
    width = 1 << (top * size).bit_length()
    chances = np.empty((len(number), width))
    for rows in _strips(len(number)):
        some = number[rows]
        one = np.zeros((len(some), top + 1))
        np.add.at(one, (np.arange(len(some))[:, None], some), 1 / size)
        sums = np.fft.irfft(np.fft.rfft(one, width, axis=1) ** size, width, axis=1)
        chances[rows] = np.where(sums > _NOISE, sums, 0.0)
    return chances


def _trimmed(chances: Floats) -> tuple[Ints, Floats]:
    """Return where the chances of each row (l, w) begin to count, and those from there on.

    As many columns as the widest row needs, a power of two. What counts is all but `_TAIL` at
    either end.
    """
    begin, widest = np.zeros(len(chances), dtype=np.int64), 1
    for rows in _strips(len(chances)):
        some = chances[rows]
        counts = np.cumsum(some, axis=1) > _TAIL
        counts &= np.cumsum(some[:, ::-1], axis=1)[:, ::-1] > _TAIL
        begin[rows] = counts.argmax(axis=1)
        widest = max(widest, int(counts.sum(axis=1).max()))
    taken = np.empty((len(chances), 1 << (widest - 1).bit_length()))
    for rows in _strips(len(chances)):
        at = begin[rows, None] + np.arange(taken.shape[1])
        inside = at < chances.shape[1]
        some = np.take_along_axis(chances[rows], np.where(inside, at, 0), axis=1)
        taken[rows] = np.where(inside, some, 0.0)
    return begin, taken


def _strips(rows: int) -> list[slice]:
    """Return the rows in strips that fit a cache."""
    return [slice(begin, begin + ROWS) for begin in range(0, rows, ROWS)]


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

    Light columns are filled up by heavy ones, each in the order of its number: a heavy one with
    more than one column left fills the next light one, else the next heavy one fills it.
    """
    rows, width = chances.shape
    mass = chances / chances.sum(axis=1, keepdims=True) * width
    light = mass <= 1
    # columns in two queues, light ones first, then heavy ones, and behind them one that is spare
    queue = np.argsort(~light, axis=1, kind="stable")
    lights = light.sum(axis=1)
    mass = np.pad(np.take_along_axis(mass, queue, axis=1), ((0, 0), (0, 1)), constant_values=1.0)
    begins = np.arange(0, mass.size, width + 1)
    at, heavy = np.zeros(rows, dtype=np.int64), lights.copy()
    left = np.where(heavy < width, mass.take(begins + heavy), 0.0)
    # by places in the queue: what of a column is its own, and which one fills it
    own, filler = np.ones_like(mass), np.tile(np.arange(width + 1), (rows, 1))
    for _ in range(width):
        fills = left > 1
        following = np.where(fills, at, heavy + 1)
        act = following < np.where(fills, lights, width)
        if not act.any():
            break
        following[~act] = width
        filled = begins + np.where(fills | ~act, following, heavy)
        taken = mass.take(begins + following)
        own.put(filled, np.where(fills, taken, left))
        filler.put(filled, np.where(fills, heavy, following))
        left += taken - 1
        at += fills & act
        heavy += ~fills & act
    keep, other = np.empty((rows, width)), np.empty((rows, width), dtype=np.int64)
    np.put_along_axis(keep, queue, own[:, :width], axis=1)
    np.put_along_axis(other, queue, np.take_along_axis(queue, filler[:, :width], axis=1), axis=1)
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
        cell = column + np.arange(0, column.shape[0] * width, width)[:, None]
        stays = words.astype(np.uint32) < tables.keep[part].take(cell)
        number = np.where(stays, column, tables.other[part].take(cell))
        means[part] = tables.low[part, None] + tables.step[part, None] * number
    return means
