"""In how many draws one package is ahead of another."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluator.uncertainty.smaa.placing import Placing, packages_of

Narrow = NDArray[np.unsignedinteger[Any]]
Counts = NDArray[np.int16]
Ends = NDArray[np.intp]

_LANES = 8
"""Bytes of a 64-bit integer; each counts up to 255, BLOCK / 8 is enough."""
_ROWS = 8
"""Packages compared with all that follow at once: fewer calls, and what they fill fits a cache."""
_CELLS = 2**20
"""Comparisons held at once."""
_EVEN, _EACH = np.uint64(0x00FF00FF00FF00FF), np.uint64(0x0001000100010001)


def net_wins(placing: Placing) -> Counts:
    """Return (n, n): draws in which the row's package is ahead of the column's, less the others.

    Packages are gone through in the order of the best place of each: who comes after the worst
    place of one is behind it in every draw and is not compared, so that the cost grows with the
    pairs whose order the draws of a block do not settle.
    """
    places = _place_of_each(placing)
    draws = places.shape[1]
    best, worst = places.min(axis=1), places.max(axis=1)
    order = np.argsort(best, kind="stable")
    places, ends = places[order], np.searchsorted(best[order], worst[order], side="right")
    # twice those ahead and those level, less all
    net = 2 * _count(np.less, places, ends)
    if len(placing.tied):
        net += _count(np.equal, places[:, placing.tied], ends)
    net -= draws
    columns = np.arange(len(places))
    net[columns >= ends[:, None]] = draws
    net[columns <= columns[:, None]] = 0
    net -= net.T
    back = np.argsort(order)
    wins: Counts = net.take(back, axis=0).take(back, axis=1)
    return wins


def _place_of_each(placing: Placing) -> Narrow:
    """Return (n, b): the place of each package; of tied ones the first place of their group.

    Package and place are packed into one narrow integer and sorted as such, faster than places are
    scattered. The places are as narrow as can be: a comparison costs what it reads.
    """
    n = placing.cells.shape[1]
    narrow = np.dtype("u1" if n <= 2**8 else "u2")
    bits = 8 * narrow.itemsize
    keys = packages_of(placing.cells).astype(np.uint32)  # 32 bits are sorted faster than 16
    keys <<= bits
    keys |= np.arange(n, dtype=np.uint32)
    if len(placing.tied):
        keys[placing.tied] &= np.uint32(2**32 - 2**bits)
        keys[placing.tied] |= placing.starts.astype(np.uint32)
    keys.sort(axis=1)
    return np.ascontiguousarray(keys.astype(narrow).T)


def _count(compare: np.ufunc, places: Narrow, ends: Ends) -> Counts:
    """Return (n, n), right of the diagonal and before the end of each row: draws (n, b) that hold.

    Elsewhere whatever there is.
    """
    n, draws = places.shape
    spare = -draws % _LANES
    if spare:
        places = np.pad(places, ((0, 0), (0, spare)))
    lanes = np.zeros((n, n), dtype=np.uint64)
    width = max(1, _CELLS // (_ROWS * places.shape[1]))
    held = np.empty((_ROWS, width, places.shape[1]), dtype=np.bool_)
    for row in range(0, n, _ROWS):
        rows = slice(row, row + _ROWS)
        last = int(ends[rows].max())
        for column in range(row, last, width):
            columns = slice(column, min(column + width, last))
            mine, others = places[rows, None], places[None, columns]
            part = held[: len(mine), : others.shape[1]]
            compare(mine, others, out=part)
            # Eight draws are added at once, one in each byte of a 64-bit integer.
            np.add.reduce(part.view(np.uint64), axis=2, out=lanes[rows, columns])
    counts = _sum_of_bytes(lanes).astype(np.int16)
    return counts - np.int16(spare) if compare is np.equal else counts


def _sum_of_bytes(lanes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the sum of the eight bytes of each integer: of neighbours, and then of all."""
    pairs = (lanes & _EVEN) + ((lanes >> np.uint64(8)) & _EVEN)
    sums: NDArray[np.uint64] = (pairs * _EACH) >> np.uint64(48)
    return sums
