"""Packages that could be swapped: the program is the same with the one in the other's place."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from tests.consistency.case import Case
from tests.consistency.financing import Line, Pair
from tests.consistency.program import points


def interchangeable(case: Case, one: str, other: str) -> bool:
    """Whether swapping two packages leaves points, requests, limits and rules as they are."""
    worth = points(case)
    if abs(worth[one] - worth[other]) > 1e-8 or _asks(case, one) != _asks(case, other):
        return False
    if _rules(case, one, other) != _rules(case, other, one):
        return False

    def swap(name: str) -> str:
        return {one: other, other: one}.get(name, name)

    lines = [line for line in case.lines if line.active and line.spec["kind"] != "notice"]
    here = sorted(repr(_row(line, lambda name: name)) for line in lines)
    there = sorted(repr(_row(line, swap)) for line in lines)
    return here == there


def _asks(case: Case, package: str) -> list[tuple[Any, ...]]:
    total = case.asked[package]
    mine = [q for q in case.served if q.package == package]
    return sorted((q.tool, q.cap, q.least, q.rate, q.alternative, total) for q in mine)


def _rules(case: Case, one: str, other: str) -> tuple[Any, ...]:
    """Return what rules say of a package, itself and the other left unnamed."""
    rows, settings = case.study.packages, case.study.scenario.get("allocation") or {}
    needs = set(rows[one]["requires"].split("|")) - {""}
    needed = {p for p, row in rows.items() if one in row["requires"].split("|")}
    parts = []
    for kind in ("must", "must_not"):
        said = (settings.get(kind) or {}).get(one)
        parts.append(said and (said.get("tool"), said.get("at_least")))
    return rows[one]["exclusive_group"], needs - {other}, other in needs, needed - {other}, *parts


def _row(line: Line, swap: Callable[[str], str]) -> tuple[Any, ...]:
    def swapped(terms: Any) -> list[tuple[Pair, Any]]:
        return sorted(((swap(package), tool), use) for (package, tool), use in terms.items())

    return line.limit, swap(line.group), swapped(line.use), swapped(line.base), line.floor


def tied_for_support(case: Case) -> set[str]:
    """Return the designated packages of which another could as well have what they have or lack."""
    if not case.exists:
        return set()
    asking = list(dict.fromkeys(q.package for q in case.served))
    found: set[str] = set()
    for one, other in itertools.combinations(asking, 2):
        if _apart(case, one, other) and interchangeable(case, one, other):
            found |= {one, other}
    return found


def _apart(case: Case, one: str, other: str) -> bool:
    """Whether two packages get other amounts; a dollar that does not divide is none."""
    tools = {tool for _, tool in case.amounts}
    gets = case.amounts.get
    return any(abs(gets((one, tool), 0) - gets((other, tool), 0)) > 1 for tool in tools)
