"""Findings of the questions in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from evaluator.questions import findings as questions
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import counted, fixed, general, share, signed
from evaluator.report.formatting.phrases import ENDED, IGNORED
from evaluator.report.messages import message
from evaluator.report.messages.allocation import limit_in_words
from evaluator.report.messages.failures import because

_SHOWN = 3
"""Names in one sentence."""


@message(questions.QuestionFailed)
def _failed(finding: questions.QuestionFailed, names: Names) -> str:
    what = finding.question.replace("_", " ")
    return f"the question '{what}' has no answer: {because(finding.error, finding.reason)}"


@message(questions.BoundsNoRequest)
def _bounds_no_request(finding: questions.BoundsNoRequest, names: Names) -> str:
    return f"{names.bounded(finding.subject)} is left out: no request is bounded by it"


@message(questions.NothingStands)
def _nothing_stands(finding: questions.NothingStands, names: Names) -> str:
    return f"nothing is compared, for nothing stands: {ENDED[finding.status]}"


@message(questions.NextDollars)
def _next_dollars(finding: questions.NextDollars, names: Names) -> str:
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


@message(questions.NextDollarsUntold)
def _next_dollars_untold(finding: questions.NextDollarsUntold, names: Names) -> str:
    return (
        f"what the next {names.amount(finding.amount_usd)} of {names.bounded(finding.subject)} buy"
        f" is not known: {ENDED[finding.status]}"
    )


@message(questions.AllIsGiven)
def _all_is_given(_: questions.AllIsGiven, names: Names) -> str:
    return "all that is asked is given"


@message(questions.HeldBack)
def _held_back(finding: questions.HeldBack, names: Names) -> str:
    limits = (limit_in_words(limit, group, names) for limit, group in finding.limits)
    return f"the rest is held back by {_listed(limits)}"


@message(questions.HeldBackByOthers)
def _held_back_by_others(_: questions.HeldBackByOthers, names: Names) -> str:
    return "the rest is held back by minimums and by what gains more elsewhere"


@message(questions.SupportedWith)
def _supported_with(finding: questions.SupportedWith, names: Names) -> str:
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


@message(questions.NoSingleChange)
def _no_single_change(finding: questions.NoSingleChange, names: Names) -> str:
    return f"{names.package(finding.package)}: no such change alone is enough"


@message(questions.FoundByBisection)
def _bisection(finding: questions.FoundByBisection, names: Names) -> str:
    return (
        f"bisection on re-solves: scores to {general(finding.score_step, 3)}, requests to"
        f" {share(finding.share_step)}, limits to {names.amount(finding.usd_step)}; one change at a"
        " time, all else as it is"
    )


@message(questions.OnlyTheBestAreLookedAt)
def _only_the_best(finding: questions.OnlyTheBestAreLookedAt, names: Names) -> str:
    w = names.words
    return (
        f"of {finding.without} designated {w.packages} without support the {finding.looked_at} that"
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


def _decided(finding: questions.OverrideStands, names: Names) -> str:
    """Return a named decision, signed."""
    subject = finding.subject
    named = names.limit(subject) if finding.kind == "ignore" else names.package(subject)
    named = IGNORED.get(subject, named)
    what = _DECIDED[finding.kind].format(named)
    by = f" by {names.tool(finding.tool)}" if finding.tool else ""
    by += f" with at least {names.amount(finding.at_least)}" if finding.at_least else ""
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


@message(questions.OverrideUntold)
def _override_untold(finding: questions.OverrideUntold, names: Names) -> str:
    which = "without it the solver" if finding.without else "nothing stands, for the solver"
    return (
        f"{_decided(finding, names)}: what it costs cannot be told; {which} was"
        f" {ENDED['no_solution']}"
    )


@message(questions.OverrideCost)
def _override_cost(finding: questions.OverrideCost, names: Names) -> str:
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


@message(questions.BestUnderSubsidyCaps)
def _under_subsidy_caps(finding: questions.BestUnderSubsidyCaps, names: Names) -> str:
    return (
        f"best objective under caps on subsidy, {names.amount(finding.step_usd)} apart or "
        "more; then"
        " least subsidy"
    )


@message(questions.BestUnderShareCaps)
def _under_share_caps(finding: questions.BestUnderShareCaps, names: Names) -> str:
    return (
        f"best objective under caps on the share of one {finding.per},"
        f" {general(100 * finding.step, 2)} % apart or more; then the least share"
    )


@message(questions.DifferInSupport)
def _differ_in_support(_: questions.DifferInSupport, names: Names) -> str:
    w = names.words
    return f"a portfolio is the set of {w.packages} with any support; sets found before are cut off"


@message(questions.CoreShares)
def _core_shares(finding: questions.CoreShares, names: Names) -> str:
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


@message(questions.DesignationOfDraws)
def _designation_of_draws(finding: questions.DesignationOfDraws, names: Names) -> str:
    return (
        "the designated set is held in all draws"
        if finding.held
        else "each draw designates its own set"
    )


@message(questions.SharesMoveInProportion)
def _in_proportion(finding: questions.SharesMoveInProportion, names: Names) -> str:
    w = names.words
    return (
        f"each {w.agency}'s influence moves, the others in proportion, and everything is "
        "solved again:"
        f" outward in steps of {general(finding.step, 3)}, then halved to"
        f" {general(finding.tolerance, 3)}; a change within a step may go unseen"
    )


@message(questions.LateVerdict)
def _late_verdict(finding: questions.LateVerdict, names: Names) -> str:
    if finding.worth is None:
        worth = "at the prices of its room it would take nothing"
    else:
        word = "more" if finding.worthwhile else "no more"
        gained, price = fixed(finding.worth, 2), fixed(finding.price, 2)
        worth = f"it would gain {gained} points, {word} than the {price} that its room is worth to"
        worth += " others"
    fits = "nothing is left for it"
    if finding.given_usd:
        fits = f"it gets {names.amount(finding.given_usd)} ({signed(finding.gained, 2)} points)"
    swap = "it would get nothing either"
    if finding.free_usd:
        whom = ", ".join(map(names.package, finding.displaced)) or "nobody"
        swap = f"it would get {names.amount(finding.free_usd)} and displace {whom}"
    return f"{worth}; with commitments fixed {fits}; were they free, {swap}"


@message(questions.ReserveWasKept)
def _reserve_was_kept(finding: questions.ReserveWasKept, names: Names) -> str:
    w = names.words
    every = f"every {w.envelope} and every subsidy budget"
    parts = ((share(part), names.tool(tool) if tool else every) for tool, part in finding.shares)
    kept = ", ".join(f"{part} of {money}" for part, money in parts)
    return f"a reserve of {kept} was kept for late {w.packages}"


@message(questions.RoomPricedByDuals)
def _room_priced(_: questions.RoomPricedByDuals, names: Names) -> str:
    w = names.words
    return (
        f"bid prices: duals of the relaxation over the standing {w.packages}, on the whole "
        f"{w.envelopes},"
        " commitments free"
    )


@message(questions.CommitmentsAreLeast)
def _commitments(_: questions.CommitmentsAreLeast, names: Names) -> str:
    return "commitments fixed: every standing amount is a lower bound, the rest is free to all"


@message(questions.JudgedAlone)
def _judged_alone(_: questions.JudgedAlone, names: Names) -> str:
    w = names.words
    return f"each late {w.package} is judged without the others"


@message(questions.OrdersWithoutGain)
def _orders_without_gain(finding: questions.OrdersWithoutGain, names: Names) -> str:
    return (
        f"in {finding.orders} of {finding.of} orders nothing could be gained, since nobody arrived"
        " who can be supported: each policy counts as reaching all of it"
    )


@message(questions.ArrivalsDrawn)
def _arrivals_drawn(finding: questions.ArrivalsDrawn, names: Names) -> str:
    return (
        f"each of {names.words.packages_counted(finding.packages)} arrives with chance"
        f" {general(finding.chance, 6)} at a uniform time"
    )


@message(questions.SharesOfHindsight)
def _shares_of_hindsight(_: questions.SharesOfHindsight, names: Names) -> str:
    return "share: objective over that of the allocation of one who knew who would come"


@message(questions.JudgedAtTheEnd)
def _judged_at_the_end(_: questions.JudgedAtTheEnd, names: Names) -> str:
    w = names.words
    return (
        f"left out: goals, musts, lower limits over several {w.packages}; a share of a sum "
        "is one of the"
        f" sum in the optimum over all {w.packages}"
    )


@message(questions.CommittedOnce)
def _committed_once(finding: questions.CommittedOnce, names: Names) -> str:
    w = names.words
    return (
        f"at {general(100 * finding.at, 6)} % of the review those who arrived share what the"
        f" reserve leaves of every {w.envelope} and every subsidy budget; at the end all "
        "share the rest,"
        " commitments kept"
    )


@message(questions.DesignationStands)
def _designation_stands(finding: questions.DesignationStands, names: Names) -> str:
    return (
        f"the designation of {finding.scenario} stands in every scenario:"
        f" {names.words.packages_counted(finding.packages)}"
    )


@message(questions.DesignatedByAll)
def _designated_by_all(finding: questions.DesignatedByAll, names: Names) -> str:
    w = names.words
    return f"only {w.packages} count that every scenario designates: {finding.packages}"


@message(questions.OneFeasibleSet)
def _one_feasible_set(finding: questions.OneFeasibleSet, names: Names) -> str:
    w = names.words
    kept = "the limits of all" if finding.limits_of_all else "its limits"
    measure = "the objective given for it" if finding.given else "the best of that set under its"
    measure += "" if finding.given else " scores"
    return (
        f"all portfolios come from one feasible set: the {w.packages} designated, {kept}, "
        "the goals of"
        f" {finding.goals_of}; a regret is against {measure}"
    )
