"""Where two agencies part: on which packages, by which criterion, and whether that moves money."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.agreement.differences import score_difference
from evaluator.decision.designation import ranked_packages
from evaluator.decision.ties import POINTS, competition_ranks, tied
from evaluator.errors import UsageError
from evaluator.pipeline import allocated, supposing
from evaluator.results.evaluation import Allocated, Scored

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Driver:
    """A criterion that drives two rankings apart."""

    criterion: str
    weights: tuple[float, float]
    points: float
    """Mean over the packages of what it adds to the difference of two scores, in points."""
    share: float
    """Of the disagreement."""


@dataclass(frozen=True)
class Apart:
    """A package as two sides see it."""

    package: str
    ranks: tuple[int, int]
    scores: tuple[float, float]
    criterion: str
    """What adds most to the difference; empty where nothing does."""
    points: float
    """That it adds, beyond what it adds to the mean package."""

    @property
    def places(self) -> int:
        """How many places higher the first side ranks it; below 0 lower."""
        return self.ranks[1] - self.ranks[0]


@dataclass(frozen=True)
class Parting:
    """Where an agency parts from another, or from all others together."""

    one: str
    other: str
    """Empty: the others together, by their influence."""
    drivers: tuple[Driver, ...]
    """The largest first."""
    packages: tuple[Apart, ...]
    """Those that are ranked; the furthest apart first."""


def parting(scored: Scored, one: str, other: str = "") -> Parting:
    """Return where two agencies part.

    other: empty for the others together, weighed by their influence, alike where they have none.
    Raises UsageError for agencies that there are not, or twice the same.

    Source: each criterion's part of the difference of two scores is exact; see `score_difference`.
    """
    names = ranked_packages(scored.ranking)
    weights = _sides(scored, one, other)
    values = np.nan_to_num(scored.values.loc[names].to_numpy(dtype=np.float64))
    found = score_difference(weights, values, 0, 1)
    scores = values @ weights.T
    ranks = [competition_ranks(scores[:, side], POINTS).tolist() for side in (0, 1)]
    criteria = [str(name) for name in scored.weights.columns]
    apart = []
    for place, package in enumerate(names):
        most = int(np.abs(found.centred[place]).argmax())
        points = float(found.centred[place, most])
        told = "" if tied(np.array(points), 0.0).item() else criteria[most]
        pair = (float(scores[place, 0]), float(scores[place, 1]))
        apart.append(Apart(package, (ranks[0][place], ranks[1][place]), pair, told, points))
    apart.sort(key=lambda each: (-abs(each.places), min(each.ranks), each.package))
    drivers = tuple(
        Driver(
            criteria[c],
            (float(weights[0, c]), float(weights[1, c])),
            float(found.mean_absolute[c]),
            float(found.share[c]),
        )
        for c in found.drivers
    )
    return Parting(one, other, drivers, tuple(apart))


def met(scored: Allocated, one: str, other: str, criterion: str) -> Allocated:
    """Return what comes of two agencies that meet half-way on the weight of a criterion.

    Both give it the mean of their two weights, and shrink or stretch their others in proportion.
    other: see `parting`; the others together do not move, the one agency goes half the way.
    Raises UsageError for a criterion that there is not, SolverError.
    """
    if criterion not in scored.weights.columns:
        raise UsageError("there is no such criterion.")
    column = list(scored.weights.columns).index(criterion)
    mean = float(_sides(scored, one, other)[:, column].mean())
    weights = scored.weights.copy()
    for agency in filter(None, (one, other)):
        row = weights.loc[agency].to_numpy(dtype=np.float64).copy()
        rest = 1.0 - row[column]
        if rest <= 0:  # it weighs nothing else, and has nothing to give the rest to
            continue
        row *= (1.0 - mean) / rest
        row[column] = mean
        weights.loc[agency] = row
    return allocated(supposing(scored, weights=weights))


def _sides(scored: Scored, one: str, other: str) -> Floats:
    """Return the weights of both sides, (2, m)."""
    agencies = [str(agency) for agency in scored.weights.index]
    if one not in agencies or (other and other not in agencies) or one == other:
        raise UsageError("these are not two agencies of this study.")
    if len(agencies) == 1:
        raise UsageError("there is one agency alone, which parts from nobody.")
    theirs = side_against(scored.influence, one, other)
    rest = scored.weights.loc[theirs.index].to_numpy(dtype=np.float64)
    own = scored.weights.loc[one].to_numpy(dtype=np.float64)
    return np.stack([own, theirs.to_numpy() @ rest])


def side_against(influence: pd.Series, one: str, other: str = "") -> pd.Series:
    """Return the shares, summing to 1, of the agencies that stand against one.

    other: that one alone; empty for all others together, by their influence, alike where they have
    none.
    """
    rest = influence.drop(one)
    if other:
        return pd.Series(1.0, index=[other])
    return rest / rest.sum() if rest.sum() > 0 else rest * 0 + 1 / len(rest)
