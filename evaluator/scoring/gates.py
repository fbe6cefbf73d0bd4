"""Requirements: passed, failed or unknown, each with the fact that decided it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Literal

import pandas as pd

from evaluator.model.base import Known, Missing
from evaluator.model.package import Package
from evaluator.model.requirement import (
    AttributeCheck,
    Check,
    CountCheck,
    DateCheck,
    MemberCheck,
    Requirement,
)
from evaluator.model.study import Study

Outcome = Literal["passed", "failed", "unknown"]
Verdict = tuple[Outcome, str]
COLUMNS = ("package", "requirement", "label", "outcome", "reason", "citation", "confidence")


def gates(study: Study) -> pd.DataFrame:
    """Return one row a package and requirement, in their order; see `COLUMNS`."""
    rows = [
        (p.id, r.id, r.label, *decide(study, p, r), r.citation.title, r.citation.confidence)
        for p in study.packages
        for r in study.requirements
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def outcomes(study: Study, table: pd.DataFrame) -> pd.Series:
    """Return each package's outcome: failed if any requirement is, else unknown if any is."""
    severity = {"passed": 0, "unknown": 1, "failed": 2}
    worst = table["outcome"].map(severity).groupby(table["package"]).max()
    names = {code: name for name, code in severity.items()}
    ids = [p.id for p in study.packages]
    return worst.reindex(ids, fill_value=0).map(names).rename("outcome")


def decide(study: Study, package: Package, requirement: Requirement) -> Verdict:
    """Decide one requirement; a reviewer's finding fills only what the data leave unknown."""
    outcome, reason = _check(study, package, requirement.check)
    if outcome != "unknown":
        return outcome, reason
    for finding in package.findings:
        if finding.requirement == requirement.id:
            told = " ".join(part for part in (finding.note, f"({finding.source})") if part != "()")
            left = "left it open" if finding.status == "unknown" else f"found: {finding.status}"
            return finding.status, told or f"a reviewer {left}"
    return outcome, reason


def _check(study: Study, package: Package, check: Check) -> Verdict:
    if check.layers is not None:
        return _layers(package, check.layers)
    if check.count is not None:
        return _count(package, check.count)
    if check.date is not None:
        return _date(study, package, check.date)
    if check.members is not None:
        return _members(study, package, check.members)
    if check.attribute is not None:
        return _attribute(package, check.attribute)
    return "unknown", f"no finding in evidence on: {check.evidence}"


def _layers(package: Package, wanted: tuple[str, ...]) -> Verdict:
    there = {layer.layer for layer in package.layers}
    if not there:
        return "unknown", "no layer is described"
    absent = [layer for layer in wanted if layer not in there]
    if absent:
        return "failed", f"layer {', '.join(absent)} is missing"
    return "passed", f"layer {', '.join(wanted)} described"


def _count(package: Package, check: CountCheck) -> Verdict:
    count = len(getattr(package, check.of))
    told = f"{check.of}: {count}, at least {check.at_least} needed"
    return ("passed" if count >= check.at_least else "failed"), told


def _date(study: Study, package: Package, check: DateCheck) -> Verdict:
    datum = package.attribute(check.attribute)
    if isinstance(datum, Missing):
        return "unknown", f"{check.attribute} is missing: {datum.reason}"
    last = check.not_after
    if not isinstance(last, dt.date):
        if study.scenario.call is None:
            return "unknown", "the scenario states no call"
        last = study.scenario.call.closes
    day = dt.date.fromisoformat(str(datum.value))
    told = f"{check.attribute} {day}, last day {last}"
    return ("passed" if day <= last else "failed"), told


def _members(study: Study, package: Package, check: MemberCheck) -> Verdict:
    if not package.members:
        return "unknown", "no member is listed"
    doubts: list[str] = []
    for member in package.members:
        for entity in _controllers(study, member.entity, check.control):
            outcome, told = _headquarters(study, entity, check)
            via = "" if entity == member.entity else f" (controls {member.entity})"
            if outcome == "failed":
                return "failed", f"{entity}{via}: {told}"
            if outcome == "unknown":
                doubts.append(f"{entity}{via}: {told}")
    if doubts:
        return "unknown", "; ".join(doubts)
    return "passed", f"{len(package.members)} members and their parents cleared"


def _controllers(study: Study, entity: str, control: bool) -> Iterator[str]:
    name: str | None = entity
    while name is not None:
        yield name
        name = study.entity_by_id[name].parent if control else None


def _headquarters(study: Study, entity: str, check: MemberCheck) -> Verdict:
    home = study.entity_by_id[entity].headquarters
    if isinstance(home, Missing):
        return "unknown", f"headquarters missing: {home.reason}"
    country = study.country_by_id[str(home.value)]
    open_question = ""
    for column, barred in check.headquarters_not.items():
        datum = country.attributes.get(column, Missing(reason="no such column"))
        if isinstance(datum, Missing):
            open_question = f"{column} of {country.name} is missing"
        elif datum.value == barred:
            return "failed", f"headquarters in {country.name}, {column}: {_said(datum.value)}"
    if open_question:
        return "unknown", open_question
    return "passed", f"headquarters in {country.name}"


def _attribute(package: Package, check: AttributeCheck) -> Verdict:
    datum = package.attribute(check.id)
    if not isinstance(datum, Known):
        return "unknown", f"{check.id} is missing: {datum.reason}"
    if check.one_of is not None and str(datum.value) not in check.one_of:
        return "failed", f"{check.id} is {_said(datum.value)}, not one of {', '.join(check.one_of)}"
    if check.at_least is not None and float(datum.value) < check.at_least:
        return "failed", f"{check.id} is {_said(datum.value)}, below {check.at_least:g}"
    if check.at_most is not None and float(datum.value) > check.at_most:
        return "failed", f"{check.id} is {_said(datum.value)}, above {check.at_most:g}"
    return "passed", f"{check.id} is {_said(datum.value)}"


def _said(value: object) -> str:
    """Return a fact as people say it.

    >>> _said(True), _said(0.0), _said(0.25)
    ('yes', '0', '0.25')
    """
    return ("yes" if value else "no") if isinstance(value, bool) else str(value).removesuffix(".0")
