"""A solver's point -> whole dollars that keep every row exactly."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from evaluator.allocation.model.columns import Column, Layout
from evaluator.allocation.model.program import Floats, Program, assemble
from evaluator.allocation.model.rows import ZERO, Row, slack, total
from evaluator.allocation.solve.point import Settings
from evaluator.allocation.solve.solve import Solver
from evaluator.errors import SolverError

_SNAP = 0.2
"""Dollars: what a solver's tolerance may take from a whole amount."""
_REACHES = (3, 30, 300)
"""Dollars by which an amount may move to mend a broken row; more where fewer do not do."""
_ROUNDS = 5
_PASSES = 3


def whole_dollars(
    program: Program, layout: Layout, values: Floats, settings: Settings, solver: Solver
) -> tuple[int, ...]:
    """Return whole-dollar amounts of all pairs, near a point, that keep every row.

    Amounts are brought down to whole dollars; where that breaks a row (a minimum, or a share of a
    sum that shrank), the dollars are settled by a small program in whole dollars; dollars left
    over go where the objective gains most. Raises SolverError if no whole amounts nearby do.
    """
    amounts = _floored(layout, values)
    if broken(program, layout, amounts):
        amounts = _settled(program, layout, amounts, settings, solver)
    return _filled(program, layout, amounts)


def complete(program: Program, layout: Layout, amounts: Sequence[int]) -> list[Fraction | int]:
    """Return the value of every column, exactly, as the amounts imply it."""
    found: list[Fraction | int] = [*amounts, *[0] * (len(program.columns) - len(amounts))]
    for pair, column in layout.served.items():
        found[column] = int(amounts[pair] > 0)
    for package, column in layout.supported.items():
        found[column] = int(any(amounts[i] for i in layout.by_package[package]))
    for column, added in program.sums.items():
        found[column] = total(added, amounts)
    for row in program.goals:
        found[missed_column(row)] = max(ZERO, -slack(row, found))
    return found


def missed_column(row: Row) -> int:
    """Return the column of a goal's miss: the last of its row."""
    return next(reversed(list(row.terms)))


def broken(program: Program, layout: Layout, amounts: Sequence[int]) -> list[int]:
    """Return the rows that whole-dollar amounts break, by exact arithmetic."""
    found = complete(program, layout, amounts)
    return [number for number, row in enumerate(program.rows) if slack(row, found) < 0]


def _floored(layout: Layout, values: Floats) -> tuple[int, ...]:
    amounts = []
    for index, pair in enumerate(layout.pairs):
        amount = min(math.floor(float(values[index]) * layout.unit + _SNAP), pair.cap)
        column = layout.served.get(index, layout.supported.get(pair.package))
        shut = column is not None and values[column] < 0.5
        least = pair.least if index in layout.served else 0
        amounts.append(0 if shut else max(amount, least))
    return tuple(amounts)


def _settled(
    program: Program, layout: Layout, amounts: tuple[int, ...], settings: Settings, solver: Solver
) -> tuple[int, ...]:
    for reach in _REACHES:
        found = _settled_within(reach, program, layout, amounts, settings, solver)
        if found is not None:
            return found
    names = ", ".join(program.rows[row].label for row in broken(program, layout, amounts)[:5])
    raise SolverError(
        f"no whole-dollar amounts near the optimum keep {names}: the limits leave no room for a"
        " dollar. Widen one of them by a few dollars."
    )


def _settled_within(
    reach: int,
    program: Program,
    layout: Layout,
    amounts: tuple[int, ...],
    settings: Settings,
    solver: Solver,
) -> tuple[int, ...] | None:
    moving = [index for index, amount in enumerate(amounts) if amount > 0]
    margins: dict[int, Fraction] = defaultdict(lambda: ZERO)
    for _ in range(_ROUNDS):
        small = _dollar_program(reach, program, layout, amounts, moving, margins)
        point = solver(small, settings)
        if not point.found:
            return None
        trial = list(amounts)
        for place, index in enumerate(moving):
            trial[index] += round(float(point.values[place])) - reach
        again = broken(program, layout, trial)
        if not again:
            return tuple(trial)
        # a solver's tolerance let these through
        for row in again:
            margins[row] += Fraction(1, 10**6)
    return None


