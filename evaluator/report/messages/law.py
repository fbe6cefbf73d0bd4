"""What changes by date, in words."""

from __future__ import annotations

from evaluator.questions import findings as questions
from evaluator.report.formatting.names import Names
from evaluator.report.messages import message, say
from evaluator.report.messages.failures import because


@message(questions.Standing)
def _standing(finding: questions.Standing, names: Names) -> str:
    return "in force" if finding.in_force else "not in force"


@message(questions.FactsDiffer)
def _facts_differ(finding: questions.FactsDiffer, names: Names) -> str:
    if not finding.countries:
        return "no country changes"
    told = ", ".join(map(names.country, finding.countries))
    count = len(finding.countries)
    many = "1 country" if count == 1 else f"{count} countries"
    return f"changes for {many}: {told}"


@message(questions.ToldOfLimit)
def _told_of_limit(finding: questions.ToldOfLimit, names: Names) -> str:
    return f"{names.limit(finding.limit)}: {say(finding.told, names)}"


@message(questions.ValueUntold)
def _value_untold(finding: questions.ValueUntold, names: Names) -> str:
    return f"what moves is not known: {because(finding.error, finding.reason)}"


@message(questions.StandingOn)
def _standing_on(finding: questions.StandingOn, names: Names) -> str:
    return (
        f"what is in force, past or ahead is so on {finding.day}; what moves with a change"
        " is told by `evaluator law`"
    )


@message(questions.NotRead)
def _not_read(_: questions.NotRead, names: Names) -> str:
    return "values in force that were neither read in their source nor derived from what was"
