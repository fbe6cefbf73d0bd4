"""All rows of one limit in arrays, and each as an exact row when it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

import numpy as np

from evaluator.allocation.model.blocks import Block, alike
from evaluator.allocation.model.columns import Column
from evaluator.allocation.model.exact import (
    Entries,
    Places,
    always,
    beside,
    difference,
    each_of,
    times,
)
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
from evaluator.allocation.model.rows import ZERO, Kind, Sense
from evaluator.model.financing import Limit, SumOf

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
Terms = Mapping[int, Fraction]


@dataclass(frozen=True)
class LimitRow:
    """One limit for one group, exact; columns are indices of pairs."""

    limit: str
    group: str
    spec: Limit
    sense: Sense
    left: Terms
    """What each dollar uses."""
    plus: Fraction
    """What existing exposure uses."""
    constant: Fraction
    base: Terms
    """What each dollar adds to the bound, where it is a share of a sum."""
    terms: Terms
    """Coefficients once the bound's own variables stand on the left."""
    bound: Fraction
    """Right-hand side; an upper limit that is overrun already leaves no room, not less."""
    active: bool = True
    note: LimitNote | None = None

    @property
    def held(self) -> HeldAtZero | None:
        """The missing fact that holds the amounts under the limit at 0."""
        return self.note if isinstance(self.note, HeldAtZero) else None


class Line(NamedTuple):
    """The right-hand side of one row of a limit."""

    plus: Fraction = ZERO
    constant: Fraction = ZERO
    bound: Fraction = ZERO
    share: Fraction = ZERO
    """Of a sum, where the bound is one."""
    base: SumOf | None = None
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
    sums: Sequence[SumOf]
    """Those of which a bound is a share."""
    added: Entries
    """What each dollar adds to each of those sums."""

    @cached_property
    def active(self) -> Places:
        """Which lines are in force."""
        return np.flatnonzero(np.array([line.active for line in self.lines], dtype=np.bool_))

    @cached_property
    def base(self) -> Entries:
        """What each dollar adds to the bound, by line."""
        shared = [place for place, line in enumerate(self.lines) if line.base is not None]
        lines = np.array(shared, dtype=np.intp)
        of = [self.sums.index(line.base) for line in self.lines if line.base is not None]
        found = self.added.rows(np.array(of, dtype=np.intp))
        share = each_of([self.lines[place].share for place in shared]).take(found.row)
        value = times(found.value, share)
        return Entries(len(self.lines), lines[found.row], found.column, value)

    @cached_property
    def terms(self) -> Entries:
        """Coefficients once the bound's own variables stand on the left, by line."""
        used = self.left.rows(self.group)
        return difference(used, self.base) if len(self.base.row) else used

    @property
    def missed(self) -> list[Column]:
        """The columns of a goal's misses, one a line in force."""
        groups = self.group[self.active].tolist()
        return [Column("missed", self.limit, self.groups[group]) for group in groups]

    def rows(self) -> Iterator[LimitRow]:
        """Yield the rows one by one."""
        left, group = self.left.terms, self.group.tolist()
        moved = zip(group, self.lines, self.base.terms, self.terms.terms, strict=True)
        for of, line, base, terms in moved:
            yield LimitRow(
                self.limit,
                self.groups[of],
                self.spec,
                self.sense,
                left[of],
                line.plus,
                line.constant,
                base,
                terms,
                line.bound,
                line.active,
                line.note,
            )


def block_of_limit(family: Family, missed: int) -> Block:
    """Return the rows in force of a limit.

    missed: the column of the first row's miss, if the limit is a goal; a column a row.
    """
    entries = family.terms.rows(family.active)
    kind: Kind = "law"
    if family.spec.cost_per_million is not None:
        kind, row = "goal", np.arange(entries.count)
        eased = always(1 if family.sense == "at_least" else -1, entries.count)
        entries = beside(entries, Entries(entries.count, row, missed + row, eased))
    bound = each_of([line.bound for line in family.lines]).take(family.active)
    group = family.group[family.active].tolist()

    def title(row: int) -> tuple[str, str]:
        return family.limit, family.groups[group[row]]

    return alike(kind, family.sense, entries, bound, title)
