"""Tornado, methods side by side, and rank reversal as labelled tables."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.decision.ordering import Ordering, ordering_in, ordering_of
from evaluator.model.method import Method
from evaluator.model.study import Study
from evaluator.results.findings import Findings
from evaluator.results.schema.uncertainty import REVERSALS, TORNADO
from evaluator.scoring.aggregation import METHODS, aggregate
from evaluator.uncertainty.reversal import method_rankings, rank_reversals
from evaluator.uncertainty.sample import Sample
from evaluator.uncertainty.sensitivity import tornado

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Stated = tuple[Floats, Floats, Floats]
"""Values (n, m), weights (k, m), influence (k,)."""
BESIDE: Mapping[str, Method] = {n: a.beside for n, a in METHODS.items() if a.beside is not None}
"""The methods set beside the study's own."""
REVERSALS_UP_TO = 60
TORNADOES = 10
"""Of so many packages about the cut."""
_BARS = 10
_ENDS = (0.05, 0.95)


def tornado_table(
    study: Study,
    packages: list[str],
    places: range,
    stated: Stated,
    own: Bools,
    sample: Sample,
) -> pd.DataFrame:
    """Return some packages' widest bars; each input moves over 5 to 95 % of the sample.

    packages: those ranked, best first. places: of those that are asked of, in their order.
    """
    agencies, criteria = [a.agency for a in study.agencies], list(study.criteria)
    values, weights, influence = stated
    low, high = values.copy(), values.copy()
    moving = np.zeros_like(sample.moving)
    moving[places] = sample.moving[places]
    if moving.any():
        before = int(sample.moving[: places.start].sum())  # draws lie package by package
        drawn = sample.drawn[:, before : before + moving.sum()]
        low[moving], high[moving] = _ends(drawn, values[moving])
    found = tornado(
        values,
        weights,
        influence,
        packages=places,
        ordering=ordering_in(study, packages, values),
        value_range=(low, high),
        weight_range=_weight_ends(sample, weights),
        influence_range=_ends(sample.influence, influence),
        own=own,
    )
    rows = [
        {
            "package": packages[one.package],
            "kind": bar.kind,
            "agency": "" if bar.agency is None else agencies[bar.agency],
            "criterion": "" if bar.criterion is None else criteria[bar.criterion],
            "low": bar.low,
            "high": bar.high,
            "score_at_low": bar.score_at_low,
            "score_at_high": bar.score_at_high,
            "swing": bar.swing,
        }
        for one in found
        for bar in one.bars[:_BARS]
    ]
    return TORNADO.frame(rows)


def _weight_ends(sample: Sample, weights: Floats) -> tuple[Floats, Floats]:
    low, high = weights.copy(), weights.copy()
    for agency, own in enumerate(sample.agencies):
        at = agency, own.columns
        low[at], high[at] = _ends(own.weights, weights[at])
    return low, high


def _ends(draws: Floats, today: Floats) -> tuple[Floats, Floats]:
    low, high = draws[0].copy(), draws[0].copy()
    moves = (draws != draws[0]).any(axis=0)  # most values do not
    # along the last axis, as it lies in memory, they are found twice as fast
    low[moves], high[moves] = np.quantile(draws[:, moves].T.copy(), _ENDS, axis=1)
    return np.minimum(low, today), np.maximum(high, today)


def method_table(study: Study, packages: list[str], stated: Stated) -> pd.DataFrame:
    """Return each package's rank under the study's own method, and each other that takes these."""
    values, weights, influence = stated
    effective = influence @ weights
    takes = {n: o for n, (o, _) in _beside(study, packages, values, effective).items()}
    found = method_rankings(values, effective, takes)
    index = pd.Index(packages, name="package")
    return pd.DataFrame(found.ranks.T, index=index, columns=list(found.methods))


def reversal_table(
    study: Study, packages: list[str], stated: Stated, *, full: bool
) -> pd.DataFrame:
    """Return, for each method and test, how often the order of the other packages changed.

    Nothing of evaluators' totals: each package has its own, which hang on no other.
    """
    values, weights, influence = stated
    effective = influence @ weights
    over_totals = study.scenario.panel_rule.over == "totals"
    if not full or over_totals or not 3 <= len(packages) <= REVERSALS_UP_TO:
        return REVERSALS.frame([])
    takes = _beside(study, packages, values, effective)
    report = rank_reversals(values, effective, {n: o for n, (o, _) in takes.items()})
    rows = []
    for (name, test), checks in report.checks.items():
        changed = [r for r in report.reversals if (r.method, r.test) == (name, test)]
        refused = [r for r in report.refusals if (r.method, r.test) == (name, test)]
        rows.append(
            {
                "method": name,
                "test": test,
                "variant": takes[name][1],
                "checks": checks,
                "reversals": len(changed),
                "leader_changes": sum(r.leader_changed for r in changed),
                "refusals": len(refused),
            }
        )
    return REVERSALS.frame(rows)


def _beside(
    study: Study, packages: list[str], values: Floats, weights: Floats
) -> dict[str, tuple[Ordering, Findings]]:
    """Return each method that takes these values, and its variant; the study's own comes first."""
    found: dict[str, tuple[Ordering, Findings]] = {}
    method, own = study.scenario.method, ordering_in(study, packages, values)
    if own.separate:  # no other method takes what does not count, or totals
        variant = aggregate(method, np.zeros((1, len(weights))), weights).variant
        return {method.name: (own, (variant,))}
    for name, one in {method.name: method, **BESIDE, method.name: method}.items():
        try:
            variant = aggregate(one, values, weights).variant
        except ValueError:
            continue
        found[name] = ordering_of(one), (variant,)
    return found
