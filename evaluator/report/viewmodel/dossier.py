"""Everything that is known of one package."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from evaluator.model.base import MONEY, Known, Missing
from evaluator.model.engagement import CountryFact
from evaluator.model.package import Assistance, Package, Request
from evaluator.model.study import Study
from evaluator.report.formatting.money import Money
from evaluator.report.formatting.names import Names, names_of
from evaluator.report.formatting.names import by_id as ids_of
from evaluator.report.formatting.numbers import general, measured, share
from evaluator.report.formatting.phrases import signed
from evaluator.report.formatting.records import (
    Record,
    by_package,
    grouped,
    runs,
)
from evaluator.report.messages import say_all
from evaluator.report.viewmodel.money.unserved import Unserved, unserved
from evaluator.report.viewmodel.packages.certainty import improvement
from evaluator.report.viewmodel.packages.portfolio import Ranked, ranked
from evaluator.results.evaluation import Evaluation


@dataclass(frozen=True)
class Judged:
    """One criterion of one package, with what it contributes and what was said of it."""

    label: str
    agency: str
    """Short name."""
    raw: str
    """What is known of it; empty where ratings say it."""
    value: float | None
    """None: it does not count."""
    state: str
    """known, missing or not applicable"""
    contribution: float | None
    """None: not known."""
    red_flag: bool
    floor: float | None
    note: str
    ratings: tuple[Rated, ...]


@dataclass(frozen=True)
class Rated:
    """One evaluator's rating with its rationale."""

    label: str
    """Of the criterion."""
    evaluator: str
    rating: str
    rationale: str
    entered: str
    """By whom and when, as far as it is recorded; empty where neither is."""


@dataclass(frozen=True)
class Behind:
    """A dated fact of a target country that stands behind ratings."""

    label: str
    """Of the criterion."""
    country: str
    fact: CountryFact


@dataclass(frozen=True)
class Dossier:
    """One package in full."""

    ranked: Ranked
    facts: tuple[tuple[str, str], ...]
    criteria: tuple[tuple[str, tuple[Judged, ...]], ...]
    """By the owning agency's short name."""
    behind: tuple[Behind, ...]
    """Facts of its countries, in the order of criteria."""
    assistance: tuple[Assistance, ...]
    """What it asks for beside money."""
    gates: tuple[Record, ...]
    requests: tuple[Record, ...]
    asked: tuple[Request, ...]
    """Its requests as it states them."""
    improvement: str
    """What would bring it in, in a sentence."""
    support: str
    """What would get it money, in a sentence; only a full run tells."""
    unserved: Unserved | None
    """Why it gets nothing although it is priority."""
    variance: Record | None
    """What its overall score varies by, in the draws."""
    accord: Record | None
    """What the agencies' agreement says of it."""

    @property
    def rated(self) -> tuple[Rated, ...]:
        """Every rating of it."""
        return tuple(q for _, criteria in self.criteria for one in criteria for q in one.ratings)


def dossiers(evaluation: Evaluation, *, by_id: bool = False) -> tuple[Dossier, ...]:
    """Return a dossier for each package, in order of rank.

    by_id: criteria, requirements and facts go by their ids, facts without units; reasons stand as
    the files of the run have them.
    """
    study = evaluation.study
    performances = grouped(evaluation.performances, "package")
    gates = grouped(evaluation.gates, "package")
    requests = grouped(evaluation.allocation.table, "package")
    adds = _by_package(evaluation.contributions)
    sure, agreed = evaluation.uncertainty, evaluation.agreement
    wanted = by_package(sure.improvements) if sure else {}
    varied = by_package(sure.variance) if sure else {}
    further = evaluation.extended.tables if evaluation.extended else {}
    takes = by_package(further["what_it_takes"].table) if "what_it_takes" in further else {}
    accord = by_package(agreed.packages) if agreed else {}
    names = names_of(evaluation)
    named = {tool: (names.owner(tool), names.tool_alone(tool)) for tool in study.tools}
    without = unserved(evaluation)
    called = ids_of(names.words) if by_id else names

    def dossier(row: Ranked) -> Dossier:
        package, asked = study.package_by_id[row.package], gates.get(row.package, ())
        rated = ratings(study, package)
        return Dossier(
            ranked=row,
            facts=_facts(study, package, {one["requirement"] for one in asked}, names, by_id=by_id),
            criteria=runs(
                (
                    _judged(evaluation, found, adds[row.package], rated, by_id=by_id)
                    for found in performances[row.package]
                ),
                lambda judged: judged.agency,
            ),
            gates=tuple(_gate(gate, called, by_id=by_id) for gate in asked),
            behind=behind(study, package),
            assistance=package.assistance,
            requests=tuple(
                {
                    **request,
                    "name": named[request["tool"]],
                    "reason": say_all(request["reason"], called),
                }
                for request in requests.get(row.package, ())
            ),
            asked=package.requests,
            improvement=improvement(evaluation, wanted.get(row.package)),
            support=say_all(takes.get(row.package, {}).get("sentence", ()), called),
            unserved=without.get(row.package),
            variance=varied.get(row.package),
            accord=accord.get(row.package),
        )

    return tuple(map(dossier, ranked(evaluation)))


