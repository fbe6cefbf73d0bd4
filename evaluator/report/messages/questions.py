"""Findings of the questions in words."""

from __future__ import annotations

from evaluator.questions import findings as questions
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import counted, dollars, general, share
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


@message(questions.OverridesOneAtATime)
def _one_at_a_time(_: questions.OverridesOneAtATime, names: Names) -> str:
    return (
        "objective of a re-solve without the override, less that of the allocation; one at a time"
    )


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
