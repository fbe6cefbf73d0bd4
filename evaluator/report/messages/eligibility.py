"""Why a request cannot be served, in words."""

from __future__ import annotations

from collections.abc import Iterable

from evaluator.allocation.model import findings as model
from evaluator.allocation.model.findings import Stated
from evaluator.model.filters import HOST
from evaluator.report.formatting.bounds import percent, value_in_words
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import general
from evaluator.report.messages import message

# What the study knows.


def fact_in_words(fact: Stated, names: Names) -> str:
    """Return what is known of a package, a country or a parameter, or that it is not."""
    if fact.name == HOST:
        return "no target country is named"
    name = names.attribute(fact.name.removeprefix(HOST)) if fact.of else names.parameter(fact.name)
    where = f" of {names.country(fact.of)}" if fact.name.startswith(HOST) else ""
    if fact.value is None:
        return f"{name}{where} is missing{f' ({fact.missing})' if fact.missing else ''}"
    return f"{name}{where} is {value_in_words(fact.value)}"


def _facts(facts: Iterable[Stated], names: Names) -> str:
    return "; ".join(fact_in_words(fact, names) for fact in facts)


# Why a request cannot be served.


@message(model.NotPassed)
def _not_passed(_: model.NotPassed, names: Names) -> str:
    return "not all its requirements are passed"


@message(model.NotDesignated)
def _not_designated(_: model.NotDesignated, names: Names) -> str:
    return "not designated"


@message(model.AuthorityLapsed)
def _lapsed(finding: model.AuthorityLapsed, names: Names) -> str:
    w = names.words
    name = names.institution(finding.institution)
    return f"the authority of {name} lapsed on {finding.on}: its {w.tools} give nothing"


@message(model.NoAppropriation)
def _no_appropriation(finding: model.NoAppropriation, names: Names) -> str:
    w = names.words
    name = names.institution(finding.institution)
    return f"no appropriation for {name} since {finding.since}: its {w.tools} give nothing"


@message(model.NotShown)
def _not_shown(finding: model.NotShown, names: Names) -> str:
    said = "failed" if finding.outcome == "failed" else "not shown"
    return f"{said}: {names.requirement(finding.requirement)}"


@message(model.Ineligible)
def _ineligible(finding: model.Ineligible, names: Names) -> str:
    return f"not eligible: {_facts(finding.facts, names)}"


@message(model.PartEligible)
def _part_eligible(finding: model.PartEligible, names: Names) -> str:
    why = _facts(finding.facts, names)
    return f"{percent(finding.share)} of the request is eligible: {why}"


@message(model.MinimumAboveEligible)
def _minimum_above(finding: model.MinimumAboveEligible, names: Names) -> str:
    least, eligible = names.words.money.apart(finding.least, finding.eligible)
    return f"not eligible: the minimum of {least} is more than the {eligible} that are"


@message(model.LongestTermUnknown)
def _longest_unknown(finding: model.LongestTermUnknown, names: Names) -> str:
    return f"not eligible: {fact_in_words(finding.parameter, names)}"


@message(model.TermMissing)
def _term_missing(finding: model.TermMissing, names: Names) -> str:
    return f"not eligible: its term is missing (at most {general(finding.longest, 6)} years)"


@message(model.TermTooLong)
def _too_long(finding: model.TermTooLong, names: Names) -> str:
    why = f" ({_facts(finding.facts, names)})" if finding.facts else ""
    years, longest = general(finding.years, 6), general(finding.longest, 6)
    return f"not eligible: {years} years, at most {longest}{why}"
