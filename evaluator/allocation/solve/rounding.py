"""A solver's point -> whole dollars that keep every row exactly."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from evaluator.allocation.model.columns import Column, Layout
from evaluator.allocation.model.exact.rows import ZERO, Rational, Row, whole
from evaluator.allocation.model.exact.whole_rows import Wholes, product, wholes
from evaluator.allocation.model.program import Floats, Program, assemble
from evaluator.allocation.solve.point import Settings
from evaluator.allocation.solve.solve import Solver
from evaluator.errors import SolverError

_SNAP = 0.2
"""Dollars: what a solver's tolerance may take from a whole amount."""
_REACHES = (3, 30, 300)
"""Dollars by which an amount may move to mend a broken row; more where fewer do not do."""
_MENDINGS = 12
_LEAST_MARGIN = Fraction(1, 10**6)
_ROUNDS = 5
_PASSES = 3


def whole_dollars(
    program: Program, layout: Layout, values: Floats, settings: Settings, solver: Solver
) -> tuple[int, ...]:
    """Return whole-dollar amounts of all pairs, near a point, that keep every row.

    Amounts are brought down to whole dollars; where that breaks a row (a minimum, or a share of a
    sum that shrank), dollars are moved one row after another, or, where that does not end, settled
    by a small program in whole dollars; dollars left over go where the objective gains most. Raises
    SolverError if no whole amounts nearby do.
    """
    amounts = _floored(layout, values)
    if broken(program, layout, amounts):
        mended = _mended(program, layout, amounts)
        amounts = mended or _settled(program, layout, amounts, settings, solver)
    return _filled(program, layout, amounts)


def in_wholes(program: Program, layout: Layout, amounts: Sequence[int]) -> Wholes:
    """Return the value of every column in whole numbers, as the amounts imply it, shape (n,)."""
    found: list[int] = [*amounts, *[0] * (len(program.cost) - len(amounts))]
    for pair, column in layout.served.items():
        found[column] = int(amounts[pair] > 0)
    for package, column in layout.supported.items():
        found[column] = int(any(amounts[i] for i in layout.by_package[package]))
    for tools, packages in layout.counted.items():
        for package, column in packages.items():
            found[column] = int(any(amounts[i] for i in layout.under(tools, package)))
    return program.whole.completed(wholes(found))


def complete(program: Program, layout: Layout, amounts: Sequence[int]) -> list[Rational]:
    """Return the value of every column, exactly, as the amounts imply it."""
    found: list[Rational] = in_wholes(program, layout, amounts).tolist()
    for column, parts in program.whole.parts.items():
        found[column] = whole(Fraction(found[column], parts))
    return found


def floats(program: Program, values: Sequence[Rational]) -> Floats:
    """Return exact values of all columns in units of the arrays, shape (n,)."""
    given = np.array([float(value) for value in values])
    return np.where(program.integer, given, given / program.unit)


def broken(program: Program, layout: Layout, amounts: Sequence[int]) -> list[int]:
    """Return the rows that whole-dollar amounts break."""
    rooms = program.whole.rooms(in_wholes(program, layout, amounts))
    return _broken(program, rooms)


def _broken(program: Program, rooms: Wholes) -> list[int]:
    """Return the rows without enough room, of those that the program keeps."""
    count = len(rooms)
    kept = np.isfinite(program.row_lower[:count]) | np.isfinite(program.row_upper[:count])
    found: list[int] = np.flatnonzero((rooms < 0) & kept).tolist()
    return found


def _floored(layout: Layout, values: Floats) -> tuple[int, ...]:
    amounts = []
    for index, pair in enumerate(layout.pairs):
        amount = min(math.floor(float(values[index]) * layout.unit + _SNAP), pair.cap)
        column = layout.served.get(index, layout.supported.get(pair.package))
        shut = column is not None and values[column] < 0.5
        least = pair.least if index in layout.served else 0
        amounts.append(0 if shut else max(amount, least))
    return tuple(amounts)


