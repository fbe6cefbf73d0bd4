"""When institutions may act: the clocks of the notices that commitments call for."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import pandas as pd

from evaluator.allocation.explain.findings import NotInTime
from evaluator.allocation.explain.notices import called_for
from evaluator.model.base import Known
from evaluator.model.calendar import (
    READINGS,
    Clock,
    Earliest,
    Reading,
    State,
    earliest,
    last_starts,
)
from evaluator.model.study import Study
from evaluator.results.schema.allocation import ACTS, CLOCKS


class Running(NamedTuple):
    """The clock of a notice that a package calls for, by one reading."""

    package: str
    institution: str
    limit: str
    start: dt.date
    found: Earliest
    lapses: dt.date | None
    last_start: dt.date | None
    due_by: dt.date | None = None
    """Of a clock that delays nothing: the day by which the act has to come."""


class Act(NamedTuple):
    """When an institution may act for a package, by one reading of all its clocks."""

    package: str
    institution: str
    amount_usd: int
    limits: tuple[str, ...]
    found: Earliest
    lapses: dt.date | None
    last_start: dt.date | None

    @property
    def late(self) -> bool | None:
        """Whether it comes after the authority has ended; None where that is not known, and where
        the reading is not open."""
        if self.found.state == "not_open":
            return None
        if self.lapses is None or self.found.state == "known":
            return self.lapses is not None and self.found.not_before > self.lapses
        return True if self.found.not_before > self.lapses else None


def clocks(study: Study, amounts: pd.DataFrame, notices: pd.DataFrame) -> list[Running]:
    """Return the clocks of notices that are due, package by package, by each reading.

    amounts: whole dollars, packages x tools. notices: `NOTICES`. A notice of several packages runs
    for each of them, and holds each institution whose tools give to it under the notice.
    """
    table = amounts.to_dict("index")
    found = []
    for limit, packages in called_for(notices).items():
        spec = study.limits[limit]
        if spec.clock is None:
            continue
        tools = study.tools_matching(spec.tools)
        alike: dict[tuple[str, dt.date], list[Running]] = {}
        for package in packages:
            start = _start(study, spec.clock, package)
            given = (study.institution_of[tool] for tool in tools if table[package][tool])
            for owner in dict.fromkeys(one.institution for one in given):
                if (owner, start) not in alike:
                    alike[owner, start] = _running(study, limit, spec.clock, package, owner, start)
                found += [one._replace(package=package) for one in alike[owner, start]]
    return found


def _running(
    study: Study, limit: str, clock: Clock, package: str, owner: str, start: dt.date
) -> list[Running]:
    lapses = _lapses(study, owner)
    if clock.sense == "within":
        at_once = Earliest("calendar", "known", start, start)
        return [Running(package, owner, limit, start, at_once, lapses, None, clock.after(start))]
    calendar = study.calendar_by_id[clock.calendar] if clock.calendar is not None else None
    last = last_starts(clock, calendar, lapses) if lapses else {}
    return [
        Running(package, owner, limit, start, one, lapses, last.get(one.reading))
        for one in earliest(clock, calendar, start)
    ]


def acts(study: Study, amounts: pd.DataFrame, running: Iterable[Running]) -> list[Act]:
    """Return when each institution may act for each package that it gives to, by each reading.

    amounts: whole dollars, packages x tools. It may act once the latest of its clocks lets it, and
    no sooner than on the day of the study.
    """
    mine: defaultdict[tuple[str, str], list[Running]] = defaultdict(list)
    for one in running:
        if one.due_by is None:
            mine[one.package, one.institution].append(one)
    found = []
    for (package, institution), usd in _given(study, amounts).items():
        every = mine[package, institution]
        limits = tuple(dict.fromkeys(one.limit for one in every))
        for reading in _readings(every):
            held = _under(every, reading)
            latest = _latest([one.found for one in held], reading, study.as_of)
            last = [one.last_start for one in held]
            ends = None if None in last else min((day for day in last if day), default=None)
            lapses = _lapses(study, institution)
            found.append(Act(package, institution, usd, limits, latest, lapses, ends))
    return found


def not_in_time(study: Study, every: Iterable[Act]) -> Iterator[NotInTime]:
    """Yield what may come too late for the authority of its institution, by the readings alike."""
    own: defaultdict[tuple[str, str], list[Act]] = defaultdict(list)
    for act in every:
        if act.found.state != "not_open":
            own[act.package, act.institution].append(act)
    alike: defaultdict[tuple[tuple[Reading, ...], ...], list[Act]] = defaultdict(list)
    for mine in own.values():
        if any(act.late is not False for act in mine):
            parted = tuple(
                tuple(act.found.reading for act in mine if act.late is late)
                for late in (True, False, None)
            )
            alike[parted].append(mine[0])
    start = study.submitted_on.isoformat()
    for (late, timely, unknown), same in alike.items():
        for owner in dict.fromkeys(act.institution for act in same):
            told = [act for act in same if act.institution == owner]
            packages = tuple((act.package, act.amount_usd) for act in told)
            lapses = _iso(told[0].lapses)
            yield NotInTime(owner, start, lapses, packages, late, timely, unknown)


def clock_table(study: Study, running: Iterable[Running]) -> pd.DataFrame:
    """Return `CLOCKS`."""
    return CLOCKS.frame(
        {
            "package": one.package,
            "institution": one.institution,
            "limit": one.limit,
            "reading": one.found.reading,
            "start": _iso(one.start),
            "earliest": _iso(one.found.day),
            "state": one.found.state,
            "not_before": _iso(one.found.not_before),
            "lapses_on": _iso(one.lapses),
            "last_start": _iso(one.last_start),
            "due_by": _iso(one.due_by),
            "citation": study.limits[one.limit].citation.title,
        }
        for one in running
    )


def act_table(every: Iterable[Act]) -> pd.DataFrame:
    """Return `ACTS`."""
    return ACTS.frame(
        {
            "package": one.package,
            "institution": one.institution,
            "amount_usd": one.amount_usd,
            "limits": one.limits,
            "reading": one.found.reading,
            "earliest": _iso(one.found.day),
            "state": one.found.state,
            "not_before": _iso(one.found.not_before),
            "lapses_on": _iso(one.lapses),
            "late": one.late,
            "last_start": _iso(one.last_start),
        }
        for one in every
    )


def _given(study: Study, amounts: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Return what each institution is to give each package, above 0."""
    found: defaultdict[tuple[str, str], int] = defaultdict(int)
    for package, row in amounts.to_dict("index").items():
        for tool, usd in row.items():
            if usd:
                found[str(package), study.institution_of[str(tool)].institution] += int(usd)
    return found


