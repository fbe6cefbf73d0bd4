"""Value functions: raw performance -> 0..100, with anchors that never come from the data."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.model.criterion import Scale, ValueFunction

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Valued:
    """Values and whether each raw performance lay outside the anchors."""

    values: Floats
    clamped: Bools


def evaluate(function: ValueFunction, raw: ArrayLike) -> Valued:
    """Return the values (n,) in 0..100 of raw performances (n,); outside the anchors: clamped.

    linear: 100 u with u = (x - worst) / (best - worst). piecewise: straight lines between points.
    exponential: 100 (1 - exp(-k u)) / (1 - exp(-k)), k fixed by the midvalue.
    Raises ValueError for raw performances that are not finite, and for a function of levels.
    Source: Belton & Stewart (2002), ch. 5; Kirkwood (1997), Strategic Decision Making, sec. 4.3.
    """
    x = np.asarray(raw, dtype=np.float64)
    if not np.isfinite(x).all():
        raise ValueError("raw performances must be finite; leave out what is missing")
    if function.piecewise is not None:
        points = np.array(function.piecewise, dtype=np.float64)
        outside = (x < points[0, 0]) | (x > points[-1, 0])
        return Valued(np.interp(x, points[:, 0], points[:, 1]), outside)
    anchors = function.linear or function.exponential
    if anchors is None:
        raise ValueError("a function of levels maps labels, not numbers; use `of_label`")
    low, high = sorted((anchors.worst, anchors.best))
    inside = np.clip(x, low, high)
    u = (inside - anchors.worst) / (anchors.best - anchors.worst)
    if function.exponential is not None:
        curve = function.exponential
        middle = (curve.midvalue - curve.worst) / (curve.best - curve.worst)
        return Valued(100.0 * _curve(u, curvature(middle)), inside != x)
    return Valued(100.0 * u, inside != x)


def of_label(function: ValueFunction, label: str) -> float:
    """Return the value of a label; KeyError if the function has no such level."""
    if function.levels is None:
        raise ValueError("this function maps numbers, not labels; use `evaluate`")
    return function.levels[label]


def of_rating(function: ValueFunction, rating: str) -> float:
    """Return the value of a rating, a label or a number.

    Raises KeyError if the function has no such level, ValueError for what is no number.
    """
    if function.levels is not None:
        return function.levels[rating]
    return float(evaluate(function, [float(rating)]).values[0])


def values_of_scale(function: ValueFunction, scale: Scale) -> tuple[float, ...]:
    """Return what a rating on a scale may be worth: of each label, or of each number."""
    if function.levels is not None:
        return tuple(function.levels.values())
    if scale.numbers is None:
        return ()
    return tuple(evaluate(function, list(scale.numbers.numbers)).values.tolist())


def value_range(function: ValueFunction, low: float, high: float) -> tuple[float, float]:
    """Return the least and greatest value over an interval of raw performances.

    A humped piecewise function may peak inside, so its break points there count too.
    """
    inside = [x for x, _ in function.piecewise or () if low < x < high]
    values = evaluate(function, [low, high, *inside]).values
    return float(values.min()), float(values.max())


@cache
def curvature(middle: float) -> float:
    """Return k such that (1 - exp(-k u)) / (1 - exp(-k)) is 1/2 at u = middle, 0 < middle < 1.

    Positive for middle < 1/2 (concave), 0 at 1/2, and odd about it.

    >>> curvature(0.5)
    0.0
    """
    if not 0.01 <= middle <= 0.99:
        raise ValueError(f"the midvalue lies at {middle:g} of the way; 0.01 to 0.99 is allowed")
    near = min(middle, 1.0 - middle)
    if math.isclose(near, 0.5, abs_tol=1e-12):
        return 0.0

    low, high = 0.0, 100.0  # the value at `near` grows with k, from below 1/2 to above
    while low < (k := (low + high) / 2) < high:
        if math.expm1(-k * near) > math.expm1(-k) / 2:
            low = k
        else:
            high = k
    return k if middle < 0.5 else -k


def _curve(u: Floats, k: float) -> Floats:
    if k == 0.0:
        return u
    if k < 0.0:
        return 1.0 - _curve(1.0 - u, -k)
    return np.asarray(np.expm1(-k * u) / np.expm1(-k), dtype=np.float64)
