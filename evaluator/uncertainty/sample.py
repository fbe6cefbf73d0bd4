"""A sample of all that is uncertain, held at once, for moments and quantiles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from evaluator.uncertainty.sampling import (
    BLOCK,
    Performances,
    Weighting,
    WeightingBlock,
    value_block,
    weighting_block,
)

Floats = NDArray[np.float64]
_BLOCKS = 4
_CELLS = 2**24
"""Values held at once, 128 MB: with many packages the sample has fewer draws."""

Blocks = Callable[[int], tuple[WeightingBlock, Floats]]
"""Gives a block of draws by its number: weights, and values (BLOCK, n, m) or (n, m)."""


@dataclass(frozen=True, eq=False)
class Sample:
    """The first draws of the analysis: influence (d, k), weights (d, k, m), values (d, n, m).

    4,096 draws, fewer where there are many packages. `values` is (n, m) if every value is exact.
    """

    influence: Floats
    weights: Floats
    values: Floats


def blocks_of(weighting: Weighting, known: Performances, seed: int) -> Blocks:
    """Return what draws a block, and keeps it: in a study of usual size each is drawn once."""

    @lru_cache(maxsize=_CELLS // (BLOCK * known.exact.size))
    def block(number: int) -> tuple[WeightingBlock, Floats]:
        weights = weighting_block(weighting, seed=seed, block=number)
        return weights, value_block(known, seed=seed, block=number)

    return block


def draw_sample(blocks: Blocks, cells: int) -> Sample:
    """Return the first draws of n m cells, whatever the number that the analysis makes."""
    numbers = range(max(1, min(_BLOCKS, _CELLS // (BLOCK * cells))))
    weights, values = zip(*map(blocks, numbers), strict=True)
    return Sample(
        influence=np.concatenate([block.influence for block in weights]),
        weights=np.concatenate([block.agencies for block in weights]),
        values=np.concatenate(values) if values[0].ndim == 3 else values[0],
    )
