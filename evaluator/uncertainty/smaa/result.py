"""The indices of SMAA-2 and how sure they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from evaluator.uncertainty.smaa.tally import WEIGHT_UNIT, Groups, Tally

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Counts = NDArray[np.integer[Any]]
Bools = NDArray[np.bool_]
Masked: TypeAlias = "np.ma.MaskedArray[Any, np.dtype[np.float64]]"

INTERVAL = (0.05, 0.95)
"""Quantiles of the rank interval."""


@dataclass(frozen=True, eq=False)
class Acceptability:
    """The indices of SMAA-2 over some draws of n packages and m criteria.

    Rows are packages. `rank_acceptability` (n, n): share of draws at rank 1, 2, ...
    `pairwise_winning` (n, n): share of draws in which the row's package is ahead of the column's,
    half of the draws in which they tie; 0.5 on the diagonal. `central_weights` (n, m): the mean of
    the weights that put the package first, masked where none did (`ever_first` (n,)).
    `confidence` (n,): share of draws of the values in which the package is first at its central
    weights. `expected_rank` (n,). `rank_interval` (n, 2): the ranks at 5 and 95 % of the draws.
    `designated_share` (n,). `tied_share` (n,): of draws in which it is tied for too few places.
    Fields that end in `_error` are Monte Carlo standard errors; with ties
    they are upper bounds; where a share is 0 or 1 they are 0, and 3 / draws bounds what was
    missed. None: not asked for.
    """

    draws: int
    rank_acceptability: Floats
    expected_rank: Floats
    expected_rank_error: Floats
    rank_interval: Ints
    ever_first: Bools
    pairwise_winning: Floats | None = None
    central_weights: Masked | None = None
    confidence: Masked | None = None
    designated_share: Floats | None = None
    designated_share_error: Floats | None = None
    tied_share: Floats | None = None

    @property
    def rank_acceptability_error(self) -> Floats:
        """Of each share of a rank, (n, n)."""
        return _share_error(self.rank_acceptability, self.draws)


def indices(tally: Tally) -> Acceptability:
    """Return the indices that follow from the counts; the confidence factors do not."""
    draws = tally.draws
    acceptability = _rank_acceptability(tally)
    ranks = np.arange(1, len(acceptability) + 1)
    expected = acceptability @ ranks
    spread = np.maximum(acceptability @ ranks**2 - expected**2, 0)
    pairwise = None if tally.net is None else _pairwise(tally.net, draws)
    share = None if tally.designated is None else tally.designated / draws
    first = acceptability[:, 0] > 0
    return Acceptability(
        draws=draws,
        rank_acceptability=acceptability,
        expected_rank=expected,
        expected_rank_error=np.sqrt(spread / draws),
        rank_interval=_interval(acceptability),
        ever_first=first,
        pairwise_winning=pairwise,
        central_weights=_central_weights(tally, first),
        designated_share=share,
        designated_share_error=None if share is None else _share_error(share, draws),
        tied_share=None if tally.tied is None else tally.tied / draws,
    )


def _rank_acceptability(tally: Tally) -> Floats:
    n = len(tally.places)
    shares = tally.places.astype(np.float64)
    sizes, starts, packages = _unpacked(tally.groups, n)
    for size in np.unique(sizes):
        some = sizes == size
        rows, at = np.unique(packages[some], return_inverse=True)
        begun = np.zeros((len(rows), n), dtype=np.int64)
        begun[at, starts[some]] = tally.groups.counts[some]
        begun.cumsum(axis=1, out=begun)
        # A group that begins at place s covers s .. s + size - 1: each place gets 1 / size.
        covering = begun.copy()
        covering[:, size:] -= begun[:, :-size] if size < n else 0
        shares[rows] += covering / size
    shares /= tally.draws
    return shares


def _unpacked(groups: Groups, n: int) -> tuple[Ints, Ints, Ints]:
    """Return of each code the size of the group, its first place and the package, (k,) each."""
    cells, packages = np.divmod(groups.codes, n)
    sizes, starts = np.divmod(cells, n)
    return sizes, starts, packages


def _pairwise(net: Counts, draws: int) -> Floats:
    return (draws + net.astype(np.float64)) / (2 * draws)


def _share_error(share: Floats, draws: int) -> Floats:
    inside = np.clip(share, 0, 1)
    return np.sqrt(inside * (1 - inside) / draws)


def _interval(acceptability: Floats) -> Ints:
    cumulative = np.cumsum(acceptability, axis=1)
    # A quantile met exactly must not be missed by rounding.
    reached = [np.argmax(cumulative >= q - 1e-12, axis=1) + 1 for q in INTERVAL]
    return np.column_stack(reached).astype(np.int64)


def _central_weights(tally: Tally, ever_first: Bools) -> Masked | None:
    if tally.weights is None:
        return None
    sizes = sorted(tally.weights)
    total = sum(tally.weights[size] / size for size in sizes) * WEIGHT_UNIT
    times = tally.places[:, 0].astype(np.float64)
    of, starts, packages = _unpacked(tally.groups, len(times))
    for size in sizes:
        some = (of == size) & (starts == 0)
        times[packages[some]] += tally.groups.counts[some] / size
    means = np.divide(total, np.where(ever_first, times, 1)[:, None])
    return np.ma.masked_array(means, mask=np.broadcast_to(~ever_first[:, None], means.shape))