def _readings(running: Iterable[Running]) -> list[Reading]:
    """Return the readings of clocks; those of sitting days alone where any counts them."""
    there = {one.found.reading for one in running} or {"calendar"}
    return [one for one in READINGS if one in there and (one != "calendar" or len(there) == 1)]


def _under(running: Iterable[Running], reading: Reading) -> list[Running]:
    """Return what holds of each clock under a reading.

    Calendar days hold under all of them; sitting days without the reading are as planned.
    """
    found: defaultdict[str, dict[Reading, Running]] = defaultdict(dict)
    for one in running:
        found[one.limit][one.found.reading] = one
    order: tuple[Reading, ...] = (reading, "calendar", "planned")
    return [next(own[one] for one in order if one in own) for own in found.values()]


def _latest(found: Sequence[Earliest], reading: Reading, today: dt.date) -> Earliest:
    least = max((today, *(one.not_before for one in found)))
    states: set[State] = {one.state for one in found}
    if "not_open" in states or "not_known" in states:
        return Earliest(reading, "not_open" if "not_open" in states else "not_known", None, least)
    return Earliest(reading, "known", least, least)


def _start(study: Study, clock: Clock, package: str) -> dt.date:
    if clock.started is not None:
        stated = study.package_by_id[package].attribute(clock.started)
        if isinstance(stated, Known):
            return dt.date.fromisoformat(str(stated.value))
    return study.submitted_on


def _lapses(study: Study, institution: str) -> dt.date | None:
    for one in study.institutions:
        if one.institution == institution and one.authority is not None:
            return one.authority.lapses_on
    return None


def _iso(day: dt.date | None) -> str:
    return "" if day is None else day.isoformat()
