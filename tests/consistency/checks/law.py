"""The law by date: the days of each value from the files, and that its dollars add up."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from tests.consistency.case import Case
from tests.consistency.ledger import Ledger
from tests.consistency.study import Study, day

_ONE = dt.timedelta(days=1)
_WITHIN = 400
Days = tuple[str, str]
"""First and last day; empty where there is none."""


def check(case: Case, held: Ledger) -> None:
    """Hold what `law` told, where it was asked."""
    said = case.run.said.get("law")
    if said is None:
        return
    held.same("exit code", "law", "law", said.code, 0)
    if said.code:
        return
    told = json.loads(said.out)
    _days(case.study, told["law"], held)
    changes = told["law_changes"]
    right = _Counted(case.study).changes
    key = [(one["day"], one["kind"], one["id"]) for one in changes if one["kind"] != "together"]
    held.same("law changes", "law", "which", sorted(key), sorted(right))
    for one in changes:
        _dollars(case, one, held)


def _days(study: Study, rows: list[dict[str, Any]], held: Ledger) -> None:
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["kind"], row["id"]].append(row)
    for key, right in _stated(study):
        mine = found.get(key, [])
        held.same("days of a value", "law", " ".join(key), [_span(r) for r in mine], right)
        for row in mine:
            first, last = _span(row)
            past, ahead = bool(last) and day(last) < study.as_of, bool(first > str(study.as_of))
            standing = "past" if past else "ahead" if ahead else "in force"
            what = f"{' '.join(key)} {first}"
            held.same("days of a value", "law", what, row["standing"], standing)
            left = (day(last) - study.as_of).days if last and standing == "in force" else None
            held.same("days of a value", "law", what, row["days_left"], left)


def _span(row: Mapping[str, Any]) -> Days:
    return str(row["from"] or ""), str(row["until"] or "")


def _stated(study: Study) -> Iterator[tuple[tuple[str, str], list[Days]]]:
    """Yield kind and id of each dated value, and its spans."""
    for name, one in study.parameters.items():
        yield ("parameter", name), _spans([v["from"] for v in one["values"]])
    for name, one in study.country_attributes.items():
        if "columns" in one:
            yield ("column", name), _spans([v["from"] for v in one["columns"]])
    for name, one in study.limits.items():
        yield ("limit", name), [(str(one.get("from") or ""), str(one.get("until") or ""))]
    for one in study.requirements:
        days = (str(one.get("from") or ""), str(one.get("until") or ""))
        yield ("requirement", one["id"]), [days]
    for name, data in study.institutions.items():
        if data.get("appropriations"):
            yield ("appropriation", name), _spans([v["from"] for v in data["appropriations"]])
        if "authority" in data:
            yield ("authority", name), [("", str(data["authority"]["lapses_on"]))]


def _spans(firsts: list[object]) -> list[Days]:
    days = [day(one) for one in firsts]
    ends = [str(after - _ONE) for after in days[1:]] + [""]
    return [(str(first), last) for first, last in zip(days, ends, strict=True)]


class _Counted:
    """The days within reach on which a value changes: day, kind and id."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.changes = [
            (str(turn), *key)
            for key, turn in self._turns()
            if abs((turn - study.as_of).days) <= _WITHIN
        ]

    def _turns(self) -> Iterator[tuple[tuple[str, str], dt.date]]:
        for name, one in self.study.parameters.items():
            values = one["values"]
            for before, after in pairwise(values):
                if before.get("value") != after.get("value"):
                    yield ("parameter", name), day(after["from"])
        for name, data in self.study.institutions.items():
            for before, after in pairwise(data.get("appropriations") or ()):
                if (before["state"], before.get("rate")) != (after["state"], after.get("rate")):
                    yield ("appropriation", name), day(after["from"])
        for key, spans in _stated(self.study):
            if key[0] == "column":
                yield from ((key, day(first)) for first, _ in spans[1:])
            elif key[0] not in ("parameter", "appropriation"):
                ((first, last),) = spans
                yield from ((key, day(one)) for one in [first] if one)
                yield from ((key, day(one) + _ONE) for one in [last] if one)


def _dollars(case: Case, one: Mapping[str, Any], held: Ledger) -> None:
    if one["moved_usd"] is None:
        return
    what = f"{one['day']} {one['kind']} {one['id']}"
    nets = {name[4:]: net for name, net in one.items() if name.startswith("net.")}
    change = one["new_usd"] - one["old_usd"]
    held.same("law dollars", "law", f"{what}: by tool", sum(nets.values()), change)
    held.holds(
        "law dollars", "law", what, one["moved_usd"] >= abs(change), one["moved_usd"], change
    )
    given = sum(case.amounts.values())
    if one["days"] > 0:
        held.same("law dollars", "law", f"{what}: proposed now", one["old_usd"], given)
    if one["kind"] == "authority" and one["days"] > 0:
        off = {tool: -amount for tool, amount in _by_tool(case).items() if _of(tool) == one["id"]}
        told = {tool: net for tool, net in nets.items() if _of(tool) == one["id"]}
        held.same("law dollars", "law", f"{what}: off", told, off)
    now = [package for package, amount in case.given.items() if amount]
    if one["days"] > 0:
        held.holds("law dollars", "law", what, set(one["left"]) <= set(now), one["left"], now)
        held.holds("law dollars", "law", what, not set(one["entered"]) & set(now), one["entered"])


def _by_tool(case: Case) -> dict[str, int]:
    found = dict.fromkeys(case.study.tools, 0)
    for (_, tool), amount in case.amounts.items():
        found[tool] += amount
    return found


def _of(tool: str) -> str:
    return tool.split(".")[0]
