"""What the questions on money find, in words."""

from __future__ import annotations

from collections.abc import Iterable

from evaluator.questions.funding import findings as kinds
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import counted, fixed, general, share
from evaluator.report.formatting.phrases import ENDED
from evaluator.report.messages import message
from evaluator.report.messages.allocation import limit_in_words

_SHOWN = 3
"""Names in one sentence."""


@message(kinds.BoundsNoRequest)
def _bounds_no_request(finding: kinds.BoundsNoRequest, names: Names) -> str:
    return f"{names.bounded(finding.subject)} is left out: no request is bounded by it"


@message(kinds.NextDollars)
def _next_dollars(finding: kinds.NextDollars, names: Names) -> str:
    text = (
        f"the next {names.amount(finding.amount_usd)} of {names.bounded(finding.subject)} buy "
        f"{fixed(finding.gained, 2)} points of"
        f" objective; {_more(finding.used_usd, names)} of it is proposed"
    )
    if finding.foretold is not None:
        text += f"; its price foretells {fixed(finding.foretold, 2)}"
        holds = finding.price_holds_usd
        text += "" if holds is None else f", and holds for the first {names.amount(holds)}"
    if finding.entered:
        text += f"; {_listed(map(names.package, finding.entered))} would be supported as well"
    if finding.left:
        text += f"; {_listed(map(names.package, finding.left))} would no longer be"
    return text


def _more(usd: int, names: Names) -> str:
    if not usd:
        return "no more"
    return f"{names.amount(abs(usd))} {'more' if usd > 0 else 'less'}"


def _listed(called: Iterable[str]) -> str:
    every = list(called)
    more = f" and {len(every) - _SHOWN} more" if len(every) > _SHOWN else ""
    return f"{', '.join(every[:_SHOWN])}{more}"


@message(kinds.NextDollarsUntold)
def _next_dollars_untold(finding: kinds.NextDollarsUntold, names: Names) -> str:
    return (
        f"what the next {names.amount(finding.amount_usd)} of {names.bounded(finding.subject)} buy"
        f" is not known: {ENDED[finding.status]}"
    )


@message(kinds.AllIsGiven)
def _all_is_given(_: kinds.AllIsGiven, names: Names) -> str:
    return "all that is asked is given"


@message(kinds.HeldBack)
def _held_back(finding: kinds.HeldBack, names: Names) -> str:
    limits = (limit_in_words(limit, group, names) for limit, group in finding.limits)
    return f"the rest is held back by {_listed(limits)}"


@message(kinds.HeldBackByOthers)
def _held_back_by_others(_: kinds.HeldBackByOthers, names: Names) -> str:
    return "the rest is held back by minimums and by what gains more elsewhere"


@message(kinds.SupportedWith)
def _supported_with(finding: kinds.SupportedWith, names: Names) -> str:
    ways: list[str] = []
    if finding.score_needed is not None:
        score, needed = general(finding.score, 6), general(finding.score_needed, 6)
        ways.append(f"with a score of {needed} in place of {score}")
    if finding.request_share is not None and finding.request_usd is not None:
        part, usd = share(finding.request_share), names.amount(finding.request_usd)
        ways.append(f"if it asked for {part} of its request ({usd} in all)")
    if finding.more_usd is not None:
        limit = limit_in_words(finding.limit, finding.group, names)
        ways.append(f"if {limit} were {names.amount(finding.more_usd)} larger")
    return f"{names.package(finding.package)} would be supported {', or '.join(ways)}"


@message(kinds.NoSingleChange)
def _no_single_change(finding: kinds.NoSingleChange, names: Names) -> str:
    return f"{names.package(finding.package)}: no such change alone is enough"


@message(kinds.FoundByBisection)
def _bisection(finding: kinds.FoundByBisection, names: Names) -> str:
    return (
        f"bisection on re-solves: scores to {general(finding.score_step, 3)}, requests to"
        f" {share(finding.share_step)}, limits to {names.amount(finding.usd_step)}; one change at a"
        " time, all else as it is"
    )


@message(kinds.OnlyTheBestAreLookedAt)
def _only_the_best(finding: kinds.OnlyTheBestAreLookedAt, names: Names) -> str:
    w = names.words
    return (
        f"of {finding.without} designated {w.packages} without support the {finding.looked_at} that"
        f" rank best are looked at, since the program has more than {finding.binaries} binaries"
        " (`what_it_takes` asks of others)"
    )


@message(kinds.FewerDraws)
def _fewer_draws(finding: kinds.FewerDraws, names: Names) -> str:
    return (
        f"{counted(finding.draws, 'draw')}, since the program has more than {finding.binaries}"
        " binaries"
    )


@message(kinds.DrawsStopped)
def _draws_stopped(finding: kinds.DrawsStopped, names: Names) -> str:
    return (
        f"in {finding.draws:,} of {finding.of:,} draws time stopped the solver: what it had found"
        " counts"
    )


@message(kinds.BestUnderSubsidyCaps)
def _under_subsidy_caps(finding: kinds.BestUnderSubsidyCaps, names: Names) -> str:
    return (
        f"best objective under caps on subsidy, {names.amount(finding.step_usd)} apart or "
        "more; then"
        " least subsidy"
    )


@message(kinds.BestUnderShareCaps)
def _under_share_caps(finding: kinds.BestUnderShareCaps, names: Names) -> str:
    return (
        f"best objective under caps on the share of one {finding.per},"
        f" {general(100 * finding.step, 2)} % apart or more; then the least share"
    )


@message(kinds.DifferInSupport)
def _differ_in_support(_: kinds.DifferInSupport, names: Names) -> str:
    w = names.words
    return f"a portfolio is the set of {w.packages} with any support; sets found before are cut off"


@message(kinds.CoreShares)
def _core_shares(finding: kinds.CoreShares, names: Names) -> str:
    w = names.words
    core, out = "every draw", "none"
    if finding.core_share < 1:
        core = f"at least {share(finding.core_share)} of draws"
        out = f"at most {share(1 - finding.core_share)}"
    return (
        f"core index: share of draws whose best allocation funds the {w.package}; of "
        "interchangeable"
        f" {w.packages} that tie for a place, of the choices among them; core: funded in"
        f" {core}; out: in {out}; borderline: between"
    )


@message(kinds.DesignationOfDraws)
def _designation_of_draws(finding: kinds.DesignationOfDraws, names: Names) -> str:
    return (
        "the designated set is held in all draws"
        if finding.held
        else "each draw designates its own set"
    )
