"""CBC's answer, held to bounds that are not its own word."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from evaluator import linear
from evaluator.allocation.model.program import Program, with_cost_at_most
from evaluator.allocation.solve import pulp_model
from evaluator.allocation.solve.point import (
    TOLERANCE,
    Point,
    Settings,
    faults,
    finer,
    proven,
)
from evaluator.allocation.solve.tighten import tightened
from evaluator.errors import SolverError

_SEARCHES = 5
"""At most, each for something better than the one before has found."""


def solve_by_cbc(program: Program, settings: Settings) -> Point:
    """Solve a program by CBC, and ask it again whether anything is better.

    Of a search that it completed CBC states no bound; and it has lost the best point where
    coefficients are tiny, while it prepared a program that is right. So it is asked once more, of
    the program as it stands, for a point that is better by the gap. What it finds is taken, and
    asked of in turn; where there is none, the bound is what it was asked for. The relaxation,
    which CBC has no part in, gives a bound as well. Where neither is near, the point stands
    without a proof.
    """
    deadline = time.monotonic() + settings.time_limit_s
    best = pulp_model.solve_by_cbc(tightened(program), settings)
    best = replace(best, bound=max(best.bound, _relaxation(program)))
    log = best.log
    for _ in range(_SEARCHES):
        left = deadline - time.monotonic()
        if not program.mixed or left <= 0 or not _claimed(program, best, settings):
            break
        asked, bound = _better_than(program, best, settings)
        near = finer(program, best, settings) if best.found else settings
        try:
            point = pulp_model.solve_by_cbc(asked, replace(near, time_limit_s=left))
        except SolverError:  # it ends so at times where there is nothing to find
            break
        log += point.log
        if point.status == "infeasible":
            best = replace(best, bound=max(best.bound, bound))
            break
        if not point.found or faults(program, replace(point, bound=-np.inf)):
            break
        if best.found and not program.cost @ point.values < program.cost @ best.values:
            break  # beside what cannot be avoided the gap is below its tolerances
        best = replace(point, bound=best.bound)
    return replace(best, log=log)


def _claimed(program: Program, point: Point, settings: Settings) -> bool:
    """Whether a completed search is yet to be believed."""
    if point.status == "infeasible":
        return True
    return point.status == "optimal" and not proven(program, point, settings.gap)


def _better_than(program: Program, point: Point, settings: Settings) -> tuple[Program, float]:
    """Return the program of all that is better by the gap, and the cost of that at most."""
    if not point.found:
        return program, -np.inf
    cost = float(program.cost @ point.values)
    most = cost - max(settings.gap, TOLERANCE) * program.worth(point.values)
    return with_cost_at_most(program, most), most


def _relaxation(program: Program) -> float:
    """Return the least cost where nothing has to be whole; minus infinity where there is none."""
    tight = tightened(program)
    rows = linear.Rows(tight.starts, tight.index, tight.value)
    found = linear.minimise(
        tight.cost, rows, (tight.row_lower, tight.row_upper), (tight.lower, tight.upper)
    )
    return -np.inf if found is None else float(tight.cost @ found.x)
