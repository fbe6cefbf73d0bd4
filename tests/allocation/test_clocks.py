"""When institutions may act, and what is told where that is too late."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from evaluator.allocation.explain.clocks import Act, acts, clocks
from evaluator.allocation.explain.findings import NotInTime
from evaluator.allocation.explain.notices import notice_table
from evaluator.model.calendar import Clock
from evaluator.model.financing import Institution, Limit
from evaluator.model.study import Study
from tests.allocation.law import (
    DFC_LOAN,
    FACTS,
    GUARANTEE,
    LOAN,
    MADE_UP,
    TECHNICAL,
    M,
    allocated,
    ask,
    deal,
    given,
    study_of,
)
from tests.allocation.small import package
from tests.studies import CITED


def acts_of(case: Study) -> list[Act]:
    amounts = allocated(case).amounts
    return acts(case, amounts, clocks(case, amounts, notice_table(case, amounts)))


def late_of(day: str, *requests: Any, **facts: Any) -> list[NotInTime]:
    case = study_of([deal("A", *requests, **facts)], MADE_UP, as_of=dt.date.fromisoformat(day))
    found = allocated(case)
    assert given(found) == {f"A {one.tool}": one.amount_usd for one in requests}
    return [note for note in found.notes if isinstance(note, NotInTime)]


def test_an_institution_may_act_once_the_latest_of_its_clocks_lets_it() -> None:
    # EXIM: the statement (25 sitting days) and comments (25 days) alike; DFC: the assessment's 60
    # days end after the report's 15; USTDA has no clock
    one = deal(
        "A",
        *(ask(LOAN, 150 * M), ask(DFC_LOAN, 30 * M), ask(TECHNICAL, 1 * M)),
        significant_impacts=True,
    )
    found = acts_of(study_of([one], MADE_UP))
    told = {(act.institution, act.found.reading): str(act.found.day) for act in found}
    assert told == {
        ("dfc", "calendar"): "2026-09-13",
        ("exim", "every_day"): "2026-08-09",
        ("exim", "ended"): "2026-08-09",
        ("exim", "planned"): "2026-09-30",
        ("exim", "adjourned"): "None",
        ("ustda", "calendar"): "2026-07-15",
    }
    last = {(act.institution, act.found.reading): str(act.last_start) for act in found}
    assert last["exim", "every_day"] == "2026-12-06"
    assert last["dfc", "calendar"] == "2031-11-01"
    assert last["ustda", "calendar"] == "None"
    assert {act.late for act in found if act.found.state == "known"} == {False}


def test_the_submission_day_moves_all_clocks() -> None:
    case = study_of([deal("A", ask(LOAN, 100 * M))], MADE_UP)
    later = case.scenario.model_copy(update={"submitted_on": dt.date(2026, 7, 24)})
    moved = case.model_copy(update={"scenario": later})
    told = {act.found.reading: str(act.found.day) for act in acts_of(moved)}
    assert told["adjourned"] == "2026-08-27"
    assert told["every_day"] == "2026-08-18"


@pytest.mark.parametrize(
    ("day", "late", "timely"),
    [
        # the last days of each count: see tests/model/test_calendar.py
        ("2026-11-08", (), ()),
        ("2026-11-09", ("planned",), ("every_day", "ended")),
        ("2026-11-22", ("planned",), ("every_day", "ended")),
        ("2026-11-23", ("ended", "planned"), ("every_day",)),
        ("2026-12-06", ("ended", "planned"), ("every_day",)),
        ("2026-12-07", ("every_day", "ended", "planned"), ()),
        ("2026-12-31", ("every_day", "ended", "planned"), ()),
    ],
)
def test_what_cannot_be_in_time_is_said_and_not_taken(
    day: str, late: tuple[str, ...], timely: tuple[str, ...]
) -> None:
    # exim_term none: without the 25 days for comments, which end on 6 December in any case
    found = late_of(day, ask(LOAN, 60 * M), ask(GUARANTEE, 40 * M), exim_term="none")
    if not late:
        assert found == []
        return
    told = NotInTime("exim", day, "2026-12-31", (("A", 100 * M),), late, timely, ())
    assert found == [told]


def test_a_dollar_less_needs_no_statement() -> None:
    assert late_of("2026-12-31", ask(LOAN, 99_999_999)) == []


def test_a_nuclear_facility_needs_one_at_any_amount() -> None:
    (found,) = late_of("2026-12-31", ask(LOAN, 2 * M), nuclear_facility=True)
    assert found.packages == (("A", 2 * M),)


def test_comments_in_calendar_days_leave_no_count_to_choose() -> None:
    # 6 December + 25 = 31 December; a day later all counts are late
    (found,) = late_of("2026-12-06", ask(LOAN, 101 * M))
    assert found.timely == ("every_day",)
    (found,) = late_of("2026-12-07", ask(LOAN, 101 * M))
    assert found.timely == ()


def test_a_duty_within_days_delays_nothing() -> None:
    case = study_of([deal("A", ask(LOAN, 2 * M))], MADE_UP)
    amounts = allocated(case).amounts
    running = clocks(case, amounts, notice_table(case, amounts))
    # 15 July + 5 days
    assert [(one.limit, str(one.due_by)) for one in running] == [("exim.receipt", "2026-07-20")]
    (act,) = acts(case, amounts, running)
    assert (str(act.found.day), act.limits) == ("2026-07-15", ())


def test_without_a_known_calendar_it_is_not_known() -> None:
    case = study_of([deal("A", ask(LOAN, 100 * M))], MADE_UP, as_of=dt.date(2026, 7, 14))
    (found,) = [note for note in allocated(case).notes if isinstance(note, NotInTime)]
    assert (found.late, found.timely) == ((), ())
    assert found.unknown == ("every_day", "ended", "planned", "adjourned")


def test_a_package_that_a_notice_names_in_two_countries_has_one_clock() -> None:
    one = package("A", ask(DFC_LOAN, 60 * M), hosts={"KEN": 0.5, "GHA": 0.5}, facts={**FACTS})
    case = study_of([one], MADE_UP)
    institutions = tuple(_by_country(each) for each in case.institutions)
    split = case.model_copy(update={"institutions": institutions})
    amounts = allocated(split).amounts
    notices = notice_table(split, amounts)
    mine = notices[notices["limit"] == "dfc.notification"]
    assert mine["group"].tolist() == ["GHA", "KEN"]
    (running,) = (r for r in clocks(split, amounts, notices) if r.limit == "dfc.notification")
    assert running.package == "A"


def _by_country(institution: Institution) -> Institution:
    limits = (
        one.model_copy(update={"per": "country"}) if one.id == "notification" else one
        for one in institution.limits
    )
    return institution.model_copy(update={"limits": tuple(limits)})


def test_a_notice_of_the_program_holds_whoever_gives_under_it() -> None:
    case = study_of([deal("A", ask(DFC_LOAN, 15 * M), ask(TECHNICAL, 1 * M))], MADE_UP)
    program = next(one for one in case.institutions if one.institution == "program")
    told = Limit(
        id="told",
        label="Told",
        kind="notice",
        tools=("*",),
        per="package",
        at_most=0,
        clock=Clock(days=40, start="a letter", act="a vote"),
        citation=CITED,
    )
    with_it = program.model_copy(update={"limits": (*program.limits, told)})
    institutions = tuple(with_it if one is program else one for one in case.institutions)
    found = acts_of(case.model_copy(update={"institutions": institutions}))
    # 15 July + 40: 16 days to 31 July, 24 more
    assert {act.institution: str(act.found.day) for act in found} == {
        "dfc": "2026-08-24",
        "ustda": "2026-08-24",
    }


def test_no_act_lies_before_the_day_of_the_study() -> None:
    one = deal(
        "A",
        ask(DFC_LOAN, 15 * M),
        significant_impacts=True,
        impact_assessment_public_on="2026-03-01",
    )
    # public on 1 March: 60 days end on 30 April
    (act,) = acts_of(study_of([one], MADE_UP))
    assert str(act.found.day) == "2026-07-15"
    (later,) = acts_of(study_of([one], MADE_UP, as_of=dt.date(2026, 4, 1)))
    assert str(later.found.day) == "2026-04-30"
