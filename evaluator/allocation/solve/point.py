"""What a solver returns, and our own check of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from evaluator.allocation.model.program import Floats, Program
from evaluator.errors import SolverError

Termination = Literal["optimal", "feasible", "infeasible", "no_solution"]

TOLERANCE = 1e-6
"""Of a row, relative to the sum of its absolute terms, and at least absolute."""
WHOLE = 1e-5
_NOISE = 1e-14
"""Of sums of floats, relative to the sum of their absolute terms."""


@dataclass(frozen=True)
class Settings:
    """How a solver is run."""

    time_limit_s: float = 60.0
    gap: float = 1e-6
    """Relative to what the amounts gain (`Program.worth`)."""
    seed: int = 0
    absolute: float = 1e-9
    """A gap in units of the objective, which is enough as well."""
    tolerance: float = 1e-6
    """Of a row of a mixed program, and of a whole number, for the solver itself."""
    enough: float = -np.inf
    """A cost that is low enough to end a search."""
    nodes: int | None = None
    """Of the search, at most; without an end if None."""
    logged: bool = True
    """Whether the solver's log is kept, which is a file of its own for each solve."""


@dataclass(frozen=True)
class Point:
    """A solver's answer to a program that minimises."""

    status: Termination
    termination: str
    """The solver's own word."""
    values: Floats
    """Shape (n,); to be read only if the status is optimal or feasible."""
    bound: float
    """No point costs less."""
    duals: Floats | None = None
    """Shape (m,): cost gained by a unit more of a row's bound; linear programs only."""
    log: str = ""

    @property
    def found(self) -> bool:
        """Whether there is a point."""
        return self.status in ("optimal", "feasible")


def proven(program: Program, point: Point, gap: float) -> bool:
    """Whether a point's own bound says that no other costs less by more than the gap.

    Closer than `TOLERANCE` nobody proves: what is left then is a solver's tolerance.
    """
    if not point.found:
        return False
    cost, worth = float(program.cost @ point.values), program.worth(point.values)
    return cost - point.bound <= max(gap, TOLERANCE) * worth + noise(program, point.values)


def noise(program: Program, values: Floats) -> float:
    """Return what is only rounding in the cost of a point."""
    return _NOISE * float(np.abs(program.cost) @ np.abs(values))


def finer(program: Program, point: Point, settings: Settings) -> Settings:
    """Return settings by which the gap is an amount: that of what the point gains.

    A solver takes a relative gap of the whole objective, the cost of missed goals among it.
    """
    absolute = max(settings.gap * program.worth(point.values), settings.absolute)
    return replace(settings, gap=0.0, absolute=absolute)


def checked(program: Program, point: Point) -> Point:
    """Return the point if it keeps the program it answers.

    Raises SolverError if it breaks a row, a bound or a whole number, or costs less than the
    solver's own bound, whatever status the solver claims.
    """
    if not point.found:
        return point
    found = faults(program, point)
    if found:
        raise SolverError(
            f"the solver ended with '{point.termination}', but its point {'; '.join(found[:3])}."
            " Try the other solver."
        )
    return point


def faults(program: Program, point: Point) -> list[str]:
    """Return what of a program a point breaks; nothing where it keeps it."""
    values = point.values
    if len(values) != len(program.cost) or not np.all(np.isfinite(values)):
        return ["is incomplete"]
    found: list[str] = []
    used = program.activity(values)
    bound = np.where(np.isfinite(program.row_lower), program.row_lower, program.row_upper)
    size = program.by_row(np.abs(program.value * values[program.index])) + np.abs(bound)
    allowed = TOLERANCE * np.maximum(1.0, size)
    broken = np.maximum(program.row_lower - used, used - program.row_upper)
    found += [f"breaks row {row} by {broken[row]:.3g}" for row in np.flatnonzero(broken > allowed)]
    outside = np.maximum(program.lower - values, values - program.upper)
    width = TOLERANCE * np.maximum(1.0, np.abs(values))
    found += [f"is outside the bounds of column {c}" for c in np.flatnonzero(outside > width)]
    uneven = program.integer & (np.abs(values - np.round(values)) > WHOLE)
    found += [f"has no whole number in column {c}" for c in np.flatnonzero(uneven)]
    cost = float(program.cost @ values)
    if cost < point.bound - TOLERANCE * max(1.0, abs(cost)):
        found.append(f"costs {cost:.9g}, less than the bound {point.bound:.9g}")
    return found
