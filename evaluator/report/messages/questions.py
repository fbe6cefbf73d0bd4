"""Findings of the questions in words."""

from __future__ import annotations

from collections.abc import Mapping

from evaluator.questions import findings as questions
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import counted, dollars, fixed, general, share
from evaluator.report.messages import message
from evaluator.report.messages.failures import because


@message(questions.QuestionFailed)
def _failed(finding: questions.QuestionFailed, names: Names) -> str:
    what = finding.question.replace("_", " ")
    return f"the question '{what}' has no answer: {because(finding.error, finding.reason)}"


@message(questions.BoundsNoRequest)
def _bounds_no_request(finding: questions.BoundsNoRequest, names: Names) -> str:
    subject = names.tool(finding.subject)
    name = names.limit(finding.subject) if subject == finding.subject else subject
    return f"{name} is left out: no request is bounded by it"


@message(questions.NothingStands)
def _nothing_stands(finding: questions.NothingStands, names: Names) -> str:
    return f"nothing is compared: the allocation is {finding.status.replace('_', ' ')}"


@message(questions.FoundByBisection)
def _bisection(finding: questions.FoundByBisection, names: Names) -> str:
    return (
        f"bisection on re-solves: scores to {general(finding.score_step, 3)}, requests to"
        f" {share(finding.share_step)}, limits to {dollars(finding.usd_step)}; one change at a"
        " time, all else as it is"
    )


@message(questions.OnlyTheBestAreLookedAt)
def _only_the_best(finding: questions.OnlyTheBestAreLookedAt, names: Names) -> str:
    return (
        f"of {finding.without} designated packages without support the {finding.looked_at} that"
        f" rank best are looked at, since the program has more than {finding.binaries} binaries"
        " (`what_it_takes` asks of others)"
    )


@message(questions.FewerDraws)
def _fewer_draws(finding: questions.FewerDraws, names: Names) -> str:
    return (
        f"{counted(finding.draws, 'draw')}, since the program has more than {finding.binaries}"
        " binaries"
    )


@message(questions.DrawsStopped)
def _draws_stopped(finding: questions.DrawsStopped, names: Names) -> str:
    return (
        f"in {finding.draws:,} of {finding.of:,} draws time stopped the solver: what it had found"
        " counts"
    )


@message(questions.OverridesOneAtATime)
def _one_at_a_time(_: questions.OverridesOneAtATime, names: Names) -> str:
    return (
        "objective of a re-solve without the override, less that of the allocation; one at a time"
    )


@message(questions.OverridesNotPriced)
def _not_priced(finding: questions.OverridesNotPriced, names: Names) -> str:
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


_IGNORED = {"kind:goal": "all goals", "kind:law": "all limits that are no goals"}


def _decided(finding: questions.OverrideStands, names: Names) -> str:
    """Return a named decision, signed."""
    subject = finding.subject
    named = names.limit(subject) if finding.kind == "ignore" else names.package(subject)
    named = _IGNORED.get(subject, named)
    what = _DECIDED[finding.kind].format(named)
    by = f" by {names.tool(finding.tool)}" if finding.tool else ""
    by += f" with at least {dollars(finding.at_least)}" if finding.at_least else ""
    return f"{what}{by} ({finding.by}, {finding.date}: {finding.because.rstrip('.')})"


@message(questions.OverrideStands)
def _override(finding: questions.OverrideStands, names: Names) -> str:
    return f"{_decided(finding, names)}: what it costs is not asked"


@message(questions.OverrideDecides)
def _override_decides(finding: questions.OverrideDecides, names: Names) -> str:
    what = _decided(finding, names)
    if finding.stands:
        return f"{what}: without it there would be no allocation"
    if finding.without:
        return f"{what} leaves no allocation; without it there is one"
    return f"{what}: without it there is no allocation either"


@message(questions.OverrideCost)
def _override_cost(finding: questions.OverrideCost, names: Names) -> str:
    points = fixed(abs(finding.lost), 2)
    verb = "costs" if finding.lost > 0 else "gains"
    told = "costs nothing" if float(points) == 0 else f"{verb} {points} points of objective"
    text = f"{_decided(finding, names)} {told}. Without it {dollars(finding.moved_usd)}"
    text += " would change hands"
    if finding.entered:
        text += f"; {', '.join(map(names.package, finding.entered))} would be supported"
    if finding.left:
        text += f"; {', '.join(map(names.package, finding.left))} would not be"
    return text


@message(questions.BestUnderSubsidyCaps)
def _under_subsidy_caps(finding: questions.BestUnderSubsidyCaps, names: Names) -> str:
    return (
        f"best objective under caps on subsidy, {dollars(finding.step_usd)} apart or more; then"
        " least subsidy"
    )


@message(questions.BestUnderShareCaps)
def _under_share_caps(finding: questions.BestUnderShareCaps, names: Names) -> str:
    return (
        f"best objective under caps on the share of one {finding.per},"
        f" {share(finding.step, 2)} apart or more; then the least share"
    )


@message(questions.DifferInSupport)
def _differ_in_support(_: questions.DifferInSupport, names: Names) -> str:
    return "a portfolio is the set of packages with any support; sets found before are cut off"


@message(questions.CoreShares)
def _core_shares(finding: questions.CoreShares, names: Names) -> str:
    return (
        "core index: share of draws whose best allocation funds the package; of interchangeable"
        " packages that tie for a place, of the choices among them; core: funded in at"
        f" least {share(finding.core_share)} of draws; out: in at most"
        f" {share(1 - finding.core_share)}; borderline: between"
    )


@message(questions.DesignationOfDraws)
def _designation_of_draws(finding: questions.DesignationOfDraws, names: Names) -> str:
    return (
        "the designated set is held in all draws"
        if finding.held
        else "each draw designates its own set"
    )


@message(questions.SharesMoveInProportion)
def _in_proportion(finding: questions.SharesMoveInProportion, names: Names) -> str:
    return (
        "each agency's influence moves, the others in proportion, and everything is solved again:"
        f" outward in steps of {general(finding.step, 3)}, then halved to"
        f" {general(finding.tolerance, 3)}; a change within a step may go unseen"
    )
