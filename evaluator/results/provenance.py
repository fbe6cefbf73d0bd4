"""Where every number comes from, and how far it can be trusted."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Literal, get_args

import pandas as pd
from pandas import isna

from evaluator.model.base import IF_ENACTED, Citation, Confidence
from evaluator.model.study import Study
from evaluator.results.evaluation import Provenance
from evaluator.results.findings import Finding, Findings
from evaluator.results.idle import idle_rules
from evaluator.results.judgement import departures
from evaluator.results.schema.scores import SOURCES

_PACKAGES = ("numpy", "scipy", "pandas", "pulp", "highspy", "pydantic")
Source = tuple[str, str, str, Finding | None, Citation]
"""Kind, id, label, what is stated, where it comes from."""


class StatedShares(Finding):
    """What each agency's view counts: agencies and their shares."""

    agencies: tuple[str, ...]
    shares: tuple[float, ...]


class StatedBy(Finding):
    """The method by which an agency's weights are stated."""

    method: str


class Closes(Finding):
    """The last day of a call."""

    day: str


class LapsesOn(Finding):
    """The last day of an authority."""

    day: str


class KnownDays(Finding):
    """The first and the last day that a calendar knows of; how many adjournments are assumed."""

    first: str
    last: str
    assumed: int


class StatedState(Finding):
    """A state of appropriation, since when, and of a continuing resolution its rate."""

    state: Literal["appropriated", "continuing", "none"]
    since: str
    rate: float | None


class StatedValue(Finding):
    """A parameter, and the day from which it holds."""

    value: float
    unit: str
    since: str


class UnknownValue(Finding):
    """A parameter is missing, for a reason that stands in its file."""

    because: str


class HeldIn(Finding):
    """The column of the files that holds a fact on the day of the study; empty: none does yet."""

    column: str


class StatedEnvelope(Finding):
    """A sum of money."""

    amount_usd: int


class MissingPerformance(Finding):
    """What a package achieves on a criterion is not known; it scores 0, or does not count."""

    package: str
    criterion: str
    why: Finding
    counts: bool = True


class PartlyRated(Finding):
    """So many evaluators have rated, and so many are yet to."""

    package: str
    criterion: str
    rated: int
    blank: int


class OutsideAnchors(Finding):
    """What was measured lies beyond the end of the value function, and counts as the end."""

    package: str
    criterion: str
    measured: float
    unit: str


class LapsedAuthority(Finding):
    """A tool commits nothing: its institution's authority has lapsed."""

    tool: str
    on: str


class LimitWithoutCondition(Finding):
    """A limit is not applied, for the parameter that puts it in force is not known."""

    limit: str
    parameter: str


class NotAppropriated(Finding):
    """There is no appropriation for an institution since a day, or a continuing resolution."""

    institution: str
    state: Literal["continuing", "none"]
    since: str
    rate: float | None
    """Of what its tools had in the year before; for a continuing resolution."""


class BesideEnvelope(Finding):
    """What a tool's envelope, in USD, stands beside; neither bounds the other."""

    tool: str
    amount: int
    confidence: Confidence
    parameter: str
    value: float | None
    """None: it is missing."""
    known: Confidence


class RequirementOutsideItsDays(Finding):
    """A requirement is not asked on the study's day: its first and last day, empty without."""

    requirement: str
    since: str
    until: str


def provenance(study: Study, performances: pd.DataFrame, elicitation: pd.DataFrame) -> Provenance:
    """Return the sources of a study's numbers, counted by confidence, and what to beware of."""
    every = tuple(_sources(study))
    sources = SOURCES.frame(
        {
            **{"kind": kind, "id": name, "label": label, "value": (value,) if value else ()},
            **{"citation": one.title, "confidence": one.confidence, "bill": one.bill or ""},
            **{"checked_on": str(one.checked_on or ""), "note": one.note or ""},
        }
        for kind, name, label, value, one in every
    )
    counts = Counter(citation.counted for *_, citation in every)
    known = (*get_args(Confidence), *([IF_ENACTED] if counts[IF_ENACTED] else []))
    return Provenance(
        fingerprint=study.fingerprint,
        sources=sources,
        confidence={name: counts[name] for name in known},
        versions=versions(),
        notes=notes(study, performances, elicitation),
    )


