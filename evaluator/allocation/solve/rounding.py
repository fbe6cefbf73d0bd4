"""A solver's point -> whole dollars that keep every row exactly."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from evaluator.allocation.model.columns import Column, Layout
from evaluator.allocation.model.program import Floats, Integers, Program, assemble
from evaluator.allocation.model.rows import ZERO, Rational, Row, slack, total
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


def complete(program: Program, layout: Layout, amounts: Sequence[int]) -> list[Rational]:
    """Return the value of every column, exactly, as the amounts imply it."""
    found: list[Rational] = [*amounts, *[0] * (len(program.columns) - len(amounts))]
    for pair, column in layout.served.items():
        found[column] = int(amounts[pair] > 0)
    for package, column in layout.supported.items():
        found[column] = int(any(amounts[i] for i in layout.by_package[package]))
    for tools, packages in layout.counted.items():
        for package, column in packages.items():
            found[column] = int(any(amounts[i] for i in layout.under(tools, package)))
    for column, added in program.sums.items():
        found[column] = total(added, found)
    for row in program.goals:
        found[missed_column(row)] = max(ZERO, -slack(row, found))
    return found


def floats(program: Program, values: Sequence[Rational]) -> Floats:
    """Return exact values of all columns in units of the arrays, shape (n,)."""
    given = np.array([float(value) for value in values])
    return np.where(program.integer, given, given / program.unit)


def missed_column(row: Row) -> int:
    """Return the column of a goal's miss: the last of its row."""
    return next(reversed(list(row.terms)))


def broken(program: Program, layout: Layout, amounts: Sequence[int]) -> list[int]:
    """Return the rows that whole-dollar amounts break, by exact arithmetic."""
    found = complete(program, layout, amounts)
    room, error = _about(program, found)
    # of rows without any term nothing is doubtful
    doubtful = np.flatnonzero((room < error) | (room < 0)).tolist()
    return [number for number in doubtful if slack(program.rows[number], found) < 0]


def _about(program: Program, values: Sequence[Rational]) -> tuple[Floats, Floats]:
    """Return the room that each row has, in units of the arrays, and by how much it may be wrong.

    Of n terms, each a product of two rounded numbers, a sum in any order is wrong by (n + 2)
    roundings of the absolute terms at most (Higham, Accuracy and Stability of Numerical Algorithms,
    2002, 4.2).
    """
    entries = program.value * floats(program, values)[program.index]
    used = program.by_row(entries)
    room = np.minimum(program.row_upper - used, used - program.row_lower)
    bound = np.where(np.isfinite(program.row_upper), program.row_upper, program.row_lower)
    size = program.by_row(np.abs(entries)) + np.where(np.isfinite(bound), np.abs(bound), 0.0)
    return room, (np.diff(program.starts) + 8) * np.finfo(np.float64).eps * size


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
        again = broken(program, layout, found)
        if not again:
            return tuple(found)
        now = complete(program, layout, found)
        for number in again:
            row, lacking = program.rows[number], -slack(program.rows[number], now)
            sign = 1 if row.sense == "at_most" else -1
            uses = {c: sign * use for c, use in program.net(number).items() if c in least and use}
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
    start = complete(program, layout, amounts)
    for index in moving:
        start[index] = amounts[index] - reach
    for column, added in program.sums.items():
        start[column] = total(added, start)
    for row in program.goals:
        start[missed_column(row)] = 0
    for number in _within_reach(reach, program, list(place), start):
        row = program.rows[number]
        terms = {place[c]: v for c, v in row.terms.items() if c in place}
        room = slack(row, start)
        if row.kind == "goal":
            missed = missed_column(row)
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
    whole = np.arange(len(columns)) < len(moving)
    return replace(small, lower=lower, upper=upper, integer=whole)


def _within_reach(
    reach: int, program: Program, moving: Sequence[int], start: Sequence[Rational]
) -> list[int]:
    """Return the rows that amounts which move may break: those of goals and sums in any case.

    moving: columns, each of which moves by at most twice the reach; a sum by that of all its
    amounts. start: where they are moved from.
    """
    by = np.zeros(len(program.cost))
    by[list(moving)] = 2 * reach / program.unit
    for column, added in program.sums.items():
        by[column] *= float(sum(max(one, -one) for one in added.values()))
    most = program.by_row(np.abs(program.value) * by[program.index])
    room, error = _about(program, start)
    kept = (most > 0) & (room - error <= most * (1 + 1e-9))
    kinds = np.array([row.kind in ("goal", "sum") for row in program.rows], dtype=np.bool_)
    return np.flatnonzero(kept | ((most > 0) & kinds)).tolist()


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
    now = complete(program, layout, amounts)
    rooms = {
        number: slack(program.rows[number], now)
        for number in sorted({number for use in uses.values() for number, _ in use})
    }
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


def _uses(program: Program, columns: Sequence[int]) -> dict[int, list[tuple[int, Rational]]]:
    """Return what a dollar of some amounts takes of the room of each row that it is in."""
    order = np.argsort(program.index, kind="stable")
    ends = np.append(0, np.cumsum(np.bincount(program.index, minlength=len(program.cost))))
    owner, value = program.owner[order], program.value[order]
    upper = np.isfinite(program.row_upper)

    def rows(column: int) -> Integers:
        found: Integers = owner[ends[column] : ends[column + 1]]
        return found

    def tightened(column: int) -> Integers:
        """Return the rows that more of a sum leaves less room."""
        takes = (value[ends[column] : ends[column + 1]] > 0) == upper[rows(column)]
        found: Integers = rows(column)[takes]
        return found

    by_sum = {column: tightened(column).tolist() for column in program.sums}
    found: dict[int, list[tuple[int, Rational]]] = {}
    for index in columns:
        every = {*rows(index).tolist()}
        every.update(*(by_sum[column] for column, added in program.sums.items() if index in added))
        uses = []
        for number in sorted(every):
            row = program.rows[number]
            if row.kind != "sum":
                sign = 1 if row.sense == "at_most" else -1
                uses.append((number, sign * _net(program, row, index)))
        found[index] = uses
    return found


def _net(program: Program, row: Row, index: int) -> Rational:
    """Return what a dollar of one amount takes of a row, as part of a sum as well."""
    use = row.terms.get(index, ZERO)
    for column, added in program.sums.items():
        if column in row.terms and index in added:
            use += row.terms[column] * added[index]
    return use


def _fits(rooms: Mapping[int, Rational], uses: Sequence[tuple[int, Rational]], most: int) -> int:
    for number, use in uses:
        if use > 0:
            most = min(most, rooms[number] // use)
    return max(0, most)
