"""In how many draws one package is ahead of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluator.uncertainty.smaa.memory import Scratch
from evaluator.uncertainty.smaa.placing import Placing

Narrow = NDArray[np.unsignedinteger[Any]]
Ints = NDArray[np.int64]
Counts = NDArray[np.int16]

MOST_DRAWS = 15 * 2**10
"""Draws counted at once: twice as many still fit 16 bits."""
_LANES = 8
"""Bytes of a 64-bit integer, in each of which draws are counted side by side."""
_FULL = 2**8 - 1
"""What a byte can count."""
_ROWS = 128
"""Draws turned at once: what fits a cache."""
_EVEN, _EACH = np.uint64(0x00FF00FF00FF00FF), np.uint64(0x0001000100010001)


@dataclass(frozen=True, eq=False)
class Places:
    """The place of each package (n, b), of tied ones the first of their group; the tied draws."""

    of_package: Narrow
    tied: Ints


def places_of(placing: Placing, array: Scratch) -> Places:
    """Return the place of each package in each draw.

    Package and place are packed into one narrow integer and sorted as such, faster than places are
    scattered. The places are as narrow as can be: a comparison costs what it reads.
    """
    draws, n = placing.cells.shape
    narrow = np.dtype("u1" if n <= 2**8 else "u2")
    bits = 8 * narrow.itemsize
    place = np.arange(n, dtype=np.uint32)
    keys = array("keys", (draws, n), np.uint32)  # 32 bits are sorted faster than 16
    np.copyto(keys, placing.cells, casting="unsafe")
    keys <<= bits
    keys += place - ((n * place) << bits)  # of n times the place plus the package, modulo 2^32
    if len(placing.tied):
        keys[placing.tied] &= np.uint32(2**32 - 2**bits)
        keys[placing.tied] |= placing.starts.astype(np.uint32)
    keys.sort(axis=1)
    of_package = np.empty((n, draws), dtype=narrow)
    for begin in range(0, draws, _ROWS):
        some = slice(begin, begin + _ROWS)
        of_package[:, some] = keys[some].T
    return Places(of_package, placing.tied)


def net_wins(parts: Sequence[Places], array: Scratch) -> Counts:
    """Return (n, n): draws in which the row's package is ahead of the column's, less the others.

    Packages are gone through in the order of the best place of each: who comes after the worst
    place of one is behind it in every draw and is not compared, so that the cost grows with the
    pairs whose order the draws do not settle. At most MOST_DRAWS draws.
    """
    draws = sum(part.of_package.shape[1] for part in parts)
    best = np.min([part.of_package.min(axis=1) for part in parts], axis=0)
    worst = np.max([part.of_package.max(axis=1) for part in parts], axis=0)
    order = np.argsort(best, kind="stable")
    columns = np.arange(len(order))
    reach = np.searchsorted(best[order], worst[order], side="right") - 1 - columns
    # twice those ahead and those level, less all
    net = 2 * _count(np.less, [part.of_package[order] for part in parts], reach, array)
    level = [part.of_package[np.ix_(order, part.tied)] for part in parts if len(part.tied)]
    if level:
        net += _count(np.equal, level, reach, array)
    net -= np.int16(draws)
    net[columns - columns[:, None] > reach[:, None]] = draws
    net[columns <= columns[:, None]] = 0
    net -= net.T
    back = np.argsort(order)
    wins: Counts = net.take(back, axis=0).take(back, axis=1)
    return wins


def _count(compare: np.ufunc, parts: Sequence[Narrow], reach: Ints, array: Scratch) -> Counts:
    """Return (n, n), right of the diagonal up to the reach of each row: draws (n, b) that hold.

    All packages are compared at once with those that are so many further on: a few long
    comparisons. Eight draws are then added at once, one in each byte of a 64-bit integer, and
    the integers of a row in pieces short enough for their bytes.
    """
    n, draws = len(reach), sum(part.shape[1] for part in parts)
    pieces = -(-draws // (_LANES * _FULL))
    width = -(-draws // (_LANES * pieces)) * pieces * _LANES
    places = array("places", (n, width), parts[0].dtype)
    np.concatenate(parts, axis=1, out=places[:, :draws])
    places[:, draws:] = 0
    held = array("held", (n, width), np.bool_)
    words = held.view(np.uint64).reshape(n, pieces, -1)
    counts = np.zeros((n, n), dtype=np.int16)
    flat = counts.ravel()
    for further in range(1, int(reach.max(initial=0)) + 1):
        rows = np.flatnonzero(reach >= further)
        begin, end = int(rows[0]), int(rows[-1]) + 1
        here = slice(begin, end)
        compare(places[here], places[begin + further : end + further], out=held[here])
        sums = _sum_of_bytes(np.einsum("ijk->ij", words[here])).sum(axis=1)
        flat[begin * (n + 1) + further :: n + 1][: end - begin] = sums
    return counts - np.int16(width - draws) if compare is np.equal else counts


def _sum_of_bytes(lanes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the sum of the eight bytes of each integer: of neighbours, and then of all."""
    pairs = (lanes & _EVEN) + ((lanes >> np.uint64(8)) & _EVEN)
    sums: NDArray[np.uint64] = (pairs * _EACH) >> np.uint64(48)
    return sums
