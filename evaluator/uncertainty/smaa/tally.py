"""Counts over draws from which every index of SMAA-2 follows.

All counts are integers, so their sum does not depend on the order or the grouping of the draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluator.uncertainty.smaa.blocks import Scores
from evaluator.uncertainty.smaa.placing import Placing, first_sizes, packages_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

WEIGHT_UNIT = 2.0**-34
"""Weights are summed in whole units of this, so that the sum is exact."""

MOST_DRAWS = 2**28
"""Beyond this the sums of weights would not fit 64 bits."""

LANES = 8
"""Bytes of a 64-bit integer; each counts up to 255, BLOCK / 8 is enough."""
_EVEN, _EACH = np.uint64(0x00FF00FF00FF00FF), np.uint64(0x0001000100010001)


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts over some draws of n packages.

    `places[g]` (n, n): draws in which a package is in a group of g tied ones (1: not tied) that
    begins at a place. `weights[g]` (n, m): sums of the weights, in WEIGHT_UNIT, of the draws in
    which the package is in a first group of g. `wins` (n, n): draws in which the row's package is
    strictly ahead of the column's. `designated` (n,): draws in which it is designated, `tied`
    (n,): in which it is tied for too few places.
    """

    draws: int
    places: Mapping[int, Ints]
    weights: Mapping[int, Ints] | None
    wins: Ints | None
    designated: Ints | None
    tied: Ints | None


def tally(placing: Placing, part: Scores, *, pairwise: bool) -> Tally:
    """Count at most BLOCK draws: their order, and what else the scores carry."""
    return Tally(
        draws=len(placing.cells),
        places=_places(placing),
        weights=None if part.weights is None else _first_weights(placing, part.weights),
        wins=_wins(placing) if pairwise else None,
        designated=_marked(part.designated),
        tied=_marked(part.tied),
    )


def add(one: Tally, other: Tally) -> Tally:
    """Return the counts over the draws of both.

    Raises ValueError if they are about different packages or criteria, or count different things.
    """
    if _form(one) != _form(other):
        raise ValueError(
            f"blocks of draws differ: {_form(one)} and {_form(other)}; give the same packages, "
            "criteria and kinds of counts in every block"
        )
    return Tally(
        draws=one.draws + other.draws,
        places=_add_each(one.places, other.places),
        weights=_add_each(one.weights, other.weights) if one.weights and other.weights else None,
        wins=_sum(one.wins, other.wins),
        designated=_sum(one.designated, other.designated),
        tied=_sum(one.tied, other.tied),
    )


def _marked(who: Bools | None) -> Ints | None:
    return None if who is None else np.count_nonzero(who, axis=0)


def _sum(one: Ints | None, other: Ints | None) -> Ints | None:
    return None if one is None or other is None else one + other


def _form(counts: Tally) -> str:
    criteria = counts.weights and next(iter(counts.weights.values())).shape[1]
    return (
        f"{len(counts.places[1])} packages, {criteria or 'no'} weights, "
        f"{'no ' if counts.designated is None else ''}designations"
    )


def _add_each(one: Mapping[int, Ints], other: Mapping[int, Ints]) -> dict[int, Ints]:
    common = {size: one[size] + other[size] for size in one.keys() & other.keys()}
    return {**one, **other, **common}


def _places(placing: Placing) -> dict[int, Ints]:
    n = placing.cells.shape[1]
    strict = np.delete(placing.cells, placing.tied, axis=0) if len(placing.tied) else placing.cells
    places = {1: _count(strict, n)}
    in_ties = placing.starts * n + packages_of(placing.cells[placing.tied])
    for size in np.unique(placing.sizes):
        counted = _count(in_ties[placing.sizes == size], n)
        places[int(size)] = counted + places[1] if size == 1 else counted
    return places


def _count(cells: Ints, n: int) -> Ints:
    return np.bincount(cells.ravel(), minlength=n * n).reshape(n, n).T


