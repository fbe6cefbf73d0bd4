"""A program cut into packages: what each package's own rules say, for all of them at once."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from evaluator.allocation.model.program import Flags, Floats, Program
from evaluator.allocation.solve.tighten import packages_of

Places = NDArray[np.intp]
MOST_REQUESTS = 12
"""Of a package: its subsets are all looked at."""
_NONE = -1
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Group:
    """Packages with as many requests each: g of them, k requests, r own caps at most."""

    package: Places
    """Shape (g,)."""
    amount: Places
    """Columns, shape (g, k)."""
    served: Places
    """Columns of binaries, shape (g, k); -1 where there is none."""
    support: Places
    """Columns of binaries, shape (g,); -1 where there is none."""
    least: Floats
    most: Floats
    """Of an amount that is served, shape (g, k)."""
    floor: Floats
    """Of all amounts of a package that is supported, shape (g,)."""
    caps: Flags
    """Which amounts an own cap is about, shape (g, r, k)."""
    room: Floats
    """Of an own cap, shape (g, r); infinite where there are fewer."""
    allowed: Flags
    """Which subsets alternatives leave, shape (g, 2 ** k)."""
    counted: Places
    """Columns of binaries, 1 where any of some requests is served, shape (g, c); -1: none."""
    any_of: Places
    """Those requests, as bits, shape (g, c)."""

    @cached_property
    def least_alone(self) -> tuple[Flags, Floats, Floats, Flags]:
        """What each subset of the requests takes at least.

        Returns which requests are in a subset, shape (2 ** k, k); their least amounts, shape
        (g, 2 ** k, k); the room that these leave under each own cap, shape (g, 2 ** k, r); and
        whether they fit, shape (g, 2 ** k).
        """
        size = self.amount.shape[1]
        subsets = (np.arange(2**size)[:, None] >> np.arange(size)) & 1 == 1
        given = np.where(subsets[None], self.least[:, None, :], 0.0)
        taken = np.einsum("gsk,grk->gsr", given, self.caps.astype(np.float64))
        left = self.room[:, None, :] - taken
        shut = self.least > self.most * (1 + ROUNDING)
        fits = self.allowed & np.all(left >= -ROUNDING, axis=2)
        return subsets, given, left, fits & ~np.any(subsets[None] & shut[:, None, :], axis=2)


@dataclass(frozen=True, eq=False)
class Cut:
    """A program's packages, and the rows that they have in common."""

    groups: tuple[Group, ...]
    owner: Places
    """By column; -1 for nobody's."""
    shared: Flags
    """Which rows are kept for all, shape (m,)."""

    @property
    def packages(self) -> int:
        """How many there are."""
        return int(self.owner.max(initial=-1)) + 1


def cut(program: Program) -> Cut | None:
    """Return the packages of a program; None where one has too many requests, or unknown binaries.

    A package's own rows that are of no known form are left among the shared ones, where they hold
    as well.
    """
    owner = packages_of(program)
    kinds = [column.kind for column in program.columns]
    own = _own(program, owner)
    parts = _parts(program, owner, kinds, own)
    if any(len(part.amounts) > MOST_REQUESTS or not part.complete for part in parts):
        return None
    used = np.zeros(len(program.row_lower), dtype=np.bool_)
    used[[row for part in parts for row in part.rows]] = True
    sizes: dict[int, list[_Part]] = defaultdict(list)
    for part in parts:
        sizes[len(part.amounts)].append(part)
    return Cut(tuple(_group(size, sizes[size]) for size in sorted(sizes)), owner, ~used)


@dataclass
class _Part:
    """One package while it is read."""

    package: int
    amounts: list[int]
    served: list[int]
    support: int
    least: list[float]
    most: list[float]
    floor: float
    caps: list[tuple[int, float, int]]
    """Which amounts, as bits; the room; the row."""
    either: list[int]
    """Alternatives, as bits."""
    rows: list[int]
    """Those that are understood."""
    counted: dict[int, list[int]]
    """Of binaries that count some requests: which are at most it, and which it is at most."""
    binaries: list[int]

    @property
    def complete(self) -> bool:
        """Whether it is known what each of its binaries says."""
        known = {self.support, *self.served, *self.counted}
        told = all(low == high and low for low, high in self.counted.values())
        return told and set(self.binaries) <= known


