"""The rule that turns an order into priority packages: one kernel, and the table around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from evaluator.decision.findings import (
    BelowCut,
    ExcludedByName,
    FailedRequirement,
    IncludedByName,
    PartedByTieBreak,
    RequirementUnknown,
    StandingPackage,
    TiedAtCut,
    UnderAgencyFloors,
    UnderOverallFloor,
)
from evaluator.decision.ordering import ordering_of
from evaluator.decision.ties import POINTS, Bools, Floats, levelled, meets
from evaluator.model.study import Study
from evaluator.results.findings import Finding, Findings
from evaluator.results.schema import family
from evaluator.scoring.aggregation import Unit


@dataclass(frozen=True)
class DesignationRule:
    """Those that meet every floor compete; the best of them take the places left by includes.

    Packages tied at the cut are contested: none of them enters, unless a criterion parts them.
    """

    min_overall: float = 0.0
    """Points; the overall score must meet this."""
    min_agency: Floats | None = None
    """Points, (agencies,); each agency's score must meet its entry. None: no such floor."""
    max_packages: int | None = None
    """Places, those of named includes among them. None: as many as meet the floors."""
    eligible: Bools | None = None
    """(n,); who may compete at all. None: everyone."""
    included: Bools | None = None
    """(n,); in the set by a named include, whatever the scores; they do not compete."""

    tie_column: int | None = None
    """Column of the criterion that parts packages tied at the cut. None: nothing does."""
    tie_values: Floats | None = None
    """(..., n), points: their values on it, NaN where they have none, which is below all others."""

    def valued(self, values: Floats) -> DesignationRule:
        """Return the rule with the values of a tie-break taken from (..., n, m)."""
        if self.tie_column is None:
            return self
        return replace(self, tie_values=values[..., self.tie_column])

    @property
    def places(self) -> int | None:
        """Places that those who compete may take; None: any number."""
        held = 0 if self.included is None else int(self.included.sum())
        return None if self.max_packages is None else max(0, self.max_packages - held)

    def able(self, packages: int) -> Bools:
        """Return which of n packages may compete, whatever their scores, (n,)."""
        may = np.ones(packages, dtype=np.bool_) if self.eligible is None else self.eligible
        return may if self.included is None else may & ~self.included


@dataclass(frozen=True)
class Designated:
    """What the rule makes of one order or of a batch; each (..., n)."""

    competing: Bools
    """Who meets every floor and may enter by rank."""
    taken: Bools
    """Who enters by rank."""
    contested: Bools
    """Who is tied at the cut for fewer places than they are."""
    members: Bools
    """The designated set: who enters by rank or is included by name."""
    parted: Bools
    """Who was tied at the cut and is in or out by the tie-break."""


def check_rule(rule: DesignationRule, packages: int, agencies: int) -> None:
    """Raise ValueError where the rule does not fit n packages and k agencies."""
    if rule.max_packages is not None and rule.max_packages < 0:
        raise ValueError(f"max_packages is {rule.max_packages}; it must be 0 or more, or None")
    if not np.isfinite(rule.min_overall):
        raise ValueError(f"min_overall is {rule.min_overall}; state it in points, 0 for no floor")
    if rule.min_agency is not None:
        if rule.min_agency.shape != (agencies,):
            raise ValueError(
                f"min_agency has shape {rule.min_agency.shape}, expected ({agencies},): "
                "one floor an agency, 0 for none"
            )
        if not np.isfinite(rule.min_agency).all():
            raise ValueError("min_agency has a floor that is not finite; use 0 for none")
    for name, mask in (("eligible", rule.eligible), ("included", rule.included)):
        if mask is not None and (mask.shape != (packages,) or mask.dtype != np.bool_):
            raise ValueError(
                f"{name} has shape {mask.shape} and type {mask.dtype}, "
                f"expected ({packages},) of bool: one entry a package"
            )


