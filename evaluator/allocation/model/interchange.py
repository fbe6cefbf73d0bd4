"""Which packages are interchangeable: swapping them leaves the program as it is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Mapping
from functools import cached_property

import numpy as np

from evaluator.allocation.model.build import Compiled
from evaluator.allocation.model.program import Program
from evaluator.decision.ties import levelled

Roles = Mapping[tuple[str, str], int]
"""The columns of a package, by kind and tool."""
Groups = tuple[tuple[str, ...], ...]


def interchangeable(compiled: Compiled) -> Groups:
    """Return the packages whose columns can be swapped, two and two, and the program stays.

    Each group has two ids at least, ascending; groups ascend as well. Of such packages an
    allocation may serve one or the other: neither objective, subsidy nor any row or bound
    changes. Points that are tied count as equal. A package of which nothing can be served is in
    no group.
    """
    points = levelled(np.array(list(compiled.points.values())))
    asked = [(compiled.asked[package], package) for package in compiled.points]
    alike: dict[Hashable, list[str]] = defaultdict(list)
    for level, (most, package) in zip(points.tolist(), asked, strict=True):
        if package in compiled.layout.by_package:
            alike[level, most].append(package)
    rivals = [sorted(packages) for packages in alike.values() if len(packages) > 1]
    if not rivals:
        return ()
    columns = _columns(compiled, [package for packages in rivals for package in packages])
    rows = _Rows(compiled.program, frozenset(compiled.miss_of.values()))
    found: list[tuple[str, ...]] = []
    for packages in rivals:
        classes: dict[Hashable, list[list[str]]] = defaultdict(list)
        for package in packages:
            groups = classes[_own(compiled.program, columns[package])]
            for group in groups:
                if _swappable(rows, columns[group[0]], columns[package]):
                    group.append(package)
                    break
            else:
                groups.append([package])
        found += [tuple(g) for groups in classes.values() for g in groups if len(g) > 1]
    return tuple(sorted(found))


def _columns(compiled: Compiled, packages: Collection[str]) -> dict[str, Roles]:
    """Return the columns of some packages."""
    layout = compiled.layout
    found: dict[str, Roles] = {}
    for package in packages:
        roles: dict[tuple[str, str], int] = {}
        for place in layout.by_package[package]:
            tool = layout.pairs[place].tool
            roles["amount", tool] = place
            if place in layout.served:
                roles["served", tool] = layout.served[place]
        if package in layout.supported:
            roles["supported", ""] = layout.supported[package]
        for tools, counted in layout.counted.items():
            if package in counted:
                roles["counted", " ".join(tools)] = counted[package]
        found[package] = roles
    return found


def _own(program: Program, roles: Roles) -> Hashable:
    """Return what columns of interchangeable packages have in common, apart from their rows."""
    return tuple(
        (role, program.subsidy[at], program.lower[at], program.upper[at], program.integer[at])
        for role, at in sorted(roles.items())
    )


class _Rows:
    """The rows of a program by their columns, a goal's miss apart."""

    def __init__(self, program: Program, misses: frozenset[int]) -> None:
        self._program = program
        self._misses = misses
        self._entries: dict[int, dict[int, float]] = {}

    @cached_property
    def _by_column(self) -> tuple[list[int], list[int]]:
        order = np.argsort(self._program.index, kind="stable")
        counts = np.bincount(self._program.index, minlength=len(self._program.cost))
        return self._program.owner[order].tolist(), [0, *np.cumsum(counts).tolist()]

    def of(self, roles: Roles) -> set[int]:
        """Return the rows in which a package has a column."""
        rows, ends = self._by_column
        return {row for at in roles.values() for row in rows[ends[at] : ends[at + 1]]}

    def entries(self, row: int) -> dict[int, float]:
        """Return the coefficients of a row by column, without its miss."""
        if row not in self._entries:
            program = self._program
            part = slice(program.starts[row], program.starts[row + 1])
            every = zip(program.index[part].tolist(), program.value[part].tolist(), strict=True)
            self._entries[row] = {
                column: value for column, value in every if column not in self._misses
            }
        return self._entries[row]

    def side(self, row: int) -> Hashable:
        """Return the bounds of a row, and its miss: how much it eases, and at what cost."""
        program = self._program
        part = slice(program.starts[row], program.starts[row + 1])
        every = zip(program.index[part].tolist(), program.value[part].tolist(), strict=True)
        missed = [(column, eased) for column, eased in every if column in self._misses]
        price = tuple((eased, float(program.cost[column])) for column, eased in missed)
        return float(program.row_lower[row]), float(program.row_upper[row]), price


def _swappable(rows: _Rows, one: Roles, other: Roles) -> bool:
    """Whether the rows of two packages are the same set once their columns are swapped."""
    swap = {one[role]: other[role] for role in one} | {other[role]: one[role] for role in one}
    changed = [row for row in rows.of(one) | rows.of(other) if not _keeps(rows.entries(row), swap)]
    before: Counter[Hashable] = Counter()
    after: Counter[Hashable] = Counter()
    for row in changed:
        entries, side = rows.entries(row), rows.side(row)
        before[frozenset(entries.items()), side] += 1
        swapped = frozenset((swap.get(column, column), value) for column, value in entries.items())
        after[swapped, side] += 1
    return before == after


def _keeps(entries: Mapping[int, float], swap: Mapping[int, int]) -> bool:
    """Whether a row reads the same with columns swapped."""
    return all(entries.get(column) == entries.get(other) for column, other in swap.items())
