"""The smallest change of weights after which one package scores at least as much as another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from evaluator.decision.ordering import WEIGHTED_SUM, Ordering
from evaluator.decision.ties import Floats, meets
from evaluator.uncertainty.stability.moves import check_shares

Norm = Literal["l1", "l2"]
STEPS = 200
"""Twice what halving needs to exhaust double precision."""


@dataclass(frozen=True)
class Swap:
    """The weights nearest to today's under which package j scores at least as much as i."""

    outcome: Literal["swapped", "already", "impossible", "unknown"]
    """already: j scores at least as much today. impossible: i is better on every criterion, so
    no weights will do. unknown: the method is not linear in the weights."""
    norm: Norm
    weights: Floats | None
    """(m,), summing to 1; None where impossible or unknown."""
    distance: float | None
    """In the norm named: l1 counts each moved share twice, once where it leaves and once where
    it arrives. None where impossible or unknown."""


def smallest_swap(
    values: Floats,
    weights: Floats,
    i: int,
    j: int,
    norm: Norm = "l1",
    *,
    ordering: Ordering = WEIGHTED_SUM,
) -> Swap:
    """Nearest weights on the simplex under which package j scores at least as much as package i.

    values (n, m) in points, weights (m,) summing to 1; scores are those of the ordering. l1: a
    linear program with one row, whose exact optimum moves weight to the criterion that favours j
    most, from those that favour i most first (several optima may exist; this one touches fewest
    criteria). l2: a quadratic program, the projection onto simplex and half-space, solved exactly
    on the active set. Source for the
    problem: Rios Insua & French, European Journal of Operational Research 54 (1991), who look for
    the nearest weights at which the current best alternative is matched.

    Raises ValueError where shapes or sums do not fit, or the norm is unknown.
    """
    _check(values, weights, i, j, partly=ordering.separate)
    if norm not in ("l1", "l2"):
        raise ValueError(f"norm {norm!r} is unknown; use 'l1' or 'l2'")
    if not ordering.linear:
        return Swap("unknown", norm, None, None)
    contributions = ordering.contributions(values)
    favour = contributions[j] - contributions[i]
    if meets(favour @ weights, 0.0, ordering.span):
        return Swap("already", norm, weights.copy(), 0.0)
    if favour.max() < 0:
        return Swap("impossible", norm, None, None)
    moved = _nearest_l1(weights, favour) if norm == "l1" else _nearest_l2(weights, favour)
    distance = np.abs(moved - weights).sum() if norm == "l1" else np.linalg.norm(moved - weights)
    return Swap("swapped", norm, moved, float(distance))


def _nearest_l1(weights: Floats, favour: Floats) -> Floats:
    """Give to the best criterion what the worst ones give up, until the gap is closed."""
    best = int(favour.argmax())
    gap = -float(favour @ weights)
    moved = weights.copy()
    for c in np.argsort(favour, kind="stable").tolist():
        gain = float(favour[best] - favour[c])
        if gap <= 0 or gain <= 0:
            break
        given = min(float(moved[c]), gap / gain)
        moved[c] -= given
        moved[best] += given
        gap -= given * gain
    return moved


def _nearest_l2(weights: Floats, favour: Floats) -> Floats:
    """Projection of the weights onto the simplex cut by favour @ x >= 0.

    Its optimum is the projection of weights + pull * favour onto the simplex for the smallest
    pull >= 0 that meets the cut. The gap is a rising, piecewise linear function of the pull, so
    Newton's step is exact once the active set is right; halving in turn keeps it from cycling.
    """
    best = favour.max()
    # At this pull the whole weight lies on the best criteria, so the cut is met.
    low, high = 0.0, 2.0 / float(best - favour[favour < best].max())
    close = 1e-14 * float(np.abs(favour).max())
    pull = low
    for step in range(STEPS):
        moved = _onto_simplex(weights + pull * favour)
        gap = float(favour @ moved)
        if abs(gap) <= close:
            return moved
        low, high = (pull, high) if gap < 0 else (low, pull)
        active = favour[moved > 0]
        slope = float(active @ active - active.sum() ** 2 / active.size)
        newton = pull - gap / slope if slope > 0 else low
        pull = newton if step % 2 == 0 and low < newton < high else (low + high) / 2
        if not low < pull < high:
            break
    return _onto_simplex(weights + high * favour)


def _onto_simplex(point: Floats) -> Floats:
    """Euclidean projection onto the simplex (Held, Wolfe & Crowder 1974): (m,) -> (m,)."""
    falling = np.sort(point)[::-1]
    level = (np.cumsum(falling) - 1) / np.arange(1, point.size + 1)
    shift = level[np.flatnonzero(falling > level)[-1]]
    projected: Floats = np.maximum(point - shift, 0.0)
    return projected


def _check(values: Floats, weights: Floats, i: int, j: int, *, partly: bool) -> None:
    if values.ndim != 2 or weights.shape != values.shape[1:]:
        raise ValueError(
            f"expected values (packages, criteria) and weights (criteria,), "
            f"got {values.shape} and {weights.shape}"
        )
    if not (np.isfinite(values) | (partly & np.isnan(values))).all():
        raise ValueError("values hold an entry that is not finite; state every value")
    check_shares(weights, "weights")
    for row in (i, j):
        if not 0 <= row < values.shape[0]:
            raise ValueError(f"package {row} is not among 0..{values.shape[0] - 1}")
