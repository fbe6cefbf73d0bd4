"""The methods of aggregation, one score a package, higher is better; plain definitions."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_DEFAULT = {
    "weighted_sum": "none",
    "weighted_product": "none",
    "waspas": "max",
    "topsis": "vector",
    "vikor": "minmax",
}
_NEAR = 1e-12


def scale(method: dict[str, Any]) -> float:
    """Return how wide a method's scale is: what a tie is measured against."""
    name = method["name"]
    if name == "promethee":
        return 2.0
    if name == "electre_tri":
        return float(len(method["profiles"]))
    plain = method.get("normalization", _DEFAULT.get(name, "none")) == "none"
    return 100.0 if name in ("weighted_sum", "weighted_product", "waspas") and plain else 1.0


def aggregate(method: dict[str, Any], values: Floats, weights: Floats) -> Floats:
    """Return the scores (n,) of values (n, m) in 0..100 under weights (m,)."""
    name = method["name"]
    if name == "electre_tri":
        return _electre(method, values, weights)
    if name == "promethee":
        return _promethee(method, values, weights)
    scaled = _normalised(values, method.get("normalization", _DEFAULT[name]))
    found: Floats = _METHODS[name](method, scaled, weights)
    return found


def _normalised(values: Floats, kind: str) -> Floats:
    if kind == "none":
        return values
    found = np.empty_like(values, dtype=float)
    for j, column in enumerate(values.T):
        found[:, j] = _column(column, kind)
    return found


def _column(column: Floats, kind: str) -> Floats:
    low, high = float(column.min()), float(column.max())
    n = len(column)
    if kind == "minmax":
        flat = high - low <= _NEAR * max(abs(low), abs(high))
        return np.ones(n) if flat else (column - low) / (high - low)
    if high == 0:
        return np.full(n, {"max": 1.0, "sum": 1 / n, "vector": 1 / math.sqrt(n)}[kind])
    whole = {"max": high, "sum": float(column.sum()), "vector": float(np.linalg.norm(column))}
    return np.asarray(column / whole[kind]) + 0.0


def _sum(method: dict[str, Any], values: Floats, weights: Floats) -> Floats:
    return np.asarray(values @ weights)


def _product(method: dict[str, Any], values: Floats, weights: Floats) -> Floats:
    found = np.ones(len(values))
    for j, weight in enumerate(weights):
        if weight > 0:
            found = found * np.maximum(values[:, j], 0.0) ** weight
    return found


def _waspas(method: dict[str, Any], values: Floats, weights: Floats) -> Floats:
    balance = method.get("balance", 0.5)
    both = _sum(method, values, weights), _product(method, values, weights)
    return np.asarray(balance * both[0] + (1 - balance) * both[1])


def _topsis(method: dict[str, Any], values: Floats, weights: Floats) -> Floats:
    weighed = values * weights
    best, worst = weighed.max(axis=0), weighed.min(axis=0)
    near = np.linalg.norm(weighed - best, axis=1)
    far = np.linalg.norm(weighed - worst, axis=1)
    total = near + far
    return np.where(total > 0, far / np.where(total > 0, total, 1), 0.5)


def _vikor(method: dict[str, Any], values: Floats, weights: Floats) -> Floats:
    v = method.get("v", 0.5)
    behind = np.zeros_like(values)
    for j, column in enumerate(values.T):
        span = column.max() - column.min()
        if span > _NEAR * max(abs(column.max()), abs(column.min())):
            behind[:, j] = (column.max() - column) / span
    utility, regret = behind @ weights, (behind * weights).max(axis=1)
    return np.asarray(1 - v * _spread(utility) - (1 - v) * _spread(regret))


def _spread(measure: Floats) -> Floats:
    span = measure.max() - measure.min()
    return np.zeros_like(measure) if span <= _NEAR else (measure - measure.min()) / span


def _step(d: float, at: float) -> float:
    """1 beyond `at`; what is as far as that but for rounding is not beyond."""
    return float(d > at + 100 * _NEAR)


_PREFERENCES: dict[str, Callable[[float, float, float, float], float]] = {
    "usual": lambda d, q, p, s: _step(d, 0),
    "u_shape": lambda d, q, p, s: _step(d, q),
    "v_shape": lambda d, q, p, s: min(max(d / p, 0.0), 1.0),
    "level": lambda d, q, p, s: (_step(d, q) + _step(d, p)) / 2,
    "linear": lambda d, q, p, s: min(max((d - q) / (p - q), 0.0), 1.0),
    "gaussian": lambda d, q, p, s: 1 - math.exp(-d * d / (2 * s * s)) if d > 0 else 0.0,
}


def _promethee(method: dict[str, Any], values: Floats, weights: Floats) -> Floats:
    preference = _PREFERENCES[method.get("preference", "usual")]
    q, p, s = (float(method.get(name, 0)) for name in "qps")
    n = len(values)
    net = np.zeros(n)
    for a in range(n):
        for b in range(n):
            for j, weight in enumerate(weights):
                d = float(values[a, j] - values[b, j])
                net[a] += weight * preference(d, q, p, s)
                net[b] -= weight * preference(d, q, p, s)
    return net / max(1, n - 1)


def _ramp(d: float, foot: float, head: float, near: float) -> float:
    if head - foot <= near:
        return float(d > foot + near)
    return min(max((d - foot) / (head - foot), 0.0), 1.0)


def _electre(method: dict[str, Any], values: Floats, weights: Floats) -> Floats:
    q, p = float(method.get("q", 0)), float(method.get("p", 0))
    v = float(method.get("v", math.inf))
    cut = method.get("cut", 0.75)
    classes = np.zeros(len(values))
    for a, row in enumerate(values):
        for place, level in enumerate(method["profiles"]):
            near = [_NEAR * max(abs(column).max(), max(method["profiles"])) for column in values.T]
            agree = [1 - _ramp(level - x, q, p, e) for x, e in zip(row, near, strict=True)]
            oppose = [
                0.0 if math.isinf(v) else _ramp(level - x, p, v, e)
                for x, e in zip(row, near, strict=True)
            ]
            concordance = float(weights @ np.array(agree))
            credible = concordance
            for d in oppose:
                if d >= 1:  # a veto, also where all that weighs agrees
                    credible = 0.0
                elif d > concordance:
                    credible *= (1 - d) / (1 - concordance)
            if credible >= cut - _NEAR:
                classes[a] = place + 1
    return classes


_METHODS: dict[str, Callable[[dict[str, Any], Floats, Floats], Floats]] = {
    "weighted_sum": _sum,
    "weighted_product": _product,
    "waspas": _waspas,
    "topsis": _topsis,
    "vikor": _vikor,
}