def _mended(program: Program, layout: Layout, amounts: tuple[int, ...]) -> tuple[int, ...] | None:
    """Return amounts in which dollars are moved until no row is broken; None where some still is.

    Of a row those move first by which the objective loses least; none by more than the reach.
    """
    found = list(amounts)
    least = {
        index: layout.pairs[index].least if index in layout.served else 1
        for index, amount in enumerate(amounts)
        if amount > 0
    }
    for _ in range(_MENDINGS):
        rooms = program.whole.rooms(in_wholes(program, layout, found))
        again = _broken(program, rooms)
        if not again:
            return tuple(found)
        for number in again:
            lacking = -int(rooms[number])
            sign = 1 if program.rows[number].sense == "at_most" else -1
            every = zip(*program.whole.uses.of(number), strict=True)
            uses = {column: sign * use for column, use in every if column in least}
            for index in sorted(uses, key=lambda one: (-program.cost[one], one)):
                if lacking <= 0:
                    break
                down = uses[index] > 0
                use = uses[index] if down else -uses[index]
                bound = least[index] if down else layout.pairs[index].cap
                near = amounts[index] + (-_REACHES[-1] if down else _REACHES[-1])
                able = min(abs(found[index] - bound), abs(found[index] - near))
                by = min(able, -(-lacking // use))
                found[index] += -by if down else by
                lacking -= by * use
    return None


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
    margins: dict[int, Rational] = defaultdict(lambda: ZERO)
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
            margins[row] = max(_LEAST_MARGIN, 10 * margins[row])
    return None


def _dollar_program(
    reach: int,
    program: Program,
    layout: Layout,
    amounts: tuple[int, ...],
    moving: Sequence[int],
    margins: Mapping[int, Rational],
) -> Program:
    """Columns: dollars of each positive amount above itself less a reach, sums, missed goals."""
    place = {index: number for number, index in enumerate([*moving, *program.sums])}
    columns = [program.columns[index] for index in place]
    cost = {number: float(program.cost[index]) for number, index in enumerate(moving)}
    rows: list[Row] = []
    start = in_wholes(program, layout, amounts)
    start[list(moving)] -= reach
    start = program.whole.completed(start)
    start[list(program.whole.goals)] = 0
    rooms, missed_by = program.whole.rooms(start), {r: c for c, r in program.whole.goals.items()}
    for number in _within_reach(reach, program, moving, rooms):
        row = program.rows[number]
        terms = {place[c]: v for c, v in row.terms.items() if c in place}
        room: Rational = Fraction(int(rooms[number]), program.whole.times[number])
        if row.kind == "goal":
            missed = missed_by[number]
            terms[len(columns)] = row.terms[missed]
            cost[len(columns)] = float(program.cost[missed])
            columns.append(Column("missed", row.name, row.group))
        if row.kind != "sum":
            room -= margins.get(number, ZERO)
        bound = -room if row.sense == "at_least" else room
        rows.append(row._replace(terms=terms, bound=bound, unit="count"))
    small = assemble(columns, rows, cost=cost, subsidy={}, upper={}, unit=1)
    base = np.array([amounts[index] - reach for index in moving], dtype=np.float64)
    least = np.array([layout.pairs[i].least if i in layout.served else 0 for i in moving])
    cap = np.array([layout.pairs[index].cap for index in moving], dtype=np.float64)
    lower, upper = small.lower.copy(), small.upper.copy()
    lower[: len(moving)] = np.maximum(0.0, least - base)
    upper[: len(moving)] = np.minimum(2.0 * reach, cap - base)
    moves = np.arange(len(columns)) < len(moving)
    return replace(small, lower=lower, upper=upper, integer=moves)


def _within_reach(reach: int, program: Program, moving: Sequence[int], rooms: Wholes) -> list[int]:
    """Return the rows that amounts which move may break: those of goals and sums in any case.

    moving: columns, each of which moves by at most twice the reach. rooms: of each row where they
    are moved from.
    """
    rows = program.whole
    by = np.zeros(len(program.cost), dtype=rows.value.dtype)
    by[list(moving)] = 2 * reach
    for column, number in rows.sums.items():
        own = rows.entries(number)
        by[column] = product(np.abs(rows.value[own]), by[rows.column[own]]).sum()
    most = rows.sizes(by)
    always = np.isin(np.arange(len(rooms)), [*rows.goals.values(), *rows.sums.values()])
    found: list[int] = np.flatnonzero((most > 0) & ((rooms <= most) | always)).tolist()
    return found


def _filled(program: Program, layout: Layout, amounts: tuple[int, ...]) -> tuple[int, ...]:
    """Give dollars that rounding left over to amounts already served, best gain first.

    What a dollar eases elsewhere, as part of a sum, is not counted.
    """
    able = [
        index
        for index, amount in enumerate(amounts)
        if 0 < amount < layout.pairs[index].cap and program.cost[index] < 0
    ]
    uses = _uses(program, able)
    rooms: list[int] = program.whole.rooms(in_wholes(program, layout, amounts)).tolist()
    found = list(amounts)
    order = sorted(able, key=lambda index: (program.cost[index], index))
    for _ in range(_PASSES):
        before = tuple(found)
        for index in order:
            more = _fits(rooms, uses[index], layout.pairs[index].cap - found[index])
            if more:
                found[index] += more
                for number, use in uses[index]:
                    rooms[number] -= use * more
        if tuple(found) == before:
            break
    return tuple(found)


def _uses(program: Program, columns: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
    """Return what a dollar of some amounts takes of the room of each row that it is in."""
    rows = program.whole
    tied = set(rows.sums.values())
    upper = rows.upper.tolist()
    return {
        column: [(row, use if upper[row] else -use) for row, use in uses if row not in tied]
        for column, uses in rows.uses.by_column(columns).items()
    }


def _fits(rooms: Sequence[int], uses: Sequence[tuple[int, int]], most: int) -> int:
    for number, use in uses:
        if use > 0:
            most = min(most, rooms[number] // use)
    return max(0, most)