def versions() -> dict[str, str]:
    """Return the versions of this package, Python, and the libraries that calculate."""
    found = {"evaluator": version("evaluator"), "python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _sources(study: Study) -> Iterator[Source]:
    for requirement in study.requirements:
        yield "requirement", requirement.id, requirement.label, None, requirement.citation
    for name, criterion in study.criteria.items():
        yield "criterion", name, criterion.label, None, criterion.citation
    for scale in study.scales:
        yield "scale", scale.id, scale.label, None, scale.citation
    for agency in study.agencies:
        stated = agency.weights.citation or Citation(
            title=f"stated in the file of {agency.name}", confidence=agency.weights.confidence
        )
        method = StatedBy(agency.weights.method)
        label = f"Weights of {agency.name}" if "agencies" in study.parts else "Weights"
        yield "weights", agency.agency, label, method, stated
    for bill in study.scenario.if_enacted:
        citation = bill.citation.model_copy(update={"bill": bill.bill})
        yield "bill", bill.bill, bill.title, None, citation
    influence = study.scenario.influence
    if influence is not None and "agencies" in study.parts:
        shares = StatedShares(tuple(influence.shares), tuple(influence.shares.values()))
        yield (
            "influence",
            "influence",
            f"Influence of the {study.scenario.vocabulary.agency.plural}",
            shares,
            influence.citation,
        )
    rule = study.scenario.designation
    if rule.citation is not None and "designation" in study.parts:
        yield "designation", "designation", "Rule of designation", None, rule.citation
    yield from _round(study)
    yield from _financing(study)
    for attribute in (*study.package_attributes, *study.country_attributes):
        if attribute.citation is not None:
            held = HeldIn(attribute.on(study.as_of) or "") if attribute.columns else None
            yield "column", attribute.id, attribute.label, held, attribute.citation


def _round(study: Study) -> Iterator[Source]:
    if study.scenario.call is not None:
        call = study.scenario.call
        closes = Closes(call.closes.isoformat())
        yield "call", "call", "Call for proposals", closes, call.citation
    if study.scenario.coordination is not None:
        body = study.scenario.coordination
        yield "coordination", "coordination", body.body, None, body.citation
    for calendar in study.calendars:
        assumed = sum(one.assumed for one in calendar.adjournments)
        days = KnownDays(calendar.from_.isoformat(), calendar.until.isoformat(), assumed)
        yield "calendar", calendar.calendar, calendar.label, days, calendar.citation


def _financing(study: Study) -> Iterator[Source]:
    for institution in study.institutions:
        authority = institution.authority
        if authority is not None:
            until = LapsesOn(authority.lapses_on.isoformat())
            name = institution.institution
            yield "authority", name, f"Authority of {institution.name}", until, authority.citation
        state = institution.appropriation(study.as_of)
        if state is not None:
            name, label = institution.institution, f"Appropriation of {institution.name}"
            since = StatedState(state.state, state.from_.isoformat(), state.rate)
            yield "appropriation", name, label, since, state.citation
    for name, parameter in study.parameters.items():
        dated = study.parameter(name)
        value: Finding = UnknownValue(dated.missing or "")
        if dated.value is not None:
            value = StatedValue(dated.value, parameter.unit, dated.from_.isoformat())
        yield "parameter", name, parameter.label, value, dated.citation
    for name, tool in study.tools.items():
        envelope, owner = tool.envelope, study.institution_of[name]
        label = f"{owner.short or owner.name}: {tool.label}"
        yield "tool", name, label, None, tool.statute
        yield (
            "envelope",
            name,
            f"{study.scenario.vocabulary.envelope.head} of {label}",
            StatedEnvelope(envelope.amount),
            envelope.citation,
        )
        yield "subsidy rate", name, f"Subsidy of {label}", None, tool.subsidy.citation
    for name, limit in study.limits.items():
        yield f"limit ({limit.standing})", name, limit.label, None, limit.citation


def notes(study: Study, performances: pd.DataFrame, elicitation: pd.DataFrame) -> Findings:
    """Return what to beware of in a study, whatever is made of it."""
    return (
        *(doubt for doubts in elicitation["warnings"] for doubt in doubts),
        *_lapsed(study),
        *_appropriations(study),
        *(found for tool in study.tools for found in beside_envelope(study, tool)),
        *_without_condition(study),
        *_not_asked(study),
        *idle_rules(study),
        *departures(study, performances),
        *_performances(performances),
    )


def _performances(table: pd.DataFrame) -> Iterator[Finding]:
    for row in table[table["state"] == "missing"].to_dict("records"):
        counts = not isna(row["value"])
        yield MissingPerformance(row["package"], row["criterion"], row["note"][0], counts)
    for row in table[(table["blank"] > 0) & (table["rated"] > 0)].to_dict("records"):
        yield PartlyRated(row["package"], row["criterion"], row["rated"], row["blank"])
    for row in table[table["clamped"]].to_dict("records"):
        found = float(row["raw"])
        yield OutsideAnchors(row["package"], row["criterion"], found, row["unit"])


def beside_envelope(study: Study, tool: str) -> tuple[BesideEnvelope, ...]:
    """Return what a study holds against a tool's envelope, if it does."""
    envelope = study.tools[tool].envelope
    if envelope.beside is None:
        return ()
    found = study.parameter(envelope.beside)
    return (
        BesideEnvelope(
            tool,
            envelope.amount,
            envelope.citation.confidence,
            envelope.beside,
            found.value,
            found.citation.confidence,
        ),
    )


def _appropriations(study: Study) -> Iterator[Finding]:
    for institution in study.institutions:
        state = institution.appropriation(study.as_of)
        if state is not None and state.state != "appropriated":
            since = state.from_.isoformat()
            yield NotAppropriated(institution.institution, state.state, since, state.rate)


def _lapsed(study: Study) -> Iterator[Finding]:
    for tool in study.tools:
        authority = study.institution_of[tool].authority
        if study.lapsed(tool) and authority is not None:
            yield LapsedAuthority(tool, authority.lapses_on.isoformat())


def _without_condition(study: Study) -> Iterator[Finding]:
    for name, limit in study.limits.items():
        trigger = limit.when
        waits = trigger is not None and limit.holds_on(study.as_of)
        if trigger and waits and study.parameter(trigger.parameter).value is None:
            yield LimitWithoutCondition(name, trigger.parameter)


def _not_asked(study: Study) -> Iterator[Finding]:
    for one in study.requirements:
        if not one.holds_on(study.as_of):
            yield RequirementOutsideItsDays(one.id, str(one.from_ or ""), str(one.until or ""))