def _own(program: Program, owner: Places) -> dict[int, list[int]]:
    """Return the rows about a single package, by package."""
    whose = owner[program.index].astype(np.float64)
    count = len(program.row_lower)
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, program.owner, whose)
    np.maximum.at(high, program.owner, whose)
    found: dict[int, list[int]] = defaultdict(list)
    for row in np.flatnonzero((low == high) & (low >= 0)).tolist():
        found[int(low[row])].append(row)
    return found


def _parts(
    program: Program, owner: Places, kinds: Sequence[str], own: dict[int, list[int]]
) -> list[_Part]:
    amounts: dict[int, list[int]] = defaultdict(list)
    binaries: dict[int, list[int]] = defaultdict(list)
    for column, (package, kind) in enumerate(zip(owner.tolist(), kinds, strict=True)):
        if kind == "amount":
            amounts[package].append(column)
        elif package >= 0:
            binaries[package].append(column)
    support = {
        package: next((c for c in columns if kinds[c] == "supported"), _NONE)
        for package, columns in binaries.items()
    }
    read = _Reader(program, {c for c, kind in enumerate(kinds) if kind == "counted"})
    return [
        read.part(package, columns, binaries[package], support.get(package, _NONE), own[package])
        for package, columns in sorted(amounts.items())
    ]


class _Reader:
    """Reads what a package's own rows say, by their form."""

    def __init__(self, program: Program, counted: set[int]) -> None:
        self._counted = counted
        self._starts = program.starts.tolist()
        self._index, self._value = program.index.tolist(), program.value.tolist()
        self._low, self._high = program.row_lower.tolist(), program.row_upper.tolist()
        self._upper = program.upper.tolist()

    def part(
        self, package: int, amounts: list[int], binaries: list[int], support: int, rows: list[int]
    ) -> _Part:
        place = {column: number for number, column in enumerate(amounts)}
        found = _Part(
            package,
            amounts,
            [_NONE] * len(amounts),
            support,
            [0.0] * len(amounts),
            [self._upper[column] for column in amounts],
            0.0,
            [],
            [],
            [],
            {column: [0, 0] for column in binaries if column in self._counted},
            binaries,
        )
        whole = set(binaries)
        later: list[int] = []
        for row in rows:
            part = slice(self._starts[row], self._starts[row + 1])
            terms = dict(zip(self._index[part], self._value[part], strict=True))
            if self._link(found, place, whole, terms, row):
                found.rows.append(row)
            else:
                later.append(row)
        for row in later:
            part = slice(self._starts[row], self._starts[row + 1])
            terms = dict(zip(self._index[part], self._value[part], strict=True))
            if self._rule(found, place, terms, row):
                found.rows.append(row)
        return found

    def _link(
        self,
        found: _Part,
        place: dict[int, int],
        whole: set[int],
        terms: dict[int, float],
        row: int,
    ) -> bool:
        """Read x <= M z, x >= m z and z <= y."""
        amounts = [column for column in terms if column in place]
        others = [column for column in terms if column in whole]
        if len(terms) != 2:
            return False
        if not amounts:
            served, support = others
            nested = terms[served] == 1 and terms[support] == -1 and support == found.support
            return nested and self._high[row] == 0 and self._low[row] == -math.inf
        if len(amounts) != 1 or terms[amounts[0]] != 1 or not others:
            return False
        at, binary = place[amounts[0]], others[0]
        if self._high[row] == 0 and self._low[row] == -math.inf and terms[binary] < 0:
            found.most[at] = min(found.most[at], -terms[binary])
        elif self._low[row] == 0 and self._high[row] == math.inf and binary != found.support:
            found.least[at] = max(found.least[at], -terms[binary])
        else:
            return False
        if binary != found.support:
            found.served[at] = binary
        return True

    def _rule(self, found: _Part, place: dict[int, int], terms: dict[int, float], row: int) -> bool:
        """Read sums of amounts that are capped, least support, alternatives."""
        inside = {place[column]: value for column, value in terms.items() if column in place}
        outside = {column: value for column, value in terms.items() if column not in place}
        bits = sum(1 << at for at in inside)
        every = len(inside) == len(found.amounts)
        if inside and set(inside.values()) == {1.0} and outside.keys() <= {found.support}:
            by = outside.get(found.support, 0.0)
            if self._low[row] == -math.inf:
                room = self._high[row] - by
                if room < 0 or (by and self._high[row] != 0):
                    return False
                if all(_apart(bits, other) for other, _, _ in found.caps):
                    found.caps.append((bits, room, row))
                    return True
            elif every and by < 0 and self._low[row] == 0 and self._high[row] == math.inf:
                found.floor = max(found.floor, -by)
                return True
            return False
        served = {column: at for at, column in enumerate(found.served) if column != _NONE}
        if len(outside.keys() & found.counted.keys()) == 1 and not inside:
            return self._count(found, served, outside, row)
        if not inside and outside and outside.keys() <= served.keys():
            ones = set(outside.values()) == {1.0}
            if ones and self._high[row] == 1 and self._low[row] == -math.inf:
                found.either.append(sum(1 << served[column] for column in outside))
                return True
        return False

    def _count(
        self, found: _Part, served: dict[int, int], terms: dict[int, float], row: int
    ) -> bool:
        """Read z <= w, and w <= the sum of some z."""
        (column,) = terms.keys() & found.counted.keys()
        others = {at: value for at, value in terms.items() if at != column}
        by, room = terms[column], (self._low[row], self._high[row])
        if room != (-np.inf, 0.0) or not others or not others.keys() <= served.keys():
            return False
        if abs(by) != 1 or set(others.values()) != {-by} or (by < 0 and len(others) > 1):
            return False
        found.counted[column][int(by > 0)] |= sum(1 << served[at] for at in others)
        return True


