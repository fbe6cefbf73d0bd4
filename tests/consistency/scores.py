"""Values, agency scores and requirements, from the files of a study."""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from scipy.optimize import brentq

from tests.consistency import parties
from tests.consistency.study import Row, Study, day, flag, stated


@dataclass(frozen=True)
class Performance:
    """One package on one criterion."""

    value: float
    missing: bool
    clamped: bool = False
    panel: tuple[float, ...] = ()
    rows: int = 0
    """Ratings that are there, those blank or recused among them."""
    low: float = 0.0
    high: float = 100.0
    flagged: bool = False
    counts: bool = True
    """Whether it weighs in the score; else the weights of the others are scaled."""
    state: str = "known"


@cache
def _curvature(middle: float) -> float:
    """The k of 100 (1 - exp(-k u)) / (1 - exp(-k)) that is worth 50 at `middle`."""
    if abs(middle - 0.5) < 1e-12:
        return 0.0

    def off(k: float) -> float:
        return math.expm1(-k * middle) / math.expm1(-k) - 0.5

    low, high = (1e-9, 700.0) if middle < 0.5 else (-700.0, -1e-9)
    return float(brentq(off, low, high, xtol=1e-13, rtol=8.9e-16, maxiter=500))


def worth(function: dict[str, Any], raw: float) -> tuple[float, bool]:
    """Return the value of a raw performance, and whether it lies beyond the anchors."""
    if "piecewise" in function:
        points = function["piecewise"]
        low, high = points[0][0], points[-1][0]
        x = min(max(raw, low), high)
        for (a, va), (b, vb) in itertools.pairwise(points):
            if x == b:
                return float(vb), x != raw
            if a <= x <= b:
                return va + (vb - va) * (x - a) / (b - a), x != raw
    anchors = function.get("linear") or function["exponential"]
    worst, best = anchors["worst"], anchors["best"]
    x = min(max(raw, min(worst, best)), max(worst, best))
    u = (x - worst) / (best - worst)
    if "exponential" in function:
        k = _curvature((anchors["midvalue"] - worst) / (best - worst))
        u = math.expm1(-k * u) / math.expm1(-k) if k else u
    return abs(100 * u), x != raw


def _range(function: dict[str, Any], low: float, high: float) -> tuple[float, float]:
    inside = [x for x, _ in function.get("piecewise", ()) if low < x < high]
    found = [worth(function, x)[0] for x in (low, high, *inside)]
    return min(found), max(found)


def performance(study: Study, package: Row, name: str, criterion: dict[str, Any]) -> Performance:
    """Return what is known of a package on a criterion, and what it is worth."""
    floor = criterion.get("floor")
    function = criterion["value"]
    mine = [r for r in study.of_package("ratings", package["id"]) if r["criterion"] == name]
    if not _asked(package, criterion):
        return _without(study, "not applicable", 0)
    if criterion["kind"] == "rating":
        said = [r["rating"] for r in mine if not flag(r.get("recused"))]
        given = [one for one in said if stated(one) and one != NO]
        if not given:
            return _without(study, NO if NO in said else "missing", len(mine))
        panel = tuple(of_rating(function, one) for one in given)
        value = of_panel(panel, study.scenario)
        red = floor is not None and value < floor - 1e-8
        rows = len(mine) - said.count(NO)
        return Performance(value, False, False, panel, rows, min(panel), max(panel), flagged=red)
    cell, low, high = _measured(study, package, name, criterion)
    if cell is None or cell.startswith(NO):
        return _without(study, "missing" if cell is None else NO, 0)
    raw = float(cell)
    value, clamped = worth(function, raw)
    ends = _range(function, float(low or raw), float(high or raw))
    red = floor is not None and value < floor - 1e-8
    return Performance(value, False, clamped, (), 0, *ends, flagged=red)


NO = "not applicable"


def _without(study: Study, state: str, rows: int) -> Performance:
    missing = state == "missing"
    counts = missing and study.scenario.get("missing") != "reweight"
    return Performance(0.0, missing=missing, rows=rows, counts=counts, state=state)


def _asked(package: Row, criterion: dict[str, Any]) -> bool:
    """Whether a criterion applies, as it does where that is not known."""
    for column, wanted in criterion.get("applies_to", {}).items():
        cell = stated(package.get(column))
        if cell is None or cell.startswith(NO):
            continue
        if isinstance(wanted, dict):
            kept = float(cell) >= wanted.get("at_least", -math.inf)
            if not (kept and float(cell) <= wanted.get("at_most", math.inf)):
                return False
        elif cell not in (wanted if isinstance(wanted, list) else [wanted]):
            return False
    return True


def of_rating(function: dict[str, Any], rating: str) -> float:
    if "levels" in function:
        return float(function["levels"][rating])
    return worth(function, float(rating))[0]


