"""When something may be done: clocks that count days, and the calendars of bodies that sit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from evaluator.model.base import Citation, Day, Frozen, Id, Text
from evaluator.model.frozen import FrozenMapping

Reading = Literal["calendar", "every_day", "ended", "planned", "adjourned"]
"""How days are counted. calendar: all of them. Of days on which bodies sit: every_day: none of the
planned adjournments takes place, bodies meet for form. ended: the same, to the last planned day,
after which the count is lost. planned: without the days of planned adjournments. adjourned: the
calendar days that are enough where it starts within an adjournment."""
READINGS: tuple[Reading, ...] = ("calendar", "every_day", "ended", "planned", "adjourned")
State = Literal["known", "not_known", "not_open"]
"""not_known: the calendar ends before, or begins after. not_open: it starts in no adjournment."""
_DAY = dt.timedelta(days=1)
LONGEST = 3_660
"""Days of a count, and of a calendar, at most."""
Days = Annotated[int, Field(ge=1, le=LONGEST)]


class Adjournment(Frozen):
    """Days on which some bodies do not sit, and that a count of sitting days leaves out."""

    bodies: Annotated[tuple[Id, ...], Field(min_length=1)]
    from_: Annotated[Day, Field(alias="from")]
    """The first day out."""
    until: Day
    """The last day out."""
    basis: Text
    """What it was read in, or worked out from."""
    assumed: bool = False
    """Whether no source names these days."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.from_ > self.until:
            raise ValueError(f"from {self.from_} is after until {self.until}")
        return self


class Calendar(Frozen):
    """When bodies sit: every day from `from` to `until` but those of their adjournments."""

    calendar: Id
    label: Text
    bodies: Annotated[FrozenMapping[Id, Text], Field(min_length=1)]
    """Their names by id."""
    from_: Annotated[Day, Field(alias="from")]
    """The first day that it knows of."""
    until: Day
    """The last day that it knows of."""
    ends: Day | None = None
    """The last planned day, on which the session may end for good: no count goes on after that."""
    adjournments: tuple[Adjournment, ...] = ()
    """Those that interrupt a count. A day on which any body is out does not count."""
    citation: Citation

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.from_ > self.until:
            raise ValueError(f"from {self.from_} is after until {self.until}")
        if (self.until - self.from_).days > LONGEST:
            raise ValueError(f"it spans more than {LONGEST:,} days")
        unknown = sorted({b for one in self.adjournments for b in one.bodies} - {*self.bodies})
        if unknown:
            raise ValueError(f"adjournments of unknown bodies: {', '.join(unknown)}")
        for one in self.adjournments:
            if not self.from_ <= one.from_ <= one.until <= self.until:
                raise ValueError(f"the adjournment from {one.from_} lies outside its days")
        if self.ends is not None and not self.knows(self.ends):
            raise ValueError(f"ends {self.ends} lies outside its days")
        return self

    def knows(self, day: dt.date) -> bool:
        """Return whether a day is within its first and its last."""
        return self.from_ <= day <= self.until

    def further(self, day: dt.date) -> int | None:
        """Return how many days after this one some body is out; None where all sit."""
        return max(
            ((one.until - day).days for one in self.adjournments if one.from_ <= day <= one.until),
            default=None,
        )


class Count(Frozen):
    """A number of days."""

    days: Days
    inclusive: bool = False
    """Whether the day on which it starts is the first of them. The act may come on the last."""

    def after(self, start: dt.date) -> dt.date:
        """Return the last of so many calendar days."""
        return start + (self.days - self.inclusive) * _DAY

    def before(self, act: dt.date) -> dt.date:
        """Return the start of which a day is the last of so many calendar days."""
        return act - (self.days - self.inclusive) * _DAY


class InAdjournment(Count):
    """Calendar days that are enough as well, where it starts while a body is out for long."""

    further: Days
    """For at least so many days more."""


