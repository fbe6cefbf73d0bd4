"""Which packages are interchangeable: swapping them leaves the program as it is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
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
    columns = _columns(compiled)
    rows = _Rows(compiled.program, frozenset(compiled.miss_of.values()))
    levels = levelled(np.array([compiled.points[package] for package in columns]))
    points = dict(zip(columns, levels.tolist(), strict=True))
    classes: dict[Hashable, list[list[str]]] = defaultdict(list)
    for package in sorted(columns):
        groups = classes[_own(compiled, package, columns[package], points[package])]
        for group in groups:
            if _swappable(rows, columns[group[0]], columns[package]):
                group.append(package)
                break
        else:
            groups.append([package])
    every = (tuple(group) for groups in classes.values() for group in groups)
    return tuple(sorted(group for group in every if len(group) > 1))


def _columns(compiled: Compiled) -> dict[str, Roles]:
    layout = compiled.layout
    found: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for place, pair in enumerate(layout.pairs):
        found[pair.package]["amount", pair.tool] = place
        if place in layout.served:
            found[pair.package]["served", pair.tool] = layout.served[place]
    for package, column in layout.supported.items():
        found[package]["supported", ""] = column
    for tools, packages in layout.counted.items():
        for package, column in packages.items():
            found[package]["counted", " ".join(tools)] = column
    return dict(found)


def _own(compiled: Compiled, package: str, roles: Roles, points: float) -> Hashable:
    """Return what interchangeable packages have in common, apart from their rows."""
    program = compiled.program
    return (
        points,
        compiled.asked[package],
        tuple(
            (role, program.subsidy[at], program.lower[at], program.upper[at], program.integer[at])
            for role, at in sorted(roles.items())
        ),
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
