"""A point in millions -> whole dollars that keep every row exactly."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from evaluator.allocation.columns import Layout
from evaluator.allocation.point import Settings
from evaluator.allocation.program import MILLION, Floats, Program, assemble
from evaluator.allocation.rows import ZERO, Row, slack
from evaluator.allocation.solve import Solver
from evaluator.errors import SolverError

_SNAP = 0.2
"""Dollars; what a solver's tolerance may take from a whole amount."""
_REACH = 3
"""Dollars by which an amount may move to mend a broken row."""
_ROUNDS = 5


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
    found: list[Fraction | int] = [*amounts, *(0 for _ in range(len(amounts), len(program.columns)))]
    for pair, column in layout.served.items():
        found[column] = int(amounts[pair] > 0)
    for package, column in layout.supported.items():
        found[column] = int(any(amounts[i] for i in layout.by_package[package]))
    for row in program.rows:
        if row.kind == "goal":
            short = -slack(row, found)
            if short > 0:
                found[next(reversed(row.terms))] = short
    return found


def broken(program: Program, layout: Layout, amounts: Sequence[int]) -> list[int]:
    """Return the rows that whole-dollar amounts break, by exact arithmetic."""
    found = complete(program, layout, amounts)
    return [number for number, row in enumerate(program.rows) if slack(row, found) < 0]


def _floored(layout: Layout, values: Floats) -> tuple[int, ...]:
    amounts = []
    for index, pair in enumerate(layout.pairs):
        amount = min(math.floor(float(values[index]) * MILLION + _SNAP), pair.cap)
        column = layout.served.get(index, layout.supported.get(pair.package))
        shut = column is not None and values[column] < 0.5
        amounts.append(0 if shut else max(amount, pair.least if index in layout.served else 0))
    return tuple(amounts)


def _settled(
    program: Program,
    layout: Layout,
    amounts: tuple[int, ...],
    settings: Settings,
    solver: Solver,
) -> tuple[int, ...]:
    """Settle the last dollars by a program whose whole numbers are dollars more or less."""
    margins: dict[int, Fraction] = defaultdict(lambda: ZERO)
    for _ in range(_ROUNDS):
        small = _dollar_program(program, layout, amounts, margins)
        point = solver(small, settings)
        if not point.found:
            break
        moved = np.round(point.values[: len(amounts)]).astype(int) - _REACH
        trial = tuple(int(a + m) for a, m in zip(amounts, moved, strict=True))
        again = broken(program, layout, trial)
        if not again:
            return trial
        for row in again:
            margins[row] += Fraction(1, 10**6)
    names = ", ".join(program.rows[n].label for n in broken(program, layout, amounts)[:5])
    raise SolverError(
        f"no whole-dollar amounts near the optimum keep {names}: the limits leave no room for a"
        " dollar. Widen one of them by a few dollars."
    )


def _dollar_program(
    program: Program, layout: Layout, amounts: tuple[int, ...], margins: dict[int, Fraction]
) -> Program:
    """Columns: dollars by which each amount moves, plus `_REACH`, so that none is negative."""
    now = complete(program, layout, amounts)
    count = len(amounts)
    base = [a - _REACH for a in amounts]
    rows: list[Row] = []
    for number, row in enumerate(program.rows):
        held = {c: v for c, v in row.terms.items() if c < count or row.kind == "goal"}
        moving = {c: v for c, v in held.items() if c >= count or amounts[c] > 0}
        if not moving:
            continue
        fixed = sum((row.terms[c] * now[c] for c in row.terms if c not in held), ZERO)
        fixed += sum((v * base[c] for c, v in moving.items() if c < count), ZERO)
        margin = margins[number] if row.sense == "at_most" else -margins[number]
        bound = row.bound - fixed - margin
        rows.append(replace(row, terms=moving, bound=bound, unit="count"))
    upper = {
        c: float(min(2 * _REACH, layout.pairs[c].cap - base[c])) if amounts[c] > 0 else _REACH
        for c in range(count)
    }
    small = assemble(
        program.columns,
        rows,
        cost=dict(enumerate((program.cost / program.cost[:count].min(initial=-1e-12)).tolist())),
        subsidy={},
        upper=upper,
    )
    still = np.array([i < count and a == 0 for i, a in enumerate(amounts)], dtype=np.bool_)
    lower = np.zeros(len(program.columns))
    lower[:count] = np.where(still, _REACH, 0.0)
    for index in layout.served:
        if amounts[index] > 0:
            lower[index] = max(0.0, float(layout.pairs[index].least - base[index]))
    for index, amount in enumerate(amounts):
        lower[index] = max(lower[index], float(-base[index]) if amount > 0 else lower[index])
    integer = np.arange(len(program.columns)) < count
    fixed_binaries = small.integer
    return replace(
        small,
        cost=-np.abs(small.cost) * np.where(integer, 1.0, -1.0),
        lower=lower,
        upper=np.where(fixed_binaries, 0.0, small.upper),
        integer=integer,
    )


def _filled(program: Program, layout: Layout, amounts: tuple[int, ...]) -> tuple[int, ...]:
    return amounts