def _apart(one: int, other: int) -> bool:
    """Whether of two sets one holds the other, or they have nothing in common."""
    both = one & other
    return both in (0, one, other)


def _group(size: int, parts: Sequence[_Part]) -> Group:
    count, most = len(parts), max(1, max(len(part.caps) for part in parts))
    caps = np.zeros((count, most, size), dtype=np.bool_)
    room = np.full((count, most), np.inf)
    subsets = np.arange(2**size)
    allowed = np.ones((count, len(subsets)), dtype=np.bool_)
    for number, part in enumerate(parts):
        for row, (bits, least, _) in enumerate(part.caps):
            caps[number, row] = (bits >> np.arange(size)) & 1
            room[number, row] = least
        for bits in part.either:
            chosen = subsets & bits
            allowed[number] &= (chosen & (chosen - 1)) == 0
    width = max(len(part.counted) for part in parts)
    counted = np.full((count, width), _NONE, dtype=np.intp)
    any_of = np.zeros((count, width), dtype=np.intp)
    for number, part in enumerate(parts):
        for at, (column, (bits, _)) in enumerate(part.counted.items()):
            counted[number, at], any_of[number, at] = column, bits
    return Group(
        np.array([part.package for part in parts], dtype=np.intp),
        np.array([part.amounts for part in parts], dtype=np.intp).reshape(count, size),
        np.array([part.served for part in parts], dtype=np.intp).reshape(count, size),
        np.array([part.support for part in parts], dtype=np.intp),
        np.array([part.least for part in parts]).reshape(count, size),
        np.array([part.most for part in parts]).reshape(count, size),
        np.array([part.floor for part in parts]),
        caps,
        room,
        allowed,
        counted,
        any_of,
    )
