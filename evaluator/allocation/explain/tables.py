"""The tables of an allocation: amounts, requests, limits."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import pandas as pd

from evaluator.allocation.explain.findings import OnlyTogether
from evaluator.allocation.explain.prices import Price
from evaluator.allocation.explain.reasons import Reasons
from evaluator.allocation.model.build import Compiled
from evaluator.allocation.model.exact.rows import ZERO, Rational, total, whole
from evaluator.allocation.model.limits.families import LimitRow, moves_by
from evaluator.allocation.solve.rounding import complete, in_wholes
from evaluator.model.study import Study
from evaluator.results.findings import Findings
from evaluator.results.provenance import beside_envelope
from evaluator.results.schema.allocation import ALLOCATION, LIMITS

_UNKNOWN = Price(None, None)
_STEP = 1
"""A dollar: a limit with less room than that is binding."""


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
    return ALLOCATION.frame(rows)


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
    study = compiled.eligibility.every.facts.study
    tool_of = {f"{tool}.envelope": tool for tool in study.tools}
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    program, layout = compiled.program, compiled.layout
    values = complete(program, layout, amounts)
    rooms = program.whole.rooms(in_wholes(program, layout, amounts)).tolist()
    moves = moves_by(values)
    for place, limit in enumerate(compiled.limits):
        moved = moves(limit)
        used = _used(compiled, values, rooms, place, limit, limit.bound + moved)
        row = _limit(limit, used, moved, priced.get(place, _UNKNOWN))
        if limit.spec.measure == "packages":
            row |= _in_packages(row, layout.unit)
        if limit.limit in tool_of:
            row["kind"] = "envelope"
            row["note"] = (*row["note"], *beside_envelope(study, tool_of[limit.limit]))
        row["together"] = _with(compiled, priced.get(place, _UNKNOWN))
        row["binding"] = row["binding"] or compiled.row_of.get(place) in in_the_way
        key = (limit.limit, limit.group)
        if key not in rows or _room(row) < _room(rows[key]):
            rows[key] = row
    return LIMITS.frame(rows.values())


def _with(compiled: Compiled, price: Price) -> Findings:
    if not price.together:
        return ()
    limits = (compiled.limits[place] for place in price.together)
    return (OnlyTogether(tuple((one.limit, one.group) for one in limits), price.together_gain),)


def _room(row: Mapping[str, object]) -> float:
    slack = row["slack"]
    return slack if isinstance(slack, float) else math.inf


def _in_packages(row: Mapping[str, Any], unit: int) -> dict[str, Any]:
    """Return what a row that counts packages tells, each of which weighs as a unit there.

    An upper limit binds where there is no room for one more.
    """
    told = {name: row[name] for name in ("bound", "used", "slack", "missed")}
    found = {name: None if one is None else one / unit for name, one in told.items()}
    room = found["slack"] if row["sense"] == "at_most" else None
    return {**found, "binding": row["binding"] or (room is not None and room < 1)}


class _Used(NamedTuple):
    """What amounts use of a limit, and the room that they leave."""

    left: Rational
    slack: Rational
    under: int
    """How many amounts are under it."""


def _used(
    compiled: Compiled,
    values: Sequence[Rational],
    rooms: Sequence[int],
    place: int,
    limit: LimitRow,
    most: Rational,
) -> _Used:
    """Return what amounts use of a limit; of one in force, the room of its row tells.

    values: by column. rooms: by row of the program. most: the limit's bound at these amounts.
    """
    number, upper = compiled.row_of.get(place), limit.sense == "at_most"
    if number is None:
        left = total(limit.left, values)
        return _Used(left, most - left if upper else left - most, len(limit.left))
    rows, missed = compiled.program.whole, compiled.miss_of.get(place)
    own, times = rows.entries(number), rows.times[number]
    under = own.stop - own.start - (limit.sum is not None) - (missed is not None)
    slack: Rational = rooms[number] if times == 1 else whole(Fraction(rooms[number], times))
    if missed is not None:
        slack -= values[missed]
    return _Used(most - slack if upper else most + slack, slack, under)


def _limit(limit: LimitRow, used: _Used, moved: Rational, price: Price) -> dict[str, Any]:
    """Return the row of a limit; moved: by how much the amounts move its bound."""
    spec, (left, slack, under) = limit.spec, used
    terms = under + (len(limit.sum.terms) if limit.sum else 0)
    known = bool(limit.active or under or limit.note is None) and limit.held is None
    near = bool(price.more or price.less) and slack < terms + 1
    missed = max(ZERO, -slack) if limit.active and spec.kind == "goal" else ZERO
    return {
        "limit": limit.limit,
        "label": spec.label,
        "kind": spec.standing,
        "measure": spec.measure,
        "sense": limit.sense,
        "group": limit.group,
        "bound": float(limit.constant + moved) if known else None,
        "used": float(limit.plus + left),
        "slack": float(slack) if known and limit.active else None,
        "binding": bool(limit.active and terms and (slack < _STEP or near)),
        "shadow_price": price.more,
        "price_low": price.low,
        "price_high": price.high,
        "cut_price": price.less,
        "missed": float(missed),
        "citation": spec.citation.title,
        "confidence": spec.citation.confidence,
        "note": () if limit.note is None else (limit.note,),
    }
