"""Packages that are in, out or contested under the weightings that were drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

Tier = Literal["clear", "contested", "out"]

CLEAR, OUT = 0.95, 0.05
"""Shares of draws from which a package is clear, and up to which it is out."""

ROUNDING = 1e-12
"""A threshold that is met exactly must not be missed by rounding."""


@dataclass(frozen=True, eq=False)
class Tiers:
    """The tier of each of n packages.

    `share` (n,): the share of draws on which the tiers rest. `rivals` (n, n): pairs of contested
    packages of which neither is ahead of the other often enough to settle the place between them.
    `order` (k,): the contested packages, the largest share first, then by expected rank.
    `rule`: how the tiers were formed, in words.
    """

    tier: tuple[Tier, ...]
    share: Floats
    rivals: Bools
    order: Ints
    rule: str


def designation_tiers(
    designated_share: Floats,
    rank_acceptability: Floats,
    pairwise_winning: Floats,
    *,
    clear: float = CLEAR,
    out: float = OUT,
) -> Tiers:
    """Return the tiers by the share of draws (n,) in which each package is designated.

    Raises ValueError if shapes do not fit, a share is outside 0..1, or thresholds cross.
    """
    share = np.asarray(designated_share, dtype=np.float64)
    return _tiers(share, "designated", rank_acceptability, pairwise_winning, clear, out)


def rank_tiers(
    rank_acceptability: Floats,
    pairwise_winning: Floats,
    places: int,
    *,
    clear: float = CLEAR,
    out: float = OUT,
) -> Tiers:
    """Return the tiers by the share of draws in which each package is among the first `places`.

    Raises ValueError if shapes do not fit, `places` is not in 1..n, or thresholds cross.
    """
    ranks = np.asarray(rank_acceptability, dtype=np.float64)
    if not 1 <= places <= ranks.shape[-1]:
        raise ValueError(f"{places} places for {ranks.shape[-1]} packages: 1 to all of them")
    # Rounding must not lift the sum of a row above 1.
    share = np.minimum(ranks[:, :places].sum(axis=1), 1)
    event = f"among the first {places}" if places > 1 else "first"
    return _tiers(share, event, ranks, pairwise_winning, clear, out)


def _tiers(
    share: Floats,
    event: str,
    rank_acceptability: Floats,
    pairwise_winning: Floats,
    clear: float,
    out: float,
) -> Tiers:
    n = len(share)
    if not 0 <= out < clear <= 1:
        raise ValueError(f"out at {out:g}, clear at {clear:g}: 0 <= out < clear <= 1 is needed")
    for name, matrix in (("rank", rank_acceptability), ("pairwise", pairwise_winning)):
        if np.shape(matrix) != (n, n):
            raise ValueError(f"{name} indices have shape {np.shape(matrix)}, not ({n}, {n})")
    wrong = np.flatnonzero(~((share >= 0) & (share <= 1)))
    if len(wrong):
        raise ValueError(f"the share of package {wrong[0]} is {share[wrong[0]]:g}, outside 0..1")
    tier = tuple(_tier(one, clear, out) for one in share.tolist())
    contested = np.array([one == "contested" for one in tier])
    ahead = pairwise_winning >= clear - ROUNDING
    unsettled = ~(ahead | ahead.T)
    rivals = np.logical_and.outer(contested, contested) & unsettled
    np.fill_diagonal(rivals, val=False)
    expected = rank_acceptability @ np.arange(1, n + 1)
    by_share = np.lexsort((expected, -share))
    return Tiers(
        tier=tier,
        share=share,
        rivals=rivals,
        order=by_share[contested[by_share]],
        rule=(
            f"clear: {event} in at least {clear:.4g} of the draws; out: in at most {out:.4g}; "
            f"contested: in between. Rivals: contested packages of which neither is ahead of the "
            f"other in {clear:.4g} of the draws or more (ties count half)"
        ),
    )


def _tier(share: float, clear: float, out: float) -> Tier:
    if share >= clear - ROUNDING:
        return "clear"
    return "out" if share <= out + ROUNDING else "contested"
