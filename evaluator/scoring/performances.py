"""What is known of each package on each criterion, and what it is worth."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import pandas as pd

from evaluator.model.applying import applies
from evaluator.model.base import Datum, Known, Missing
from evaluator.model.criterion import Criterion, owner
from evaluator.model.package import NOT_APPLICABLE, Package, Rating
from evaluator.model.study import Study
from evaluator.results.findings import Finding, Findings
from evaluator.scoring.findings import (
    BeyondAnchors,
    NoRow,
    NotApplicable,
    NotAsked,
    NotKnown,
    NotRated,
    Panel,
)
from evaluator.scoring.panels import of_panel
from evaluator.scoring.values import evaluate, of_rating, value_range, values_of_scale

State: TypeAlias = Literal["known", "missing", "not applicable"]


@dataclass(frozen=True)
class Performance:
    """One package on one criterion."""

    package: str
    criterion: str
    agency: str
    kind: str
    raw: str
    """As it stands in the file: a number, or the panel's labels."""
    unit: str
    state: State
    """known, missing or not applicable"""
    origin: str
    value: float
    """0..100; a missing performance stands as 0. NaN where it does not count: what is not
    applicable, and what is missing where the scenario weighs the rest anew."""
    value_low: float
    value_high: float
    """The range that the uncertainty analysis covers."""
    panel: tuple[float, ...]
    """The value of each evaluator's rating that counts."""
    rated: int
    blank: int
    recused: int
    """Evaluators who rated, who have not rated, and who stood aside."""
    clamped: bool
    floor: float | None
    note: Findings


def performances(study: Study) -> pd.DataFrame:
    """Return one row a package and criterion, in the order of packages and criteria."""
    rows = [vars(found) for found in _every(study)]
    names = list(Performance.__dataclass_fields__)
    table = pd.DataFrame(rows, columns=names)
    return table.astype({"value": "float64", "value_low": "float64", "value_high": "float64"})


def values(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Return the values (packages x criteria) of a table of performances."""
    wide = table.pivot(index="package", columns="criterion", values="value")
    return wide.loc[[p.id for p in study.packages], list(study.criteria)].rename_axis(columns=None)


def missing_performances(study: Study) -> Iterator[tuple[str, str, Finding]]:
    """Yield package, criterion and reason of each performance that is missing."""
    for found in _every(study):
        if found.state == "missing":
            yield found.package, found.criterion, found.note[0]


def left_out(study: Study) -> Iterator[tuple[str, str]]:
    """Yield package and criterion of each performance that does not count."""
    for found in _every(study):
        if math.isnan(found.value):
            yield found.package, found.criterion


def _every(study: Study) -> Iterator[Performance]:
    for package in study.packages:
        ratings: defaultdict[str, list[Rating]] = defaultdict(list)
        for rating in package.ratings:
            ratings[rating.criterion].append(rating)
        for name, criterion in study.criteria.items():
            if criterion.applies_to and not applies(criterion, package, study.country_by_id):
                why = NotAsked(name in ratings or name in package.measures)
                yield _absent(study, package, name, criterion, why, state=_NO)
            elif criterion.kind == "rating":
                yield _rated(study, package, name, criterion, ratings.get(name, ()))
            else:
                yield _measured(study, package, name, criterion)


def _measured(study: Study, package: Package, name: str, criterion: Criterion) -> Performance:
    datum: Datum | None
    if criterion.attribute is not None:
        datum = package.attribute(criterion.attribute)
    else:
        datum = package.measures.get(name)
    if datum is None:
        return _absent(study, package, name, criterion, NoRow("measures"))
    if isinstance(datum, Missing):
        if not datum.applicable:
            why = NotApplicable(datum.reason)
            return _absent(study, package, name, criterion, why, state=_NO)
        return _absent(study, package, name, criterion, NotKnown(datum.reason))
    raw = float(datum.value)
    low = raw if datum.low is None else datum.low
    high = raw if datum.high is None else datum.high
    worth = evaluate(criterion.value, [raw])
    value = float(worth.values[0])
    least, most = value_range(criterion.value, low, high)
    clamped = bool(worth.clamped[0])
    return Performance(
        package=package.id,
        criterion=name,
        agency=owner(name),
        kind=criterion.kind,
        raw=f"{raw:.15g}",
        unit=criterion.unit or "",
        state="known",
        origin=_origin(datum),
        value=value,
        value_low=least,
        value_high=most,
        panel=(),
        rated=0,
        blank=0,
        recused=0,
        clamped=clamped,
        floor=criterion.floor,
        note=(BeyondAnchors(),) if clamped else (),
    )


def _origin(datum: Known) -> str:
    return datum.origin + (f" ({datum.source})" if datum.source else "")


def _rated(
    study: Study, package: Package, name: str, criterion: Criterion, rows: Sequence[Rating]
) -> Performance:
    state: State = "missing"
    why: Finding
    counted = [str(r.rating) for r in rows if r.counts]
    rest = [r for r in rows if not r.counts] if len(counted) < len(rows) else []
    blank, recused = sum(r.blank for r in rest), sum(r.recused for r in rest)
    beside = len(rest) - recused - blank
    if not counted:
        why = NotRated(blank, recused) if rows else NoRow("ratings")
        if beside:
            why, state = NotApplicable(NOT_APPLICABLE), _NO
        return _absent(study, package, name, criterion, why, blank, recused, state)
    worth = {rating: of_rating(criterion.value, rating) for rating in set(counted)}
    panel = tuple([worth[rating] for rating in counted])
    rule = study.scenario.panel_rule
    levels = values_of_scale(criterion.value, study.scale_by_id[str(criterion.scale)])
    # One opinion says nothing of how far opinions spread, and one not given may be anything.
    seen = (*panel, *levels) if len(panel) == 1 else panel
    low, high = (
        of_panel((end(seen),) * len(panel) + (end(levels),) * blank, rule) for end in (min, max)
    )
    return Performance(
        package=package.id,
        criterion=name,
        agency=owner(name),
        kind=criterion.kind,
        raw=", ".join(counted),
        unit=criterion.scale or "",
        state="known",
        origin=_PANEL[rule.rule].format(rule),
        value=of_panel(panel, rule),
        value_low=low,
        value_high=high,
        panel=panel,
        rated=len(panel),
        blank=blank,
        recused=recused,
        clamped=False,
        floor=criterion.floor,
        note=_panel(len(panel), blank, recused),
    )


_PANEL = {"mean": "panel", "median": "panel, median", "trimmed": "panel, trimmed {0.share:g}"}
"""Whose word a rated value is, and by which rule where it is not the mean."""


def _panel(rated: int, blank: int, recused: int) -> Findings:
    """Return what is to be known of a panel, if anything is."""
    return (Panel(rated, blank, recused),) if rated == 1 or blank or recused else ()


_NO: State = "not applicable"


def _absent(
    study: Study,
    package: Package,
    name: str,
    criterion: Criterion,
    why: Finding,
    blank: int = 0,
    recused: int = 0,
    state: State = "missing",
) -> Performance:
    counts = state == "missing" and study.scenario.missing != "reweight"
    return Performance(
        package=package.id,
        criterion=name,
        agency=owner(name),
        kind=criterion.kind,
        raw="",
        unit=criterion.unit or criterion.scale or "",
        state=state,
        origin="",
        value=0.0 if counts else math.nan,
        value_low=0.0 if counts else math.nan,
        value_high=100.0 if counts else math.nan,
        panel=(),
        rated=0,
        blank=blank,
        recused=recused,
        clamped=False,
        floor=criterion.floor,
        note=(why,),
    )