class Clock(Count):
    """Days that have to pass between a start and what may follow it."""

    sense: Literal["after", "within"] = "after"
    """after: the act may come no sooner than on the last of the days. within: it has to come by
    then, and delays nothing."""
    counted: Literal["calendar", "sitting"] = "calendar"
    calendar: Id | None = None
    """Of days on which its bodies sit."""
    start: Text
    """What starts it: a statement, a report, a publication."""
    started: Id | None = None
    """A date column of packages.csv with the day on which it started; blank: `submitted_on` of the
    scenario."""
    act: Text
    """What may come no sooner, or has to come by then."""
    or_: Annotated[InAdjournment | None, Field(alias="or")] = None
    """What is enough as well; the sooner of the two holds."""

    @model_validator(mode="after")
    def _of_a_calendar(self) -> Self:
        if (self.counted == "sitting") != (self.calendar is not None):
            raise ValueError("counted: sitting goes with calendar, and no other count does")
        if self.or_ is not None and self.calendar is None:
            raise ValueError("or needs counted: sitting")
        if self.sense == "within" and self.calendar is not None:
            raise ValueError("sense: within goes with calendar days")
        return self


@dataclass(frozen=True)
class Earliest:
    """The first day on which an act may come, by one reading."""

    reading: Reading
    state: State
    day: dt.date | None
    """None where it is not known, or the reading is not open."""
    not_before: dt.date
    """It is no sooner than this, whatever is not known."""


def earliest(clock: Clock, calendar: Calendar | None, start: dt.date) -> tuple[Earliest, ...]:
    """Return the first day of the act by each reading of a clock.

    calendar: that of the clock; None for calendar days. A count of sitting days is no sooner than
    one of as many calendar days; it is not known where it leaves the calendar.
    """
    plain = clock.after(start)
    if calendar is None:
        return (Earliest("calendar", "known", plain, plain),)
    within = calendar.knows(start)
    beyond = calendar.until + _DAY if within else plain
    sat = _sitting(clock, calendar, start) if within else None
    counts: list[tuple[Reading, dt.date | None]] = [
        ("every_day", plain if within and calendar.knows(plain) else None),
        ("planned", sat),
    ]
    if calendar.ends is not None:
        counts.insert(1, ("ended", plain if within and plain <= calendar.ends else None))
    found = [
        Earliest(reading, "known" if day else "not_known", day, day or max(plain, beyond))
        for reading, day in counts
    ]
    if clock.or_ is not None:
        found.append(_adjourned(clock.or_, calendar, start))
    return tuple(found)


def _sitting(count: Count, calendar: Calendar, start: dt.date) -> dt.date | None:
    """Return the last of so many days on which all bodies sit; None beyond the calendar."""
    left, day = count.days, start if count.inclusive else start + _DAY
    while day <= calendar.until:
        left -= calendar.further(day) is None
        if not left:
            return day
        day += _DAY
    return None


def _adjourned(way: InAdjournment, calendar: Calendar, start: dt.date) -> Earliest:
    day, further = way.after(start), calendar.further(start)
    if not calendar.knows(start):
        return Earliest("adjourned", "not_known", None, day)
    if further is None or further < way.further:
        return Earliest("adjourned", "not_open", None, day)
    return Earliest("adjourned", "known", day, day)


def last_starts(
    clock: Clock, calendar: Calendar | None, act: dt.date
) -> dict[Reading, dt.date | None]:
    """Return by reading the last day of the start after which the act may come on a day or sooner.

    None where there is no such day, or it is not known since the calendar ends before.
    """
    if calendar is None:
        return {"calendar": clock.before(act)}
    found: dict[Reading, dt.date | None] = {"every_day": clock.before(act)}
    if calendar.ends is not None:
        found["ended"] = clock.before(min(act, calendar.ends))
    found["planned"] = _sat_before(clock, calendar, act)
    if clock.or_ is not None:
        found["adjourned"] = _out_before(clock.or_, calendar, act)
    known = calendar.knows(act)
    return {
        reading: day if known and day is not None and calendar.knows(day) else None
        for reading, day in found.items()
    }


def _sat_before(count: Count, calendar: Calendar, act: dt.date) -> dt.date | None:
    """Return the last start from which so many days on which all sit are over by a day."""
    left, day = count.days, act
    while day >= calendar.from_:
        left -= calendar.further(day) is None
        if not left:
            return day if count.inclusive else day - _DAY
        day -= _DAY
    return None


def _out_before(way: InAdjournment, calendar: Calendar, act: dt.date) -> dt.date | None:
    """Return the last start in an adjournment that is long enough, whose days are over by a day."""
    ends = (
        (one.from_, min(way.before(act), one.until - way.further * _DAY))
        for one in calendar.adjournments
    )
    return max((last for first, last in ends if first <= last), default=None)
