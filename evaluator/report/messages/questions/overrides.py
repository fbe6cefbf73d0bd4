"""What each named decision costs, in words."""

from __future__ import annotations

from collections.abc import Mapping

from evaluator.questions.funding import findings as kinds
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import fixed
from evaluator.report.formatting.phrases import ENDED, IGNORED
from evaluator.report.messages import message


@message(kinds.OverridesOneAtATime)
def _one_at_a_time(_: kinds.OverridesOneAtATime, names: Names) -> str:
    return (
        "objective of a re-solve without the override, less that of the allocation; one at a time"
    )


@message(kinds.OverridesNotPriced)
def _not_priced(finding: kinds.OverridesNotPriced, names: Names) -> str:
    return (
        "what each costs is not asked in a plain run, since the program has more than"
        f" {finding.binaries} binaries; a full run asks"
    )


_DECIDED: Mapping[str, str] = {
    "must": "That {} must be supported",
    "must_not": "That {} must not be supported",
    "ignore": "Ignoring {}",
    "include": "Including {}",
    "exclude": "Excluding {}",
}


def _decided(finding: kinds.OverrideStands, names: Names) -> str:
    """Return a named decision, signed."""
    subject = finding.subject
    named = names.limit(subject) if finding.kind == "ignore" else names.package(subject)
    named = IGNORED.get(subject, named)
    what = _DECIDED[finding.kind].format(named)
    by = f" by {names.tool(finding.tool)}" if finding.tool else ""
    by += f" with at least {names.amount(finding.at_least)}" if finding.at_least else ""
    return f"{what}{by} ({finding.by}, {finding.date}: {finding.because.rstrip('.')})"


@message(kinds.OverrideStands)
def _override(finding: kinds.OverrideStands, names: Names) -> str:
    return f"{_decided(finding, names)}: what it costs is not asked"


@message(kinds.OverrideDecides)
def _override_decides(finding: kinds.OverrideDecides, names: Names) -> str:
    what = _decided(finding, names)
    if finding.stands:
        return f"{what}: without it there would be no allocation"
    if finding.without:
        return f"{what} leaves no allocation; without it there is one"
    return f"{what}: without it there is no allocation either"


@message(kinds.OverrideUntold)
def _override_untold(finding: kinds.OverrideUntold, names: Names) -> str:
    which = "without it the solver" if finding.without else "nothing stands, for the solver"
    return (
        f"{_decided(finding, names)}: what it costs cannot be told; {which} was"
        f" {ENDED['no_solution']}"
    )


@message(kinds.OverrideCost)
def _override_cost(finding: kinds.OverrideCost, names: Names) -> str:
    points = fixed(abs(finding.lost), 2)
    verb = "costs" if finding.lost > 0 else "gains"
    nothing = points == fixed(0, 2)
    told = "costs nothing" if nothing else f"{verb} {points} points of objective"
    text = f"{_decided(finding, names)} {told}"
    if not finding.moved_usd:
        return text
    text += f". Without it {names.amount(finding.moved_usd)} would change hands"
    if finding.entered:
        text += f"; {', '.join(map(names.package, finding.entered))} would be supported"
    if finding.left:
        text += f"; {', '.join(map(names.package, finding.left))} would not be"
    return text
