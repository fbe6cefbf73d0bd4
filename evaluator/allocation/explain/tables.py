"""The tables of an allocation: amounts, requests, limits."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from evaluator.allocation.explain.reasons import Reasons
from evaluator.allocation.model.build import Compiled
from evaluator.allocation.model.families import LimitRow
from evaluator.allocation.model.rows import ZERO, total
from evaluator.allocation.solve.point import Point
from evaluator.model.study import Study

_OPTIONAL = ("bound", "slack", "shadow_price", "price_low", "price_high")
_STEP = Fraction(1)
"""A dollar: a limit with less room than that is binding."""


@dataclass(frozen=True)
class Price:
    """What a dollar more of a bound is worth, and the bounds between which that holds."""

    value: float
    low: float | None = None
    high: float | None = None


def amounts_table(study: Study, compiled: Compiled, amounts: Sequence[int]) -> pd.DataFrame:
    """Return whole dollars, all packages x tools of the study."""
    packages = sorted(study.package_by_id)
    found = {tool: dict.fromkeys(packages, 0) for tool in study.tools}
    for pair, amount in zip(compiled.layout.pairs, amounts, strict=True):
        found[pair.tool][pair.package] = amount
    table = pd.DataFrame(found, index=packages, columns=list(study.tools), dtype="int64")
    return table.rename_axis(index="package", columns="tool")


def request_table(
    study: Study,
    compiled: Compiled,
    amounts: Sequence[int],
    reasons: Reasons,
) -> pd.DataFrame:
    """Return one row a request: what was asked, may be served and is given, and what capped it."""
    cap = {(p.package, p.tool): p.cap for p in compiled.layout.pairs}
    given = {(p.package, p.tool): a for p, a in zip(compiled.layout.pairs, amounts, strict=True)}
    order = {tool: number for number, tool in enumerate(study.tools)}
    rows = [
        {
            "package": package.id,
            "tool": request.tool,
            "requested": request.amount_usd,
            "eligible": cap.get((package.id, request.tool), 0),
            "allocated": given.get((package.id, request.tool), 0),
            "reason": reasons[package.id, request.tool],
        }
        for package in sorted(study.packages, key=lambda p: p.id)
        for request in sorted(package.requests, key=lambda r: order[r.tool])
    ]
    columns = ["package", "tool", "requested", "eligible", "allocated", "reason"]
    table = pd.DataFrame(rows, columns=columns)
    return table.astype({"requested": "int64", "eligible": "int64", "allocated": "int64"})


def prices(compiled: Compiled, amounts: Sequence[int], priced: Point | None) -> dict[int, Price]:
    """Return the price of each limit in force, by its place: points per USD of bound.

    A price is what the objective gains from a dollar more of the bound: 0 or more for an upper
    limit, 0 or less for a lower one. It holds at the binaries chosen, while the bound stays
    between `low` and `high`; None where that has no end or is not known.
    """
    if priced is None or priced.duals is None:
        return {}
    found: dict[int, Price] = {}
    unit = compiled.program.unit
    for place, row in compiled.row_of.items():
        value = -float(priced.duals[row]) / unit + 0.0
        if priced.ranges is None or value == 0:
            found[place] = Price(value)
            continue
        # ranges are of the row's own bound; the limit's has existing exposure and sums in it
        limit = compiled.limits[place]
        offset = float(limit.constant + total(limit.base, amounts) - limit.bound)
        low, high = (float(side[row]) * unit + offset for side in priced.ranges)
        found[place] = Price(value, _finite(low), _finite(high))
    return found


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) and abs(number) < 1e25 else None


def limit_table(
    compiled: Compiled,
    amounts: Sequence[int],
    priced: Mapping[int, Price],
    in_the_way: Collection[int] = (),
) -> pd.DataFrame:
    """Return one row a limit and group, in force or not.

    in_the_way: rows of the program that shut a request out, whatever room they leave: they bind.
    bound, slack and prices are missing where they are not known or have no end; a limit of which
    the least of several bounds counts stands with the one that has least room.
    """
    rows: dict[tuple[str, str], dict[str, object]] = {}
    for place, limit in enumerate(compiled.limits):
        row = _limit(limit, amounts, priced.get(place))
        row["binding"] = row["binding"] or compiled.row_of.get(place) in in_the_way
        key = (limit.limit, limit.group)
        if key not in rows or _room(row) < _room(rows[key]):
            rows[key] = row
    columns = [
        *("limit", "label", "kind", "measure", "sense", "group", "bound", "used", "slack"),
        *("binding", "shadow_price", "price_low", "price_high", "missed", "citation"),
        *("confidence", "note"),
    ]
    table = pd.DataFrame(list(rows.values()), columns=columns)
    types = {"used": "float64", "missed": "float64", "binding": "bool"}
    return table.astype({**types, **dict.fromkeys(_OPTIONAL, "Float64")})


def _room(row: Mapping[str, object]) -> float:
    slack = row["slack"]
    return slack if isinstance(slack, float) else math.inf


def room(limit: LimitRow, amounts: Sequence[int]) -> Fraction:
    """Return a limit's exact slack at whole-dollar amounts; negative where it is missed."""
    used = total(limit.terms, amounts)
    return limit.bound - used if limit.sense == "at_most" else used - limit.bound


def _limit(limit: LimitRow, amounts: Sequence[int], price: Price | None) -> dict[str, object]:
    left, spec = total(limit.left, amounts), limit.spec
    slack = room(limit, amounts)
    known = bool(limit.active or limit.left or limit.note is None) and limit.held is None
    near = price is not None and price.value != 0 and slack < len(limit.terms) + 1
    missed = max(ZERO, -slack) if limit.active and spec.kind == "goal" else ZERO
    return {
        "limit": limit.limit,
        "label": spec.label,
        "kind": spec.kind,
        "measure": spec.measure,
        "sense": limit.sense,
        "group": limit.group,
        "bound": float(limit.constant + total(limit.base, amounts)) if known else None,
        "used": float(limit.plus + left),
        "slack": float(slack) if known and limit.active else None,
        "binding": bool(limit.active and limit.terms and (slack < _STEP or near)),
        "shadow_price": price.value if price is not None else None,
        "price_low": price.low if price is not None else None,
        "price_high": price.high if price is not None else None,
        "missed": float(missed),
        "citation": spec.citation.title,
        "confidence": spec.citation.confidence,
        "note": () if limit.note is None else (limit.note,),
    }