def competing(rule: DesignationRule, overall: Floats, agencies: Floats) -> Bools:
    """Return who competes: able to, and at or above every floor.

    overall (..., n) and agencies (..., k, n) in points -> (..., n).
    """
    met = meets(overall, rule.min_overall) & rule.able(overall.shape[-1])
    if rule.min_agency is not None:
        met = met & meets(agencies, rule.min_agency[:, None]).all(axis=-2)
    return met


def decide(
    rule: DesignationRule, overall: Floats, agencies: Floats, order: Floats, span: float = POINTS
) -> Designated:
    """Return who is designated: floors on the weighted sums, the cut by the method's order.

    overall (..., n) and agencies (..., k, n) in points; order (..., n), the method's scores of all
    packages that are ranked, and their span. A package enters exactly when those that compete and
    are at least as good, itself counted, fit into the places.
    """
    compete = competing(rule, overall, agencies)
    places, n = rule.places, order.shape[-1]
    taken, contested = compete, np.zeros_like(compete)
    if places is not None and places < n:
        levels = levelled(order, span)
        ranked = np.where(compete, levels, -np.inf)
        # the best that is one place too far down
        cut = np.partition(ranked, n - 1 - places, axis=-1)[..., n - 1 - places, None]
        taken = compete & (levels > cut)
        free = taken.sum(axis=-1, keepdims=True) < places
        contested = compete & (levels == cut) & free
    parted = np.zeros_like(compete)
    if rule.tie_values is not None and places is not None and contested.any():
        taken, contested, parted = _parted(rule.tie_values, taken, contested, places)
    members = taken if rule.included is None else taken | rule.included
    return Designated(compete, taken, contested, members, parted)


def _parted(
    values: Floats, taken: Bools, contested: Bools, places: int
) -> tuple[Bools, Bools, Bools]:
    """Return who enters, who is still contested, and who was parted by values, (..., n) each.

    Of those contested one enters exactly when those with values as high, itself counted, fit into
    the places that are left; those at the level that does not fit stay contested, if a place is.
    """
    known = np.where(np.isnan(values), -1.0, values)
    own = np.where(contested, levelled(np.broadcast_to(known, contested.shape)), -np.inf)
    left = places - taken.sum(axis=-1, keepdims=True)
    # the best that is one place too far down
    last = np.clip(left, 0, own.shape[-1] - 1)
    cut = np.take_along_axis(-np.sort(-own, axis=-1), last, axis=-1)
    enters = contested & (own > cut)
    free = enters.sum(axis=-1, keepdims=True) < left
    tied = contested & (own == cut) & free
    return taken | enters, tied, contested & ~tied


def ranked_packages(ranking: pd.DataFrame) -> list[str]:
    """Return the packages that no gate failed, best first."""
    return [str(p) for p in ranking.index[ranking["outcome"] != "failed"]]


def rule_of(
    study: Study, ranking: pd.DataFrame, values: pd.DataFrame | None = None
) -> DesignationRule:
    """Return a study's rule of designation over its ranked packages, best first.

    values: packages x criteria, for a tie-break.
    """
    rule = study.scenario.designation
    packages = ranked_packages(ranking)
    passed = (ranking.loc[packages, "outcome"] == "passed").to_numpy(dtype=np.bool_)
    excluded = np.array([p in rule.exclude for p in packages], dtype=np.bool_)
    column = None if rule.tie_break is None else list(study.criteria).index(rule.tie_break)
    found = DesignationRule(
        min_overall=rule.min_overall,
        min_agency=np.array([rule.min_agency.get(a.agency, 0.0) for a in study.agencies]),
        max_packages=rule.max_packages,
        eligible=passed & ~excluded,
        included=np.array([p in rule.include for p in packages], dtype=np.bool_),
        tie_column=column,
    )
    return found if values is None else found.valued(values.loc[packages].to_numpy())


