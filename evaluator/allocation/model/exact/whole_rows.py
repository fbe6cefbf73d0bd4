"""The exact rows of a program in whole numbers: each times its least common denominator.

Whole numbers are added and compared in arrays, exactly: in 64 bits where no sum can leave them, as
Python's own where one could.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluator.allocation.model.exact.blocks import Block, block_of
from evaluator.allocation.model.exact.later import Joined
from evaluator.allocation.model.exact.numbers import Exact, Flags, Places, joined
from evaluator.allocation.model.exact.rows import Rational, Row

Wholes = NDArray[Any]
"""Whole numbers of 64 bits, or of any size."""
_MOST = 2.0**62


@dataclass(frozen=True, eq=False)
class Uses:
    """What a dollar of each column takes of upper bounds, or adds over lower ones, row by row."""

    row: Places
    column: Places
    value: Wholes

    def of(self, row: int) -> tuple[list[int], list[int]]:
        """Return the columns that use a row, and what a dollar of each does."""
        part = slice(*np.searchsorted(self.row, (row, row + 1)).tolist())
        return self.column[part].tolist(), self.value[part].tolist()

    def by_column(self, columns: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
        """Return the rows that each of some columns uses, and what a dollar of it does."""
        among = np.flatnonzero(np.isin(self.column, columns))
        found: dict[int, list[tuple[int, int]]] = {column: [] for column in columns}
        every = (self.column[among], self.row[among], self.value[among])
        for column, row, value in zip(*(one.tolist() for one in every), strict=True):
            found[column].append((row, value))
        return found


@dataclass(frozen=True, eq=False)
class WholeRows:
    """Exact rows, m of them, in whole numbers.

    The column of a sum or a miss counts parts of a dollar, so that its values are whole as well.
    """

    row: Places
    """Of each coefficient, ascending."""
    column: Places
    value: Wholes
    bound: Wholes
    """Shape (m,)."""
    times: Sequence[int]
    """What the numbers of each row were multiplied by."""
    parts: Mapping[int, int]
    """How many parts of a dollar there are, by column of a sum or a miss."""
    sums: Mapping[int, int]
    """The row that ties a sum to its amounts, by the column of the sum."""
    goals: Mapping[int, int]
    """The row of a goal, by the column of its miss."""
    upper: Flags
    """Which rows are upper bounds, shape (m,)."""
    equal: Flags

    @cached_property
    def _ends(self) -> Places:
        counts = np.bincount(self.row, minlength=len(self.bound))
        return np.append(0, np.cumsum(counts)).astype(np.intp)

    def entries(self, row: int) -> slice:
        """Return where the coefficients of a row stand."""
        return slice(int(self._ends[row]), int(self._ends[row + 1]))

    def completed(self, values: Wholes) -> Wholes:
        """Return the values of all columns, shape (n,): sums and misses follow from the others."""
        for columns in (self.sums, self.goals):
            if columns:
                places, rows = list(columns), list(columns.values())
                values = values.copy()
                values[places] = 0
                over = self._over(values)[rows]
                if columns is self.goals:
                    over = np.maximum(0, np.where(self.upper[rows], over, -over))
                values = values.astype(over.dtype)
                values[places] = over
        return values

    def rooms(self, values: Wholes) -> Wholes:
        """Return how far each row is from its bound, shape (m,); negative where it is broken.

        values: of all columns, shape (n,).
        """
        over = self._over(values)
        return np.where(self.equal, -np.abs(over), np.where(self.upper, -over, over))

    def sizes(self, values: Wholes) -> Wholes:
        """Return the sums of absolute terms of each row, shape (m,)."""
        return self._by_row(np.abs(product(self.value, values[self.column])))

    def _over(self, values: Wholes) -> Wholes:
        return self._by_row(product(self.value, values[self.column])) - self.bound

    def _by_row(self, entries: Wholes) -> Wholes:
        if entries.dtype != object:
            sizes = np.bincount(self.row, np.abs(entries).astype(np.float64))
            entries = entries if sizes.max(initial=0.0) < _MOST else entries.astype(object)
        found: Wholes = np.diff(np.append(0, np.cumsum(entries))[self._ends])
        return found

    @cached_property
    def uses(self) -> Uses:
        """What a dollar of each column takes of each row, as part of a sum as well.

        What only eases a row, being in a sum that an upper bound is a share of, is left out, or it
        would be dense.
        """
        shares = np.isin(self.column, list(self.sums))
        shares[self._ends[1:][list(self.sums.values())] - 1] = False
        dollar = wholes(
            [self.parts.get(at, 1) for at in range(int(self.column.max(initial=0)) + 1)]
        )
        each = np.where(shares, 0, product(self.value, dollar[self.column]))
        found = [(self.row, self.column, each)]
        for total, number in self.sums.items() if shares.any() else ():
            adds = np.zeros(len(dollar), dtype=self.value.dtype)
            own = self.entries(number)
            adds[self.column[own]] = self.value[own]
            adds[total] = 0
            share = np.zeros(len(self.bound), dtype=self.value.dtype)
            mine = shares & (self.column == total)
            share[self.row[mine]] = self.value[mine]
            row, column, value = found[0]
            more = product(share[row], adds[column])
            found[0] = row, column, value + np.where(shares, 0, more)
            for one in np.flatnonzero(np.where(self.upper, share > 0, share < 0)).tolist():
                others = np.setdiff1d(np.flatnonzero(adds), column[self.entries(one)])
                by = product(np.repeat(share[one : one + 1], len(others)), adds[others])
                found.append((np.full(len(others), one), others, by))
        row, column, value = (np.concatenate(one) for one in zip(*found, strict=True))
        kept = np.flatnonzero(value)
        kept = kept[np.argsort(row[kept], kind="stable")]
        return Uses(row[kept], column[kept], value[kept])


def product(one: Wholes, other: Wholes) -> Wholes:
    """Return the products of whole numbers, two and two."""
    if one.dtype != object and other.dtype != object:
        sizes = np.abs(one.astype(np.float64) * other.astype(np.float64))
        one = one if sizes.max(initial=0.0) < _MOST else one.astype(object)
    return one * other


def wholes(numbers: Sequence[int]) -> Wholes:
    """Return whole numbers as an array."""
    fits = max(map(abs, numbers), default=0) < _MOST
    return np.array(numbers, dtype=np.int64 if fits else object)


class Rows(Joined[Row]):
    """The exact rows of a program: in arrays, and each with its names once it is read."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self.blocks = tuple(blocks)
        super().__init__(block.rows for block in self.blocks)

    @classmethod
    def of(cls, rows: Sequence[Row], more: Sequence[Row] = ()) -> Rows:
        """Return rows that were described already, and more of them."""
        if not isinstance(rows, cls):
            return cls([block_of([*rows, *more])])
        return cls([*rows.blocks, block_of(more)]) if more else rows

    def with_bound(self, place: int, bound: Rational) -> Rows:
        """Return the rows, one of them with another bound."""
        block, within = self.part(place)
        rows = list(self.blocks[block].rows)
        rows[within] = rows[within]._replace(bound=bound)
        return Rows([*self.blocks[:block], block_of(rows), *self.blocks[block + 1 :]])

    def kind(self, *kinds: str) -> list[int]:
        """Return which rows are of some kinds."""
        every = (kind for block in self.blocks for kind in block.kinds)
        return [place for place, kind in enumerate(every) if kind in kinds]

    @cached_property
    def whole(self) -> WholeRows:
        """The same in whole numbers."""
        return _in_whole_numbers(self)


