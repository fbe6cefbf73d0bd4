"""One path from a program to a point: which solver, which stages, and how each is checked."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Literal, Protocol

import numpy as np

from evaluator import linear
from evaluator.allocation.model.program import (
    Floats,
    Program,
    with_integers_fixed,
    with_objective_at_least,
)
from evaluator.allocation.solve import highs
from evaluator.allocation.solve.clock import Clock
from evaluator.allocation.solve.large import solve_large
from evaluator.allocation.solve.point import (
    TOLERANCE,
    Point,
    Settings,
    Termination,
    checked,
    finer,
    noise,
    proven,
)
from evaluator.allocation.solve.tighten import tightened
from evaluator.errors import SolverError

Path = Literal["highs", "pulp+cbc"]

_NEAR_END = 0.02
"""Of its time: a solver that stops so near its end was stopped by it."""
START_ABOVE = 1_000
"""Binaries above which a solve by HiGHS begins with smaller programs."""


class Solver(Protocol):
    """What solves a program."""

    def __call__(
        self, program: Program, settings: Settings, start: Floats | None = None, /
    ) -> Point:
        """Return a checked point; `start` is one to begin from, if the path can."""


@dataclass(frozen=True)
class Solved:
    """The answer of the program before it is brought to whole dollars."""

    point: Point
    """Of the last stage; its status is that of the first."""
    bound: float
    """No point costs less than this in the first stage."""
    stopped: bool
    """Whether time ended the first stage."""
    log: str


def path_for(wanted: Literal["highs", "cbc"]) -> Path:
    """Return the path that is taken: HiGHS gets the arrays, CBC a model by PuLP."""
    return "pulp+cbc" if wanted == "cbc" or not linear.available() else "highs"


def solver_for(path: Path) -> Solver:
    """Return the function that solves a program along a path, its points checked.

    HiGHS is asked to come closer where it has to, since a solver takes its relative gap of goals'
    misses as well.
    """
    if path == "pulp+cbc":
        # PuLP is loaded where it is asked: a run by HiGHS does without
        from evaluator.allocation.solve.cbc import solve_by_cbc

        def by_cbc(given: Program, settings: Settings, start: Floats | None = None, /) -> Point:
            return checked(given, solve_by_cbc(given, settings))

        return by_cbc

    def by_highs(given: Program, settings: Settings, start: Floats | None = None, /) -> Point:
        deadline = time.monotonic() + settings.time_limit_s
        program = tightened(given)
        point = checked(given, _direct(program, settings, start))
        left = deadline - time.monotonic()
        if point.status != "optimal" or proven(given, point, settings.gap) or left <= 0:
            return point
        closer = replace(finer(given, point, settings), time_limit_s=left)
        begin = point.values if int(program.integer.sum()) > START_ABOVE else None
        last = checked(given, highs.solve(program, closer, begin))
        best = last if last.found else replace(point, status="feasible")
        return replace(best, log=point.log + last.log)

    return by_highs


def _direct(program: Program, settings: Settings, start: Floats | None) -> Point:
    if start is not None or int(program.integer.sum()) <= START_ABOVE:
        return highs.solve(program, settings, start)
    return solve_large(program, settings)


def solve(
    program: Program,
    settings: Settings,
    solver: Solver,
    tie: float,
    clock: Clock | None = None,
    start: Floats | None = None,
) -> Solved:
    """Solve in stages: the best objective; then, among ties, the least subsidy cost.

    Where there are binaries, the second stage may choose others that lose at most `tie` of the
    objective; ties that are finer than the gap are none that is known, and are not looked for. At
    the binaries so chosen the linear program is solved once more for the best objective, which
    prices the rows, and then for the least subsidy on its optimal face, so that no dollar of
    objective is traded for subsidy. The first two have the time of the settings; all of them, and
    whatever follows, that of the clock, which is told what it cut. start: a point to begin from.
    """
    deadline = time.monotonic() + settings.time_limit_s
    clock = clock or Clock(settings.time_limit_s)
    first = solver(program, settings, start)
    stopped = first.status in ("feasible", "no_solution")
    if stopped and deadline <= time.monotonic() + _NEAR_END * settings.time_limit_s:
        clock.note("search")
    if not first.found:
        return Solved(first, first.bound, stopped, first.log)
    if not program.mixed:
        last = _cheapest(program, first, settings, solver)
        return Solved(last, first.bound, stopped, first.log + last.log)
    chosen, log = first, first.log
    left = deadline - time.monotonic()
    known = first.status == "optimal" and settings.gap <= tie
    if known and np.any(program.subsidy) and left <= 0:
        clock.note("ties")
    elif known and np.any(program.subsidy):
        most = _loosened(program, first.values, tie)
        within = with_objective_at_least(program, most)
        second = solver(within, replace(settings, time_limit_s=left), first.values)
        log += second.log
        kept = second.found and float(program.cost @ second.values) <= most + _slip(program, first)
        chosen = second if kept else first
        if second.status != "optimal" and deadline <= time.monotonic():
            clock.note("ties")
    last = chosen
    if not clock.ends("amounts"):
        linear = with_integers_fixed(program, chosen.values)
        priced = solver(linear, replace(settings, time_limit_s=clock.left))
        log += priced.log
        if priced.found:
            rest = replace(settings, time_limit_s=max(0.1, clock.left))
            last = _cheapest(linear, priced, rest, solver)
            log += last.log
        elif priced.status == "infeasible":
            raise SolverError(f"the program at chosen binaries ended with '{priced.termination}'.")
        else:
            clock.note("amounts")
    sure = first.status == "optimal" and proven(program, first, settings.gap)
    status: Termination = "optimal" if sure else "feasible"
    named = replace(last, status=status, termination=first.termination)
    return Solved(named, min(first.bound, float(program.cost @ last.values)), stopped, log)


def _loosened(program: Program, values: Floats, tie: float) -> float:
    best = float(program.cost @ values)
    return best + max(tie, 1e-9) * program.worth(values)


def _slip(program: Program, point: Point) -> float:
    """Return by how much a row of the objective may be missed."""
    return TOLERANCE * program.worth(point.values)


def _cheapest(program: Program, priced: Point, settings: Settings, solver: Solver) -> Point:
    """Seek the least subsidy on the optimal face, where complementary slackness holds.

    A price that is only rounding, taken for one, does no harm: what it holds is tight as it is.
    A price overlooked would trade objective for subsidy, so the threshold is near nothing.
    """
    if priced.status != "optimal" or priced.duals is None or not np.any(program.subsidy):
        return priced
    nothing = 1e-12 * max(1.0, float(np.abs(program.cost).max()))
    moved = np.abs(program.reduced_costs(priced.duals)) > nothing
    bound = np.where(priced.duals < 0, program.row_upper, program.row_lower)
    apart = np.abs(program.activity(priced.values) - bound)
    tight = apart <= TOLERANCE * np.maximum(1.0, np.abs(bound))
    fixed = (np.abs(priced.duals) > nothing) & np.isfinite(bound) & tight
    face = replace(
        program,
        cost=program.subsidy,
        lower=np.where(moved, priced.values, program.lower),
        upper=np.where(moved, priced.values, program.upper),
        row_lower=np.where(fixed, bound, program.row_lower),
        row_upper=np.where(fixed, bound, program.row_upper),
    )
    found = solver(face, settings)
    best = float(program.cost @ priced.values)
    most = best + 1e-9 * program.worth(priced.values) + noise(program, priced.values)
    if found.status != "optimal" or float(program.cost @ found.values) > most:
        return priced
    return replace(found, status=priced.status, termination=priced.termination)