def designate(
    study: Study, ranking: pd.DataFrame, values: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return `designated`, `contested` and the findings of `reason`, indexed as the ranking.

    ranking: best first, with outcome, method_score, overall and the agencies' scores. values: for a
    tie-break. A failed
    requirement cannot be overridden; an unknown one only by a named include.
    """
    packages = ranked_packages(ranking)
    scores = ranking.loc[packages]
    agencies = (
        family(scores, "score")[[a.agency for a in study.agencies]].to_numpy(dtype=np.float64).T
    )
    order = scores["method_score"].to_numpy(dtype=np.float64)
    ordering = ordering_of(study.scenario.method)
    overall = scores["overall"].to_numpy(dtype=np.float64)
    rule = rule_of(study, ranking, values)
    found = decide(rule, overall, agencies, order, ordering.span)
    at_cut = _at_cut(found, packages, order, ordering.unit)
    at_cut |= _by_tie_break(found, packages, study.scenario.designation.tie_break, rule)
    reasons = {
        package: at_cut[row] if found.competing[row] else tuple(_kept_out(study, package, scores))
        for row, package in enumerate(packages)
    }
    include = study.scenario.designation.include
    standing = {one.id: (StandingPackage(),) for one in study.packages if one.standing}
    told = [
        (*reasons.get(str(p), (FailedRequirement(str(p) in include),)), *standing.get(str(p), ()))
        for p in ranking.index
    ]
    designated = dict(zip(packages, found.members.tolist(), strict=True))
    contested = dict(zip(packages, found.contested.tolist(), strict=True))
    return pd.DataFrame(
        {
            "designated": [designated.get(str(p), False) for p in ranking.index],
            "contested": [contested.get(str(p), False) for p in ranking.index],
            "reason": pd.Series(told, index=ranking.index, dtype=object),
        },
        index=ranking.index,
    )


def _kept_out(study: Study, package: str, scores: pd.DataFrame) -> Iterator[Finding]:
    """Yield why a package does not compete: a named decision, a requirement, or its floors."""
    rule = study.scenario.designation
    row: Mapping[Any, Any] = scores.loc[package].to_dict()
    if package in rule.include:
        why = rule.include[package]
        yield IncludedByName(why.by, why.date.isoformat(), why.because)
    elif package in rule.exclude:
        why = rule.exclude[package]
        yield ExcludedByName(why.by, why.date.isoformat(), why.because)
    elif row["outcome"] != "passed":
        yield RequirementUnknown()
    else:
        overall = float(row["overall"])
        if not meets(overall, rule.min_overall):
            yield UnderOverallFloor(overall, rule.min_overall)
        floors = {
            a: floor for a, floor in rule.min_agency.items() if not meets(row[f"score.{a}"], floor)
        }
        if floors:
            points = tuple(float(row[f"score.{agency}"]) for agency in floors)
            yield UnderAgencyFloors(tuple(floors), points, tuple(floors.values()))


def _by_tie_break(
    found: Designated, packages: list[str], criterion: str | None, rule: DesignationRule
) -> dict[int, Findings]:
    """Return by row what the tie-break says of those that it parted from others."""
    if criterion is None or rule.tie_values is None:
        return {}
    known = [None if np.isnan(v) else float(v) for v in rule.tie_values.tolist()]
    rows = np.flatnonzero(found.parted | found.contested).tolist() if found.parted.any() else []
    told: dict[int, Findings] = {}
    for row in rows:
        others = tuple(packages[other] for other in rows if other != row)
        if found.parted[row]:
            entered = bool(found.taken[row])
            told[row] = (PartedByTieBreak(criterion, known[row], entered, others),)
    return told


def _at_cut(
    found: Designated, packages: list[str], order: Floats, unit: Unit
) -> dict[int, Findings]:
    """Return by row what the cut says of those that compete: nothing of those that enter."""
    tied = np.flatnonzero(found.contested).tolist()
    taken = np.flatnonzero(found.taken)
    last = int(taken[order[taken].argmin()]) if taken.size else None
    told: dict[int, Findings] = {}
    for row in np.flatnonzero(found.competing).tolist():
        if found.taken[row]:
            told[row] = ()
        elif found.contested[row]:
            told[row] = (TiedAtCut(tuple(packages[other] for other in tied if other != row)),)
        elif last is None:
            told[row] = (BelowCut(None, unit, None),)
        else:
            told[row] = (BelowCut(float(order[last] - order[row]), unit, packages[last]),)
    return told
