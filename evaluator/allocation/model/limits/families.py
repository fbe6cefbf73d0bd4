"""All rows of one limit in arrays, and each as an exact row when it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from evaluator.allocation.model.columns import Column
from evaluator.allocation.model.exact.blocks import Block, alike
from evaluator.allocation.model.exact.later import OneByOne
from evaluator.allocation.model.exact.numbers import (
    Entries,
    Places,
    always,
    beside,
    each_of,
    joined,
)
from evaluator.allocation.model.exact.rows import ZERO, Kind, Rational, Sense, total
from evaluator.allocation.model.findings import (
    BoundUnknown,
    ConditionUnknown,
    HeldAtZero,
    LimitIgnored,
    NothingUnderIt,
    NotInForce,
    OutsideItsDays,
    Overrun,
)
from evaluator.model.financing import Limit

LimitNote = (
    LimitIgnored
    | ConditionUnknown
    | NotInForce
    | OutsideItsDays
    | NothingUnderIt
    | HeldAtZero
    | BoundUnknown
    | Overrun
)
Terms = Mapping[int, Rational]


@dataclass(frozen=True, eq=False)
class SharedSum:
    """A sum of amounts that bounds are shares of; it has a column of its own."""

    name: str
    """The first limit that it bounds."""
    entries: Entries
    """One row: what each dollar adds."""

    @cached_property
    def terms(self) -> Terms:
        """What each dollar adds."""
        return self.entries.terms[0]


class LimitRow(NamedTuple):
    """One limit for one group, exact; columns are indices of pairs."""

    limit: str
    group: str
    spec: Limit
    sense: Sense
    every: Sequence[Terms]
    """What each dollar uses of each group of the limit."""
    place: int
    """Of its own group among them."""
    plus: Rational
    """What existing exposure uses."""
    constant: Rational
    share: Rational
    """Of the sum that the bound moves with, where it does."""
    sum: SharedSum | None
    bound: Rational
    """Right-hand side; an upper limit that is overrun already leaves no room, not less."""
    active: bool = True
    note: LimitNote | None = None

    @property
    def left(self) -> Terms:
        """What each dollar uses."""
        return self.every[self.place]

    @property
    def held(self) -> HeldAtZero | None:
        """The missing fact that holds the amounts under the limit at 0."""
        return self.note if isinstance(self.note, HeldAtZero) else None


def moves_by(amounts: Sequence[Rational]) -> Callable[[LimitRow], Rational]:
    """Return what tells by how much amounts move the bound of a limit; each sum is made once."""
    known: dict[SharedSum, Rational] = {}

    def move(limit: LimitRow) -> Rational:
        if limit.sum is None:
            return ZERO
        if limit.sum not in known:
            known[limit.sum] = total(limit.sum.terms, amounts)
        return limit.share * known[limit.sum]

    return move


class Line(NamedTuple):
    """The right-hand side of one row of a limit."""

    plus: Rational = ZERO
    constant: Rational = ZERO
    bound: Rational = ZERO
    share: Rational = ZERO
    """Of a sum, where the bound is one."""
    sum: SharedSum | None = None
    active: bool = True
    note: LimitNote | None = None


@dataclass(frozen=True, eq=False)
class Family:
    """All rows of one limit, one or more a group."""

    limit: str
    spec: Limit
    sense: Sense
    groups: Sequence[str]
    left: Entries
    """What each dollar uses, by group."""
    group: Places
    """Of each line, ascending."""
    lines: Sequence[Line]

    @cached_property
    def active(self) -> Places:
        """Which lines are in force."""
        return np.flatnonzero(np.array([line.active for line in self.lines], dtype=np.bool_))

    @property
    def sums(self) -> list[SharedSum]:
        """The sums that bounds in force are shares of."""
        found = (line.sum for line in self.lines if line.active and line.sum is not None)
        return list(dict.fromkeys(found))

    @property
    def missed(self) -> list[Column]:
        """The columns of a goal's misses, one a line in force."""
        groups = self.group[self.active].tolist()
        return [Column("missed", self.limit, self.groups[group]) for group in groups]

    @property
    def rows(self) -> Sequence[LimitRow]:
        """The rows, each described once it is read."""
        return OneByOne(len(self.lines), self._row)

    def _row(self, place: int) -> LimitRow:
        of, line = int(self.group[place]), self.lines[place]
        return LimitRow(
            self.limit,
            self.groups[of],
            self.spec,
            self.sense,
            self.left.terms,
            of,
            line.plus,
            line.constant,
            line.share,
            line.sum,
            line.bound,
            line.active,
            line.note,
        )


def block_of_limit(family: Family, column_of: Mapping[SharedSum, int], missed: int) -> Block:
    """Return the rows in force of a limit.

    column_of: the columns of sums. missed: the column of the first row's miss, if the limit is a
    goal; a column a row.
    """
    lines = [family.lines[place] for place in family.active.tolist()]
    entries = family.left.rows(family.group[family.active])
    moved = [(row, line) for row, line in enumerate(lines) if line.sum is not None]
    if moved:
        rows = np.array([row for row, _ in moved], dtype=np.intp)
        columns = [column_of[line.sum] for _, line in moved if line.sum is not None]
        shares = each_of([-line.share for _, line in moved])
        entries = beside(entries, Entries(entries.count, rows, np.array(columns), shares))
    kind: Kind = "law"
    if family.spec.kind == "goal":
        kind, row = "goal", np.arange(entries.count)
        eased = always(1 if family.sense == "at_least" else -1, entries.count)
        entries = beside(entries, Entries(entries.count, row, missed + row, eased))
    bound = each_of([line.bound for line in lines])
    group = family.group[family.active].tolist()

    def title(row: int) -> tuple[str, str]:
        return family.limit, family.groups[group[row]]

    return alike(kind, family.sense, entries, bound, title)


def block_of_sums(sums: Sequence[SharedSum], first: int) -> Block:
    """Return the rows that tie the columns of sums, of which `first` is the first, to amounts."""
    count, lengths = len(sums), [len(one.entries.column) for one in sums]
    amounts = Entries(
        count,
        np.repeat(np.arange(count), lengths),
        np.concatenate([np.empty(0, dtype=np.intp), *(one.entries.column for one in sums)]),
        joined([one.entries.value for one in sums]),
    )
    row = np.arange(count)
    entries = beside(amounts, Entries(count, row, first + row, always(-1, count)))
    return alike("sum", "equal", entries, always(0, count), lambda place: (sums[place].name, ""))