def of_panel(panel: Sequence[float], scenario: dict[str, Any]) -> float:
    """Return what a panel comes to by the scenario's rule."""
    rule, ordered = scenario.get("panel", "mean"), sorted(panel)
    if rule == "median":
        return statistics.median(ordered)
    if isinstance(rule, dict):
        if rule.get("rule", "mean") != "trimmed":
            return of_panel(panel, {"panel": rule.get("rule", "mean")})
        cut = int(Fraction(str(rule["share"])) * len(ordered))
        ordered = ordered[cut : len(ordered) - cut]
    return math.fsum(ordered) / len(ordered)


def _measured(
    study: Study, package: Row, name: str, criterion: dict[str, Any]
) -> tuple[str | None, str | None, str | None]:
    if "attribute" in criterion:
        return stated(package.get(criterion["attribute"])), None, None
    for row in study.of_package("measures", package["id"]):
        if row["criterion"] == name:
            return stated(row["value"]), stated(row.get("low")), stated(row.get("high"))
    return None, None, None


def performances(study: Study) -> dict[tuple[str, str], Performance]:
    """Return every performance by package and criterion."""
    criteria = study.criteria
    return {
        (package, name): performance(study, row, name, criterion)
        for package, row in study.packages.items()
        for name, criterion in criteria.items()
    }


def outcomes(study: Study) -> dict[str, dict[str, str]]:
    """Return passed, failed or unknown, by package and requirement of it that holds on the day."""
    asked = [one for one in study.requirements if study.holds(one) and not one.get("binds")]
    return {
        package: {one["id"]: _outcome(study, row, one) for one in asked}
        for package, row in study.packages.items()
    }


def binds(requirement: dict[str, Any], tool: str) -> bool:
    """Return whether a requirement is a condition of a tool."""
    owner = tool.split(".")[0]
    return any(one in (tool, f"{owner}.*", "*") for one in requirement.get("binds", ()))


def of_tools(study: Study) -> dict[tuple[str, str], tuple[str, list[str]]]:
    """Return by package and requirement of tools: its outcome, and which of them are asked for."""
    asked: dict[str, list[str]] = {}
    for row in study.tables.get("requests", []):
        asked.setdefault(row["package"], []).append(row["tool"])
    return {
        (package, one["id"]): (_outcome(study, study.packages[package], one), tools)
        for package, every in asked.items()
        for one in study.requirements
        if study.holds(one)
        if (tools := sorted(tool for tool in every if binds(one, tool)))
    }


def standing(of_package: dict[str, str]) -> str:
    """Return failed if any requirement is, else unknown if any is."""
    found = set(of_package.values())
    return "failed" if "failed" in found else "unknown" if "unknown" in found else "passed"


def _outcome(study: Study, package: Row, requirement: dict[str, Any]) -> str:
    ((kind, check),) = requirement["check"].items()
    found = _CHECKS[kind](study, package, check)
    if found == "unknown":
        for row in study.of_package("evidence", package["id"]):
            if row["requirement"] == requirement["id"]:
                return row["status"]
    return found


def _layers(study: Study, package: Row, check: Any) -> str:
    there = {row["layer"] for row in study.of_package("layers", package["id"])}
    if not there:
        return "unknown"
    return "passed" if set(check) <= there else "failed"


def _count(study: Study, package: Row, check: Any) -> str:
    rows = study.of_package(check["of"], package["id"])
    count = len({row["named"] for row in rows}) if check["of"] == "targets" else len(rows)
    return "passed" if count >= check.get("at_least", 1) else "failed"


def _date(study: Study, package: Row, check: Any) -> str:
    cell = stated(package.get(check["attribute"]))
    if cell is None:
        return "unknown"
    last = check["not_after"]
    if last == "call.closes":
        last = study.scenario["call"]["closes"]
    return "passed" if day(cell) <= day(last) else "failed"


def _roles(study: Study, package: Row, check: Any) -> str:
    there = {row["role"] for row in study.of_package("roles", package["id"])}
    return "passed" if set(check) <= there else "unknown"


def _attribute(study: Study, package: Row, check: Any) -> str:
    cell = stated(package.get(check["id"]))
    if cell is None:
        return "unknown"
    beyond = "unknown" if "otherwise" in check else "failed"
    if "one_of" in check:
        return "passed" if cell in check["one_of"] else beyond
    kept = float(cell) >= check.get("at_least", -math.inf)
    return "passed" if kept and float(cell) <= check.get("at_most", math.inf) else beyond


_CHECKS: dict[str, Any] = {
    "layers": _layers,
    "count": _count,
    "date": _date,
    "members": lambda study, package, check: parties.verdict(study, package["id"], check),
    "models": lambda study, package, check: parties.models(study, package["id"], check),
    "roles": _roles,
    "attribute": _attribute,
    "evidence": lambda *_: "unknown",
}
