"""Stability, improvements and variance as labelled tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.decision.designation import DesignationRule
from evaluator.decision.ordering import Ordering, ordering_in
from evaluator.model.study import Study
from evaluator.results.findings import Findings
from evaluator.results.schema.uncertainty import IMPROVEMENTS, STABILITY, VARIANCE
from evaluator.uncertainty.sample import Sample
from evaluator.uncertainty.sensitivity import Moments, variance_shares
from evaluator.uncertainty.stability import (
    Change,
    Standing,
    smallest_improvements,
    stability,
)
from evaluator.uncertainty.stability.findings import (
    CannotMove,
    ChangesThere,
    ImprovementsSought,
    IntervalsSought,
    VarianceNotKnown,
)
from evaluator.uncertainty.stability.improvement import SOUGHT, WITHIN
from evaluator.uncertainty.stability.search import STEP, TOLERANCE

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Stated = tuple[Floats, Floats, Floats]
"""Values (n, m), weights (k, m), influence (k,)."""
TOP = 10


def stability_table(
    study: Study, packages: list[str], stated: Stated, rule: DesignationRule, own: Bools
) -> pd.DataFrame:
    """Return one row a share that may move: the intervals over which each matter stands.

    Of one agency alone the weights, which are all that can move.
    """
    ordering = ordering_in(study, packages, stated[0])
    agencies = [a.agency for a in study.agencies]
    criteria = list(study.criteria)
    places = min(TOP, len(packages))
    rows = []
    every = stability(*stated, ordering=ordering, rule=rule, top=places, own=own)
    for found in every if len(agencies) > 1 else (x for x in every if x.kind == "weight"):
        row: dict[str, object] = {
            "kind": found.kind,
            "agency": "" if found.agency is None else agencies[found.agency],
            "criterion": "" if found.criterion is None else criteria[found.criterion],
            "present": found.present,
        }
        matters = {"leader": found.leader, "order": found.order}
        for name, standing in {**matters, "designated": found.designated}.items():
            row |= _standing(name, standing, packages)
        rows.append(row)
    return STABILITY.frame(rows)


def _standing(name: str, standing: Standing, packages: list[str]) -> dict[str, object]:
    return {
        f"{name}_low": standing.lower,
        f"{name}_high": standing.upper,
        f"{name}_below": _change(standing.below, packages),
        f"{name}_above": _change(standing.above, packages),
    }


def _change(change: Change, packages: list[str]) -> Findings:
    if change.cause in ("none", "fixed"):
        return () if change.cause == "none" else (CannotMove(),)
    named = (
        tuple(packages[i] for i in who)
        for who in (change.entering, change.leaving, change.reordered)
    )
    return (ChangesThere(*named),)


def sought(ordering: Ordering) -> Findings:
    """Return how intervals and improvements were found, where no closed form holds."""
    unknown = (VarianceNotKnown(ordering.totals is not None),) if ordering.separate else ()
    intervals = unknown if ordering.linear else (*unknown, IntervalsSought(STEP, TOLERANCE))
    return intervals if ordering.additive else (*intervals, ImprovementsSought(WITHIN, SOUGHT))


def improvement_table(
    study: Study, packages: list[str], stated: Stated, rule: DesignationRule
) -> pd.DataFrame:
    """Return, for each package outside, what would bring it in with the fewest points."""
    criteria = list(study.criteria)
    ordering = ordering_in(study, packages, stated[0])
    rows = []
    for found in smallest_improvements(*stated, ordering=ordering, rule=rule):
        single, target = found.criterion, found.target
        rows.append(
            {
                "package": packages[found.package],
                "outcome": found.outcome,
                "target": None if target is None or not np.isfinite(target) else target,
                "criterion": "" if single is None else criteria[single],
                "value": None if single is None else stated[0][found.package, single],
                "needed": None if single is None else float(found.needed[single]),
                "points_in_all": found.points,
            }
        )
    return IMPROVEMENTS.frame(rows).set_index("package")


def variance_table(packages: list[str], sample: Sample, ordering: Ordering) -> pd.DataFrame:
    """Return who drives the variance of each overall weighted sum: closed form on moments.

    The moments of influence, weights and values are those of the sample. Where some values do not
    count, or evaluators' totals do, no closed form holds, and nothing is told.
    """
    if ordering.separate:
        return VARIANCE.frame(()).set_index("package")
    weights_mean, weights_cov = _weight_moments(sample)
    mean, variance = sample.exact.copy(), np.zeros_like(sample.exact)
    if sample.moving.any():
        mean[sample.moving] = sample.drawn.mean(axis=0)
        variance[sample.moving] = sample.drawn.var(axis=0)
    shares = variance_shares(
        Moments(
            influence_mean=sample.influence.mean(axis=0),
            influence_cov=np.atleast_2d(np.cov(sample.influence.T)),
            weights_mean=weights_mean,
            weights_cov=weights_cov,
            values_mean=mean,
            values_var=variance,
        )
    )
    table: dict[str, object] = {
        # Rounding may leave a variance of zero a little below it.
        "standard_deviation": np.sqrt(np.maximum(shares.variance, 0.0))
    }
    for column, group in enumerate(shares.groups):
        table[f"{group}_first"] = shares.first[:, column]
        table[f"{group}_total"] = shares.total[:, column]
    table["interaction"] = shares.interaction
    return pd.DataFrame(table, index=pd.Index(packages, name="package"))


def _weight_moments(sample: Sample) -> tuple[Floats, Floats]:
    """Return the means (k, m) and covariances (k, m, m) of the agencies' weights."""
    shape = (len(sample.agencies), sample.effective.shape[1])
    mean, cov = np.zeros(shape), np.zeros((*shape, shape[1]))
    for agency, own in enumerate(sample.agencies):
        mean[agency, own.columns] = own.weights.mean(axis=0)
        cov[agency][np.ix_(own.columns, own.columns)] = np.atleast_2d(np.cov(own.weights.T))
    return mean, cov
