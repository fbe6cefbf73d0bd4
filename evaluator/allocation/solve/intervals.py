"""Whether a point stays the best wherever the scores lie in intervals: its greatest regret.

A point whose greatest regret is nothing is necessarily optimal (Inuiguchi & Sakawa, European
Journal of Operational Research 86, 1995); the mixed-integer program that finds it is after Mausser
& Laguna (International Transactions in Operational Research 5, 1998).
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evaluator.allocation.model.program import Floats, Program
from evaluator.allocation.solve import highs
from evaluator.allocation.solve.point import TOLERANCE, Settings, faults

Places = NDArray[np.intp]

_NODES = 1_000
"""Of a search for who gains more; what is not decided by then is not proven."""
_NOTHING = 1e-9
"""Of what a package could gain: less is none."""


class Intervals(NamedTuple):
    """Scores of g packages, and what the first k columns of a program gain by them."""

    package: Places
    """Shape (k,)."""
    gain: Floats
    """Shape (k,): by a unit of the column and a point of its package's score."""
    low: Floats
    """Shape (g,)."""
    high: Floats
    """Shape (g,)."""


class Challenge(NamedTuple):
    """What comes closest to a point, or is better, somewhere in the intervals."""

    lost: float
    """No point gains more than this over the one challenged, whatever the scores in there."""
    worth: float
    """What the one challenged gains at least, as gaps are relative to it; 1 at least."""
    moved: Floats
    """Shape (g,): what each package gains more by a point of score than in the one challenged."""


def challenged(
    program: Program, values: Floats, intervals: Intervals, settings: Settings
) -> Challenge | None:
    """Seek the point that gains most over one of the program wherever the scores suit it best.

    program: tightened, minimised as it is but for the costs of the first k columns, which the
    intervals give. A package that gains more than in `values` (n,) does so at its high score, one
    that gains less loses at its low one; which of the two it is, where both can be, is a binary.
    The search ends within the settings' gap of what the point is worth, or after so many nodes.
    None where it found nothing, or a point that breaks the program.
    """
    package, gain, low, high = intervals
    size, count = len(package), len(low)

    def by_package(amounts: Floats) -> Floats:
        return np.bincount(package, gain * amounts[:size], minlength=count).astype(np.float64)

    now, most = by_package(values), by_package(program.upper)
    some = now > _NOTHING * most
    both = np.flatnonzero(some & (most - now > _NOTHING * most) & (high > low))
    cost = program.cost.copy()
    cost[:size] = -gain * np.where(some, low, high)[package]
    cost[:size][np.isin(package, both)] = 0.0
    worth = max(1.0, float(low @ now))
    searched = _with_both(program, cost, intervals, both, now, most)
    gap = max(settings.gap, TOLERANCE) * worth
    within = replace(settings, gap=0.0, absolute=gap, nodes=_NODES)
    begun = np.concatenate([values, np.zeros(3 * len(both))])
    point = highs.solve(searched, within, begun)
    if not point.found or faults(searched, point):
        return None
    lost = float(searched.cost @ begun) - point.bound
    return Challenge(lost, worth, by_package(point.values) - now)


def stands(challenge: Challenge, gap: float) -> bool:
    """Whether the one challenged is optimal wherever the scores are, within the gap."""
    return challenge.lost <= max(gap, TOLERANCE) * challenge.worth


def _with_both(
    program: Program, cost: Floats, intervals: Intervals, both: Places, now: Floats, most: Floats
) -> Program:
    """Return the program with columns for what some packages gain more, gain less, and which.

    By a point of score: sum of gains - more + less = now, more <= (most - now) which,
    less <= now (1 - which).
    """
    package, gain, low, high = intervals
    width, n = len(both), len(program.cost)
    place = np.full(len(low), -1, dtype=np.intp)
    place[both] = np.arange(width)
    own = np.flatnonzero(place[package] >= 0)
    each = np.arange(width)
    more, less, which = n + each, n + width + each, n + 2 * width + each
    held, room = now[both], (most - now)[both]
    ones = np.ones(width)
    entries = [
        (place[package[own]], own, gain[own]),
        (each, more, -ones),
        (each, less, ones),
        (width + each, more, ones),
        (width + each, which, -room),
        (2 * width + each, less, ones),
        (2 * width + each, which, held),
    ]
    row, column, value = (np.concatenate(parts) for parts in zip(*entries, strict=True))
    order = np.argsort(row, kind="stable")
    ends = program.starts[-1] + np.cumsum(np.bincount(row, minlength=3 * width))
    nothing = np.zeros(3 * width)
    return replace(
        program,
        columns=(),
        rows=(),
        cost=np.concatenate([cost, -high[both], low[both], np.zeros(width)]),
        subsidy=np.append(program.subsidy, nothing),
        lower=np.append(program.lower, nothing),
        upper=np.concatenate([program.upper, room, held, ones]),
        integer=np.concatenate([program.integer, np.repeat([False, False, True], width)]),
        starts=np.append(program.starts, ends).astype(np.int32),
        index=np.append(program.index, column[order]).astype(np.int32),
        value=np.append(program.value, value[order]),
        row_lower=np.concatenate([program.row_lower, held, np.full(2 * width, -np.inf)]),
        row_upper=np.concatenate([program.row_upper, held, np.zeros(width), held]),
    )
