"""A study's statements -> what the samplers draw from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import isnan

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.decision.designation import DesignationRule, decide
from evaluator.decision.ordering import Ordering
from evaluator.model.scenario import Information, Intervals, Spread
from evaluator.model.study import Study
from evaluator.scoring.weights import elicit, full_id
from evaluator.uncertainty.panels import rated_cell, spreads
from evaluator.uncertainty.sampling import (
    AgencyWeights,
    Bounded,
    Cell,
    Fixed,
    Ordered,
    Performances,
    Range,
    Stated,
    Unknown,
    WeightInformation,
    Weighting,
    performances,
)

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Positions = NDArray[np.intp]


def weighting_of(study: Study, influence: pd.Series) -> Weighting:
    """Return what is known of influence and weights.

    Raises ValueError for intervals that name nothing known, or that no shares can keep.
    """
    settings = study.scenario.uncertainty
    columns = {name: i for i, name in enumerate(study.criteria)}
    agencies: list[AgencyWeights] = []
    for agency in study.agencies:
        stated = elicit(agency, study).weights
        known = settings.weights_of.get(agency.agency, settings.weights)
        if isinstance(known, Intervals):
            named = {full_id(agency.agency, n, study): b for n, b in known.intervals.items()}
            known = Intervals(intervals=named)
        information = _information(known, stated, f"uncertainty of weights of {agency.agency}")
        places = tuple(columns[name] for name in stated)
        agencies.append(AgencyWeights(agency.agency, places, information))
    shares = {str(name): float(share) for name, share in influence.items()}
    return Weighting(
        _information(settings.influence, shares, "uncertainty of influence"),
        tuple(agencies),
        len(columns),
    )


def _information(known: Information, stated: dict[str, float], what: str) -> WeightInformation:
    shares = tuple(stated.values())
    if isinstance(known, Spread):
        return Stated(shares, known.relative_deviation)
    if isinstance(known, Intervals):
        odd = sorted(known.intervals.keys() - stated.keys())
        if odd:
            raise ValueError(f"{what}: {', '.join(odd)} is not among {', '.join(stated)}")
        bounds = [known.intervals.get(name, (0.0, 1.0)) for name in stated]
        try:
            return Bounded(tuple(b[0] for b in bounds), tuple(b[1] for b in bounds))
        except ValueError as error:
            raise ValueError(f"{what}: {error}") from None
    if known == "uniform":
        return Unknown(len(shares))
    if known == "order":
        # Shares that differ by rounding alone are of one rank.
        rounded = np.round(shares, 12)
        return Ordered(tuple(int((rounded > share).sum()) + 1 for share in rounded))
    return Fixed(shares)


_READ = (
    "package",
    "criterion",
    "kind",
    "state",
    "value",
    "value_low",
    "value_high",
    "panel",
    "blank",
)
"""Columns of the performances that say what is known of a value."""


def performances_of(
    study: Study, table: pd.DataFrame, packages: list[str], *, held: bool = False
) -> Performances:
    """Return what is known of each value: exact, a range, or the panel's opinions.

    held: those that are rated are as stated, as where evaluators are drawn and not ratings.
    """
    spread = spreads(study, table)
    panel = study.scenario.uncertainty.ratings == "panel"
    interval = study.scenario.missing == "interval"
    cells: dict[tuple[str, str], Cell] = {}
    # By column: several times as fast as `to_dict`.
    columns = [table[name].tolist() for name in _READ]
    for numbers in zip(*columns, strict=True):
        row = dict(zip(_READ, numbers, strict=True))
        cell: Cell = row["value"]
        if row["state"] != "known":
            counts = not isnan(row["value"])
            cell = (Range(0.0, 100.0) if interval else 0.0) if counts else None
        elif row["kind"] == "rating" and not held:
            cell = rated_cell(study, row, spread[row["criterion"]], resampled=panel)
        elif row["kind"] != "rating" and row["value_low"] < row["value_high"]:
            cell = Range(row["value_low"], row["value_high"])
        cells[row["package"], row["criterion"]] = cell
    return performances([[cells[p, c] for c in study.criteria] for p in packages])


def members_of(
    rule: DesignationRule, ordering: Ordering, values: Floats, weights: Floats
) -> Callable[[Floats, Floats, Positions], Bools]:
    """Return who is designated by the influence and the scores of some of the agencies.

    values (n, m) of the ranked packages, weights (k, m) of all agencies.
    """

    def members(influence: Floats, scores: Floats, counted: Positions) -> Bools:
        floors = None if rule.min_agency is None else rule.min_agency[counted]
        overall = influence @ scores
        order = (
            overall if ordering.additive else ordering.scores(values, influence @ weights[counted])
        )
        overall = order if ordering.separate else overall
        among = replace(rule, min_agency=floors)
        return decide(among, overall, scores, order, ordering.span).members

    return members


def own_criteria(study: Study) -> Bools:
    """Return which criteria each agency weighs, (agencies, criteria)."""
    own = np.zeros((len(study.agencies), len(study.criteria)), dtype=np.bool_)
    columns = {name: i for i, name in enumerate(study.criteria)}
    for row, agency in enumerate(study.agencies):
        own[row, [columns[name] for name in elicit(agency, study).weights]] = True
    return own
