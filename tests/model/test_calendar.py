"""Days that pass before an act: against the dates worked out by hand, and by properties."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from evaluator.model.calendar import (
    Adjournment,
    Calendar,
    Clock,
    Count,
    InAdjournment,
    earliest,
    last_starts,
)
from tests.allocation.law import BASE
from tests.studies import CITED

CONGRESS = BASE.calendar_by_id["congress"]
STATEMENT = BASE.limits["exim.statement_to_congress"].clock
assert STATEMENT is not None
LAPSE = dt.date(2026, 12, 31)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2026-{text}")


def days(start: dt.date, calendar: Calendar = CONGRESS) -> dict[str, tuple[str, str]]:
    """Return state and day by reading."""
    found = earliest(STATEMENT, calendar, start)
    return {one.reading: (one.state, str(one.day or "")) for one in found}


def test_a_statement_of_the_day_of_the_decision() -> None:
    # every day: 15 July + 25 = 9 August. Planned: 16 to 23 July are 8 days, and 17 more from 14
    # September, when the Senate is back, are complete on the 30th. No House is out on 15 July.
    assert days(day("07-15")) == {
        "every_day": ("known", "2026-08-09"),
        "ended": ("known", "2026-08-09"),
        "planned": ("known", "2026-09-30"),
        "adjourned": ("not_open", ""),
    }


def test_a_statement_sent_as_a_house_leaves_gains_a_month() -> None:
    # 24 July is the first of 35 days: 8 in July, 27 in August
    found = days(day("07-24"))
    assert found["adjourned"] == ("known", "2026-08-27")
    # planned: the House is out to 30 August, the Senate to 13 September. From the 14th to 1 October
    # 18 days count; 9 and 10 November are 19 and 20, the 16th to the 20th are 21 to 25
    assert found["planned"] == ("known", "2026-11-20")


def test_the_way_out_asks_for_ten_more_days() -> None:
    # the adjournment ends on 8 November, 10 days after 29 October; 29 October + 34 = 2 December
    assert days(day("10-29"))["adjourned"] == ("known", "2026-12-02")
    assert days(day("10-30"))["adjourned"] == ("not_open", "")


@pytest.mark.parametrize(("start", "by_every_day"), [("12-08", "2027-01-02"), ("12-09", "")])
def test_a_count_that_leaves_the_calendar_is_not_known(start: str, by_every_day: str) -> None:
    # 8 December + 25 = 2 January, its last day; what is not known is after that day
    found = {one.reading: one for one in earliest(STATEMENT, CONGRESS, day(start))}
    assert str(found["every_day"].day or "") == by_every_day
    assert (found["ended"].state, found["planned"].state) == ("not_known", "not_known")
    assert found["planned"].not_before == dt.date(2027, 1, 3)


def test_a_start_before_the_calendar_is_not_known() -> None:
    found = earliest(STATEMENT, CONGRESS, day("07-14"))
    assert {one.state for one in found} == {"not_known"}
    assert {str(one.not_before) for one in found} == {"2026-08-08", "2026-08-17"}


def test_last_days_to_send_a_statement() -> None:
    # every day: 31 December - 25. For good on 17 December: 17 December - 25. Planned: 9, 10, 16 to
    # 20 and 30 November are 8 days, 1 to 17 December the other 17. 35 days: see above
    assert last_starts(STATEMENT, CONGRESS, LAPSE) == {
        "every_day": day("12-06"),
        "ended": day("11-22"),
        "planned": day("11-08"),
        "adjourned": day("10-29"),
    }
    later = CONGRESS.model_copy(update={"ends": day("12-18")})
    assert last_starts(STATEMENT, later, LAPSE)["ended"] == day("11-23")
    beyond = last_starts(STATEMENT, CONGRESS, dt.date(2027, 1, 3))
    assert set(beyond.values()) == {None}


@pytest.mark.parametrize(
    ("limit", "acts", "last"),
    [
        ("exim.comment_period", "2026-08-09", "2026-12-06"),
        ("exim.dual_use_notice", "2026-07-30", "2026-12-16"),
        ("dfc.notification", "2026-07-30", "2026-12-16"),
        ("dfc.high_income_notice", "2026-07-30", "2026-12-16"),
        # 60 days: 16 in July, 31 in August, 13 in September
        ("dfc.impact_assessment", "2026-09-13", "2026-11-01"),
    ],
)
def test_clocks_in_calendar_days(limit: str, acts: str, last: str) -> None:
    clock = BASE.limits[limit].clock
    assert clock is not None
    (found,) = earliest(clock, None, day("07-15"))
    assert (found.reading, str(found.day)) == ("calendar", acts)
    assert {str(one) for one in last_starts(clock, None, LAPSE).values()} == {last}


def test_thirty_days_of_a_special_project() -> None:
    # 22 U.S.C. 9621(f)(2), of which the round has none: 15 July + 30 = 14 August
    assert Count(days=30).after(day("07-15")) == day("08-14")


@st.composite
def _calendars(draw: st.DrawFn) -> Calendar:
    first = dt.date(2026, 1, 1)
    known = draw(st.integers(min_value=5, max_value=45))
    starts = draw(st.lists(st.integers(0, known), max_size=4))
    adjournments = []
    for place in starts:
        until = min(known, place + draw(st.integers(0, 30)))
        adjournments.append(
            Adjournment(
                **{
                    "bodies": (draw(st.sampled_from(["upper", "lower"])),),
                    "from": first + dt.timedelta(place),
                    "until": first + dt.timedelta(until),
                    "basis": "drawn",
                }
            )
        )
    last = first + dt.timedelta(known)
    return Calendar(
        **{
            "calendar": "drawn",
            "label": "Drawn",
            "bodies": {"upper": "Upper", "lower": "Lower"},
            "from": first,
            "until": last,
            "ends": draw(st.one_of(st.none(), st.dates(first, last))),
            "adjournments": tuple(adjournments),
            "citation": CITED,
        }
    )


@given(
    _calendars(),
    st.integers(-3, 48),
    st.integers(1, 15),
    st.booleans(),
    st.integers(1, 12),
)
def test_counts_hold_to_one_another(
    calendar: Calendar, place: int, needed: int, inclusive: bool, further: int
) -> None:
    clock = Clock(
        **{
            "days": needed,
            "inclusive": inclusive,
            "counted": "sitting",
            "calendar": "drawn",
            "start": "a statement",
            "act": "approval",
            "or": InAdjournment(days=needed + 3, further=further),
        }
    )
    start = calendar.from_ + dt.timedelta(place)
    found = {one.reading: one for one in earliest(clock, calendar, start)}
    later = {one.reading: one for one in earliest(clock, calendar, start + dt.timedelta(1))}
    plain = clock.after(start)
    for reading in ("every_day", "planned"):
        # never sooner than as many calendar days; what is not known is no sooner than is said
        assert found[reading].not_before >= plain
        if (sooner := found[reading].day) and (then := later[reading].day):
            assert sooner <= then
    if (sat := found["planned"].day) is not None:
        assert found["every_day"].day == plain <= sat
        counted = [
            n
            for n in range((sat - start).days + 1)
            if (n or inclusive) and calendar.further(start + dt.timedelta(n)) is None
        ]
        assert len(counted) == needed
        assert counted[-1] == (sat - start).days
    if found["adjourned"].state == "known":
        left = calendar.further(start)
        assert left is not None
        assert left >= further
    # last starts against a search of every day
    act = start + dt.timedelta(needed)
    first = calendar.from_ if calendar.knows(act) else act + dt.timedelta(1)
    every = [first + dt.timedelta(n) for n in range((act - first).days + 1)]
    right: dict[str, dt.date | None] = dict.fromkeys(found)
    for day_ in every:
        for one in earliest(clock, calendar, day_):
            if one.day is not None and one.day <= act:
                right[one.reading] = day_
    assert last_starts(clock, calendar, act) == right


def test_a_calendar_names_its_bodies_and_keeps_to_its_days() -> None:
    out = CONGRESS.adjournments[0]
    strange = out.model_copy(update={"bodies": ("lords",)})
    with pytest.raises(ValidationError, match="unknown bodies: lords"):
        CONGRESS.model_copy(update={"adjournments": (strange,)})
    with pytest.raises(ValidationError, match="lies outside its days"):
        CONGRESS.model_copy(update={"from_": day("07-25")})
    with pytest.raises(ValidationError, match="spans more than 3,660 days"):
        CONGRESS.model_copy(update={"from_": dt.date(2016, 1, 1)})
    with pytest.raises(ValidationError, match="is after until"):
        out.model_copy(update={"until": day("07-23")})
    with pytest.raises(ValidationError, match="goes with calendar"):
        Clock(days=3, start="a", act="b", calendar="congress")
    with pytest.raises(ValidationError, match="goes with calendar days"):
        Clock(days=3, start="a", act="b", counted="sitting", calendar="congress", sense="within")
