"""Programs with too many binaries to solve cold: good points first, then the whole program."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from evaluator.allocation.model.program import Floats, Program, relaxed
from evaluator.allocation.solve import highs
from evaluator.allocation.solve.decompose import Loose, by_packages
from evaluator.allocation.solve.point import TOLERANCE, Point, Settings, proven
from evaluator.allocation.solve.tighten import packages_of

_WHOLE = 1e-6
_FINER = 0.3
"""Of the gap: what smaller programs leave comes on top of what holding binaries costs."""
_SHARP = 1e-7
"""Tolerance of smaller programs: what is held makes rows tight, and preparing misses some of them
by a hair more than 1e-6, so that HiGHS throws all points away and calls it infeasible."""
_PATIENCE = 2.0
"""Seconds."""


def solve_large(program: Program, settings: Settings) -> Point:
    """Solve a program by HiGHS from a point that smaller programs have found.

    Prices of what packages share, or else the relaxation, give a bound, and say which binaries to
    hold: at first most of them (relaxation enforced neighbourhood search, Berthold 2014), then
    fewer. What time is left goes to the whole program. The best point is kept, and is optimal once
    it is within the gap of a bound.
    """
    began = time.monotonic()
    loose = by_packages(program, settings) or _relaxed(program, settings)
    if isinstance(loose, Point):
        return loose
    logs, best = [loose.log], None
    last_but_one = (0.3, lambda known: _without_zeros(program, loose.values, known))
    for share, hold in (*loose.smaller, last_but_one):
        left = settings.time_limit_s - (time.monotonic() - began)
        if left <= 0:
            break
        small = hold(loose.values if best is None else best.values)
        spell = replace(
            settings,
            time_limit_s=min(left, settings.time_limit_s * share),
            gap=settings.gap * _FINER,
            tolerance=_SHARP,
            enough=_enough(loose.bound, settings.gap),
        )
        point = highs.solve(small, spell, best.values if best else None)
        logs.append(point.log)
        best = _better(program, point, best)
        if best and _gap(program, best, loose.bound) <= settings.gap:
            near = f"within the gap of the {loose.name}"
            whole = "".join(logs)
            return replace(best, status="optimal", termination=near, bound=loose.bound, log=whole)
    last = _whole(program, settings, began, best)
    if best is None and last.status == "no_solution":
        best = _last_resort(program, settings, loose)
    found = _better(program, last, best) or last
    status = last.status if found is last else "feasible"
    bound = max(last.bound, loose.bound)
    if found.found and _gap(program, found, bound) <= settings.gap:
        status = "optimal"
    whole = "".join([*logs, last.log])
    return replace(found, status=status, termination=last.termination, bound=bound, log=whole)


def _last_resort(program: Program, settings: Settings, loose: Loose) -> Point | None:
    """Return a point where time ended every search before it had one."""
    values = loose.last_resort()
    if values is not None:
        return Point("feasible", "time", values, -np.inf)
    first = loose.smaller[0][1](loose.values)
    return _better(program, highs.solve(first, _patient(settings)), None)


def _patient(settings: Settings) -> Settings:
    """Return settings for what there is no answer without: it may take longer than its time."""
    return replace(settings, time_limit_s=settings.time_limit_s + _PATIENCE)


def _relaxed(program: Program, settings: Settings) -> Loose | Point:
    """Return what the relaxation says; its own answer where it has no point."""
    loose = highs.solve(relaxed(program), _patient(settings))
    if not loose.found:
        return loose
    smaller = ((0.5, lambda known: _rounded(program, loose.values)),)
    return Loose("relaxation", loose.bound, loose.values, smaller, loose.log)


def _whole(program: Program, settings: Settings, began: float, start: Point | None) -> Point:
    """Solve the whole program in the time that is left.

    A start that HiGHS betters while it prepares comes back as it was, with a bound that says so:
    then it is asked once more, without one.
    """
    point = Point("no_solution", "Time limit reached", np.zeros_like(program.cost), -np.inf)
    for begin in (start.values if start else None, None):
        left = settings.time_limit_s - (time.monotonic() - began)
        if left <= 0:
            break
        point = highs.solve(program, replace(settings, time_limit_s=left), begin)
        if begin is None or point.status != "optimal" or proven(program, point, settings.gap):
            break
    return point


def _enough(bound: float, gap: float) -> float:
    """Return a cost that is within the gap of a bound, if points gain anything at all."""
    return bound / (1 + gap) if bound < 0 <= gap else -np.inf


def _better(program: Program, point: Point, other: Point | None) -> Point | None:
    """Return which of two points costs less, as far as there are any; the first of equals."""
    if not point.found:
        return other
    if other is None or float(program.cost @ point.values) <= float(program.cost @ other.values):
        return point
    return other


def _gap(program: Program, point: Point, bound: float) -> float:
    cost = float(program.cost @ point.values)
    return (cost - bound) / program.worth(point.values)


def _rounded(program: Program, loose: Floats) -> Program:
    """Return the program with all held that can be rounded up, or is 0.

    A binary is a fraction in the relaxation wherever an amount is below its big-M. Rounded up it
    breaks a row only where an amount is below its minimum, or a package stands against another:
    the packages in such rows are left free, and they are few.
    """
    package = packages_of(program)
    whole = np.where(program.integer, np.where(loose < _WHOLE, 0.0, 1.0), loose)
    used = program.activity(whole)
    size = program.by_row(np.abs(program.value * whole[program.index]))
    slip = TOLERANCE * np.maximum(1.0, size)
    broken = (used > program.row_upper + slip) | (used < program.row_lower - slip)
    # a sum, or a goal's miss, gives way: of packages counted there only those that are in part so
    gives = program.by_row((package[program.index] < 0).astype(np.float64)) > 0
    part = program.integer & (np.abs(loose - np.round(loose)) > _WHOLE)
    among = np.where(gives[program.owner], part[program.index], True)
    torn = np.zeros(int(package.max(initial=-1)) + 2, dtype=np.bool_)
    torn[package[program.index[broken[program.owner] & among]]] = True
    torn[-1] = False
    held = program.integer & ~torn[package]
    return replace(
        program,
        lower=np.where(held, whole, program.lower),
        upper=np.where(held, whole, program.upper),
    )


def _without_zeros(program: Program, loose: Floats, known: Floats) -> Program:
    """Return the program without the binaries that are 0 in the relaxation and a known point."""
    low = program.integer & (loose < _WHOLE) & (known < _WHOLE)
    return replace(program, upper=np.where(low, 0.0, program.upper))
