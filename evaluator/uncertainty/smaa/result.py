"""The indices of SMAA-2 and how sure they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from evaluator.uncertainty.smaa.tally import WEIGHT_UNIT, Tally

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
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
    rank_acceptability_error: Floats
    expected_rank: Floats
    expected_rank_error: Floats
    rank_interval: Ints
    ever_first: Bools
    pairwise_winning: Floats | None = None
    pairwise_winning_error: Floats | None = None
    central_weights: Masked | None = None
    confidence: Masked | None = None
    designated_share: Floats | None = None
    designated_share_error: Floats | None = None
    tied_share: Floats | None = None


def indices(tally: Tally) -> Acceptability:
    """Return the indices that follow from the counts; the confidence factors do not."""
    draws = tally.draws
    acceptability = _rank_acceptability(tally)
    ranks = np.arange(1, len(acceptability) + 1)
    expected = acceptability @ ranks
    spread = np.maximum(acceptability @ ranks**2 - expected**2, 0)
    pairwise = None if tally.wins is None else _pairwise(tally.wins, draws)
    share = None if tally.designated is None else tally.designated / draws
    first = acceptability[:, 0] > 0
    return Acceptability(
        draws=draws,
        rank_acceptability=acceptability,
        rank_acceptability_error=_share_error(acceptability, draws),
        expected_rank=expected,
        expected_rank_error=np.sqrt(spread / draws),
        rank_interval=_interval(acceptability),
        ever_first=first,
        pairwise_winning=pairwise,
        pairwise_winning_error=None if pairwise is None else _pairwise_error(pairwise, draws),
        central_weights=_central_weights(tally, first),
        designated_share=share,
        designated_share_error=None if share is None else _share_error(share, draws),
        tied_share=None if tally.tied is None else tally.tied / draws,
    )


def _rank_acceptability(tally: Tally) -> Floats:
    n = len(tally.places[1])
    shares = np.zeros((n, n))
    for size, starts in sorted(tally.places.items()):
        # A group that begins at place s covers s .. s + size - 1: each place gets 1 / size.
        begun = np.cumsum(starts, axis=1)
        covering = begun.copy()
        covering[:, size:] -= begun[:, :-size] if size < n else 0
        shares += covering / size
    return shares / tally.draws


def _pairwise(wins: Ints, draws: int) -> Floats:
    return (draws + wins - wins.T) / (2 * draws)


def _pairwise_error(pairwise: Floats, draws: int) -> Floats:
    error = _share_error(pairwise, draws)
    np.fill_diagonal(error, 0)
    return error


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
    times = sum(tally.places[size][:, 0] / size for size in sizes)
    means = np.divide(total, np.where(ever_first, times, 1)[:, None])
    return np.ma.masked_array(means, mask=np.broadcast_to(~ever_first[:, None], means.shape))
