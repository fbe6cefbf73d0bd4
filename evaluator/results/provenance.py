"""Where every number comes from, and how far it can be trusted."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import get_args

import pandas as pd

from evaluator.model.base import Citation, Confidence
from evaluator.model.study import Study
from evaluator.results.evaluation import Provenance

COLUMNS = ("kind", "id", "label", "value", "citation", "confidence", "checked_on", "note")
_PACKAGES = ("numpy", "scipy", "pandas", "pulp", "highspy", "pydantic")
Source = tuple[str, str, str, str, Citation]


def provenance(study: Study, performances: pd.DataFrame, elicitation: pd.DataFrame) -> Provenance:
    """Return the sources of a study's numbers, counted by confidence, and what to beware of."""
    rows = [
        (kind, name, label, value, c.title, c.confidence, str(c.checked_on or ""), c.note or "")
        for kind, name, label, value, c in _sources(study)
    ]
    sources = pd.DataFrame(rows, columns=list(COLUMNS))
    counts = sources["confidence"].value_counts()
    return Provenance(
        fingerprint=study.fingerprint,
        sources=sources,
        confidence={name: int(counts.get(name, 0)) for name in get_args(Confidence)},
        versions=versions(),
        notes=(*_notes(study, performances), *_doubts(elicitation)),
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
        yield "requirement", requirement.id, requirement.label, "", requirement.citation
    for name, criterion in study.criteria.items():
        yield "criterion", name, criterion.label, "", criterion.citation
    for scale in study.scales:
        yield "scale", scale.id, scale.label, "", scale.citation
    for agency in study.agencies:
        stated = agency.weights.citation or Citation(
            title=f"stated in the file of {agency.agency}", confidence=agency.weights.confidence
        )
        yield "weights", agency.agency, f"Weights of {agency.name}", agency.weights.method, stated
    shares = study.scenario.influence
    told = ", ".join(f"{agency} {share:g}" for agency, share in shares.shares.items())
    yield "influence", "influence", "Influence of the agencies", told, shares.citation
    rule = study.scenario.designation
    if rule.citation is not None:
        yield "designation", "designation", "Rule of designation", "", rule.citation
    if study.scenario.call is not None:
        call = study.scenario.call
        yield "call", "call", "Call for proposals", f"closes {call.closes}", call.citation
    yield from _financing(study)
    for attribute in (*study.package_attributes, *study.country_attributes):
        if attribute.citation is not None:
            yield "column", attribute.id, attribute.label, "", attribute.citation


def _financing(study: Study) -> Iterator[Source]:
    for institution in study.institutions:
        authority = institution.authority
        if authority is not None:
            until = f"to {authority.lapses_on}"
            name = institution.institution
            yield "authority", name, f"Authority of {name}", until, authority.citation
    for name, parameter in study.parameters.items():
        dated = study.parameter(name)
        value = dated.missing or f"{dated.value:,.10g} {parameter.unit} from {dated.from_}"
        yield "parameter", name, parameter.label, value, dated.citation
    for name, tool in study.tools.items():
        envelope = tool.envelope
        yield "tool", name, tool.label, "", tool.statute
        yield (
            "envelope",
            name,
            f"Envelope: {tool.label}",
            f"{envelope.amount:,} USD",
            envelope.citation,
        )
        yield "subsidy rate", name, f"Subsidy: {tool.label}", "", tool.subsidy.citation
    for name, limit in study.limits.items():
        yield f"limit ({limit.kind})", name, limit.label, "", limit.citation


def _doubts(elicitation: pd.DataFrame) -> Iterator[str]:
    for row in elicitation[elicitation["warnings"] != ""].itertuples():
        yield f"weights of {row.agency}{' > ' if row.group else ''}{row.group}: {row.warnings}"


def _notes(study: Study, performances: pd.DataFrame) -> Iterator[str]:
    for row in performances[performances["clamped"]].itertuples():
        yield f"{row.package}, {row.criterion}: {row.raw} {row.unit} is {row.note}"
    for row in performances[performances["state"] == "missing"].itertuples():
        yield f"{row.package}, {row.criterion}: missing ({row.note}), scored 0"
    some = (performances["blank"] > 0) & (performances["rated"] > 0)
    for row in performances[some].itertuples():
        yield f"{row.package}, {row.criterion}: {row.note}"
    for tool in study.tools:
        institution = study.institution_of[tool]
        if study.lapsed(tool) and institution.authority is not None:
            lapse = institution.authority.lapses_on
            yield f"{tool}: switched off, the authority of {institution.name} lapsed on {lapse}"
    for name, limit in study.limits.items():
        trigger = limit.when
        if trigger is not None and study.parameter(trigger.parameter).value is None:
            yield f"{name}: not applied, {trigger.parameter} is not known"