def _first_weights(placing: Placing, weights: Floats) -> dict[int, Ints]:
    n = placing.cells.shape[1]
    units = np.rint(weights / WEIGHT_UNIT)
    if not len(placing.tied):
        return {1: _sum_by(placing.cells[:, 0], units, n)}
    of_first = first_sizes(placing)
    sums: dict[int, Ints] = {}
    for size in np.unique(of_first):
        draws = np.flatnonzero(of_first == size)
        first = packages_of(placing.cells[draws])[:, :size]
        sums[int(size)] = _sum_by(first.ravel(), units[np.repeat(draws, size)], n)
    return sums


def _sum_by(groups: Ints, rows: Floats, n: int) -> Ints:
    """Return the sums (n, m) of the rows of each group; whole numbers, so floats add exactly."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    sums = np.zeros((n, rows.shape[1]), dtype=np.int64)
    sums[ordered[starts]] = np.add.reduceat(rows[order], starts, axis=0)
    return sums


def _wins(placing: Placing) -> Ints:
    by_package = _place_of_each(placing)
    strict, tied = by_package, by_package[:, placing.tied]
    if len(placing.tied):
        strict = np.delete(by_package, placing.tied, axis=1)
    ahead = _ahead(strict)
    behind = np.triu(strict.shape[1] - ahead, k=1)
    if tied.size:
        ahead += _ahead(tied)
        behind += _ahead(len(tied) - 1 - tied)
    wins: Ints = ahead + behind.T
    return wins


def _place_of_each(placing: Placing) -> NDArray[np.unsignedinteger]:
    """Return (n, b): the place of each package; of tied ones the first place of their group.

    Package and place are packed into one narrow integer and sorted as such, faster than places are
    scattered. The places are as narrow as can be: a comparison costs what it reads.
    """
    n = placing.cells.shape[1]
    small = n <= 2**8
    packed, narrow = np.dtype("u2" if small else "u4"), np.dtype("u1" if small else "u2")
    bits = 8 * narrow.itemsize
    places: NDArray[np.unsignedinteger] = np.tile(
        np.arange(n, dtype=packed), (len(placing.cells), 1)
    )
    if len(placing.tied):
        places[placing.tied] = placing.starts
    keys: NDArray[np.unsignedinteger] = packages_of(placing.cells).astype(packed)
    keys <<= bits
    np.bitwise_or(keys, places, out=keys)
    keys.sort(axis=1)
    keys &= 2**bits - 1
    return keys.T.astype(narrow, order="C")


def _ahead(places: NDArray[np.unsignedinteger]) -> Ints:
    """Return (n, n), above the diagonal: draws (n, b) in which the row's place is the smaller."""
    n, draws = len(places), len(places.T)
    if draws % LANES:
        places = np.pad(places, ((0, 0), (0, -draws % LANES)))  # no place is smaller than itself
    smaller = np.empty(places.shape, dtype=np.bool_)
    words = smaller.view(np.uint64)
    starts = np.arange(n) * (words.size // n)
    lanes = np.zeros((n, n), dtype=np.uint64)
    for apart in range(1, n if draws else 0):  # all pairs that are so many apart lie side by side
        np.less(places[:-apart], places[apart:], out=smaller[apart:])
        # Eight draws are added at once, one in each byte of a 64-bit integer.
        some, whole = starts[: n - apart], words[apart:].ravel()
        np.add.reduceat(whole, some, out=lanes[apart, apart:])
    counts = _sum_of_bytes(lanes)
    ahead = np.zeros((n, n), dtype=np.int64)
    for apart in range(1, n):
        ahead.ravel()[apart : n * (n - apart) : n + 1] = counts[apart, apart:]
    return ahead


def _sum_of_bytes(lanes: NDArray[np.uint64]) -> Ints:
    """Return the sum of the eight bytes of each integer: of neighbours, and then of all."""
    pairs = (lanes & _EVEN) + ((lanes >> np.uint64(8)) & _EVEN)
    sums: Ints = ((pairs * _EACH) >> np.uint64(48)).astype(np.int64)
    return sums
