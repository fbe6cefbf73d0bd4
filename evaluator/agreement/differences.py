"""Why two agencies score differently: the difference, criterion by criterion."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evaluator.agreement.arrays import (
    Bools,
    Floats,
    agency,
    matrix,
)
from evaluator.agreement.findings import DrivenApart
from evaluator.decision.ties import competition_ranks, levelled, tied
from evaluator.results.findings import Finding


@dataclass(frozen=True)
class ScoreDifference:
    """score_a - score_b of two agencies, split exactly over the criteria.

    `contributions` (n, m) sum over the criteria to `difference` (n,). A constant added to every
    package changes no ranking, so what drives the rankings apart is each criterion's part less
    its mean over the packages: `centred` (n, m), which sums to `centred_difference` (n,).
    `mean_absolute` (m,): mean over the packages of |centred|, in points; `share` (m,): its parts
    of their sum (all 0 where the two rankings cannot differ); `drivers`: the criteria that have
    a part, the largest first, equal ones by index.
    """

    contributions: Floats
    difference: Floats
    centred: Floats
    centred_difference: Floats
    mean_absolute: Floats
    share: Floats
    drivers: tuple[int, ...]
    variant: Finding


@dataclass(frozen=True)
class Drivers:
    """What drives one ranking apart from each of p others: the fields of `ScoreDifference`.

    `mean_absolute` (p, m), `share` (p, m), `drivers` (p).
    """

    mean_absolute: Floats
    share: Floats
    drivers: list[tuple[int, ...]]


@dataclass(frozen=True)
class WeightDirections:
    """Where agencies weigh alike.

    `proportional` (k, k): the weights differ in magnitude only, so both rank any packages alike.
    `same_ranking` (k, k): both rank the criteria alike (competition ranks of their weights).
    `largest_gap` (k, k): largest difference of one criterion's share of the agency's total.
    """

    proportional: Bools
    same_ranking: Bools
    largest_gap: Floats

    @property
    def all_proportional(self) -> bool:
        """All agencies' weights differ in magnitude only."""
        return bool(self.proportional.all())

    @property
    def all_same_ranking(self) -> bool:
        """All agencies rank the criteria alike."""
        return bool(self.same_ranking.all())


def score_difference(W: ArrayLike, V: ArrayLike, a: int, b: int) -> ScoreDifference:
    """score_a(p) - score_b(p) = sum_c (W[a, c] - W[b, c]) V[p, c], criterion by criterion.

    `W` (k, m) weights of the agencies, `V` (n, m) values, `a` and `b` rows of `W`. Raises
    ValueError.
    """
    weights, values = matrix(W, "W"), matrix(V, "V")
    if weights.shape[1] != values.shape[1]:
        raise ValueError(
            f"W has {weights.shape[1]} criteria and V has {values.shape[1]}; "
            "their columns must be the same criteria"
        )
    gap = weights[agency(a, len(weights))] - weights[agency(b, len(weights))]
    contributions = values * gap
    centred = gap * (values - values.mean(axis=0))
    driven = _driven(gap[None, :], values)
    return ScoreDifference(
        contributions,
        contributions.sum(axis=1),
        centred,
        centred.sum(axis=1),
        driven.mean_absolute[0],
        driven.share[0],
        driven.drivers[0],
        DrivenApart(),
    )


def drivers_apart(W: ArrayLike, V: ArrayLike) -> Iterator[Drivers]:
    """Give for each agency what drives its ranking apart from those of the agencies after it.

    `W` (k, m) weights of the agencies, `V` (n, m) values; see `ScoreDifference`. Raises ValueError.
    """
    weights, values = matrix(W, "W"), matrix(V, "V")
    for a, row in enumerate(weights):
        yield _driven(row - weights[a + 1 :], values)


def _driven(gaps: Floats, values: Floats) -> Drivers:
    """Return what gaps of weights (p, m) do to the rankings of values (n, m)."""
    mean_absolute = np.abs(gaps) * np.abs(values - values.mean(axis=0)).mean(axis=0)
    ranked = np.where(tied(mean_absolute, 0.0), 0.0, levelled(mean_absolute))
    drives = ranked > 0
    total = np.where(drives.any(axis=1), mean_absolute.sum(axis=1), np.inf)
    order = np.argsort(-ranked, axis=1, kind="stable")
    counts = drives.sum(axis=1).tolist()
    drivers = [tuple(row[:count]) for row, count in zip(order.tolist(), counts, strict=True)]
    return Drivers(mean_absolute, mean_absolute / total[:, None], drivers)


def same_direction(W: ArrayLike) -> WeightDirections:
    """Whether agencies' weights differ in magnitude only, or at least rank the criteria alike.

    `W` (k, m), 0 or more, in any magnitude; each row's shares of its own sum are compared.
    Raises ValueError for a negative weight or a row of zeros.
    """
    weights = matrix(W, "W")
    if (weights < 0).any():
        row, column = (int(i) for i in np.argwhere(weights < 0)[0])
        raise ValueError(f"W[{row}, {column}] is {weights[row, column]:g}; give 0 or more")
    totals = weights.sum(axis=1, keepdims=True)
    if (totals == 0).any():
        raise ValueError(f"W[{int(np.argmin(totals))}] is all 0; an agency must weigh something")
    shares = weights / totals
    gaps = np.abs(shares[:, None, :] - shares[None, :, :]).max(axis=2)
    ranks = competition_ranks(shares, 1.0)
    return WeightDirections(
        tied(gaps, 0.0, 1.0),
        (ranks[:, None, :] == ranks[None, :, :]).all(axis=2),
        gaps,
    )
