"""What changes by date, in words."""

from __future__ import annotations

from evaluator.questions.dated import findings as kinds
from evaluator.report.formatting.names import Names
from evaluator.report.messages import message, say
from evaluator.report.messages.failures import because


@message(kinds.Standing)
def _standing(finding: kinds.Standing, names: Names) -> str:
    return "in force" if finding.in_force else "not in force"


@message(kinds.FactsDiffer)
def _facts_differ(finding: kinds.FactsDiffer, names: Names) -> str:
    if not finding.countries:
        return "no country changes"
    told = ", ".join(map(names.country, finding.countries))
    count = len(finding.countries)
    many = "1 country" if count == 1 else f"{count} countries"
    return f"changes for {many}: {told}"


@message(kinds.ToldOfLimit)
def _told_of_limit(finding: kinds.ToldOfLimit, names: Names) -> str:
    return f"{names.limit(finding.limit)}: {say(finding.told, names)}"


@message(kinds.ValueUntold)
def _value_untold(finding: kinds.ValueUntold, names: Names) -> str:
    return f"what moves is not known: {because(finding.error, finding.reason)}"


@message(kinds.StandingOn)
def _standing_on(finding: kinds.StandingOn, names: Names) -> str:
    return (
        f"what is in force, past or ahead is so on {finding.day}; what moves with a change"
        " is told by `evaluator law`"
    )


@message(kinds.NotRead)
def _not_read(_: kinds.NotRead, names: Names) -> str:
    return "values in force that were neither read in their source nor derived from what was"
