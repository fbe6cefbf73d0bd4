"""Programs with too many binaries to solve cold: good points first, then the whole program."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from evaluator.allocation.building.program import Floats, Program, relaxed
from evaluator.allocation.solving import highs
from evaluator.allocation.solving.point import Point, Settings
from evaluator.allocation.solving.tighten import packages_of

_WHOLE = 1e-6
_SHARES = (0.5, 0.2)
"""Of the time limit, for each smaller program."""


def solve_large(program: Program, settings: Settings) -> Point:
    """Solve a program by HiGHS from a point that smaller programs have found.

    The relaxation gives a bound, and says which binaries to hold: first all that are 0 in it, and
    those of packages that it leaves whole; then only those that are 0 (relaxation enforced
    neighbourhood search, Berthold 2014, by package). What time is left goes to the whole program.
    """
    began = time.monotonic()
    loose = highs.solve(relaxed(program), settings)
    if not loose.found:
        return loose
    logs = [loose.log]
    start: Floats | None = None
    for share, small in zip(_SHARES, _smaller(program, loose.values), strict=True):
        spell = replace(settings, time_limit_s=settings.time_limit_s * share)
        point = highs.solve(small, spell, start)
        logs.append(point.log)
        start = point.values if point.found else start
    left = max(1.0, settings.time_limit_s - (time.monotonic() - began))
    last = highs.solve(program, replace(settings, time_limit_s=left), start)
    bound = max(last.bound, loose.bound)
    return replace(last, bound=bound, log="".join([*logs, last.log]))


def _smaller(program: Program, loose: Floats) -> tuple[Program, Program]:
    package = packages_of(program)
    low, high = loose < _WHOLE, loose > 1 - _WHOLE
    torn = np.zeros(int(package.max(initial=-1)) + 2, dtype=np.bool_)
    torn[package[program.integer & ~low & ~high]] = True
    shut = replace(program, upper=np.where(program.integer & low, 0.0, program.upper))
    held = program.integer & high & ~torn[package]
    return replace(shut, lower=np.where(held, 1.0, shut.lower)), shut
