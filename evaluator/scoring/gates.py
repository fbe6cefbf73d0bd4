"""Requirements: passed, failed or unknown, each with the fact that decided it."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from evaluator.model.base import Known, Missing
from evaluator.model.package import Package, RoleName
from evaluator.model.requirement import (
    AttributeCheck,
    Check,
    CountCheck,
    DateCheck,
    ModelCheck,
    Requirement,
)
from evaluator.model.study import Study
from evaluator.results.findings import Finding
from evaluator.results.schema.scores import GATES
from evaluator.scoring.findings import (
    AttributeAbove,
    AttributeBelow,
    AttributeHolds,
    AttributeNotAmong,
    Count,
    Dated,
    FactMissing,
    LayersAbsent,
    LayersDescribed,
    ModelBars,
    ModelNotKnown,
    ModelsCleared,
    NobodyNamed,
    NoCall,
    NoLayer,
    NoModel,
    NotReviewed,
    Presumed,
    Reviewed,
    RolesNamed,
    ToBeShown,
)
from evaluator.scoring.parties import Outcome, Verdict, judged, parties

Decided = tuple[Outcome, *tuple[Finding, ...]]


def gates(study: Study) -> pd.DataFrame:
    """Return one row a package and requirement in force, in their order.

    A requirement that binds tools is asked of packages that ask for one of them.
    """
    asked = [
        (r, study.tools_matching(r.binds)) for r in study.requirements if r.holds_on(study.as_of)
    ]
    rows = (
        _gate(study, p, r, tools)
        for p in study.packages
        for r, bound in asked
        if (tools := tuple(q.tool for q in p.requests if q.tool in bound)) or not r.binds
    )
    return GATES.frame(rows)


def _gate(
    study: Study, package: Package, requirement: Requirement, tools: tuple[str, ...]
) -> dict[str, object]:
    outcome, reason = decide(study, package, requirement)
    return {
        "package": package.id,
        "requirement": requirement.id,
        "label": requirement.label,
        "tools": tools,
        "outcome": outcome,
        "reason": reason,
        "citation": requirement.citation.title,
        "confidence": requirement.citation.confidence,
    }


def of_packages(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of requirements of packages, without those of tools."""
    return table[table["tools"].str.len() == 0]


def outcomes(study: Study, table: pd.DataFrame) -> pd.Series:
    """Return each package's outcome: failed if any requirement is, else unknown if any is.

    What binds tools is told of their requests, not of the package.
    """
    severity = {"passed": 0, "unknown": 1, "failed": 2}
    told = of_packages(table)
    worst = told["outcome"].map(severity).groupby(told["package"]).max()
    names = {code: name for name, code in severity.items()}
    ids = [p.id for p in study.packages]
    return worst.reindex(ids, fill_value=0).map(names).rename("outcome")


def decide(study: Study, package: Package, requirement: Requirement) -> Verdict:
    """Decide one requirement; a reviewer's finding fills only what the data leave unknown."""
    outcome, *facts = _check(study, package, requirement.check)
    if outcome == "unknown":
        for review in package.findings:
            if review.requirement == requirement.id:
                found = Reviewed(review.status, review.note, review.source)
                return review.status, (found,)
    return outcome, tuple(facts)


def _check(study: Study, package: Package, check: Check) -> Decided:
    if check.layers is not None:
        return _layers(package, check.layers)
    if check.count is not None:
        return _count(package, check.count)
    if check.date is not None:
        return _date(study, package, check.date)
    if check.members is not None:
        outcome, found = judged(study, package, check.members)
        return outcome, *found
    if check.models is not None:
        return _models(study, package, check.models)
    if check.roles is not None:
        return _roles(package, check.roles)
    if check.attribute is not None:
        return _attribute(package, check.attribute)
    return "unknown", NotReviewed(check.evidence or "")


def _layers(package: Package, wanted: tuple[str, ...]) -> Decided:
    there = {layer.layer for layer in package.layers}
    if not there:
        return "unknown", NoLayer()
    absent = tuple(layer for layer in wanted if layer not in there)
    return ("failed", LayersAbsent(absent)) if absent else ("passed", LayersDescribed(wanted))


def _count(package: Package, check: CountCheck) -> Decided:
    named = {target.bloc or target.country for target in package.targets}
    count = sum(len(named if of == "targets" else getattr(package, of)) for of in check.tables)
    fact = Count(check.tables, count, check.at_least)
    return ("passed" if count >= check.at_least else "failed"), fact


def _date(study: Study, package: Package, check: DateCheck) -> Decided:
    datum = package.attribute(check.attribute)
    if isinstance(datum, Missing):
        return "unknown", FactMissing(check.attribute, datum.reason)
    last = check.not_after
    if not isinstance(last, dt.date):
        if study.scenario.call is None:
            return "unknown", NoCall()
        last = study.scenario.call.closes
    day = dt.date.fromisoformat(str(datum.value))
    fact = Dated(check.attribute, day.isoformat(), last.isoformat())
    return ("passed" if day <= last else "failed"), fact


def _roles(package: Package, wanted: tuple[RoleName, ...]) -> Decided:
    named = parties(package, wanted)
    nobody = tuple(role for role, entities in named.items() if not entities)
    return ("unknown", NobodyNamed(nobody)) if nobody else ("passed", RolesNamed((*named.items(),)))


def _models(study: Study, package: Package, check: ModelCheck) -> Decided:
    models = [layer for layer in package.layers if layer.layer in check.layers]
    if not models:
        return "unknown", NoModel(check.layers)
    doubts: list[Finding] = []
    for model in models:
        named = model.layer, model.provider or ""
        is_open = model.open_weights if check.open_weights else True
        if is_open is False:
            continue
        if isinstance(model.model_origin, Missing):
            doubts.append(ModelNotKnown(*named, model.model_origin.reason))
            continue
        code = str(model.model_origin.value)
        bars = study.flagged(code, check.origin_not)
        column = next(iter(check.origin_not))
        if bars and is_open:
            return "failed", ModelBars(*named, code, column, bool(model.open_weights))
        if bars is None:
            doubts.append(ModelNotKnown(*named, f"{column} is not known of {code}"))
        elif bars:
            doubts.append(ModelNotKnown(*named, "whether its weights are open is not stated"))
    if doubts:
        return "unknown", *doubts
    origins = (str(m.model_origin.value) for m in models if isinstance(m.model_origin, Known))
    return "passed", ModelsCleared(check.layers, tuple(dict.fromkeys(origins)))


def _attribute(package: Package, check: AttributeCheck) -> Decided:
    datum = package.attribute(check.id)
    if not isinstance(datum, Known):
        return "unknown", FactMissing(check.id, datum.reason)
    value = datum.value
    if check.otherwise is not None:
        kept = check.one_of is None or str(value) in check.one_of
        kept = kept and (check.at_least is None or float(value) >= check.at_least)
        if kept and (check.at_most is None or float(value) <= check.at_most):
            return "passed", Presumed(check.id, value)
        return "unknown", ToBeShown(check.id, value, check.otherwise)
    if check.one_of is not None and str(value) not in check.one_of:
        return "failed", AttributeNotAmong(check.id, value, check.one_of)
    if check.at_least is not None and float(value) < check.at_least:
        return "failed", AttributeBelow(check.id, value, check.at_least)
    if check.at_most is not None and float(value) > check.at_most:
        return "failed", AttributeAbove(check.id, value, check.at_most)
    return "passed", AttributeHolds(check.id, value)
