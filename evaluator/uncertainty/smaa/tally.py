"""Counts over draws from which every index of SMAA-2 follows.

All counts are integers, so their sum does not depend on the order or the grouping of the draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluator.uncertainty.smaa.blocks import Scores
from evaluator.uncertainty.smaa.placing import Placing, first_sizes, packages_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Counts = NDArray[np.integer[Any]]
Bools = NDArray[np.bool_]

WEIGHT_UNIT = 2.0**-34
"""Weights are summed in whole units of this, so that the sum is exact."""

MOST_DRAWS = 2**28
"""Beyond this the sums of weights would not fit 64 bits."""


@dataclass(frozen=True, eq=False)
class Groups:
    """How often a package is in a group of tied ones: `counts` (k,) of `codes` (k,), ascending.

    A code is (size n + first place) n + package; only what occurs is there.
    """

    codes: Ints
    counts: Ints


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts over some draws of n packages.

    `places` (n, n): draws in which a package is at a place, tied with none; `groups`: those in
    which it is tied. `weights[g]` (n, m): sums of the weights, in WEIGHT_UNIT, of the draws in
    which the package is in a first group of g. `net` (n, n): draws in which the row's package is
    ahead of the column's, less those in which it is behind. `designated` (n,): draws in which it is
    designated, `tied` (n,): in which it is tied for too few places. Matrices of a block are of 16
    bits, their sums of 32.
    """

    draws: int
    places: Counts
    groups: Groups
    weights: Mapping[int, Ints] | None
    net: Counts | None
    designated: Ints | None
    tied: Ints | None


def tally(placing: Placing, part: Scores) -> Tally:
    """Count at most BLOCK draws: their order but for the pairs, and what else the scores carry."""
    places, groups = _places(placing)
    return Tally(
        draws=len(placing.cells),
        places=places,
        groups=groups,
        weights=None if part.weights is None else _first_weights(placing, part.weights),
        net=None,
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
        places=np.add(one.places, other.places, dtype=np.int32),
        groups=_merged(one.groups, other.groups),
        weights=_add_each(one.weights, other.weights) if one.weights and other.weights else None,
        net=None
        if one.net is None or other.net is None
        else np.add(one.net, other.net, dtype=np.int32),
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
        f"{len(counts.places)} packages, {criteria or 'no'} weights, "
        f"{'no ' if counts.designated is None else ''}designations"
    )


def _add_each(one: Mapping[int, Ints], other: Mapping[int, Ints]) -> dict[int, Ints]:
    common = {size: one[size] + other[size] for size in one.keys() & other.keys()}
    return {**one, **other, **common}


def _merged(one: Groups, other: Groups) -> Groups:
    if not len(one.codes) or not len(other.codes):
        return one if len(one.codes) else other
    codes = np.concatenate([one.codes, other.codes])
    counts = np.concatenate([one.counts, other.counts])
    order = np.argsort(codes, kind="stable")
    codes, counts = codes[order], counts[order]
    begins = np.flatnonzero(np.diff(codes, prepend=-1))
    return Groups(codes[begins], np.add.reduceat(counts, begins))


def _places(placing: Placing) -> tuple[Counts, Groups]:
    n = placing.cells.shape[1]
    alone, tied = placing.cells, placing.tied
    if not len(tied):
        return _count(alone.ravel(), n), Groups(*np.zeros((2, 0), dtype=np.int64))
    in_ties = placing.starts * n + packages_of(alone[tied])
    single = placing.sizes == 1
    cells = np.concatenate([np.delete(alone, tied, axis=0).ravel(), in_ties[single]])
    codes = placing.sizes[~single] * (n * n) + in_ties[~single]
    return _count(cells, n), Groups(*np.unique(codes, return_counts=True))


def _count(cells: Ints, n: int) -> Counts:
    return np.bincount(cells, minlength=n * n).reshape(n, n).T.astype(np.int16)


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
    order = np.argsort(groups.astype(np.uint16), kind="stable")  # so narrow, it takes one pass
    ordered = groups[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    sums = np.zeros((n, rows.shape[1]), dtype=np.int64)
    sums[ordered[starts]] = np.add.reduceat(rows[order], starts, axis=0)
    return sums
