"""A sample of all that is uncertain, held at once, for moments and quantiles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluator.uncertainty.sampling import (
    BLOCK,
    Performances,
    Weighting,
    value_block,
    weighting_block,
)

Floats = NDArray[np.float64]
_BLOCKS = 4
_CELLS = 2**24
"""Values held at once, 128 MB: with many packages the sample has fewer draws."""


@dataclass(frozen=True, eq=False)
class Sample:
    """The first draws of the analysis: influence (d, k), weights (d, k, m), values (d, n, m).

    4,096 draws, fewer where there are many packages. `values` is (n, m) if every value is exact.
    """

    influence: Floats
    weights: Floats
    values: Floats


def draw_sample(weighting: Weighting, known: Performances, seed: int) -> Sample:
    """Return the first draws, whatever the number that the analysis makes."""
    blocks = range(max(1, min(_BLOCKS, _CELLS // (BLOCK * known.exact.size))))
    drawn = [weighting_block(weighting, seed=seed, block=b) for b in blocks]
    values = known.exact
    if known.uncertain:
        values = np.concatenate([value_block(known, seed=seed, block=b) for b in blocks])
    return Sample(
        influence=np.concatenate([block.influence for block in drawn]),
        weights=np.concatenate([block.agencies for block in drawn]),
        values=values,
    )