def _gate(gate: Record, called: Names, *, by_id: bool) -> Record:
    return {
        **gate,
        "label": gate["requirement"] if by_id else gate["label"],
        "tools": [called.tool(tool) for tool in gate["tools"]],
        "reason": say_all(gate["reason"], called),
    }


def _by_package(table: pd.DataFrame) -> dict[str, dict[str, float]]:
    return {str(package): row for package, row in table.T.to_dict().items()}


def ratings(study: Study, package: Package) -> dict[str, tuple[Rated, ...]]:
    """Return the ratings of a package by criterion, with who gave each and why."""
    found: defaultdict[str, list[Rated]] = defaultdict(list)
    called = {one.id: one.name for one in study.evaluators}
    for rating in package.ratings:
        judged = Rated(
            label=study.criteria[rating.criterion].label,
            evaluator=called.get(rating.evaluator, rating.evaluator),
            rating="recused" if rating.recused else rating.rating or "empty",
            rationale=rating.rationale,
            entered=signed(rating.by, rating.date) if rating.by or rating.date else "",
        )
        found[rating.criterion].append(judged)
    return {criterion: tuple(rated) for criterion, rated in found.items()}


def _judged(
    evaluation: Evaluation,
    row: Record,
    adds: Mapping[str, float],
    rated: Mapping[str, tuple[Rated, ...]],
    *,
    by_id: bool,
) -> Judged:
    name = row["criterion"]
    known = measured(row["raw"]) if row["kind"] == "measure" else row["raw"]
    unit = row["unit"] if row["kind"] == "measure" else ""
    mine = rated.get(name, ())
    return Judged(
        label=name if by_id else evaluation.study.criteria[name].label,
        agency=names_of(evaluation).agency(row["agency"]),
        raw=f"{known} {unit}".strip() if row["state"] == "known" and not mine else "",
        value=row["value"],
        state=row["state"],
        contribution=None if math.isnan(adds[name]) else adds[name],
        red_flag=row["red_flag"],
        floor=row["floor"],
        note=say_all(row["note"], names_of(evaluation)),
        ratings=mine,
    )


def _facts(
    study: Study, package: Package, asked: Collection[str], names: Names, *, by_id: bool
) -> tuple[tuple[str, str], ...]:
    """Return what is known of a package that neither a criterion nor a requirement tells.

    asked: the requirements that were asked of it. A fact that is no, or 0, is left out.
    """
    money = names.words.money
    entities = {entity.id: entity.name for entity in study.entities}
    labels = {} if by_id else {one.id: one.label for one in study.package_attributes}
    members = [entities[m.entity] for m in package.members if m.role != "anchor"]
    anchor = entities[package.anchor] if package.anchor else ""
    told = [
        ("Anchor", anchor),
        ("Members", ", ".join(members)),
        ("Host countries", host_countries(study, package)),
        ("Only one of its group", package.exclusive_group or ""),
        ("Needs", ", ".join(package.requires)),
    ]
    elsewhere = {one.attribute for one in study.criteria.values()}
    elsewhere |= {one.check.fact for one in study.requirements if one.id in asked}
    unknown: defaultdict[str, list[str]] = defaultdict(list)
    for name, datum in package.attributes.items():
        label = labels.get(name, name)
        if name in elsewhere:
            continue
        if isinstance(datum, Missing):
            unknown[f"Not known ({datum.reason})"].append(label)
        elif datum.value:
            told.append((label, _datum(datum, money, with_unit=not by_id)))
    told += [(head, "; ".join(labels)) for head, labels in unknown.items()]
    return tuple((head, text) for head, text in told if text)


def behind(study: Study, package: Package) -> tuple[Behind, ...]:
    """Return the facts of a package's target countries, in the order of criteria."""
    targets = {target.country for target in package.targets}
    return tuple(
        Behind(criterion.label, study.country_by_id[fact.country].name, fact)
        for name, criterion in study.criteria.items()
        for fact in study.country_facts
        if fact.criterion == name and fact.country in targets
    )


def host_countries(study: Study, package: Package) -> str:
    """Return the target countries with their shares, and the blocs with those of their members."""
    blocs = {one.id: one.label for one in study.country_attributes}
    told = []
    for name in dict.fromkeys(target.bloc or target.country for target in package.targets):
        mine = [one for one in package.targets if (one.bloc or one.country) == name]
        members = [study.country_by_id[target.country].name for target in mine]
        if mine[0].bloc is None:
            told.append(f"{members[0]} {share(mine[0].share)}")
        else:
            of = f"alike over {', '.join(members)}"
            told.append(f"{blocs[name]} {share(mine[0].share)} ({of})")
    return ", ".join(told)


def _datum(datum: Known, money: Money, *, with_unit: bool) -> str:
    if datum.unit == MONEY and isinstance(datum.value, int | float):
        return money.amount(datum.value)
    if isinstance(datum.value, bool):
        return "yes"
    number = (
        general(datum.value, 6)
        if isinstance(datum.value, int | float)
        else str(datum.value).replace("_", " ")
    )
    return f"{number} {datum.unit}".strip() if with_unit else number
