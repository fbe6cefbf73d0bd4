"""What rolling review finds, in words."""

from __future__ import annotations

from evaluator.questions.rolling_review import findings as kinds
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import fixed, general, share, signed
from evaluator.report.messages import message


@message(kinds.LateVerdict)
def _late_verdict(finding: kinds.LateVerdict, names: Names) -> str:
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


@message(kinds.ReserveWasKept)
def _reserve_was_kept(finding: kinds.ReserveWasKept, names: Names) -> str:
    w = names.words
    every = f"every {w.envelope} and every subsidy budget"
    parts = ((share(part), names.tool(tool) if tool else every) for tool, part in finding.shares)
    kept = ", ".join(f"{part} of {money}" for part, money in parts)
    return f"a reserve of {kept} was kept for late {w.packages}"


@message(kinds.RoomPricedByDuals)
def _room_priced(_: kinds.RoomPricedByDuals, names: Names) -> str:
    w = names.words
    return (
        f"bid prices: duals of the relaxation over the standing {w.packages}, on the whole "
        f"{w.envelopes},"
        " commitments free"
    )


@message(kinds.CommitmentsAreLeast)
def _commitments(_: kinds.CommitmentsAreLeast, names: Names) -> str:
    return "commitments fixed: every standing amount is a lower bound, the rest is free to all"


@message(kinds.JudgedAlone)
def _judged_alone(_: kinds.JudgedAlone, names: Names) -> str:
    w = names.words
    return f"each late {w.package} is judged without the others"


@message(kinds.OrdersWithoutGain)
def _orders_without_gain(finding: kinds.OrdersWithoutGain, names: Names) -> str:
    return (
        f"in {finding.orders} of {finding.of} orders nothing could be gained, since nobody arrived"
        " who can be supported: each policy counts as reaching all of it"
    )


@message(kinds.ArrivalsDrawn)
def _arrivals_drawn(finding: kinds.ArrivalsDrawn, names: Names) -> str:
    return (
        f"each of {names.words.packages_counted(finding.packages)} arrives with chance"
        f" {general(finding.chance, 6)} at a uniform time"
    )


@message(kinds.SharesOfHindsight)
def _shares_of_hindsight(_: kinds.SharesOfHindsight, names: Names) -> str:
    return "share: objective over that of the allocation of one who knew who would come"


@message(kinds.JudgedAtTheEnd)
def _judged_at_the_end(_: kinds.JudgedAtTheEnd, names: Names) -> str:
    w = names.words
    return (
        f"left out: goals, musts, lower limits over several {w.packages}; a share of a sum "
        "is one of the"
        f" sum in the optimum over all {w.packages}"
    )


@message(kinds.CommittedOnce)
def _committed_once(finding: kinds.CommittedOnce, names: Names) -> str:
    w = names.words
    return (
        f"at {general(100 * finding.at, 6)} % of the review those who arrived share what the"
        f" reserve leaves of every {w.envelope} and every subsidy budget; at the end all "
        "share the rest,"
        " commitments kept"
    )
