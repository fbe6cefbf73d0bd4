"""Weights of several agencies and the influence between them, drawn together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluator.uncertainty.sampling.streams import BLOCK
from evaluator.uncertainty.sampling.weights import WeightInformation, criteria_of, weight_block

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class AgencyWeights:
    """What is known of the weights of one agency, over the criteria (columns) it weighs."""

    agency: str
    columns: tuple[int, ...]
    information: WeightInformation

    def __post_init__(self) -> None:
        if len(self.columns) != criteria_of(self.information):
            raise ValueError(
                f"{self.agency} weighs {len(self.columns)} criteria, its weights are about "
                f"{criteria_of(self.information)}"
            )
        if len(set(self.columns)) != len(self.columns):
            raise ValueError(f"{self.agency} names a criterion twice: {self.columns}")


@dataclass(frozen=True)
class Weighting:
    """What is known of the influence of the agencies and of the weights of each."""

    influence: WeightInformation
    agencies: tuple[AgencyWeights, ...]
    criteria: int

    def __post_init__(self) -> None:
        if criteria_of(self.influence) != len(self.agencies):
            raise ValueError(
                f"influence is about {criteria_of(self.influence)} agencies, "
                f"weights are given for {len(self.agencies)}"
            )
        names = [one.agency for one in self.agencies]
        if len(set(names)) != len(names):
            raise ValueError(f"an agency is named twice: {', '.join(names)}")
        for one in self.agencies:
            outside = [column for column in one.columns if not 0 <= column < self.criteria]
            if outside:
                raise ValueError(
                    f"{one.agency} weighs criterion {outside[0]}: there are {self.criteria}, "
                    "numbered from 0"
                )


@dataclass(frozen=True, eq=False)
class WeightingBlock:
    """One block of draws: `influence` (b, a), `agencies` (b, a, m), `effective` (b, m)."""

    influence: Floats
    agencies: Floats
    effective: Floats


def weighting_block(weighting: Weighting, *, seed: int, block: int) -> WeightingBlock:
    """Return one whole block of influence, agency weights and effective weights g W.

    Every agency has a stream of its own, found by its name: what is known of one agency does not
    touch the draws of another.
    """
    influence = weight_block(weighting.influence, seed=seed, purpose="influence", block=block)
    agencies = np.zeros((BLOCK, len(weighting.agencies), weighting.criteria))
    for row, one in enumerate(weighting.agencies):
        agencies[:, row, list(one.columns)] = weight_block(
            one.information, seed=seed, purpose=f"weights/{one.agency}", block=block
        )
    effective = np.matmul(influence[:, None, :], agencies)[:, 0, :]
    return WeightingBlock(influence, agencies, effective)
