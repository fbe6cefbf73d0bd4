"""The least by which to move bounds so that an infeasible program has an answer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from evaluator.allocation.explain.findings import LimitHoldsAtZero
from evaluator.allocation.model.build import Compiled
from evaluator.allocation.model.columns import Column
from evaluator.allocation.model.exact.rows import Sense
from evaluator.allocation.model.findings import LimitRule
from evaluator.allocation.model.limits.families import LimitRow
from evaluator.allocation.model.program import Floats, Program
from evaluator.allocation.solve.point import Point, Settings
from evaluator.allocation.solve.solve import Solver
from evaluator.results.evaluation import Ease
from evaluator.results.findings import Finding

_NOISE = 0.1
"""Dollars: a solver's tolerance."""


def elastic(program: Program, rows: Sequence[int], column: Sequence[int]) -> Program:
    """Return a program with new columns, each of which eases the rows that name it, in units.

    rows: ascending; column: the number of the new column of each. The objective is the sum of the
    new columns; those of rows that count binaries are whole. No row is eased beyond what holds
    even where it is set aside.
    """
    at = program.starts[np.array(rows, dtype=np.int64) + 1]
    signs = [-1.0 if program.rows[row].sense == "at_most" else 1.0 for row in rows]
    longer = np.zeros(len(program.starts), dtype=np.int32)
    longer[np.array(rows, dtype=np.int64) + 1] = 1
    more = max(column, default=-1) + 1
    whole = np.zeros(more, dtype=np.bool_)
    whole[list(column)] = [program.rows[row].unit == "count" for row in rows]
    most = np.where(whole, float(len(program.cost)), np.inf)
    for row, place in zip(rows, column, strict=True):
        aside = program.rows[row].aside
        if aside is not None:
            room = abs(float((program.rows[row].bound - aside) / program.unit))
            most[place] = min(most[place], room)
    return replace(
        program,
        columns=(*program.columns, *[Column("missed", "relaxation", str(n)) for n in range(more)]),
        cost=np.append(np.zeros_like(program.cost), np.ones(more)),
        subsidy=np.append(program.subsidy, np.zeros(more)),
        lower=np.append(program.lower, np.zeros(more)),
        upper=np.append(program.upper, most),
        integer=np.append(program.integer, whole),
        starts=(program.starts + np.cumsum(longer)).astype(np.int32),
        index=np.insert(program.index, at, np.array(column) + len(program.cost)).astype(np.int32),
        value=np.insert(program.value, at, signs),
    )


def least_changes(
    compiled: Compiled,
    kept: Program,
    groups: Mapping[str, Sequence[int]],
    settings: Settings,
    solver: Solver,
) -> dict[str, Ease]:
    """Return the least change of each group that is enough, all together, by label.

    kept: the program without objective, infeasible. groups: rows that may be moved, by label. The
    sum of dollars is the least (an elastic program: Chinneck, Feasibility and Infeasibility in
    Optimization, 2008). Bounds in dollars of limits and overrides are moved first; where that is
    not enough, those of minimums as well; and then what has no amount is left out, as little of
    it as may be (must-nots, musts of any amount, groups, limits that a missing fact holds at 0),
    and the rest moved by the least. Whole numbers are kept, so that it also answers where
    they alone are the cause. Empty if none of that is enough, or time ran out.
    """
    rows = sorted(row for numbers in groups.values() for row in numbers)
    place = {row: at for at, row in compiled.row_of.items()}
    whole = {
        row
        for row in rows
        if (row in place and _as_a_whole(compiled.limits[place[row]])) or _without_amount(kept, row)
    }
    amounts = [row for row in rows if row not in whole]
    limits = [r for r in amounts if kept.rows[r].kind in ("law", "override")]
    for movable in (limits, amounts):
        point = _eased(kept, movable, None, settings, solver) if movable else None
        if point is not None and point.status == "optimal":
            return _told(compiled, groups, _moved(kept, movable, point), whole)
    counted = [row for row in rows if row in whole]
    first = _eased(kept, rows, counted, settings, solver) if counted else None
    if first is None or first.status != "optimal":
        return {}
    # as few as possible are left out; then the least dollars
    out = [row for row, by in _moved(kept, rows, first).items() if row in counted and by > 0]
    still = [row for row in rows if row not in counted or row in out]
    last = _eased(kept, still, None, settings, solver, free=out)
    if last.status != "optimal":
        return {}
    return _told(
        compiled, groups, {**_moved(kept, still, last), **dict.fromkeys(out, 1)}, {*out, *whole}
    )


def _as_a_whole(limit: LimitRow) -> bool:
    """Whether no dollars ease a limit: a missing fact holds it at 0, or it counts packages."""
    return limit.held is not None or limit.spec.measure == "packages"


def _without_amount(kept: Program, row: int) -> bool:
    """Whether a row stands or falls as a whole: a count, a must-not, a must of any amount."""
    found = kept.rows[row]
    if found.unit == "count" or (found.kind == "override" and found.sense == "at_most"):
        return True
    return found.kind == "override" and found.bound <= max(1, kept.unit // 1_000)


def _eased(
    kept: Program,
    movable: Sequence[int],
    priced: Sequence[int] | None,
    settings: Settings,
    solver: Solver,
    free: Sequence[int] = (),
) -> Point:
    """Solve for the least sum over the priced rows, all movable ones if None, less the free."""
    program = elastic(kept, movable, range(len(movable)))
    cost = program.cost.copy()
    for place, row in enumerate(movable):
        if (priced is not None and row not in priced) or row in free:
            cost[len(kept.cost) + place] = 0.0
    return solver(replace(program, cost=cost), settings)


def _moved(kept: Program, movable: Sequence[int], point: Point) -> dict[int, int]:
    """Return whole dollars, or counts, by row."""
    values: Floats = point.values[len(kept.cost) :]
    return {
        row: math.ceil(by * kept.unit - _NOISE) if kept.rows[row].unit == "usd" else round(by)
        for row, by in zip(movable, values.tolist(), strict=True)
    }


def _told(
    compiled: Compiled,
    groups: Mapping[str, Sequence[int]],
    moved: Mapping[int, int],
    out: set[int],
) -> dict[str, Ease]:
    found: dict[str, Ease] = {}
    for label, numbers in groups.items():
        changed = {row: moved[row] for row in numbers if moved.get(row, 0) > 0}
        if changed:
            row = max(changed, key=lambda number: changed[number])
            counted = compiled.program.rows[row].unit == "count"
            left_out = counted or any(number in out for number in changed)
            found[label] = Ease(said(compiled, row), None if left_out else changed[row])
    return found


def said(compiled: Compiled, number: int) -> Finding:
    """Return what a row of the program says: a limit, a rule or an override."""
    row = compiled.program.rows[number]
    if row.rule is not None:
        return row.rule
    place = next((at for at, one in compiled.row_of.items() if one == number), None)
    limit = None if place is None else compiled.limits[place]
    if limit is not None and limit.held is not None:
        return LimitHoldsAtZero(row.name, row.group, limit.held.fact)
    moves = limit is not None and (limit.sum is not None or limit.spec.measure == "packages")
    sense: Sense = "at_least" if row.sense == "at_least" else "at_most"
    return LimitRule(row.name, row.group, sense, None if moves else float(row.bound))
