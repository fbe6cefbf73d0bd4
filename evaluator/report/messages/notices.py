"""What has to be reported, in words."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.allocation.explain.findings import NoticeDue, NotInTime
from evaluator.model.calendar import Clock, Reading
from evaluator.model.study import Study
from evaluator.report.formatting.names import Names
from evaluator.report.messages import message
from evaluator.report.messages.eligibility import fact_in_words


@message(NoticeDue)
def _notice(finding: NoticeDue, names: Names) -> str:
    thresholds = {threshold for _, _, threshold in finding.amounts}
    if finding.fact is not None:
        above = f"threshold unknown, {fact_in_words(finding.fact, names)}"
    elif len(thresholds) == 1:
        least = thresholds.pop() or 0
        above = (
            f"{names.amount(least)} or more" if finding.reached else f"above {names.amount(least)}"
        )
        above = above if least else "any amount"
    else:
        above = f"each {'at' if finding.reached else 'above'} its own threshold"
    each = ((names.group(finding.notice, group), usd) for group, usd, _ in finding.amounts)
    told = ", ".join(f"{group} ({names.amount(usd)})".lstrip() for group, usd in each)
    return f"{names.limit(finding.notice)} ({finding.citation}; {above}): {told}"


COUNTED: dict[Reading, str] = {
    "calendar": "in calendar days",
    "every_day": "if every day counts",
    "ended": "if the session ends for good on its last planned day",
    "planned": "without the days of planned adjournments",
    "adjourned": "by the calendar days of an adjournment",
}
"""How days are counted, in words."""


def counted_in(readings: Sequence[Reading]) -> str:
    """Return in words how days are counted."""
    return " or ".join(COUNTED[one] for one in readings)


def clock_in_words(clock: Clock, study: Study) -> str:
    """Return what a clock counts, from what, before what."""
    days = "calendar days"
    if clock.calendar is not None:
        bodies = study.calendar_by_id[clock.calendar].bodies.values()
        days = f"days on which {' and '.join(bodies)} sit"
    other = clock.or_
    way = (
        f", or {other.days} calendar days in an adjournment of {other.further} days more"
        if other is not None
        else ""
    )
    within = "within " if clock.sense == "within" else ""
    return f"{within}{clock.days} {days}{way}: {clock.act}, after {clock.start}"


@message(NotInTime)
def _not_in_time(finding: NotInTime, names: Names) -> str:
    each = ", ".join(f"{names.package(one)} ({names.amount(usd)})" for one, usd in finding.packages)
    every = names.amount(sum(usd for _, usd in finding.packages))
    start = f"on notices of {finding.start} where no day of their own is stated"
    before = f"before its authority ends on {finding.lapses_on}, {start}"
    who = names.institution(finding.institution)
    if not finding.timely and not finding.unknown:
        told = f"not in time: however days are counted, {who} cannot act {before}"
    else:
        parts = {"cannot": finding.late, "can": finding.timely, "not known": finding.unknown}
        how = "; ".join(f"{word} {counted_in(by)}" for word, by in parts.items() if by)
        told = f"perhaps not in time: whether {who} can act {before}, is open ({how})"
    return f"{told}; {every} is proposed all the same: {each}"
