"""Exact numbers in columns, and the coefficients of exact rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import mul

import numpy as np
from numpy.typing import NDArray

from evaluator.allocation.model.exact.later import OneByOne
from evaluator.allocation.model.exact.rows import Rational, exact, whole

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.intp]
Dollars = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Exact:
    """A column of k exact numbers, each a place in a table of those that occur."""

    table: Sequence[Rational]
    code: Places
    """Shape (k,)."""

    def take(self, places: Places | Flags) -> Exact:
        """Return some of the numbers, in another order or several times."""
        return Exact(self.table, self.code[places])

    @property
    def floats(self) -> Floats:
        """The nearest floats, shape (k,)."""
        nearest = [number.numerator / number.denominator for number in self.table]
        return np.array(nearest, dtype=np.float64)[self.code]

    @property
    def numbers(self) -> list[Rational]:
        """The numbers themselves."""
        table = [whole(number) for number in self.table]
        return [table[code] for code in self.code.tolist()]

    @property
    def nonzero(self) -> Flags:
        """Which of them are not 0, shape (k,)."""
        return np.array([bool(number) for number in self.table], dtype=np.bool_)[self.code]


def each_of(numbers: Sequence[Rational]) -> Exact:
    """Return a column of numbers that all differ, as a rule."""
    return Exact(numbers, np.arange(len(numbers)))


def always(number: Rational, count: int) -> Exact:
    """Return a column of one number."""
    return Exact((number,), np.zeros(count, dtype=np.intp))


def as_written(numbers: Iterable[float]) -> Exact:
    """Return a column of numbers as the decimals they were written as."""
    place: dict[float, int] = {}
    code = [place.setdefault(number, len(place)) for number in numbers]
    return Exact([exact(number) for number in place], np.array(code, dtype=np.intp))


def joined(columns: Sequence[Exact]) -> Exact:
    """Return columns one after another."""
    table: list[Rational] = []
    codes: list[Places] = [np.empty(0, dtype=np.intp)]
    for column in columns:
        codes.append(column.code + len(table))
        table.extend(column.table)
    return Exact(table, np.concatenate(codes))


def times(first: Exact, second: Exact) -> Exact:
    """Return the products of two columns of one length."""
    if list(second.table) == [1]:
        return first
    return _combined(mul, first, second)


def _combined(
    reckon: Callable[[Rational, Rational], Rational], first: Exact, second: Exact
) -> Exact:
    """Work out once each two numbers that meet."""
    width = max(1, len(second.table))
    met, code = np.unique(first.code * width + second.code, return_inverse=True)
    table = [reckon(first.table[m // width], second.table[m % width]) for m in met.tolist()]
    return Exact(table, code.astype(np.intp))


def spread(lengths: Places, lists: Places) -> tuple[Places, Places]:
    """Return the items of some of several lists that stand one after another.

    lengths: of each list. Returns for each item its place among the lists wanted, and its own
    among all items.
    """
    starts = np.cumsum(lengths) - lengths
    wanted = lengths[lists]
    owner = np.repeat(np.arange(len(lists)), wanted)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(wanted) - wanted, wanted)
    return owner, np.repeat(starts[lists], wanted) + within


@dataclass(frozen=True, eq=False)
class Entries:
    """The coefficients of some exact rows, k of them, row after row."""

    count: int
    """Rows, those without coefficients among them."""
    row: Places
    """Shape (k,), ascending."""
    column: Places
    value: Exact

    def rows(self, places: Places) -> Entries:
        """Return some of the rows, in another order or several times."""
        owner, items = spread(np.bincount(self.row, minlength=self.count), places)
        return Entries(len(places), owner, self.column[items], self.value.take(items))

    @cached_property
    def terms(self) -> Sequence[dict[int, Rational]]:
        """Exact coefficients by column, of each row."""
        ends = np.append(0, np.cumsum(np.bincount(self.row, minlength=self.count)))
        columns, value = self.column, self.value

        def terms(row: int) -> dict[int, Rational]:
            part = slice(ends[row], ends[row + 1])
            numbers = (whole(value.table[code]) for code in value.code[part].tolist())
            return dict(zip(columns[part].tolist(), numbers, strict=True))

        return OneByOne(self.count, terms)


def rows_of(terms: Sequence[dict[int, Rational]]) -> Entries:
    """Return the coefficients of rows given one by one."""
    lengths = np.array([len(one) for one in terms], dtype=np.intp)
    columns = [column for one in terms for column in one]
    values = [value for one in terms for value in one.values()]
    return Entries(
        len(terms),
        np.repeat(np.arange(len(terms)), lengths),
        np.array(columns, dtype=np.intp),
        each_of(values),
    )


def beside(first: Entries, second: Entries) -> Entries:
    """Return the rows of two side by side: in each row, the first's coefficients come first."""
    row = np.concatenate([first.row, second.row])
    order = np.argsort(row, kind="stable")
    column = np.concatenate([first.column, second.column])
    value = joined([first.value, second.value])
    return Entries(first.count, row[order], column[order], value.take(order))


def without_zeros(entries: Entries) -> Entries:
    """Return the coefficients that are not 0."""
    kept = entries.value.nonzero
    if kept.all():
        return entries
    return Entries(entries.count, entries.row[kept], entries.column[kept], entries.value.take(kept))
