"""When institutions may act: clocks of notices, what is not in time, in all media."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tests.consistency.case import Case
from tests.consistency.ledger import Ledger
from tests.consistency.study import day

_DAY = dt.timedelta(days=1)
_READINGS = ("calendar", "every_day", "ended", "planned", "adjourned")
_HEADS = {
    "every_day": "every day counts",
    "ended": "to the last planned day",
    "planned": "planned days alone",
    "adjourned": "in an adjournment",
}


class First(NamedTuple):
    """The first day of an act by one count: what is sure of it, whether it is known, or open."""

    not_before: dt.date
    state: str


Clock = Mapping[str, Any]
Due = Mapping[tuple[str, str, str], Clock]
"""Clocks of notices that are due, by package, institution that gives under it, and notice."""
By = Mapping[str, tuple[First, bool | None]]
"""By count: the first day, and whether it is too late."""
Acts = Mapping[tuple[str, str], By]
"""By package and institution."""


def check(case: Case, held: Ledger) -> None:
    """Hold clocks and acts."""
    if "acts" not in case.run.tables:
        return
    due = _due(case)
    _clocks(case, held, due)
    acts = _acts(case, due)
    _table(case, held, acts)
    _note(case, held, acts)
    _page(case, held, acts)
    _terminal(case, held, acts)


def _due(case: Case) -> Due:
    found = {}
    for line in case.lines:
        if line.spec["kind"] != "notice" or not line.active or "clock" not in line.spec:
            continue
        used = line.used(case.amounts)
        if used > 0 and (line.held or used > line.bound(case.amounts)):
            for package, tool in line.use:
                if case.amounts.get((package, tool)):
                    found[package, tool.split(".")[0], line.limit] = line.spec["clock"]
    return found


def _firsts(case: Case, clock: Clock, start: dt.date) -> dict[str, First]:
    """Return the first day of the act by each count, from lists of days."""
    plain = start + (clock["days"] - bool(clock.get("inclusive"))) * _DAY
    if "calendar" not in clock:
        return {"calendar": First(plain, "known")}
    calendar = case.study.calendars[clock["calendar"]]
    first, last = day(calendar["from"]), day(calendar["until"])
    every = [first + n * _DAY for n in range((last - first).days + 1)]
    back = {one: _back(one, calendar["adjournments"]) for one in every}
    inside = start in back
    begin = start if clock.get("inclusive") else start + _DAY
    sits = [one for one in every if back[one] is None and one >= begin]
    unknown = First(max(plain, last + _DAY) if inside else plain, "not_known")
    enough = inside and len(sits) >= clock["days"]
    found = {
        "every_day": First(plain, "known") if inside and plain <= last else unknown,
        "planned": First(sits[clock["days"] - 1], "known") if enough else unknown,
    }
    if "ends" in calendar:
        over = not inside or plain > day(calendar["ends"])
        found["ended"] = unknown if over else First(plain, "known")
    if "or" in clock:
        way = clock["or"]
        then = start + (way["days"] - bool(way.get("inclusive"))) * _DAY
        until = back.get(start)
        is_open = until is not None and (until - start).days >= way["further"]
        state = "known" if is_open else "not_open" if inside else "not_known"
        found["adjourned"] = First(then, state)
    return found


def _back(one: dt.date, adjournments: list[dict[str, Any]]) -> dt.date | None:
    """Return the last day out of those who are out on a day."""
    out = [day(a["until"]) for a in adjournments if day(a["from"]) <= one <= day(a["until"])]
    return max(out, default=None)


def _lapses(case: Case, institution: str) -> dt.date | None:
    stated = case.study.institutions[institution].get("authority")
    return day(stated["lapses_on"]) if stated else None


def _sent(case: Case) -> dt.date:
    return day(case.study.scenario.get("submitted_on") or case.study.scenario["as_of"])


def _start(case: Case, clock: Clock, package: str) -> dt.date:
    stated = (case.study.packages[package].get(clock.get("started", "")) or "").strip()
    return day(stated) if stated[:1].isdigit() else _sent(case)


def _last(case: Case, clock: Clock, reading: str, act: dt.date | None) -> str:
    """Return the last day of the start, found day by day."""
    if act is None:
        return ""
    first = act - 400 * _DAY
    if "calendar" in clock:
        calendar = case.study.calendars[clock["calendar"]]
        first = day(calendar["from"])
        if not first <= act <= day(calendar["until"]):
            return ""
    for back in range((act - first).days + 1):
        start = act - back * _DAY
        one = _firsts(case, clock, start)[reading]
        if one.state == "known" and one.not_before <= act:
            return start.isoformat()
    return ""


def _clocks(case: Case, held: Ledger, due: Due) -> None:
    right = {}
    for (package, owner, limit), clock in due.items():
        start, lapses = _start(case, clock, package), _lapses(case, owner)
        if clock.get("sense") == "within":
            by = start + (clock["days"] - bool(clock.get("inclusive"))) * _DAY
            sent = start.isoformat()
            right[package, owner, limit, "calendar"] = (
                sent,
                sent,
                "known",
                sent,
                "",
                by.isoformat(),
            )
            continue
        for reading, one in _firsts(case, clock, start).items():
            sure = one.not_before.isoformat()
            right[package, owner, limit, reading] = (
                *(start.isoformat(), sure if one.state == "known" else "", one.state, sure),
                _last(case, clock, reading, lapses),
                "",
            )
    keys = ("package", "institution", "limit", "reading")
    names = ("start", "earliest", "state", "not_before", "last_start", "due_by")
    told = {
        tuple(row[key] for key in keys): tuple(row[name] for name in names)
        for row in case.run.tables["clocks"]
    }
    rows = [tuple(row[key] for key in keys) for row in case.run.tables["clocks"]]
    held.same("clock of a notice", "clocks.csv", "rows", sorted(rows), sorted(right))
    for key, row in told.items():
        held.same("clock of a notice", "clocks.csv", " ".join(key), row, right.get(key))


def _acts(case: Case, due: Due) -> Acts:
    found: dict[tuple[str, str], By] = {}
    for (package, tool), usd in case.amounts.items():
        owner = tool.split(".")[0]
        if not usd or (package, owner) in found:
            continue
        mine = [
            _firsts(case, clock, _start(case, clock, package))
            for (other, holds, _), clock in due.items()
            if (other, holds) == (package, owner)
            if clock.get("sense") != "within"
        ]
        there = {reading for one in mine for reading in one}
        readings = [r for r in _READINGS if r in there and (r != "calendar" or there == {r})]
        found[package, owner] = {
            reading: _latest(case, mine, reading, _lapses(case, owner))
            for reading in readings or ["calendar"]
        }
    return found


def _latest(
    case: Case, clocks: list[dict[str, First]], reading: str, lapses: dt.date | None
) -> tuple[First, bool | None]:
    own = [next(one[r] for r in (reading, "calendar", "planned") if r in one) for one in clocks]
    states = {one.state for one in own}
    state = next((s for s in ("not_open", "not_known") if s in states), "known")
    first = First(max((case.study.as_of, *(one.not_before for one in own))), state)
    beyond = lapses is not None and first.not_before > lapses
    doubt = state == "not_known" and lapses is not None and not beyond
    return first, None if doubt or state == "not_open" else beyond


def _table(case: Case, held: Ledger, acts: Acts) -> None:
    rows = case.run.tables["acts"]
    told = {(row["package"], row["institution"], row["reading"]): row for row in rows}
    right = {(*key, reading): one for key, by in acts.items() for reading, one in by.items()}
    held.same("act of an institution", "acts.csv", "rows", set(told), set(right))
    for key in told.keys() & right.keys():
        row, (first, late) = told[key], right[key]
        known = first.not_before.isoformat() if first.state == "known" else ""
        what, stated = " ".join(key), "" if late is None else str(late)
        held.same("act of an institution", "acts.csv", what, row["earliest"], known)
        held.same("act of an institution", "acts.csv", f"{what} late", row["late"], stated)
        own = [usd for (p, t), usd in case.amounts.items() if (p, t.split(".")[0]) == key[:2]]
        held.same(
            "act of an institution", "acts.csv", f"{what} $", int(row["amount_usd"]), sum(own)
        )


def _verdicts(by: By) -> set[bool | None]:
    return {late for first, late in by.values() if first.state != "not_open"}


def _note(case: Case, held: Ledger, acts: Acts) -> None:
    """The notes name who may be late, by which counts, and no one else."""
    right = {
        key: {r: late for r, (first, late) in by.items() if first.state != "not_open"}
        for key, by in acts.items()
        if _verdicts(by) - {False}
    }
    told = {}
    for note in case.run.manifest["allocation"]["notes"]:
        if note["code"] == "not_in_time":
            said = note["arguments"]
            counts = {"late": True, "timely": False, "unknown": None}
            by = {reading: late for name, late in counts.items() for reading in said[name]}
            told |= {(package, said["institution"]): by for package, _ in said["packages"]}
    held.same("note of what is not in time", "manifest", "all", told, right)


def _page(case: Case, held: Ledger, acts: Acts) -> None:
    for owner in {owner for _, owner in acts}:
        table = case.run.page.tables[f"c-{owner}"]
        rows = {row["Package"].text.split()[0]: row for row in table.rows}
        mine = {package: by for (package, other), by in acts.items() if other == owner}
        held.same("act of an institution", "page", owner, set(rows), set(mine))
        for package in rows.keys() & mine.keys():
            text, verdicts = rows[package]["Package"].text, _verdicts(mine[package])
            marked, what = "not in time" in text, f"{package} {owner}"
            sure = marked and "by some counts" not in text
            held.same("act of an institution", "page", what, marked, verdicts != {False})
            held.same("act of an institution", "page", what, sure, verdicts == {True})
            for reading, told in _earliest(rows[package], mine[package]):
                first = mine[package][reading][0]
                shown = {"not_open": "not open", "not_known": f"{first.not_before} or later"}
                right = shown.get(first.state, first.not_before.isoformat())
                held.same("act of an institution", "page", f"{what} {reading}", told, right)


def _earliest(row: Mapping[str, Any], by: By) -> Iterator[tuple[str, str]]:
    """Yield the cells of a package by count, where the table has a column for it."""
    for reading in by:
        head = f"Earliest {_HEADS.get(reading, 'act')}"
        if head in row:
            yield reading, row[head].text


def _terminal(case: Case, held: Ledger, acts: Acts) -> None:
    terminal = case.run.terminal("run")
    block = terminal.block("When institutions may act") if terminal else None
    for row in block.rows if block else ():
        owner, reading = row["Institution"], row["Count of days"]
        mine = [by[reading] for (_, other), by in acts.items() if other == owner and reading in by]
        firsts = [first for first, _ in mine if first.state != "not_open"]
        days = sorted({first.not_before for first in firsts})
        more = " or later" if any(first.state == "not_known" for first in firsts) else ""
        span = f"{days[0]} to {days[-1]}" if len(days) > 1 else str(days[0])
        what = f"{owner} {reading}"
        held.same("act of an institution", "terminal", what, row["Earliest act"], f"{span}{more}")
        held.same("act of an institution", "terminal", what, row["Packages"], str(len(firsts)))
