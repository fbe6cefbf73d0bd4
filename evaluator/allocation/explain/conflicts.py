"""Why no allocation exists: what cannot hold together, and the least that would mend it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from evaluator.allocation.explain.relaxation import elastic, least_changes, said
from evaluator.allocation.model.build import Compiled
from evaluator.allocation.model.exact.rows import Row
from evaluator.allocation.model.program import Program
from evaluator.allocation.solve.clock import Clock
from evaluator.allocation.solve.point import Settings
from evaluator.allocation.solve.solve import Solver
from evaluator.results.evaluation import Conflict, Ease
from evaluator.results.findings import Finding

_MOST_CONFLICTS = 5
_SECONDS, _LEAST_SECONDS = 30.0, 1.0
"""For each conflict; once they are over, the set named is a conflict but may not be minimal."""
_NOISE = 0.1
"""Dollars: a solver's tolerance."""

Groups = Mapping[str, tuple[int, ...]]
"""Rows by the name under which they stand or fall together."""
Holds = Callable[[Sequence[str]], bool]


def conflicts(
    compiled: Compiled, settings: Settings, solver: Solver, clock: Clock | None = None
) -> tuple[Conflict, ...]:
    """Return disjoint minimal sets that cannot hold together.

    The sets are found by QuickXplain (Junker, AAAI 2004) over named groups of rows, so that
    infeasibility that comes from whole numbers alone is found as well. Once the clock is over, no
    further one is looked for; the first, and what would mend it, in a second each at least.
    """
    clock = clock or Clock(math.inf)
    found = [_Found((label,), why) for label, why in compiled.impossible.items()]
    left = _groups(compiled.program)
    while len(found) < _MOST_CONFLICTS and not (found and clock.ends("conflicts")):
        brief = replace(settings, time_limit_s=_brief(clock))
        holds = _checker(compiled.program, left, brief, solver)
        if holds(list(left)):
            break
        members = tuple(_explained([], list(left), holds, changed=False))
        told = Conflict(
            tuple(_told(compiled, left[label]) for label in members),
            eases=tuple(_eases(compiled, left, members, brief, solver)),
        )
        found.append(_Found(members, told))
        left = {label: rows for label, rows in left.items() if label not in members}
    if not found:
        # the solver's tolerances disagree on a program at the edge: it is at the edge of them all
        found.append(_Found(tuple(left), Conflict(())))
    brief = replace(settings, time_limit_s=_brief(clock))
    return _with_relaxations(compiled, found, brief, solver)


def _brief(clock: Clock) -> float:
    return min(_SECONDS, max(_LEAST_SECONDS, clock.left))


class _Found(NamedTuple):
    """A conflict, and the names of its members."""

    members: tuple[str, ...]
    conflict: Conflict


def _with_relaxations(
    compiled: Compiled, found: Sequence[_Found], settings: Settings, solver: Solver
) -> tuple[Conflict, ...]:
    """Add what to change so that, all together, an allocation exists.

    A change stands with the first conflict that it is named in; one that no conflict names, but
    that is part of the least, with the last.
    """
    groups = _groups(compiled.program)
    kept = only(compiled.program, [row for rows in groups.values() for row in rows])
    told = least_changes(compiled, kept, groups, settings, solver)
    told |= {label: Ease(one.members[0]) for label, one in compiled.impossible.items()}
    named = {label: n for n, one in reversed([*enumerate(found)]) for label in one.members}
    of = {label: named.get(label, len(found) - 1) for label in told}
    return tuple(
        replace(one.conflict, relaxation=tuple(told[label] for label in told if of[label] == n))
        for n, one in enumerate(found)
    )


def plainly_broken(program: Program) -> bool:
    """Return whether a row without terms is broken: no solver need be asked."""
    empty = np.diff(program.starts) == 0
    return bool(np.any(empty & ((program.row_lower > 0) | (program.row_upper < 0))))


def _groups(program: Program) -> Groups:
    """Return the rows by label: overrides, limits on the whole program, rules, other limits.

    QuickXplain names what stands early where it can: an override against an envelope rather than
    the many limits on single packages that say the same together.
    """
    found: dict[str, list[int]] = {}
    rank: dict[str, int] = {}
    for number, row in enumerate(program.rows):
        if row.kind in ("law", "rule", "override"):
            found.setdefault(row.label, []).append(number)
            wide = row.kind == "law" and not row.group
            rank[row.label] = 1 if wide else ("override", "", "rule", "law").index(row.kind)
    return {label: tuple(found[label]) for label in sorted(found, key=lambda one: rank[one])}


def _checker(program: Program, groups: Groups, settings: Settings, solver: Solver) -> Holds:
    until = time.monotonic() + settings.time_limit_s

    def holds(names: Sequence[str]) -> bool:
        kept = only(program, [row for name in names for row in groups[name]])
        left = until - time.monotonic()
        if plainly_broken(kept):
            return False
        if left <= 0:
            return True
        point = solver(kept, replace(settings, time_limit_s=left, gap=0.99))
        return point.status != "infeasible"

    return holds


def _explained(
    background: list[str], names: list[str], holds: Holds, *, changed: bool
) -> list[str]:
    if changed and not holds(background):
        return []
    if len(names) == 1:
        return names
    half = len(names) // 2
    first, second = names[:half], names[half:]
    late = _explained(background + first, second, holds, changed=True)
    early = _explained(background + late, first, holds, changed=bool(late))
    return early + late


def only(program: Program, kept: Sequence[int]) -> Program:
    """Return a program without objective, with its links and sums, and those rows that are kept.

    Of a row set aside, what is a link still holds.
    """
    lower, upper, still = program.row_lower.copy(), program.row_upper.copy(), set(kept)
    for number, row in enumerate(program.rows):
        if row.kind in ("link", "sum") or number in still:
            continue
        bound = None if row.aside is None else float(row.aside / program.unit)
        if row.sense == "at_least":
            lower[number] = -np.inf if bound is None else bound
        else:
            upper[number] = np.inf if bound is None else bound
    return replace(program, cost=np.zeros_like(program.cost), row_lower=lower, row_upper=upper)


def _told(compiled: Compiled, numbers: Sequence[int]) -> Finding:
    """Return what some rows of one name say: the sum of money, where one of them is one."""
    number = max(numbers, key=lambda one: compiled.program.rows[one].unit == "usd")
    return said(compiled, number)


def _eases(
    compiled: Compiled,
    groups: Groups,
    members: Sequence[str],
    settings: Settings,
    solver: Solver,
) -> Iterator[Ease]:
    """Yield for each member that is a sum of money the least change that would be enough."""
    program = compiled.program
    counting = {
        row
        for place, row in compiled.row_of.items()
        if compiled.limits[place].spec.measure == "packages"
    }
    for label in members:
        movable = [
            number
            for number in groups[label]
            if number not in counting and _movable(program.rows[number])
        ]
        if not movable:
            continue
        kept = only(program, [number for numbers in groups.values() for number in numbers])
        point = solver(elastic(kept, movable, [0] * len(movable)), settings)
        if point.status == "optimal" and point.values[-1] > 0:
            by = math.ceil(float(point.values[-1]) * program.unit - _NOISE)
            yield Ease(_told(compiled, groups[label]), by)


def _movable(row: Row) -> bool:
    return row.unit == "usd" and row.kind in ("law", "override") and bool(row.terms)
