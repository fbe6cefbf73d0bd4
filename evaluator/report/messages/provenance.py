"""What to beware of in a study."""

from __future__ import annotations

from evaluator.model.base import MONEY
from evaluator.report.formatting.bounds import percent
from evaluator.report.formatting.names import Names, method_name
from evaluator.report.formatting.numbers import fixed, general
from evaluator.report.formatting.phrases import days
from evaluator.report.messages import message, say
from evaluator.results import provenance as kinds


def not_rated(blank: int, evaluators: int) -> str:
    """Return how many of the evaluators are yet to rate.

    >>> not_rated(1, 2)
    '1 of 2 evaluators has not rated'
    """
    return f"{blank} of {evaluators} evaluators {'has' if blank == 1 else 'have'} not rated"


@message(kinds.MissingPerformance)
def _missing(found: kinds.MissingPerformance, names: Names) -> str:
    what = f"{names.package(found.package)}, {names.criterion(found.criterion)}"
    stands = "scored 0" if found.counts else "left out"
    return f"{what}: missing ({say(found.why, names)}), {stands}"


@message(kinds.PartlyRated)
def _partly(found: kinds.PartlyRated, names: Names) -> str:
    what = f"{names.package(found.package)}, {names.criterion(found.criterion)}"
    return f"{what}: {not_rated(found.blank, found.rated + found.blank)}"


@message(kinds.OutsideAnchors)
def _outside(found: kinds.OutsideAnchors, names: Names) -> str:
    what = f"{names.package(found.package)}, {names.criterion(found.criterion)}"
    raw = f"{general(found.measured, 10)} {found.unit}".strip()
    return f"{what}: {raw} is outside the anchors of the value function"


@message(kinds.LapsedAuthority)
def _lapsed(found: kinds.LapsedAuthority, names: Names) -> str:
    tool, owner = names.tool(found.tool), names.owner(found.tool)
    return f"{tool}: switched off, the authority of {owner} lapsed on {found.on}"


@message(kinds.LimitWithoutCondition)
def _without_condition(found: kinds.LimitWithoutCondition, names: Names) -> str:
    return (
        f"{names.limit(found.limit)}: not applied, {names.parameter(found.parameter)} is not known"
    )


@message(kinds.RequirementOutsideItsDays)
def _not_asked(found: kinds.RequirementOutsideItsDays, names: Names) -> str:
    held = days(found.since, found.until)
    return f"{names.requirement(found.requirement)}: not asked, it holds {held}"


@message(kinds.StatedShares)
def _shares(found: kinds.StatedShares, names: Names) -> str:
    pairs = zip(found.agencies, found.shares, strict=True)
    return ", ".join(f"{names.agency(agency)} {general(share, 6)}" for agency, share in pairs)


@message(kinds.StatedBy)
def _stated_by(found: kinds.StatedBy, names: Names) -> str:
    return method_name(found.method)


@message(kinds.Closes)
def _closes(found: kinds.Closes, names: Names) -> str:
    return f"closes {found.day}"


@message(kinds.LapsesOn)
def _lapses(found: kinds.LapsesOn, names: Names) -> str:
    return f"to {found.day}"


_STATES = {
    "appropriated": "appropriated",
    "continuing": "continuing resolution",
    "none": "no appropriation",
}


@message(kinds.StatedState)
def _state(found: kinds.StatedState, names: Names) -> str:
    rate = "" if found.rate is None else f", {percent(found.rate)} of the year before"
    return f"{_STATES[found.state]} from {found.since}{rate}"


@message(kinds.NotAppropriated)
def _not_appropriated(found: kinds.NotAppropriated, names: Names) -> str:
    w = names.words
    name = names.institution(found.institution)
    if found.rate is None:
        return f"{name}: no appropriation since {found.since}, its {w.tools} give nothing"
    return (
        f"{name}: a continuing resolution since {found.since}, each {w.tool} gives at most"
        f" {percent(found.rate)} of what it had in the year before"
    )


@message(kinds.BesideEnvelope)
def _beside(found: kinds.BesideEnvelope, names: Names) -> str:
    w = names.words
    known = "not known" if found.value is None else names.amount(found.value)
    return (
        f"{names.tool(found.tool)}: the {w.envelope} is {names.amount(found.amount)} "
        f"({found.confidence});"
        f" beside it {names.parameter(found.parameter)}: {known} ({found.known})"
    )


@message(kinds.StatedValue)
def _value(found: kinds.StatedValue, names: Names) -> str:
    unit = names.words.money.code if found.unit == MONEY else found.unit
    return f"{general(found.value, 10)} {unit}".rstrip() + f" from {found.since}"


@message(kinds.UnknownValue)
def _unknown(found: kinds.UnknownValue, names: Names) -> str:
    return found.because


@message(kinds.StatedEnvelope)
def _envelope(found: kinds.StatedEnvelope, names: Names) -> str:
    return f"{fixed(found.amount_usd, 0)} {names.words.money.code}".rstrip()


@message(kinds.HeldIn)
def _held_in(found: kinds.HeldIn, names: Names) -> str:
    return found.column or "no column yet"


@message(kinds.KnownDays)
def _known_days(found: kinds.KnownDays, names: Names) -> str:
    assumed = f"; assumed adjournments: {found.assumed}" if found.assumed else ""
    return f"{found.first} to {found.last}{assumed}"
