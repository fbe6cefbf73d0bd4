"""The program: one specification in arrays that every solver gets, and the exact rows behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from evaluator.allocation.model.columns import Column
from evaluator.allocation.model.exact.blocks import Block, block_of
from evaluator.allocation.model.exact.rows import Rational, Row, whole
from evaluator.allocation.model.exact.whole_rows import Rows, WholeRows

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Program:
    """Minimise cost @ x subject to row_lower <= A x <= row_upper, lower <= x <= upper.

    n columns, m rows, A in compressed rows. Every row has one finite side, or both of one value.
    `columns` and `rows` say what each stands for; `rows` holds the same coefficients exactly, in
    USD. Solvers see generated names only.
    """

    columns: Sequence[Column]
    rows: Sequence[Row]
    unit: int
    """USD of a unit of the arrays: a million as a rule, so that numbers stay near 1."""
    cost: Floats
    """Shape (n,): minus the objective gained by a unit, or the price of a goal's miss."""
    subsidy: Floats
    """Shape (n,): credit-reform cost of a unit, in units."""
    lower: Floats
    upper: Floats
    integer: Flags
    starts: Integers
    """Shape (m + 1,)."""
    index: Integers
    value: Floats
    row_lower: Floats
    row_upper: Floats

    @cached_property
    def whole(self) -> WholeRows:
        """The exact rows in whole numbers."""
        return Rows.of(self.rows).whole

    @cached_property
    def sums(self) -> Mapping[int, Mapping[int, Rational]]:
        """What a dollar of each amount adds to the sum that a column stands for, by that column."""
        found = ((total, self.rows[row].terms) for total, row in self.whole.sums.items())
        return {t: {c: by for c, by in terms.items() if c != t} for t, terms in found}

    def net(self, number: int) -> Mapping[int, Rational]:
        """Return what a dollar of each amount takes of an upper bound, or adds over a lower one.

        That is its own coefficient and that of the sums which it is in. Amounts that only ease the
        row, being in a sum that an upper bound is a share of, are left out.
        """
        columns, values = self.whole.uses.of(number)
        times = self.whole.times[number]
        return {c: whole(Fraction(v, times)) for c, v in zip(columns, values, strict=True)}

    @property
    def mixed(self) -> bool:
        """Whether any column has to be whole."""
        return bool(np.any(self.integer & (self.lower < self.upper)))

    @property
    def owner(self) -> Integers:
        """The row of each coefficient."""
        return np.repeat(np.arange(len(self.row_lower), dtype=np.int32), np.diff(self.starts))

    def worth(self, values: Floats) -> float:
        """Return what gaps and ties at a point are relative to.

        That is what the amounts gain, whatever the cost of goals that are missed: most of it may
        be unavoidable. One unit of the objective at least; where nothing can be gained (the least
        subsidy is sought) the cost itself.
        """
        gained = -float(np.minimum(self.cost, 0.0) @ values)
        if not np.any(self.cost < 0):
            gained = float(self.cost @ values)
        return max(1.0, gained)

    def activity(self, values: Floats) -> Floats:
        """Return A x, shape (m,)."""
        return self.by_row(self.value * values[self.index])

    def by_row(self, entries: Floats) -> Floats:
        """Return the sums of entries, one a coefficient, over each row, shape (m,)."""
        sums = np.bincount(self.owner, weights=entries, minlength=len(self.row_lower))
        return sums.astype(np.float64)

    def reduced_costs(self, duals: Floats) -> Floats:
        """Return c - A' y, shape (n,)."""
        weights = self.value * duals[self.owner]
        return self.cost - np.bincount(self.index, weights=weights, minlength=len(self.cost))


def assemble(
    columns: Sequence[Column],
    rows: Sequence[Row],
    *,
    cost: Mapping[int, float],
    subsidy: Mapping[int, float],
    upper: Mapping[int, float],
    unit: int,
) -> Program:
    """Return the arrays of exact rows; columns without an upper bound are not bounded above.

    Costs and upper bounds of amounts are by the unit. Binaries are 0 or 1.
    """
    count = len(columns)
    whole = np.array(
        [c.kind in ("served", "supported", "counted") for c in columns], dtype=np.bool_
    )
    free = np.array([c.kind == "sum" for c in columns], dtype=np.bool_)
    return stacked(
        tuple(columns),
        [block_of(rows)],
        whole,
        free,
        cost=_dense(cost, count, 0.0),
        subsidy=_dense(subsidy, count, 0.0),
        upper=_dense(upper, count, np.inf),
        unit=unit,
    )


def stacked(
    columns: Sequence[Column],
    blocks: Sequence[Block],
    whole: Flags,
    free: Flags,
    *,
    cost: Floats,
    subsidy: Floats,
    upper: Floats,
    unit: int,
) -> Program:
    """Return the program of some blocks of rows, one after another.

    whole: which columns are binaries, free: which have no lower bound, shape (n,) each. Costs and
    upper bounds as in `assemble`.
    """
    lengths = [np.bincount(b.entries.row, minlength=b.entries.count) for b in blocks]
    index = np.concatenate([b.entries.column for b in blocks]).astype(np.int32)
    value = np.concatenate([b.entries.value.floats for b in blocks])
    scale = np.where(np.concatenate([b.count for b in blocks]), 1.0, float(unit))
    length = np.concatenate(lengths)
    # a dollar amount beside a binary is a big-M: it is scaled with the bound
    value = value / np.where(whole[index], np.repeat(scale, length), 1.0)
    bound = np.concatenate([b.bound.floats for b in blocks]) / scale
    most = np.concatenate([b.most for b in blocks])
    least = np.concatenate([b.least for b in blocks])
    return Program(
        columns=columns,
        rows=Rows(blocks),
        unit=unit,
        cost=cost,
        subsidy=subsidy,
        lower=np.where(free, -np.inf, 0.0),
        upper=np.where(whole, 1.0, upper),
        integer=whole,
        starts=np.concatenate([[0], np.cumsum(length)]).astype(np.int32),
        index=index,
        value=value,
        row_lower=np.where(least, bound, -np.inf),
        row_upper=np.where(most, bound, np.inf),
    )


def _dense(entries: Mapping[int, float], count: int, default: float) -> Floats:
    found = np.full(count, default)
    found[list(entries)] = list(entries.values())
    return found


def with_integers_fixed(program: Program, values: Floats) -> Program:
    """Return the linear program that is left when the binaries are held at a point's."""
    held = np.round(values)
    return replace(
        program,
        lower=np.where(program.integer, held, program.lower),
        upper=np.where(program.integer, held, program.upper),
        integer=np.zeros_like(program.integer),
    )


def relaxed(program: Program) -> Program:
    """Return the program with all columns continuous."""
    return replace(program, integer=np.zeros_like(program.integer))


def with_objective_at_least(program: Program, most_cost: float) -> Program:
    """Return the program that seeks the least subsidy among points that cost at most so much."""
    return replace(with_cost_at_most(program, most_cost), cost=program.subsidy)


def with_cost_at_most(program: Program, most_cost: float) -> Program:
    """Return the program of the points that cost at most so much."""
    index = np.flatnonzero(program.cost).astype(np.int32)
    return replace(
        program,
        starts=np.append(program.starts, program.starts[-1] + len(index)).astype(np.int32),
        index=np.concatenate([program.index, index]).astype(np.int32),
        value=np.concatenate([program.value, program.cost[index]]),
        row_lower=np.append(program.row_lower, -np.inf),
        row_upper=np.append(program.row_upper, most_cost),
    )
