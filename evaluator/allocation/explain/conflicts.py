"""Why no allocation exists: what cannot hold together, and the least that would mend it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from evaluator.allocation.explain.relaxation import elastic, least_changes
from evaluator.allocation.model.bounds import describe
from evaluator.allocation.model.build import Compiled
from evaluator.allocation.model.eligibility import dollars
from evaluator.allocation.model.program import Program
from evaluator.allocation.model.rows import Row
from evaluator.allocation.solve.point import Settings
from evaluator.allocation.solve.solve import Solver
from evaluator.model.study import Study
from evaluator.results.evaluation import Conflict

_MOST_CONFLICTS = 5
_SECONDS = 30.0
"""For each conflict; once they are over, the set named is a conflict but may not be minimal."""
_NOISE = 0.1
"""Dollars: a solver's tolerance."""

Groups = Mapping[str, tuple[int, ...]]
"""Rows by the name under which they stand or fall together."""
Holds = Callable[[Sequence[str]], bool]


def conflicts(
    study: Study, compiled: Compiled, settings: Settings, solver: Solver
) -> tuple[Conflict, ...]:
    """Return disjoint minimal sets that cannot hold together.

    The sets are found by QuickXplain (Junker, AAAI 2004) over named groups of rows, so that
    infeasibility that comes from whole numbers alone is found as well.
    """
    found = [Conflict((label,), why) for label, why in compiled.impossible.items()]
    left = _groups(compiled.program)
    while len(found) < _MOST_CONFLICTS:
        holds = _checker(compiled.program, left, settings, solver)
        if holds(list(left)):
            break
        members = _explained([], list(left), holds, changed=False)
        sentence = _sentence(study, compiled, left, members, settings, solver)
        found.append(Conflict(tuple(members), sentence))
        left = {label: rows for label, rows in left.items() if label not in members}
    if not found:
        # the solver's tolerances disagree on a program at the edge: it is at the edge of them all
        found.append(Conflict(tuple(left), "The limits leave no room, but no few of them alone."))
    return _with_relaxations(compiled, found, settings, solver)


def _with_relaxations(
    compiled: Compiled, found: Sequence[Conflict], settings: Settings, solver: Solver
) -> tuple[Conflict, ...]:
    """Add what to change so that, all together, an allocation exists.

    A change stands with the first conflict that it is named in; one that no conflict names, but
    that is part of the least, with the last.
    """
    groups = _groups(compiled.program)
    kept = only(compiled.program, [row for rows in groups.values() for row in rows])
    told = least_changes(compiled, kept, groups, settings, solver)
    told |= {label: f"leave out {label}" for label in compiled.impossible}
    named = {label: n for n, one in reversed([*enumerate(found)]) for label in one.members}
    of = {label: named.get(label, len(found) - 1) for label in told}
    return tuple(
        replace(one, relaxation=tuple(told[label] for label in told if of[label] == n))
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
    until = time.monotonic() + _SECONDS

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
    """Return a program without objective, with its links and of its other rows those kept.

    Of a row set aside, what is a link still holds.
    """
    lower, upper, still = program.row_lower.copy(), program.row_upper.copy(), set(kept)
    for number, row in enumerate(program.rows):
        if row.kind == "link" or number in still:
            continue
        bound = None if row.aside is None else float(row.aside / program.unit)
        if row.sense == "at_least":
            lower[number] = -np.inf if bound is None else bound
        else:
            upper[number] = np.inf if bound is None else bound
    return replace(program, cost=np.zeros_like(program.cost), row_lower=lower, row_upper=upper)


def _sentence(
    study: Study,
    compiled: Compiled,
    groups: Groups,
    members: Sequence[str],
    settings: Settings,
    solver: Solver,
) -> str:
    told = [_told(study, compiled, groups[label]) for label in members]
    if len(told) == 1:
        text = f"{told[0]} cannot hold, whatever is given to whom."
    else:
        text = f"These cannot hold together: {', '.join(told[:-1])} and {told[-1]}."
        text += " Leaving out any one of them resolves it."
    eases = list(_eases(compiled, groups, members, settings, solver))
    return text + (f" So would {', or '.join(eases)}." if eases else "")


def _told(study: Study, compiled: Compiled, numbers: Sequence[int]) -> str:
    number = max(numbers, key=lambda one: compiled.program.rows[one].unit == "usd")
    row = compiled.program.rows[number]
    if row.unit == "count" or row.kind == "rule":
        return row.label
    words = "at most" if row.sense == "at_most" else "at least"
    place = next((p for p, r in compiled.row_of.items() if r == number), None)
    if place is not None and compiled.limits[place].held:
        return f"{row.label} ({compiled.limits[place].held})"
    if place is not None and compiled.limits[place].base:
        return f"{row.label} ({words} {describe(compiled.limits[place].spec.bound, study)})"
    return f"{row.label} ({words} {dollars(row.bound)})"


def _eases(
    compiled: Compiled,
    groups: Groups,
    members: Sequence[str],
    settings: Settings,
    solver: Solver,
) -> Iterator[str]:
    """Yield for each member that is a sum of money the least change that would be enough."""
    program = compiled.program
    for label in members:
        movable = [number for number in groups[label] if _movable(program.rows[number])]
        if not movable:
            continue
        kept = only(program, [number for numbers in groups.values() for number in numbers])
        point = solver(
            elastic(kept, movable, [0] * len(movable)), replace(settings, time_limit_s=_SECONDS)
        )
        if point.status == "optimal" and point.values[-1] > 0:
            word = "raising" if program.rows[movable[0]].sense == "at_most" else "lowering"
            by = math.ceil(float(point.values[-1]) * program.unit - _NOISE)
            yield f"{word} {label} by {dollars(by)}"


def _movable(row: Row) -> bool:
    return row.unit == "usd" and row.kind in ("law", "override") and bool(row.terms)
