"""A sample of all that is uncertain, held at once, for moments and quantiles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from threading import local

import numpy as np
from numpy.typing import NDArray

from evaluator.uncertainty.sampling import (
    BLOCK,
    OwnWeights,
    Performances,
    Weighting,
    WeightingBlock,
    drawn_block,
    weighting_block,
)

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_BLOCKS = 4
_LEAST = 100
"""Fewer have no quantiles or moments to speak of."""
_CELLS = 2**24
"""Values held at once, 128 MB: with many packages the sample has fewer draws."""

Blocks = Callable[[int], tuple[WeightingBlock, Floats]]
"""Gives a block of draws by its number: weights, and values (BLOCK, n, m) or (n, m).

The values stand until the same thread asks for the next block."""


@dataclass(frozen=True, eq=False)
class Sample:
    """The first draws of the analysis: influence (d, k), effective weights (d, m), and values.

    `agencies`: of each its weights (d, own).

    4,096 draws at most, fewer where there are many packages. Of the values (n, m) those that are
    exact are in `exact`; of those that differ from draw to draw, which are `moving` (n, m), the
    draws are `drawn` (d, l), row by row.
    """

    influence: Floats
    agencies: tuple[OwnWeights, ...]
    effective: Floats
    exact: Floats
    moving: Bools
    drawn: Floats

    def values(self, draws: int) -> Floats:
        """Return the values of the first draws, (draws, n, m)."""
        same = np.broadcast_to(self.exact, (draws, *self.exact.shape))
        if not self.moving.any():
            return same
        values = same.copy()
        values[:, self.moving] = self.drawn[:draws]
        return values


def blocks_of(weighting: Weighting, known: Performances, seed: int) -> Blocks:
    """Return what draws a block, and keeps it: in a study of usual size each is drawn once."""
    exact, moving = known.exact, known.moving
    own = local()

    a_draw = int(moving.sum()) + sum(len(one.columns) for one in weighting.agencies)

    @lru_cache(maxsize=_CELLS // (BLOCK * a_draw))
    def drawn(number: int) -> tuple[WeightingBlock, Floats]:
        weights = weighting_block(weighting, seed=seed, block=number)
        return weights, drawn_block(known, seed=seed, block=number)

    def block(number: int) -> tuple[WeightingBlock, Floats]:
        weights, some = drawn(number)
        if not known.uncertain:
            return weights, exact
        if not hasattr(own, "values"):
            # memory that a thread uses again: to have that of each block made ready takes longer
            # than to draw it
            own.values = np.broadcast_to(exact, (BLOCK, *exact.shape)).copy()
        own.values[:, moving] = some.T
        return weights, own.values

    return block


def draw_sample(blocks: Blocks, known: Performances, draws: int) -> Sample:
    """Return the first of the draws that the analysis makes, or `_LEAST` where it makes fewer."""
    draws = max(draws, _LEAST)
    most = max(1, min(_BLOCKS, _CELLS // (BLOCK * known.exact.size)))
    numbers = range(min(most, -(-draws // BLOCK)))
    moving = known.moving
    places = np.flatnonzero(moving)
    weights, drawn = [], []
    for weighted, values in map(blocks, numbers):
        weights.append(weighted)
        drawn.append(values.reshape(-1, moving.size).take(places, axis=1))
    return Sample(
        influence=np.concatenate([block.influence for block in weights])[:draws],
        agencies=tuple(
            OwnWeights(one[0].columns, np.concatenate([block.weights for block in one])[:draws])
            for one in zip(*(block.agencies for block in weights), strict=True)
        ),
        effective=np.concatenate([block.effective for block in weights])[:draws],
        exact=known.exact,
        moving=moving,
        drawn=np.concatenate(drawn)[:draws],
    )
