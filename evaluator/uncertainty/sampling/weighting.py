"""Weights of several agencies and the influence between them, drawn together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluator.scoring.aggregation import weighted_mean
from evaluator.uncertainty.sampling.streams import BLOCK
from evaluator.uncertainty.sampling.weights import WeightInformation, criteria_of, weight_block

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]


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
class OwnWeights:
    """Weights (b, own) that an agency gives to some of the criteria, by their columns (own,)."""

    columns: Positions
    weights: Floats

    def first(self, draws: int) -> OwnWeights:
        """Return the first draws."""
        return OwnWeights(self.columns, self.weights[:draws])

    def among(self, criteria: int) -> Floats:
        """Return the weights (b, m) over all criteria, 0 of those that it does not weigh."""
        found = np.zeros((len(self.weights), criteria))
        found[:, self.columns] = self.weights
        return found

    def scores(self, values: Floats) -> Floats:
        """Return scores (b, n) of values (n, m) or (b, n, m)."""
        own = values[..., self.columns]
        if np.isnan(own).any():
            return weighted_mean(own, self.weights)
        if values.ndim == 2:
            return self.weights @ own.T
        scores: Floats = np.matmul(own, self.weights[:, :, None])[:, :, 0]
        return scores


@dataclass(frozen=True, eq=False)
class WeightingBlock:
    """One block of draws: `influence` (b, a), `effective` weights (b, m).

    `agencies`: of each its weights (b, own), over the criteria (columns) that it weighs.
    """

    influence: Floats
    agencies: tuple[OwnWeights, ...]
    effective: Floats


def weighting_block(weighting: Weighting, *, seed: int, block: int) -> WeightingBlock:
    """Return one whole block of influence, agency weights and effective weights g W.

    Every agency has a stream of its own, found by its name: what is known of one agency does not
    touch the draws of another.
    """
    influence = weight_block(weighting.influence, seed=seed, purpose="influence", block=block)
    effective = np.zeros((BLOCK, weighting.criteria))
    agencies = []
    for row, one in enumerate(weighting.agencies):
        purpose = f"weights/{one.agency}"
        own = weight_block(one.information, seed=seed, purpose=purpose, block=block)
        columns = np.array(one.columns, dtype=np.intp)
        effective[:, columns] += influence[:, row, None] * own
        agencies.append(OwnWeights(columns, own))
    return WeightingBlock(influence, tuple(agencies), effective)