def _in_whole_numbers(rows: Rows) -> WholeRows:
    """Return rows times what makes their numbers whole, a sum or a miss in parts of a dollar."""
    blocks, count = rows.blocks, len(rows)
    lengths = [np.bincount(b.entries.row, minlength=b.entries.count) for b in blocks]
    length = np.concatenate([np.empty(0, dtype=np.intp), *lengths])
    row, last = np.repeat(np.arange(count), length), np.cumsum(length) - 1
    column = np.concatenate([np.empty(0, dtype=np.intp), *(b.entries.column for b in blocks)])
    value, bound = joined([b.entries.value for b in blocks]), joined([b.bound for b in blocks])
    below = _denominators(value)
    times = [1] * count

    def widen(places: Sequence[int], numbers: Sequence[int]) -> None:
        for place, number in set(zip(places, numbers, strict=True)):
            times[place] = lcm(times[place], number)

    parted = np.flatnonzero(below != 1)
    widen(row[parted].tolist(), below[parted].tolist())
    widen(range(count), _denominators(bound).tolist())
    sums = {int(column[last[one]]): one for one in rows.kind("sum")}
    parts = {total: times[one] for total, one in sums.items()}
    shares = np.flatnonzero(np.isin(column, list(sums)))
    told = zip(below[shares].tolist(), column[shares].tolist(), strict=True)
    widen(row[shares].tolist(), [number * parts[total] for number, total in told])
    goals = {int(column[last[one]]): one for one in rows.kind("goal")}
    parts |= {missed: times[one] for missed, one in goals.items()}
    by = wholes(times)[row] // below
    for at in [*shares.tolist(), *last[list(goals.values())].tolist()]:
        by[at] //= parts[int(column[at])]
    most, least = (
        np.concatenate([np.empty(0, dtype=np.bool_), *side])
        for side in ([b.most for b in blocks], [b.least for b in blocks])
    )
    return WholeRows(
        row,
        column,
        product(_numerators(value), by),
        product(_numerators(bound), wholes(times) // _denominators(bound)),
        times,
        parts,
        sums,
        goals,
        most & ~least,
        most & least,
    )


def _numerators(numbers: Exact) -> Wholes:
    return wholes([number.numerator for number in numbers.table])[numbers.code]


def _denominators(numbers: Exact) -> Wholes:
    return wholes([number.denominator for number in numbers.table])[numbers.code]
