"""The uniform distribution on the simplex cut by bounds, sampled exactly.

With slack x = w - lower, room d = upper - lower and rest s = 1 - sum(lower), the polytope is
{x : 0 <= x <= d, sum(x) = s}. Plain rejection from the simplex, or from the box, finds it ever more
rarely as m grows, and a random walk (hit-and-run) is only nearly uniform and its draws depend on
each other. Here all coordinates but one are drawn independently from the exponential density
proportional to exp(-t x) on [0, d], and the last is what remains. On the polytope the product of
all m densities is exp(-t s), a constant, so a proposal whose rest x is in bounds, kept with
probability exp(-t x), is exactly uniform. With t such that the means sum to s, and the coordinate
of the widest room as the last, one proposal in about sqrt(2 pi m) is kept.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ROUNDING = 1e-12
"""Rests below this are rounding: the polytope is a single point."""

PROPOSALS = 4096
"""Proposals made at a time; part of the definition of the stream."""


def check_bounds(lower: Sequence[float], upper: Sequence[float]) -> None:
    """Raise ValueError, with the figures, unless some weights that sum to 1 meet the bounds."""
    low, high = np.array(lower, dtype=np.float64), np.array(upper, dtype=np.float64)
    if not len(low) or len(low) != len(high):
        raise ValueError(
            f"{len(low)} lower and {len(high)} upper bounds: give one of each per criterion"
        )
    wrong = np.flatnonzero(~(np.isfinite(low) & np.isfinite(high) & (low >= 0) & (low <= high)))
    if len(wrong):
        at = wrong[0]
        raise ValueError(
            f"bounds of weight {at} are {low[at]:g}..{high[at]:g}: 0 <= lower <= upper is needed"
        )
    if low.sum() > 1 + ROUNDING:
        raise ValueError(
            f"no weights meet the bounds: the lower ones sum to {low.sum():.12g}, above 1; "
            "lower some of them"
        )
    if high.sum() < 1 - ROUNDING:
        raise ValueError(
            f"no weights meet the bounds: the upper ones sum to {high.sum():.12g}, below 1; "
            "raise some of them"
        )


def bounded_simplex(
    generator: np.random.Generator, lower: Floats, upper: Floats, size: int
) -> Floats:
    """Return `size` draws, (size, m), uniform on {w : lower <= w <= upper, sum(w) = 1}.

    Raises ValueError if no weights meet the bounds.
    """
    check_bounds(lower.tolist(), upper.tolist())
    rest, spare = 1 - lower.sum(), upper.sum() - 1
    # Measured from the nearer end, the tilt is never negative.
    if rest <= spare:
        return lower + _slack(generator, upper - lower, rest, size)
    return upper - _slack(generator, upper - lower, spare, size)


def _slack(generator: np.random.Generator, room: Floats, rest: float, size: int) -> Floats:
    """Return draws (size, m) uniform on {x : 0 <= x <= room, sum(x) = rest <= sum(room) / 2}."""
    slack = np.zeros((size, len(room)))
    free = np.flatnonzero(room > 0)
    if rest <= ROUNDING or not len(free):
        return slack
    if len(free) == 1:
        slack[:, free[0]] = rest
        return slack
    free = free[np.argsort(room[free], kind="stable")]
    tilt = _tilt(room[free], rest)
    found = 0
    while found < size:
        kept = _proposals(generator, room[free], rest, tilt)[: size - found]
        slack[found : found + len(kept), free] = kept
        found += len(kept)
    return slack


def _tilt(room: Floats, rest: float) -> float:
    """Return the t at which truncated exponentials on [0, room] have means that sum to rest."""

    def excess(tilt: float) -> float:
        reach = tilt * room
        small = reach < 1e-4  # the mean is room/2 - t room^2/12 + O(t^3); the formula cancels here
        with np.errstate(over="ignore"):
            exact = 1 / tilt - room / np.expm1(np.where(small, 1.0, reach))
        means = np.where(small, room / 2 - tilt * room**2 / 12, exact)
        return float(means.sum() - rest)

    lowest = 1e-9 / rest
    if excess(lowest) <= 0:
        return lowest
    # A mean is below 1/t, so the means sum to less than rest / 2 at twice m / rest.
    return float(scipy.optimize.brentq(excess, lowest, 2 * len(room) / rest, xtol=1e-9 / rest))


def _proposals(generator: np.random.Generator, room: Floats, rest: float, tilt: float) -> Floats:
    """Return the proposals that are kept, (k, m): of PROPOSALS, all coordinates but the last."""
    uniforms = generator.random((PROPOSALS, len(room)))
    drawn = -np.log1p(uniforms[:, :-1] * np.expm1(-tilt * room[:-1])) / tilt
    drawn = np.minimum(drawn, room[:-1])
    last = rest - drawn.sum(axis=1)
    kept = (last >= 0) & (last <= room[-1])
    kept &= uniforms[:, -1] <= np.exp(-tilt * np.maximum(last, 0))
    proposals: Floats = np.column_stack([drawn, last])[kept]
    return proposals