def _dollar_program(
    reach: int,
    program: Program,
    layout: Layout,
    amounts: tuple[int, ...],
    moving: Sequence[int],
    margins: Mapping[int, Fraction],
) -> Program:
    """Columns: dollars of each positive amount above itself less a reach, sums, missed goals."""
    place = {index: number for number, index in enumerate([*moving, *program.sums])}
    columns = [program.columns[index] for index in place]
    size = {column: sum(map(abs, added.values())) for column, added in program.sums.items()}
    cost = {number: float(program.cost[index]) for number, index in enumerate(moving)}
    rows: list[Row] = []
    start = complete(program, layout, amounts)
    for index in moving:
        start[index] = amounts[index] - reach
    for column, added in program.sums.items():
        start[column] = total(added, start)
    for number, row in enumerate(program.rows):
        if row.kind == "goal":
            start[missed_column(row)] = 0
        terms = {place[c]: v for c, v in row.terms.items() if c in place}
        if not terms:
            continue
        room = slack(row, start)
        if row.kind == "goal":
            missed = missed_column(row)
            terms[len(columns)] = row.terms[missed]
            cost[len(columns)] = float(program.cost[missed])
            columns.append(Column("missed", row.name, row.group))
        elif row.kind != "sum":
            most = sum((abs(v) * size.get(c, 1) for c, v in row.terms.items()), ZERO)
            if room > 2 * reach * most:
                continue
        if row.kind != "sum":
            room -= margins.get(number, ZERO)
        bound = -room if row.sense == "at_least" else room
        rows.append(replace(row, terms=terms, bound=bound, unit="count"))
    small = assemble(columns, rows, cost=cost, subsidy={}, upper={}, unit=1)
    base = np.array([amounts[index] - reach for index in moving], dtype=np.float64)
    least = np.array([layout.pairs[i].least if i in layout.served else 0 for i in moving])
    cap = np.array([layout.pairs[index].cap for index in moving], dtype=np.float64)
    lower, upper = small.lower.copy(), small.upper.copy()
    lower[: len(moving)] = np.maximum(0.0, least - base)
    upper[: len(moving)] = np.minimum(2.0 * reach, cap - base)
    whole = np.arange(len(columns)) < len(moving)
    return replace(small, lower=lower, upper=upper, integer=whole)


def _filled(program: Program, layout: Layout, amounts: tuple[int, ...]) -> tuple[int, ...]:
    """Give dollars that rounding left over to amounts already served, best gain first.

    What a dollar eases elsewhere, as part of a sum, is not counted.
    """
    now = complete(program, layout, amounts)
    rooms = [slack(row, now) for row in program.rows]
    uses: dict[int, list[tuple[int, Fraction]]] = defaultdict(list)
    for number, row in enumerate(program.rows):
        if row.kind == "sum":
            continue
        sign = 1 if row.sense == "at_most" else -1
        for column, coefficient in program.net(number).items():
            if column < len(amounts) and amounts[column] > 0:
                uses[column].append((number, sign * coefficient))
    found = list(amounts)
    order = sorted(uses, key=lambda index: (program.cost[index], index))
    for _ in range(_PASSES):
        before = tuple(found)
        for index in order:
            more = _fits(rooms, uses[index], layout.pairs[index].cap - found[index])
            if more and program.cost[index] < 0:
                found[index] += more
                for number, use in uses[index]:
                    rooms[number] -= use * more
        if tuple(found) == before:
            break
    return tuple(found)


def _fits(rooms: Sequence[Fraction], uses: Sequence[tuple[int, Fraction]], most: int) -> int:
    for number, use in uses:
        if use > 0:
            most = min(most, math.floor(rooms[number] / use))
    return max(0, most)
