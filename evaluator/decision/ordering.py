"""How packages are ordered: a method of aggregation with what has to be known of its scores."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np
import pandas as pd

from evaluator.decision.ties import POINTS, Floats
from evaluator.model.method import Method
from evaluator.model.study import Study
from evaluator.scoring.aggregation import METHODS, Unit, aggregate, weighted_mean
from evaluator.scoring.totals import Totals, totals_of

Score: TypeAlias = Callable[[Floats, Floats], Floats]
"""From values (n, m) and weights (m,) or (d, m) to scores (n,) or (d, n), higher is better."""


@dataclass(frozen=True)
class Ordering:
    """One method: its scores order the packages.

    `span`: how far apart its scores can be, in its unit. `linear`: each score is a sum over
    criteria of weight x a contribution that no weight moves. `additive`: that contribution is the
    value itself, so that no other package matters. `separate`: no such sum, yet no other package
    matters: the weighted mean of what counts of a package, its weights scaled to sum to 1, or what
    evaluators' `totals` come to.
    """

    score: Score
    span: float = POINTS
    unit: Unit = "points"
    linear: bool = False
    additive: bool = False
    separate: bool = False
    totals: Totals | None = None

    @property
    def overall(self) -> bool:
        """Whether its scores are the overall scores, in points."""
        return self.additive or self.separate

    def scores(self, values: Floats, weights: Floats) -> Floats:
        """Return scores, higher is better.

        values (n, m), weights (m,) or (d, m) -> (n,) or (d, n); values (d, n, m), one table for
        each row of weights (d, m) -> (d, n). Raises ValueError where the method refuses them.
        """
        if values.ndim == 2:
            return self.score(values, weights)
        if self.additive:
            summed: Floats = np.matmul(values, weights[:, :, None])[:, :, 0]
            return summed
        if self.separate:
            return self.score(values, weights)
        return np.stack([self.score(v, w) for v, w in zip(values, weights, strict=True)])

    def contributions(self, values: Floats) -> Floats:
        """Return what each weight is multiplied by, (n, m): the scores are this x weights.

        Raises ValueError where the method is not linear in the weights, or refuses the values.
        """
        if not self.linear:
            raise ValueError("the method is not linear in the weights")
        return values if self.additive else self.score(values, np.eye(values.shape[1])).T


def ordering_of(method: Method, values: Floats | pd.DataFrame | None = None) -> Ordering:
    """Return the ordering of a method with its parameters.

    values: those that it orders, if some may not count (NaN): only a plain weighted sum can be
    taken over the others, as loading has seen to.
    """
    if values is not None and np.isnan(np.asarray(values, dtype=np.float64)).any():
        return REWEIGHTED
    about, score = METHODS[method.name], partial(_scores, method)
    if about.unit != "points":
        spans = {"net flow": 2.0, "class": float(len(method.profiles or ())), "share": 1.0}
        return Ordering(score, spans[about.unit], about.unit, about.linear)
    if (method.normalization or about.normalization) != "none":
        return Ordering(score, span=1.0, unit="share", linear=about.linear)
    return Ordering(score, linear=about.linear, additive=about.linear)


def ordering_in(study: Study, packages: Iterable[str], values: Floats | pd.DataFrame) -> Ordering:
    """Return the ordering of a study, for values whose rows are these packages."""
    totals = totals_of(study, packages)
    if totals is None:
        return ordering_of(study.scenario.method, values)
    return over_totals(totals)


def over_totals(totals: Totals) -> Ordering:
    """Return the ordering by what evaluators' totals come to."""
    return Ordering(totals.scores, separate=True, totals=totals)


def _scores(method: Method, values: Floats, weights: Floats) -> Floats:
    return aggregate(method, values, weights).scores


REWEIGHTED = Ordering(weighted_mean, separate=True)
"""Of values some of which do not count."""
WEIGHTED_SUM = ordering_of(Method())
"""Of values by weights, as agency scores and overall scores are."""
